// What the port promises of passwords and sessions, asked of any store. `open` answers a store of its
// own.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { randomToken } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session, SessionOwner } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import { promised } from './promised.ts';
import * as records from './records.ts';
import {
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  race,
  registering,
  same,
  sameSet,
  trues,
  unique,
} from './records.ts';

const it = promised(['Users', 'Sessions'], ['passwordKind']);

const aUser = (changes: Partial<User> = {}): User =>
  records.aUser({ email: 'zoe@example.org', passwordHash: records.aHash(), ...changes });

const aSession = (userId: string, changes: Partial<Session> = {}) => ({
  data: JSON.stringify({ text: `Zoë ${unique()}` }),
  expiresAt: NOW + DAY,
  userId,
  createdAt: NOW - HOUR,
  seenAt: NOW - MINUTE,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  ...changes,
});

export function signInContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises that signing in relies on`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    describe('changing a password', () => {
      it('replaces the hash that was checked, notes the time and leaves the rest', async () => {
        const user = aUser();
        await store.users.save(user);
        assert.equal(
          await store.users.changePassword(user.id, user.passwordHash!, 'new', NOW),
          true,
        );
        const changed = { ...user, passwordHash: 'new', passwordChangedAt: NOW };
        same(await store.users.find(user.id), changed);
        same(await store.users.findByUsername(user.username), changed);
      });

      it('changes nothing if the hash is another by now, or there is none, or no such user', async () => {
        const user = aUser();
        const foreign = aUser({ passwordHash: undefined });
        await store.users.save(user);
        await store.users.save(foreign);
        assert.equal(await store.users.changePassword(user.id, 'another', 'new', NOW), false);
        assert.equal(await store.users.changePassword(foreign.id, '', 'new', NOW), false);
        assert.equal(
          await store.users.changePassword(unique(), user.passwordHash!, 'new', NOW),
          false,
        );
        same(await store.users.find(user.id), user);
        same(await store.users.find(foreign.id), foreign);
      });

      it('leaves the time of the last change if the same password is only hashed anew', async () => {
        for (const passwordChangedAt of [undefined, NOW]) {
          const user = aUser({ passwordChangedAt });
          await store.users.save(user);
          assert.equal(await store.users.changePassword(user.id, user.passwordHash!, 'new'), true);
          same(await store.users.find(user.id), { ...user, passwordHash: 'new' });
        }
      });

      it('is for exactly one of 50 callers who checked the same one', async () => {
        const user = aUser();
        await store.users.save(user);
        const answers = await race((caller) =>
          store.users.changePassword(user.id, user.passwordHash!, `hash-${caller}`, NOW),
        );
        assert.equal(trues(answers), 1);
        const { passwordHash } = (await store.users.find(user.id))!;
        assert.equal(passwordHash, `hash-${answers.indexOf(true)}`);
      });
    });

    describe('the kinds of password hashes', () => {
      const kinds = [
        '$argon2d$v=19$m=64,t=1,p=1$',
        '$argon2id$v=19$m=19456,t=2,p=1$',
        '$argon2id$v=19$m=65536,t=3,p=4$',
      ];
      const aHash = (kind: string) =>
        `${kind}${randomToken().replaceAll(/[-_]/g, '+')}$a/Zz+09${'A'.repeat(36)}`;

      it('are those that users have, each once, and no longer when nobody has it', async () => {
        const own = await open();
        const found = async () => [...(await own.users.passwordKinds())].sort();
        assert.deepEqual(await found(), []);
        const people = [...kinds, ...kinds].map((kind) => aUser({ passwordHash: aHash(kind) }));
        for (const user of people) await own.users.save(user);
        await own.users.save(aUser({ passwordHash: undefined }));
        assert.deepEqual(await found(), kinds);

        await own.users.changePassword(people[2]!.id, people[2]!.passwordHash!, aHash(kinds[0]!));
        assert.deepEqual(await found(), kinds);
        await own.users.save({ ...people[5]!, passwordHash: aHash(kinds[0]!) });
        assert.deepEqual(await found(), kinds.slice(0, 2));
        await own.close();
      });

      it('are what stands before the salt, in every form that a hash may have', async () => {
        const own = await open();
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
            await own.users.save(aUser({ passwordHash }));
          }
        }
        const found = [...(await own.users.passwordKinds())].sort();
        assert.deepEqual(found, Object.keys(rests).sort());
        await own.close();
      });

      it('are at most 16', async () => {
        const own = await open();
        for (let time = 1; time <= 20; time += 1) {
          const passwordHash = aHash(`$argon2id$v=19$m=64,t=${time},p=1$`);
          await own.users.save(aUser({ passwordHash }));
        }
        assert.equal((await own.users.passwordKinds()).length, 16);
        await own.close();
      });
    });

    describe('the sessions of a user', () => {
      async function saved(userId = unique(), changes: Partial<Session> = {}) {
        const hash = unique();
        const session = aSession(userId, changes);
        await store.sessions.save(hash, session);
        return { hash, session, userId };
      }

      const hashesOf = async (userId: string, now = NOW) =>
        (await store.sessions.listByUser(userId, now)).map(({ hash }) => hash).sort();

      it('are all that have not expired, whole, and nobody else’s', async () => {
        const first = await saved();
        const { userId } = first;
        const second = await saved(userId, { expiresAt: NOW + HOUR });
        await saved();
        await store.sessions.save(unique(), { data: '{}', expiresAt: NOW + DAY });
        sameSet(
          await store.sessions.listByUser(userId, NOW),
          [first, second].map(({ hash, session }) => ({ ...session, hash })),
        );
        same(await store.sessions.find(first.hash, NOW), first.session);
        assert.deepEqual(await hashesOf(userId, NOW + HOUR), [first.hash]);
        assert.deepEqual(await hashesOf(unique()), []);
      });

      it('are listed no more once deleted, saved as nobody’s, or purged', async () => {
        const { userId, hash: deleted } = await saved();
        const { hash: nobodys } = await saved(userId);
        const { hash: purged } = await saved(userId, { expiresAt: NOW - 10 * DAY });
        const long = await saved(userId);
        await store.sessions.delete(deleted);
        await store.sessions.save(nobodys, { data: '{}', expiresAt: NOW + DAY });
        await store.purge(NOW, 1000);
        assert.deepEqual(await hashesOf(userId, NOW - 20 * DAY), [long.hash]);
        assert.equal(await store.sessions.find(purged, NOW - 20 * DAY), undefined);
      });

      it('belong to whoever they were saved for last', async () => {
        const { userId, hash } = await saved();
        const heir = unique();
        await store.sessions.save(hash, aSession(heir));
        assert.deepEqual(await hashesOf(userId), []);
        assert.deepEqual(await hashesOf(heir), [hash]);
      });

      it('are updated in data and expiry alone', async () => {
        const { hash, session, userId } = await saved();
        const update = { data: '{"new":true}', expiresAt: NOW + 2 * DAY };
        assert.equal(await store.sessions.update(hash, update, NOW), true);
        same(await store.sessions.find(hash, NOW), { ...session, ...update });
        assert.deepEqual(await hashesOf(userId, NOW + 2 * DAY - 1), [hash]);
      });

      it('are not brought back by an update, once ended or expired', async () => {
        const ended = await saved();
        const expired = await saved();
        const update = { data: '{}', expiresAt: NOW + 9 * DAY };
        assert.equal(await store.sessions.end(ended.hash, ended.userId, NOW), true);
        assert.equal(await store.sessions.update(ended.hash, update, NOW), false);
        assert.equal(await store.sessions.update(expired.hash, update, NOW + DAY), false);
        assert.equal(await store.sessions.update(unique(), update, NOW), false);
        assert.equal(await store.sessions.find(ended.hash, NOW), undefined);
        assert.equal(await store.sessions.find(expired.hash, NOW + DAY), undefined);
      });

      it('are noted by who is signed in, when and with what, and not brought back by that', async () => {
        const owner: SessionOwner = {
          userId: unique(),
          createdAt: NOW - DAY,
          seenAt: NOW,
          userAgent: 'a browser',
        };
        const hash = unique();
        const before = { data: '{"old":true}', expiresAt: NOW + DAY };
        await store.sessions.save(hash, before);
        await store.sessions.note(hash, owner, NOW);
        same(await store.sessions.find(hash, NOW), { ...before, ...owner });
        assert.deepEqual(await hashesOf(owner.userId), [hash]);

        await store.sessions.end(hash, owner.userId, NOW);
        await store.sessions.note(hash, owner, NOW);
        assert.equal(await store.sessions.find(hash, NOW), undefined);
        assert.deepEqual(await hashesOf(owner.userId), []);
      });

      it('are ended by their own user only, and once', async () => {
        const { hash, session, userId } = await saved();
        assert.equal(await store.sessions.end(hash, unique(), NOW), false);
        assert.equal(await store.sessions.end(unique(), userId, NOW), false);
        assert.equal(await store.sessions.end(hash, userId, session.expiresAt), false);
        same(await store.sessions.find(hash, NOW), session);
        assert.equal(trues(await race(() => store.sessions.end(hash, userId, NOW))), 1);
        assert.equal(await store.sessions.find(hash, NOW), undefined);
      });

      it('are ended but for one, and nobody else’s with them', async () => {
        const { hash: kept, userId } = await saved();
        const others = [await saved(userId), await saved(userId)];
        const stranger = await saved();
        assert.equal(await store.sessions.endOthers(userId, kept, NOW), others.length);
        assert.deepEqual(await hashesOf(userId), [kept]);
        for (const { hash } of others) {
          assert.equal(await store.sessions.find(hash, NOW), undefined);
        }
        assert.deepEqual(await hashesOf(stranger.userId), [stranger.hash]);
        assert.equal(await store.sessions.endOthers(userId, kept, NOW), 0);
      });

      it('are not ended for the sake of one that is not the user’s, or is over', async () => {
        const { hash, userId } = await saved();
        const stranger = await saved();
        const expired = await saved(userId, { expiresAt: NOW });
        for (const keep of [unique(), stranger.hash, expired.hash]) {
          assert.equal(await store.sessions.endOthers(userId, keep, NOW), 0);
        }
        assert.deepEqual(await hashesOf(userId), [hash]);
      });

      it('are down to exactly one when each of 50 ends all others at once', async () => {
        const userId = unique();
        const all = await race(() => saved(userId));
        const ended = await Promise.all(
          all.map(({ hash }) => store.sessions.endOthers(userId, hash, NOW)),
        );
        assert.equal(ended.filter((count) => count > 0).length, 1);
        assert.equal((await hashesOf(userId)).length, 1);
      });

      it('stay ended whatever 50 requests on their way still save', async () => {
        const { hash, userId } = await saved();
        const { hash: kept } = await saved(userId);
        await race(async (caller) => {
          if (caller === CALLERS / 2) await store.sessions.endOthers(userId, kept, NOW);
          await store.sessions.update(hash, { data: '{}', expiresAt: NOW + DAY }, NOW);
          const owner = { userId, createdAt: NOW, seenAt: NOW, userAgent: '' };
          await store.sessions.note(hash, owner, NOW);
        });
        assert.equal(await store.sessions.find(hash, NOW), undefined);
        assert.deepEqual(await hashesOf(userId), [kept]);
      });
    });
  });
}
