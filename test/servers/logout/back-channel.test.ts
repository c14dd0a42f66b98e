// OpenID Connect Back-Channel Logout: what clients are told, whatever they answer, and when again.

import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { createEvents, type ServerEvents } from '../../../src/events.ts';
import {
  BATCH,
  createBackChannel,
  LEASE,
  MAX_SELF_MADE,
  PAUSES,
  REST,
} from '../../../src/logout/back-channel.ts';
import { Keys } from '../../../src/oauth/keys.ts';
import { type Store, StoreUnavailable } from '../../../src/store/store.ts';
import { aClient, aCode, aGrant, unique } from '../../../src/store-contract/records.ts';
import type { Client, PendingLogout } from '../../../src/types.ts';
import {
  type BackChannels,
  endless,
  hanging,
  startBackChannels,
  status,
} from '../../helpers/back-channels.ts';
import { emptyStore } from '../../helpers/databases.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { OPENID_SEED, relyingParty, signInTo, verified } from '../../helpers/openid.ts';

const DAY = 24 * 3600_000;
const ISSUER = 'https://as.example';
const SECRET = 'the secret of the tests, at least 32 characters';

/** What the server does in the background, over a store of its own. */
async function startChannel({ allowInternal = true, given = undefined as Store | undefined } = {}) {
  const store = given ?? (await emptyStore());
  const keys = new Keys({ store, alg: 'ES256', secret: SECRET, rotation: DAY, maxTokenTtl: DAY });
  const events = createEvents();
  const told: ServerEvents['logout_told'][0][] = [];
  const failed: ServerEvents['logout_failed'][0][] = [];
  events.on('logout_told', (one) => told.push(one));
  events.on('logout_failed', (one) => failed.push(one));
  const channel = createBackChannel({ store, keys, issuer: ISSUER, allowInternal, events });
  /** Has clients told what is due, and waits until that is done. */
  const tell = () => {
    channel.wake();
    return channel.idle();
  };
  const { wake, idle, close } = channel;
  return { wake, idle, close, store, events, told, failed, tell };
}

/** Sessions end that a client was signed in to; it is not told yet. */
async function owe(
  store: Store,
  clientId: string,
  { count = 1, ...changes }: { readonly count?: number } & Partial<Client & PendingLogout> = {},
): Promise<string[]> {
  const { backchannelLogoutUri, sid, source, isSelfMade = source === 'registration' } = changes;
  await store.clients.save(aClient({ id: clientId, backchannelLogoutUri, ...changes }));
  const now = Date.now();
  const times = { createdAt: now, expiresAt: now + DAY };
  const ids = Array.from({ length: count }, unique);
  const leaving = await Promise.all(
    ids.map(async (id) => {
      const grant = aGrant({ clientId, session: unique(), ...times });
      assert.ok(await store.codes.save(aCode(grant, { expiresAt: times.expiresAt }), grant));
      const { id: grantId, userId } = grant;
      const about = { id, clientId, userId, subject: 'the-sub', sid, isSelfMade, attempts: 0 };
      const logout = { ...about, dueAt: now, expiresAt: now + 2 * DAY };
      return { grantId, stays: false, logout };
    }),
  );
  assert.equal((await store.grants.leaveSession(leaving, now)).length, count);
  return ids;
}

/** Of those ids, how many nobody has told yet. */
const left = async (store: Store, ids: readonly string[]) =>
  (await store.logouts.find(ids, Date.now())).length;

/** The code flow of a client, and then the sign-out at the server's own page. */
async function signInAndOut(server: TestServer, client: string, person = new Person(server)) {
  const { id_token } = await signInTo(server, { client, person });
  const page = await person.visit(`${server.issuer}/logout`);
  await person.submit(page, {});
  return { idToken: await verified(server, id_token, client) };
}

describe('a logout token (section 2.4)', async () => {
  const channels = await startBackChannels();
  const algorithms = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
  const server = await startServer(
    {},
    {
      seed: {
        ...OPENID_SEED,
        clients: [
          ...algorithms.map((alg) =>
            relyingParty(alg, {
              id_token_signed_response_alg: alg,
              backchannel_logout_uri: channels.uriOf(alg),
            }),
          ),
          relyingParty('pairwise', {
            subject_type: 'pairwise',
            backchannel_logout_uri: channels.uriOf('pairwise'),
          }),
        ],
      },
    },
  );

  /** As a client verifies it (section 2.6). */
  async function read(token: string, client: string) {
    const keys = createLocalJWKSet((await http(`${server.issuer}/oauth/jwks`)).json);
    const options = { issuer: server.issuer, audience: client, typ: 'logout+jwt' };
    return jwtVerify(token, keys, options);
  }

  for (const alg of algorithms) {
    it(`is one that a client verifies, with the ${alg} of its ID tokens`, async () => {
      const { idToken } = await signInAndOut(server, alg);
      await channels.until(() => channels.tokensOf(alg).length === 1);
      const { payload, protectedHeader } = await read(channels.tokensOf(alg)[0]!, alg);
      assert.equal(protectedHeader.alg, alg);
      const { iat, exp, jti, ...claims } = payload;
      assert.deepEqual(claims, {
        iss: server.issuer,
        aud: alg,
        sub: idToken.sub,
        sid: idToken['sid'],
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      assert.equal(exp, iat! + 120);
      assert.match(jti!, /^[\w-]{22}$/);
    });
  }

  it('names the person by what the client knows them by, if that is a name of its own', async () => {
    const { idToken } = await signInAndOut(server, 'pairwise');
    await channels.until(() => channels.tokensOf('pairwise').length === 1);
    const { payload } = await read(channels.tokensOf('pairwise')[0]!, 'pairwise');
    assert.equal(payload.sub, idToken.sub);
    const alice = await server.store.users.findByUsername('alice');
    assert.notEqual(payload.sub, alice!.id);
  });

  it('is accepted neither as a hint of who is signed in nor as an access token', async () => {
    const token = channels.tokensOf('RS256')[0]!;
    const url = new URL(`${server.issuer}/oauth/authorize`);
    const asked = { client_id: 'RS256', response_type: 'code', id_token_hint: token };
    const redirect = { redirect_uri: 'https://rp.example/callback', scope: 'openid' };
    url.search = String(new URLSearchParams({ ...asked, ...redirect, prompt: 'none' }));
    const { location } = await http(url.href);
    assert.equal(new URL(location).searchParams.get('error'), 'invalid_request');
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await http(`${server.issuer}/oauth/userinfo`, { headers })).status, 401);
  });

  it('says nothing of a session of which the client was told nothing', async () => {
    const { store, tell } = await startChannel();
    await owe(store, 'rp', { backchannelLogoutUri: channels.uriOf('no-sid') });
    await tell();
    const claims = decodeJwt(channels.tokensOf('no-sid')[0]!);
    assert.equal(claims.sub, 'the-sub');
    assert.ok(!('sid' in claims));
  });

  it('is announced', async () => {
    const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
    assert.equal(json.backchannel_logout_supported, true);
    assert.equal(json.backchannel_logout_session_supported, true);
  });
});

describe('a client that is to be told of a session that has ended', async () => {
  const channels: BackChannels = await startBackChannels();
  const rp = (more: object = {}) => ({ backchannelLogoutUri: channels.uriOf('rp'), ...more });
  /** What has come since the last time. */
  let seen = 0;
  const since = () => {
    const tokens = channels.sent.slice(seen);
    seen = channels.sent.length;
    return tokens;
  };

  for (const code of [200, 204]) {
    it(`counts as told if it answers with ${code}`, async () => {
      channels.answer('rp', status(code));
      const { store, told, failed, tell } = await startChannel();
      const ids = await owe(store, 'rp', rp());
      await tell();
      await tell();
      assert.equal(since().length, 1);
      assert.equal(await left(store, ids), 0);
      assert.deepEqual(
        told.map(({ clientId, attempts }) => ({ clientId, attempts })),
        [{ clientId: 'rp', attempts: 1 }],
      );
      assert.deepEqual(failed, []);
    });
  }

  it('is not asked again if it answers with 400', async () => {
    channels.answer('rp', status(400));
    const { store, told, failed, tell } = await startChannel();
    await withClock(async (advance) => {
      const ids = await owe(store, 'rp', rp());
      await tell();
      advance(DAY);
      await tell();
      assert.equal(since().length, 1);
      assert.deepEqual(told, []);
      assert.deepEqual(
        failed.map(({ final, attempts }) => ({ final, attempts })),
        [{ final: true, attempts: 1 }],
      );
      assert.match(String(failed[0]!.error), /127\.0\.0\.1:\d+ answered with 400/);
      assert.equal(await left(store, ids), 1, 'it was not told');
      advance(DAY);
      assert.equal(await left(store, ids), 0);
    });
  });

  it('is asked again after pauses that grow, with a new token each time, and then given up', async () => {
    channels.answer('rp', status(500));
    const { store, failed, tell } = await startChannel();
    await withClock(async (advance) => {
      await owe(store, 'rp', rp());
      await tell();
      for (const pause of PAUSES) {
        advance(pause - 1);
        await tell();
        const before = channels.sent.length;
        advance(1);
        await tell();
        assert.equal(channels.sent.length, before + 1);
      }
      advance(DAY);
      await tell();
      const claims = since().map(({ token }) => decodeJwt(token));
      assert.equal(claims.length, PAUSES.length + 1);
      assert.equal(new Set(claims.map(({ jti }) => jti)).size, claims.length);
      for (const { iat, exp } of claims) assert.equal(exp! - iat!, 120);
      assert.equal(claims.at(-1)!.iat! - claims[0]!.iat!, PAUSES.reduce((a, b) => a + b) / 1000);
      assert.deepEqual(
        failed.map(({ final, attempts }) => ({ final, attempts })),
        claims.map((_, index) => ({ final: index === PAUSES.length, attempts: index + 1 })),
      );
    });
  });

  it('is asked again if it answers with anything else, breaks off, or is not there', async () => {
    const others: Readonly<Record<string, RequestListener>> = {
      created: status(201),
      moved: (_req, res) => res.writeHead(302, { location: channels.uriOf('elsewhere') }).end(),
      temporary: (_req, res) => res.writeHead(307, { location: channels.uriOf('elsewhere') }).end(),
      forbidden: status(403),
      'too-many': status(429),
      broken: (req) => req.socket.destroy(),
      garbage: (req) => req.socket.end('220 mail.example ESMTP\r\n'),
      switching: (req) =>
        req.socket.write('HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      large: endless(500),
    };
    const { store, failed, told, tell } = await startChannel();
    await withClock(async (advance) => {
      for (const [id, how] of Object.entries(others)) {
        channels.answer(id, how);
        await owe(store, id, { backchannelLogoutUri: channels.uriOf(id) });
      }
      await owe(store, 'absent', { backchannelLogoutUri: 'http://127.0.0.1:1/' });
      await tell();
      assert.equal(failed.length, Object.keys(others).length + 1);
      assert.ok(failed.every(({ final }) => !final));
      advance(PAUSES[0]!);
      await tell();
    });
    assert.deepEqual(told, []);
    for (const id of Object.keys(others)) assert.equal(channels.tokensOf(id).length, 2, id);
    assert.deepEqual(channels.tokensOf('elsewhere'), [], 'no redirect is followed');
    since();
  });

  it('counts as told if it answers with 200 and a gigabyte, of which nothing is read', async () => {
    channels.answer('rp', endless(200));
    const { store, told, tell } = await startChannel();
    await owe(store, 'rp', rp());
    await tell();
    assert.equal(told.length, 1);
    since();
  });

  it('is not asked inside the network, unless that is allowed', async () => {
    channels.answer('rp', status(200));
    const { store, failed, tell } = await startChannel({ allowInternal: false });
    await owe(store, 'rp', rp());
    await owe(store, 'inside', { backchannelLogoutUri: 'https://169.254.169.254/latest' });
    await tell();
    assert.deepEqual(since(), []);
    const errors = failed.map(({ error }) => String(error)).sort();
    assert.match(errors[0]!, /169\.254\.169\.254 is not a public address/);
    assert.match(errors[1]!, /http:\/\/127\.0\.0\.1:\d+ is not https/);
  });

  it('is forgotten once it has no such URI, and asked at a new one if it has another', async () => {
    const { store, told, failed, tell } = await startChannel();
    const gone = await owe(store, 'gone', rp());
    await store.clients.save(aClient({ id: 'gone' }));
    const removed = await owe(store, 'removed', rp());
    await store.clients.remove('removed');
    await owe(store, 'moved', rp());
    await store.clients.save(aClient({ id: 'moved', backchannelLogoutUri: channels.uriOf('new') }));
    await tell();
    assert.equal(await left(store, [...gone, ...removed]), 0);
    assert.deepEqual(
      since().map(({ clientId }) => clientId),
      ['new'],
    );
    assert.equal(told.length, 1);
    assert.deepEqual(failed, []);
  });

  it('is told once by any number of processes', async () => {
    channels.answer('rp', status(200));
    const { store, told, tell } = await startChannel();
    const others = [await startChannel({ given: store }), await startChannel({ given: store })];
    const ids = await owe(store, 'rp', rp({ count: 50 }));
    await Promise.all([tell(), ...others.map((other) => other.tell())]);
    assert.equal(since().length, 50);
    assert.equal(await left(store, ids), 0);
    assert.equal(
      others.reduce((sum, other) => sum + other.told.length, told.length),
      50,
    );
  });

  it('is told by another process if the one that was about to is never heard of again', async () => {
    const { store, tell } = await startChannel();
    await withClock(async (advance) => {
      await owe(store, 'rp', rp());
      const now = Date.now();
      assert.equal((await store.logouts.claim(10, now, now + LEASE, [])).length, 1);
      advance(LEASE - 1);
      await tell();
      assert.equal(since().length, 0);
      advance(1);
      await tell();
      assert.equal(since().length, 1);
    });
  });

  it('is not left alone for longer because the clock was set back', async () => {
    channels.answer('rp', status(500));
    const { store, told, tell } = await startChannel();
    await withClock(async (advance) => {
      await owe(store, 'rp', rp());
      await tell();
      advance(-DAY);
      channels.answer('rp', status(200));
      await owe(store, 'rp', rp());
      await tell();
      assert.equal(told.length, 1);
    });
    since();
  });

  it('delays nobody if it does not answer, and has few of the places', async () => {
    channels.answer('hanging', hanging);
    const { store, told, failed, wake, idle } = await startChannel();
    await owe(store, 'hanging', { count: 50, backchannelLogoutUri: channels.uriOf('hanging') });
    await owe(store, 'rp', rp({ count: 50 }));
    wake();
    const before = channels.tokensOf('rp').length;
    const heard = () => channels.tokensOf('rp').length - before;
    const hung = () => channels.tokensOf('hanging').length;
    await channels.until(() => heard() >= 50 && hung() >= BATCH);
    assert.deepEqual(failed, []);
    channels.answer('hanging', status(500));
    channels.breakOff('hanging');
    await idle();
    assert.equal(told.length, 50);
    assert.ok(hung() < 2 * BATCH, `${hung()} were under way`);
    since();
  });

  it('delays nobody with others like it, if all of them have made themselves known', async () => {
    const strangers = Array.from({ length: 32 }, (_, n) => `stranger-${n}`);
    const { store, told, wake, idle } = await startChannel();
    const unanswered: ServerResponse[] = [];
    for (const id of strangers) {
      channels.answer(id, (_req, res) => void unanswered.push(res));
      const backchannelLogoutUri = channels.uriOf(id);
      await owe(store, id, { count: 10, source: 'registration', backchannelLogoutUri });
    }
    const reached = () => strangers.flatMap((id) => channels.tokensOf(id)).length;
    const before = channels.tokensOf('rp').length;
    const heard = () => channels.tokensOf('rp').length - before;
    wake();
    await channels.until(() => reached() >= MAX_SELF_MADE);
    // Those that others are owed come later, and are told before any of the strangers has answered.
    await owe(store, 'rp', rp({ count: 50 }));
    wake();
    await channels.until(() => heard() === 50);
    assert.equal(reached(), MAX_SELF_MADE, 'were under way');
    for (const id of strangers) channels.answer(id, status(200));
    for (const res of unanswered) res.writeHead(200).end();
    await idle();
    assert.equal(told.length, 50 + 32 * 10);
    since();
  });

  it('is left alone for a while if it is down, and catches up once it is there again', async () => {
    channels.answer('down', status(503));
    const { store, told, failed, tell } = await startChannel();
    const count = 100;
    await withClock(async (advance) => {
      const ids = await owe(store, 'down', {
        count,
        backchannelLogoutUri: channels.uriOf('down'),
      });
      await owe(store, 'rp', rp());
      await tell();
      assert.deepEqual(
        told.map(({ clientId }) => clientId),
        ['rp'],
        'the one behind it in the queue',
      );
      assert.ok(failed.length < 2 * BATCH, `${failed.length} attempts`);
      advance(REST - 1);
      const before = failed.length;
      await tell();
      assert.equal(failed.length, before);
      channels.answer('down', status(200));
      advance(1);
      await tell();
      assert.equal(await left(store, ids), 0);
      assert.equal(told.length, count + 1);
    });
    since();
  });
});

describe('the background work that tells clients', async () => {
  const channels = await startBackChannels();
  const rp = { backchannelLogoutUri: channels.uriOf('rp') };

  /** A store that is away, or fails, as often as a test says. */
  function failing(store: Store, errors: Error[]): Store {
    const claim: Store['logouts']['claim'] = async (...args) => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return store.logouts.claim(...args);
    };
    return { ...store, logouts: { ...store.logouts, claim } };
  }

  it('says once that the store is away, and goes on when it is back', async () => {
    const store = await emptyStore();
    await owe(store, 'rp', rp);
    const away = [1, 2, 3].map(() => new StoreUnavailable('The database is away.'));
    const { events, told, tell } = await startChannel({ given: failing(store, away) });
    const reports: unknown[] = [];
    events.on('store_unavailable', (report) => reports.push(report));
    for (let tries = 0; tries < 3; tries += 1) await tell();
    assert.equal(reports.length, 1);
    await tell();
    assert.equal(told.length, 1);
  });

  it('reports what fails otherwise, and goes on the next time', async () => {
    const store = await emptyStore();
    await owe(store, 'rp', rp);
    const bug = new Error('a bug of a store');
    const { events, told, tell } = await startChannel({ given: failing(store, [bug]) });
    const failures: unknown[] = [];
    events.on('failure', ({ error }) => failures.push(error));
    await tell();
    assert.deepEqual(failures, [bug]);
    await tell();
    assert.equal(told.length, 1);
  });

  it('begins nothing more once it is closed, waits for what is under way, and can be woken again', async () => {
    channels.answer('slow', hanging);
    const { store, close, wake, tell } = await startChannel();
    await owe(store, 'slow', { backchannelLogoutUri: channels.uriOf('slow') });
    wake();
    await channels.until(() => channels.tokensOf('slow').length === 1);
    let isClosed = false;
    const closed = close().then(() => {
      isClosed = true;
    });
    await owe(store, 'rp', rp);
    for (let turns = 0; turns < 10; turns += 1) await nextTurn();
    assert.equal(isClosed, false);
    const before = channels.tokensOf('rp').length;
    channels.breakOff('slow');
    await closed;
    assert.equal(channels.tokensOf('rp').length, before);
    await tell();
    assert.equal(channels.tokensOf('rp').length, before + 1);
  });

  it('leaves what is due in the store once it is closed', async () => {
    const { store, close, wake, idle } = await startChannel();
    const before = channels.tokensOf('rp').length;
    await owe(store, 'rp', { ...rp, count: 5 * BATCH });
    wake();
    await close();
    assert.ok(channels.tokensOf('rp').length <= before + BATCH);
    wake();
    await idle();
  });

  it('loses nobody who is woken for while it looks', async () => {
    const { store, wake, idle } = await startChannel();
    const before = channels.tokensOf('rp').length;
    for (let count = 0; count < 20; count += 1) {
      await owe(store, 'rp', rp);
      wake();
    }
    await idle();
    assert.equal(channels.tokensOf('rp').length, before + 20);
  });
});
