// What is made once and taken once: what the port promises of tickets. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant, Ticket } from '../types.ts';
import { type Contract, scribble } from './actions.ts';
import { promised } from './promised.ts';
import {
  aClient,
  aGrant,
  anAccessToken,
  aTicket,
  aUser,
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  race,
  same,
  someTokens,
  trues,
  unique,
} from './records.ts';

const it = promised(['Tickets', 'Tokens']);

export function ticketsContract(the: Contract): void {
  const tickets = () => the.store.tickets;
  const find = ({ kind, hash }: Ticket, now = NOW) => tickets().find(kind, hash, now);
  const take = ({ kind, hash }: Ticket, now = NOW) => tickets().take(kind, hash, now);

  /** A ticket that is stored, as it is found. */
  async function created(changes: Partial<Ticket> = {}): Promise<Ticket> {
    const ticket = aTicket(changes);
    assert.equal(await tickets().create(ticket, NOW), true);
    const found = await find(ticket);
    same(found, ticket);
    return found!;
  }

  describe('a ticket', () => {
    it('is found with everything it had until the moment it expires', async () => {
      const ticket = await created({ clientId: unique(), userId: unique() });
      same(await find(ticket, ticket.expiresAt - 1), ticket);
      assert.equal(await find(ticket, ticket.expiresAt), undefined);
      assert.equal(await take(ticket, ticket.expiresAt), undefined);
      assert.equal(await find(aTicket()), undefined);
    });

    it('is created by one of 50 callers, and the others change nothing', async () => {
      const ticket = aTicket();
      const brought = (caller: number) => ({ ...ticket, payload: { caller } });
      const answers = await race((caller) => tickets().create(brought(caller), NOW));
      assert.equal(trues(answers), 1);
      same(await find(ticket), brought(answers.indexOf(true)));
    });

    it('makes place for another of its hash from the moment it expires', async () => {
      const ticket = await created({ clientId: unique() });
      const other = aTicket({ ...ticket, payload: {}, clientId: undefined, expiresAt: NOW + DAY });
      assert.equal(await tickets().create(other, ticket.expiresAt - 1), false);
      assert.equal(await tickets().create(other, ticket.expiresAt), true);
      same(await find(other, ticket.expiresAt), other);
    });

    it('is another one if it is of another kind', async () => {
      const ticket = await created();
      const other = await created({ hash: ticket.hash, kind: 'another', payload: { other: true } });
      same(await take(other), other);
      same(await find(ticket), ticket);
      const odd = await created({ hash: ticket.hash, kind: `${ticket.kind}", "` });
      same(await find(odd), odd);
    });

    it('is taken by exactly one of 50 callers, who alone gets it', async () => {
      const ticket = await created();
      const answers = await race(() => take(ticket));
      const given = answers.filter((answer) => answer !== undefined);
      assert.equal(given.length, 1);
      same(given[0], ticket);
      assert.equal(await find(ticket), undefined);
      assert.equal(await tickets().create(ticket, NOW), true, 'it may be made again');
    });

    it('is changed by exactly one of 50 callers who have read the same', async () => {
      const ticket = await created();
      const brought = (caller: number) => ({
        ...ticket,
        payload: { caller },
        expiresAt: NOW + DAY + caller,
        userId: unique(),
      });
      const all = Array.from({ length: CALLERS }, (_, caller) => brought(caller));
      const answers = await race((caller) => tickets().change(ticket, all[caller]!, NOW));
      assert.equal(trues(answers), 1);
      same(await find(ticket), all[answers.indexOf(true)]);
    });

    it('is not changed if any part of it is no longer as it was read', async () => {
      const ticket = await created({ clientId: unique(), userId: unique() });
      const { payload, clientId, userId, ...rest } = ticket;
      for (const read of [
        { ...ticket, payload: {} },
        { ...ticket, expiresAt: ticket.expiresAt + 1 },
        { ...rest, payload, userId },
        { ...rest, payload, clientId },
        { ...ticket, kind: 'another' },
        { ...ticket, hash: unique() },
      ]) {
        assert.equal(await tickets().change(read, { ...ticket, payload: { a: 1 } }, NOW), false);
      }
      const late = await tickets().change(ticket, { ...ticket, payload: {} }, ticket.expiresAt);
      assert.equal(late, false);
      same(await find(ticket), ticket);
    });

    it('is either taken or changed, of 50 callers who do one or the other', async () => {
      const ticket = await created();
      const answers = await race((caller) =>
        caller % 2 === 0
          ? tickets().change(ticket, { ...ticket, payload: { caller } }, NOW)
          : take(ticket).then((taken) => taken !== undefined),
      );
      assert.equal(trues(answers.filter((_, caller) => caller % 2 === 1)), 1);
      assert.ok(trues(answers) <= 2);
      assert.equal(await find(ticket), undefined);
    });

    it('stays as it was when a caller changes the object it made, read or changed', async () => {
      const ticket = aTicket();
      const original = structuredClone(ticket);
      await tickets().create(ticket, NOW);
      scribble(ticket.payload);
      scribble((await find(original))?.payload);
      same(await find(original), original);
    });

    it('is refused if it is not one that can be kept, in words that do not quote it', async () => {
      const circular: Record<string, unknown> = {};
      circular['itself'] = circular;
      const unsound = [
        { payload: [] },
        { payload: 'secret' },
        { payload: undefined },
        { payload: circular },
        { payload: { secret: 1n } },
        { payload: { secret: 'x'.repeat(32 * 1024) } },
        { kind: '' },
        { kind: 'a\0b' },
        { hash: 'x'.repeat(300) },
        { expiresAt: Number.NaN },
        { clientId: '' },
        { userId: 7 },
      ] as unknown as Partial<Ticket>[];
      const there = await created();
      for (const changes of unsound) {
        const ticket = { ...aTicket(), ...changes };
        const isRefused = (error: unknown) =>
          error instanceof TypeError && !/secretx|x{9}/.test(error.message);
        await assert.rejects(async () => tickets().create(ticket, NOW), isRefused);
        if ('kind' in changes || 'hash' in changes) continue;
        const changed = { ...there, ...changes };
        await assert.rejects(async () => tickets().change(there, changed, NOW), isRefused);
      }
      same(await find(there), there);
      const longest = { text: 'x'.repeat(32 * 1024 - '{"text":""}'.length) };
      same((await created({ payload: longest })).payload, longest);
    });
  });

  describe('the tickets of a client and of a person', () => {
    it('are not created or changed if the client is not registered', async () => {
      const client = aClient();
      await the.store.clients.save(client);
      const ticket = await created({ clientId: client.id });
      const free = await created();
      assert.equal(await the.store.clients.remove(client.id), true);
      assert.equal(await find(ticket), undefined);
      assert.equal(await tickets().create(ticket, NOW), false);
      assert.equal(await tickets().change(free, { ...free, clientId: client.id }, NOW), false);
      same(await find(free), free);
    });

    it('end when the person takes back what the client was allowed, and no others', async () => {
      const [clientId, userId] = [unique(), unique()];
      const ticket = await created({ clientId, userId });
      const others = [
        await created({ clientId, userId: unique() }),
        await created({ clientId: unique(), userId }),
        await created({ clientId }),
        await created({ userId }),
      ];
      assert.equal(await the.store.consents.withdraw(userId, clientId), true);
      assert.equal(await find(ticket), undefined);
      for (const other of others) same(await find(other), other);
      assert.equal(await the.store.consents.withdraw(userId, clientId), false);
    });

    it('end with a person of the demo who gives way', async () => {
      const user = aUser({ source: 'demo' });
      await the.store.users.save(user);
      const ticket = await created({ userId: user.id });
      await the.store.users.save({ ...user, source: 'seed' });
      assert.equal(await find(ticket), undefined);
    });
  });

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
