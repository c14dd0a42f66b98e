// The keys at the URIs of many clients: what is kept of them, and what is asked of their hosts.

import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { exportJWK } from 'jose';
import { RemoteKeys } from '../../src/clients/remote-keys.ts';
import { OAuthError } from '../../src/errors.ts';
import { KEY } from '../helpers/clients.ts';
import { listen, withClock } from '../helpers/harness.ts';

const SETTINGS = { allowInternalUrls: true, limits: { enabled: true } };

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A host of many clients' keys, and how often each path was asked for. */
async function keyHost(answer: RequestListener) {
  const asked = new Map<string, number>();
  const server = createServer((req, res) => {
    const path = req.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    answer(req, res);
  });
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, asked, port, uri: (path: string) => `http://127.0.0.1:${port}${path}` };
}

const publish: RequestListener = (_req, res) => res.end(JSON.stringify({ keys: [KEY.jwk] }));

/** Looks for the key of the tests at a URI. */
const find = async (
  keys: RemoteKeys,
  uri: string,
  kid = KEY.kid,
  byStranger = false,
): Promise<unknown> =>
  keys.at(uri, byStranger)({ alg: KEY.alg, kid }, { payload: '', signature: '' });

/** The same for a client that nobody here vouches for. */
const findForStranger = (keys: RemoteKeys, uri: string, kid = KEY.kid) =>
  find(keys, uri, kid, true);

describe('the keys at a jwks_uri', () => {
  it('are not asked for at any URI of a host that cannot be reached, for ten seconds', async () => {
    await withClock(async (advance) => {
      const host = await keyHost(publish);
      await new Promise((resolve) => host.server.close(resolve));
      const keys = new RemoteKeys(SETTINGS);
      await assert.rejects(find(keys, host.uri('/a')), /ECONNREFUSED/);
      await new Promise<void>((resolve) => host.server.listen(host.port, '127.0.0.1', resolve));
      advance(10 * SECOND - 1);
      for (const path of ['/a', '/b', '/c']) {
        await assert.rejects(find(keys, host.uri(path)), /ECONNREFUSED/);
      }
      assert.equal(host.asked.size, 0);
      await find(keys, (await keyHost(publish)).uri('/a'));
      advance(1);
      await find(keys, host.uri('/b'));
    });
  });

  it('are asked for though the same host has none for another client, or breaks off', async () => {
    const host = await keyHost((req, res) => {
      if (req.url === '/none') res.writeHead(404).end();
      else if (req.url === '/broken') req.socket.destroy();
      else publish(req, res);
    });
    const keys = new RemoteKeys(SETTINGS);
    for (const path of ['/none', '/broken']) await assert.rejects(find(keys, host.uri(path)));
    await find(keys, host.uri('/some'));
  });

  it('are asked for at 32 URIs of a host at once; whoever comes then is to come again', async () => {
    const waiting: (() => void)[] = [];
    const host = await keyHost((req, res) => {
      waiting.push(() => publish(req, res));
      if (waiting.length >= 32) for (const go of waiting.splice(0)) go();
    });
    const keys = new RemoteKeys(SETTINGS);
    const uris = Array.from({ length: 40 }, (_, index) => host.uri(`/${index}`));
    const outcomes = await Promise.allSettled(uris.map((uri) => find(keys, uri)));
    const busy = outcomes.filter(({ status }) => status === 'rejected');
    assert.equal(busy.length, 8);
    for (const { reason } of busy as PromiseRejectedResult[]) {
      assert.ok(reason instanceof OAuthError);
      assert.equal(reason.status, 503);
      assert.equal(reason.headers['Retry-After'], '5');
    }
    // None of them waits for ten seconds.
    for (let more = 0; more < 31; more += 1) waiting.push(() => {});
    await find(keys, uris[39]!);
  });

  it('are asked for though strangers name hosts that accept and never answer', async () => {
    await withClock(async (advance) => {
      const silent = await Promise.all(Array.from({ length: 10 }, () => keyHost(() => {})));
      const ours = await keyHost(publish);
      const keys = new RemoteKeys(SETTINGS);
      const uris = (index: number) =>
        silent.flatMap(({ uri }) => [uri(`/${2 * index}`), uri(`/${2 * index + 1}`)]);
      const waiting: Promise<unknown>[] = [];
      const refused: unknown[] = [];
      for (let index = 0; index < 13; index += 1) {
        for (const uri of uris(index)) {
          waiting.push(findForStranger(keys, uri).catch((error) => refused.push(error)));
        }
      }
      await assert.rejects(findForStranger(keys, ours.uri('/theirs')), OAuthError);
      await find(keys, ours.uri('/ours'));
      assert.equal(refused.length, 13 * 20 - 192);
      advance(MINUTE);
      for (const { server } of silent) server.closeAllConnections();
      await Promise.all(waiting);
      await findForStranger(keys, ours.uri('/theirs'));
    });
  });

  it('are asked for at a host at which strangers name URIs that never answer', async () => {
    const host = await keyHost((req, res) => {
      if (req.url === '/ours') publish(req, res);
    });
    const keys = new RemoteKeys(SETTINGS);
    const waiting = Array.from({ length: 40 }, (_, index) =>
      findForStranger(keys, host.uri(`/${index}`)).catch((error) => error),
    );
    await find(keys, host.uri('/ours'));
    host.server.closeAllConnections();
    const errors = await Promise.all(waiting);
    assert.equal(errors.filter((error) => error instanceof OAuthError).length, 16);
  });

  it('are asked for again 60 times a minute if assertions of strangers name a key that they lack', async () => {
    await withClock(async (advance) => {
      const host = await keyHost(publish);
      const keys = new RemoteKeys(SETTINGS);
      const uris = Array.from({ length: 70 }, (_, index) => host.uri(`/${index}`));
      for (const uri of uris.slice(0, 35)) await findForStranger(keys, uri);
      advance(MINUTE);
      for (const uri of uris.slice(35)) await findForStranger(keys, uri);
      advance(MINUTE);
      host.asked.clear();
      const refused: unknown[] = [];
      for (const uri of uris) {
        await findForStranger(keys, uri, 'unknown').catch((error) => {
          if (error instanceof OAuthError) refused.push(error);
        });
      }
      assert.deepEqual([host.asked.size, refused.length], [60, 10]);
      // Whoever has the keys that are there is not kept out by that.
      for (const uri of uris) await findForStranger(keys, uri);
    });
  });

  it('are none that would keep this server busy: large RSA keys, and those with a large exponent', async () => {
    const rsa = (kid: string, modulus: number, e: string) => ({
      kty: 'RSA',
      alg: 'RS256',
      kid,
      n: Buffer.alloc(modulus, 255).toString('base64url'),
      e,
    });
    const set = [
      rsa('large', 2048, 'AQAB'),
      rsa('larger', 513, 'AQAB'),
      rsa('exponent', 256, Buffer.alloc(8, 255).toString('base64url')),
      rsa('usual', 512, 'AQAB'),
      KEY.jwk,
    ];
    const host = await keyHost((_req, res) => res.end(JSON.stringify({ keys: set })));
    const keys = new RemoteKeys(SETTINGS);
    const named = (kid: string) =>
      keys.at(host.uri('/keys'), false)({ alg: 'RS256', kid }, { payload: '', signature: '' });
    for (const kid of ['large', 'larger', 'exponent']) {
      await assert.rejects(async () => named(kid), { code: 'ERR_JWKS_NO_MATCHING_KEY' }, kid);
    }
    await named('usual');
    await find(keys, host.uri('/keys'));
  });

  it('are kept in 16 MB, those of clients that were here last', async () => {
    // A character may take two bytes.
    const long = { kty: 'EC', kid: 'x'.repeat(63_000) };
    const body = JSON.stringify({ keys: [KEY.jwk, long] });
    const host = await keyHost((_req, res) => res.end(body));
    const keys = new RemoteKeys(SETTINGS);
    for (let index = 0; index < 140; index += 20) {
      await find(keys, host.uri('/0'));
      const uris = Array.from({ length: 20 }, (_, more) => host.uri(`/${index + more}`));
      await Promise.all(uris.map((uri) => find(keys, uri)));
    }
    for (const path of ['/0', '/139', '/100']) {
      await find(keys, host.uri(path));
      assert.equal(host.asked.get(path), 1, path);
    }
    await find(keys, host.uri('/1'));
    assert.equal(host.asked.get('/1'), 2);
  });

  it('are kept without what nobody reads, however it unfolds', async () => {
    const junk = Array(43_000).fill({});
    const body = JSON.stringify({ keys: [KEY.jwk, { kty: 'EC', junk }], junk: [] });
    assert.ok(body.length > 129_000);
    const host = await keyHost((_req, res) => res.end(body));
    const keys = new RemoteKeys(SETTINGS);
    const uris = Array.from({ length: 400 }, (_, index) => host.uri(`/${index}`));
    for (const uri of uris) await find(keys, uri);
    for (const uri of uris) await find(keys, uri);
    assert.equal(host.asked.size, 400);
    for (const [path, times] of host.asked) assert.equal(times, 1, path);
  });

  it('are refused if one of them is private, which everybody can sign with', async () => {
    const jwk = await exportJWK(KEY.privateKey);
    const host = await keyHost((_req, res) =>
      res.end(JSON.stringify({ keys: [{ ...jwk, kid: KEY.kid }] })),
    );
    const keys = new RemoteKeys(SETTINGS);
    await assert.rejects(find(keys, host.uri('/keys')), /must be public keys/);
  });

  it('are fetched again ten minutes later, once for all who ask', async () => {
    await withClock(async (advance) => {
      const host = await keyHost(publish);
      const keys = new RemoteKeys(SETTINGS);
      for (const wait of [0, 10 * MINUTE - 1, 1]) {
        advance(wait);
        await Promise.all(Array.from({ length: 10 }, () => find(keys, host.uri('/a'))));
      }
      assert.equal(host.asked.get('/a'), 2);
    });
  });
});
