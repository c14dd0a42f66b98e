// Users by the names that people type: what the port promises of finding them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { aUser, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function typedNamesContract(the: Contract): void {
  describe('users.findByTypedName', () => {
    it('finds a user however the name is typed, until it is another', async () => {
      const name = `Zoë-${unique()}`;
      const user = aUser({ username: name });
      await the.store.users.save(user);
      const spellings = [name, name.toUpperCase(), name.toLowerCase(), `\u00a0${name} \t`];
      for (const typed of [...spellings, name.normalize('NFD')]) {
        same(await the.store.users.findByTypedName(typed), user);
      }
      assert.equal(await the.store.users.findByTypedName(`${name}x`), undefined);
      assert.equal(await the.store.users.findByTypedName(`${name}\0`), undefined);
      assert.equal(await the.store.users.findByUsername(name.toUpperCase()), undefined);
      const renamed = { ...user, username: unique() };
      await the.store.users.save(renamed);
      for (const typed of spellings) {
        assert.equal(await the.store.users.findByTypedName(typed), undefined);
      }
      same(await the.store.users.findByTypedName(renamed.username), renamed);
    });

    it('finds the one who has it letter for letter among many, and otherwise none of them', async () => {
      const name = unique().toLowerCase();
      const alike = [`A${name}`, `a${name}`, ` a${name}`, `a${name} `].map((username) =>
        aUser({ username }),
      );
      for (const user of alike) await the.store.users.save(user);
      for (const user of alike) same(await the.store.users.findByTypedName(user.username), user);
      assert.equal(await the.store.users.findByTypedName(`a${name}\u00a0`), undefined);
    });

    it('finds whoever is left when one of the demo has given way', async () => {
      const username = unique();
      await the.store.users.save(aUser({ username, source: 'demo' }));
      const heir = aUser({ username });
      await the.store.users.save(heir);
      same(await the.store.users.findByTypedName(username.toUpperCase()), heir);
    });
  });
}
