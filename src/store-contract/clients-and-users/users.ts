// Users: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { UsernameTaken } from '../../store/store.ts';
import type { User } from '../../types.ts';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS } from '../race.ts';
import { aHash, aUser, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(
  ['Clients', 'Users'],
  ['soundClient', 'soundUser', 'makeWayForClient', 'makeWayForUser', 'isHeld'],
);

export function usersContract(the: Contract): void {
  describe('users', () => {
    it('finds a saved user by id and by username with everything it had', async () => {
      const claims = { email_verified: true, address: { country: '日本' }, groups: ['a', 'b'] };
      const user = aUser({
        email: 'zoë@example.org',
        passwordHash: aHash(),
        passwordChangedAt: NOW - 2,
        enabledAt: NOW - 1,
        claims,
      });
      await the.store.users.save(user);
      same(await the.store.users.find(user.id), user);
      same(await the.store.users.findByUsername(user.username), user);
    });

    it('finds a user without any optional field', async () => {
      const user = aUser();
      await the.store.users.save(user);
      same(await the.store.users.find(user.id), user);
    });

    it('finds nothing under an id or a username that nobody saved', async () => {
      assert.equal(await the.store.users.find(unique()), undefined);
      assert.equal(await the.store.users.findByUsername(unique()), undefined);
      assert.equal(await the.store.users.findByUsername('__proto__'), undefined);
    });

    it('replaces all of the user that has the id', async () => {
      const user = aUser({ email: 'a@example.org', passwordHash: aHash() });
      await the.store.users.save(user);
      const replacement: User = { id: user.id, username: user.username, name: 'Another' };
      await the.store.users.save(replacement);
      same(await the.store.users.find(user.id), replacement);
      same(await the.store.users.findByUsername(user.username), replacement);
    });

    it('rejects a user whose username is that of another, and changes neither', async () => {
      const first = aUser();
      await the.store.users.save(first);
      const second = aUser({ username: first.username });
      await assert.rejects(the.store.users.save(second), UsernameTaken);
      assert.equal(await the.store.users.find(second.id), undefined);
      same(await the.store.users.findByUsername(first.username), first);
    });

    it('rejects a new username that is that of another, and changes neither', async () => {
      const first = aUser();
      const second = aUser();
      await the.store.users.save(first);
      await the.store.users.save(second);
      await assert.rejects(
        the.store.users.save({ ...second, username: first.username }),
        UsernameTaken,
      );
      same(await the.store.users.findByUsername(first.username), first);
      same(await the.store.users.findByUsername(second.username), second);
      same(await the.store.users.find(second.id), second);
    });

    it('frees the old username of a user that takes a new one', async () => {
      const user = aUser();
      await the.store.users.save(user);
      const renamed = { ...user, username: unique() };
      await the.store.users.save(renamed);
      assert.equal(await the.store.users.findByUsername(user.username), undefined);
      same(await the.store.users.findByUsername(renamed.username), renamed);

      const heir = aUser({ username: user.username });
      await the.store.users.save(heir);
      same(await the.store.users.findByUsername(user.username), heir);
    });

    it('gives a username to exactly one of 50 users who want it at once', async () => {
      const username = unique();
      const rivals = Array.from({ length: CALLERS }, () => aUser({ username }));
      const saves = await Promise.allSettled(rivals.map((rival) => the.store.users.save(rival)));
      assert.equal(saves.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const save of saves) {
        if (save.status === 'rejected') assert.ok(save.reason instanceof UsernameTaken);
      }
      const winner = rivals[saves.findIndex(({ status }) => status === 'fulfilled')];
      same(await the.store.users.findByUsername(username), winner);
    });

    it('leaves a user as it was when a caller changes the object it saved or got', async () => {
      const user = aUser();
      const original = structuredClone(user);
      await the.store.users.save(user);
      scribble(user);
      same(await the.store.users.findByUsername(original.username), original);
      scribble(await the.store.users.find(original.id));
      same(await the.store.users.find(original.id), original);
    });
  });
}
