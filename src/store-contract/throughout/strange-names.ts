// Names that strangers make up: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Store } from '../../store/store.ts';
import { aJwt, aJwtOf, type Contract, isInForce } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient, aClientsOwnToken, aGrant, aLogout, aUser, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Store']);

export function strangeNamesContract(the: Contract): void {
  describe('a name that a stranger made up', () => {
    const NAMES = {
      nothing: '',
      'a NUL': 'a\0b',
      'half a surrogate pair': 'a\ud83d',
      quotes: `'"\`''""`,
      'SQL words': 'NULL',
      'a backslash and a brace': '\\{a,b}',
      'an emoji of many parts': '👩‍👩‍👧',
      '10,000 characters': 'x'.repeat(10_000),
      'a name that every object has': '__proto__',
    };
    /** What a database might take one of them for. */
    const NEIGHBOURS = ['a', 'ab', 'a\ufffd', 'null', '{a,b}', '👩'];

    /** What the id of a user is: a store may refuse any other. */
    const isAscii = (name: string) => /^[ -~]*$/.test(name);

    const finders = {
      'clients.find': (name: string) => the.store.clients.find(name),
      'users.find': (name: string) => people.users.find(name),
      'users.findByUsername': (name: string) => the.store.users.findByUsername(name),
      'consents.find of a user': (name: string) => the.store.consents.find(name, 'a', 'a'),
      'consents.find of a client': (name: string) => the.store.consents.find('a', name, 'a'),
      'consents.find of a resource': (name: string) => the.store.consents.find('a', 'a', name),
      'grants.find': (name: string) => the.store.grants.find(name, NOW),
    };

    const logout = aLogout(aGrant({ clientId: 'a' }), { id: 'ab' });
    /** Only of users: no client has the id of one. */
    let people: Store;
    after(() => people.close());

    before(async () => {
      people = await the.open();
      for (const name of NEIGHBOURS) {
        await the.store.clients.save(aClient({ id: name }));
        await the.store.users.save(aUser({ username: name }));
        if (isAscii(name)) await people.users.save(aUser({ id: name }));
        for (const [userId, clientId, resource] of [
          [name, 'a', 'a'],
          ['a', name, 'a'],
          ['a', 'a', name],
        ] as const) {
          await the.store.consents.add({ userId, clientId, resource, scope: ['read'] });
        }
        await the.savedCode({}, aGrant({ id: name, session: name }));
      }
      await the.store.grants.leaveSession([{ grantId: 'a', stays: true, logout }], NOW);
    });

    for (const [what, name] of Object.entries(NAMES)) {
      for (const [finder, find] of Object.entries(finders)) {
        it(`finds nothing: ${what}, by ${finder}`, async () => {
          assert.equal(await find(name), undefined);
        });
      }

      it(`gets no token for a client that is not there: ${what}`, async () => {
        const accessToken = aClientsOwnToken({ clientId: name });
        const { issueIfUnchanged } = the.store.tokens;
        assert.equal(await issueIfUnchanged(accessToken, aClient({ id: name })), false);
        const jwt = aClientsOwnToken({ clientId: name, jti: unique() });
        assert.equal(await issueIfUnchanged(jwt, aClient({ id: name })), false);
      });

      it(`is of no session and no logout: ${what}`, async () => {
        same(await the.store.grants.listBySession(name, NOW), []);
        same(await the.store.logouts.find([name], NOW), []);
        same(await the.store.logouts.find([name, logout.id], NOW), [logout]);
      });

      it(`is of no grant and no client, and brings no JWT into force: ${what}`, async () => {
        for (const names of [{ clientId: name }, { clientId: 'a', grantId: name }]) {
          assert.equal(await isInForce(the.store, aJwt(names), NOW), false);
        }
      });
    }

    it('is in nobody else’s way who asks at the same moment', async () => {
      const [client, { grant }] = [aClient(), await the.savedCode()];
      await the.store.clients.save(client);
      const [found, isHere] = await Promise.all([
        the.store.clients.find(client.id),
        isInForce(the.store, aJwtOf(grant), NOW),
        ...Object.values(NAMES).flatMap((name): Promise<unknown>[] => [
          the.store.clients.find(name),
          isInForce(the.store, aJwt({ clientId: name, grantId: name }), NOW),
        ]),
      ]);
      same(found, client);
      assert.equal(isHere, true);
    });

    it('is found where it was saved, as far as any database can keep it', async () => {
      for (const what of ['quotes', 'a backslash and a brace', 'an emoji of many parts'] as const) {
        const name = NAMES[what];
        const client = aClient({ id: name, name });
        await the.store.clients.save(client);
        same(await the.store.clients.find(name), client);
        const id = isAscii(name) ? `user ${name}` : unique();
        const user = aUser({ id, username: name, name });
        await the.store.users.save(user);
        same(await the.store.users.find(user.id), user);
        same(await the.store.users.findByUsername(name), user);
        const consent = { userId: name, clientId: name, resource: name, scope: ['read'] };
        await the.store.consents.add(consent);
        same(await the.store.consents.find(name, name, name), consent);
        const { grant } = await the.savedCode({}, aGrant({ id: name, userId: name }));
        same(await the.store.grants.find(name, NOW), grant);
      }
    });
  });
}
