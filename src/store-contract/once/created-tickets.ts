// Tickets that are stored, as the parts about them make and find them.

import assert from 'node:assert/strict';
import type { Ticket } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { aTicket, NOW } from '../records.ts';
import { same } from '../same.ts';

export function createdTicketsOn(the: Contract) {
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

  return { tickets, find, take, created };
}
