// Clients and users: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { UsernameTaken } from '../store/store.ts';
import type { User } from '../types.ts';
import { aJwt, aJwtOf, type Contract, isInForce, scribble } from './actions.ts';
import { promised } from './promised.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aHash,
  aUser,
  CALLERS,
  DAY,
  NOW,
  race,
  SECOND,
  same,
  someTokens,
  trues,
  unique,
  WINDOW,
} from './records.ts';

const it = promised(
  ['Clients', 'Users'],
  ['soundClient', 'soundUser', 'makeWayForClient', 'makeWayForUser', 'isHeld'],
);

export function recordsContract(the: Contract): void {
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

    it('finds a client that has none of what is optional', async () => {
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

  describe('removing a client', () => {
    /** All that a client may have: a family past its code, one before it, consents, its own tokens. */
    async function withEverything(clientId: string) {
      const grantOf = () => aGrant({ clientId });
      const family = { ...(await the.savedCode({}, grantOf())), tokens: someTokens(grantOf()) };
      family.tokens = someTokens(family.grant);
      await the.store.codes.redeem(family.code.hash, NOW, family.tokens);
      const opened = await the.savedCode({}, grantOf());
      const own = aClientsOwnToken({ clientId });
      await the.store.tokens.issue({ accessToken: own }, NOW);
      const consents = ['', 'https://api.example/'].map((resource) => ({
        userId: family.grant.userId,
        clientId,
        resource,
        scope: ['read'],
      }));
      await the.store.consents.add(...consents);
      return { family, opened, own, consents };
    }

    type Everything = Awaited<ReturnType<typeof withEverything>>;

    /** Whether all of what comes of a person's approval is there; fails if only a part is. */
    async function isApproved({ family, opened, consents }: Everything): Promise<boolean> {
      const [consent] = consents;
      const there = [
        await the.store.grants.find(family.grant.id, NOW),
        (await the.store.grants.listByUser(family.grant.userId, NOW))[0],
        await the.store.codes.find(opened.code.hash, NOW),
        await the.store.accessTokens.find(family.tokens.accessToken.hash, NOW),
        await the.store.refreshTokens.find(family.tokens.refreshToken.hash, NOW),
        (await isInForce(the.store, aJwtOf(family.grant), NOW)) || undefined,
        await the.store.consents.find(consent!.userId, consent!.clientId, ''),
        (await the.store.consents.listByUser(consent!.userId))[0],
      ].map((one) => one !== undefined);
      assert.equal(new Set(there).size, 1, `${there}`);
      return there[0]!;
    }

    const isGoodForItself = async ({ own }: Everything) => {
      const isFound = (await the.store.accessTokens.find(own.hash, NOW)) !== undefined;
      const jwt = aJwt({ clientId: own.clientId });
      assert.equal(await isInForce(the.store, jwt, NOW), isFound);
      return isFound;
    };

    it('ends at once all that people have allowed it, and all it has for itself', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const all = await withEverything(client.id);
      assert.ok((await isApproved(all)) && (await isGoodForItself(all)));

      assert.equal(await the.store.clients.remove(client.id), true);
      assert.equal(await the.store.clients.find(client.id), undefined);
      assert.equal(await isApproved(all), false);
      assert.equal(await isGoodForItself(all), false);
      const late = someTokens(all.opened.grant);
      same(await the.store.codes.redeem(all.opened.code.hash, NOW, late), { outcome: 'unknown' });
      const { refreshToken } = all.family.tokens;
      const rotation = await the.store.refreshTokens.rotate(refreshToken, NOW, WINDOW, late);
      same(rotation, { outcome: 'unknown' });
      assert.equal(await the.store.refreshTokens.retire(refreshToken, NOW), false);
      assert.equal(await the.store.tokens.issue(late, NOW), false);
      await the.assertAbsent(late);
    });

    it('touches no other client of the same people', async () => {
      const [client, other] = [aClient(), aClient()];
      await the.store.clients.save(client);
      await the.store.clients.save(other);
      const all = await withEverything(other.id);
      await the.savedCode({}, aGrant({ clientId: client.id, userId: all.family.grant.userId }));
      await the.store.clients.remove(client.id);
      assert.ok((await isApproved(all)) && (await isGoodForItself(all)));
    });

    it('leaves nothing of what people have allowed to a client that gets the id later', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const all = await withEverything(client.id);
      await the.store.clients.remove(client.id);
      await the.store.clients.save({ ...client, name: 'Another' });
      assert.equal(await isApproved(all), false);
      assert.ok(await isApproved(await withEverything(client.id)));
    });

    it('leaves nothing that it got for itself, not even what is stored late, to a client that gets the id later', async () => {
      const client = aClient({ registeredAt: NOW - DAY });
      await the.store.clients.save(client);
      const of = { clientId: client.id };
      const [early, late, borderline] = [
        aClientsOwnToken(of),
        aClientsOwnToken(of),
        aClientsOwnToken({ ...of, issuedAt: NOW + 2 * SECOND - 1 }),
      ];
      await the.store.tokens.issue({ accessToken: early }, NOW);
      await the.store.clients.save({ ...client, name: 'The same, changed' });
      assert.ok(await the.store.accessTokens.find(early.hash, NOW));
      assert.equal(await isInForce(the.store, aJwt(of), NOW), true);

      assert.equal(await the.store.clients.remove(client.id), true);
      await the.store.tokens.issue({ accessToken: late }, NOW);
      await the.store.clients.save({ ...client, registeredAt: NOW + SECOND });
      await the.store.tokens.issue({ accessToken: borderline }, NOW);
      for (const { hash, issuedAt } of [early, late, borderline]) {
        assert.equal(await the.store.accessTokens.find(hash, NOW), undefined);
        assert.equal(await the.store.accessTokens.findWithPerson(hash, NOW), undefined);
        assert.equal(await isInForce(the.store, aJwt({ ...of, issuedAt }), NOW), false);
      }
      const own = aClientsOwnToken({ ...of, issuedAt: NOW + 2 * SECOND });
      await the.store.tokens.issue({ accessToken: own }, NOW);
      same((await the.store.accessTokens.find(own.hash, NOW))?.token, own);
      assert.equal(await isInForce(the.store, aJwt(own), NOW), true);
    });

    it('answers true to exactly one of 50 callers, and false for one that never was', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      assert.equal(trues(await race(() => the.store.clients.remove(client.id))), 1);
      assert.equal(await the.store.clients.remove(client.id), false);
      for (const nobody of [unique(), 'nul\0', 'half\ud800', '__proto__']) {
        assert.equal(await the.store.clients.remove(nobody), false);
      }
    });

    it('keeps from being added what refers to it: no code, no grant, no consent', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const { family } = await withEverything(client.id);
      await the.store.clients.remove(client.id);
      const grant = aGrant({ clientId: client.id });
      const consent = { ...family.grant, resource: '', scope: ['read'] };
      await the.store.consents.add(consent);
      assert.equal(await the.store.consents.find(consent.userId, client.id, ''), undefined);
      const code = aCode(grant);
      assert.equal(await the.store.codes.save(code, grant), false);
      assert.equal(await the.store.codes.find(code.hash, NOW), undefined);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('is outlived by nothing that 50 callers approve, redeem, rotate and issue meanwhile', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const clientId = client.id;
      const ready = await race(() => withEverything(clientId));
      const approved = Array.from({ length: CALLERS }, () => aGrant({ clientId }));
      const calls = await race(async (caller) => {
        const { family, opened } = ready[caller]!;
        const grant = approved[caller]!;
        const consent = { userId: grant.userId, clientId, resource: '', scope: ['read'] };
        const { refreshToken } = family.tokens;
        const all = [
          () => the.store.codes.redeem(opened.code.hash, NOW, someTokens(opened.grant)),
          () =>
            the.store.refreshTokens.rotate(
              refreshToken,
              NOW,
              0,
              someTokens(family.grant, refreshToken),
            ),
          () => the.store.tokens.issue(someTokens(family.grant), NOW),
          () => the.store.consents.add(consent),
          () => the.store.codes.save(aCode(grant), grant),
        ];
        const turn = caller % all.length;
        return [...all.slice(turn), ...all.slice(0, turn)];
      });
      const half = calls.length / 2;
      const run = (some: typeof calls) => some.flatMap((all) => all.map((call) => call()));
      const before = run(calls.slice(0, half));
      const removed = the.store.clients.remove(clientId);
      await Promise.all([...before, removed, ...run(calls.slice(half))]);
      assert.equal(await removed, true);

      // Who gets the id now finds nothing.
      await the.store.clients.save(client);
      for (const all of ready) assert.equal(await isApproved(all), false);
      for (const { id, userId } of approved) {
        assert.equal(await the.store.grants.find(id, NOW), undefined);
        same(await the.store.consents.listByUser(userId), []);
      }
    });
  });

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

    it('finds a user that has none of what is optional', async () => {
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
