// Whether a ticket is still what somebody has read: the rule of `tickets.change`, and of `tokens.issue`.

import type { Ticket } from '../types.ts';

/**
 * Whether all of a ticket is as it was read.
 *
 * @param found the one that is in force now, if there is one
 * @param read what `tickets.find` has answered
 */
export function isAsRead(found: Ticket | undefined, read: Ticket): boolean {
  return found !== undefined && textOf(found) === textOf(read);
}

const textOf = ({ payload, expiresAt, clientId, userId }: Ticket) =>
  JSON.stringify([payload, expiresAt, clientId, userId]);
