// Adding users and clients: nobody replaces one who is there. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { SubjectTaken, UsernameTaken } from '../../store/store.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aClient, aHash, aUser, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function addingContract(the: Contract): void {
  describe('users.add', () => {
    it('adds a user with everything it had', async () => {
      const user = aUser({
        email: 'zoë@example.org',
        passwordHash: aHash(),
        source: 'seed',
      });
      assert.equal(await the.store.users.add(user), true);
      same(await the.store.users.find(user.id), user);
      same(await the.store.users.findByUsername(user.username), user);
    });

    it('changes nothing of a user who is there', async () => {
      const user = aUser({ passwordHash: aHash() });
      await the.store.users.save(user);
      for (const username of [user.username, unique()]) {
        const again = aUser({ id: user.id, username, passwordHash: aHash() });
        assert.equal(await the.store.users.add(again), false);
      }
      same(await the.store.users.find(user.id), user);
      same(await the.store.users.findByUsername(user.username), user);
    });

    it('rejects a username that another has', async () => {
      const user = aUser();
      await the.store.users.save(user);
      const rival = aUser({ username: user.username });
      await assert.rejects(the.store.users.add(rival), UsernameTaken);
      assert.equal(await the.store.users.find(rival.id), undefined);
      same(await the.store.users.findByUsername(user.username), user);
    });

    it('lets one of 50 callers add a user, and keeps that one’s password', async () => {
      const [id, username] = [unique(), unique()];
      const users = Array.from({ length: CALLERS }, () =>
        aUser({ id, username, passwordHash: aHash() }),
      );
      const added = await race((caller) => the.store.users.add(users[caller]!));
      assert.equal(trues(added), 1);
      same(await the.store.users.find(id), users[added.indexOf(true)]);
    });

    it('lets one of 50 callers replace a user of the demo', async () => {
      const [id, username] = [unique(), unique()];
      await the.store.users.save(aUser({ id, username, passwordHash: aHash(), source: 'demo' }));
      const users = Array.from({ length: CALLERS }, () =>
        aUser({ id, username, passwordHash: aHash(), source: 'seed' }),
      );
      const added = await race((caller) => the.store.users.add(users[caller]!));
      assert.equal(trues(added), 1);
      same(await the.store.users.find(id), users[added.indexOf(true)]);
    });
  });

  describe('clients.add', () => {
    it('lets one of 50 callers add a client, and changes nothing of one that is there', async () => {
      const id = unique();
      const clients = Array.from({ length: CALLERS }, () => aClient({ id }));
      const added = await race((caller) => the.store.clients.add(clients[caller]!));
      assert.equal(trues(added), 1);
      same(await the.store.clients.find(id), clients[added.indexOf(true)]);
      assert.equal(await the.store.clients.add(aClient({ id })), false);
      same(await the.store.clients.find(id), clients[added.indexOf(true)]);
    });

    it('rejects the id of a user, and takes that of a client of the demo', async () => {
      const [user, demo] = [aUser(), aClient({ source: 'demo' })];
      await the.store.users.save(user);
      await the.store.clients.save(demo);
      await assert.rejects(the.store.clients.add(aClient({ id: user.id })), SubjectTaken);
      assert.equal(await the.store.clients.add(aClient({ id: demo.id, source: 'demo' })), false);
      assert.equal(await the.store.clients.add(aClient({ id: demo.id })), true);
    });
  });
}
