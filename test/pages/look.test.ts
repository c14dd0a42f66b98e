import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { authorizationServer } from '../../src/index.ts';
import { accentsOf } from '../../src/pages/colors.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { visitEveryPage } from '../helpers/pages.ts';

const directory = await mkdtemp(join(tmpdir(), 'look-'));
after(() => rm(directory, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the name of a brand', () => {
  it('is text on every page, whatever it is made of', async () => {
    const brand = `"Tom's" <script>alert(1)</script> & {client}`;
    const escaped = '&#34;Tom&#39;s&#34; &lt;script&gt;alert(1)&lt;/script&gt; &amp; {client}';
    for (const { view, name, answer } of await visitEveryPage('en', { env: { BRAND: brand } })) {
      assert.ok(answer.text.includes(` · ${escaped}</title>`), `${view}: ${name}`);
      assert.ok(answer.text.includes(`class="brand-name">${escaped}<`), `${view}: ${name}`);
      assert.doesNotMatch(answer.text, /<script(?! src="\/oauth\/(form-post|signed-out)\.js)/);
    }
  });
});

describe('the host of the issuer', () => {
  it('stands under the name of the brand on every page', async () => {
    for (const { view, name, answer } of await visitEveryPage('en')) {
      assert.match(
        answer.text,
        /<bdi class="brand-host" dir="ltr">(127\.0\.0\.1|localhost):\d+<\/bdi>/,
        `${view}: ${name}`,
      );
    }
  });
});

describe('help with signing in', () => {
  it('is linked where people cannot sign in if there is some, in the language of the page', async () => {
    const server = await startServer({ HELP_URL: 'https://help.example.com/sign-in?a=1&b=2' });
    const login = (language: string, path = '/login') =>
      http(`${server.issuer}${path}`, { headers: { 'accept-language': language } });
    const over = '/account/reset-password?token=over';
    const link = 'href="https://help.example.com/sign-in?a=1&amp;b=2"';
    assert.ok((await login('en')).text.includes(`${link}>Can’t sign in?</a>`));
    assert.ok((await login('de')).text.includes(`${link}>Probleme bei der Anmeldung?</a>`));
    assert.ok((await login('en', over)).text.includes(`${link}>Can’t sign in?</a>`));
    const without = await startServer();
    assert.doesNotMatch((await http(`${without.issuer}/login`)).text, /Can’t sign in/);
  });
});

describe('the name of a client, and whatever else is somebody’s own words', () => {
  it('is text on every page, and is not filled in again', async () => {
    const name = `<script>alert(1)</script>"'&{place}{client}$&`;
    const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{place}{client}$&amp;';
    const server = await startServer(
      {},
      {
        seed: {
          scopes: { read: { en: name, de: name } },
          clients: [
            {
              client_id: 'web',
              client_secret: 'x',
              client_name: name,
              redirect_uris: ['http://127.0.0.1:9/callback'],
            },
          ],
          users: [{ username: 'alice', password: 'wonderland', name }],
        },
      },
    );
    for (const ui_locales of ['en', 'de', 'es', 'fr', 'zh']) {
      const person = new Person(server);
      const login = await person.visit(authorizeUrl(server, { ui_locales }));
      const consent = await person.signIn(login);
      assert.equal(login.text.split(escaped).length, 2, 'in the lede');
      // In the title, the question, the account and the scope.
      assert.equal(consent.text.split(escaped).length, 5, ui_locales);
      for (const page of [login, consent, await person.visit('/')]) {
        assert.doesNotMatch(page.text, /<script/);
      }
    }
  });
});

describe('a logo', () => {
  const kinds: [name: string, content: string | Buffer, type: string][] = [
    ['logo.svg', SVG, 'image/svg+xml'],
    [
      'declared.svg',
      `\ufeff<?xml version="1.0"?>\n<!-- of ours -->\n<!DOCTYPE svg>\n${SVG}`,
      'image/svg+xml',
    ],
    ['logo.png', PNG, 'image/png'],
    ['misnamed.svg', PNG, 'image/png'],
    ['logo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]), 'image/jpeg'],
    ['logo.webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 '), 'image/webp'],
  ];
  for (const [name, content, type] of kinds) {
    it(`in ${name} is served as ${type}, for good, and can do nothing`, async () => {
      const server = await startServer(
        { BRAND_LOGO: await file(name, content) },
        { path: '/auth' },
      );
      const { text } = await http(`${server.issuer}/login`);
      const [, url = ''] = /<img class="logo" src="([^"]*)" alt="">/.exec(text) ?? [];
      assert.match(url, /^\/auth\/oauth\/logo\?v=[\da-f]{12}$/);
      assert.ok(text.includes(`<link rel="icon" href="${url}">`), 'it is the icon, too');
      const response = await fetch(new URL(url, server.origin));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), type);
      assert.match(response.headers.get('cache-control') ?? '', /public, max-age=\d{8}, immutable/);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.match(
        response.headers.get('content-security-policy') ?? '',
        /default-src 'none'.*sandbox/,
      );
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(content));
    });
  }

  it('that is not there is not asked for', async () => {
    const server = await startServer();
    const { text } = await http(`${server.issuer}/login`);
    assert.doesNotMatch(text, /<img/);
    assert.match(text, /<link rel="icon" href="data:image\/svg/);
    assert.equal((await http(`${server.issuer}/oauth/logo`)).status, 404);
  });
});

describe('a colour', () => {
  it('changes the roles of the stylesheet and the icon, and the address of the stylesheet', async () => {
    const plain = await http(`${(await startServer()).issuer}/login`);
    const server = await startServer({ BRAND_COLOR: '#7C3AED' });
    const page = await http(`${server.issuer}/login`);
    const urlOf = (text: string) => /<link rel="stylesheet" href="([^"]*)">/.exec(text)?.[1] ?? '';
    assert.notEqual(urlOf(page.text), urlOf(plain.text));
    const { text, headers } = await http(new URL(urlOf(page.text), server.origin).href);
    assert.match(text, /:root\{--accent:#7c3aed;/);
    assert.match(headers.get('content-type') ?? '', /^text\/css/);
    assert.match(page.text, /<link rel="icon" href="data:image\/svg[^"]*%237c3aed/);
    assert.doesNotMatch(page.text, /style=|<style/);
  });

  it('can be read as text, as a button and as a ring, on every ground, in light and in dark', async () => {
    const css = await readFile(new URL('../../views/style.css', import.meta.url), 'utf8');
    const [, light = '', dark = ''] =
      /:root \{([\s\S]*?)\n\}[\s\S]*?prefers-color-scheme: dark\) \{\s*:root \{([\s\S]*?)\n {2}\}/.exec(
        css,
      ) ?? [];
    const grounds = (rules: string) =>
      ['page', 'surface', 'sunken', 'hover'].map((role) => {
        const color = new RegExp(`--${role}: (#[\\da-f]{3,6});`).exec(rules)?.[1];
        assert.ok(color, role);
        return color;
      });
    const schemes = { light: grounds(light), dark: grounds(dark) };
    const steps = [0, 51, 102, 153, 204, 255].map((value) => value.toString(16).padStart(2, '0'));
    const colors = steps.flatMap((red) =>
      steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)),
    );
    for (const color of [...colors, '#095946', '#abc', '#010000', '#000001', '#fffffe']) {
      for (const [scheme, where] of Object.entries(schemes)) {
        const roles = accentsOf(color)[scheme as 'light' | 'dark'];
        for (const value of Object.values(roles)) assert.match(value, /^#[\da-f]{6}$/);
        for (const ground of [...where, roles['accent-soft']]) {
          for (const shade of [roles.accent, roles['accent-hover'], roles.focus]) {
            const found = contrast(shade, ground);
            assert.ok(found >= 4.5, `${color} in ${scheme}: ${shade} on ${ground} is ${found}`);
          }
        }
        for (const [text, shade] of [
          [roles['on-accent'], roles.accent],
          [roles['on-accent'], roles['accent-hover']],
          [roles['on-button'], roles.button],
          [roles['on-button'], roles['button-hover']],
        ] as const) {
          const found = contrast(text, shade);
          assert.ok(found >= 4.5, `${color} in ${scheme}: ${text} on ${shade} is ${found}`);
        }
      }
    }
  });

  it('that can be read as it is stays as it is', () => {
    assert.equal(accentsOf('#095946').light.accent, '#095946');
    assert.equal(accentsOf('#FC0').dark.accent, '#ffcc00');
    assert.equal(
      accentsOf('#FC0').light.button,
      '#ffcc00',
      'with dark text, a button may be bright',
    );
    assert.notEqual(accentsOf('#FC0').light['on-button'], '#ffffff');
  });
});

describe('options that are wrong', () => {
  const make = (options: object) => () =>
    authorizationServer({ issuer: 'https://auth.example.com', ...options });

  it('are refused by name', async () => {
    const { href: missing } = new URL('file:///there/is/nothing/here');
    assert.throws(
      make({ brandColor: 'red' }),
      /^TypeError: brandColor is not a hex colour: "red"$/,
    );
    assert.throws(
      make({ brandLogo: missing }),
      /^TypeError: brandLogo cannot be read \(ENOENT\): /,
    );
    assert.throws(make({ views: missing }), /^TypeError: views is not a folder: /);
    const text = await file('logo.txt', 'a logo');
    assert.throws(make({ brandLogo: text }), /is not an SVG, PNG, JPEG or WebP/);
    const page = await file('page.svg', `<html>${SVG}</html>`);
    assert.throws(make({ brandLogo: page }), /is not an SVG, PNG, JPEG or WebP/);
    const large = await file('large.png', Buffer.concat([PNG, Buffer.alloc(256 * 1024)]));
    assert.throws(make({ brandLogo: large }), /is larger than 256 KiB/);
    assert.throws(make({ brandLogo: directory }), /cannot be read \(EISDIR\)/);
    assert.throws(make({ views: text }), /views is not a folder/);
    for (const brandColor of ['#12', '#12345', '#1234567', '#ggg', '095946', '', '#000;}', 'red']) {
      assert.throws(make({ brandColor }), /brandColor is not a hex colour/, brandColor);
    }
  });
});

/** WCAG 2.2, from its definition. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const long = color.length === 4 ? color.replaceAll(/[\da-f]/g, '$&$&') : color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
