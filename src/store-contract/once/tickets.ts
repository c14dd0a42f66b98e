// What is made once and taken once: what the port promises of tickets. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Ticket } from '../../types.ts';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aClient, aTicket, aUser, DAY, NOW, unique } from '../records.ts';
import { same } from '../same.ts';
import { createdTicketsOn } from './created-tickets.ts';

const it = promised(['Tickets', 'Tokens']);

export function ticketsContract(the: Contract): void {
  const { tickets, find, take, created } = createdTicketsOn(the);

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
}
