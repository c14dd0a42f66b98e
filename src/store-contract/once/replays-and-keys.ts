// What happens once: what the port promises of replays, keys and constants. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { StoredKey } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import { DAY, HOUR, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Store']);

export function replaysAndKeysContract(the: Contract): void {
  describe('replays', () => {
    it('has one winner of 50 who claim an id at once', async () => {
      const id = unique();
      const claims = await race(() => the.store.replays.claim('jti', id, NOW + HOUR, NOW));
      assert.equal(claims.filter(Boolean).length, 1);
    });

    it('gives an id once until it expires, and again from that moment on', async () => {
      const id = unique();
      assert.equal(await the.store.replays.claim('jti', id, NOW + HOUR, NOW), true);
      assert.equal(await the.store.replays.claim('jti', id, NOW + DAY, NOW + HOUR - 1), false);
      assert.equal(await the.store.replays.claim('jti', id, NOW + DAY, NOW + HOUR), true);
    });

    it('keeps ids of one kind apart from those of another', async () => {
      const id = unique();
      assert.equal(await the.store.replays.claim('a', id, NOW + HOUR, NOW), true);
      assert.equal(await the.store.replays.claim('b', id, NOW + HOUR, NOW), true);
    });
  });

  describe('keys', () => {
    // A period of its own for each test: one store serves them all.
    const aKey = (period: number, changes: Partial<StoredKey> = {}): StoredKey => ({
      kid: unique(),
      alg: 'ES256',
      period,
      createdAt: NOW,
      encryptedPrivateKey: unique(),
      expiresAt: NOW + DAY,
      ...changes,
    });
    const kids = async (now = NOW) => (await the.store.keys.list(now)).map(({ kid }) => kid);

    it('has one key of 50 that are offered for a period at once, and gives it to all', async () => {
      const offered = Array.from({ length: CALLERS }, () => aKey(1));
      const given = await race((caller) => the.store.keys.ensure(offered[caller] as StoredKey));
      assert.equal(new Set(given.map(({ kid }) => kid)).size, 1);
      assert.ok((await kids()).includes(given[0]?.kid ?? ''));
      same(await the.store.keys.ensure(aKey(1)), given[0]);
    });

    it('has a key for each period and algorithm', async () => {
      const three = [aKey(2), aKey(3), aKey(2, { alg: 'RS256' })];
      for (const key of three) same(await the.store.keys.ensure(key), key);
      const listed = await kids();
      for (const { kid } of three) assert.ok(listed.includes(kid));
    });

    it('has no other key for a period, though the one that is there has expired', async () => {
      const over = aKey(5, { expiresAt: NOW - DAY });
      same(await the.store.keys.ensure(over), over);
      same(await the.store.keys.ensure(aKey(5)), over);
    });

    it('lists a key until the moment it expires', async () => {
      const { kid, expiresAt } = await the.store.keys.ensure(aKey(4));
      assert.ok((await kids(expiresAt - 1)).includes(kid));
      assert.ok(!(await kids(expiresAt)).includes(kid));
    });
  });

  describe('constants', () => {
    it('keep one value of 50 that are offered under a name at once, and give it to all', async () => {
      const name = unique();
      const offered = Array.from({ length: CALLERS }, () => unique());
      const given = await race((caller) => the.store.constants.ensure(name, offered[caller]!));
      assert.equal(new Set(given).size, 1);
      assert.ok(offered.includes(given[0]!));
      assert.equal(await the.store.constants.ensure(name, unique()), given[0]);
    });

    it('have a value for each name, letter for letter', async () => {
      const values = [unique(), `Zoë "山田" ' \\`, '0'];
      const names = values.map(() => unique());
      for (const [index, name] of names.entries()) {
        assert.equal(await the.store.constants.ensure(name, values[index]!), values[index]);
      }
      for (const [index, name] of names.entries()) {
        assert.equal(await the.store.constants.ensure(name, unique()), values[index]);
      }
    });

    it('are there still when everything that expires has been purged', async () => {
      const store = await the.open();
      try {
        const value = await store.constants.ensure('salt', unique());
        await store.purge(Number.MAX_SAFE_INTEGER, 1000);
        assert.equal(await store.constants.ensure('salt', unique()), value);
      } finally {
        await store.close();
      }
    });
  });
}
