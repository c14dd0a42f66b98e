// What pages show of a client that the client itself has provided: its picture, which this server
// fetches and serves, and its policy and terms.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSeed } from '../../src/program/seed.ts';
import { askForCodes, TV } from '../helpers/devices.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { LOGO, logoHost } from '../helpers/logos.ts';
import { SEED } from '../helpers/seeds.ts';

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

  it('stand on the account page beside a link that begins a sign-in at the client, with iss (section 4)', async () => {
    const server = await serve({ initiate_login_uri: 'https://web.example/login?from=account' });
    const person = new Person(server);
    const consent = await consentOf(server, person);
    await person.submit(consent, { decision: 'allow' });
    const { text } = await person.visit('/account');
    const [, url = ''] = /href="([^"]*)"[^>]*>Open this app/.exec(text) ?? [];
    assert.equal(
      url.replaceAll('&amp;', '&'),
      `https://web.example/login?from=account&iss=${encodeURIComponent(server.issuer)}`,
    );
    assert.ok(!consent.text.includes('Open this app'), 'no link leads out of a decision');
  });

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
      uri: 'https:/transfer',
    });
    const { status, text } = await consentOf(server);
    assert.equal(status, 200);
    assert.ok(!text.includes('javascript:') && !text.includes('Terms of service'));
    assert.ok(!text.includes('transfer'));
  });
});
