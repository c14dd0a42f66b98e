// What is made once and taken once.

import {
  isAsRead,
  isDisabled,
  type Store,
  soundTicket,
  type Ticket,
} from '../../src/store/index.ts';
import type { Database } from './database.ts';
import { type Tables, ticketKey } from './tables.ts';

export function ticketsIn(db: Database, { clients, users, tickets }: Tables): Store['tickets'] {
  const isOfSomebody = ({ clientId, userId = '' }: Ticket) =>
    (clientId === undefined || clients.find(clientId) !== undefined) &&
    !isDisabled(users.find(userId));

  return {
    async create(given, now) {
      const ticket = soundTicket(given);
      const key = ticketKey(ticket);
      return db.write(() => {
        if (tickets.find(key, now) !== undefined || !isOfSomebody(ticket)) return false;
        tickets.set(key, ticket);
        return true;
      });
    },
    find: async (kind, hash, now) => tickets.find(ticketKey({ kind, hash }), now),
    async change(read, given, now) {
      const { kind, hash } = read;
      const ticket = soundTicket({ ...given, kind, hash });
      const key = ticketKey(ticket);
      return db.write(() => {
        if (!isAsRead(tickets.find(key, now), read) || !isOfSomebody(ticket)) return false;
        tickets.set(key, ticket);
        return true;
      });
    },
    take: (kind, hash, now) =>
      db.write(() => {
        const key = ticketKey({ kind, hash });
        const ticket = tickets.find(key, now);
        if (ticket !== undefined) tickets.delete(key);
        return ticket;
      }),
  };
}
