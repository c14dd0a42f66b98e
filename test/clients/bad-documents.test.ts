// Documents of clients that cannot be used, and what strangers can make the server fetch: a page that
// says what is wrong, an event for the operator, and nothing stored.

import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import { assertionClaims, KEY, SECRET, signed, withAssertion } from '../helpers/clients.ts';
import { DEVICE_GRANT } from '../helpers/devices.ts';
import { documentHost, documentOf, REDIRECT_URI } from '../helpers/documents.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { httpsMissing } from '../helpers/https-host.ts';
import { withNames } from '../helpers/names.ts';

const ON = { CLIENT_METADATA_DOCUMENTS: 'on' };
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const ask = (
  server: TestServer,
  client_id: string,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  http(authorizeUrl(server, { client_id, redirect_uri: REDIRECT_URI }), { headers });

/** Whether the person may go on: they are sent to the login page. */
const isTaken = ({ location }: Answer) => location.startsWith('/login');

const json = (body: string, headers: Record<string, string> = {}): RequestListener => {
  const all = { 'content-type': 'application/json', ...headers };
  return (_req, res) => res.writeHead(200, all).end(body);
};

/** Members that make a document one that cannot be used, with what the page says of it. */
const WRONG: readonly [fields: Readonly<Record<string, unknown>>, says: RegExp][] = [
  [{ client_id: 'https://other.example/client.json' }, /client_id is not, letter for letter/],
  [{ client_id: undefined }, /client_id is not, letter for letter/],
  [{ client_secret: SECRET }, /client_secret is there, and everybody can read it/],
  [{ client_secret_expires_at: 0 }, /client_secret_expires_at is there/],
  [{ token_endpoint_auth_method: 'client_secret_basic' }, /auth_method is for a secret/],
  [{ token_endpoint_auth_method: 'client_secret_post' }, /auth_method is for a secret/],
  [{ token_endpoint_auth_method: 'client_secret_jwt' }, /auth_method is for a secret/],
  [{ token_endpoint_auth_method: 'tls_client_auth' }, /token_endpoint_auth_method must be one of/],
  [{ token_endpoint_auth_method: 'private_key_jwt' }, /jwks is missing/],
  [
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...KEY.jwk, d: 'AQ' }] } },
    /is a private key/,
  ],
  [{ redirect_uris: [] }, /redirect_uris is missing/],
  [{ redirect_uris: REDIRECT_URI }, /redirect_uris must be a list/],
  [
    { redirect_uris: Array.from({ length: 100 }, (_, index) => `https://a.example/${index}`) },
    /redirect_uris has more than/,
  ],
  [{ redirect_uris: ['javascript:alert(1)'] }, /redirect_uris\[0\] has the scheme javascript:/],
  [{ redirect_uris: ['http://app.example/callback'] }, /redirect_uris\[0\] is http/],
  [{ redirect_uris: ['https://*.app.example/callback'] }, /redirect_uris\[0\] has a \*/],
  [{ grant_types: ['client_credentials'] }, /grant_types has none that this client may have/],
  [{ response_types: ['token'] }, /response_types has no code/],
  [{ client_name: 'x'.repeat(257) }, /client_name is too long/],
  [{ client_name: { en: 'Name' } }, /client_name/],
  [{ logo_uri: 'javascript:alert(1)' }, /logo_uri must be an http or https URL/],
];

/** Answers that are no document, with what the page says of them. */
const NONE: Readonly<Record<string, [answer: RequestListener, says: RegExp]>> = {
  '/404': [(_req, res) => res.writeHead(404).end(), /answered with 404/],
  '/201': [(_req, res) => res.writeHead(201).end(), /answered with 201/],
  '/redirect': [
    (_req, res) => res.writeHead(302, { location: '/good.json' }).end(),
    /answered with 302/,
  ],
  '/html': [
    (_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    /its content type is &#34;text\/html&#34;/,
  ],
  '/text': [
    (_req, res) => res.writeHead(200, { 'content-type': 'text/plain' }).end('{}'),
    /its content type is/,
  ],
  '/untyped': [(_req, res) => res.writeHead(200).end('{}'), /its content type is/],
  '/html-as-json': [json('<!doctype html>'), /it is not JSON in UTF-8/],
  '/empty': [json(''), /it is not JSON in UTF-8/],
  '/list': [json('[]'), /it must be an object/],
  '/null': [json('null'), /it must be an object/],
  '/deep': [json(`{"a":${'['.repeat(7000)}${']'.repeat(7000)}}`), /nested deeper than 16 levels/],
  '/long': [json(JSON.stringify({ padding: 'x'.repeat(16 * 1024) })), /more than 16384 bytes/],
  '/huge': [json('x'.repeat(10 * 1024 * 1024)), /more than 131072 bytes/],
};

describe('a document that cannot be used', { skip: httpsMissing() }, async () => {
  const host = await documentHost();
  const server = await startServer(ON);
  const told: { clientId: string; field: string }[] = [];
  server.events.on('client_url_failed', (event) => told.push(event));

  async function isRefused(client: string, says: RegExp): Promise<void> {
    told.length = 0;
    const page = await ask(server, client);
    assert.equal(page.status, 400);
    assert.match(page.text, /We cannot find out who this app is/);
    assert.match(page.text, says);
    assert.deepEqual(
      told.map(({ clientId, field }) => ({ clientId, field })),
      [{ clientId: client, field: 'client_id' }],
    );
    assert.equal(await server.store.clients.find(client), undefined);
  }

  for (const [index, [fields, says]] of WRONG.entries()) {
    it(`is refused, with the reason: ${JSON.stringify(fields).slice(0, 80)}`, async () => {
      await isRefused(host.publish(`/wrong-${index}.json`, fields), says);
    });
  }

  for (const [path, [answer, says]] of Object.entries(NONE)) {
    it(`is refused, with the reason: ${path}`, async () => {
      host.answers[path] = answer;
      await isRefused(`${host.origin}${path}`, says);
    });
  }

  it('is waited for five seconds, and nothing is said of why it did not come', async () => {
    host.answers['/slow'] = (_req, res) => void res.writeHead(200).write('{');
    const start = performance.now();
    const page = await ask(server, `${host.origin}/slow`);
    const elapsed = performance.now() - start;
    assert.ok(elapsed > 4500 && elapsed < 10_000, `${elapsed} ms`);
    assert.equal(page.status, 503);
    assert.match(page.text, /could not be fetched/);
  });

  it('is looked at again at once, and taken once it is mended: an error is not kept', async () => {
    const client = host.publish('/mended.json', { redirect_uris: [] });
    host.answers['/mended.json'] = (_req, res) => res.writeHead(500).end();
    assert.equal((await ask(server, client)).status, 503);
    host.answers['/mended.json'] = undefined;
    assert.equal((await ask(server, client)).status, 400);
    host.publish('/mended.json');
    assert.ok(isTaken(await ask(server, client)));
  });

  it('is refused to a device in JSON', async () => {
    const client = host.publish('/device.json', { client_secret: SECRET });
    const answer = await http(`${server.issuer}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client }),
    });
    assert.equal(answer.status, 400);
    const { error, error_description } = answer.json as Record<string, string>;
    assert.equal(error, 'invalid_client');
    assert.match(error_description!, /client_secret is there/);
  });

  it('is not fetched if a client only authenticates', async () => {
    const client = host.publish('/authenticates.json');
    for (const path of ['token', 'revoke', 'introspect']) {
      const form = {
        client_id: client,
        token: 'x',
        grant_type: 'refresh_token',
        refresh_token: 'x',
      };
      const body = new URLSearchParams(form);
      const answer = await http(`${server.issuer}/oauth/${path}`, { method: 'POST', body });
      assert.equal((answer.json as Record<string, string>)['error'], 'invalid_client', path);
    }
    assert.ok(!host.asked.includes('/authenticates.json'));
  });
});

describe('documents at hosts whose name servers never answer', {
  skip: httpsMissing(),
}, async () => {
  const host = await documentHost();

  it('keep nobody waiting whose host is found, and no thread busy', async () => {
    const server = await startServer({ ...ON, LOGIN_LIMIT_PER_ADDRESS: '1000' });
    await withNames({ says: () => 'nothing' }, async ({ askedOfSystem }) => {
      const start = performance.now();
      const slow = Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          ask(server, `https://n${index}.slow.example/client.json`),
        ),
      );
      assert.ok(isTaken(await ask(server, host.publish('/quick.json'))));
      assert.ok(performance.now() - start < 2500, 'somebody waits');
      for (const { status, text } of await slow) {
        assert.equal(status, 503);
        assert.match(text, /could not be fetched/);
      }
      assert.deepEqual(askedOfSystem, []);
    });
  });
});

describe('a client_id that is a URL', { skip: httpsMissing() }, async () => {
  const host = await documentHost();
  const server = await startServer(ON);

  for (const [clientId, reason] of [
    ['http://app.example/client.json', 'is not https'],
    ['https://app.example', 'has no path'],
    ['https://app.example/', 'has no path'],
    ['https://app.example/client.json#a', 'has a fragment'],
    ['https://app.example/client.json#', 'has a fragment'],
    ['https://user@app.example/client.json', 'has a user name'],
    ['https://user:secret@app.example/client.json', 'has a user name'],
    ['https://app.example/a/../client.json', 'is not written as URLs are'],
    ['https://app.example/./client.json', 'is not written as URLs are'],
    ['https://app.example/%2e%2e/client.json', 'is not written as URLs are'],
    ['https://APP.example/client.json', 'is not written as URLs are'],
    ['HTTPS://app.example/client.json', 'is not written as URLs are'],
    ['https://app.example:443/client.json', 'is not written as URLs are'],
    ['https:\\\\app.example\\client.json', 'is not written as URLs are'],
    ['https:app.example/client.json', 'is not written as URLs are'],
    ['https://app.example/client id.json', 'is not written as URLs are'],
    ['https://äpp.example/client.json', 'is not written as URLs are'],
    ['https://0x7f.1/client.json', 'is not written as URLs are'],
    ['https://', 'is not a URL'],
  ] as const) {
    it(`is refused unless it is one that a client may have: ${clientId}`, async () => {
      const page = await ask(server, clientId);
      assert.equal(page.status, 400);
      assert.match(page.text, /We cannot find out who this app is/);
      assert.ok(page.text.includes(`the client_id ${reason}`), page.text);
    });
  }

  it('may have a port, a query and escaped characters', async () => {
    for (const path of ['/a.json?v=1&w=2', '/caf%C3%A9', "/it's/(here)/@me,x;y=z"]) {
      assert.ok(isTaken(await ask(server, host.publish(path))), path);
    }
  });

  it('leads to no address inside, unless that is allowed', async () => {
    const closed = await startServer({ ...ON, ALLOW_INTERNAL_URLS: 'off' });
    const client = host.publish('/inside.json');
    const { port } = new URL(host.origin);
    host.asked.length = 0;
    for (const url of [
      client,
      `https://127.0.0.1:${port}/inside.json`,
      `https://[::1]:${port}/inside.json`,
      `https://[::ffff:7f00:1]:${port}/inside.json`,
    ]) {
      const page = await ask(closed, url);
      assert.equal(page.status, 503, url);
      assert.match(page.text, /could not be fetched: it has to be at a public address/);
      assert.doesNotMatch(page.text, /is not a public address|is at 127/);
    }
    assert.deepEqual(host.asked, []);
  });

  it('is said to be supported only where it is', async () => {
    const off = await startServer();
    for (const path of ['oauth-authorization-server', 'openid-configuration']) {
      const of = async ({ issuer }: TestServer) =>
        (await http(`${issuer}/.well-known/${path}`)).json as Record<string, unknown>;
      const metadata = await of(server);
      assert.equal(metadata['client_id_metadata_document_supported'], true);
      assert.ok((metadata['token_endpoint_auth_methods_supported'] as string[]).includes('none'));
      assert.ok(!('client_id_metadata_document_supported' in (await of(off))));
    }
  });
});

describe('how often a document is fetched', { skip: httpsMissing() }, async () => {
  const host = await documentHost();
  const from = (address: string) => ({ 'x-forwarded-for': address });

  for (const [headers, minutes] of [
    [{}, 10],
    [{ 'cache-control': 'max-age=7200' }, 120],
    [{ 'cache-control': 'public, max-age=7200, s-maxage=300' }, 5],
    [{ 'cache-control': 'max-age=7200', age: '3600' }, 60],
    [{ 'cache-control': 'max-age=5' }, 1],
    [{ 'cache-control': 'no-store' }, 1],
    [{ 'cache-control': 'no-cache, max-age=7200' }, 1],
    [{ 'cache-control': `max-age=${'9'.repeat(400)}` }, 24 * 60],
    [{ 'cache-control': 'max-age=-1' }, 10],
    [{ 'cache-control': 'max-age="300"' }, 5],
    [{ 'cache-control': '=,;max-age' }, 10],
    [{ expires: '0' }, 1],
    [{ date: 'Tue, 01 Jan 2030 00:00:00 GMT', expires: 'Tue, 01 Jan 2030 02:00:00 GMT' }, 120],
    [{ date: 'Tue, 01 Jan 2030 00:00:00 GMT', expires: 'Wed, 01 Jan 2130 02:00:00 GMT' }, 24 * 60],
  ] as const) {
    it(`is what its headers say, between a minute and a day: ${JSON.stringify(headers).slice(0, 90)}`, async () => {
      const server = await startServer(ON);
      await withClock(async (advance) => {
        const client = host.publish('/fresh.json', {}, headers);
        host.asked.length = 0;
        for (const wait of [0, minutes * MINUTE - 1, 1]) {
          advance(wait);
          const answers = await Promise.all([ask(server, client), ask(server, client)]);
          assert.ok(answers.every(isTaken));
        }
        assert.equal(host.asked.length, 2);
      });
    });
  }

  it('is once for all who ask at once', async () => {
    const server = await startServer(ON);
    const waiting: (() => void)[] = [];
    const client = host.publish('/shared.json');
    host.answers['/shared.json'] = (req, res) =>
      void waiting.push(() => json(JSON.stringify(documentOf(client)))(req, res));
    const asked = Array.from({ length: 40 }, () => ask(server, client));
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    // The others get as far as the first one meanwhile.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();
    assert.ok((await Promise.all(asked)).every(isTaken));
    assert.equal(waiting.length, 1);
  });

  it('counts as one for its host, however many ask at once', async () => {
    const server = await startServer({ ...ON, LOGIN_LIMIT_PER_ADDRESS: '1000' });
    const client = host.publish('/crowded.json');
    host.asked.length = 0;
    // A database that is far away: all have looked for the document before the first one is charged.
    const { limits } = server.store;
    const take = limits.take.bind(limits);
    const { promise: all, resolve } = Promise.withResolvers<void>();
    let charged = 0;
    limits.take = async (...args) => {
      charged += 1;
      if (charged === 100) resolve();
      await all;
      return take(...args);
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server, client)));
    assert.ok(answers.every(isTaken));
    assert.equal(host.asked.length, 1);
  });

  it('is limited for each address, and a client that comes back is charged to nobody', async () => {
    const env = { ...ON, LOGIN_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: '1' };
    const server = await startServer(env);
    await withClock(async (advance) => {
      const known = host.publish('/known.json');
      assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))));
      for (let turn = 0; turn < 5; turn += 1) {
        advance(10 * MINUTE);
        assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))), 'it was there before');
      }
      for (let index = 0; index < 3; index += 1) {
        assert.equal(
          (await ask(server, `${host.origin}/x${index}`, from('192.0.2.1'))).status,
          400,
        );
      }
      const refused = await ask(server, `${host.origin}/x4`, from('192.0.2.1'));
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))));
      assert.ok(isTaken(await ask(server, host.publish('/more.json'), from('192.0.2.2'))));
      assert.ok(!host.asked.includes('/x4'));
    });
  });

  /** A server that knows the client of a document, by the code of a device, and whose copy of it is old. */
  async function serverThatKnows(
    client: string,
    advance: (ms: number) => void,
    proofFor = async (_issuer: string): Promise<Record<string, string>> => ({ client_id: client }),
  ) {
    const env = { ...ON, LOGIN_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: '1' };
    const server = await startServer(env);
    const { status, text } = await http(`${server.issuer}/oauth/device_authorization`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '192.0.2.9' },
      body: new URLSearchParams(await proofFor(server.issuer)),
    });
    assert.equal(status, 200, text);
    advance(10 * MINUTE);
    host.asked.length = 0;
    return server;
  }
  const forDevices = { grant_types: [DEVICE_GRANT, 'authorization_code'] };

  it('is charged to whoever asks once more for one that has failed, of a known client too', async () => {
    await withClock(async (advance) => {
      const known = host.publish('/gone.json', forDevices);
      const server = await serverThatKnows(known, advance);
      host.answers['/gone.json'] = (_req, res) => res.writeHead(404).end();
      for (const status of [400, 400, 400, 400, 429, 429]) {
        const page = await ask(server, known, from('192.0.2.1'));
        assert.equal(page.status, status, 'nor does the client come back');
      }
      assert.equal(host.asked.length, 4);
      assert.equal((await ask(server, known, from('192.0.2.2'))).status, 400);
      host.answers['/gone.json'] = undefined;
      assert.ok(isTaken(await ask(server, known, from('192.0.2.2'))), 'it is mended');
      assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))));
      advance(10 * MINUTE);
      assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))), 'charged to nobody again');
      assert.equal(host.asked.length, 7);
    });
  });

  it('is charged to whoever asks once more while the host is out of order, and the client goes on', async () => {
    await withClock(async (advance) => {
      const known = host.publish('/out-of-order.json', forDevices);
      const server = await serverThatKnows(known, advance);
      host.answers['/out-of-order.json'] = (_req, res) => res.writeHead(500).end();
      for (let times = 0; times < 9; times += 1) {
        assert.ok(isTaken(await ask(server, known, from('192.0.2.1'))));
      }
      assert.equal(host.asked.length, 4);
    });
  });

  it('is charged to whoever has a client’s keys looked for in one that has failed', async () => {
    await withClock(async (advance) => {
      const known = host.publish('/signs.json', {
        ...forDevices,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [KEY.jwk] },
      });
      const proofFor = async (issuer: string) =>
        withAssertion(await signed(assertionClaims(known, issuer), KEY));
      const server = await serverThatKnows(known, advance, proofFor);
      host.answers['/signs.json'] = (_req, res) => res.writeHead(404).end();
      // A host is asked once in a minute for the keys of a client.
      for (let times = 0; times < 9; times += 1) {
        advance(MINUTE);
        const { status } = await http(`${server.issuer}/oauth/revoke`, {
          method: 'POST',
          headers: from('192.0.2.1'),
          body: new URLSearchParams({ token: 'x', ...(await proofFor(server.issuer)) }),
        });
        assert.equal(status, 200, 'what was approved does not end with the document');
      }
      assert.equal(host.asked.length, 4);
    });
  });

  it('is limited for each host, and those that are known go on', async () => {
    const server = await startServer({ ...ON, LOGIN_LIMIT_PER_ADDRESS: '1000' });
    await withClock(async (advance) => {
      const known = host.publish('/popular.json');
      assert.ok(isTaken(await ask(server, known)));
      advance(10 * MINUTE);
      host.asked.length = 0;
      const answers: Answer[] = [];
      for (let index = 0; index < 65; index += 1) {
        answers.push(await ask(server, `${host.origin}/y${index}`));
      }
      assert.equal(host.asked.length, 60);
      assert.deepEqual(new Set(answers.slice(60).map(({ status }) => status)), new Set([503]));
      assert.ok(isTaken(await ask(server, known)), 'as it was');
      advance(MINUTE);
      assert.equal((await ask(server, `${host.origin}/z`)).status, 400);
    });
  });
});
