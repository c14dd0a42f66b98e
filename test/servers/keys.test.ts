import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { setImmediate as nextTick, setTimeout as wait } from 'node:timers/promises';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Keys } from '../../src/oauth/keys.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import {
  DAY,
  decoded,
  encoded,
  HOUR,
  introspect,
  jwksOf,
  periodStart,
  SECOND,
  SECRET,
  signingKeys,
} from '../helpers/forge.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { randomNumbers } from '../helpers/random.ts';
import { SEED } from '../helpers/seeds.ts';

const GRANT = { grant_type: 'client_credentials' };

/** The harness's seed, with a client whose tokens last for long. */
const KEYS_SEED = {
  ...SEED,
  clients: [
    ...SEED.clients,
    {
      client_id: 'long',
      client_secret: 'long-secret',
      grant_types: ['client_credentials'],
      access_token_ttl: 60 * 24 * 3600,
      scope: 'read',
    },
  ],
};

const start = (env: Record<string, string> = {}, store?: Store) =>
  startServer(
    { ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET, ...env },
    { store, seed: KEYS_SEED },
  );

/** A second process on the store of a first, which the world knows by the same URL. */
async function startBeside(
  first: TestServer,
  env: Record<string, string> = {},
  store = first.store,
) {
  const server = await start({ ISSUER: first.issuer, ...env }, store);
  return { ...server, issuer: server.origin };
}

const tokenOf = async (server: { issuer: string }, client = 'web:web-secret') => {
  const { status, json, text } = await requestToken(server, GRANT, client);
  assert.equal(status, 200, text);
  return json.access_token as string;
};

const kidOf = (token: string): string => decoded(token).header.kid;

/** The published keys of access tokens. Beside them there is one for ID tokens, with RS256. */
const kidsOf = async (server: { issuer: string }) =>
  (await jwksOf(server)).keys.filter(({ kty }) => kty !== 'RSA').map(({ kid }) => kid);

/** Counts how often the keys in a store are asked for, and lets each answer take its time. */
function watched(store: Store, delay: () => Promise<unknown> = async () => {}) {
  const calls = { list: 0, ensure: 0 };
  const slow: Store = {
    ...store,
    keys: {
      async list(now) {
        calls.list += 1;
        const keys = await store.keys.list(now);
        await delay();
        return keys;
      },
      async ensure(key) {
        calls.ensure += 1;
        await delay();
        const kept = await store.keys.ensure(key);
        await delay();
        return kept;
      },
    },
  };
  return { store: slow, calls };
}

/** A store whose first two answers about keys wait until somebody opens their gates. */
function gated() {
  const kept = memoryStore();
  const gates: (() => void)[] = [];
  const store: Store = {
    ...kept,
    keys: {
      ...kept.keys,
      async list(now) {
        const keys = await kept.keys.list(now);
        if (gates.length < 2) await new Promise<void>((resolve) => gates.push(resolve));
        return keys;
      },
    },
  };
  return { store, gates };
}

/** Now sooner, now later, so that of two who ask at once either may be first. */
const random = randomNumbers();
const anyTime = () => wait(random.next() * 5);

describe('the signing key of a new server', () => {
  it('is made when it is first asked for, and is the one that signs', async () => {
    await withClock(async () => {
      const server = await start({ KEY_ROTATION: '86400' });
      const kids = await kidsOf(server);
      assert.deepEqual(kids, [kidOf(await tokenOf(server))]);
    }, periodStart(86_400));
  });

  it('is there for the first token too, if nobody has asked for the key set before', async () => {
    const server = await start();
    const token = await tokenOf(server);
    assert.ok((await kidsOf(server)).includes(kidOf(token)));
    assert.equal((await getSecret(server, token)).status, 200);
  });

  it('is another at every server', async () => {
    const [one, other] = [await start(), await start()];
    assert.notDeepEqual(await kidsOf(one), await kidsOf(other));
  });

  it('is one for all of 50 who ask at the same instant, and made once', async () => {
    for (const alg of ['ES256', 'RS256', 'EdDSA']) {
      const { store, calls } = watched(await emptyStore(), anyTime);
      const server = await start({ SIGNING_ALGORITHM: alg }, store);
      const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenOf(server)));
      assert.equal(new Set(tokens.map(kidOf)).size, 1, alg);
      for (const token of tokens) assert.equal((await getSecret(server, token)).status, 200);
      assert.ok(calls.ensure <= 2, `${calls.ensure} keys were made of ${alg}`);
    }
  });
});

describe('a look at the store that takes long', () => {
  it('does not lose the key that was made meanwhile', async () => {
    const { store, gates } = gated();
    const keys = newKeys(store);
    const first = keys.current();
    const second = keys.find('of nobody');
    await nextTick();
    gates[0]?.();
    const { kid } = await first;
    gates[1]?.();
    assert.equal(await second, undefined);
    assert.equal((await keys.find(kid))?.kid, kid);
  });
});

/** What a resource server holds that fetched the keys at a time, and for how long it may. */
interface Copy {
  readonly at: number;
  readonly maxAge: number;
  readonly kids: Set<string>;
}

interface Issued {
  readonly token: string;
  readonly kid: string;
  readonly at: number;
  readonly exp: number;
}

describe('a key takes over on a schedule (KEY_ROTATION)', () => {
  for (const [rotation, step, ttl] of [
    [3600, 400, 1800],
    [3600, 400, 3600],
    [4 * 3600, 1800, 3600],
    [24 * 3600, 2 * 3600 - 100, 3600],
    // Longer than any client's, and than many keys. Each of these is an RSA key too, which is slow to make.
    [12 * 3600, 6 * 3600 - 100, 3 * 24 * 3600],
  ] as const) {
    it(`every ${rotation} s, with tokens of ${ttl} s: every copy of the key set that may still be kept has every key in use`, async () => {
      const server = await start({ KEY_ROTATION: `${rotation}`, ACCESS_TOKEN_TTL: `${ttl}` });
      await withClock(async (advance) => {
        let copies: Copy[] = [];
        let issued: Issued[] = [];
        const used = new Set<string>();
        const end = Date.now() + Math.max(5 * rotation, 3 * ttl) * SECOND;
        while (Date.now() < end) {
          const now = Date.now();
          const { keys, maxAge } = await jwksOf(server);
          copies.push({ at: now, maxAge, kids: new Set(keys.map(({ kid }) => kid)) });
          const token = await tokenOf(server);
          const { exp } = decoded(token).claims;
          assert.ok(exp >= now / SECOND + ttl, 'the token lasts as long as it should');
          issued.push({ token, kid: kidOf(token), at: now, exp });
          used.add(kidOf(token));

          issued = issued.filter((one) => now < one.exp * SECOND);
          copies = copies.filter(({ at, maxAge }) => now - at < maxAge * SECOND);
          for (const { kid, at } of issued) {
            for (const copy of copies) {
              assert.ok(
                copy.kids.has(kid),
                `a copy ${(now - copy.at) / SECOND} s old, good for ${copy.maxAge} s, lacks the key of a token ${(now - at) / SECOND} s old`,
              );
            }
          }
          // The oldest that is still good, and the newest.
          for (const one of [issued[0]!, issued.at(-1)!]) {
            assert.equal((await getSecret(server, one.token)).status, 200);
          }
          advance(step * SECOND);
        }
        assert.ok(used.size >= 5, `${used.size} keys were used`);
      }, periodStart(rotation) + 1);
    });
  }

  it('is published before it signs, signs from the first moment of its period, and goes when its last token has', async () => {
    const server = await start({ KEY_ROTATION: `${24 * 3600}` });
    await withClock(
      async (advance) => {
        const [first] = (await kidsOf(server)) as [string];
        assert.equal(kidOf(await tokenOf(server)), first);
        advance(DAY - 2 * HOUR - 1);
        assert.deepEqual(await kidsOf(server), [first]);
        advance(1);
        const [, second] = (await kidsOf(server)) as [string, string];
        assert.equal((await kidsOf(server)).length, 2);
        advance(2 * HOUR - 1);
        const last = await tokenOf(server);
        assert.equal(kidOf(last), first);
        advance(1);
        const next = await tokenOf(server);
        assert.equal(kidOf(next), second);
        assert.equal((await getSecret(server, last)).status, 200);
        advance(HOUR - 2 * SECOND);
        assert.equal((await getSecret(server, last)).status, 200);
        advance(3 * SECOND);
        assert.equal((await getSecret(server, last)).status, 401);
        // Tokens of a day, which a client might have, are over as well.
        advance(DAY - HOUR);
        assert.ok(!(await kidsOf(server)).includes(first));
        // An ID token is a hint long after it has expired.
        const isStored = async () => {
          await server.store.purge(Date.now() + 60 * SECOND, 1000);
          const stored = await server.store.keys.list(Date.now());
          return stored.some(({ kid }) => kid === first);
        };
        advance(30 * DAY - 120 * SECOND);
        assert.ok(await isStored());
        assert.ok(!(await kidsOf(server)).includes(first));
        advance(120 * SECOND);
        assert.ok(!(await isStored()));
      },
      periodStart(24 * 3600),
    );
  });

  it('and tokens signed in the last moment of a period verify until they expire, by the key set alone', async () => {
    const server = await start({ KEY_ROTATION: '3600', ACCESS_TOKEN_TTL: '7200' });
    await withClock(async (advance) => {
      await kidsOf(server);
      advance(HOUR - 1);
      const token = await tokenOf(server);
      const { exp } = decoded(token).claims;
      while (Date.now() < exp * SECOND - 600 * SECOND) {
        advance(600 * SECOND);
        const keys = createLocalJWKSet(await jwksOf(server));
        const options = { issuer: server.issuer, currentDate: new Date() };
        assert.equal((await jwtVerify(token, keys, options)).payload.sub, 'web');
        assert.equal((await getSecret(server, token)).status, 200);
        assert.notEqual(kidOf(await tokenOf(server)), kidOf(token));
      }
      advance(exp * SECOND - Date.now());
      assert.equal((await getSecret(server, token)).status, 401);
    }, periodStart(3600));
  });

  it('and a token longer than the rest of them lasts as long as the answer says', async () => {
    const server = await start({ KEY_ROTATION: `${10 * 24 * 3600}` });
    await withClock(
      async (advance) => {
        const { json } = await requestToken(server, GRANT, 'long:long-secret');
        const { claims } = decoded(json.access_token);
        assert.equal(claims.exp, Math.ceil(Date.now() / SECOND) + json.expires_in);
        const end = claims.exp * SECOND;
        while (Date.now() < end - DAY) {
          advance(DAY);
          assert.equal((await getSecret(server, json.access_token)).status, 200);
          assert.ok((await kidsOf(server)).includes(kidOf(json.access_token)));
        }
        advance(end - Date.now() - 1);
        assert.equal((await getSecret(server, json.access_token)).status, 200);
        advance(1);
        assert.equal((await getSecret(server, json.access_token)).status, 401);
      },
      periodStart(10 * 24 * 3600),
    );
  });

  it('also after a silence of any length', async () => {
    const server = await start({ KEY_ROTATION: '3600' });
    await withClock(async (advance) => {
      const seen = new Set<string>();
      for (const silence of [0, 1, 59, 60, 3600, 100_000, 365 * 24 * 3600]) {
        advance(silence * SECOND);
        const token = await tokenOf(server);
        seen.add(kidOf(token));
        assert.equal((await getSecret(server, token)).status, 200);
        assert.ok((await kidsOf(server)).length <= 3);
      }
      assert.ok(seen.size >= 4);
    }, periodStart(3600));
  });

  it('and the document says how long it may be kept, never longer than until the next key comes unseen', async () => {
    for (const rotation of [3600, 30 * 24 * 3600]) {
      const { maxAge } = await jwksOf(await start({ KEY_ROTATION: `${rotation}` }));
      assert.ok(maxAge > 0 && maxAge <= Math.min(3600, rotation / 2), `${rotation}: ${maxAge}`);
    }
  });
});

describe('a signing key at rest', async () => {
  it('tells nothing of its private part, in the store or in the key set', async () => {
    for (const alg of ['ES256', 'RS256', 'EdDSA']) {
      const server = await start({ SIGNING_ALGORITHM: alg });
      const published = JSON.stringify(await jwksOf(server));
      const stored = JSON.stringify(await server.store.keys.list(Date.now()));
      const all = await signingKeys(server.store);
      const key = all.find((one) => one.alg === alg);
      const jwk = key!.privateKey.export({ format: 'jwk' });
      const der = key!.privateKey.export({ format: 'der', type: 'pkcs8' });
      for (const secret of [
        jwk.d!,
        ...(jwk.p ? [jwk.p, jwk.q!, jwk.dp!, jwk.dq!, jwk.qi!] : []),
        der.toString('base64'),
        der.toString('base64url'),
        der.toString('hex'),
        'PRIVATE',
        encoded('-----BEGIN PRIVATE KEY-----').slice(0, 30),
      ]) {
        assert.ok(!stored.includes(secret), `${alg} in the store`);
        assert.ok(!published.includes(secret), `${alg} in the key set`);
      }
      // And the key set has the public half of that very key.
      const { keys } = await jwksOf(server);
      const shown = keys.find(({ kid }) => kid === key!.kid);
      assert.ok(createPublicKey({ key: shown as never, format: 'jwk' }).equals(key!.publicKey));
    }
  });

  it('is encrypted anew each time, and not read again once it was changed', async () => {
    const store = await emptyStore();
    await newKeys(store).prepare();
    const [stored] = await store.keys.list(Date.now());
    const data = Buffer.from(stored!.encryptedPrivateKey, 'base64url');
    for (const at of [0, 13, 29, data.length - 1]) {
      const changed = Buffer.from(data);
      changed[at]! ^= 1;
      const tampered: Store = {
        ...store,
        keys: {
          ...store.keys,
          list: async () => [{ ...stored!, encryptedPrivateKey: changed.toString('base64url') }],
        },
      };
      await assert.rejects(newKeys(tampered).current(), /SESSION_SECRET/);
    }
  });

  it('under another secret stops what needs it, with a sentence that says why', async () => {
    const first = await start();
    const token = await tokenOf(first);
    const second = await startBeside(first, { SESSION_SECRET: `another: ${SECRET}` });
    const failures: string[] = [];
    second.events.on('failure', ({ error }) => failures.push(String(error)));
    const answers = [
      await requestToken(second, GRANT, 'web:web-secret'),
      await http(`${second.issuer}/oauth/jwks`),
      await getSecret(second, token),
    ];
    for (const { status, json, text } of answers) {
      assert.deepEqual([status, json.error], [500, 'server_error']);
      assert.doesNotMatch(
        text,
        /SESSION_SECRET|decrypt|encrypted/,
        'it is nobody’s business outside',
      );
    }
    assert.equal(failures.length, answers.length);
    for (const failure of failures) {
      assert.match(
        failure,
        /under another SESSION_SECRET, which is the option secret of authorizationServer\(\)/,
      );
    }
    // The first server is none the worse for it.
    assert.equal((await getSecret(first, token)).status, 200);
    assert.equal((await getSecret(first, await tokenOf(first))).status, 200);
  });

  it('under another secret does not touch opaque tokens', async () => {
    const first = await start();
    await kidsOf(first);
    const second = await startBeside(first, {
      SESSION_SECRET: `another: ${SECRET}`,
      ACCESS_TOKEN_FORMAT: 'opaque',
    });
    const token = await tokenOf(second);
    assert.equal((await getSecret(second, token)).status, 200);
    assert.equal((await getSecret(second, 'x'.repeat(43))).status, 401);
  });
});

function newKeys(store: Store): Keys {
  return new Keys({ store, alg: 'ES256', secret: SECRET, rotation: 3600, maxTokenTtl: 3600 });
}

describe('two servers on one store', () => {
  it('have one key, and each takes what the other signs at once', async () => {
    const first = await start();
    const second = await startBeside(first);
    const [one, other] = [await tokenOf(first), await tokenOf(second)];
    assert.equal(kidOf(one), kidOf(other));
    assert.deepEqual(await kidsOf(first), await kidsOf(second));
    for (const server of [first, second]) {
      for (const token of [one, other]) assert.equal((await getSecret(server, token)).status, 200);
    }
  });

  it('agree when both start at the same instant, with 50 callers between them', async () => {
    for (const alg of ['ES256', 'EdDSA']) {
      for (let round = 0; round < 5; round += 1) {
        const store = await emptyStore();
        const env = { SIGNING_ALGORITHM: alg };
        const first = await start(env, watched(store, anyTime).store);
        const second = await startBeside(first, env, watched(store, anyTime).store);
        const servers = [first, second];
        const tokens = await Promise.all(
          Array.from({ length: 50 }, (_, caller) => tokenOf(servers[caller % 2]!)),
        );
        assert.equal(new Set(tokens.map(kidOf)).size, 1);
        assert.equal((await store.keys.list(Date.now())).length, 1);
        const answers = await Promise.all(
          tokens.map((token, caller) => getSecret(servers[(caller + 1) % 2]!, token)),
        );
        assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      }
    }
  });

  it('take each other’s tokens at once where one has just been asked for a key nobody has', async () => {
    const first = await start();
    const second = await startBeside(first);
    await withClock(async () => {
      const forged = `${encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'nobody' })}.${encoded({})}.AA`;
      assert.equal((await getSecret(second, forged)).status, 401);
      assert.equal((await getSecret(second, await tokenOf(first))).status, 200);
    });
  });

  it('take each other’s tokens in the first moment after a rotation, prepared or not', async () => {
    for (const prepared of [true, false]) {
      const store = await emptyStore();
      const first = await start({ KEY_ROTATION: '3600' }, watched(store, anyTime).store);
      const second = await startBeside(
        first,
        { KEY_ROTATION: '3600' },
        watched(store, anyTime).store,
      );
      await withClock(async (advance) => {
        await Promise.all([tokenOf(first), tokenOf(second)]);
        advance(HOUR - 5);
        if (prepared) await kidsOf(first);
        advance(5);
        const [one, other] = await Promise.all([tokenOf(first), tokenOf(second)]);
        assert.equal(kidOf(one!), kidOf(other!));
        assert.equal((await getSecret(first, other!)).status, 200);
        assert.equal((await getSecret(second, one!)).status, 200);
      }, periodStart(3600));
    }
  });

  it('publish the same keys at any time, whichever has been asked', async () => {
    const first = await start({ KEY_ROTATION: '3600', ACCESS_TOKEN_TTL: '600' });
    const second = await startBeside(first, { KEY_ROTATION: '3600', ACCESS_TOKEN_TTL: '600' });
    await withClock(async (advance) => {
      for (let step = 0; step < 40; step += 1) {
        const asked = step % 3 === 0 ? first : second;
        const token = await tokenOf(asked);
        for (const server of [second, first]) {
          const kids = await kidsOf(server);
          assert.ok(kids.includes(kidOf(token)), `step ${step}`);
        }
        advance(613 * SECOND);
      }
    }, periodStart(3600));
  });

  it('see at once that a JWT was revoked at the other', async () => {
    const first = await start();
    const second = await startBeside(first);
    const token = await tokenOf(first);
    assert.equal((await getSecret(second, token)).status, 200);
    await http(`${first.issuer}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('web:web-secret')}` },
      body: new URLSearchParams({ token }),
    });
    assert.equal((await getSecret(second, token)).status, 401);
  });

  it('take each other’s tokens where one is already on another algorithm', async () => {
    const first = await start();
    const second = await startBeside(first, { SIGNING_ALGORITHM: 'EdDSA' });
    const [one, other] = [await tokenOf(first), await tokenOf(second)];
    assert.notEqual(kidOf(one), kidOf(other));
    assert.equal((await getSecret(second, one)).status, 200);
    assert.ok((await kidsOf(second)).includes(kidOf(one)));
    await withClock(
      async () => {
        // The first has not been told of that key; it looks it up.
        assert.equal((await getSecret(first, other)).status, 200);
      },
      Date.now() + 2 * SECOND,
    );
  });
});

describe('a key for each algorithm in use', () => {
  const algorithmsOf = async (keys: Keys, now: number) =>
    (await keys.jwks(now)).keys.map(({ kty, alg }) => alg ?? kty).sort();

  it('is that of access tokens and RS256, and another from the moment that one is needed', async () => {
    const keys = newKeys(await emptyStore());
    const now = periodStart(3600);
    assert.deepEqual(await algorithmsOf(keys, now), ['ES256', 'RS256']);
    const { alg, kid } = await keys.of('EdDSA', now);
    assert.equal(alg, 'EdDSA');
    assert.deepEqual(await algorithmsOf(keys, now), ['ES256', 'OKP', 'RS256']);
    assert.equal((await keys.of('EdDSA', now + 1000 * SECOND)).kid, kid);
  });

  it('made by one process is in the key set of another a second later', async () => {
    const store = await emptyStore();
    const [one, other] = [newKeys(store), newKeys(store)];
    const now = Date.now();
    const typesAt = async (time: number) =>
      new Set((await other.jwks(time)).keys.map(({ kty }) => kty));
    assert.deepEqual(await typesAt(now), new Set(['EC', 'RSA']));
    await one.prepareFor([{ userinfo_signed_response_alg: 'EdDSA' }]);
    assert.deepEqual(await typesAt(now + SECOND), new Set(['EC', 'RSA', 'OKP']));
  });

  it('is in the key set for whatever a client wants signed', async () => {
    for (const what of ['id_token', 'userinfo', 'introspection']) {
      const keys = newKeys(await emptyStore());
      await keys.prepareFor([{ [`${what}_signed_response_alg`]: 'Ed25519' }]);
      const types = (await keys.jwks()).keys.map(({ kty }) => kty);
      assert.ok(types.includes('OKP'), what);
    }
  });

  it('is one for three processes that need each of them at the same instant', async () => {
    const store = await emptyStore();
    const processes = [1, 2, 3].map(() => newKeys(watched(store, anyTime).store));
    const now = Date.now();
    for (const alg of ['RS256', 'EdDSA', 'ES256'] as const) {
      const made = await Promise.all(
        Array.from({ length: 30 }, (_, caller) => processes[caller % 3]!.of(alg, now)),
      );
      assert.equal(new Set(made.map(({ kid }) => kid)).size, 1, alg);
    }
    assert.equal((await store.keys.list(now)).length, 3);
  });

  it('is published before its period by every process, though one alone has needed it', async () => {
    const store = await emptyStore();
    const [one, other] = [newKeys(store), newKeys(store)];
    const start = periodStart(3600);
    await one.of('EdDSA', start);
    const later = start + HOUR - 60 * SECOND;
    const published = (await other.jwks(later)).keys.filter(({ kty }) => kty === 'OKP');
    assert.equal(published.length, 2);
    for (const keys of [one, other]) {
      const { kid } = await keys.of('EdDSA', start + HOUR);
      assert.ok(published.some((key) => key.kid === kid));
    }
  });

  it('verifies hints for 30 days after it is published no more', async () => {
    const store = await emptyStore();
    const keys = newKeys(store);
    const start = periodStart(3600);
    const { kid } = await keys.of('RS256', start);
    const end = start + 2 * HOUR;
    assert.ok((await keys.jwks(end - 1)).keys.some((key) => key.kid === kid));
    assert.ok((await keys.jwks(end)).keys.every((key) => key.kid !== kid));
    for (const one of [keys, newKeys(store)]) {
      assert.equal((await one.find(kid, end + 30 * DAY - 1))?.kid, kid);
    }
    const another = await keys.jwks(end + 30 * DAY + 60 * SECOND);
    assert.ok(another.keys.length > 0);
    assert.equal(await keys.find(kid, end + 30 * DAY + 60 * SECOND), undefined);
  });

  it('does not wait for that of another algorithm, which takes longer to be made', async () => {
    const kept = memoryStore();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store: Store = {
      ...kept,
      keys: {
        ...kept.keys,
        async ensure(key) {
          if (key.alg === 'RS256') await held;
          return kept.keys.ensure(key);
        },
      },
    };
    const keys = newKeys(store);
    const now = periodStart(3600);
    const all = keys.prepare(now);
    assert.equal((await keys.current(now)).alg, 'ES256');
    release();
    await all;
    assert.deepEqual(await algorithmsOf(keys, now), ['ES256', 'RS256']);
  });

  it('is not lost where it was made while another look at the store was under way', async () => {
    const { store, gates } = gated();
    const keys = newKeys(store);
    const now = Date.now();
    const first = keys.current(now);
    await nextTick();
    gates[0]?.();
    await first;
    // An unknown id has it look again; meanwhile a key is made.
    const looking = keys.find('of nobody', now + 2 * SECOND);
    await nextTick();
    // By a request of a moment before, which itself has no reason to look.
    const { kid } = await keys.of('EdDSA', now + SECOND / 2);
    gates[1]?.();
    assert.equal(await looking, undefined);
    assert.equal((await keys.find(kid, now + 2 * SECOND))?.kid, kid);
  });
});

describe('a server that comes back with another algorithm', () => {
  it('signs with the key that everybody has, until its own has been published for two hours', async () => {
    const rotation = { KEY_ROTATION: '86400' };
    await withClock(async (advance) => {
      const first = await start(rotation);
      const before = kidOf(await tokenOf(first));
      advance(3 * HOUR);
      const second = await startBeside(first, { ...rotation, SIGNING_ALGORITHM: 'EdDSA' });
      assert.equal(kidOf(await tokenOf(second)), before);
      assert.equal((await kidsOf(second)).length, 2, 'its own key is published');
      advance(2 * HOUR - SECOND);
      assert.equal(kidOf(await tokenOf(second)), before);
      advance(SECOND);
      const after = await tokenOf(second);
      assert.notEqual(kidOf(after), before);
      assert.equal((await getSecret(first, after)).status, 200);
    }, periodStart(86_400));
  });
});

describe('a rotation under load', () => {
  for (const prepared of [true, false]) {
    const how = prepared ? 'with the next key published' : 'with nothing prepared';
    it(`refuses no valid token and fails no request, ${how}`, async () => {
      const kept = await emptyStore();
      const env = { KEY_ROTATION: '3600', ACCESS_TOKEN_TTL: '7200' };
      const first = await start(env, watched(kept, anyTime).store);
      const second = await startBeside(first, env, watched(kept, anyTime).store);
      const servers = [first, second];
      const failures: unknown[] = [];
      for (const { events } of servers) events.on('failure', ({ error }) => failures.push(error));

      await withClock(async (advance) => {
        const old = await Promise.all(servers.map((server) => tokenOf(server)));
        const grant = (await (await authorizeAs(first)).exchange()).json;
        if (prepared) {
          advance(HOUR - 60 * SECOND);
          await Promise.all(servers.map(kidsOf));
          advance(59 * SECOND);
        } else {
          advance(HOUR - SECOND);
        }
        const fresh: string[] = [];
        let done = 0;
        const count = 600;
        const one = async (index: number): Promise<Answer> => {
          const server = servers[index % 2]!;
          const known = old[(index >> 1) % 2]!;
          switch (index % 5) {
            case 0: {
              const answer = await requestToken(server, GRANT, 'web:web-secret');
              if (answer.status !== 200) return answer;
              fresh.push(answer.json.access_token);
              return getSecret(servers[(index + 1) % 2]!, answer.json.access_token);
            }
            case 1:
              return getSecret(server, known);
            case 2:
              return http(`${server.issuer}/oauth/jwks`);
            case 3: {
              const answer = await introspect(server, known, 'web:web-secret');
              assert.equal(answer.json.active, true);
              return answer;
            }
            default:
              return getSecret(server, grant.access_token);
          }
        };
        const answers = await Promise.all(
          Array.from({ length: count }, async (_, index) => {
            for (let tick = 0; tick < index / 10; tick += 1) await nextTick();
            const answer = await one(index);
            done += 1;
            // The clock goes on while they are under way, over the moment of the rotation.
            if (done % (count / 20) === 0) advance(100);
            return answer;
          }),
        );
        const refused = answers.filter(({ status }) => status !== 200);
        assert.deepEqual(
          refused.map(({ status, text }) => [status, text]),
          [],
        );
        assert.deepEqual(failures, []);
        assert.equal(new Set(fresh.map(kidOf)).size, 2, 'both keys were used');
        for (const token of [...fresh, ...old]) {
          for (const server of servers) {
            assert.equal((await getSecret(server, token)).status, 200);
          }
        }
      }, periodStart(3600));
    });
  }
});

describe('the store is not asked for keys', () => {
  const forged = (kid: string) =>
    `${encoded({ alg: 'ES256', typ: 'at+jwt', kid })}.${encoded({ iss: 'x' })}.AAAA`;

  it('more than once a second for ids that nobody knows, however many there are', async () => {
    const { store, calls } = watched(await emptyStore(), anyTime);
    const server = await start({}, store);
    await withClock(async (advance) => {
      const token = await tokenOf(server);
      advance(5 * SECOND);
      calls.list = 0;
      const flood = async () => {
        const answers = await Promise.all(
          Array.from({ length: 300 }, (_, index) => getSecret(server, forged(`kid-${index}`))),
        );
        assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]));
      };
      await flood();
      assert.ok(calls.list <= 1, `${calls.list} calls for 300 at once`);
      await flood();
      assert.ok(calls.list <= 1, `${calls.list} calls for 600`);
      for (let second = 0; second < 5; second += 1) {
        advance(SECOND);
        for (let index = 0; index < 20; index += 1) await getSecret(server, forged(`${index}`));
      }
      assert.ok(calls.list <= 6, `${calls.list} calls in 6 seconds`);
      assert.equal((await getSecret(server, token)).status, 200);
    });
  });

  it('for tokens that are signed or verified with keys it has given before', async () => {
    const { store, calls } = watched(await emptyStore());
    const server = await start({}, store);
    await withClock(
      async () => {
        await tokenOf(server);
        await kidsOf(server);
        calls.list = 0;
        calls.ensure = 0;
        for (let index = 0; index < 50; index += 1) {
          assert.equal((await getSecret(server, await tokenOf(server))).status, 200);
          await kidsOf(server);
        }
        assert.deepEqual(calls, { list: 0, ensure: 0 });
      },
      periodStart(30 * 24 * 3600) + DAY,
    );
  });

  it('more than once for however many callers who come together', async () => {
    const { store, calls } = watched(await emptyStore(), anyTime);
    const server = await start({}, store);
    await withClock(async (advance) => {
      await tokenOf(server);
      for (let minute = 0; minute < 3; minute += 1) {
        advance(60 * SECOND);
        calls.list = 0;
        const answers = Array.from({ length: 100 }, (_, index) =>
          index % 2 === 0 ? tokenOf(server) : kidsOf(server),
        );
        await Promise.all<unknown>(answers);
        assert.ok(calls.list <= 1, `${calls.list} calls for 100 callers`);
      }
    });
  });

  it('in vain for long: when it comes back after a failure, so do the keys', async () => {
    const kept = await emptyStore();
    let broken = true;
    const store: Store = {
      ...kept,
      keys: {
        ...kept.keys,
        async list(now) {
          if (broken) throw new Error('the store is away');
          return kept.keys.list(now);
        },
      },
    };
    const server = await start({}, store);
    const { status, json } = await requestToken(server, GRANT, 'web:web-secret');
    assert.deepEqual([status, json.error], [500, 'server_error']);
    assert.equal((await getSecret(server, forged('unknown'))).status, 500);
    broken = false;
    const token = await tokenOf(server);
    assert.equal((await getSecret(server, token)).status, 200);
  });

  it('in vain: an outage of the store does not stop a key from being used that is in hand', async () => {
    const kept = await emptyStore();
    let broken = false;
    const store: Store = {
      ...kept,
      keys: {
        ...kept.keys,
        async list(now) {
          if (broken) throw new Error('the store is away');
          return kept.keys.list(now);
        },
      },
    };
    const server = await start({}, store);
    await withClock(async (advance) => {
      const token = await tokenOf(server);
      broken = true;
      advance(30 * SECOND);
      assert.equal((await getSecret(server, token)).status, 200);
      assert.equal((await getSecret(server, await tokenOf(server))).status, 200);
    });
  });
});
