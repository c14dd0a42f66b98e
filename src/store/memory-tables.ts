// What the memory store holds.

import type { AccessToken, AuthorizationCode, RefreshToken } from '../issued.ts';
import type { Client, Consent, StoredKey, Ticket, User } from '../types.ts';
import { Expiring, ExpiringOfUsers } from './expiring.ts';
import { ExpiringGrants } from './expiring-grants.ts';
import { ExpiringLogouts } from './expiring-logouts.ts';
import type { Document, Session } from './store-sessions.ts';

/** A point in time at which nothing has expired. */
export const ALWAYS = Number.NEGATIVE_INFINITY;

/** A ticket whose payload is the text of its JSON. */
export type TicketRow = Omit<Ticket, 'payload'> & { readonly payload: string };

export class MemoryTables {
  readonly clients = new Map<string, Client>();
  /** When clients were last used, by id, for those of which it is known. */
  readonly used = new Map<string, number>();
  readonly users = new Map<string, User>();
  /** Of each user, by client and resource. */
  readonly consents = new Map<string, Map<string, Consent>>();

  readonly grants = new ExpiringGrants();
  readonly codes = new Expiring<AuthorizationCode>();
  readonly accessTokens = new Expiring<AccessToken>();
  readonly refreshTokens = new Expiring<RefreshToken>();
  /** Of JWTs, by the hash of their `jti`. */
  readonly revoked = new Expiring<{ readonly expiresAt: number }>();

  readonly sessions = new ExpiringOfUsers<Session>();
  readonly requests = new Expiring<Document>();
  /** By kind and hash. */
  readonly tickets = new ExpiringOfUsers<TicketRow>();

  readonly logouts = new ExpiringLogouts();

  readonly replays = new Expiring<{ readonly expiresAt: number }>();
  readonly keys = new Expiring<StoredKey>();
  readonly constants = new Map<string, string>();
  readonly limits = new Expiring<{ readonly attempts: number; readonly expiresAt: number }>();
}
