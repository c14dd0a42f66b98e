// What pages show of a client that the client itself has provided: its picture, which this server
// fetches and serves, and its policy and terms.

import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { readRasterImage } from '../../../src/clients/raster-image.ts';
import { parseSeed } from '../../../src/program/seed.ts';
import { browserMissing, launchBrowser } from '../../helpers/browser.ts';
import { askForCodes, TV } from '../../helpers/devices.ts';
import { authorizeUrl } from '../../helpers/flows.ts';
import { openServer, startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { SEED } from '../../helpers/seeds.ts';
import { assertLooksRight } from '../../helpers/sight.ts';

/** A PNG of one colour. */
function png(width: number, height: number, rgba = [200, 30, 60, 255]): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const row = Buffer.from([0, ...Array.from({ length: width }, () => rgba).flat()]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** As much of a picture as says its kind and its size of 300 x 200 pixels. */
const bytes = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const riff = (kind: string, rest: string) =>
  Buffer.concat([Buffer.from(`RIFF\x40\0\0\0WEBP${kind}\x30\0\0\0`, 'latin1'), bytes(rest)]);
const KINDS: [type: string, content: Buffer][] = [
  ['image/png', png(300, 200)],
  ['image/jpeg', bytes('ffd8 ffe0 0004 0000 ffc4 0003 00 ffc2 0011 08 00c8 012c 03')],
  ['image/webp', riff('VP8 ', '000000 9d012a 2c01 c800')],
  ['image/webp', riff('VP8L', '2f 2bc13100 00')],
  ['image/webp', riff('VP8X', '00000000 2b0100 c70000')],
  ['image/gif', bytes('474946383961 2c01 c800 00')],
];

const LOGO = png(64, 32);

/** A host of logos, by path; whatever else there is, one that never answers. */
async function logoHost() {
  const answers: Record<string, RequestListener> = {
    '/logo': (_req, res) => res.setHeader('content-type', 'text/html').end(LOGO),
    '/svg': (_req, res) => res.setHeader('content-type', 'image/png').end('<svg xmlns="a"/>'),
    '/none': (_req, res) => res.writeHead(404).end(LOGO),
    '/moved': (_req, res) => res.writeHead(302, { location: '/logo' }).end(),
    '/huge': (_req, res) => res.end(Buffer.concat([LOGO, Buffer.alloc(128 * 1024)])),
    '/wide': (_req, res) => res.end(png(2049, 1)),
    '/silent': () => {},
  };
  const { server, origin } = await openServer();
  const asked: string[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  server.on('request', (req, res) => {
    asked.push(req.url ?? '');
    headers.push(req.headers);
    answers[req.url ?? '']?.(req, res);
  });
  return { origin, asked, headers, answers };
}

const clientWith = (more: object) => ({ ...SEED.clients[0], ...more });

/** A server with one client that is shown in full. */
const serve = (more: object, env = {}) =>
  startServer(env, { seed: { ...SEED, clients: [clientWith(more), TV] } });

const consentUrl = (server: TestServer) => authorizeUrl(server, { prompt: 'consent' });

async function consentOf(server: TestServer, person = new Person(server)) {
  return person.signIn(await person.visit(consentUrl(server)));
}

/** Where a page has the client's picture. */
function logoUrlIn(html: string): string {
  const [, url = ''] = /<img src="([^"]*)" alt="">/.exec(html) ?? [];
  return url.replaceAll('&amp;', '&');
}

const get = (server: TestServer, path: string) => http(`${server.origin}${path}`);

describe('the bytes of a picture', () => {
  it('say what kind it is and how large, whatever it is called', () => {
    for (const [type, content] of KINDS) assert.equal(readRasterImage(content).type, type);
  });

  it('are refused if they are no picture, or break off before they say how large it is', () => {
    const others = ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', '%PDF-1.7'];
    const cut = KINDS.flatMap(([, content]) => [content.subarray(0, 5), content.subarray(0, 9)]);
    const endless = bytes('ffd8 ffe0 0000 ffe0 0000');
    const noFrame = bytes('ffd8 ffe0 0004 0000 0000 0000');
    const wrong = [...others.map((text) => Buffer.from(text)), ...cut, endless, noFrame];
    for (const content of [...wrong, riff('VP8?', '00'.repeat(20))]) {
      assert.throws(() => readRasterImage(content), /^Error: it is no PNG, JPEG, WebP or GIF$/);
    }
  });

  it('are refused if it has more pixels than a page should unfold, or none', () => {
    for (const [width, height] of [
      [2049, 1],
      [1, 2049],
      [0, 1],
    ] as const) {
      assert.throws(() => readRasterImage(png(width, height)), /pixels, and a side may have 1 to/);
    }
    readRasterImage(png(2048, 2048));
  });
});

describe('the picture of a client', async () => {
  const host = await logoHost();

  it('comes from this server, with headers by which nothing in it runs, and is fetched once', async () => {
    const server = await serve({ logo_uri: `${host.origin}/logo` });
    const { text } = await consentOf(server);
    assert.ok(!text.includes(host.origin), 'no browser asks there');
    host.asked.length = 0;
    const url = logoUrlIn(text);
    const answers = await Promise.all([get(server, url), get(server, url)]);
    answers.push(await get(server, url));
    for (const { status, headers } of answers) {
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'image/png');
      assert.equal(headers.get('content-length'), String(LOGO.length));
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('cache-control'), 'public, max-age=86400');
      assert.equal(headers.get('set-cookie'), null);
    }
    assert.deepEqual(host.asked, ['/logo']);
    assert.equal(host.headers.at(-1)?.['cookie'], undefined);
    assert.equal(host.headers.at(-1)?.['referer'], undefined);
  });

  it('is fetched again a day later', async () => {
    await withClock(async (advance) => {
      const server = await serve({ logo_uri: `${host.origin}/logo` });
      const url = logoUrlIn((await consentOf(server)).text);
      host.asked.length = 0;
      for (const wait of [0, 24 * 3600_000 - 1, 1]) {
        advance(wait);
        assert.equal((await get(server, url)).status, 200);
      }
      assert.equal(host.asked.length, 2);
    });
  });

  for (const path of ['/svg', '/none', '/moved', '/huge', '/wide']) {
    it(`is not there, and is looked for again ten seconds later, if it cannot be shown: ${path}`, async () => {
      await withClock(async (advance) => {
        const server = await serve({ logo_uri: `${host.origin}${path}` });
        const told: object[] = [];
        server.events.on('client_url_failed', ({ clientId, field }) =>
          told.push({ clientId, field }),
        );
        const url = logoUrlIn((await consentOf(server)).text);
        host.asked.length = 0;
        for (let times = 0; times < 2; times += 1) {
          const { status, headers } = await get(server, url);
          assert.equal(status, 404);
          assert.equal(headers.get('cache-control'), 'no-store');
        }
        assert.deepEqual(host.asked, [path]);
        assert.deepEqual(told, [{ clientId: 'web', field: 'logo_uri' }]);
        advance(10_000);
        await get(server, url);
        assert.equal(host.asked.length, 2);
      });
    });
  }

  it('is fetched only for a client that is registered with it', async () => {
    const server = await serve({ logo_uri: `${host.origin}/logo` });
    const url = new URL(logoUrlIn((await consentOf(server)).text), server.origin);
    host.asked.length = 0;
    const others: Record<string, string>[] = [
      { client_id: 'nobody' },
      { client_id: TV.client_id },
      { client_id: 'a\0' },
      { v: 'x' },
      { v: '' },
    ];
    for (const changes of others) {
      const other = new URL(url);
      for (const [name, value] of Object.entries(changes)) other.searchParams.set(name, value);
      assert.equal((await http(other.href)).status, 404, other.search);
    }
    assert.equal((await http(url.href, { method: 'POST' })).status, 405);
    assert.equal((await get(server, '/oauth/client-logo')).status, 404);
    assert.deepEqual(host.asked, []);
  });

  it('keeps no page waiting, and is asked for at no address inside unless that is allowed', async () => {
    const server = await serve(
      { logo_uri: `${host.origin}/silent` },
      { ALLOW_INTERNAL_URLS: 'off' },
    );
    host.asked.length = 0;
    const { status, text } = await consentOf(server);
    assert.equal(status, 200);
    assert.equal((await get(server, logoUrlIn(text))).status, 404);
    assert.deepEqual(host.asked, []);
    const open = await serve({ logo_uri: `${host.origin}/silent` });
    assert.equal((await consentOf(open)).status, 200);
    assert.deepEqual(host.asked, [], 'it is fetched for whoever asks for the picture');
  });

  it('has to be at https in production', () => {
    const client = clientWith({
      client_secret: 's'.repeat(32),
      redirect_uris: ['https://web.example/callback'],
      logo_uri: 'http://web.example/logo.png',
    });
    const seed = JSON.stringify({ scopes: SEED.scopes, clients: [client] });
    assert.throws(() => parseSeed('the seed', seed, true), /logo_uri is http: use https/);
    parseSeed('the seed', seed, false);
  });
});

describe('the policy and the terms of a client', () => {
  const ABOUT = {
    policy_uri: 'https://web.example/privacy?a=1&b="2"',
    tos_uri: 'https://web.example/terms',
  };

  it('are linked where a person decides about it, and on their account, in their language', async () => {
    const server = await serve(ABOUT);
    const person = new Person(server);
    person.headers['accept-language'] = 'de';
    const consent = await consentOf(server, person);
    await person.submit(consent, { decision: 'allow' });
    for (const { text } of [consent, await person.visit('/account')]) {
      assert.match(
        text,
        /href="https:\/\/web\.example\/privacy\?a=1&amp;b=&#34;2&#34;"[^>]*>Datenschutz/,
      );
      assert.match(text, /href="https:\/\/web\.example\/terms"[^>]*>Nutzungsbedingungen/);
    }
  });

  it('are linked where a person lets in a device', async () => {
    const server = await startServer({}, { seed: { ...SEED, clients: [{ ...TV, ...ABOUT }] } });
    const { user_code, verification_uri_complete } = await askForCodes(server);
    const person = new Person(server);
    const page = await person.signIn(await person.visit(verification_uri_complete));
    const { text } = await person.submit(page, { user_code });
    assert.match(text, /Privacy policy/);
    assert.match(text, /Terms of service/);
  });

  it('are no links if a store has something else than web addresses', async () => {
    const server = await serve({});
    const client = await server.store.clients.find('web');
    await server.store.clients.save({
      ...client!,
      policyUri: 'javascript:alert(1)',
      tosUri: ' https://web.example/',
    });
    const { status, text } = await consentOf(server);
    assert.equal(status, 200);
    assert.ok(!text.includes('javascript:') && !text.includes('Terms of service'));
  });
});

describe('a client with a picture, in a browser', { skip: browserMissing() }, async () => {
  let browser: Browser | undefined;
  after(() => browser?.close());
  const host = await logoHost();

  /** The consent page, and what stands in the middle of the client's tile. */
  async function open(path: string): Promise<{ page: Page; seen: string; loaded: boolean }> {
    const server = await serve({
      logo_uri: `${host.origin}${path}`,
      client_uri: 'https://web.example/',
      policy_uri: 'https://web.example/privacy',
      tos_uri: 'https://web.example/terms',
    });
    browser ??= await launchBrowser();
    const page = await browser.newPage({
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 1000 },
    });
    await page.goto(consentUrl(server));
    await page.fill('input[name=username]', 'alice');
    await page.fill('input[name=password]', 'wonderland');
    await page.press('input[name=password]', 'Enter');
    await page.waitForSelector('.tile img', { state: 'attached' });
    await page.waitForLoadState('load');
    const found = await page.evaluate(() => {
      const { left, top, width, height } = document.querySelector('.tile')!.getBoundingClientRect();
      const image = document.querySelector<HTMLImageElement>('.tile img')!;
      const element = document.elementFromPoint(left + width / 2, top + height / 2);
      return { seen: element?.tagName ?? '', loaded: image.naturalWidth > 0 };
    });
    return { page, ...found };
  }

  it('is seen with it, and looks right', async () => {
    const { page, seen, loaded } = await open('/logo');
    assert.deepEqual([seen, loaded], ['IMG', true]);
    await assertLooksRight(page, ['consent with a logo']);
    await page.close();
  });

  it('is seen with its first letter if it cannot be had', async () => {
    const { page, loaded } = await open('/none');
    assert.equal(loaded, false);
    const box = await page.locator('.tile img').boundingBox();
    assert.equal(box?.width ?? 0, 0);
    const [tile, letter] = await page.evaluate(() =>
      ['.tile', '.tile > span'].map((name) => {
        const { top, height } = document.querySelector(name)!.getBoundingClientRect();
        return top + height / 2;
      }),
    );
    assert.ok(Math.abs(tile! - letter!) < 2, 'the letter is in the middle');
    await assertLooksRight(page, ['consent without its logo']);
    await page.close();
  });
});
