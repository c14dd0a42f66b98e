// What a client knows a person and their session by: the `sub` of OpenID Connect Core sections 2 and 8,
// and the `sid`.

import type { Client, Grant } from '../types.ts';
import { isSelfMade } from './client.ts';
import { canAnyAppClaim, isLoopback } from './redirect-uri.ts';
import { mac, sha256 } from './secrets.ts';

/** The `sub` of whatever a client is told by a grant: tokens, introspection, UserInfo. */
export function subjectOf({ openid, userId }: Pick<Grant, 'openid' | 'userId'>): string {
  return openid?.subject ?? userId;
}

/** Whether the client of a grant knows the person by a `sub` that other clients do not have. */
export function isPairwise(grant: Pick<Grant, 'openid'> | undefined): boolean {
  return grant?.openid?.subject !== undefined;
}

/**
 * The `sid` that a client knows a session by. Each client has one of its own, so two clients cannot
 * learn from it that they serve the same person.
 *
 * @param sid of the session, random
 */
export function sidFor(sid: string, clientId: string): string {
  return sha256(`${sid} ${clientId}`);
}

/** What the store knows a session by (`Grant.session`). @param sid of the session, random */
export function sessionKey(sid: string): string {
  return sha256(`session ${sid}`);
}

/**
 * Section 8.1: the `sub` of a person for all clients of a sector, base64url, 43 characters. Nobody
 * without the salt can tell whose it is, or whether two of them are of one person.
 *
 * @param salt random, and the same for ever
 */
export function pairwiseSubject(salt: Buffer, sector: string, userId: string): string {
  return mac(salt, JSON.stringify([sector, userId]));
}

type Registered = Pick<Client, 'id' | 'source' | 'grants' | 'redirectUris' | 'sectorIdentifierUri'>;

/** Grant types by which a client learns about a person only after a redirect. */
const BY_REDIRECT: ReadonlySet<string> = new Set([
  'authorization_code',
  'refresh_token',
  'client_credentials',
]);

/**
 * Section 8.1: whose clients a client belongs to. It is the host of the `sector_identifier_uri`, or
 * that of the redirect URIs. A client without a host of its own, such as an app on a phone, is a sector
 * by itself: all apps share the host 127.0.0.1, and should not know each other's people.
 *
 * Anybody can register the URIs of somebody else. They prove something only because the code goes there. So a
 * client that speaks for itself is a sector by itself, too, if it can be told a `sub` anywhere else than at
 * an https redirect URI: by an app on the device, or without a redirect. The list at a
 * `sector_identifier_uri` proves no more than its URIs do.
 */
export function sectorOf(client: Registered): string {
  const { id, redirectUris, sectorIdentifierUri } = client;
  // No host has a space in it.
  const itself = `client ${id}`;
  if (isSelfMade(client) && !isToldAtHostsAlone(client)) return itself;
  if (sectorIdentifierUri !== undefined) return new URL(sectorIdentifierUri).hostname;
  const [host, ...others] = hostsOf(redirectUris);
  const isItsOwn = host !== undefined && host !== LOOPBACK && others.length === 0;
  return isItsOwn ? host : itself;
}

function isToldAtHostsAlone({ grants, redirectUris }: Pick<Registered, 'grants' | 'redirectUris'>) {
  return (
    grants.every((grant) => BY_REDIRECT.has(grant)) &&
    !redirectUris.some((uri) => canAnyAppClaim(uri))
  );
}

/** Section 8.1: whether a client has several hosts, and nothing says which of them is its sector. */
export function hasManySectors(client: Pick<Registered, 'redirectUris' | 'sectorIdentifierUri'>) {
  return client.sectorIdentifierUri === undefined && hostsOf(client.redirectUris).length > 1;
}

/** Stands for all names of the person's own machine. */
const LOOPBACK = 'loopback';

/** The hosts that redirect URIs lead to; one with a scheme of an app's own has none. */
function hostsOf(redirectUris: readonly string[]): string[] {
  const hosts = redirectUris
    .filter((uri) => /^https?:/i.test(uri) && URL.canParse(uri))
    .map((uri) => (isLoopback(uri) ? LOOPBACK : new URL(uri).hostname));
  return [...new Set(hosts)];
}
