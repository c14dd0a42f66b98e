// Removing a user: what ends with them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { race, trues } from '../race.ts';
import {
  aClient,
  aCode,
  aConsent,
  aGrant,
  aHash,
  aSession,
  aTicket,
  aUser,
  NOW,
  unique,
} from '../records.ts';
import { ALL, begun, NONE } from './begun.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function removingUsersContract(the: Contract): void {
  describe('users.remove', () => {
    it('ends all that the person had, and nothing else, for the one of 50 who did it', async () => {
      const [user, other, client] = [aUser({ passwordHash: aHash() }), aUser(), aClient()];
      for (const one of [user, other]) await the.store.users.save(one);
      const [ofUser, ofOther] = [await begun(the, client, user), await begun(the, client, other)];
      const removed = await race(() => the.store.users.remove(user.id));
      assert.equal(trues(removed), 1);
      assert.equal(await the.store.users.find(user.id), undefined);
      assert.equal(await the.store.users.findByTypedName(user.username), undefined);
      assert.deepEqual(await ofUser(), NONE);
      assert.deepEqual(await ofOther(), ALL);
      assert.equal(await the.store.users.remove(unique()), false);
      await the.store.users.save(aUser({ username: user.username }));
    });

    it('does the same for a person who has no record, because an app keeps it', async () => {
      const [person, other, client] = [aUser(), aUser(), aClient()];
      const [ofPerson, ofOther] = [
        await begun(the, client, person),
        await begun(the, client, other),
      ];
      assert.deepEqual(await ofPerson(), ALL);
      assert.equal(trues(await race(() => the.store.users.remove(person.id))), 1);
      assert.deepEqual(await ofPerson(), NONE);
      assert.deepEqual(await ofOther(), ALL);
    });

    it('finds whatever there is of a person, if it is one thing alone', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const things: Record<string, (userId: string) => Promise<unknown>> = {
        consent: (userId) => the.store.consents.add(aConsent({ userId, clientId: client.id })),
        grant: (userId) => {
          const grant = aGrant({ clientId: client.id, userId });
          return the.store.codes.save(aCode(grant), grant);
        },
        session: (userId) => the.store.sessions.save(unique(), aSession(userId)),
        ticket: (userId) => the.store.tickets.create(aTicket({ clientId: client.id, userId }), NOW),
      };
      for (const [thing, begin] of Object.entries(things)) {
        const userId = unique();
        await begin(userId);
        assert.equal(await the.store.users.remove(userId), true, thing);
        assert.equal(await the.store.users.remove(userId), false, thing);
      }
    });
  });
}
