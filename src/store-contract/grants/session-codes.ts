// What the port promises about codes that are stored only as long as a browser session is there. See
// index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import { aCode, aGrant, aSession, aUser, DAY, MINUTE, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Codes', 'Sessions']);

export function sessionCodesContract(the: Contract): void {
  describe('a code that was approved in a browser session', () => {
    const userId = unique();
    const open = async (changes: { userId?: string; expiresAt?: number } = {}) => {
      const hash = unique();
      await the.store.sessions.save(hash, aSession(userId, changes));
      return hash;
    };
    const save = (session: string, changes: Partial<Grant> = {}) => {
      const grant = aGrant(changes);
      return the.store.codes.save(aCode(grant), grant, [], session);
    };

    it('is stored as long as that is there', async () => {
      const session = await open();
      const [grant, late] = [
        aGrant(),
        aGrant({ createdAt: NOW + DAY - 1, expiresAt: NOW + 2 * DAY }),
      ];
      for (const one of [grant, late]) {
        const code = aCode(one);
        assert.equal(await the.store.codes.save(code, one, [], session), true);
        same(await the.store.codes.find(code.hash, NOW), { code, grant: one });
      }
    });

    it('is refused, and its grant too, once that has ended or expired, or never was', async () => {
      const [deleted, ended, expired] = [await open(), await open(), await open()];
      await the.store.sessions.delete(deleted);
      await the.store.sessions.end(ended, userId, NOW);
      for (const [session, createdAt] of [
        [deleted, NOW],
        [ended, NOW],
        [expired, NOW + DAY],
        [unique(), NOW],
      ] as const) {
        const grant = aGrant({ createdAt, expiresAt: createdAt + MINUTE });
        const code = aCode(grant, { expiresAt: createdAt + MINUTE });
        assert.equal(await the.store.codes.save(code, grant, [], session), false);
        assert.equal(await the.store.codes.find(code.hash, createdAt), undefined);
        assert.equal(await the.store.grants.find(grant.id, createdAt), undefined);
      }
    });

    const ways: Record<string, (hash: string, owner: string) => Promise<unknown>> = {
      'sessions.delete': (hash) => the.store.sessions.delete(hash),
      'sessions.end': (hash, owner) => the.store.sessions.end(hash, owner, NOW),
      'sessions.endOthers': async (_, owner) => {
        const [kept] = (await the.store.sessions.listByUser(owner, NOW)).filter(
          ({ data }) => data === '"kept"',
        );
        return the.store.sessions.endOthers(owner, kept!.hash, NOW);
      },
      'users.remove': (_, owner) => the.store.users.remove(owner),
    };
    for (const [way, end] of Object.entries(ways)) {
      it(`is stored before that ends, or not at all: ${way}`, async () => {
        const user = aUser();
        await the.store.users.save(user);
        const hash = await open({ userId: user.id });
        await the.store.sessions.save(unique(), aSession(user.id, { data: '"kept"' }));
        const session = unique();
        let there: readonly Grant[] = [];
        const answers = await race(async (caller) => {
          const isStored = save(hash, { userId: user.id, session });
          if (caller !== CALLERS / 2) return isStored;
          await end(hash, user.id);
          there = await the.store.grants.listBySession(session, NOW);
          assert.equal(await save(hash, { session }), false);
          return isStored;
        });
        const stored = answers.filter(Boolean).length;
        // With a person go all their grants.
        assert.equal(there.length, way === 'users.remove' ? 0 : stored);
        assert.equal((await the.store.grants.listBySession(session, NOW)).length, there.length);
      });
    }
  });
}
