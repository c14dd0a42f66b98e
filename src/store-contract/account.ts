// What the port promises to the account page, asked of any store: what a person has allowed, and takes
// back. `open` answers a store of its own.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Store } from '../store/store.ts';
import type { Consent, Grant } from '../types.ts';
import { aJwtOf, isInForce } from './actions.ts';
import { promised } from './promised.ts';
import * as records from './records.ts';
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
  sameSet,
  trues,
  unique,
} from './records.ts';

const it = promised(['Consents', 'Grants', 'Codes'], ['mergedConsent', 'isConsentEnough']);

const aGrant = (changes: Partial<Grant> = {}): Grant =>
  records.aGrant({ scope: ['read'], resource: [], ...changes });

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
        await store.refreshTokens.rotate(first.refreshToken, NOW, MINUTE, second);
        assert.equal(await lastUsedAt(), NOW + 2);

        const retried = { ...second, accessToken: someTokens(grant, NOW + 3).accessToken };
        await store.refreshTokens.rotate(first.refreshToken, NOW, MINUTE, retried);
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
        await store.refreshTokens.retire(refreshToken, NOW);
        await store.refreshTokens.rotate(refreshToken, NOW, 0, someTokens(grant, NOW + 2));
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
          assert.equal(await isInForce(store, aJwtOf(grant), NOW), false);
        }
        const late = someTokens(waiting.grant);
        same(await store.codes.redeem(waiting.code.hash, NOW, late), { outcome: 'unknown' });
        assert.equal(await isAlive(late), false);
        assert.deepEqual(await idsOf(ids.userId), [others[0]?.grant.id]);
        for (const { grant, tokens } of others) {
          assert.ok(await store.grants.find(grant.id, NOW));
          assert.equal(await isAlive(tokens), true);
          assert.equal(await isInForce(store, aJwtOf(grant), NOW), true);
        }
      });

      it('answers false if there is nothing to take back', async () => {
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
            () => store.refreshTokens.rotate(ready.tokens.refreshToken, NOW, MINUTE, rotated),
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
      it('is stored if that is remembered, with all that is needed of scope and claims', async () => {
        const consent = aConsent({ scope: ['read', 'write'], claims: ['email', 'name'] });
        const { userId, clientId } = consent;
        const other = aConsent({ userId, clientId, resource: 'https://api.example/' });
        await store.consents.add(consent);
        await store.consents.add(other);
        const grant = aGrant({ userId, clientId });
        const code = aCode(grant);
        const needed = [{ ...consent, scope: ['write'], claims: ['name'] }, other];
        assert.equal(await store.codes.save(code, grant, needed), true);
        same(await store.codes.find(code.hash, NOW), { code, grant });
      });

      it('is refused, and its grant too, if one of several is not remembered', async () => {
        const consent = aConsent();
        await store.consents.add(consent);
        const { userId, clientId } = consent;
        for (const needed of [
          [consent, { ...consent, resource: 'https://api.example/' }],
          [{ ...consent, scope: ['read', 'write'] }],
          [{ ...consent, claims: ['name'] }],
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
  });
}
