// Authorization requests that wait for a person, to sign in or to decide.
//
// They are kept beside the session, not in it: two tabs that start at once would each write the
// whole session, and one of them would lose its request.

import { OAuthError } from '../errors.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';

export type Decision = 'allow' | 'deny';

export interface PendingRequest {
  /** What stands for the request in URLs and forms. */
  readonly handle: string;
  readonly request: AuthorizationRequest;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Whether the person was sent to a login page since. */
  readonly sentToLogin: boolean;
  /** What the person has decided. */
  readonly decision?: Decision | undefined;
}

/** How long a person may take over the login or consent page, in milliseconds. */
const TTL = 30 * 60 * 1000;

/** How long a decision may be sent again, by a double click or a reload, in milliseconds. */
const REPEAT_WINDOW = 10 * 1000;

async function save(store: Store, pending: PendingRequest): Promise<PendingRequest> {
  const { handle, ...data } = pending;
  await store.requests.save(sha256(handle), {
    data: JSON.stringify(data),
    expiresAt: pending.expiresAt,
  });
  return pending;
}

/** Keeps a request until the person has decided. */
export function keepPending(store: Store, request: AuthorizationRequest): Promise<PendingRequest> {
  const now = Date.now();
  return save(store, {
    handle: randomToken(16),
    request,
    createdAt: now,
    expiresAt: now + TTL,
    sentToLogin: false,
  });
}

/**
 * The request a handle stands for.
 *
 * @throws OAuthError where there is none, or no longer
 */
export async function findPending(store: Store, handle: string): Promise<PendingRequest> {
  const found = await store.requests.find(sha256(handle), Date.now());
  if (found === undefined) throw signInIsOver();
  return { handle, ...JSON.parse(found.data) };
}

/** What a person is told who comes back to a request that is no longer waiting. */
export function signInIsOver(): OAuthError {
  return new OAuthError(
    'invalid_request',
    `There is no such authorization request under way: it was answered, or ${TTL / 60_000} minutes have passed. Send a new one.`,
    { person: 'over' },
  );
}

/** Notes that the person was sent to a login page. */
export function noteLogin(store: Store, pending: PendingRequest): Promise<PendingRequest> {
  return save(store, { ...pending, sentToLogin: true });
}

/**
 * Marks a request as answered. What answered it may be sent again for a moment, by a double click or
 * by a browser that lost the first answer; a page found by Back decides nothing anew.
 */
export async function settlePending(
  store: Store,
  pending: PendingRequest,
  decision?: Decision,
): Promise<void> {
  await save(store, {
    ...pending,
    decision,
    expiresAt: Math.min(pending.expiresAt, Date.now() + REPEAT_WINDOW),
  });
}
