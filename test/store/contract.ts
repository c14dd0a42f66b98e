// What the port promises, asked of any store. `open` answers a store of its own, with nothing in
// it; one is opened for nearly all of this, and closed at the end. Only the port is used, and no
// clock: every `now` is given. The callers of a race are started together, and a store with several
// connections is meant to serve them on several.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CODE_REPEAT_WINDOW } from '../../src/store/outcomes.ts';
import { type Store, UsernameTaken } from '../../src/store/store.ts';
import type {
  AccessToken,
  AuthorizationCode,
  Grant,
  IssuedTokens,
  RefreshToken,
  StoredKey,
  User,
} from '../../src/types.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aHash,
  anAccessToken,
  aRefreshToken,
  aUser,
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  race,
  registering,
  SECOND,
  same,
  someTokens,
  tally,
  trues,
  unique,
  WINDOW,
} from '../helpers/records.ts';
import { accountContract } from './contract-account.ts';
import { mostContract } from './contract-most.ts';
import { subjectsContract } from './contract-subjects.ts';

/** Changes what it can in a record; one that is frozen may refuse. */
function scribble(record: object | undefined): void {
  assert.ok(record);
  for (const [field, value] of Object.entries(record)) {
    try {
      if (Array.isArray(value)) value.push('scribbled');
    } catch {}
    try {
      (record as Record<string, unknown>)[field] = 'scribbled';
    } catch {}
  }
}

/** What a JWT says of itself as far as a store asks; it is not kept. */
const aJwt = ({ clientId, grantId }: { clientId: string; grantId?: string | undefined }) => ({
  hash: unique(),
  clientId,
  grantId,
});
const aJwtOf = ({ id, clientId }: Grant) => aJwt({ clientId, grantId: id });

export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    async function savedCode(codeChanges: Partial<AuthorizationCode> = {}, grant = aGrant()) {
      const code = aCode(grant, codeChanges);
      await store.codes.save(code, grant);
      return { code, grant };
    }

    /** A family past its code: the grant, and one access and one refresh token. */
    async function savedFamily(refreshChanges: Partial<RefreshToken> = {}) {
      const { code, grant } = await savedCode();
      const accessToken = anAccessToken(grant);
      const refreshToken = aRefreshToken(grant, refreshChanges);
      const answer = await store.codes.redeem(code.hash, NOW, { accessToken, refreshToken });
      assert.equal(answer.outcome, 'redeemed');
      return { code, grant, accessToken, refreshToken };
    }

    async function assertStored(tokens: IssuedTokens): Promise<void> {
      const { accessToken, refreshToken } = tokens;
      same(await store.accessTokens.find(accessToken.hash, NOW), accessToken);
      if (refreshToken !== undefined) {
        same((await store.refreshTokens.find(refreshToken.hash, NOW))?.token, refreshToken);
      }
    }

    async function assertAbsent(tokens: IssuedTokens): Promise<void> {
      const { accessToken, refreshToken } = tokens;
      assert.equal(await store.accessTokens.find(accessToken.hash, NOW), undefined);
      if (refreshToken !== undefined) {
        assert.equal(await store.refreshTokens.find(refreshToken.hash, NOW), undefined);
      }
    }

    /** Purges until there is nothing left to forget; answers how many were forgotten. */
    async function drain(now: number, limit = 1000): Promise<number> {
      let forgotten = 0;
      for (;;) {
        const step = await store.purge(now, limit);
        assert.ok(step >= 0 && step <= limit, `forgot ${step} where at most ${limit} were asked`);
        if (step === 0) return forgotten;
        forgotten += step;
      }
    }

    describe('clients', () => {
      it('finds a saved client with everything it had', async () => {
        const client = aClient({
          uri: 'https://client.example/',
          tokenEndpointAuthMethod: 'client_secret_post',
          requirePkce: false,
          accessTokenLifetime: 60,
          refreshTokenLifetime: 3600,
        });
        await store.clients.save(client);
        same(await store.clients.find(client.id), client);
      });

      it('finds a client that has none of what is optional', async () => {
        const client = aClient({ secretHashes: [], redirectUris: [], scope: [] });
        await store.clients.save(client);
        same(await store.clients.find(client.id), client);
      });

      it('finds nothing under an id that nobody saved', async () => {
        assert.equal(await store.clients.find(unique()), undefined);
        assert.equal(await store.clients.find('__proto__'), undefined);
        assert.equal(await store.clients.find('constructor'), undefined);
      });

      it('replaces all of the client that has the id', async () => {
        const client = aClient({ uri: 'https://client.example/', accessTokenLifetime: 60 });
        await store.clients.save(client);
        const replacement = aClient({ id: client.id, name: 'Another', scope: ['admin'] });
        await store.clients.save(replacement);
        same(await store.clients.find(client.id), replacement);
      });

      it('leaves a client as it was when a caller changes the object it saved or got', async () => {
        const client = aClient();
        const original = structuredClone(client);
        await store.clients.save(client);
        scribble(client);
        same(await store.clients.find(original.id), original);
        scribble(await store.clients.find(original.id));
        same(await store.clients.find(original.id), original);
      });
    });

    describe('removing a client', () => {
      /** All that a client may have: a family past its code, one before it, consents, its own tokens. */
      async function withEverything(clientId: string) {
        const grantOf = () => aGrant({ clientId });
        const family = { ...(await savedCode({}, grantOf())), tokens: someTokens(grantOf()) };
        family.tokens = someTokens(family.grant);
        await store.codes.redeem(family.code.hash, NOW, family.tokens);
        const opened = await savedCode({}, grantOf());
        const own = aClientsOwnToken({ clientId });
        await store.tokens.issue({ accessToken: own }, NOW);
        const consents = ['', 'https://api.example/'].map((resource) => ({
          userId: family.grant.userId,
          clientId,
          resource,
          scope: ['read'],
        }));
        await store.consents.add(...consents);
        return { family, opened, own, consents };
      }

      type Everything = Awaited<ReturnType<typeof withEverything>>;

      /** Whether all of what comes of a person's approval is there; fails if only a part is. */
      async function isApproved({ family, opened, consents }: Everything): Promise<boolean> {
        const [consent] = consents;
        const there = [
          await store.grants.find(family.grant.id, NOW),
          (await store.grants.listByUser(family.grant.userId, NOW))[0],
          await store.codes.find(opened.code.hash, NOW),
          await store.accessTokens.find(family.tokens.accessToken.hash, NOW),
          await store.refreshTokens.find(family.tokens.refreshToken.hash, NOW),
          (await store.accessTokens.isInForce(aJwtOf(family.grant), NOW)) || undefined,
          await store.consents.find(consent!.userId, consent!.clientId, ''),
          (await store.consents.listByUser(consent!.userId))[0],
        ].map((one) => one !== undefined);
        assert.equal(new Set(there).size, 1, `${there}`);
        return there[0]!;
      }

      const isGoodForItself = async ({ own }: Everything) => {
        const isFound = (await store.accessTokens.find(own.hash, NOW)) !== undefined;
        const jwt = aJwt({ clientId: own.clientId });
        assert.equal(await store.accessTokens.isInForce(jwt, NOW), isFound);
        return isFound;
      };

      it('ends at once all that people have allowed it, and all it has for itself', async () => {
        const client = aClient();
        await store.clients.save(client);
        const all = await withEverything(client.id);
        assert.ok((await isApproved(all)) && (await isGoodForItself(all)));

        assert.equal(await store.clients.remove(client.id), true);
        assert.equal(await store.clients.find(client.id), undefined);
        assert.equal(await isApproved(all), false);
        assert.equal(await isGoodForItself(all), false);
        const late = someTokens(all.opened.grant);
        same(await store.codes.redeem(all.opened.code.hash, NOW, late), { outcome: 'unknown' });
        const { refreshToken } = all.family.tokens;
        const rotation = await store.refreshTokens.rotate(refreshToken.hash, NOW, WINDOW, late);
        same(rotation, { outcome: 'unknown' });
        assert.equal(await store.refreshTokens.retire(refreshToken.hash, NOW), false);
        assert.equal(await store.tokens.issue(late, NOW), false);
        await assertAbsent(late);
      });

      it('touches no other client of the same people', async () => {
        const [client, other] = [aClient(), aClient()];
        await store.clients.save(client);
        await store.clients.save(other);
        const all = await withEverything(other.id);
        await savedCode({}, aGrant({ clientId: client.id, userId: all.family.grant.userId }));
        await store.clients.remove(client.id);
        assert.ok((await isApproved(all)) && (await isGoodForItself(all)));
      });

      it('leaves nothing of what people have allowed to a client that gets the id later', async () => {
        const client = aClient();
        await store.clients.save(client);
        const all = await withEverything(client.id);
        await store.clients.remove(client.id);
        await store.clients.save({ ...client, name: 'Another' });
        assert.equal(await isApproved(all), false);
        assert.ok(await isApproved(await withEverything(client.id)));
      });

      it('answers true to exactly one of 50 callers, and false for one that never was', async () => {
        const client = aClient();
        await store.clients.save(client);
        assert.equal(trues(await race(() => store.clients.remove(client.id))), 1);
        assert.equal(await store.clients.remove(client.id), false);
        for (const nobody of [unique(), 'nul\0', 'half\ud800', '__proto__']) {
          assert.equal(await store.clients.remove(nobody), false);
        }
      });

      it('keeps from being added what refers to it: no code, no grant, no consent', async () => {
        const client = aClient();
        await store.clients.save(client);
        const { family } = await withEverything(client.id);
        await store.clients.remove(client.id);
        const grant = aGrant({ clientId: client.id });
        const consent = { ...family.grant, resource: '', scope: ['read'] };
        await store.consents.add(consent);
        assert.equal(await store.consents.find(consent.userId, client.id, ''), undefined);
        const code = aCode(grant);
        assert.equal(await store.codes.save(code, grant), false);
        assert.equal(await store.codes.find(code.hash, NOW), undefined);
        assert.equal(await store.grants.find(grant.id, NOW), undefined);
      });

      it('is outlived by nothing that 50 callers approve, redeem, rotate and issue meanwhile', async () => {
        const client = aClient();
        await store.clients.save(client);
        const clientId = client.id;
        const ready = await race(() => withEverything(clientId));
        const approved = Array.from({ length: CALLERS }, () => aGrant({ clientId }));
        const calls = await race(async (caller) => {
          const { family, opened } = ready[caller]!;
          const grant = approved[caller]!;
          const consent = { userId: grant.userId, clientId, resource: '', scope: ['read'] };
          const { refreshToken } = family.tokens;
          const all = [
            () => store.codes.redeem(opened.code.hash, NOW, someTokens(opened.grant)),
            () => store.refreshTokens.rotate(refreshToken.hash, NOW, 0, someTokens(family.grant)),
            () => store.tokens.issue(someTokens(family.grant), NOW),
            () => store.consents.add(consent),
            () => store.codes.save(aCode(grant), grant),
          ];
          const turn = caller % all.length;
          return [...all.slice(turn), ...all.slice(0, turn)];
        });
        const half = calls.length / 2;
        const run = (some: typeof calls) => some.flatMap((all) => all.map((call) => call()));
        const before = run(calls.slice(0, half));
        const removed = store.clients.remove(clientId);
        await Promise.all([...before, removed, ...run(calls.slice(half))]);
        assert.equal(await removed, true);

        // Who gets the id now finds nothing.
        await store.clients.save(client);
        for (const all of ready) assert.equal(await isApproved(all), false);
        for (const { id, userId } of approved) {
          assert.equal(await store.grants.find(id, NOW), undefined);
          same(await store.consents.listByUser(userId), []);
        }
      });
    });

    describe('users', () => {
      it('finds a saved user by id and by username with everything it had', async () => {
        const user = aUser({ email: 'zoë@example.org', passwordHash: aHash() });
        await store.users.save(user);
        same(await store.users.find(user.id), user);
        same(await store.users.findByUsername(user.username), user);
      });

      it('finds a user that has none of what is optional', async () => {
        const user = aUser();
        await store.users.save(user);
        same(await store.users.find(user.id), user);
      });

      it('finds nothing under an id or a username that nobody saved', async () => {
        assert.equal(await store.users.find(unique()), undefined);
        assert.equal(await store.users.findByUsername(unique()), undefined);
        assert.equal(await store.users.findByUsername('__proto__'), undefined);
      });

      it('replaces all of the user that has the id', async () => {
        const user = aUser({ email: 'a@example.org', passwordHash: aHash() });
        await store.users.save(user);
        const replacement: User = { id: user.id, username: user.username, name: 'Another' };
        await store.users.save(replacement);
        same(await store.users.find(user.id), replacement);
        same(await store.users.findByUsername(user.username), replacement);
      });

      it('rejects a user whose username is that of another, and changes neither', async () => {
        const first = aUser();
        await store.users.save(first);
        const second = aUser({ username: first.username });
        await assert.rejects(store.users.save(second), UsernameTaken);
        assert.equal(await store.users.find(second.id), undefined);
        same(await store.users.findByUsername(first.username), first);
      });

      it('rejects a new username that is that of another, and changes neither', async () => {
        const first = aUser();
        const second = aUser();
        await store.users.save(first);
        await store.users.save(second);
        await assert.rejects(
          store.users.save({ ...second, username: first.username }),
          UsernameTaken,
        );
        same(await store.users.findByUsername(first.username), first);
        same(await store.users.findByUsername(second.username), second);
        same(await store.users.find(second.id), second);
      });

      it('frees the old username of a user that takes a new one', async () => {
        const user = aUser();
        await store.users.save(user);
        const renamed = { ...user, username: unique() };
        await store.users.save(renamed);
        assert.equal(await store.users.findByUsername(user.username), undefined);
        same(await store.users.findByUsername(renamed.username), renamed);

        const heir = aUser({ username: user.username });
        await store.users.save(heir);
        same(await store.users.findByUsername(user.username), heir);
      });

      it('gives a username to exactly one of 50 users who want it at once', async () => {
        const username = unique();
        const rivals = Array.from({ length: CALLERS }, () => aUser({ username }));
        const saves = await Promise.allSettled(rivals.map((rival) => store.users.save(rival)));
        assert.equal(saves.filter(({ status }) => status === 'fulfilled').length, 1);
        for (const save of saves) {
          if (save.status === 'rejected') assert.ok(save.reason instanceof UsernameTaken);
        }
        const winner = rivals[saves.findIndex(({ status }) => status === 'fulfilled')];
        same(await store.users.findByUsername(username), winner);
      });

      it('leaves a user as it was when a caller changes the object it saved or got', async () => {
        const user = aUser();
        const original = structuredClone(user);
        await store.users.save(user);
        scribble(user);
        same(await store.users.findByUsername(original.username), original);
        scribble(await store.users.find(original.id));
        same(await store.users.find(original.id), original);
      });
    });

    describe('consents', () => {
      const scopeOf = async (userId: string, clientId: string) =>
        [...((await store.consents.find(userId, clientId, ''))?.scope ?? [])].sort();

      it('finds a consent by its user and its client', async () => {
        const consent = {
          userId: unique(),
          clientId: unique(),
          resource: '',
          scope: ['read', 'write'],
        };
        await store.consents.add(consent);
        same(await store.consents.find(consent.userId, consent.clientId, ''), consent);
      });

      it('finds nothing for another user or another client', async () => {
        const consent = { userId: unique(), clientId: unique(), resource: '', scope: ['read'] };
        await store.consents.add(consent);
        assert.equal(await store.consents.find(unique(), consent.clientId, ''), undefined);
        assert.equal(await store.consents.find(consent.userId, unique(), ''), undefined);
        assert.equal(await store.consents.find(consent.clientId, consent.userId, ''), undefined);
      });

      it('keeps the consents of two pairs apart whose ids read the same when joined', async () => {
        const [a, b, c] = [unique(), unique(), unique()];
        for (const joint of [' ', ':', ',', '","', '|', '/']) {
          await store.consents.add({
            userId: a + joint + b,
            clientId: c,
            resource: '',
            scope: ['read'],
          });
          assert.equal(await store.consents.find(a, b + joint + c, ''), undefined);
        }
      });

      it('keeps the consent for one resource apart from that for another', async () => {
        const [userId, clientId] = [unique(), unique()];
        const resource = 'https://api.example/';
        await store.consents.add({ userId, clientId, resource, scope: ['read'] });
        assert.deepEqual((await store.consents.find(userId, clientId, resource))?.scope, ['read']);
        assert.equal(await store.consents.find(userId, clientId, ''), undefined);
        assert.equal(await store.consents.find(userId, clientId, 'https://api.example'), undefined);
      });

      it('adds scopes to those remembered, each of them once', async () => {
        const [userId, clientId] = [unique(), unique()];
        await store.consents.add({ userId, clientId, resource: '', scope: ['read', 'write'] });
        await store.consents.add({ userId, clientId, resource: '', scope: ['write', 'admin'] });
        assert.deepEqual(await scopeOf(userId, clientId), ['admin', 'read', 'write']);
        await store.consents.add({ userId, clientId, resource: '', scope: [] });
        assert.deepEqual(await scopeOf(userId, clientId), ['admin', 'read', 'write']);
      });

      it('loses no scope of 50 callers who add at once', async () => {
        const [userId, clientId] = [unique(), unique()];
        const scopes = Array.from({ length: CALLERS }, (_, caller) => `scope-${caller}`);
        await race((caller) =>
          store.consents.add({
            userId,
            clientId,
            resource: '',
            scope: ['read', `scope-${caller}`],
          }),
        );
        assert.deepEqual(await scopeOf(userId, clientId), ['read', ...scopes].sort());
      });

      it('leaves a consent as it was when a caller changes the object it added or got', async () => {
        const consent = { userId: unique(), clientId: unique(), resource: '', scope: ['read'] };
        const original = structuredClone(consent);
        await store.consents.add(consent);
        scribble(consent);
        same(await store.consents.find(original.userId, original.clientId, ''), original);
        scribble(await store.consents.find(original.userId, original.clientId, ''));
        same(await store.consents.find(original.userId, original.clientId, ''), original);
      });
    });

    describe('grants', () => {
      it('finds a grant with everything it had, until the moment it expires', async () => {
        const { grant } = await savedCode();
        same(await store.grants.find(grant.id, NOW), grant);
        same(await store.grants.find(grant.id, grant.expiresAt - 1), grant);
        assert.equal(await store.grants.find(grant.id, grant.expiresAt), undefined);
      });

      it('finds nothing under an id that nobody saved', async () => {
        assert.equal(await store.grants.find(unique(), NOW), undefined);
      });

      it('keeps to the millisecond a time that an app has brought with a fraction', async () => {
        const { grant } = await savedCode({}, aGrant({ authTime: NOW - 0.75 }));
        const found = await store.grants.find(grant.id, NOW);
        assert.equal(Math.floor(found?.authTime ?? 0), NOW - 1);
      });

      it('answers true to exactly one of 50 callers who end a grant at once', async () => {
        const { grant } = await savedFamily();
        assert.equal(trues(await race(() => store.grants.end(grant.id))), 1);
        assert.equal(await store.grants.end(grant.id), false);
      });

      it('answers false to the end of a grant that never was', async () => {
        assert.equal(await store.grants.end(unique()), false);
      });

      it('ends with a grant every code and token that carries its id', async () => {
        const { code, grant, ...tokens } = await savedFamily();
        const more = someTokens(grant);
        assert.equal(await store.tokens.issue(more, NOW), true);
        await store.grants.end(grant.id);

        assert.equal(await store.grants.find(grant.id, NOW), undefined);
        assert.equal(await store.codes.find(code.hash, NOW), undefined);
        await assertAbsent(tokens);
        await assertAbsent(more);
      });

      it('ends no other grant, not even one of the same client and user', async () => {
        const { grant } = await savedFamily();
        const other = aGrant({ clientId: grant.clientId, userId: grant.userId });
        const { code } = await savedCode({}, other);
        const tokens = someTokens(other);
        await store.codes.redeem(code.hash, NOW, tokens);
        await store.grants.end(grant.id);
        assert.ok(await store.grants.find(other.id, NOW));
        await assertStored(tokens);
      });

      it('leaves no token alive that is issued at the moment its grant ends', async () => {
        await race(async (caller) => {
          const { grant, refreshToken } = await savedFamily();
          const opened = await savedCode();
          const longer = (family: Grant) => ({
            accessToken: anAccessToken(family),
            refreshToken: aRefreshToken(family, { expiresAt: NOW + 2 * DAY }),
          });
          const [issued, rotated, redeemed] = [longer(grant), longer(grant), longer(opened.grant)];
          const calls = [
            () => store.tokens.issue(issued, NOW),
            () => store.refreshTokens.rotate(refreshToken.hash, NOW, WINDOW, rotated),
            () => store.codes.redeem(opened.code.hash, NOW, redeemed),
            () => Promise.all([grant, opened.grant].map(({ id }) => store.grants.end(id))),
          ];
          const turn = caller % calls.length;
          await Promise.all([...calls.slice(turn), ...calls.slice(0, turn)].map((call) => call()));

          for (const tokens of [issued, rotated, redeemed]) await assertAbsent(tokens);
          assert.equal(await store.grants.find(grant.id, NOW), undefined);
          assert.equal(await store.grants.find(opened.grant.id, NOW), undefined);
        });
      });
    });

    describe('codes', () => {
      it('finds a code and its grant with everything they had', async () => {
        const { code, grant } = await savedCode();
        same(await store.codes.find(code.hash, NOW), { code, grant });
      });

      it('finds a code that has no challenge', async () => {
        const { code, grant } = await savedCode({
          codeChallenge: undefined,
        });
        same(await store.codes.find(code.hash, NOW), { code, grant });
      });

      it('finds nothing under a hash that nobody saved', async () => {
        assert.equal(await store.codes.find(unique(), NOW), undefined);
      });

      it('finds a code until the moment it expires', async () => {
        const { code } = await savedCode({}, aGrant({ expiresAt: NOW + HOUR }));
        assert.ok(await store.codes.find(code.hash, code.expiresAt - 1));
        assert.equal(await store.codes.find(code.hash, code.expiresAt), undefined);
      });

      it('finds no code whose grant has expired', async () => {
        const { code, grant } = await savedCode({}, aGrant({ expiresAt: NOW + SECOND }));
        assert.ok(await store.codes.find(code.hash, grant.expiresAt - 1));
        assert.equal(await store.codes.find(code.hash, grant.expiresAt), undefined);
      });

      it('redeems a code until the moment it expires', async () => {
        const expiresAt = NOW + MINUTE;
        const early = await savedCode({ expiresAt }, aGrant({ expiresAt: NOW + HOUR }));
        const answer = await store.codes.redeem(early.code.hash, expiresAt - 1);
        same(answer, { outcome: 'redeemed' });

        const late = await savedCode({ expiresAt }, aGrant({ expiresAt: NOW + HOUR }));
        const tokens = someTokens(late.grant);
        same(await store.codes.redeem(late.code.hash, expiresAt, tokens), { outcome: 'unknown' });
        await assertAbsent(tokens);
      });

      it('stores with the redemption the tokens it brought', async () => {
        const { code, grant } = await savedCode();
        const tokens = someTokens(grant);
        same(await store.codes.redeem(code.hash, NOW, tokens), { outcome: 'redeemed' });
        await assertStored(tokens);
      });

      it('redeems for an access token that has no refresh token beside it', async () => {
        const { code, grant } = await savedCode();
        const accessToken = anAccessToken(grant);
        same(await store.codes.redeem(code.hash, NOW, { accessToken }), { outcome: 'redeemed' });
        await assertStored({ accessToken });
      });

      it('finds a redeemed code with the time of its redemption', async () => {
        const { code } = await savedCode();
        await store.codes.redeem(code.hash, NOW + 1);
        same((await store.codes.find(code.hash, NOW + 2))?.code, { ...code, redeemedAt: NOW + 1 });
      });

      it('says already_redeemed and names the grant to who comes second, and stores nothing', async () => {
        const { code, grant, ...first } = await savedFamily();
        const second = someTokens(grant);
        same(await store.codes.redeem(code.hash, NOW + CODE_REPEAT_WINDOW, second), {
          outcome: 'already_redeemed',
          grantId: grant.id,
        });
        await assertAbsent(second);
        await assertStored(first);
        assert.equal((await store.codes.find(code.hash, NOW))?.code.redeemedAt, NOW);
      });

      it('says repeated, and stores nothing, to who comes in the window after the redemption', async () => {
        const { code, grant, ...first } = await savedFamily();
        const end = NOW + CODE_REPEAT_WINDOW;
        // The clock of the second may be behind that of the first.
        for (const now of [NOW - SECOND, NOW, end - 1]) {
          const again = someTokens(grant);
          same(await store.codes.redeem(code.hash, now, again), { outcome: 'repeated' });
          await assertAbsent(again);
        }
        await assertStored(first);
        const late = await store.codes.redeem(code.hash, end, someTokens(grant));
        same(late, { outcome: 'already_redeemed', grantId: grant.id });
      });

      it('says already_redeemed at once of a code that has no challenge', async () => {
        const { code, grant } = await savedCode({ codeChallenge: undefined });
        await store.codes.redeem(code.hash, NOW, someTokens(grant));
        same(await store.codes.redeem(code.hash, NOW, someTokens(grant)), {
          outcome: 'already_redeemed',
          grantId: grant.id,
        });
      });

      it('counts a redemption that brought no tokens', async () => {
        const { code, grant } = await savedCode();
        same(await store.codes.redeem(code.hash, NOW), { outcome: 'redeemed' });
        const tokens = someTokens(grant);
        same(await store.codes.redeem(code.hash, NOW, tokens), { outcome: 'repeated' });
        await assertAbsent(tokens);
      });

      it('says unknown of a redeemed code from the moment it expires', async () => {
        const { code } = await savedFamily();
        const answer = await store.codes.redeem(code.hash, code.expiresAt);
        same(answer, { outcome: 'unknown' });
      });

      it('says unknown of a code that never was, and stores nothing', async () => {
        const { grant } = await savedCode();
        const tokens = someTokens(grant);
        same(await store.codes.redeem(unique(), NOW, tokens), { outcome: 'unknown' });
        await assertAbsent(tokens);
      });

      it('says unknown of a code whose grant is over, redeemed or not', async () => {
        const fresh = await savedCode();
        await store.grants.end(fresh.grant.id);
        const tokens = someTokens(fresh.grant);
        same(await store.codes.redeem(fresh.code.hash, NOW, tokens), { outcome: 'unknown' });
        await assertAbsent(tokens);

        const redeemed = await savedFamily();
        await store.grants.end(redeemed.grant.id);
        same(await store.codes.redeem(redeemed.code.hash, NOW), { outcome: 'unknown' });

        const expired = await savedCode({}, aGrant({ expiresAt: NOW + SECOND }));
        same(await store.codes.redeem(expired.code.hash, NOW + SECOND), { outcome: 'unknown' });
      });

      it('makes the grant last as long as the longest of the tokens', async () => {
        for (const lifetimes of [
          { access: HOUR, refresh: DAY },
          { access: DAY, refresh: HOUR },
        ]) {
          const { code, grant } = await savedCode();
          await store.codes.redeem(code.hash, NOW, {
            accessToken: anAccessToken(grant, { expiresAt: NOW + lifetimes.access }),
            refreshToken: aRefreshToken(grant, { expiresAt: NOW + lifetimes.refresh }),
          });
          assert.ok(await store.grants.find(grant.id, NOW + DAY - 1));
        }
      });

      it('makes no grant shorter than it was', async () => {
        const { code, grant } = await savedCode({}, aGrant({ expiresAt: NOW + 2 * DAY }));
        await store.codes.redeem(code.hash, NOW, someTokens(grant));
        assert.ok(await store.grants.find(grant.id, NOW + 2 * DAY - 1));
      });

      it('lets exactly one of 50 callers redeem a code, and stores the tokens of that one', async () => {
        const { code, grant } = await savedCode();
        const brought = Array.from({ length: CALLERS }, () => someTokens(grant));
        const answers = await race((caller) =>
          store.codes.redeem(code.hash, NOW, brought[caller] as IssuedTokens),
        );
        assert.deepEqual(tally(answers), { redeemed: 1, repeated: CALLERS - 1 });
        for (const [caller, answer] of answers.entries()) {
          const tokens = brought[caller] as IssuedTokens;
          await (answer.outcome === 'redeemed' ? assertStored(tokens) : assertAbsent(tokens));
        }
      });

      it('leaves a code as it was when a caller changes the objects it saved or got', async () => {
        const grant = aGrant();
        const code = aCode(grant);
        const original = structuredClone({ code, grant });
        await store.codes.save(code, grant);
        scribble(code);
        scribble(grant);
        same(await store.codes.find(original.code.hash, NOW), original);
        const found = await store.codes.find(original.code.hash, NOW);
        scribble(found?.code);
        scribble(found?.grant);
        same(await store.codes.find(original.code.hash, NOW), original);
      });
    });

    describe('tokens', () => {
      it('issues tokens under a grant and makes it last as long as they do', async () => {
        const { grant } = await savedCode();
        const tokens = someTokens(grant);
        assert.equal(await store.tokens.issue(tokens, NOW), true);
        await assertStored(tokens);
        assert.ok(await store.grants.find(grant.id, NOW + DAY - 1));
      });

      it('issues an access token of a client that acts for itself, with no grant', async () => {
        const accessToken = aClientsOwnToken();
        assert.equal(await store.tokens.issue({ accessToken }, NOW), true);
        await assertStored({ accessToken });
      });

      it('answers false and stores nothing where the grant has been ended', async () => {
        const { grant } = await savedFamily();
        await store.grants.end(grant.id);
        const tokens = someTokens(grant);
        assert.equal(await store.tokens.issue(tokens, NOW), false);
        await assertAbsent(tokens);
        assert.equal(await store.grants.find(grant.id, NOW), undefined);
      });

      it('answers false and stores nothing where the grant has expired', async () => {
        const { grant } = await savedCode();
        const tokens = someTokens(grant);
        assert.equal(await store.tokens.issue(tokens, grant.expiresAt), false);
        await assertAbsent(tokens);
        assert.equal(await store.grants.find(grant.id, grant.expiresAt), undefined);
        assert.equal(await store.tokens.issue(tokens, grant.expiresAt - 1), true);
      });

      it('answers false and stores nothing where the grant never was', async () => {
        const tokens = someTokens(aGrant());
        assert.equal(await store.tokens.issue(tokens, NOW), false);
        await assertAbsent(tokens);
      });

      it('issues at the same moment to clients for themselves, under grants, and under none', async () => {
        const { grant } = await savedCode();
        const brought = Array.from({ length: CALLERS }, (_, caller) =>
          caller % 3 === 0
            ? { accessToken: aClientsOwnToken() }
            : someTokens(caller % 3 === 1 ? grant : aGrant()),
        );
        const answers = await race((caller) => store.tokens.issue(brought[caller]!, NOW));
        for (const [caller, tokens] of brought.entries()) {
          assert.equal(answers[caller], caller % 3 !== 2);
          await (caller % 3 === 2 ? assertAbsent(tokens) : assertStored(tokens));
        }
      });

      it('loses no token of 50 callers who issue at once, and the grant lasts for the longest', async () => {
        const { grant } = await savedCode();
        const brought = Array.from({ length: CALLERS }, (_, caller) => ({
          accessToken: anAccessToken(grant),
          refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY - caller * MINUTE }),
        }));
        const answers = await race((caller) =>
          store.tokens.issue(brought[caller] as IssuedTokens, NOW),
        );
        assert.equal(trues(answers), CALLERS);
        for (const tokens of brought) await assertStored(tokens);
        assert.ok(await store.grants.find(grant.id, NOW + 2 * DAY - 1));
      });
    });

    describe('access tokens', () => {
      it('finds a token until the moment it expires, with a grant or without', async () => {
        const { grant, accessToken } = await savedFamily();
        assert.ok(grant.expiresAt < accessToken.expiresAt);
        const own = aClientsOwnToken();
        await store.tokens.issue({ accessToken: own }, NOW);
        for (const token of [accessToken, own]) {
          same(await store.accessTokens.find(token.hash, token.expiresAt - 1), token);
          assert.equal(await store.accessTokens.find(token.hash, token.expiresAt), undefined);
        }
      });

      it('finds nothing under a hash that nobody stored', async () => {
        assert.equal(await store.accessTokens.find(unique(), NOW), undefined);
      });

      it('finds no access token under the hash of a code or of a refresh token', async () => {
        const { code, refreshToken } = await savedFamily();
        assert.equal(await store.accessTokens.find(code.hash, NOW), undefined);
        assert.equal(await store.accessTokens.find(refreshToken.hash, NOW), undefined);
      });

      it('leaves a token as it was when a caller changes the object it stored or got', async () => {
        const token = aClientsOwnToken();
        const original = structuredClone(token);
        await store.tokens.issue({ accessToken: token }, NOW);
        scribble(token);
        same(await store.accessTokens.find(original.hash, NOW), original);
        scribble(await store.accessTokens.find(original.hash, NOW));
        same(await store.accessTokens.find(original.hash, NOW), original);
      });
    });

    describe('refresh tokens', () => {
      const rotate = (
        token: RefreshToken,
        tokens: { accessToken: AccessToken; refreshToken: RefreshToken },
        now = NOW,
        window = WINDOW,
      ) => store.refreshTokens.rotate(token.hash, now, window, tokens);

      /** A family whose first refresh token was exchanged for the successor at NOW. */
      async function rotatedFamily() {
        const { grant, refreshToken: token } = await savedFamily();
        const { accessToken, refreshToken: successor } = someTokens(grant);
        const answer = await rotate(token, { accessToken, refreshToken: successor });
        assert.equal(answer.outcome, 'rotated');
        return { grant, token, successor };
      }

      /** What a client brings that asks again: the successor is derived, the access token new. */
      const retryWith = (grant: Grant, successor: RefreshToken) => ({
        accessToken: anAccessToken(grant),
        refreshToken: successor,
      });

      async function assertReused(
        token: RefreshToken,
        tokens: { accessToken: AccessToken; refreshToken: RefreshToken },
        now = NOW,
        window = WINDOW,
      ): Promise<void> {
        const answer = await rotate(token, tokens, now, window);
        same(answer, { outcome: 'reused', grantId: token.grantId });
        await assertAbsent({ accessToken: tokens.accessToken });
      }

      it('finds a token with its grant, until the moment it expires', async () => {
        const { grant, refreshToken } = await savedFamily();
        const found = await store.refreshTokens.find(refreshToken.hash, refreshToken.expiresAt - 1);
        same(found?.token, refreshToken);
        assert.equal(found?.grant.id, grant.id);
        assert.equal(
          await store.refreshTokens.find(refreshToken.hash, refreshToken.expiresAt),
          undefined,
        );
      });

      it('finds nothing under a hash that nobody stored', async () => {
        assert.equal(await store.refreshTokens.find(unique(), NOW), undefined);
      });

      it('exchanges a token for its successor and stores what was brought', async () => {
        const { grant, refreshToken } = await savedFamily();
        const tokens = someTokens(grant);
        const answer = await rotate(refreshToken, tokens, NOW + 1);
        assert.equal(answer.outcome, 'rotated');
        await assertStored(tokens);
      });

      it('renews a token that is its own successor, for each of 50 callers, and nothing else of it', async () => {
        const { grant, refreshToken } = await savedFamily();
        const expiresAt = refreshToken.expiresAt + MINUTE;
        const renewed = { ...refreshToken, expiresAt };
        const brought = Array.from({ length: CALLERS }, () => retryWith(grant, renewed));
        const answers = await Promise.all(
          brought.map((tokens) => rotate(refreshToken, tokens, NOW, 0)),
        );
        for (const { outcome } of answers) assert.equal(outcome, 'rotated');
        for (const tokens of brought) await assertStored(tokens);
        const found = await store.refreshTokens.find(refreshToken.hash, expiresAt - 1);
        same(found?.token, renewed);
        assert.equal(await store.refreshTokens.find(refreshToken.hash, expiresAt), undefined);
      });

      it('renews no token that was exchanged before, in the window neither', async () => {
        const { grant, token } = await rotatedFamily();
        await assertReused(token, retryWith(grant, token));
      });

      it('finds a rotated token with its time and its successor', async () => {
        const { token, successor } = await rotatedFamily();
        same((await store.refreshTokens.find(token.hash, NOW))?.token, {
          ...token,
          rotatedAt: NOW,
          successorHash: successor.hash,
        });
      });

      it('makes the grant last as long as the longer of the two, and answers it so', async () => {
        for (const lifetimes of [
          { access: HOUR, refresh: 3 * DAY },
          { access: 3 * DAY, refresh: 2 * DAY },
        ]) {
          const { grant, refreshToken } = await savedFamily();
          const answer = await rotate(refreshToken, {
            accessToken: anAccessToken(grant, { expiresAt: NOW + lifetimes.access }),
            refreshToken: aRefreshToken(grant, { expiresAt: NOW + lifetimes.refresh }),
          });
          assert.ok(answer.outcome === 'rotated');
          const found = await store.grants.find(grant.id, NOW + 3 * DAY - 1);
          assert.ok(found);
          same(answer.grant, found);
        }
      });

      it('makes no grant shorter than it was', async () => {
        const { grant, refreshToken } = await savedFamily({ expiresAt: NOW + 3 * DAY });
        await rotate(refreshToken, someTokens(grant));
        assert.ok(await store.grants.find(grant.id, NOW + 3 * DAY - 1));
      });

      it('rotates a token until the moment it expires', async () => {
        const early = await savedFamily();
        const { expiresAt } = early.refreshToken;
        const answer = await rotate(early.refreshToken, someTokens(early.grant), expiresAt - 1);
        assert.equal(answer.outcome, 'rotated');

        const late = await savedFamily();
        const tokens = someTokens(late.grant);
        same(await rotate(late.refreshToken, tokens, expiresAt), { outcome: 'unknown' });
        await assertAbsent(tokens);
      });

      it('says unknown of a token that never was, and stores nothing', async () => {
        const { grant } = await savedFamily();
        const tokens = someTokens(grant);
        same(await rotate(aRefreshToken(grant), tokens), { outcome: 'unknown' });
        await assertAbsent(tokens);
      });

      it('says unknown of a token whose grant is over, rotated or not, and stores nothing', async () => {
        const fresh = await savedFamily();
        await store.grants.end(fresh.grant.id);
        const tokens = someTokens(fresh.grant);
        same(await rotate(fresh.refreshToken, tokens), { outcome: 'unknown' });
        await assertAbsent(tokens);

        const rotated = await rotatedFamily();
        await store.grants.end(rotated.grant.id);
        const retry = retryWith(rotated.grant, rotated.successor);
        same(await rotate(rotated.token, retry), { outcome: 'unknown' });
        await assertAbsent(retry);
      });

      it('says unknown of a rotated token that has expired, even in the window', async () => {
        const { grant, refreshToken } = await savedFamily({ expiresAt: NOW + SECOND });
        const successor = aRefreshToken(grant);
        await rotate(refreshToken, retryWith(grant, successor));
        const retry = retryWith(grant, successor);
        same(await rotate(refreshToken, retry, NOW + SECOND), { outcome: 'unknown' });
        await assertAbsent({ accessToken: retry.accessToken });
      });

      it('answers a retry with the stored successor and stores the new access token', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const later = { ...successor, expiresAt: successor.expiresAt + DAY, scope: ['read'] };
        const retry = retryWith(grant, later);
        const answer = await rotate(token, retry, NOW + 10 * SECOND);
        assert.ok(answer.outcome === 'retried');
        same(answer.successor, successor);
        assert.equal(answer.grant.id, grant.id);
        await assertStored({ accessToken: retry.accessToken, refreshToken: successor });
      });

      it('makes the grant last as long as the access token of a retry', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const accessToken = anAccessToken(grant, { expiresAt: NOW + 3 * DAY });
        const answer = await rotate(token, { accessToken, refreshToken: successor });
        assert.ok(answer.outcome === 'retried');
        same(answer.grant, await store.grants.find(grant.id, NOW + 3 * DAY - 1));
        assert.ok(await store.accessTokens.find(accessToken.hash, NOW + 3 * DAY - 1));
      });

      it('takes a token for a retry until the very end of the window', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const last = await rotate(token, retryWith(grant, successor), NOW + WINDOW - 1);
        assert.equal(last.outcome, 'retried');
        await assertReused(token, retryWith(grant, successor), NOW + WINDOW);
      });

      it('opens no second window with a retry', async () => {
        const { grant, token, successor } = await rotatedFamily();
        await rotate(token, retryWith(grant, successor), NOW + WINDOW - 1);
        await assertReused(token, retryWith(grant, successor), NOW + WINDOW + 1);
      });

      it('takes a retry from a caller whose clock is behind', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const answer = await rotate(token, retryWith(grant, successor), NOW - SECOND);
        assert.equal(answer.outcome, 'retried');
      });

      it('knows no retry where the window is 0, not even for a clock that is behind', async () => {
        const { grant, token, successor } = await rotatedFamily();
        await assertReused(token, retryWith(grant, successor), NOW, 0);
        await assertReused(token, retryWith(grant, successor), NOW - SECOND, 0);
      });

      it('says reused once the successor was itself rotated, and stores nothing', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const second = await rotate(successor, someTokens(grant), NOW + 1);
        assert.equal(second.outcome, 'rotated');
        await assertReused(token, retryWith(grant, successor), NOW + 2);
      });

      it('says reused once the successor was retired', async () => {
        const { grant, token, successor } = await rotatedFamily();
        assert.equal(await store.refreshTokens.retire(successor.hash, NOW), true);
        await assertReused(token, retryWith(grant, successor), NOW + 1);
      });

      it('says reused once the successor has expired', async () => {
        const { grant, refreshToken } = await savedFamily();
        const successor = aRefreshToken(grant, { expiresAt: NOW + SECOND });
        await rotate(refreshToken, retryWith(grant, successor));
        await assertReused(refreshToken, retryWith(grant, successor), NOW + SECOND);
      });

      it('says reused to who brings another successor, and stores nothing of it', async () => {
        const { grant, token, successor } = await rotatedFamily();
        const other = someTokens(grant);
        await assertReused(token, other);
        await assertAbsent(other);
        same(
          (await store.refreshTokens.find(token.hash, NOW))?.token.successorHash,
          successor.hash,
        );
        same((await store.refreshTokens.find(successor.hash, NOW))?.token, successor);
      });

      it('says reused to who brings for a successor another token of the same grant', async () => {
        const { grant, token } = await rotatedFamily();
        const beside = someTokens(grant);
        await store.tokens.issue(beside, NOW);
        await assertReused(token, retryWith(grant, beside.refreshToken));
      });

      it('tells exactly one of 50 callers rotated and 49 retried, all with one successor', async () => {
        const { grant, refreshToken } = await savedFamily();
        const successor = aRefreshToken(grant);
        const brought = Array.from({ length: CALLERS }, () => retryWith(grant, successor));
        const answers = await race((caller) =>
          rotate(refreshToken, brought[caller] as ReturnType<typeof retryWith>),
        );
        assert.deepEqual(tally(answers), { rotated: 1, retried: CALLERS - 1 });
        for (const answer of answers) {
          if (answer.outcome === 'retried') same(answer.successor, successor);
        }
        for (const tokens of brought) await assertStored(tokens);
      });

      it('answers the successor that the first of 50 callers brought, whatever the others bring', async () => {
        const { grant, refreshToken } = await savedFamily();
        const derived = aRefreshToken(grant);
        const brought = Array.from({ length: CALLERS }, (_, caller) =>
          retryWith(grant, { ...derived, expiresAt: derived.expiresAt + caller * SECOND }),
        );
        const answers = await race((caller) => rotate(refreshToken, brought[caller]!));
        const first = brought[answers.findIndex(({ outcome }) => outcome === 'rotated')];
        assert.deepEqual(tally(answers), { rotated: 1, retried: CALLERS - 1 });
        for (const answer of answers) {
          if (answer.outcome === 'retried') same(answer.successor, first?.refreshToken);
        }
        same((await store.refreshTokens.find(derived.hash, NOW))?.token, first?.refreshToken);
      });

      it('tells exactly one of 50 callers rotated and 49 reused where the window is 0', async () => {
        const { grant, refreshToken } = await savedFamily();
        const successor = aRefreshToken(grant);
        const brought = Array.from({ length: CALLERS }, () => retryWith(grant, successor));
        const answers = await race((caller) =>
          rotate(refreshToken, brought[caller] as ReturnType<typeof retryWith>, NOW, 0),
        );
        assert.deepEqual(tally(answers), { rotated: 1, reused: CALLERS - 1 });
        for (const [caller, answer] of answers.entries()) {
          const tokens = brought[caller] as ReturnType<typeof retryWith>;
          if (answer.outcome === 'rotated') await assertStored(tokens);
          else await assertAbsent({ accessToken: tokens.accessToken });
        }
      });

      it('stores the successor of exactly one of 50 callers who bring 50', async () => {
        const { grant, refreshToken } = await savedFamily();
        const brought = Array.from({ length: CALLERS }, () => someTokens(grant));
        const answers = await race((caller) =>
          rotate(refreshToken, brought[caller] as ReturnType<typeof someTokens>),
        );
        assert.deepEqual(tally(answers), { rotated: 1, reused: CALLERS - 1 });
        for (const [caller, answer] of answers.entries()) {
          const tokens = brought[caller] as ReturnType<typeof someTokens>;
          if (answer.outcome === 'rotated') await assertStored(tokens);
          else await assertAbsent(tokens);
        }
      });

      it('retires a token for exactly one of 50 callers', async () => {
        const { refreshToken } = await savedFamily();
        const answers = await race(() => store.refreshTokens.retire(refreshToken.hash, NOW));
        assert.equal(trues(answers), 1);
        assert.equal(await store.refreshTokens.retire(refreshToken.hash, NOW + 1), false);
      });

      it('finds a retired token with its time and no successor', async () => {
        const { refreshToken } = await savedFamily();
        await store.refreshTokens.retire(refreshToken.hash, NOW + 1);
        same((await store.refreshTokens.find(refreshToken.hash, NOW + 1))?.token, {
          ...refreshToken,
          rotatedAt: NOW + 1,
        });
      });

      it('says reused of a retired token, in the window too, and stores nothing', async () => {
        const { grant, refreshToken } = await savedFamily();
        await store.refreshTokens.retire(refreshToken.hash, NOW);
        const tokens = someTokens(grant);
        await assertReused(refreshToken, tokens);
        await assertAbsent(tokens);
      });

      it('retires no token that is unknown, rotated, expired, or of a grant that is over', async () => {
        assert.equal(await store.refreshTokens.retire(unique(), NOW), false);

        const rotated = await rotatedFamily();
        assert.equal(await store.refreshTokens.retire(rotated.token.hash, NOW), false);
        same(
          (await store.refreshTokens.find(rotated.successor.hash, NOW))?.token,
          rotated.successor,
        );

        const expired = await savedFamily();
        const { hash, expiresAt } = expired.refreshToken;
        assert.equal(await store.refreshTokens.retire(hash, expiresAt), false);
        assert.equal(await store.refreshTokens.retire(hash, expiresAt - 1), true);

        const ended = await savedFamily();
        await store.grants.end(ended.grant.id);
        assert.equal(await store.refreshTokens.retire(ended.refreshToken.hash, NOW), false);
      });

      it('lets either the rotation or the retirement of a token win, never both', async () => {
        await race(async () => {
          const { grant, refreshToken } = await savedFamily();
          const tokens = someTokens(grant);
          const [rotation, retired] = await Promise.all([
            rotate(refreshToken, tokens),
            store.refreshTokens.retire(refreshToken.hash, NOW),
          ]);
          assert.equal(rotation.outcome, retired ? 'reused' : 'rotated');
          if (retired) await assertAbsent(tokens);
          else await assertStored(tokens);
        });
      });

      it('leaves a token as it was when a caller changes the objects it stored or got', async () => {
        const { grant, refreshToken } = await savedFamily();
        const tokens = someTokens(grant);
        const original = structuredClone(tokens);
        const answer = await rotate(refreshToken, tokens);
        scribble(tokens.accessToken);
        scribble(tokens.refreshToken);
        await assertStored(original);

        assert.ok(answer.outcome === 'rotated');
        scribble(answer.grant);
        const retry = await rotate(refreshToken, retryWith(grant, original.refreshToken));
        assert.ok(retry.outcome === 'retried');
        scribble(retry.grant);
        scribble(retry.successor);
        scribble((await store.refreshTokens.find(original.refreshToken.hash, NOW))?.token);
        await assertStored(original);
        assert.equal((await store.grants.find(grant.id, NOW))?.clientId, grant.clientId);
      });
    });

    describe('tokens that end one by one', () => {
      it('forgets a token that is revoked, and no other of its grant', async () => {
        const grant = aGrant({ expiresAt: NOW + DAY });
        const [gone, kept] = [anAccessToken(grant), anAccessToken(grant)];
        await store.codes.save(aCode(grant), grant);
        await store.tokens.issue({ accessToken: gone }, NOW);
        await store.tokens.issue({ accessToken: kept }, NOW);
        await store.accessTokens.revoke(gone.hash, gone.expiresAt);
        assert.equal(await store.accessTokens.find(gone.hash, NOW), undefined);
        same(await store.accessTokens.find(kept.hash, NOW), kept);
      });

      it('does not keep a JWT of a client that acts for itself', async () => {
        const [jwt, opaque] = [aClientsOwnToken({ jti: unique() }), aClientsOwnToken()];
        const answers = [jwt, opaque].map((accessToken) =>
          store.tokens.issue({ accessToken }, NOW),
        );
        assert.deepEqual(await Promise.all(answers), [true, true]);
        assert.equal(await store.accessTokens.find(jwt.hash, NOW), undefined);
        await assertStored({ accessToken: opaque });
      });

      it('does not keep a JWT, but lets its grant last as long', async () => {
        const grant = aGrant();
        const jwt = anAccessToken(grant, { jti: unique(), expiresAt: NOW + DAY });
        await store.codes.save(aCode(grant), grant);
        assert.equal(await store.tokens.issue({ accessToken: jwt }, NOW), true);
        assert.equal(await store.accessTokens.find(jwt.hash, NOW), undefined);
        assert.ok(await store.grants.find(grant.id, NOW + DAY - 1));
      });

      it('has a JWT in force until it is revoked, with or without a grant', async () => {
        const grant = aGrant({ expiresAt: NOW + DAY });
        await store.codes.save(aCode(grant), grant);
        for (const grantId of [grant.id, undefined]) {
          const [gone, kept] = [aJwt({ ...grant, grantId }), aJwt({ ...grant, grantId })];
          assert.equal(await store.accessTokens.isInForce(gone, NOW), true);
          await store.accessTokens.revoke(gone.hash, NOW + HOUR);
          assert.equal(await store.accessTokens.isInForce(gone, NOW), false);
          assert.equal(await store.accessTokens.isInForce(gone, NOW + HOUR - 1), false);
          assert.equal(await store.accessTokens.isInForce(kept, NOW), true);
        }
      });

      it('keeps a revocation for as long as it was last asked to', async () => {
        const { grant } = await savedCode();
        const own = aJwt({ ...grant, grantId: undefined });
        await store.accessTokens.revoke(own.hash, NOW + HOUR);
        await store.accessTokens.revoke(own.hash, NOW + DAY);
        assert.equal(await store.accessTokens.isInForce(own, NOW + DAY - 1), false);
        assert.equal(await store.accessTokens.isInForce(own, NOW + DAY), true);
      });

      it('has a JWT in force no longer than its grant', async () => {
        const grant = aGrant({ expiresAt: NOW + DAY });
        await store.codes.save(aCode(grant), grant);
        assert.equal(await store.accessTokens.isInForce(aJwtOf(grant), NOW + DAY), false);
        await store.grants.end(grant.id);
        assert.equal(await store.accessTokens.isInForce(aJwtOf(grant), NOW), false);
      });
    });

    describe('replays', () => {
      it('has one winner of 50 who claim an id at once', async () => {
        const id = unique();
        const claims = await race(() => store.replays.claim('jti', id, NOW + HOUR, NOW));
        assert.equal(claims.filter(Boolean).length, 1);
      });

      it('gives an id once until it expires, and again from that moment on', async () => {
        const id = unique();
        assert.equal(await store.replays.claim('jti', id, NOW + HOUR, NOW), true);
        assert.equal(await store.replays.claim('jti', id, NOW + DAY, NOW + HOUR - 1), false);
        assert.equal(await store.replays.claim('jti', id, NOW + DAY, NOW + HOUR), true);
      });

      it('keeps ids of one kind apart from those of another', async () => {
        const id = unique();
        assert.equal(await store.replays.claim('a', id, NOW + HOUR, NOW), true);
        assert.equal(await store.replays.claim('b', id, NOW + HOUR, NOW), true);
      });
    });

    describe('keys', () => {
      // A period of its own for each test: one store serves them all.
      const aKey = (period: number, changes: Partial<StoredKey> = {}): StoredKey => ({
        kid: unique(),
        alg: 'ES256',
        period,
        createdAt: NOW,
        encryptedPrivateKey: unique(),
        expiresAt: NOW + DAY,
        ...changes,
      });
      const kids = async (now = NOW) => (await store.keys.list(now)).map(({ kid }) => kid);

      it('has one key of 50 that are offered for a period at once, and gives it to all', async () => {
        const offered = Array.from({ length: CALLERS }, () => aKey(1));
        const given = await race((caller) => store.keys.ensure(offered[caller] as StoredKey));
        assert.equal(new Set(given.map(({ kid }) => kid)).size, 1);
        assert.ok((await kids()).includes(given[0]?.kid ?? ''));
        same(await store.keys.ensure(aKey(1)), given[0]);
      });

      it('has a key for each period and algorithm', async () => {
        const three = [aKey(2), aKey(3), aKey(2, { alg: 'RS256' })];
        for (const key of three) same(await store.keys.ensure(key), key);
        const listed = await kids();
        for (const { kid } of three) assert.ok(listed.includes(kid));
      });

      it('lists a key until the moment it expires', async () => {
        const { kid, expiresAt } = await store.keys.ensure(aKey(4));
        assert.ok((await kids(expiresAt - 1)).includes(kid));
        assert.ok(!(await kids(expiresAt)).includes(kid));
      });
    });

    describe('limits', () => {
      const take = (key: string, max: number, now = NOW) => store.limits.take(key, max, HOUR, now);

      async function assertAllows(key: string, max: number, now = NOW): Promise<void> {
        for (let attempt = 1; attempt <= max; attempt += 1) {
          assert.equal((await take(key, max, now)).allowed, true, `attempt ${attempt} of ${max}`);
        }
        assert.equal((await take(key, max, now)).allowed, false, `attempt ${max + 1} of ${max}`);
      }

      it('allows as many attempts as the most, and says when the window ends', async () => {
        const key = unique();
        const resetAt = NOW + HOUR;
        assert.deepEqual(await take(key, 2), { allowed: true, resetAt });
        assert.deepEqual(await take(key, 2, NOW + 1), { allowed: true, resetAt });
        assert.deepEqual(await take(key, 2, NOW + 2), { allowed: false, resetAt });
        assert.deepEqual(await take(key, 2, resetAt - 1), { allowed: false, resetAt });
      });

      it('starts the next window with the first attempt after the last one ended', async () => {
        const key = unique();
        await assertAllows(key, 3);
        assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
        const again = await take(key, 3, NOW + HOUR);
        assert.deepEqual(again, { allowed: true, resetAt: NOW + 2 * HOUR });
        const next = NOW + 5 * HOUR;
        assert.deepEqual(await take(key, 3, next), { allowed: true, resetAt: next + HOUR });
      });

      it('counts every key by itself', async () => {
        await assertAllows(unique(), 1);
        await assertAllows(unique(), 1);
        await assertAllows(`__proto__${unique()}`, 1);
      });

      it('allows none where the most is 0', async () => {
        const key = unique();
        assert.deepEqual(await take(key, 0), { allowed: false, resetAt: NOW + HOUR });
        assert.equal((await take(key, 1)).allowed, true, 'the refused one is not counted');
      });

      it('allows exactly the most of 50 callers at once', async () => {
        const key = unique();
        const answers = await race(() => take(key, 7));
        assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
        for (const { resetAt } of answers) assert.equal(resetAt, NOW + HOUR);
      });

      it('allows exactly the most of 50 callers at once in a window after the first', async () => {
        const key = unique();
        await assertAllows(key, 7);
        const answers = await race(() => take(key, 7, NOW + HOUR));
        assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
      });

      it('allows one more for each attempt given back', async () => {
        const key = unique();
        await assertAllows(key, 2);
        await store.limits.giveBack(key, NOW + 1);
        assert.equal((await take(key, 2)).allowed, true);
        assert.equal((await take(key, 2)).allowed, false);
      });

      it('counts no attempt that it refused', async () => {
        const key = unique();
        await assertAllows(key, 2);
        for (let refused = 0; refused < 5; refused += 1) await take(key, 2);
        await store.limits.giveBack(key, NOW);
        assert.equal((await take(key, 2)).allowed, true);
      });

      it('never counts below zero', async () => {
        const key = unique();
        await take(key, 3);
        for (let times = 0; times < 5; times += 1) await store.limits.giveBack(key, NOW);
        await assertAllows(key, 3);
      });

      it('gives nothing back under a key without a window', async () => {
        const key = unique();
        await store.limits.giveBack(key, NOW);
        await assertAllows(key, 3);
      });

      it('gives nothing back once the window has ended', async () => {
        const key = unique();
        await assertAllows(key, 3);
        await store.limits.giveBack(key, NOW + HOUR);
        assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
        await assertAllows(key, 3, NOW + HOUR);
      });

      it('moves no window by giving back', async () => {
        const key = unique();
        await take(key, 1);
        await store.limits.giveBack(key, NOW + MINUTE);
        const again = await take(key, 1, NOW + 2 * MINUTE);
        assert.deepEqual(again, { allowed: true, resetAt: NOW + HOUR });
      });

      it('loses none of 50 attempts given back at once', async () => {
        const key = unique();
        await assertAllows(key, CALLERS);
        await race(() => store.limits.giveBack(key, NOW));
        await assertAllows(key, CALLERS);
      });
    });

    for (const kind of ['sessions', 'requests'] as const)
      describe(kind, () => {
        const aDocument = (changes = {}) => ({
          data: JSON.stringify({ userId: unique(), text: 'Zoë "山田"' }),
          expiresAt: NOW + HOUR,
          ...changes,
        });

        it('finds a document until the moment it expires', async () => {
          const [id, document] = [unique(), aDocument()];
          await store[kind].save(id, document);
          same(await store[kind].find(id, NOW), document);
          same(await store[kind].find(id, document.expiresAt - 1), document);
          assert.equal(await store[kind].find(id, document.expiresAt), undefined);
        });

        it('finds nothing under an id that nobody saved', async () => {
          assert.equal(await store[kind].find(unique(), NOW), undefined);
        });

        it('replaces the document that has the id, its expiry with it', async () => {
          const id = unique();
          await store[kind].save(id, aDocument());
          const longer = aDocument({ expiresAt: NOW + DAY });
          await store[kind].save(id, longer);
          same(await store[kind].find(id, NOW + DAY - 1), longer);
          const shorter = aDocument({ expiresAt: NOW + MINUTE });
          await store[kind].save(id, shorter);
          same(await store[kind].find(id, NOW), shorter);
          assert.equal(await store[kind].find(id, NOW + MINUTE), undefined);
        });

        it('deletes a document, and only that one', async () => {
          const [gone, kept, document] = [unique(), unique(), aDocument()];
          await store[kind].save(gone, document);
          await store[kind].save(kept, document);
          await store[kind].delete(gone);
          assert.equal(await store[kind].find(gone, NOW), undefined);
          same(await store[kind].find(kept, NOW), document);
        });

        it('minds no deletion of a document that is not there', async () => {
          await store[kind].delete(unique());
        });

        it('keeps sessions and requests apart', async () => {
          const [id, other] = [unique(), kind === 'sessions' ? 'requests' : 'sessions'] as const;
          await store[kind].save(id, aDocument());
          assert.equal(await store[other].find(id, NOW), undefined);
        });

        it('survives 50 callers who save one document at once, and keeps one of theirs', async () => {
          const id = unique();
          const saved = Array.from({ length: CALLERS }, () => aDocument());
          await race((caller) => store[kind].save(id, saved[caller] as (typeof saved)[0]));
          const found = await store[kind].find(id, NOW);
          assert.ok(saved.some(({ data }) => data === found?.data));
        });

        it('leaves a document as it was when a caller changes the object it saved or got', async () => {
          const [id, document] = [unique(), aDocument()];
          const original = structuredClone(document);
          await store[kind].save(id, document);
          scribble(document);
          same(await store[kind].find(id, NOW), original);
          scribble(await store[kind].find(id, NOW));
          same(await store[kind].find(id, NOW), original);
        });
      });

    describe('a request that is answered', () => {
      const anAnswer = (changes = {}) => ({
        data: JSON.stringify({ answer: unique() }),
        expiresAt: NOW + HOUR,
        ...changes,
      });
      const aConsent = (changes = {}) => ({
        userId: unique(),
        clientId: unique(),
        resource: '',
        scope: ['read'],
        createdAt: NOW,
        ...changes,
      });

      it('keeps the first answer, and gives it to whoever brings another', async () => {
        const [id, first] = [unique(), anAnswer()];
        assert.equal(await store.requests.add(id, first, NOW), undefined);
        same(await store.requests.add(id, anAnswer({ expiresAt: NOW + DAY }), NOW), first);
        same(await store.requests.find(id, NOW), first);
      });

      it('takes another from the moment the first expires', async () => {
        const [id, first, second] = [unique(), anAnswer(), anAnswer({ expiresAt: NOW + DAY })];
        await store.requests.add(id, first, NOW);
        same(await store.requests.add(id, second, first.expiresAt - 1), first);
        assert.equal(await store.requests.add(id, second, first.expiresAt), undefined);
        same(await store.requests.find(id, first.expiresAt), second);
      });

      it('is answered by exactly one of 50 callers, who alone is remembered to have allowed something', async () => {
        const [id, userId, clientId] = [unique(), unique(), unique()];
        const brought = Array.from({ length: CALLERS }, (_, n) => ({
          document: anAnswer(),
          consents: ['b', 'a'].map((name) =>
            aConsent({ userId, clientId, resource: `${name}${n}` }),
          ),
        }));
        const there = await race((caller) => {
          const { document, consents } = brought[caller]!;
          return store.requests.add(id, document, NOW, consents);
        });
        const winners = brought.filter((_, caller) => there[caller] === undefined);
        assert.equal(winners.length, 1);
        const [{ document, consents }] = winners as [(typeof brought)[0]];
        for (const other of there) if (other !== undefined) same(other, document);
        const remembered = await store.consents.listByUser(userId);
        same(
          remembered.map(({ resource }) => resource).toSorted(),
          consents.map(({ resource }) => resource).toSorted(),
        );
      });

      it('adds to the scopes that are remembered already', async () => {
        const consent = aConsent();
        await store.consents.add(consent);
        const more = { ...consent, scope: ['write'], createdAt: NOW + HOUR };
        await store.requests.add(unique(), anAnswer(), NOW, [more]);
        const { userId, clientId } = consent;
        const found = await store.consents.find(userId, clientId, '');
        same(
          { ...found, scope: found?.scope.toSorted() },
          { ...consent, scope: ['read', 'write'] },
        );
      });
    });

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

      const finders = {
        'clients.find': (name: string) => store.clients.find(name),
        'users.find': (name: string) => people.users.find(name),
        'users.findByUsername': (name: string) => store.users.findByUsername(name),
        'consents.find of a user': (name: string) => store.consents.find(name, 'a', 'a'),
        'consents.find of a client': (name: string) => store.consents.find('a', name, 'a'),
        'consents.find of a resource': (name: string) => store.consents.find('a', 'a', name),
        'grants.find': (name: string) => store.grants.find(name, NOW),
      };

      /** Of users, for no client has the id of one. */
      let people: Store;
      after(() => people.close());

      before(async () => {
        people = await open();
        for (const name of NEIGHBOURS) {
          await store.clients.save(aClient({ id: name }));
          await store.users.save(aUser({ username: name }));
          await people.users.save(aUser({ id: name }));
          for (const [userId, clientId, resource] of [
            [name, 'a', 'a'],
            ['a', name, 'a'],
            ['a', 'a', name],
          ] as const) {
            await store.consents.add({ userId, clientId, resource, scope: ['read'] });
          }
          await savedCode({}, aGrant({ id: name }));
        }
      });

      for (const [what, name] of Object.entries(NAMES)) {
        for (const [finder, find] of Object.entries(finders)) {
          it(`finds nothing: ${what}, by ${finder}`, async () => {
            assert.equal(await find(name), undefined);
          });
        }

        it(`is of no grant and no client, and brings no JWT into force: ${what}`, async () => {
          for (const names of [{ clientId: name }, { clientId: 'a', grantId: name }]) {
            assert.equal(await store.accessTokens.isInForce(aJwt(names), NOW), false);
          }
        });
      }

      it('is in nobody else’s way who asks at the same moment', async () => {
        const [client, { grant }] = [aClient(), await savedCode()];
        await store.clients.save(client);
        const [found, isInForce] = await Promise.all([
          store.clients.find(client.id),
          store.accessTokens.isInForce(aJwtOf(grant), NOW),
          ...Object.values(NAMES).flatMap((name): Promise<unknown>[] => [
            store.clients.find(name),
            store.accessTokens.isInForce(aJwt({ clientId: name, grantId: name }), NOW),
          ]),
        ]);
        same(found, client);
        assert.equal(isInForce, true);
      });

      it('is found where it was saved, as far as any database can keep it', async () => {
        for (const what of [
          'quotes',
          'a backslash and a brace',
          'an emoji of many parts',
        ] as const) {
          const name = NAMES[what];
          const client = aClient({ id: name, name });
          await store.clients.save(client);
          same(await store.clients.find(name), client);
          const user = aUser({ id: `user ${name}`, username: name, name });
          await store.users.save(user);
          same(await store.users.find(user.id), user);
          same(await store.users.findByUsername(name), user);
          const consent = { userId: name, clientId: name, resource: name, scope: ['read'] };
          await store.consents.add(consent);
          same(await store.consents.find(name, name, name), consent);
          const { grant } = await savedCode({}, aGrant({ id: name, userId: name }));
          same(await store.grants.find(name, NOW), grant);
        }
      });
    });

    describe('a store', () => {
      it('answers a ping', async () => {
        await store.ping();
      });

      it('may be closed twice', async () => {
        const other = await open();
        await other.clients.save(aClient());
        await other.close();
        await other.close();
      });
    });

    // What a store forgets it may forget a little late, so each of these leaves it a day. They run
    // last and far from NOW, for they forget everything that is over.
    describe('purge', () => {
      const YEAR = 365 * DAY;
      const session = (expiresAt: number) => ({ data: '{}', expiresAt });

      it('forgets all that is over, of every kind, and then has nothing to forget', async () => {
        await drain(NOW + YEAR);
        // A code, a grant, an access and a refresh token.
        const { grant } = await savedFamily();
        await store.tokens.issue({ accessToken: aClientsOwnToken() }, NOW);
        await store.accessTokens.revoke(unique(), NOW + HOUR);
        // Of an opaque token that is revoked nothing is left.
        const gone = aClientsOwnToken();
        await store.tokens.issue({ accessToken: gone }, NOW);
        await store.accessTokens.revoke(gone.hash, gone.expiresAt);
        await store.replays.claim('jti', unique(), NOW + HOUR, NOW);
        await store.limits.take(unique(), 1, HOUR, NOW);
        await store.sessions.save(unique(), session(NOW + HOUR));
        await store.requests.save(unique(), session(NOW + HOUR));
        const kept = { createdAt: NOW, encryptedPrivateKey: unique(), expiresAt: NOW + HOUR };
        await store.keys.ensure({ kid: unique(), alg: 'ES256', period: 0, ...kept });
        assert.equal(await drain(NOW + YEAR), 11);
        assert.equal(await store.purge(NOW + YEAR, 1000), 0);

        const ended = await savedFamily();
        await store.grants.end(ended.grant.id);
        assert.equal(await drain(NOW + YEAR), 3);
        assert.equal(await store.grants.find(grant.id, NOW), undefined);
      });

      it('forgets at most as many as it was told, and goes on where it stopped', async () => {
        await drain(NOW + YEAR);
        for (let count = 0; count < 10; count += 1) {
          await store.sessions.save(unique(), session(NOW + HOUR));
        }
        assert.equal(await store.purge(NOW + DAY, 0), 0);
        assert.equal(await store.purge(NOW + DAY, 3), 3);
        assert.equal(await store.purge(NOW + DAY, 3), 3);
        assert.equal(await store.purge(NOW + DAY, 3), 3);
        assert.equal(await store.purge(NOW + DAY, 3), 1);
        assert.equal(await store.purge(NOW + DAY, 3), 0);
      });

      it('counts to one limit over all kinds', async () => {
        await drain(NOW + YEAR);
        await store.sessions.save(unique(), session(NOW + HOUR));
        await store.limits.take(unique(), 1, HOUR, NOW);
        await store.tokens.issue({ accessToken: aClientsOwnToken() }, NOW);
        for (let step = 0; step < 3; step += 1) assert.equal(await store.purge(NOW + DAY, 1), 1);
        assert.equal(await store.purge(NOW + DAY, 1), 0);
      });

      it('forgets nothing before it is over', async () => {
        const family = await savedFamily();
        const own = aClientsOwnToken();
        await store.tokens.issue({ accessToken: own }, NOW);
        const [id, key] = [unique(), unique()];
        await store.sessions.save(id, session(NOW + HOUR));
        await store.limits.take(key, 1, HOUR, NOW);
        await savedCode({ expiresAt: NOW + SECOND });

        await drain(NOW + HOUR - 1);
        const now = NOW + HOUR - 1;
        assert.ok(await store.accessTokens.find(family.accessToken.hash, now));
        assert.ok(await store.refreshTokens.find(family.refreshToken.hash, now));
        assert.ok(await store.grants.find(family.grant.id, now));
        assert.ok(await store.accessTokens.find(own.hash, now));
        assert.ok(await store.sessions.find(id, now));
        assert.equal((await store.limits.take(key, 1, HOUR, now)).allowed, false);
      });

      it('loses no grant that was extended, nor what carries its id', async () => {
        const { code, grant } = await savedCode();
        const first = someTokens(grant);
        await store.codes.redeem(code.hash, NOW, first);
        await drain(NOW + DAY - 1);
        assert.ok(await store.refreshTokens.find(first.refreshToken.hash, NOW + DAY - 1));

        const second = {
          accessToken: anAccessToken(grant, { expiresAt: NOW + DAY + HOUR }),
          refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY }),
        };
        await rotateAt(first.refreshToken, NOW + DAY - 1, second);
        await drain(NOW + 2 * DAY - 1);
        assert.ok(await store.refreshTokens.find(second.refreshToken.hash, NOW + 2 * DAY - 1));

        await drain(NOW + 3 * DAY);
        assert.equal(await store.grants.find(grant.id, NOW), undefined);
      });

      it('keeps a session that was saved again for its new time, and no longer', async () => {
        await drain(NOW + YEAR);
        const [longer, shorter] = [unique(), unique()];
        await store.sessions.save(longer, session(NOW + HOUR));
        await store.sessions.save(longer, session(NOW + 3 * DAY));
        await store.sessions.save(shorter, session(NOW + 3 * DAY));
        await store.sessions.save(shorter, session(NOW + HOUR));
        assert.equal(await drain(NOW + DAY), 1);
        assert.ok(await store.sessions.find(longer, NOW + DAY));
        assert.equal(await drain(NOW + 4 * DAY), 1);
      });

      it('remembers a rotated token for as long as it would have lived', async () => {
        const { grant, refreshToken } = await savedFamily();
        await rotateAt(refreshToken, NOW, {
          accessToken: anAccessToken(grant),
          refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY }),
        });
        const now = refreshToken.expiresAt - 1;
        await drain(now);
        const answer = await rotateAt(refreshToken, now, someTokens(grant));
        same(answer, { outcome: 'reused', grantId: grant.id });
      });

      it('forgets what was over before it came, and what comes from a clock set back', async () => {
        await drain(NOW + YEAR);
        await store.sessions.save(unique(), session(0));
        await store.sessions.save(unique(), session(NOW - YEAR));
        await store.sessions.save(unique(), session(NOW + HOUR));
        assert.equal(await drain(NOW), 2);
        assert.equal(await drain(NOW + DAY), 1);
      });

      it('forgets no client, no user and no consent', async () => {
        const [client, user] = [aClient(), aUser()];
        const consent = { userId: user.id, clientId: client.id, resource: '', scope: ['read'] };
        await store.clients.save(client);
        await store.users.save(user);
        await store.consents.add(consent);
        await drain(NOW + 100 * YEAR);
        same(await store.clients.find(client.id), client);
        same(await store.users.findByUsername(user.username), user);
        same(await store.consents.find(user.id, client.id, ''), consent);
      });

      it('forgets each record once when 50 callers purge at once', async () => {
        await drain(NOW + YEAR);
        for (let count = 0; count < 2 * CALLERS; count += 1) {
          await store.sessions.save(unique(), session(NOW + HOUR));
        }
        const answers = await race(() => store.purge(NOW + DAY, 3));
        for (const forgotten of answers) assert.ok(forgotten <= 3);
        const total = answers.reduce((sum, forgotten) => sum + forgotten, 0);
        assert.equal(total + (await drain(NOW + DAY)), 2 * CALLERS);
      });

      const rotateAt = (
        token: RefreshToken,
        now: number,
        tokens: { accessToken: AccessToken; refreshToken: RefreshToken },
      ) => store.refreshTokens.rotate(token.hash, now, WINDOW, tokens);
    });
  });
  accountContract(name, open);
  mostContract(name, open);
  subjectsContract(name, open);
}
