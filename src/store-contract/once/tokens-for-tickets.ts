// Tokens that are issued for a ticket, which is taken with that. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant, Ticket } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import {
  aClient,
  aGrant,
  anAccessToken,
  HOUR,
  MINUTE,
  NOW,
  someTokens,
  unique,
} from '../records.ts';
import { same } from '../same.ts';
import { createdTicketsOn } from './created-tickets.ts';

const it = promised(['Tickets', 'Tokens']);

export function tokensForTicketsContract(the: Contract): void {
  const { tickets, find, created } = createdTicketsOn(the);

  describe('tokens that are issued for a ticket', () => {
    const issue = (grant: Grant, ticket?: Ticket, tokens = someTokens(grant), now = NOW) =>
      the.store.tokens.issue(tokens, now, { grant, ticket });

    it('are stored with their new grant, and the ticket is gone', async () => {
      const [grant, ticket] = [aGrant(), await created()];
      const tokens = someTokens(grant);
      assert.equal(await issue(grant, ticket, tokens), true);
      await the.assertStored(tokens);
      const { expiresAt } = tokens.refreshToken;
      same(await the.store.grants.find(grant.id, NOW), { ...grant, expiresAt, lastUsedAt: NOW });
      assert.equal(await find(ticket), undefined);
      assert.equal(await issue(aGrant(), ticket), false);
    });

    it('are those of one of 50 callers, and of the others nothing is left', async () => {
      const [ticket, userId, clientId] = [await created(), unique(), unique()];
      const brought = Array.from({ length: CALLERS }, () => {
        const grant = aGrant({ userId, clientId });
        return { grant, tokens: someTokens(grant) };
      });
      const answers = await race((caller) => {
        const { grant, tokens } = brought[caller]!;
        return issue(grant, ticket, tokens);
      });
      assert.equal(trues(answers), 1);
      for (const [caller, { tokens }] of brought.entries()) {
        await (answers[caller] ? the.assertStored(tokens) : the.assertAbsent(tokens));
      }
      assert.equal((await the.store.grants.listByUser(userId, NOW)).length, 1);
    });

    it('are none if the ticket is no longer as it was read, or has expired', async () => {
      const ticket = await created();
      const [grant, late] = [aGrant(), aGrant()];
      assert.equal(await tickets().change(ticket, { ...ticket, userId: unique() }, NOW), true);
      assert.equal(await issue(grant, ticket), false);
      const found = await find(ticket);
      assert.equal(await issue(late, found, someTokens(late), ticket.expiresAt), false);
      same(await find(ticket), found);
      for (const { id } of [grant, late]) {
        assert.equal(await the.store.grants.find(id, NOW), undefined);
      }
    });

    it('are none if the grant is over or the client removed, and the ticket stays', async () => {
      const [ticket, client] = [await created(), aClient()];
      const over = someTokens(aGrant());
      assert.equal(await the.store.tokens.issue(over, NOW, { ticket }), false);
      await the.assertAbsent(over);
      await the.store.clients.save(client);
      await the.store.tokens.issue(
        { accessToken: anAccessToken(aGrant({ clientId: client.id })) },
        NOW,
      );
      await the.store.clients.remove(client.id);
      const grant = aGrant({ clientId: client.id });
      assert.equal(await the.store.tokens.issue(someTokens(grant), NOW, { grant, ticket }), false);
      same(await find(ticket), ticket);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('may be of a grant that is there, or of a client that acts for itself', async () => {
      const { grant } = await the.savedFamily();
      for (const tokens of [someTokens(grant), { accessToken: anAccessToken(grant) }]) {
        const ticket = await created();
        assert.equal(await the.store.tokens.issue(tokens, NOW, { ticket }), true);
        await the.assertStored(tokens);
        assert.equal(await the.store.tokens.issue(someTokens(grant), NOW, { ticket }), false);
      }
      const ticket = await created();
      const { grantId, userId, ...own } = anAccessToken(grant);
      const tokens = { accessToken: { ...own, hash: unique() } };
      assert.equal(await the.store.tokens.issue(tokens, NOW, { ticket }), true);
      await the.assertStored(tokens);
    });

    it('are none, or end at once, if the person takes the access back meanwhile', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [userId, clientId] = [unique(), unique()];
        const ticket = await created({ userId, clientId });
        const grant = aGrant({ userId, clientId });
        const tokens = someTokens(grant);
        const [isIssued] = await Promise.all([
          issue(grant, ticket, tokens),
          the.store.consents.withdraw(userId, clientId),
        ]);
        assert.equal(await find(ticket), undefined);
        assert.equal(await the.store.grants.find(grant.id, NOW), undefined, `${isIssued}`);
        assert.equal(await the.store.accessTokens.find(tokens.accessToken.hash, NOW), undefined);
      }
    });

    it('leave a hundred grants of a person at a client, those used last', async () => {
      const [userId, clientId] = [unique(), unique()];
      const grants = Array.from({ length: 102 }, (_, n) =>
        aGrant({ userId, clientId, createdAt: NOW + n, expiresAt: NOW + HOUR }),
      );
      for (const [n, grant] of grants.entries()) {
        const accessToken = anAccessToken(grant, { issuedAt: NOW + n * MINUTE });
        assert.equal(await issue(grant, undefined, { ...someTokens(grant), accessToken }), true);
      }
      const left = (await the.store.grants.listByUser(userId, NOW)).map(({ id }) => id);
      assert.deepEqual(
        left.toSorted(),
        grants
          .slice(2)
          .map(({ id }) => id)
          .toSorted(),
      );
    });
  });
}
