// The document at a client's sector_identifier_uri (OpenID Connect Core section 8.1, Dynamic Client
// Registration section 5): when it is read, and what comes of one that is not as it should be.

import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import { authorizationServer } from '../../src/server.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { authorizeAs, authorizeUrl } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { httpsHost, httpsMissing } from '../helpers/https-host.ts';
import { SEED } from '../helpers/seeds.ts';

const A = 'https://a.example/callback';
const B = 'https://b.example/callback';

/** By path, what is wrong with a document. */
const WRONG: Record<string, RequestListener> = {
  '/none': (_req, res) => res.writeHead(404).end(),
  '/moved': (_req, res) => res.writeHead(302, { location: '/both' }).end(),
  '/html': (_req, res) => res.end('<html>'),
  '/object': (_req, res) => res.end(JSON.stringify({ redirect_uris: [A, B] })),
  '/numbers': (_req, res) => res.end(JSON.stringify([A, B, 1])),
  '/huge': (_req, res) => res.end(JSON.stringify([A, B, 'x'.repeat(128 * 1024)])),
  '/lacking': (_req, res) => res.end(JSON.stringify([A])),
  '/similar': (_req, res) => res.end(JSON.stringify([A, `${B}/`])),
  '/broken': (req) => req.socket.destroy(),
};

const RIGHT: RequestListener = (_req, res) => res.end(JSON.stringify(['https://c.example/', A, B]));

const pairwise = (sector_identifier_uri: string | undefined, client_id = 'app') => ({
  client_id,
  client_secret: `${client_id}-secret`,
  redirect_uris: [A, B],
  scope: 'read',
  subject_type: 'pairwise' as const,
  sector_identifier_uri,
});

const seedWith = (...clients: object[]) => ({ ...SEED, clients: [...SEED.clients, ...clients] });

/** What a client is told of its request before the person has signed in; `undefined` if nothing. */
async function refusalOf(server: TestServer, client_id = 'app') {
  const url = authorizeUrl(server, { client_id, redirect_uri: A });
  const { location } = await http(url);
  if (!location.startsWith(A)) return undefined;
  return Object.fromEntries(new URL(location).searchParams);
}

describe('a sector_identifier_uri', { skip: httpsMissing() }, async () => {
  const mended = new Set<string>();
  const host = await httpsHost((req, res) => {
    const path = req.url ?? '';
    return (mended.has(path) ? RIGHT : (WRONG[path] ?? RIGHT))(req, res);
  });

  const silent = await httpsHost(() => {});

  it('lets the clients that it lists have one subject for a person, and is read once', async () => {
    const uri = `${host.origin}/both`;
    const server = await startServer(
      {},
      { seed: seedWith(pairwise(uri), pairwise(uri, 'second')) },
    );
    host.asked.length = 0;
    const subjects = new Set<string>();
    const refused: unknown[] = [];
    server.events.on('client_url_failed', (event) => refused.push(event));
    for (const [id, redirectUri] of [
      ['app', A],
      ['app', B],
      ['second', B],
    ] as const) {
      const flow = await authorizeAs(server, { client: `${id}:${id}-secret`, redirectUri });
      assert.equal((await flow.exchange()).status, 200);
      const [grant] = (await server.store.grants.listByUser('alice', Date.now())).filter(
        ({ clientId }) => clientId === id,
      );
      subjects.add(grant?.openid?.subject ?? '');
    }
    assert.equal(subjects.size, 1);
    assert.deepEqual(refused, []);
    assert.deepEqual(host.asked, ['/both']);
  });

  it('is not read again for a client whose redirect URIs it has listed once', async () => {
    await withClock(async (advance) => {
      const server = await startServer({}, { seed: seedWith(pairwise(`${host.origin}/both`)) });
      host.asked.length = 0;
      for (let days = 0; days < 3; days += 1) {
        assert.equal(await refusalOf(server), undefined);
        advance(24 * 3600_000);
      }
      assert.deepEqual(host.asked, ['/both']);
    });
  });

  for (const path of Object.keys(WRONG)) {
    it(`is an error for the client and an event for the operator: ${path}`, async () => {
      await withClock(async (advance) => {
        mended.delete(path);
        const uri = `${host.origin}${path}`;
        const server = await startServer({}, { seed: seedWith(pairwise(uri)) });
        const told: { clientId: string; field: string }[] = [];
        server.events.on('client_url_failed', (event) => told.push(event));
        host.asked.length = 0;
        const refusals = await Promise.all([refusalOf(server), refusalOf(server)]);
        refusals.push(await refusalOf(server));
        for (const refusal of refusals) {
          assert.equal(refusal?.['error'], 'server_error');
          assert.match(refusal?.['error_description'] ?? '', /^The sector_identifier_uri of the/);
          assert.equal(refusal?.['state'], 'some-state');
        }
        assert.equal(told.length, 1);
        assert.equal(told[0]?.clientId, 'app');
        assert.equal(told[0]?.field, 'sector_identifier_uri');
        assert.equal(host.asked.length, 1, 'asked for once');
        mended.add(path);
        advance(10_000);
        assert.equal(await refusalOf(server), undefined, 'it was mended');
      });
    });
  }

  it('is given five seconds, during which people who sign in to another client do not wait', async () => {
    const uri = `${silent.origin}/silent`;
    const server = await startServer({}, { seed: seedWith(pairwise(uri)) });
    const start = performance.now();
    let isOver = false;
    const refused = refusalOf(server).finally(() => {
      isOver = true;
    });
    const { location } = await http(authorizeUrl(server));
    assert.match(location, /^\/login/);
    assert.equal(isOver, false);
    assert.equal((await refused)?.['error'], 'server_error');
    const elapsed = performance.now() - start;
    assert.ok(elapsed > 4500 && elapsed < 10_000, `${elapsed} ms`);
    assert.equal((await refusalOf(server))?.['error'], 'server_error', 'at once');
    assert.deepEqual(silent.asked, ['/silent']);
  });

  it('is asked for at no address inside, unless that is allowed', async () => {
    const uri = `${host.origin}/both`;
    const server = await startServer(
      { ALLOW_INTERNAL_URLS: 'off' },
      { seed: seedWith(pairwise(uri)) },
    );
    host.asked.length = 0;
    assert.equal((await refusalOf(server))?.['error'], 'server_error');
    assert.deepEqual(host.asked, []);
  });

  it('is not asked for where nobody gets a pairwise subject', async () => {
    const client = { ...pairwise(`${host.origin}/none`), subject_type: 'public' };
    const server = await startServer({}, { seed: seedWith(client) });
    host.asked.length = 0;
    assert.equal(await refusalOf(server), undefined);
    assert.deepEqual(host.asked, []);
  });

  it('is looked at when a program registers a client or changes its redirect URIs, and not later', async () => {
    const store = memoryStore();
    const issuer = 'http://localhost:9';
    const scopes = { read: 'Read' };
    const { clients, close } = authorizationServer({
      issuer,
      store,
      scopes,
      allowInternalUrls: true,
    });
    try {
      for (const path of Object.keys(WRONG)) {
        mended.delete(path);
        const registered = clients.register(pairwise(`${host.origin}${path}`));
        await assert.rejects(registered, /\n {2}- sector_identifier_uri cannot be used: \w/);
      }
      await assert.rejects(
        clients.register(pairwise(`${host.origin}/lacking`)),
        /it does not list the redirect URI https:\/\/b\.example\/callback/,
      );
      assert.equal(await clients.find('app'), undefined);
      await clients.register(pairwise(`${host.origin}/both`));
      host.asked.length = 0;
      await clients.update('app', { client_name: 'App' });
      assert.deepEqual(host.asked, []);
      const moved = clients.update('app', { redirect_uris: [A, 'https://evil.example/'] });
      await assert.rejects(moved, /it does not list the redirect URI https:\/\/evil\.example\//);
      assert.deepEqual((await clients.find('app'))?.redirect_uris, [A, B]);
    } finally {
      await close();
    }
    mended.clear();
    await store.clients.change((await store.clients.find('app'))!, {
      ...(await store.clients.find('app'))!,
      sectorIdentifierUri: `${host.origin}/none`,
    });
    const server = await startServer({}, { store });
    assert.equal(await refusalOf(server), undefined, 'it was found listed when it was registered');
  });

  it('is read anew when a client is registered, whichever were found in it before', async () => {
    let list = [A, B];
    const changing = await httpsHost((_req, res) => res.end(JSON.stringify(list)));
    const { clients, close } = authorizationServer({
      issuer: 'http://localhost:9',
      scopes: { read: 'Read' },
      allowInternalUrls: true,
    });
    await close();
    await clients.register(pairwise(`${changing.origin}/`, 'first'));
    list = [A];
    await assert.rejects(
      clients.register(pairwise(`${changing.origin}/`, 'second')),
      /sector_identifier_uri cannot be used: it does not list the redirect URI https:\/\/b\.example/,
    );
  });

  it('has to be there if the redirect URIs have several hosts', async () => {
    const { clients, close } = authorizationServer({
      issuer: 'http://localhost:9',
      scopes: { read: 'Read' },
    });
    await close();
    await assert.rejects(
      clients.register(pairwise(undefined)),
      /sector_identifier_uri is missing: a pairwise client with redirect URIs of several hosts needs it/,
    );
    const one = { ...pairwise(undefined), redirect_uris: [A, 'https://a.example/other'] };
    await clients.register(one);
  });
});
