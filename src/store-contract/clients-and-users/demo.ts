// What the demo wrote: it gives way to everybody else. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { SubjectTaken, UsernameTaken } from '../../store/store.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient, aClientsOwnToken, aUser, NOW } from '../records.ts';
import { same } from '../same.ts';
import { ALL, begun, NONE } from './begun.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function demoContract(the: Contract): void {
  describe('what the demo wrote', () => {
    it('is listed by its source, and nothing else is', async () => {
      const other = await the.open();
      const [demo, seed] = [aClient({ source: 'demo' }), aClient({ source: 'seed' })];
      const [alice, maria] = [aUser({ source: 'demo' }), aUser({ source: 'seed' })];
      for (const client of [demo, seed, aClient()]) await other.clients.save(client);
      for (const user of [alice, maria, aUser()]) await other.users.save(user);
      same(await other.clients.listBySource('demo'), [demo]);
      same(await other.clients.listBySource('seed'), [seed]);
      same(await other.users.listBySource('demo'), [alice]);
      same(await other.users.listBySource('seed'), [maria]);
      await other.close();
    });

    it('gives way to a client with its id, with all that came of it', async () => {
      const [demo, other, user] = [aClient({ source: 'demo' }), aClient(), aUser()];
      await the.store.clients.save(demo);
      await the.store.clients.save(other);
      await the.store.users.save(user);
      const [ofDemo, ofOther] = [await begun(the, demo, user), await begun(the, other, user)];
      const own = aClientsOwnToken({ clientId: demo.id });
      await the.store.tokens.issue({ accessToken: own }, NOW);

      const again = aClient({ id: demo.id, source: 'demo' });
      await the.store.clients.save(again);
      assert.deepEqual(await ofDemo(), ALL, 'not to the demo itself');

      const replacement = aClient({ id: demo.id, source: 'seed' });
      await the.store.clients.save(replacement);
      same(await the.store.clients.find(demo.id), replacement);
      assert.deepEqual(await ofDemo(), { ...NONE, session: true });
      assert.equal(await the.store.accessTokens.find(own.hash, NOW), undefined);
      assert.deepEqual(await ofOther(), ALL);
    });

    for (const verb of ['add', 'save'] as const) {
      it(`gives way to a user with its id, with all that came of it: users.${verb}`, async () => {
        const [demo, other] = [aUser({ source: 'demo' }), aUser({ source: 'seed' })];
        const client = aClient();
        for (const user of [demo, other]) await the.store.users.save(user);
        const [ofDemo, ofOther] = [await begun(the, client, demo), await begun(the, client, other)];
        const replacement = aUser({ id: demo.id, source: 'seed' });
        await the.store.users[verb](replacement);
        same(await the.store.users.find(demo.id), replacement);
        assert.equal(await the.store.users.findByUsername(demo.username), undefined);
        assert.deepEqual(await ofDemo(), NONE);
        assert.deepEqual(await ofOther(), ALL);
      });

      it(`gives way to a user with its username: users.${verb}`, async () => {
        const demo = aUser({ source: 'demo' });
        await the.store.users.save(demo);
        const ofDemo = await begun(the, aClient(), demo);
        const heir = aUser({ username: demo.username });
        await the.store.users[verb](heir);
        assert.equal(await the.store.users.find(demo.id), undefined);
        same(await the.store.users.findByUsername(demo.username), heir);
        assert.deepEqual(await ofDemo(), NONE);
      });
    }

    it('gives way to one of the other kind', async () => {
      const [client, user] = [aClient({ source: 'demo' }), aUser({ source: 'demo' })];
      await the.store.clients.save(client);
      await the.store.users.save(user);
      assert.equal(await the.store.users.add(aUser({ id: client.id })), true);
      await the.store.clients.save(aClient({ id: user.id }));
      assert.equal(await the.store.clients.find(client.id), undefined);
      assert.equal(await the.store.users.find(user.id), undefined);
      assert.equal(await the.store.users.findByUsername(user.username), undefined);
    });

    it('takes nothing from anybody else', async () => {
      const [client, user] = [aClient({ source: 'seed' }), aUser({ source: 'seed' })];
      await the.store.clients.save(client);
      await the.store.users.save(user);
      const demo = { source: 'demo' } as const;
      await assert.rejects(the.store.users.add(aUser({ id: client.id, ...demo })), SubjectTaken);
      await assert.rejects(the.store.clients.save(aClient({ id: user.id, ...demo })), SubjectTaken);
      const named = aUser({ username: user.username, ...demo });
      await assert.rejects(the.store.users.add(named), UsernameTaken);
      assert.equal(await the.store.users.add(aUser({ id: user.id, ...demo })), false);
      same(await the.store.users.find(user.id), user);
    });
  });
}
