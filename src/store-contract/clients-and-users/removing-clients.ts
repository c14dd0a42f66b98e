// Removing a client: what ends with it, and what cannot come any more. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { aJwt, aJwtOf, type Contract, isInForce } from '../actions.ts';
import { promised } from '../promised.ts';
import { amid, CALLERS, inTurn, race, trues } from '../race.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aConsent,
  aGrant,
  DAY,
  NOW,
  SECOND,
  someTokens,
  unique,
  WINDOW,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(
  ['Clients', 'Users'],
  ['soundClient', 'soundUser', 'makeWayForClient', 'makeWayForUser', 'isHeld'],
);

export function removingClientsContract(the: Contract): void {
  describe('removing a client', () => {
    /** All that a client may have: a family past its code, one before it, consents, its own tokens. */
    async function withEverything(clientId: string) {
      const family = await the.savedFamily({}, aGrant({ clientId }));
      const opened = await the.savedCode({}, aGrant({ clientId }));
      const own = aClientsOwnToken({ clientId });
      await the.store.tokens.issue({ accessToken: own }, NOW);
      const { userId } = family.grant;
      const consents = ['', 'https://api.example/'].map((resource) =>
        aConsent({ userId, clientId, resource }),
      );
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
        await the.store.accessTokens.find(family.accessToken.hash, NOW),
        await the.store.refreshTokens.find(family.refreshToken.hash, NOW),
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
      const { refreshToken } = all.family;
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
        const { refreshToken } = family;
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
          () => the.store.consents.add(aConsent({ userId: grant.userId, clientId })),
          () => the.store.codes.save(aCode(grant), grant),
        ];
        return inTurn(all, caller);
      });
      assert.equal(await amid(calls, () => the.store.clients.remove(clientId)), true);

      // Who gets the id now finds nothing.
      await the.store.clients.save(client);
      for (const all of ready) assert.equal(await isApproved(all), false);
      for (const { id, userId } of approved) {
        assert.equal(await the.store.grants.find(id, NOW), undefined);
        same(await the.store.consents.listByUser(userId), []);
      }
    });
  });
}
