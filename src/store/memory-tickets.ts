// Tickets of the memory store.

import { soundTicket } from '../protocol/records.ts';
import type { Ticket } from '../types.ts';
import type { MemoryTables, TicketRow } from './memory-tables.ts';
import type { Tickets } from './store-tickets.ts';

export function ticketsIn(tables: MemoryTables): Tickets {
  const { clients, tickets } = tables;
  const isRegistered = ({ clientId }: TicketRow) => clientId === undefined || clients.has(clientId);
  return {
    async create(given, now) {
      const row = rowOf(soundTicket(given));
      const key = keyOf(row);
      if (tickets.find(key, now) !== undefined) return false;
      if (!isRegistered(row)) return false;
      tickets.set(key, row);
      return true;
    },
    async find(kind, hash, now) {
      return ticketOf(tickets.find(keyOf({ kind, hash }), now));
    },
    async change(read, given, now) {
      const { kind, hash } = read;
      const row = rowOf(soundTicket({ ...given, kind, hash }));
      if (!isAsRead(tables, read, now) || !isRegistered(row)) return false;
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

/** Whether a ticket is in force, and all of it as it was read. */
export function isAsRead({ tickets }: MemoryTables, read: Ticket, now: number): boolean {
  const found = tickets.find(keyOf(read), now);
  return found !== undefined && textOf(found) === textOf(rowOf(read));
}

export function deleteTicket(
  { tickets }: MemoryTables,
  ticket: Pick<Ticket, 'kind' | 'hash'>,
): void {
  tickets.delete(keyOf(ticket));
}

const keyOf = ({ kind, hash }: Pick<Ticket, 'kind' | 'hash'>) => JSON.stringify([kind, hash]);

const textOf = ({ payload, expiresAt, clientId, userId }: TicketRow) =>
  JSON.stringify([payload, expiresAt, clientId, userId]);

function rowOf(ticket: Ticket): TicketRow {
  return { ...ticket, payload: JSON.stringify(ticket.payload) };
}

/** Each caller gets an object of its own. */
function ticketOf(row: TicketRow | undefined): Ticket | undefined {
  return row && { ...row, payload: JSON.parse(row.payload) };
}
