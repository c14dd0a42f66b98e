// Tickets of the memory store.

import { soundTicket } from '../protocol/records.ts';
import type { Ticket } from '../types.ts';
import { isAsRead } from './as-read.ts';
import { isDisabled } from './clients-and-users.ts';
import type { MemoryTables, TicketRow } from './memory-tables.ts';
import type { Tickets } from './store-tickets.ts';

export function ticketsIn(tables: MemoryTables): Tickets {
  const { clients, users, tickets } = tables;
  const isOfSomebody = ({ clientId, userId = '' }: TicketRow) =>
    (clientId === undefined || clients.has(clientId)) && !isDisabled(users.get(userId));
  return {
    async create(given, now) {
      const row = rowOf(soundTicket(given));
      const key = keyOf(row);
      if (tickets.find(key, now) !== undefined) return false;
      if (!isOfSomebody(row)) return false;
      tickets.set(key, row);
      return true;
    },
    async find(kind, hash, now) {
      return findTicket(tables, { kind, hash }, now);
    },
    async change(read, given, now) {
      const { kind, hash } = read;
      const row = rowOf(soundTicket({ ...given, kind, hash }));
      if (!isAsRead(findTicket(tables, read, now), read) || !isOfSomebody(row)) return false;
      tickets.set(keyOf(row), row);
      return true;
    },
    async take(kind, hash, now) {
      const key = keyOf({ kind, hash });
      const found = tickets.find(key, now);
      if (found !== undefined) tickets.delete(key);
      return ticketOf(found);
    },
  };
}

export function findTicket(
  { tickets }: MemoryTables,
  ticket: Pick<Ticket, 'kind' | 'hash'>,
  now: number,
): Ticket | undefined {
  return ticketOf(tickets.find(keyOf(ticket), now));
}

export function deleteTicket(
  { tickets }: MemoryTables,
  ticket: Pick<Ticket, 'kind' | 'hash'>,
): void {
  tickets.delete(keyOf(ticket));
}

const keyOf = ({ kind, hash }: Pick<Ticket, 'kind' | 'hash'>) => JSON.stringify([kind, hash]);

function rowOf(ticket: Ticket): TicketRow {
  return { ...ticket, payload: JSON.stringify(ticket.payload) };
}

/** Each caller gets an object of its own. */
function ticketOf(row: TicketRow | undefined): Ticket | undefined {
  return row && { ...row, payload: JSON.parse(row.payload) };
}
