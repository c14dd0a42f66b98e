// Ids of clients and users: each is one subject. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { SubjectTaken } from '../../store/store.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aClient, aUser, unique } from '../records.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function idsContract(the: Contract): void {
  describe('an id', () => {
    it('of a client is not given to a user', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const user = aUser({ id: client.id });
      await assert.rejects(the.store.users.add(user), SubjectTaken);
      await assert.rejects(the.store.users.save(user), SubjectTaken);
      assert.equal(await the.store.users.find(user.id), undefined);
      assert.equal(await the.store.users.findByUsername(user.username), undefined);
    });

    it('of a user is not given to a client', async () => {
      const user = aUser();
      await the.store.users.save(user);
      await assert.rejects(the.store.clients.save(aClient({ id: user.id })), SubjectTaken);
      assert.equal(await the.store.clients.find(user.id), undefined);
    });

    it('goes to one of the two kinds when 50 callers want it at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const id = unique();
        const kept = await race(async (caller) => {
          const act =
            caller % 2 === 0
              ? the.store.clients.save(aClient({ id }))
              : the.store.users.save(aUser({ id }));
          return act.then(
            () => true,
            (error: unknown) => {
              assert.ok(error instanceof SubjectTaken, String(error));
              return false;
            },
          );
        });
        const [client, user] = [await the.store.clients.find(id), await the.store.users.find(id)];
        assert.equal((client === undefined) !== (user === undefined), true);
        assert.equal(trues(kept), CALLERS / 2);
        assert.equal(trues(kept.filter((_, caller) => caller % 2 === 0)) > 0, user === undefined);
      }
      assert.deepEqual(await the.store.clients.listShared(10), []);
    });
  });
}
