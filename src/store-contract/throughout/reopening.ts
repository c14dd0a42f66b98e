// What is left of a store that was closed and is opened again, for stores that last. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Store } from '../../store/store.ts';
import { actionsOn } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient, aTicket, aUser, HOUR, NOW, someTokens, unique, WINDOW } from '../records.ts';
import { registering } from '../registering.ts';
import { same } from '../same.ts';

const it = promised(['Store']);

/** @param lasting as `storeContract` takes it */
export function reopeningContract(name: string, lasting: () => () => Promise<Store>): void {
  describe(`${name} keeps, when it is closed and opened again,`, () => {
    /** Does something with a store, and closes it. */
    async function once<T>(open: () => Promise<Store>, work: (store: Store) => Promise<T>) {
      const store = await open();
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    }

    it('constants, and every write that was answered', async () => {
      const open = lasting();
      const [client, user, id, hash] = [aClient(), aUser(), unique(), unique()];
      const [ticket, session] = [aTicket(), { data: '{}', expiresAt: NOW + HOUR }];
      const key = { kid: unique(), alg: 'ES256', period: 1, encryptedPrivateKey: unique() };
      const stored = { ...key, createdAt: NOW, expiresAt: NOW + HOUR };
      const { code, grant, before, after, ended } = await once(open, async (store) => {
        const the = actionsOn(() => registering(store));
        await store.clients.save(client);
        await store.users.save(user);
        assert.equal(await store.constants.ensure('salt', 'first'), 'first');
        assert.equal(await store.replays.claim('jti', id, NOW + HOUR, NOW), true);
        await store.limits.take(id, 1, HOUR, NOW);
        await store.sessions.save(hash, session);
        await store.keys.ensure(stored);
        await store.tickets.create(ticket, NOW);
        await store.tickets.take(ticket.kind, ticket.hash, NOW);
        const { code, grant, refreshToken: before } = await the.savedFamily();
        const tokens = someTokens(grant, before);
        await store.refreshTokens.rotate(before, NOW, WINDOW, tokens);
        const ended = (await the.savedFamily()).accessToken;
        await store.grants.end(ended.grantId!);
        return { code, grant, before, after: tokens, ended };
      });

      await once(open, async (store) => {
        assert.equal(await store.constants.ensure('salt', 'second'), 'first');
        same(await store.clients.find(client.id), client);
        same(await store.users.findByUsername(user.username), user);
        assert.equal(await store.replays.claim('jti', id, NOW + HOUR, NOW), false);
        assert.equal((await store.limits.take(id, 1, HOUR, NOW)).allowed, false);
        same(await store.sessions.find(hash, NOW), session);
        same(await store.keys.list(NOW), [stored]);
        assert.equal(await store.tickets.take(ticket.kind, ticket.hash, NOW), undefined);
        assert.equal(await store.accessTokens.find(ended.hash, NOW), undefined);
        same(
          (await store.accessTokens.find(after.accessToken.hash, NOW))?.token,
          after.accessToken,
        );
        const redemption = await store.codes.redeem(code.hash, NOW + HOUR / 2);
        same(redemption, { outcome: 'already_redeemed', grantId: grant.id });
        const again = someTokens(grant, before);
        const rotation = await store.refreshTokens.rotate(before, NOW + HOUR / 2, WINDOW, again);
        same(rotation, { outcome: 'reused', grantId: grant.id });
      });
    });
  });
}
