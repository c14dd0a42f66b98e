// What happens once or so many times: replays, keys, limits, requests that are answered: what the port promises of them. See contract.ts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredKey } from '../../src/types.ts';
import { CALLERS, DAY, HOUR, MINUTE, NOW, race, same, trues, unique } from '../helpers/records.ts';
import { type Subject, scribble } from './contract-actions.ts';

export function onceContract(the: Subject): void {
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

    it('lists a key until the moment it expires', async () => {
      const { kid, expiresAt } = await the.store.keys.ensure(aKey(4));
      assert.ok((await kids(expiresAt - 1)).includes(kid));
      assert.ok(!(await kids(expiresAt)).includes(kid));
    });
  });

  describe('limits', () => {
    const take = (key: string, max: number, now = NOW) =>
      the.store.limits.take(key, max, HOUR, now);

    async function assertAllows(key: string, max: number, now = NOW): Promise<void> {
      for (let attempt = 1; attempt <= max; attempt += 1) {
        assert.equal((await take(key, max, now)).allowed, true, `attempt ${attempt} of ${max}`);
      }
      assert.equal((await take(key, max, now)).allowed, false, `attempt ${max + 1} of ${max}`);
    }

    it('allows as many attempts as the most, and says when the window ends', async () => {
      const key = unique();
      const resetAt = NOW + HOUR;
      assert.deepEqual(await take(key, 2), { allowed: true, resetAt });
      assert.deepEqual(await take(key, 2, NOW + 1), { allowed: true, resetAt });
      assert.deepEqual(await take(key, 2, NOW + 2), { allowed: false, resetAt });
      assert.deepEqual(await take(key, 2, resetAt - 1), { allowed: false, resetAt });
    });

    it('starts the next window with the first attempt after the last one ended', async () => {
      const key = unique();
      await assertAllows(key, 3);
      assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
      const again = await take(key, 3, NOW + HOUR);
      assert.deepEqual(again, { allowed: true, resetAt: NOW + 2 * HOUR });
      const next = NOW + 5 * HOUR;
      assert.deepEqual(await take(key, 3, next), { allowed: true, resetAt: next + HOUR });
    });

    it('counts every key by itself', async () => {
      await assertAllows(unique(), 1);
      await assertAllows(unique(), 1);
      await assertAllows(`__proto__${unique()}`, 1);
    });

    it('allows none where the most is 0', async () => {
      const key = unique();
      assert.deepEqual(await take(key, 0), { allowed: false, resetAt: NOW + HOUR });
      assert.equal((await take(key, 1)).allowed, true, 'the refused one is not counted');
    });

    it('allows exactly the most of 50 callers at once', async () => {
      const key = unique();
      const answers = await race(() => take(key, 7));
      assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
      for (const { resetAt } of answers) assert.equal(resetAt, NOW + HOUR);
    });

    it('allows exactly the most of 50 callers at once in a window after the first', async () => {
      const key = unique();
      await assertAllows(key, 7);
      const answers = await race(() => take(key, 7, NOW + HOUR));
      assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
    });

    it('allows one more for each attempt given back', async () => {
      const key = unique();
      await assertAllows(key, 2);
      await the.store.limits.giveBack(key, NOW + 1);
      assert.equal((await take(key, 2)).allowed, true);
      assert.equal((await take(key, 2)).allowed, false);
    });

    it('counts no attempt that it refused', async () => {
      const key = unique();
      await assertAllows(key, 2);
      for (let refused = 0; refused < 5; refused += 1) await take(key, 2);
      await the.store.limits.giveBack(key, NOW);
      assert.equal((await take(key, 2)).allowed, true);
    });

    it('never counts below zero', async () => {
      const key = unique();
      await take(key, 3);
      for (let times = 0; times < 5; times += 1) await the.store.limits.giveBack(key, NOW);
      await assertAllows(key, 3);
    });

    it('gives nothing back under a key without a window', async () => {
      const key = unique();
      await the.store.limits.giveBack(key, NOW);
      await assertAllows(key, 3);
    });

    it('gives nothing back once the window has ended', async () => {
      const key = unique();
      await assertAllows(key, 3);
      await the.store.limits.giveBack(key, NOW + HOUR);
      assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
      await assertAllows(key, 3, NOW + HOUR);
    });

    it('moves no window by giving back', async () => {
      const key = unique();
      await take(key, 1);
      await the.store.limits.giveBack(key, NOW + MINUTE);
      const again = await take(key, 1, NOW + 2 * MINUTE);
      assert.deepEqual(again, { allowed: true, resetAt: NOW + HOUR });
    });

    it('loses none of 50 attempts given back at once', async () => {
      const key = unique();
      await assertAllows(key, CALLERS);
      await race(() => the.store.limits.giveBack(key, NOW));
      await assertAllows(key, CALLERS);
    });
  });

  for (const kind of ['sessions', 'requests'] as const)
    describe(kind, () => {
      const aDocument = (changes = {}) => ({
        data: JSON.stringify({ userId: unique(), text: 'Zoë "山田"' }),
        expiresAt: NOW + HOUR,
        ...changes,
      });

      it('finds a document until the moment it expires', async () => {
        const [id, document] = [unique(), aDocument()];
        await the.store[kind].save(id, document);
        same(await the.store[kind].find(id, NOW), document);
        same(await the.store[kind].find(id, document.expiresAt - 1), document);
        assert.equal(await the.store[kind].find(id, document.expiresAt), undefined);
      });

      it('finds nothing under an id that nobody saved', async () => {
        assert.equal(await the.store[kind].find(unique(), NOW), undefined);
      });

      it('replaces the document that has the id, its expiry with it', async () => {
        const id = unique();
        await the.store[kind].save(id, aDocument());
        const longer = aDocument({ expiresAt: NOW + DAY });
        await the.store[kind].save(id, longer);
        same(await the.store[kind].find(id, NOW + DAY - 1), longer);
        const shorter = aDocument({ expiresAt: NOW + MINUTE });
        await the.store[kind].save(id, shorter);
        same(await the.store[kind].find(id, NOW), shorter);
        assert.equal(await the.store[kind].find(id, NOW + MINUTE), undefined);
      });

      it('deletes a document, and only that one', async () => {
        const [gone, kept, document] = [unique(), unique(), aDocument()];
        await the.store[kind].save(gone, document);
        await the.store[kind].save(kept, document);
        await the.store[kind].delete(gone);
        assert.equal(await the.store[kind].find(gone, NOW), undefined);
        same(await the.store[kind].find(kept, NOW), document);
      });

      it('minds no deletion of a document that is not there', async () => {
        await the.store[kind].delete(unique());
      });

      it('keeps sessions and requests apart', async () => {
        const [id, other] = [unique(), kind === 'sessions' ? 'requests' : 'sessions'] as const;
        await the.store[kind].save(id, aDocument());
        assert.equal(await the.store[other].find(id, NOW), undefined);
      });

      it('survives 50 callers who save one document at once, and keeps one of theirs', async () => {
        const id = unique();
        const saved = Array.from({ length: CALLERS }, () => aDocument());
        await race((caller) => the.store[kind].save(id, saved[caller] as (typeof saved)[0]));
        const found = await the.store[kind].find(id, NOW);
        assert.ok(saved.some(({ data }) => data === found?.data));
      });

      it('leaves a document as it was when a caller changes the object it saved or got', async () => {
        const [id, document] = [unique(), aDocument()];
        const original = structuredClone(document);
        await the.store[kind].save(id, document);
        scribble(document);
        same(await the.store[kind].find(id, NOW), original);
        scribble(await the.store[kind].find(id, NOW));
        same(await the.store[kind].find(id, NOW), original);
      });
    });

  describe('a request that is answered', () => {
    const anAnswer = (changes = {}) => ({
      data: JSON.stringify({ answer: unique() }),
      expiresAt: NOW + HOUR,
      ...changes,
    });
    const aConsent = (changes = {}) => ({
      userId: unique(),
      clientId: unique(),
      resource: '',
      scope: ['read'],
      createdAt: NOW,
      ...changes,
    });

    it('keeps the first answer, and gives it to whoever brings another', async () => {
      const [id, first] = [unique(), anAnswer()];
      assert.equal(await the.store.requests.add(id, first, NOW), undefined);
      same(await the.store.requests.add(id, anAnswer({ expiresAt: NOW + DAY }), NOW), first);
      same(await the.store.requests.find(id, NOW), first);
    });

    it('takes another from the moment the first expires', async () => {
      const [id, first, second] = [unique(), anAnswer(), anAnswer({ expiresAt: NOW + DAY })];
      await the.store.requests.add(id, first, NOW);
      same(await the.store.requests.add(id, second, first.expiresAt - 1), first);
      assert.equal(await the.store.requests.add(id, second, first.expiresAt), undefined);
      same(await the.store.requests.find(id, first.expiresAt), second);
    });

    it('is answered by exactly one of 50 callers, who alone is remembered to have allowed something', async () => {
      const [id, userId, clientId] = [unique(), unique(), unique()];
      const brought = Array.from({ length: CALLERS }, (_, n) => ({
        document: anAnswer(),
        consents: ['b', 'a'].map((name) => aConsent({ userId, clientId, resource: `${name}${n}` })),
      }));
      const there = await race((caller) => {
        const { document, consents } = brought[caller]!;
        return the.store.requests.add(id, document, NOW, consents);
      });
      const winners = brought.filter((_, caller) => there[caller] === undefined);
      assert.equal(winners.length, 1);
      const [{ document, consents }] = winners as [(typeof brought)[0]];
      for (const other of there) if (other !== undefined) same(other, document);
      const remembered = await the.store.consents.listByUser(userId);
      same(
        remembered.map(({ resource }) => resource).toSorted(),
        consents.map(({ resource }) => resource).toSorted(),
      );
    });

    it('adds to the scopes that are remembered already', async () => {
      const consent = aConsent();
      await the.store.consents.add(consent);
      const more = { ...consent, scope: ['write'], createdAt: NOW + HOUR };
      await the.store.requests.add(unique(), anAnswer(), NOW, [more]);
      const { userId, clientId } = consent;
      const found = await the.store.consents.find(userId, clientId, '');
      same({ ...found, scope: found?.scope.toSorted() }, { ...consent, scope: ['read', 'write'] });
    });
  });
}
