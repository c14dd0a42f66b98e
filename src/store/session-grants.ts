// The rules for grants that belong to a session, for every store: what happens to them when the session
// ends, or goes on for longer. What a store has to see to is said in outcomes.ts.

import type { Grant, PendingLogout } from '../types.ts';
import type { Records } from './outcomes.ts';
import type { LeavingGrant } from './store-grants.ts';

/** Grants by id, and by id what clients are to be told. */
export interface SessionRecords {
  readonly grants: Records<Grant> & { delete(id: string): unknown };
  readonly logouts: Pick<Records<PendingLogout>, 'set'>;
}

/**
 * Takes grants out of their sessions, as `grants.leaveSession` has it.
 *
 * @returns the ids of those that were in one
 */
export function leaveIn(
  { grants, logouts }: SessionRecords,
  leaving: readonly LeavingGrant[],
  now: number,
): string[] {
  const left: string[] = [];
  for (const { grantId, stays, logout } of leaving) {
    const grant = grants.find(grantId, now);
    if (grant?.session === undefined) continue;
    left.push(grantId);
    if (stays) grants.set(grantId, withoutSession(grant));
    else grants.delete(grantId);
    // This replaces one that its client is already owed: there is one for each session.
    if (logout !== undefined) logouts.set(logout.id, logout);
  }
  return left;
}

/** The rest of a grant that goes on: its client is told nothing more of a session that is over. */
function withoutSession(grant: Grant): Grant {
  const { session, sessionEndsAt, openid, ...rest } = grant;
  if (openid === undefined) return rest;
  const { sid, ...told } = openid;
  return { ...rest, openid: told };
}

/**
 * Notes that the session of some grants goes on until `endsAt`, as `grants.prolongSession` has it.
 *
 * @param some the grants of that session
 */
export function prolongIn(
  grants: Pick<Records<Grant>, 'set'>,
  some: readonly Grant[],
  endsAt: number,
): void {
  for (const grant of some) {
    const { id, sessionEndsAt, expiresAt, lastUsedAt } = grant;
    if (sessionEndsAt === undefined || sessionEndsAt >= endsAt) continue;
    // Until its code is redeemed, a grant is nothing but the code.
    const lasts = lastUsedAt === undefined ? expiresAt : Math.max(expiresAt, endsAt);
    grants.set(id, { ...grant, sessionEndsAt: endsAt, expiresAt: lasts });
  }
}
