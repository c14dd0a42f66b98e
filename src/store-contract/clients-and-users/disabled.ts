// Users who are disabled: what they have begun ends at once, and nothing begins for them, whoever is
// just doing so. See index.ts.

import assert from 'node:assert/strict';
import type { Ticket, User } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import {
  aClient,
  aGrant,
  aHash,
  aSession,
  aSuccessor,
  aTicket,
  aUser,
  HOUR,
  NOW,
  someTokens,
  unique,
  WINDOW,
} from '../records.ts';
import { same } from '../same.ts';
import { ALL, begun, NONE } from './begun.ts';

const it = promised(
  ['Users', 'Sessions', 'Codes', 'Tokens', 'RefreshTokens', 'Tickets'],
  ['isDisabled', 'issueIn', 'redeemIn', 'rotateIn'],
);

export function disabledContract(the: Contract): void {
  const clientId = unique();
  const disabled = (user: User): User => ({ ...user, disabledAt: NOW });

  const savedUser = async (changes: Partial<User> = {}) => {
    const user = aUser(changes);
    await the.store.users.save(user);
    return user;
  };
  const grantOf = ({ id: userId }: User) => aGrant({ clientId, userId });

  /** Each way in which something begins for a user: whether it did. */
  const WAYS: Record<string, (user: User) => Promise<boolean>> = {
    'sessions.save': async (user) => {
      const hash = unique();
      await the.store.sessions.save(hash, aSession(user.id));
      return (await the.store.sessions.find(hash, NOW)) !== undefined;
    },
    'codes.save': async (user) => (await the.savedCode({}, grantOf(user))).isSaved,
    'tokens.issue': (user) => {
      const grant = grantOf(user);
      return the.store.tokens.issue(someTokens(grant), NOW, { grant });
    },
    'tickets.create': (user) => the.store.tickets.create(aTicket({ userId: user.id }), NOW),
    'tickets.change': async (user) => {
      const ticket = aTicket({ clientId });
      await the.store.tickets.create(ticket, NOW);
      return the.store.tickets.change(ticket, { ...ticket, userId: user.id }, NOW);
    },
  };

  /** What there is of a user, as far as it can be listed. */
  async function listed({ id }: User) {
    const [sessions, grants] = await Promise.all([
      the.store.sessions.listByUser(id, NOW),
      the.store.grants.listByUser(id, NOW),
    ]);
    return { sessions: sessions.length, grants: grants.length };
  }
  const NOTHING = { sessions: 0, grants: 0 };

  const verbs: Record<string, (user: User) => Promise<unknown>> = {
    'users.save': (user) => the.store.users.save(disabled(user)),
    'users.change': (user) => the.store.users.change(user, disabled(user)),
  };
  for (const [verb, disable] of Object.entries(verbs)) {
    it(`${verb} ends all that a user has begun, and what they have allowed is remembered`, async () => {
      const [user, other, client] = [await savedUser(), await savedUser(), aClient()];
      const [ofUser, ofOther] = [await begun(the, client, user), await begun(the, client, other)];
      same(await ofUser(), ALL);
      await disable(user);
      const remembered = { ...NONE, consent: true };
      same([await ofUser(), await ofOther()], [remembered, ALL]);
      same(await the.store.users.find(user.id), disabled(user));
      await the.store.users.save(user);
      same([await ofUser(), await listed(user)], [remembered, NOTHING]);
      same(await the.store.users.find(user.id), user);
    });
  }

  for (const [way, begin] of Object.entries(WAYS)) {
    it(`${way} begins nothing for a user who is disabled, and something for anybody else`, async () => {
      const added = disabled(aUser());
      await the.store.users.add(added);
      const user = await savedUser();
      await the.store.users.change(user, disabled(user));
      for (const one of [added, user]) {
        assert.equal(await begin(one), false);
        same(await listed(one), NOTHING);
      }
      const stranger = aUser();
      for (const one of [await savedUser(), stranger]) assert.equal(await begin(one), true);
      await the.store.users.save(user);
      assert.equal(await begin(user), true);
    });

    it(`${way} leaves nothing to a user who is disabled at that moment`, async () => {
      const user = await savedUser();
      await race(async (caller) => {
        if (caller === CALLERS / 2) await the.store.users.save(disabled(user));
        else await begin(user);
      });
      same(await listed(user), NOTHING);
    });
  }

  it('sessions.save leaves no session of a disabled user under the hash of another one', async () => {
    const user = disabled(aUser());
    await the.store.users.save(user);
    const hash = unique();
    await the.store.sessions.save(hash, { data: '{}', expiresAt: NOW + HOUR });
    await the.store.sessions.save(hash, aSession(user.id));
    assert.equal(await the.store.sessions.find(hash, NOW), undefined);
  });

  it('no ticket that is made or changed for a user at the moment they are disabled is left', async () => {
    const user = await savedUser();
    const tickets: Ticket[] = Array.from({ length: CALLERS }, (_, caller) =>
      aTicket({ clientId, ...(caller % 2 === 0 && { userId: user.id }) }),
    );
    for (const ticket of tickets) {
      if (ticket.userId === undefined) await the.store.tickets.create(ticket, NOW);
    }
    await race(async (caller) => {
      const ticket = tickets[caller]!;
      if (caller === CALLERS / 2) await the.store.users.change(user, disabled(user));
      else if (ticket.userId !== undefined) await the.store.tickets.create(ticket, NOW);
      else await the.store.tickets.change(ticket, { ...ticket, userId: user.id }, NOW);
    });
    for (const { kind, hash } of tickets) {
      assert.notEqual((await the.store.tickets.find(kind, hash, NOW))?.userId, user.id);
    }
  });

  it('a ticket is not taken for tokens that a disabled user does not get', async () => {
    const user = await savedUser();
    const ticket = aTicket({ clientId });
    await the.store.tickets.create(ticket, NOW);
    await the.store.users.save(disabled(user));
    const grant = grantOf(user);
    assert.equal(await the.store.tokens.issue(someTokens(grant), NOW, { grant, ticket }), false);
    same(await the.store.tickets.find(ticket.kind, ticket.hash, NOW), ticket);
  });

  it('no token that codes are redeemed for while the user is disabled is in force', async () => {
    const user = await savedUser();
    const saved = await Promise.all(
      Array.from({ length: CALLERS }, () => the.savedCode({}, grantOf(user))),
    );
    const tokens = saved.map(({ grant }) => someTokens(grant));
    await race(async (caller) => {
      const { hash } = saved[caller]!.code;
      if (caller === CALLERS / 2) {
        await the.store.users.save(disabled(user));
        return;
      }
      const found = caller % 2 === 0 ? await the.store.codes.find(hash, NOW) : undefined;
      await the.store.codes.redeem(hash, NOW, tokens[caller], found);
    });
    same(await listed(user), NOTHING);
    for (const { accessToken, refreshToken } of tokens) {
      assert.equal(await the.store.accessTokens.find(accessToken.hash, NOW), undefined);
      assert.equal(await the.store.refreshTokens.find(refreshToken.hash, NOW), undefined);
    }
  });

  it('no token that is refreshed or issued while the user is disabled is in force', async () => {
    const user = await savedUser();
    const families = await Promise.all(
      Array.from({ length: CALLERS }, () => the.savedFamily({}, grantOf(user))),
    );
    const successors = families.map(({ grant, refreshToken }) => ({
      accessToken: someTokens(grant).accessToken,
      refreshToken: aSuccessor(refreshToken, grant),
    }));
    await race(async (caller) => {
      if (caller === CALLERS / 2) {
        await the.store.users.save(disabled(user));
        return;
      }
      const { refreshToken } = families[caller]!;
      const next = successors[caller]!;
      if (caller % 3 === 0) {
        await the.store.tokens.issue({ accessToken: next.accessToken }, NOW);
        return;
      }
      const found =
        caller % 3 === 1 ? await the.store.refreshTokens.find(refreshToken.hash, NOW) : undefined;
      await the.store.refreshTokens.rotate(refreshToken, NOW, WINDOW, next, found);
    });
    same(await listed(user), NOTHING);
    for (const { accessToken, refreshToken } of successors) {
      assert.equal(await the.store.accessTokens.find(accessToken.hash, NOW), undefined);
      assert.equal(await the.store.refreshTokens.find(refreshToken.hash, NOW), undefined);
    }
  });

  it('the password of a disabled user stays what it is, whoever is just changing it', async () => {
    const passwordHash = aHash();
    const user = await savedUser({ passwordHash });
    await the.store.users.save(disabled(user));
    assert.equal(await the.store.users.changePassword(user.id, passwordHash, aHash(), NOW), false);
    same(await the.store.users.find(user.id), disabled(user));
    await the.store.users.save(user);
    assert.equal(await the.store.users.changePassword(user.id, passwordHash, aHash(), NOW), true);
  });
}
