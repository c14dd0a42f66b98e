// What the port promises of clients and users together: each id is one subject, a user is added once,
// and what the demo wrote gives way. `open` answers a store of its own.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { type Store, SubjectTaken, UsernameTaken } from '../store/store.ts';
import type { Client, User } from '../types.ts';
import { promised } from './promised.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aHash,
  aTicket,
  aUser,
  CALLERS,
  HOUR,
  NOW,
  race,
  registering,
  same,
  someTokens,
  trues,
  unique,
} from './records.ts';

const it = promised(['Clients', 'Users'], ['foldName', 'makeWayForClient', 'makeWayForUser']);

export function subjectsContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port about clients and users`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    /** What a person allowed a client: a consent, and tokens by a grant; and where they are signed in. */
    async function begun(client: Client, user: User) {
      const grant = aGrant({ clientId: client.id, userId: user.id });
      const [code, tokens, session] = [aCode(grant), someTokens(grant), unique()];
      const consent = { userId: user.id, clientId: client.id, resource: '', scope: ['read'] };
      await store.consents.add(consent);
      await store.codes.save(code, grant);
      await store.codes.redeem(code.hash, NOW, tokens);
      const owner = { userId: user.id, createdAt: NOW, seenAt: NOW, userAgent: '' };
      await store.sessions.save(session, { data: '{}', expiresAt: NOW + HOUR, ...owner });
      const ticket = aTicket({ clientId: client.id, userId: user.id });
      await store.tickets.create(ticket, NOW);
      return async () => ({
        consent: (await store.consents.find(user.id, client.id, '')) !== undefined,
        grant: (await store.grants.find(grant.id, NOW)) !== undefined,
        access: (await store.accessTokens.find(tokens.accessToken.hash, NOW)) !== undefined,
        refresh: (await store.refreshTokens.find(tokens.refreshToken.hash, NOW)) !== undefined,
        session: (await store.sessions.find(session, NOW)) !== undefined,
        ticket: (await store.tickets.find(ticket.kind, ticket.hash, NOW)) !== undefined,
      });
    }

    const ALL = {
      consent: true,
      grant: true,
      access: true,
      refresh: true,
      session: true,
      ticket: true,
    };
    const NONE = {
      consent: false,
      grant: false,
      access: false,
      refresh: false,
      session: false,
      ticket: false,
    };

    describe('users.findByTypedName', () => {
      it('finds a user however the name is typed, until it is another', async () => {
        const name = `Zoë-${unique()}`;
        const user = aUser({ username: name });
        await store.users.save(user);
        const spellings = [name, name.toUpperCase(), name.toLowerCase(), `\u00a0${name} \t`];
        for (const typed of [...spellings, name.normalize('NFD')]) {
          same(await store.users.findByTypedName(typed), user);
        }
        assert.equal(await store.users.findByTypedName(`${name}x`), undefined);
        assert.equal(await store.users.findByTypedName(`${name}\0`), undefined);
        assert.equal(await store.users.findByUsername(name.toUpperCase()), undefined);
        const renamed = { ...user, username: unique() };
        await store.users.save(renamed);
        for (const typed of spellings) {
          assert.equal(await store.users.findByTypedName(typed), undefined);
        }
        same(await store.users.findByTypedName(renamed.username), renamed);
      });

      it('finds the one who has it letter for letter among many, and otherwise none of them', async () => {
        const name = unique().toLowerCase();
        const alike = [`A${name}`, `a${name}`, ` a${name}`, `a${name} `].map((username) =>
          aUser({ username }),
        );
        for (const user of alike) await store.users.save(user);
        for (const user of alike) same(await store.users.findByTypedName(user.username), user);
        assert.equal(await store.users.findByTypedName(`a${name}\u00a0`), undefined);
      });

      it('finds whoever is left when one of the demo has given way', async () => {
        const username = unique();
        await store.users.save(aUser({ username, source: 'demo' }));
        const heir = aUser({ username });
        await store.users.save(heir);
        same(await store.users.findByTypedName(username.toUpperCase()), heir);
      });
    });

    describe('users.add', () => {
      it('adds a user with everything it had', async () => {
        const user = aUser({
          email: 'zoë@example.org',
          passwordHash: aHash(),
          source: 'seed',
        });
        assert.equal(await store.users.add(user), true);
        same(await store.users.find(user.id), user);
        same(await store.users.findByUsername(user.username), user);
      });

      it('changes nothing of a user who is there', async () => {
        const user = aUser({ passwordHash: aHash() });
        await store.users.save(user);
        for (const username of [user.username, unique()]) {
          const again = aUser({ id: user.id, username, passwordHash: aHash() });
          assert.equal(await store.users.add(again), false);
        }
        same(await store.users.find(user.id), user);
        same(await store.users.findByUsername(user.username), user);
      });

      it('rejects a username that another has', async () => {
        const user = aUser();
        await store.users.save(user);
        const rival = aUser({ username: user.username });
        await assert.rejects(store.users.add(rival), UsernameTaken);
        assert.equal(await store.users.find(rival.id), undefined);
        same(await store.users.findByUsername(user.username), user);
      });

      it('lets one of 50 callers add a user, and keeps that one’s password', async () => {
        const [id, username] = [unique(), unique()];
        const users = Array.from({ length: CALLERS }, () =>
          aUser({ id, username, passwordHash: aHash() }),
        );
        const added = await race((caller) => store.users.add(users[caller]!));
        assert.equal(trues(added), 1);
        same(await store.users.find(id), users[added.indexOf(true)]);
      });

      it('lets one of 50 callers replace a user of the demo', async () => {
        const [id, username] = [unique(), unique()];
        await store.users.save(aUser({ id, username, passwordHash: aHash(), source: 'demo' }));
        const users = Array.from({ length: CALLERS }, () =>
          aUser({ id, username, passwordHash: aHash(), source: 'seed' }),
        );
        const added = await race((caller) => store.users.add(users[caller]!));
        assert.equal(trues(added), 1);
        same(await store.users.find(id), users[added.indexOf(true)]);
      });
    });

    describe('clients.add', () => {
      it('lets one of 50 callers add a client, and changes nothing of one that is there', async () => {
        const id = unique();
        const clients = Array.from({ length: CALLERS }, () => aClient({ id }));
        const added = await race((caller) => store.clients.add(clients[caller]!));
        assert.equal(trues(added), 1);
        same(await store.clients.find(id), clients[added.indexOf(true)]);
        assert.equal(await store.clients.add(aClient({ id })), false);
        same(await store.clients.find(id), clients[added.indexOf(true)]);
      });

      it('rejects the id of a user, and takes that of a client of the demo', async () => {
        const [user, demo] = [aUser(), aClient({ source: 'demo' })];
        await store.users.save(user);
        await store.clients.save(demo);
        await assert.rejects(store.clients.add(aClient({ id: user.id })), SubjectTaken);
        assert.equal(await store.clients.add(aClient({ id: demo.id, source: 'demo' })), false);
        assert.equal(await store.clients.add(aClient({ id: demo.id })), true);
      });
    });

    describe('what was read', () => {
      it('is a client that one of 50 callers changes', async () => {
        const client = aClient({ uri: undefined });
        await store.clients.save(client);
        const read = (await store.clients.find(client.id))!;
        const changes = Array.from({ length: CALLERS }, () => ({ ...read, name: unique() }));
        const changed = await race((caller) => store.clients.change(read, changes[caller]!));
        assert.equal(trues(changed), 1);
        same(await store.clients.find(client.id), changes[changed.indexOf(true)]);
        assert.equal(await store.clients.change(read, client), false);
      });

      it('is a user whom one of 50 callers changes', async () => {
        const user = aUser({ email: undefined, passwordHash: aHash() });
        await store.users.save(user);
        const read = (await store.users.find(user.id))!;
        const changes = Array.from({ length: CALLERS }, () => ({
          ...read,
          username: unique(),
          claims: { locale: 'de' },
        }));
        const changed = await race((caller) => store.users.change(read, changes[caller]!));
        assert.equal(trues(changed), 1);
        const now = changes[changed.indexOf(true)]!;
        same(await store.users.find(user.id), now);
        same(await store.users.findByUsername(now.username), now);
        assert.equal(await store.users.findByUsername(user.username), undefined);
      });

      it('is not brought back by a change: somebody has removed it', async () => {
        for (let round = 0; round < 5; round += 1) {
          const [client, user] = [aClient(), aUser()];
          await store.clients.save(client);
          await store.users.save(user);
          await race(async (caller) => {
            if (caller === 25) await store.clients.remove(client.id);
            else if (caller === 26) await store.users.remove(user.id);
            else if (caller % 2 === 0) await store.clients.change(client, client);
            else await store.users.change(user, user);
          });
          assert.equal(await store.clients.find(client.id), undefined);
          assert.equal(await store.users.find(user.id), undefined);
          assert.equal(await store.clients.change(client, client), false);
          assert.equal(await store.users.change(user, user), false);
        }
      });

      it('is not what it was once the password is another: nobody loses a new one', async () => {
        for (let round = 0; round < 5; round += 1) {
          const user = aUser({ passwordHash: aHash() });
          await store.users.save(user);
          const fresh = aHash();
          const renamed = { ...user, name: 'Renamed' };
          const [passwordChanged] = await Promise.all([
            store.users.changePassword(user.id, user.passwordHash!, fresh),
            store.users.change(user, renamed),
          ]);
          assert.equal(passwordChanged, true);
          assert.equal((await store.users.find(user.id))?.passwordHash, fresh);
        }
      });

      it('cannot take the username of another', async () => {
        const [user, other] = [aUser(), aUser()];
        for (const one of [user, other]) await store.users.save(one);
        const taking = { ...user, username: other.username };
        await assert.rejects(store.users.change(user, taking), UsernameTaken);
        same(await store.users.find(user.id), user);
      });
    });

    describe('users.remove', () => {
      it('ends all that the person had, and nothing else, for the one of 50 who did it', async () => {
        const [user, other, client] = [aUser({ passwordHash: aHash() }), aUser(), aClient()];
        for (const one of [user, other]) await store.users.save(one);
        const [ofUser, ofOther] = [await begun(client, user), await begun(client, other)];
        const removed = await race(() => store.users.remove(user.id));
        assert.equal(trues(removed), 1);
        assert.equal(await store.users.find(user.id), undefined);
        assert.equal(await store.users.findByTypedName(user.username), undefined);
        assert.deepEqual(await ofUser(), NONE);
        assert.deepEqual(await ofOther(), ALL);
        assert.equal(await store.users.remove(unique()), false);
        await store.users.save(aUser({ username: user.username }));
      });

      it('does the same for a person who has no record, because an app keeps it', async () => {
        const [person, other, client] = [aUser(), aUser(), aClient()];
        const [ofPerson, ofOther] = [await begun(client, person), await begun(client, other)];
        assert.deepEqual(await ofPerson(), ALL);
        assert.equal(trues(await race(() => store.users.remove(person.id))), 1);
        assert.deepEqual(await ofPerson(), NONE);
        assert.deepEqual(await ofOther(), ALL);
      });

      it('finds whatever there is of a person, if it is one thing alone', async () => {
        const client = aClient();
        await store.clients.save(client);
        const things: Record<string, (userId: string) => Promise<unknown>> = {
          consent: (userId) =>
            store.consents.add({ userId, clientId: client.id, resource: '', scope: ['read'] }),
          grant: (userId) => {
            const grant = aGrant({ clientId: client.id, userId });
            return store.codes.save(aCode(grant), grant);
          },
          session: (userId) => {
            const owner = { userId, createdAt: NOW, seenAt: NOW, userAgent: '' };
            return store.sessions.save(unique(), { data: '{}', expiresAt: NOW + HOUR, ...owner });
          },
          ticket: (userId) => store.tickets.create(aTicket({ clientId: client.id, userId }), NOW),
        };
        for (const [thing, begin] of Object.entries(things)) {
          const userId = unique();
          await begin(userId);
          assert.equal(await store.users.remove(userId), true, thing);
          assert.equal(await store.users.remove(userId), false, thing);
        }
      });
    });

    describe('an id', () => {
      it('of a client is not given to a user', async () => {
        const client = aClient();
        await store.clients.save(client);
        const user = aUser({ id: client.id });
        await assert.rejects(store.users.add(user), SubjectTaken);
        await assert.rejects(store.users.save(user), SubjectTaken);
        assert.equal(await store.users.find(user.id), undefined);
        assert.equal(await store.users.findByUsername(user.username), undefined);
      });

      it('of a user is not given to a client', async () => {
        const user = aUser();
        await store.users.save(user);
        await assert.rejects(store.clients.save(aClient({ id: user.id })), SubjectTaken);
        assert.equal(await store.clients.find(user.id), undefined);
      });

      it('goes to one of the two kinds when 50 callers want it at once', async () => {
        for (let round = 0; round < 5; round += 1) {
          const id = unique();
          const kept = await race(async (caller) => {
            const act =
              caller % 2 === 0
                ? store.clients.save(aClient({ id }))
                : store.users.save(aUser({ id }));
            return act.then(
              () => true,
              (error: unknown) => {
                assert.ok(error instanceof SubjectTaken, String(error));
                return false;
              },
            );
          });
          const [client, user] = [await store.clients.find(id), await store.users.find(id)];
          assert.equal((client === undefined) !== (user === undefined), true);
          assert.equal(trues(kept), CALLERS / 2);
          assert.equal(trues(kept.filter((_, caller) => caller % 2 === 0)) > 0, user === undefined);
        }
        assert.deepEqual(await store.clients.listShared(10), []);
      });
    });

    describe('what the demo wrote', () => {
      it('is listed by its source, and nothing else is', async () => {
        const other = await open();
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
        await store.clients.save(demo);
        await store.clients.save(other);
        await store.users.save(user);
        const [ofDemo, ofOther] = [await begun(demo, user), await begun(other, user)];
        const own = aClientsOwnToken({ clientId: demo.id });
        await store.tokens.issue({ accessToken: own }, NOW);

        const again = aClient({ id: demo.id, source: 'demo' });
        await store.clients.save(again);
        assert.deepEqual(await ofDemo(), ALL, 'not to the demo itself');

        const replacement = aClient({ id: demo.id, source: 'seed' });
        await store.clients.save(replacement);
        same(await store.clients.find(demo.id), replacement);
        assert.deepEqual(await ofDemo(), { ...NONE, session: true });
        assert.equal(await store.accessTokens.find(own.hash, NOW), undefined);
        assert.deepEqual(await ofOther(), ALL);
      });

      for (const verb of ['add', 'save'] as const) {
        it(`gives way to a user with its id, with all that came of it: users.${verb}`, async () => {
          const [demo, other] = [aUser({ source: 'demo' }), aUser({ source: 'seed' })];
          const client = aClient();
          for (const user of [demo, other]) await store.users.save(user);
          const [ofDemo, ofOther] = [await begun(client, demo), await begun(client, other)];
          const replacement = aUser({ id: demo.id, source: 'seed' });
          await store.users[verb](replacement);
          same(await store.users.find(demo.id), replacement);
          assert.equal(await store.users.findByUsername(demo.username), undefined);
          assert.deepEqual(await ofDemo(), NONE);
          assert.deepEqual(await ofOther(), ALL);
        });

        it(`gives way to a user with its username: users.${verb}`, async () => {
          const demo = aUser({ source: 'demo' });
          await store.users.save(demo);
          const ofDemo = await begun(aClient(), demo);
          const heir = aUser({ username: demo.username });
          await store.users[verb](heir);
          assert.equal(await store.users.find(demo.id), undefined);
          same(await store.users.findByUsername(demo.username), heir);
          assert.deepEqual(await ofDemo(), NONE);
        });
      }

      it('gives way to one of the other kind', async () => {
        const [client, user] = [aClient({ source: 'demo' }), aUser({ source: 'demo' })];
        await store.clients.save(client);
        await store.users.save(user);
        assert.equal(await store.users.add(aUser({ id: client.id })), true);
        await store.clients.save(aClient({ id: user.id }));
        assert.equal(await store.clients.find(client.id), undefined);
        assert.equal(await store.users.find(user.id), undefined);
        assert.equal(await store.users.findByUsername(user.username), undefined);
      });

      it('takes nothing from anybody else', async () => {
        const [client, user] = [aClient({ source: 'seed' }), aUser({ source: 'seed' })];
        await store.clients.save(client);
        await store.users.save(user);
        const demo = { source: 'demo' } as const;
        await assert.rejects(store.users.add(aUser({ id: client.id, ...demo })), SubjectTaken);
        await assert.rejects(store.clients.save(aClient({ id: user.id, ...demo })), SubjectTaken);
        const named = aUser({ username: user.username, ...demo });
        await assert.rejects(store.users.add(named), UsernameTaken);
        assert.equal(await store.users.add(aUser({ id: user.id, ...demo })), false);
        same(await store.users.find(user.id), user);
      });
    });
  });
}
