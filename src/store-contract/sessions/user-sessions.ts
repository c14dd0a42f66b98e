// The sessions of a user: what the port promises to whoever lists and ends them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Session, SessionOwner } from '../../store/store-sessions.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aSession, DAY, HOUR, NOW, unique } from '../records.ts';
import { same, sameSet } from '../same.ts';

const it = promised(['Users', 'Sessions'], ['passwordKind']);

export function userSessionsContract(the: Contract): void {
  describe('the sessions of a user', () => {
    async function saved(userId = unique(), changes: Partial<Session> = {}) {
      const hash = unique();
      const session = aSession(userId, changes);
      await the.store.sessions.save(hash, session);
      return { hash, session, userId };
    }

    const hashesOf = async (userId: string, now = NOW) =>
      (await the.store.sessions.listByUser(userId, now)).map(({ hash }) => hash).sort();

    it('are all that have not expired, whole, and nobody else’s', async () => {
      const first = await saved();
      const { userId } = first;
      const second = await saved(userId, { expiresAt: NOW + HOUR });
      await saved();
      await the.store.sessions.save(unique(), { data: '{}', expiresAt: NOW + DAY });
      sameSet(
        await the.store.sessions.listByUser(userId, NOW),
        [first, second].map(({ hash, session }) => ({ ...session, hash })),
      );
      same(await the.store.sessions.find(first.hash, NOW), first.session);
      assert.deepEqual(await hashesOf(userId, NOW + HOUR), [first.hash]);
      assert.deepEqual(await hashesOf(unique()), []);
    });

    it('are listed no more once deleted, saved as nobody’s, or purged', async () => {
      const { userId, hash: deleted } = await saved();
      const { hash: nobodys } = await saved(userId);
      const { hash: purged } = await saved(userId, { expiresAt: NOW - 10 * DAY });
      const long = await saved(userId);
      await the.store.sessions.delete(deleted);
      await the.store.sessions.save(nobodys, { data: '{}', expiresAt: NOW + DAY });
      await the.store.purge(NOW, 1000);
      assert.deepEqual(await hashesOf(userId, NOW - 20 * DAY), [long.hash]);
      assert.equal(await the.store.sessions.find(purged, NOW - 20 * DAY), undefined);
    });

    it('belong to whoever they were saved for last', async () => {
      const { userId, hash } = await saved();
      const heir = unique();
      await the.store.sessions.save(hash, aSession(heir));
      assert.deepEqual(await hashesOf(userId), []);
      assert.deepEqual(await hashesOf(heir), [hash]);
    });

    it('are updated in data and expiry alone', async () => {
      const { hash, session, userId } = await saved();
      const update = { data: '{"new":true}', expiresAt: NOW + 2 * DAY };
      assert.equal(await the.store.sessions.update(hash, update, NOW), true);
      same(await the.store.sessions.find(hash, NOW), { ...session, ...update });
      assert.deepEqual(await hashesOf(userId, NOW + 2 * DAY - 1), [hash]);
    });

    it('are not brought back by an update, once ended or expired', async () => {
      const ended = await saved();
      const expired = await saved();
      const update = { data: '{}', expiresAt: NOW + 9 * DAY };
      assert.equal(await the.store.sessions.end(ended.hash, ended.userId, NOW), true);
      assert.equal(await the.store.sessions.update(ended.hash, update, NOW), false);
      assert.equal(await the.store.sessions.update(expired.hash, update, NOW + DAY), false);
      assert.equal(await the.store.sessions.update(unique(), update, NOW), false);
      assert.equal(await the.store.sessions.find(ended.hash, NOW), undefined);
      assert.equal(await the.store.sessions.find(expired.hash, NOW + DAY), undefined);
    });

    it('are noted by who is signed in, when and with what, and not brought back by that', async () => {
      const owner: SessionOwner = {
        userId: unique(),
        createdAt: NOW - DAY,
        seenAt: NOW,
        userAgent: 'a browser',
      };
      const hash = unique();
      const before = { data: '{"old":true}', expiresAt: NOW + DAY };
      await the.store.sessions.save(hash, before);
      await the.store.sessions.note(hash, owner, NOW);
      same(await the.store.sessions.find(hash, NOW), { ...before, ...owner });
      assert.deepEqual(await hashesOf(owner.userId), [hash]);

      await the.store.sessions.end(hash, owner.userId, NOW);
      await the.store.sessions.note(hash, owner, NOW);
      assert.equal(await the.store.sessions.find(hash, NOW), undefined);
      assert.deepEqual(await hashesOf(owner.userId), []);
    });

    it('are ended by their own user only, and once', async () => {
      const { hash, session, userId } = await saved();
      assert.equal(await the.store.sessions.end(hash, unique(), NOW), false);
      assert.equal(await the.store.sessions.end(unique(), userId, NOW), false);
      assert.equal(await the.store.sessions.end(hash, userId, session.expiresAt), false);
      same(await the.store.sessions.find(hash, NOW), session);
      assert.equal(trues(await race(() => the.store.sessions.end(hash, userId, NOW))), 1);
      assert.equal(await the.store.sessions.find(hash, NOW), undefined);
    });

    it('are ended but for one, and nobody else’s with them', async () => {
      const { hash: kept, userId } = await saved();
      const others = [await saved(userId), await saved(userId)];
      const stranger = await saved();
      assert.equal(await the.store.sessions.endOthers(userId, kept, NOW), others.length);
      assert.deepEqual(await hashesOf(userId), [kept]);
      for (const { hash } of others) {
        assert.equal(await the.store.sessions.find(hash, NOW), undefined);
      }
      assert.deepEqual(await hashesOf(stranger.userId), [stranger.hash]);
      assert.equal(await the.store.sessions.endOthers(userId, kept, NOW), 0);
    });

    it('are not ended for the sake of one that is not the user’s, or is over', async () => {
      const { hash, userId } = await saved();
      const stranger = await saved();
      const expired = await saved(userId, { expiresAt: NOW });
      for (const keep of [unique(), stranger.hash, expired.hash]) {
        assert.equal(await the.store.sessions.endOthers(userId, keep, NOW), 0);
      }
      assert.deepEqual(await hashesOf(userId), [hash]);
    });

    it('are down to exactly one when each of 50 ends all others at once', async () => {
      const userId = unique();
      const all = await race(() => saved(userId));
      const ended = await Promise.all(
        all.map(({ hash }) => the.store.sessions.endOthers(userId, hash, NOW)),
      );
      assert.equal(ended.filter((count) => count > 0).length, 1);
      assert.equal((await hashesOf(userId)).length, 1);
    });

    it('stay ended whatever 50 requests on their way still save', async () => {
      const { hash, userId } = await saved();
      const { hash: kept } = await saved(userId);
      await race(async (caller) => {
        if (caller === CALLERS / 2) await the.store.sessions.endOthers(userId, kept, NOW);
        await the.store.sessions.update(hash, { data: '{}', expiresAt: NOW + DAY }, NOW);
        const owner = { userId, createdAt: NOW, seenAt: NOW, userAgent: '' };
        await the.store.sessions.note(hash, owner, NOW);
      });
      assert.equal(await the.store.sessions.find(hash, NOW), undefined);
      assert.deepEqual(await hashesOf(userId), [kept]);
    });
  });
}
