// OpenID Connect Core section 8: what clients know people, and their sessions, by.

import type { Grant } from '../types.ts';
import { sha256 } from './secrets.ts';

/** The `sub` that the client of a grant knows its person by. */
export function subjectOf({ userId, openid }: Grant): string {
  return openid?.subject ?? userId;
}

/**
 * The `sid` that a client knows a session by. Each has one of its own: two clients cannot find out by it
 * that they have the same person.
 *
 * @param sid of the session, random
 */
export function sidFor(sid: string, clientId: string): string {
  return sha256(`${sid} ${clientId}`);
}
