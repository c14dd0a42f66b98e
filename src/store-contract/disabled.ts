// What the port promises of users who are disabled: what they have begun ends at once, and nothing begins
// for them, whoever is just doing so. `open` answers a store of its own.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Store } from '../store/store.ts';
import type { Ticket, User } from '../types.ts';
import { promised } from './promised.ts';
import {
  aCode,
  aGrant,
  aHash,
  aSuccessor,
  aTicket,
  aUser,
  CALLERS,
  HOUR,
  NOW,
  race,
  registering,
  same,
  someTokens,
  unique,
  WINDOW,
} from './records.ts';

const it = promised(
  ['Users', 'Sessions', 'Codes', 'Tokens', 'RefreshTokens', 'Tickets'],
  ['isDisabled', 'issueIn', 'redeemIn', 'rotateIn'],
);

export function disabledContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port about users who are disabled`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    const clientId = unique();
    const disabled = (user: User): User => ({ ...user, disabledAt: NOW });

    const savedUser = async (changes: Partial<User> = {}) => {
      const user = aUser(changes);
      await store.users.save(user);
      return user;
    };
    const grantOf = ({ id: userId }: User) => aGrant({ clientId, userId });
    const aSession = ({ id: userId }: User) => ({
      data: '{}',
      expiresAt: NOW + HOUR,
      ...{ userId, createdAt: NOW, seenAt: NOW, userAgent: '' },
    });

    async function savedCode(user: User) {
      const grant = grantOf(user);
      const code = aCode(grant);
      const isSaved = await store.codes.save(code, grant);
      return { grant, code, isSaved };
    }

    /** Tokens that came of a code. */
    async function savedFamily(user: User) {
      const { grant, code } = await savedCode(user);
      const tokens = someTokens(grant);
      await store.codes.redeem(code.hash, NOW, tokens);
      return { grant, code, tokens };
    }

    /** Each way in which something begins for a user: whether it did. */
    const WAYS: Record<string, (user: User) => Promise<boolean>> = {
      'sessions.save': async (user) => {
        const hash = unique();
        await store.sessions.save(hash, aSession(user));
        return (await store.sessions.find(hash, NOW)) !== undefined;
      },
      'codes.save': async (user) => (await savedCode(user)).isSaved,
      'tokens.issue': (user) => {
        const grant = grantOf(user);
        return store.tokens.issue(someTokens(grant), NOW, { grant });
      },
      'tickets.create': (user) => store.tickets.create(aTicket({ userId: user.id }), NOW),
      'tickets.change': async (user) => {
        const ticket = aTicket({ clientId });
        await store.tickets.create(ticket, NOW);
        return store.tickets.change(ticket, { ...ticket, userId: user.id }, NOW);
      },
    };

    /** What there is of a user, as far as it can be listed. */
    async function listed({ id }: User) {
      const [sessions, grants] = await Promise.all([
        store.sessions.listByUser(id, NOW),
        store.grants.listByUser(id, NOW),
      ]);
      return { sessions: sessions.length, grants: grants.length };
    }
    const NOTHING = { sessions: 0, grants: 0 };

    const verbs: Record<string, (user: User) => Promise<unknown>> = {
      'users.save': (user) => store.users.save(disabled(user)),
      'users.change': (user) => store.users.change(user, disabled(user)),
    };
    for (const [verb, disable] of Object.entries(verbs)) {
      it(`${verb} ends all that a user has begun, and what they have allowed is remembered`, async () => {
        const [user, other] = [await savedUser(), await savedUser()];
        const begun = async (whose: User) => {
          const { tokens, code } = await savedFamily(whose);
          const unused = (await savedCode(whose)).code;
          const [hash, ticket] = [unique(), aTicket({ userId: whose.id })];
          const consent = { userId: whose.id, clientId, resource: '', scope: ['read'] };
          await store.sessions.save(hash, aSession(whose));
          await store.tickets.create(ticket, NOW);
          await store.consents.add(consent);
          return async () => [
            (await store.consents.find(whose.id, clientId, '')) !== undefined,
            (await store.sessions.find(hash, NOW)) !== undefined,
            (await store.tickets.find(ticket.kind, ticket.hash, NOW)) !== undefined,
            (await store.codes.find(code.hash, NOW)) !== undefined,
            (await store.codes.find(unused.hash, NOW)) !== undefined,
            (await store.accessTokens.find(tokens.accessToken.hash, NOW)) !== undefined,
            (await store.refreshTokens.find(tokens.refreshToken.hash, NOW)) !== undefined,
          ];
        };
        const [ofUser, ofOther] = [await begun(user), await begun(other)];
        const all = [true, true, true, true, true, true, true];
        same(await ofUser(), all);
        await disable(user);
        const remembered = [true, false, false, false, false, false, false];
        same([await ofUser(), await ofOther()], [remembered, all]);
        same(await store.users.find(user.id), disabled(user));
        await store.users.save(user);
        same([await ofUser(), await listed(user)], [remembered, NOTHING]);
        same(await store.users.find(user.id), user);
      });
    }

    for (const [way, begin] of Object.entries(WAYS)) {
      it(`${way} begins nothing for a user who is disabled, and something for anybody else`, async () => {
        const added = disabled(aUser());
        await store.users.add(added);
        const user = await savedUser();
        await store.users.change(user, disabled(user));
        for (const one of [added, user]) {
          assert.equal(await begin(one), false);
          same(await listed(one), NOTHING);
        }
        const stranger = aUser();
        for (const one of [await savedUser(), stranger]) assert.equal(await begin(one), true);
        await store.users.save(user);
        assert.equal(await begin(user), true);
      });

      it(`${way} leaves nothing to a user who is disabled at that moment`, async () => {
        const user = await savedUser();
        await race(async (caller) => {
          if (caller === CALLERS / 2) await store.users.save(disabled(user));
          else await begin(user);
        });
        same(await listed(user), NOTHING);
      });
    }

    it('sessions.save leaves no session of a disabled user under the hash of another one', async () => {
      const user = disabled(aUser());
      await store.users.save(user);
      const hash = unique();
      await store.sessions.save(hash, { data: '{}', expiresAt: NOW + HOUR });
      await store.sessions.save(hash, aSession(user));
      assert.equal(await store.sessions.find(hash, NOW), undefined);
    });

    it('no ticket that is made or changed for a user at the moment they are disabled is left', async () => {
      const user = await savedUser();
      const tickets: Ticket[] = Array.from({ length: CALLERS }, (_, caller) =>
        aTicket({ clientId, ...(caller % 2 === 0 && { userId: user.id }) }),
      );
      for (const ticket of tickets) {
        if (ticket.userId === undefined) await store.tickets.create(ticket, NOW);
      }
      await race(async (caller) => {
        const ticket = tickets[caller]!;
        if (caller === CALLERS / 2) await store.users.change(user, disabled(user));
        else if (ticket.userId !== undefined) await store.tickets.create(ticket, NOW);
        else await store.tickets.change(ticket, { ...ticket, userId: user.id }, NOW);
      });
      for (const { kind, hash } of tickets) {
        assert.notEqual((await store.tickets.find(kind, hash, NOW))?.userId, user.id);
      }
    });

    it('a ticket is not taken for tokens that a disabled user does not get', async () => {
      const user = await savedUser();
      const ticket = aTicket({ clientId });
      await store.tickets.create(ticket, NOW);
      await store.users.save(disabled(user));
      const grant = grantOf(user);
      assert.equal(await store.tokens.issue(someTokens(grant), NOW, { grant, ticket }), false);
      same(await store.tickets.find(ticket.kind, ticket.hash, NOW), ticket);
    });

    it('no token that codes are redeemed for while the user is disabled is in force', async () => {
      const user = await savedUser();
      const saved = await Promise.all(Array.from({ length: CALLERS }, () => savedCode(user)));
      const tokens = saved.map(({ grant }) => someTokens(grant));
      await race(async (caller) => {
        const { hash } = saved[caller]!.code;
        if (caller === CALLERS / 2) {
          await store.users.save(disabled(user));
          return;
        }
        const found = caller % 2 === 0 ? await store.codes.find(hash, NOW) : undefined;
        await store.codes.redeem(hash, NOW, tokens[caller], found);
      });
      same(await listed(user), NOTHING);
      for (const { accessToken, refreshToken } of tokens) {
        assert.equal(await store.accessTokens.find(accessToken.hash, NOW), undefined);
        assert.equal(await store.refreshTokens.find(refreshToken.hash, NOW), undefined);
      }
    });

    it('no token that is refreshed or issued while the user is disabled is in force', async () => {
      const user = await savedUser();
      const families = await Promise.all(Array.from({ length: CALLERS }, () => savedFamily(user)));
      const successors = families.map(({ grant, tokens }) => ({
        accessToken: someTokens(grant).accessToken,
        refreshToken: aSuccessor(tokens.refreshToken, grant),
      }));
      await race(async (caller) => {
        if (caller === CALLERS / 2) {
          await store.users.save(disabled(user));
          return;
        }
        const { refreshToken } = families[caller]!.tokens;
        const next = successors[caller]!;
        if (caller % 3 === 0) {
          await store.tokens.issue({ accessToken: next.accessToken }, NOW);
          return;
        }
        const found =
          caller % 3 === 1 ? await store.refreshTokens.find(refreshToken.hash, NOW) : undefined;
        await store.refreshTokens.rotate(refreshToken, NOW, WINDOW, next, found);
      });
      same(await listed(user), NOTHING);
      for (const { accessToken, refreshToken } of successors) {
        assert.equal(await store.accessTokens.find(accessToken.hash, NOW), undefined);
        assert.equal(await store.refreshTokens.find(refreshToken.hash, NOW), undefined);
      }
    });

    it('the password of a disabled user stays what it is, whoever is just changing it', async () => {
      const passwordHash = aHash();
      const user = await savedUser({ passwordHash });
      await store.users.save(disabled(user));
      assert.equal(await store.users.changePassword(user.id, passwordHash, aHash(), NOW), false);
      same(await store.users.find(user.id), disabled(user));
      await store.users.save(user);
      assert.equal(await store.users.changePassword(user.id, passwordHash, aHash(), NOW), true);
    });
  });
}
