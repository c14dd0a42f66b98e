// Clients: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(
  ['Clients', 'Users'],
  ['soundClient', 'soundUser', 'makeWayForClient', 'makeWayForUser', 'isHeld'],
);

export function clientsContract(the: Contract): void {
  describe('clients', () => {
    it('finds a saved client with everything it had', async () => {
      const client = aClient({
        uri: 'https://client.example/',
        tokenEndpointAuthMethod: 'client_secret_post',
        requirePkce: false,
        accessTokenLifetime: 60,
        refreshTokenLifetime: 3600,
      });
      await the.store.clients.save(client);
      same(await the.store.clients.find(client.id), client);
    });

    it('finds a client without any optional field', async () => {
      const client = aClient({ secretHashes: [], redirectUris: [], scope: [] });
      await the.store.clients.save(client);
      same(await the.store.clients.find(client.id), client);
    });

    it('finds nothing under an id that nobody saved', async () => {
      assert.equal(await the.store.clients.find(unique()), undefined);
      assert.equal(await the.store.clients.find('__proto__'), undefined);
      assert.equal(await the.store.clients.find('constructor'), undefined);
    });

    it('replaces all of the client that has the id', async () => {
      const client = aClient({ uri: 'https://client.example/', accessTokenLifetime: 60 });
      await the.store.clients.save(client);
      const replacement = aClient({ id: client.id, name: 'Another', scope: ['admin'] });
      await the.store.clients.save(replacement);
      same(await the.store.clients.find(client.id), replacement);
    });

    it('leaves a client as it was when a caller changes the object it saved or got', async () => {
      const client = aClient();
      const original = structuredClone(client);
      await the.store.clients.save(client);
      scribble(client);
      same(await the.store.clients.find(original.id), original);
      scribble(await the.store.clients.find(original.id));
      same(await the.store.clients.find(original.id), original);
    });
  });
}
