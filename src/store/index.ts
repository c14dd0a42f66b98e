// What a store of somebody's own is written with: the port, its errors, and the rules that every store
// keeps. docs/stores.md goes through it.

export type { AccessToken, AuthorizationCode, IssuedTokens, RefreshToken } from '../issued.ts';
export { isVouchedFor } from '../protocol/client.ts';
export { passwordKind } from '../protocol/password-hashes.ts';
export { soundClient, soundTicket, soundUser } from '../protocol/records.ts';
export { foldName } from '../protocol/typed-names.ts';
export type {
  Client,
  Consent,
  Grant,
  PendingLogout,
  Source,
  StoredKey,
  Ticket,
  User,
} from '../types.ts';
export * from './as-read.ts';
export * from './clients-and-users.ts';
export * from './held.ts';
export * from './outcomes.ts';
export * from './over-max.ts';
export { RecordsRead } from './records-read.ts';
export * from './session-grants.ts';
export { type Store, StoreUnavailable, SubjectTaken, UsernameTaken } from './store.ts';
export type * from './store-clients-and-users.ts';
export type * from './store-grants.ts';
export type * from './store-logouts.ts';
export type * from './store-sessions.ts';
export type * from './store-tickets.ts';
