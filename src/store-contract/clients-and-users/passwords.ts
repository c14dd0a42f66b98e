// Passwords: what the port promises of changing them, and of the kinds of their hashes. See index.ts.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe } from 'node:test';
import { randomToken } from '../../protocol/secrets.ts';
import type { User } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { race, trues } from '../race.ts';
import { aHash, aUser, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Users', 'Sessions'], ['passwordKind']);

/** Somebody who signs in with a password. */
const aPerson = (changes: Partial<User> = {}): User =>
  aUser({ email: 'zoe@example.org', passwordHash: aHash(), ...changes });

export function passwordsContract(the: Contract): void {
  describe('changing a password', () => {
    it('replaces the hash that was checked, notes the time and leaves the rest', async () => {
      const user = aPerson();
      await the.store.users.save(user);
      assert.equal(
        await the.store.users.changePassword(user.id, user.passwordHash!, 'new', NOW),
        true,
      );
      const changed = { ...user, passwordHash: 'new', passwordChangedAt: NOW };
      same(await the.store.users.find(user.id), changed);
      same(await the.store.users.findByUsername(user.username), changed);
    });

    it('changes nothing if the hash is another by now, or there is none, or no such user', async () => {
      const user = aPerson();
      const foreign = aPerson({ passwordHash: undefined });
      await the.store.users.save(user);
      await the.store.users.save(foreign);
      assert.equal(await the.store.users.changePassword(user.id, 'another', 'new', NOW), false);
      assert.equal(await the.store.users.changePassword(foreign.id, '', 'new', NOW), false);
      assert.equal(
        await the.store.users.changePassword(unique(), user.passwordHash!, 'new', NOW),
        false,
      );
      same(await the.store.users.find(user.id), user);
      same(await the.store.users.find(foreign.id), foreign);
    });

    it('leaves the time of the last change if the same password is only hashed anew', async () => {
      for (const passwordChangedAt of [undefined, NOW]) {
        const user = aPerson({ passwordChangedAt });
        await the.store.users.save(user);
        assert.equal(
          await the.store.users.changePassword(user.id, user.passwordHash!, 'new'),
          true,
        );
        same(await the.store.users.find(user.id), { ...user, passwordHash: 'new' });
      }
    });

    it('is for exactly one of 50 callers who checked the same one', async () => {
      const user = aPerson();
      await the.store.users.save(user);
      const answers = await race((caller) =>
        the.store.users.changePassword(user.id, user.passwordHash!, `hash-${caller}`, NOW),
      );
      assert.equal(trues(answers), 1);
      const { passwordHash } = (await the.store.users.find(user.id))!;
      assert.equal(passwordHash, `hash-${answers.indexOf(true)}`);
    });
  });

  describe('the kinds of password hashes', () => {
    const kinds = [
      '$argon2d$v=19$m=64,t=1,p=1$',
      '$argon2id$v=19$m=19456,t=2,p=1$',
      '$argon2id$v=19$m=65536,t=3,p=4$',
    ];
    const aHashOf = (kind: string) =>
      `${kind}${randomToken().replaceAll(/[-_]/g, '+')}$a/Zz+09${'A'.repeat(36)}`;

    it('are those that users have, each once, and no longer when nobody has it', async () => {
      const own = await the.open();
      const found = async () => [...(await own.users.passwordKinds())].sort();
      assert.deepEqual(await found(), []);
      const people = [...kinds, ...kinds].map((kind) => aPerson({ passwordHash: aHashOf(kind) }));
      for (const user of people) await own.users.save(user);
      await own.users.save(aPerson({ passwordHash: undefined }));
      assert.deepEqual(await found(), kinds);

      await own.users.changePassword(people[2]!.id, people[2]!.passwordHash!, aHashOf(kinds[0]!));
      assert.deepEqual(await found(), kinds);
      await own.users.save({ ...people[5]!, passwordHash: aHashOf(kinds[0]!) });
      assert.deepEqual(await found(), kinds.slice(0, 2));
      await own.close();
    });

    it('are what stands before the salt, in every form that a hash may have', async () => {
      const own = await the.open();
      const b64 = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
      const rests = {
        $2a$04$: () => './Zz09'.repeat(9).slice(1),
        $2b$12$: () => './Zz09'.repeat(9).slice(0, 53),
        '$pbkdf2$i=20000,l=64$': () => `${b64(16)}$${b64(64)}`,
        '$pbkdf2-sha256$i=27500,l=64$': () => `${b64(8)}$${b64(64)}`,
        '$scrypt$ln=14,r=8,p=1$': () => `${b64(64)}$${b64(32)}`,
      };
      for (const [kind, rest] of Object.entries(rests)) {
        for (const passwordHash of [kind + rest(), kind + rest()]) {
          await own.users.save(aPerson({ passwordHash }));
        }
      }
      const found = [...(await own.users.passwordKinds())].sort();
      assert.deepEqual(found, Object.keys(rests).sort());
      await own.close();
    });

    it('are at most 16', async () => {
      const own = await the.open();
      for (let time = 1; time <= 20; time += 1) {
        const passwordHash = aHashOf(`$argon2id$v=19$m=64,t=${time},p=1$`);
        await own.users.save(aPerson({ passwordHash }));
      }
      assert.equal((await own.users.passwordKinds()).length, 16);
      await own.close();
    });
  });
}
