// What the port promises to the account page, asked of any store: what a person has allowed, and takes
// back; where they are signed in; their password. `open` answers a store of its own.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomToken } from '../../src/protocol/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import type { Session, SessionOwner } from '../../src/store/store-sessions.ts';
import type { Consent, Grant, User } from '../../src/types.ts';
import * as records from '../helpers/records.ts';
import {
  aCode,
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  plain,
  race,
  registering,
  same,
  trues,
  unique,
} from '../helpers/records.ts';

const aGrant = (changes: Partial<Grant> = {}): Grant =>
  records.aGrant({ scope: ['read'], resource: [], ...changes });

const aJwtOf = ({ id, clientId }: Grant) => ({ hash: unique(), clientId, grantId: id });

const someTokens = (grant: Grant, issuedAt = NOW) => ({
  accessToken: records.anAccessToken(grant, { issuedAt, expiresAt: issuedAt + HOUR }),
  refreshToken: records.aRefreshToken(grant, { expiresAt: issuedAt + DAY }),
});

type Tokens = ReturnType<typeof someTokens>;

const aConsent = (changes: Partial<Consent> = {}): Consent => ({
  userId: unique(),
  clientId: unique(),
  resource: '',
  scope: ['read'],
  createdAt: NOW,
  ...changes,
});

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

/** The same records, in whatever order. */
function sameSet(actual: readonly object[], expected: readonly object[]): void {
  const sorted = (records: readonly object[]) =>
    records.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
  assert.deepEqual(sorted(actual), sorted(expected));
}

export function accountContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises that the account page relies on`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    /** A grant with its code not yet redeemed. */
    async function opened(changes: Partial<Grant> = {}) {
      const grant = aGrant(changes);
      const code = aCode(grant);
      assert.equal(await store.codes.save(code, grant), true);
      return { grant, code };
    }

    /** A grant past its code, with a pair of tokens. */
    async function family(changes: Partial<Grant> = {}, issuedAt = NOW) {
      const { grant, code } = await opened(changes);
      const tokens = someTokens(grant, issuedAt);
      assert.equal((await store.codes.redeem(code.hash, NOW, tokens)).outcome, 'redeemed');
      return { grant, code, tokens };
    }

    const isAlive = async ({ accessToken, refreshToken }: Tokens) =>
      (await store.accessTokens.find(accessToken.hash, NOW)) !== undefined ||
      (await store.refreshTokens.find(refreshToken.hash, NOW)) !== undefined;

    const idsOf = async (userId: string, now = NOW) =>
      (await store.grants.listByUser(userId, now)).map(({ id }) => id).sort();

    describe('the grants of a user', () => {
      it('are all those in force, whole, and nobody else’s', async () => {
        const userId = unique();
        const grants = [
          aGrant({ userId }),
          aGrant({ userId, resource: ['https://api.example/'], authTime: NOW - MINUTE }),
          aGrant({ userId, clientId: 'the client', expiresAt: NOW + DAY }),
        ];
        for (const grant of grants) await store.codes.save(aCode(grant), grant);
        await opened();
        sameSet(await store.grants.listByUser(userId, NOW), grants);
        for (const nobody of [unique(), 'nul\0', 'half\ud800']) {
          same(await store.grants.listByUser(nobody, NOW), []);
        }
      });

      it('leave out what has expired and what was ended', async () => {
        const userId = unique();
        const [short, long, ended] = [
          await opened({ userId }),
          await opened({ userId, expiresAt: NOW + DAY }),
          await opened({ userId }),
        ];
        await store.grants.end(ended.grant.id);
        assert.deepEqual(await idsOf(userId), [short.grant.id, long.grant.id].sort());
        assert.deepEqual(await idsOf(userId, NOW + MINUTE - 1), await idsOf(userId));
        assert.deepEqual(await idsOf(userId, NOW + MINUTE), [long.grant.id]);
      });

      it('are listed no more once they are purged', async () => {
        const { grant } = await opened({ expiresAt: NOW - 10 * DAY });
        await store.purge(NOW, 1000);
        assert.deepEqual(await idsOf(grant.userId, NOW - 20 * DAY), []);
      });

      it('say when tokens were last issued by them: redeemed, refreshed or otherwise', async () => {
        const { grant, code } = await opened();
        const lastUsedAt = async () => (await store.grants.find(grant.id, NOW))?.lastUsedAt;
        assert.equal(await lastUsedAt(), undefined);

        const first = someTokens(grant, NOW + 1);
        await store.codes.redeem(code.hash, NOW, first);
        assert.equal(await lastUsedAt(), NOW + 1);

        const second = someTokens(grant, NOW + 2);
        await store.refreshTokens.rotate(first.refreshToken.hash, NOW, MINUTE, second);
        assert.equal(await lastUsedAt(), NOW + 2);

        const retried = { ...second, accessToken: someTokens(grant, NOW + 3).accessToken };
        await store.refreshTokens.rotate(first.refreshToken.hash, NOW, MINUTE, retried);
        assert.equal(await lastUsedAt(), NOW + 3);

        await store.tokens.issue(someTokens(grant, NOW + 4), NOW);
        assert.equal(await lastUsedAt(), NOW + 4);
        const [listed] = await store.grants.listByUser(grant.userId, NOW);
        assert.equal(listed?.lastUsedAt, NOW + 4);
      });

      it('are last used when they were last used, though a slower clock comes after', async () => {
        const { grant } = await family({}, NOW + HOUR);
        await store.tokens.issue(someTokens(grant, NOW), NOW);
        assert.equal((await store.grants.find(grant.id, NOW))?.lastUsedAt, NOW + HOUR);
      });

      it('are not used by what was refused', async () => {
        const { grant, code, tokens } = await family();
        await store.codes.redeem(code.hash, NOW, someTokens(grant, NOW + 1));
        const { refreshToken } = tokens;
        await store.refreshTokens.retire(refreshToken.hash, NOW);
        await store.refreshTokens.rotate(refreshToken.hash, NOW, 0, someTokens(grant, NOW + 2));
        assert.equal((await store.grants.find(grant.id, NOW))?.lastUsedAt, NOW);
      });
    });

    describe('the consents of a user', () => {
      it('are all there are, whole, and nobody else’s', async () => {
        const userId = unique();
        const clientId = unique();
        const consents = [
          aConsent({ userId, clientId }),
          aConsent({ userId, clientId, resource: 'https://api.example/', scope: ['a', 'b'] }),
          aConsent({ userId, scope: [], createdAt: undefined }),
        ];
        for (const consent of consents) await store.consents.add(consent);
        await store.consents.add(aConsent({ clientId }));
        sameSet(
          (await store.consents.listByUser(userId)).map((consent) => plain(consent) as object),
          consents.map((consent) => plain(consent) as object),
        );
        for (const nobody of [unique(), 'nul\0', 'half\ud800']) {
          same(await store.consents.listByUser(nobody), []);
        }
      });

      it('keep the time of the first, whatever is added', async () => {
        const consent = aConsent();
        await store.consents.add(consent);
        await store.consents.add({ ...consent, scope: ['write'], createdAt: NOW + HOUR });
        const { userId, clientId, resource } = consent;
        const found = await store.consents.find(userId, clientId, resource);
        assert.equal(found?.createdAt, NOW);
        assert.deepEqual([...(found?.scope ?? [])].sort(), ['read', 'write']);
      });
    });

    describe('taking everything back from a client', () => {
      const idOf = () => ({ userId: unique(), clientId: unique() });

      it('forgets the consents for all resources, and nobody else’s', async () => {
        const ids = idOf();
        await store.consents.add(aConsent(ids));
        await store.consents.add(aConsent({ ...ids, resource: 'https://api.example/' }));
        const others = [
          aConsent({ userId: ids.userId }),
          aConsent({ clientId: ids.clientId }),
          aConsent({ userId: ids.clientId, clientId: ids.userId }),
        ];
        for (const other of others) await store.consents.add(other);

        assert.equal(await store.consents.withdraw(ids.userId, ids.clientId), true);
        assert.equal(await store.consents.find(ids.userId, ids.clientId, ''), undefined);
        same(await store.consents.listByUser(ids.userId), [others[0]]);
        for (const { userId, clientId } of others) {
          assert.ok(await store.consents.find(userId, clientId, ''));
        }
      });

      it('ends every grant with its codes and tokens, opaque and JWT, and nobody else’s', async () => {
        const ids = idOf();
        const mine = [await family(ids), await family(ids)];
        const waiting = await opened(ids);
        const others = [
          await family({ userId: ids.userId }),
          await family({ clientId: ids.clientId }),
        ];
        assert.equal(await store.consents.withdraw(ids.userId, ids.clientId), true);

        for (const { grant, tokens } of mine) {
          assert.equal(await store.grants.find(grant.id, NOW), undefined);
          assert.equal(await isAlive(tokens), false);
          assert.equal(await store.accessTokens.isInForce(aJwtOf(grant), NOW), false);
        }
        const late = someTokens(waiting.grant);
        same(await store.codes.redeem(waiting.code.hash, NOW, late), { outcome: 'unknown' });
        assert.equal(await isAlive(late), false);
        assert.deepEqual(await idsOf(ids.userId), [others[0]?.grant.id]);
        for (const { grant, tokens } of others) {
          assert.ok(await store.grants.find(grant.id, NOW));
          assert.equal(await isAlive(tokens), true);
          assert.equal(await store.accessTokens.isInForce(aJwtOf(grant), NOW), true);
        }
      });

      it('answers false where there is nothing to take back', async () => {
        assert.equal(await store.consents.withdraw(unique(), unique()), false);
        assert.equal(await store.consents.withdraw('nul\0', 'nul\0'), false);
        const consent = aConsent();
        await store.consents.add(consent);
        assert.equal(await store.consents.withdraw(consent.userId, unique()), false);
        assert.equal(await store.consents.withdraw(unique(), consent.clientId), false);
      });

      it('answers true to exactly one of 50 callers at once', async () => {
        const { userId, clientId } = (await family()).grant;
        await store.consents.add(aConsent({ userId, clientId }));
        const answers = await race(() => store.consents.withdraw(userId, clientId));
        assert.equal(trues(answers), 1);
      });

      it('finds all of several that are added at that moment, or none', async () => {
        for (let round = 0; round < 10; round += 1) {
          const [userId, clientId] = [unique(), unique()];
          const several = ['b', 'a', 'c'].map((resource) =>
            aConsent({ userId, clientId, resource }),
          );
          await race(async (caller) => {
            if (caller % 5 === 0) await store.consents.withdraw(userId, clientId);
            else await store.consents.add(...several);
            const found = await store.consents.listByUser(userId);
            assert.ok([0, several.length].includes(found.length), `${found.length} are there`);
          });
        }
      });

      it('is no obstacle to one that is added at that moment', async () => {
        const consent = aConsent();
        const { userId, clientId, resource } = consent;
        await store.consents.add(consent);
        await race(async (caller) => {
          if (caller % 2 === 0) await store.consents.withdraw(userId, clientId);
          else await store.consents.add(consent);
        });
        await store.consents.add(consent);
        same(await store.consents.find(userId, clientId, resource), consent);
      });

      it('is no obstacle to a new consent and a new grant', async () => {
        const { userId, clientId } = (await family()).grant;
        await store.consents.withdraw(userId, clientId);
        const consent = aConsent({ userId, clientId });
        await store.consents.add(consent);
        const grant = aGrant({ userId, clientId });
        const code = aCode(grant);
        assert.equal(await store.codes.save(code, grant, [consent]), true);
        const tokens = someTokens(grant);
        await store.codes.redeem(code.hash, NOW, tokens);
        assert.equal(await isAlive(tokens), true);
      });

      it('is outlived by no token that 50 callers issue, rotate and redeem meanwhile', async () => {
        const ids = idOf();
        await store.consents.add(aConsent(ids));
        const brought: Tokens[] = [];
        const calls = await race(async (caller) => {
          const ready = await family(ids);
          const waiting = await opened(ids);
          const tokens = [0, 1, 2].map((n) => someTokens(n === 0 ? waiting.grant : ready.grant));
          brought.push(ready.tokens, ...tokens);
          const [redeemed, rotated, issued] = tokens as [Tokens, Tokens, Tokens];
          const all = [
            () => store.codes.redeem(waiting.code.hash, NOW, redeemed),
            () => store.refreshTokens.rotate(ready.tokens.refreshToken.hash, NOW, MINUTE, rotated),
            () => store.tokens.issue(issued, NOW),
          ];
          const turn = caller % all.length;
          return [...all.slice(turn), ...all.slice(0, turn)];
        });
        const half = calls.length / 2;
        const run = (some: typeof calls) => some.flatMap((all) => all.map((call) => call()));
        const before = run(calls.slice(0, half));
        const withdrawn = store.consents.withdraw(ids.userId, ids.clientId);
        await Promise.all([...before, withdrawn, ...run(calls.slice(half))]);

        assert.equal(await withdrawn, true);
        for (const tokens of brought) assert.equal(await isAlive(tokens), false);
        assert.deepEqual(await idsOf(ids.userId), []);
      });
    });

    describe('a code that rests on a consent', () => {
      it('is stored where that is remembered, with scope enough', async () => {
        const consent = aConsent({ scope: ['read', 'write'] });
        const { userId, clientId } = consent;
        const other = aConsent({ userId, clientId, resource: 'https://api.example/' });
        await store.consents.add(consent);
        await store.consents.add(other);
        const grant = aGrant({ userId, clientId });
        const code = aCode(grant);
        const needed = [{ ...consent, scope: ['write'] }, other];
        assert.equal(await store.codes.save(code, grant, needed), true);
        same(await store.codes.find(code.hash, NOW), { code, grant });
      });

      it('is refused, and its grant too, where one of several is not remembered', async () => {
        const consent = aConsent();
        await store.consents.add(consent);
        const { userId, clientId } = consent;
        for (const needed of [
          [consent, { ...consent, resource: 'https://api.example/' }],
          [{ ...consent, scope: ['read', 'write'] }],
          [{ ...consent, userId: unique() }],
          [{ ...consent, clientId: unique() }],
        ]) {
          const grant = aGrant({ userId, clientId });
          const code = aCode(grant);
          assert.equal(await store.codes.save(code, grant, needed), false);
          assert.equal(await store.codes.find(code.hash, NOW), undefined);
          assert.equal(await store.grants.find(grant.id, NOW), undefined);
        }
      });

      it('does not come of one that is taken back at that moment', async () => {
        for (let round = 0; round < 5; round += 1) {
          const consent = aConsent();
          const { userId, clientId } = consent;
          await store.consents.add(consent);
          const grants = Array.from({ length: CALLERS }, () => aGrant({ userId, clientId }));
          const saves = grants.map(async (grant, caller) => {
            if (caller === CALLERS / 2) await store.consents.withdraw(userId, clientId);
            return store.codes.save(aCode(grant), grant, [consent]);
          });
          await Promise.all(saves);
          assert.deepEqual(await idsOf(userId), []);
        }
      });
    });

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

      it('changes nothing where the hash is another by now, or there is none, or no such user', async () => {
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

      it('leaves the time of the last change where the same password is only hashed anew', async () => {
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

      it('are 16 at the most', async () => {
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
