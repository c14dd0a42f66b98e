// Whether an access token is still valid, for every store: its client and its grant.

import type { AccessToken } from '../issued.ts';
import { type Noted, ownTokensSince } from '../protocol/client.ts';

/** What a token depends on. */
export interface Holder {
  /** `undefined` if it is not registered. */
  readonly client: Noted | undefined;
  /** When the grant expires; 0 if there is no such grant. */
  readonly grantEnd: number;
}

/**
 * Whether what a token depends on is in force: its client, and its grant if it has one. Without a grant
 * nothing but its age tells it from one of another client that had the id before, or from one that was ended.
 */
export function isHeld(
  { grantId, issuedAt }: Pick<AccessToken, 'grantId' | 'issuedAt'>,
  { client, grantEnd }: Holder,
  now: number,
): boolean {
  if (client === undefined) return false;
  return grantId === undefined ? issuedAt >= ownTokensSince(client) : now < grantEnd;
}
