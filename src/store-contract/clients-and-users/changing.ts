// Changing users and clients: only as long as they are what they were when they were read. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { UsernameTaken } from '../../store/store.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aClient, aHash, aUser, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function changingContract(the: Contract): void {
  describe('what was read', () => {
    it('is a client that one of 50 callers changes', async () => {
      const client = aClient({ uri: undefined });
      await the.store.clients.save(client);
      const read = (await the.store.clients.find(client.id))!;
      const changes = Array.from({ length: CALLERS }, () => ({ ...read, name: unique() }));
      const changed = await race((caller) => the.store.clients.change(read, changes[caller]!));
      assert.equal(trues(changed), 1);
      same(await the.store.clients.find(client.id), changes[changed.indexOf(true)]);
      assert.equal(await the.store.clients.change(read, client), false);
    });

    it('is a user whom one of 50 callers changes', async () => {
      const user = aUser({ email: undefined, passwordHash: aHash() });
      await the.store.users.save(user);
      const read = (await the.store.users.find(user.id))!;
      const changes = Array.from({ length: CALLERS }, () => ({
        ...read,
        username: unique(),
        claims: { locale: 'de' },
      }));
      const changed = await race((caller) => the.store.users.change(read, changes[caller]!));
      assert.equal(trues(changed), 1);
      const now = changes[changed.indexOf(true)]!;
      same(await the.store.users.find(user.id), now);
      same(await the.store.users.findByUsername(now.username), now);
      assert.equal(await the.store.users.findByUsername(user.username), undefined);
    });

    it('is not brought back by a change: somebody has removed it', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [client, user] = [aClient(), aUser()];
        await the.store.clients.save(client);
        await the.store.users.save(user);
        await race(async (caller) => {
          if (caller === 25) await the.store.clients.remove(client.id);
          else if (caller === 26) await the.store.users.remove(user.id);
          else if (caller % 2 === 0) await the.store.clients.change(client, client);
          else await the.store.users.change(user, user);
        });
        assert.equal(await the.store.clients.find(client.id), undefined);
        assert.equal(await the.store.users.find(user.id), undefined);
        assert.equal(await the.store.clients.change(client, client), false);
        assert.equal(await the.store.users.change(user, user), false);
      }
    });

    it('is not what it was once the password is another: nobody loses a new one', async () => {
      for (let round = 0; round < 5; round += 1) {
        const user = aUser({ passwordHash: aHash() });
        await the.store.users.save(user);
        const fresh = aHash();
        const renamed = { ...user, name: 'Renamed' };
        const [passwordChanged] = await Promise.all([
          the.store.users.changePassword(user.id, user.passwordHash!, fresh),
          the.store.users.change(user, renamed),
        ]);
        assert.equal(passwordChanged, true);
        assert.equal((await the.store.users.find(user.id))?.passwordHash, fresh);
      }
    });

    it('cannot take the username of another', async () => {
      const [user, other] = [aUser(), aUser()];
      for (const one of [user, other]) await the.store.users.save(one);
      const taking = { ...user, username: other.username };
      await assert.rejects(the.store.users.change(user, taking), UsernameTaken);
      same(await the.store.users.find(user.id), user);
    });
  });
}
