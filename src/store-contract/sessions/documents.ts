// Documents: sessions, and requests that are answered: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import { aConsent, DAY, HOUR, MINUTE, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Sessions', 'Requests']);

export function documentsContract(the: Contract): void {
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

  describe('sessions.delete', () => {
    const aSession = () => ({ data: '{}', expiresAt: NOW + HOUR });

    it('deletes a session, and only that one', async () => {
      const [gone, kept] = [unique(), unique()];
      await the.store.sessions.save(gone, aSession());
      await the.store.sessions.save(kept, aSession());
      await the.store.sessions.delete(gone);
      assert.equal(await the.store.sessions.find(gone, NOW), undefined);
      same(await the.store.sessions.find(kept, NOW), aSession());
    });

    it('minds no deletion of a session that is not there', async () => {
      await the.store.sessions.delete(unique());
    });
  });

  describe('a request that is answered', () => {
    const anAnswer = (changes = {}) => ({
      data: JSON.stringify({ answer: unique() }),
      expiresAt: NOW + HOUR,
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
