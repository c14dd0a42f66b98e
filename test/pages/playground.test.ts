import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDemo } from '../helpers/demo.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

/** The policy of every page but one. */
const STRICT =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

const scriptOf = (html: string) => /<script [^>]*src="([^"]+)"/.exec(html)?.[1] ?? '';

describe('the playground', async () => {
  const issuer = await startDemo();
  const page = await http(`${issuer}/playground`);
  const script = await http(`${issuer}${scriptOf(page.text)}`);

  it('is a page that no cache keeps, linked from the home page', async () => {
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    const home = await http(issuer);
    assert.ok(home.text.includes(`href="${issuer}/playground"`));
  });

  it('may run scripts of ours, call our own endpoints, and turn no text into markup', () => {
    assert.equal(
      page.headers.get('content-security-policy'),
      `${STRICT}; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; connect-src 'self'`,
    );
    for (const [name, value] of [
      ['x-frame-options', 'DENY'],
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'strict-origin'],
    ] as const) {
      assert.equal(page.headers.get(name), value);
    }
  });

  it('has no script, style or handler within the page', () => {
    assert.equal(page.text.match(/<script/g)?.length, 1);
    assert.doesNotMatch(page.text, /<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it('leaves all other pages with a policy that allows no scripts, and its own errors too', async () => {
    const others = [
      await http(issuer),
      await http(`${issuer}/login`),
      await http(`${issuer}/demo/callback?error=access_denied`),
      await http(`${issuer}/oauth/authorize`),
      await http(`${issuer}/playground`, { method: 'POST' }),
      await http(`${issuer}/playground/nothing`, { headers: { accept: 'text/html' } }),
    ];
    assert.deepEqual(
      others.map(({ status }) => status),
      [200, 200, 200, 400, 405, 404],
    );
    for (const other of others) {
      assert.equal(other.headers.get('content-security-policy'), STRICT);
      assert.doesNotMatch(other.text, /<script/);
    }
  });

  it('has scripts that may be kept for ever, as their URLs change with them', async () => {
    const names = [...script.text.matchAll(/from '\.\/([\w.]+)'/g)].map(([, name]) => name);
    assert.ok(names.length > 1);
    const base = new URL(scriptOf(page.text), issuer);
    for (const url of [base.href, ...names.map((name) => new URL(name!, base).href)]) {
      const { status, headers } = await http(url);
      assert.equal(status, 200, url);
      assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.match(headers.get('content-type') ?? '', /^text\/javascript/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
    assert.match(base.pathname, /^\/playground\/[0-9a-f]{12}\/main\.js$/);
    for (const path of [
      base.pathname.replace('main.js', 'page.ejs'),
      base.pathname.replace('main.js', '..%2f..%2fpackage.json'),
      '/playground/0123456789ab/main.js',
    ]) {
      assert.equal((await http(`${issuer}${path}`)).status, 404, path);
    }
  });

  it('has every word in every language, with nothing left to fill in', async () => {
    for (const language of ['en', 'de', 'es', 'fr', 'zh']) {
      const { text } = await http(`${issuer}/playground`, {
        headers: { 'accept-language': language },
      });
      assert.ok(text.includes(`<html lang="${language}"`));
      const words = text.replaceAll(/<[^>]*>/g, '\n');
      assert.doesNotMatch(words, /\{\w+\}|undefined|playground\.[a-z]/);
    }
  });

  it('knows people only by what the browser brings: it starts no session', () => {
    assert.deepEqual(page.headers.getSetCookie(), []);
  });

  it('takes back only to itself, by a redirect URI of the public client', async () => {
    const to = (uri: string) =>
      http(
        `${issuer}/oauth/authorize?${new URLSearchParams({
          response_type: 'code',
          client_id: 'demo-app',
          redirect_uri: uri,
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          code_challenge_method: 'S256',
        })}`,
      );
    assert.equal((await to(`${issuer}/playground`)).status, 303);
    assert.equal((await to(`${issuer}/playground/`)).status, 400);
    assert.equal((await to(`${issuer}/demo/callback`)).status, 400);
  });
});

describe('the playground under an issuer with a path', async () => {
  const issuer = await startDemo({}, '/some/where');
  const { origin } = new URL(issuer);

  it('has links and scripts under that path, whether or not a proxy strips it', async () => {
    for (const url of [`${issuer}/playground`, `${origin}/playground`]) {
      const { status, text } = await http(url);
      assert.equal(status, 200);
      assert.match(scriptOf(text), /^\/some\/where\/playground\/[0-9a-f]{12}\/main\.js$/);
      assert.ok(text.includes(`&#34;url&#34;:&#34;${issuer}/oauth/token&#34;`));
      assert.ok(text.includes('<code dir="ltr">/some/where/secret</code>'));
    }
    const { text } = await http(`${issuer}/playground`);
    assert.equal((await http(`${origin}${scriptOf(text)}`)).status, 200);
  });
});

describe('no playground', () => {
  it('is there outside of demo mode, and no scripts of one', async () => {
    const demo = await startDemo();
    const path = scriptOf((await http(`${demo}/playground`)).text);
    const server = await startServer();
    for (const url of ['/playground', path]) {
      assert.equal((await http(`${server.issuer}${url}`)).status, 404, url);
    }
    assert.doesNotMatch((await http(server.issuer)).text, /playground/);
  });

  it('is there in a demo without the clients that it takes', async () => {
    const server = await startServer({ DEMO: 'on' });
    assert.equal((await http(`${server.issuer}/playground`)).status, 404);
    assert.doesNotMatch((await http(server.issuer)).text, /href="[^"]*\/playground"/);
  });
});
