// RFC 6749 section 2.1: what kind of client one is, and whether a secret is its own.

import { OAuthError } from '../errors.ts';
import type { AssertionAlgorithm, Client, TokenEndpointAuthMethod } from '../types.ts';
import { equal, sha256 } from './secrets.ts';
import { isSelfMadeSource } from './sources.ts';

/** The most keys of a client. */
export const MAX_KEYS = 32;

/** RFC 7591 section 2: every method that a client may be registered with. */
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const satisfies readonly TokenEndpointAuthMethod[];

/** By method: what a client may sign with (RFC 7518 section 3.1). */
export const assertionAlgorithms = {
  private_key_jwt: [
    'ES256',
    'ES384',
    'ES512',
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'EdDSA',
    'Ed25519',
  ],
  client_secret_jwt: ['HS256', 'HS384', 'HS512'],
} as const satisfies Partial<Record<TokenEndpointAuthMethod, readonly AssertionAlgorithm[]>>;

/**
 * What a client that authenticates by a method may sign its assertions with; `undefined` if it signs none.
 */
export function algorithmsOf(method: unknown): readonly AssertionAlgorithm[] | undefined {
  return method === 'private_key_jwt' || method === 'client_secret_jwt'
    ? assertionAlgorithms[method]
    : undefined;
}

type Credentials = Pick<Client, 'secretHashes' | 'jwks' | 'jwksUri' | 'tokenEndpointAuthMethod'>;

/**
 * Whether a client has nothing by which to prove who it is. One whose record names a method, but lacks
 * what the method needs, is not public: it cannot authenticate.
 */
export function isPublicClient(client: Credentials): boolean {
  const { secretHashes, jwks, jwksUri, tokenEndpointAuthMethod: method = 'none' } = client;
  const hasNothing = secretHashes.length === 0 && jwks === undefined && jwksUri === undefined;
  return hasNothing && method === 'none';
}

/** Whether a secret is one of the client's; a public client's is the empty one. */
export function secretMatches(client: Credentials, secret: string): boolean {
  if (client.secretHashes.length === 0) return secret === '' && isPublicClient(client);
  const presented = sha256(secret);
  // Every hash is compared, so that the time does not tell which one it was.
  return client.secretHashes.filter((known) => equal(known, presented)).length > 0;
}

/** @throws OAuthError `unauthorized_client` for a public client, which cannot act for itself */
export function assertConfidential(client: Credentials, grantType = 'client_credentials'): void {
  if (!isPublicClient(client)) return;
  throw new OAuthError(
    'unauthorized_client',
    `The grant type ${grantType} is for clients that authenticate.`,
  );
}

/**
 * From when on, in milliseconds, what a client gets for itself is issued, and counts: an older token was
 * issued to another client that had the id, or has been ended with all the others. A JWT says only the
 * second of its issue, so it is the second after the one in which that was.
 */
export function ownTokensSince({ registeredAt, ownTokensEndedAt }: Noted): number {
  const times = [registeredAt, ownTokensEndedAt].filter((time) => time !== undefined);
  return times.length === 0 ? 0 : (Math.floor(Math.max(...times) / 1000) + 1) * 1000;
}

/** What the server notes of a client by itself. No entry has it, so a change of the entry must leave it. */
export type Noted = Pick<Client, 'registeredAt' | 'ownTokensEndedAt'>;

export function notedOf({ registeredAt, ownTokensEndedAt }: Noted): Noted {
  return { registeredAt, ...(ownTokensEndedAt !== undefined && { ownTokensEndedAt }) };
}

/** Whether a client speaks for itself: it registered itself, or published a document. */
export function isSelfMade({ source }: Pick<Client, 'source'>): boolean {
  return isSelfMadeSource(source);
}

/**
 * Whether somebody here vouches for a client: it does not speak for itself, or it registered itself with an
 * initial access token, or an operator has changed it since. What such a client says of itself is its own
 * claim anyway.
 */
export function isVouchedFor(client: Pick<Client, 'source' | 'decided'>): boolean {
  return !isSelfMade(client) || client.decided !== undefined;
}

/**
 * What a consent notes about its client, so that it counts only as long as the client stays the same: a
 * hash of its redirect URIs and keys. `undefined` for a client that somebody here has registered: they
 * know what they change.
 */
export function consentMark(client: Client): string | undefined {
  if (!isSelfMade(client)) return undefined;
  const { redirectUris, jwks, jwksUri } = client;
  return sha256(JSON.stringify([redirectUris.toSorted(), jwks ?? null, jwksUri ?? null]));
}
