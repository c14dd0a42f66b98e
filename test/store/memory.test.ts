import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessToken } from '../../src/issued.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { storeContract } from '../../src/store-contract/index.ts';
import { aClient, aCode, aGrant, aLogout, someTokens } from '../../src/store-contract/records.ts';
import { registering } from '../../src/store-contract/registering.ts';

storeContract('the memory store', async () => memoryStore());

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const FAR = NOW + 1_000_000 * HOUR;

const token = (hash: string, expiresAt: number): AccessToken => ({
  hash,
  clientId: 'client',
  scope: ['read'],
  audience: [],
  issuedAt: NOW,
  expiresAt,
});

const grant = (id: string) => ({
  id,
  clientId: 'client',
  userId: 'user',
  scope: ['read'],
  resource: [],
  authTime: NOW,
  createdAt: NOW,
  expiresAt: NOW + 60_000,
});

const code = (hash: string, grantId: string) => ({
  hash,
  grantId,
  clientId: 'client',
  redirectUri: 'https://client.example/cb',
  scope: ['read'],
  expiresAt: NOW + 60_000,
});

describe('the memory of the memory store', () => {
  it('holds nothing of 10,000 tokens of mixed lifetimes once they are over', async () => {
    const store = memoryStore();
    const ends = Array.from({ length: 10_000 }, (_, n) => NOW + ((n * 7919) % 10_000) * 1009);
    for (const [n, end] of ends.entries()) {
      await store.tokens.issue({ accessToken: token(`token-${n}`, end) }, NOW);
    }

    let forgotten = 0;
    for (let now = NOW; now <= NOW + 11_000_000; now += 47_000) {
      for (let step = 97; step === 97; ) {
        step = await store.purge(now, 97);
        assert.ok(step <= 97);
        forgotten += step;
      }
      const over = ends.filter((end) => end <= now).length;
      const longOver = ends.filter((end) => end <= now - 16_000).length;
      assert.ok(forgotten <= over, 'nothing is forgotten that is not over');
      assert.ok(forgotten >= longOver, 'what is over is forgotten 16 seconds later at the latest');
    }
    assert.equal(forgotten, 10_000);
    assert.equal(await store.purge(FAR, 10_000), 0);
  });

  it('holds one record of a session that is saved again and again', async () => {
    const store = memoryStore();
    for (let n = 0; n < 10_000; n += 1) {
      await store.sessions.save('session', { data: '{}', expiresAt: NOW + n * 1000 });
    }
    assert.equal(await store.purge(FAR, 10_000), 1);
    assert.equal(await store.purge(FAR, 10_000), 0);
  });

  it('forgets a record whose time was cut short when that is over, and one that was prolonged later', async () => {
    const store = memoryStore();
    const lasting = (hash: string, ms: number) =>
      store.sessions.save(hash, { data: '{}', expiresAt: NOW + ms });
    await lasting('shorter', HOUR);
    await lasting('shorter', 60_000);
    await lasting('longer', 60_000);
    await lasting('longer', HOUR);
    await lasting('longer', 2 * HOUR);
    assert.equal(await store.purge(NOW + 80_000, 10), 1);
    assert.ok(await store.sessions.find('longer', NOW + 80_000));
    assert.equal(await store.purge(NOW + HOUR + 20_000, 10), 0);
    assert.equal(await store.purge(NOW + 2 * HOUR + 20_000, 10), 1);
    assert.equal(await store.purge(FAR, 10), 0);
  });

  it('holds one record of a refresh token that was exchanged 1,000 times, and knows them all', async () => {
    const store = registering(memoryStore());
    const given = aGrant();
    const first = someTokens(given);
    await store.codes.save(aCode(given), given);
    await store.tokens.issue(first, NOW);
    let last = first.refreshToken;
    for (let n = 1; n <= 1000; n += 1) {
      const next = someTokens(given, last);
      // As those of JWTs, which are not kept.
      const accessToken = { ...next.accessToken, jti: 'jti' };
      await store.refreshTokens.rotate(last, NOW + n, HOUR, { ...next, accessToken });
      last = next.refreshToken;
    }
    const again = someTokens(given, last);
    assert.equal(
      (await store.refreshTokens.rotate(first.refreshToken, NOW + 1001, HOUR, again)).outcome,
      'reused',
    );
    // The grant, its code, the first access token, and the family.
    assert.equal(await store.purge(FAR, 10_000), 4);
  });

  it('holds nothing of sessions that were deleted', async () => {
    const store = memoryStore();
    for (let n = 0; n < 100; n += 1) {
      await store.sessions.save(`session-${n}`, { data: '{}', expiresAt: NOW + n * 1000 });
      await store.sessions.delete(`session-${n}`);
    }
    assert.equal(await store.purge(FAR, 1000), 0);
  });

  it('holds what is left of an ended family until its own expiry, and then nothing', async () => {
    const store = memoryStore();
    await store.clients.save(aClient({ id: 'client' }));
    await store.codes.save(code('code', 'grant'), grant('grant'));
    const accessToken = { ...token('access', NOW + HOUR), grantId: 'grant' };
    const refreshToken = {
      hash: 'refresh',
      tokenHash: 'token',
      salt: 'salt',
      grantId: 'grant',
      clientId: 'client',
      scope: ['read'],
      expiresAt: NOW + 24 * HOUR,
    };
    await store.codes.redeem('code', NOW, { accessToken, refreshToken });
    await store.grants.end('grant');
    assert.equal(await store.purge(NOW + 2 * HOUR, 1000), 1, 'the access token');
    assert.equal(await store.purge(NOW + 25 * HOUR, 1000), 2, 'the code, and the refresh token');
    assert.equal(await store.purge(FAR, 1000), 0);
  });

  it('holds one record of a window, however many its attempts', async () => {
    const store = memoryStore();
    for (let n = 0; n < 1000; n += 1) await store.limits.take('key', 5, HOUR, NOW + n);
    assert.equal(await store.purge(FAR, 1000), 1);
    assert.equal(await store.purge(FAR, 1000), 0);
  });

  it('looks at what is due alone, however much else clients are to be told', async () => {
    const store = registering(memoryStore());
    const poll = async () => {
      const started = performance.now();
      for (let n = 0; n < 5000; n += 1) await store.logouts.claim(10, NOW, NOW + HOUR, []);
      return performance.now() - started;
    };
    await poll();
    const ofNone = await poll();
    const count = 3000;
    for (let n = 0; n < count; n += 1) {
      const one = aGrant({ clientId: 'client' });
      const dueAt = NOW + HOUR + ((n * 7919) % count);
      const logout = aLogout(one, { dueAt, expiresAt: FAR });
      await store.codes.save(aCode(one), one);
      await store.grants.leaveSession([{ grantId: one.id, stays: false, logout }], NOW);
    }
    const ofMany = await poll();
    assert.ok(ofMany < 50 * ofNone, `${ofMany} ms instead of ${ofNone} ms`);
    let before = 0;
    for (let now = NOW + HOUR; now < NOW + HOUR + count; now += 1000) {
      const due = await store.logouts.claim(1001, now, FAR, []);
      assert.equal(due.length, now - NOW - HOUR + 1 - before);
      before += due.length;
    }
  });

  it('answers records that refuse to be changed', async () => {
    const store = memoryStore();
    await store.clients.save(aClient({ id: 'client' }));
    await store.tokens.issue({ accessToken: token('access', NOW + HOUR) }, NOW);
    const found = (await store.accessTokens.find('access', NOW))?.token;
    assert.ok(Object.isFrozen(found) && Object.isFrozen(found?.scope));
  });

  it('leaves to its caller the objects that were handed in', async () => {
    const store = memoryStore();
    const accessToken = token('access', NOW + HOUR);
    await store.tokens.issue({ accessToken }, NOW);
    assert.ok(!Object.isFrozen(accessToken) && !Object.isFrozen(accessToken.scope));
  });
});
