// What happened, for those who keep an audit trail or count. Listeners only listen: nothing here
// changes an answer, and nothing here carries a secret.

import { EventEmitter } from 'node:events';

export interface ServerEvents {
  login_succeeded: [{ userId: string; address: string }];
  /** No username: people type passwords there. The id is absent if there is no such user. */
  login_failed: [{ userId?: string; address: string }];
  login_limited: [{ address: string }];
  logout: [{ userId: string }];
  consent_allowed: [
    { userId: string; clientId: string; scope: readonly string[]; remembered: boolean },
  ];
  /** A person took back what they had allowed a client: its grants and tokens have ended. */
  consent_withdrawn: [{ userId: string; clientId: string }];
  /** A person ended sessions of theirs from another one. */
  sessions_ended: [{ userId: string; count: number }];
  password_changed: [{ userId: string }];
  /** To change the password, a current one was given that is not right. */
  password_refused: [{ userId: string; address: string }];
  consent_denied: [{ userId: string; clientId: string }];
  token_issued: [
    { clientId: string; userId?: string; grantType: string; scope: readonly string[] },
  ];
  token_refused: [{ clientId?: string; error: string; description: string }];
  token_revoked: [{ clientId: string }];
  client_limited: [{ clientId: string; address: string }];
  /** The keys that a client signs with could not be fetched: its `jwks_uri` is down, or not allowed. */
  client_keys_failed: [{ clientId: string; error: unknown }];
  /** A code was presented twice by its own client; everything that came of it has ended. */
  code_replayed: [{ clientId: string; grantId: string }];
  /** A refresh token was presented after its successor was in use; its family has ended. */
  refresh_token_reused: [{ clientId: string; grantId: string }];
  /**
   * A client or user in the store is treated as unknown: nothing in the settings vouches for it. Told
   * once for each reason.
   */
  record_refused: [{ clientId?: string; userId?: string; problem: string }];
  /** A page with an error was shown; the id is on it. */
  error_answered: [{ requestId: string; status: number; error: string; description: string }];
  /** A request or the background work failed because the store did not answer. */
  store_unavailable: [{ error: unknown }];
  /** A request failed, and it was not the caller's fault. The id is the one the answer shows. */
  failure: [{ requestId: string; error: unknown }];
}

export type Events = EventEmitter<ServerEvents>;

export function createEvents(): Events {
  return new EventEmitter<ServerEvents>();
}
