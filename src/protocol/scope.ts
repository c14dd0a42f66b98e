// RFC 6749 section 3.3: scope, a set of case-sensitive words.

import { OAuthError } from '../errors.ts';
import type { Client } from '../types.ts';
import { isSelfMade } from './client.ts';

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

export function isScopeToken(value: string): boolean {
  return SCOPE_TOKEN.test(value);
}

/** Why a value is no such word, or `undefined` if it is one. */
export function scopeTokenProblem(value: unknown): string | undefined {
  return typeof value === 'string' && isScopeToken(value)
    ? undefined
    : 'is not made of printable ASCII characters without space, " and \\';
}

/** The words of a space-separated scope, each once, in the order given. */
export function parseScope(value: string): string[] {
  return [...new Set(value.split(' ').filter((word) => word !== ''))];
}

/** A scope as parameters and answers have it (RFC 6749 section 3.3). */
export function formatScope(scope: readonly string[]): string {
  return scope.join(' ');
}

/** Whether everything asked for is among what is held. */
export function covers(held: readonly string[], asked: readonly string[]): boolean {
  return asked.every((word) => held.includes(word));
}

/**
 * What the client may still have of a scope that was granted.
 *
 * @param allowed what the client may have now
 * @throws OAuthError `invalid_grant` if nothing is left
 */
export function remainingScope(granted: readonly string[], allowed: readonly string[]): string[] {
  const remaining = granted.filter((word) => allowed.includes(word));
  if (remaining.length === 0 && granted.length > 0) {
    throw new OAuthError(
      'invalid_grant',
      'Nothing is left of the scope that was granted: the client may no longer have any of it.',
    );
  }
  return remaining;
}

/** OpenID Connect Core sections 5.4 and 11, and `groups`: what every server knows, about a person. */
export const OPENID_SCOPES = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'groups',
  'offline_access',
] as const;

export type OpenIdScope = (typeof OPENID_SCOPES)[number];

export function isOpenIdScope(word: string): word is OpenIdScope {
  return (OPENID_SCOPES as readonly string[]).includes(word);
}

/** Whether a scope only tells the client about the person. */
export function isAboutPerson(word: string): boolean {
  return isOpenIdScope(word) && word !== 'offline_access';
}

/**
 * The scopes that a client may have when it acts for itself: those of OpenID Connect are about a person. A
 * client that asks for nothing gets the same: one that wants an ID token says so (Core section 3.1.2.1).
 */
function ownScope(allowed: readonly string[]): readonly string[] {
  return allowed.filter((word) => !isOpenIdScope(word));
}

/** Why words of a scope cannot be had, for the client's developer. */
interface Refusal {
  readonly lacks: string;
  readonly has: string;
}

const BY_RECORD: Refusal = {
  lacks: 'This client may not ask for the scope',
  has: 'It may have',
};

/** The record has them, so to say that the client may not ask for them would send its developer there. */
const WITHOUT_PERSON: Refusal = {
  lacks: 'Without a person, this client may not ask for the scope',
  has: 'The scopes of OpenID Connect are about a person. The client itself may have',
};

/** RFC 6749 section 6: a refresh is for what was granted, or for less. */
export const BY_GRANT: Refusal = {
  lacks: 'What was granted does not have the scope',
  has: 'It has',
};

/**
 * What a client gets without a person. Nobody is asked there, so what it has named as its scope binds it.
 *
 * @param asked the `scope` parameter
 * @throws OAuthError `invalid_scope` as `grantScope` does
 */
export function grantScopeWithoutPerson(
  asked: string | undefined,
  { scope, defaultScope = scope }: Pick<Client, 'scope' | 'defaultScope'>,
): readonly string[] {
  const allowed = ownScope(defaultScope);
  const words = parseScope(asked ?? '');
  const isHeld = words.some((word) => scope.includes(word) && !allowed.includes(word));
  return grantScope(asked, allowed, allowed, isHeld ? WITHOUT_PERSON : BY_RECORD);
}

/**
 * What a client gets for what it asks.
 *
 * @param asked the `scope` parameter
 * @param allowed what the client may have
 * @param byDefault what it gets if it asks for nothing, without the scopes of OpenID Connect (`ownScope`)
 * @param refusal what it is told if it asks for more
 * @throws OAuthError `invalid_scope`, naming the words it may not have
 */
export function grantScope(
  asked: string | undefined,
  allowed: readonly string[],
  byDefault = allowed,
  refusal = BY_RECORD,
): readonly string[] {
  if (asked === undefined) return ownScope(byDefault);
  const words = parseScope(asked);
  const refused = words.filter((word) => !allowed.includes(word));
  if (refused.length > 0) {
    throw new OAuthError('invalid_scope', whyRefused(refused, allowed, refusal));
  }
  return words;
}

function whyRefused(
  refused: readonly string[],
  allowed: readonly string[],
  { lacks, has }: Refusal,
): string {
  const shown = refused.filter(isScopeToken).join(' ').slice(0, 200);
  if (shown === '') return 'The scope has characters that RFC 6749 section 3.3 does not allow.';
  const hint = refused.some((word) => isJoined(word, allowed))
    ? ' Scopes are separated by spaces, and by nothing else (RFC 6749 section 3.3).'
    : '';
  return `${lacks}: ${shown}. ${has}: ${formatScope(allowed) || 'none'}.${hint}`;
}

/** Whether a word is several known ones, with a comma between them or with what some encode a space as. */
function isJoined(word: string, allowed: readonly string[]): boolean {
  const parts = word.split(/[,;+]|%20/);
  return parts.length > 1 && parts.every((part) => allowed.includes(part) || isOpenIdScope(part));
}

/** `scopeToAllow` at one server. @throws OAuthError `invalid_scope` */
export type ReadScope = (asked: string | undefined, client: Client) => readonly string[];

/**
 * What a client may be allowed for what it asks of a person. `offline_access` is ignored unless the client
 * may have it, and gets refresh tokens to use it with (OpenID Connect Core section 11): clients ask for it
 * because the server's metadata lists it.
 *
 * A request of OpenID Connect may have words in it that nobody here knows, because other servers do: they are
 * ignored (section 3.1.2.1).
 *
 * Some clients ask for all that the metadata lists, or for words of their own. If nobody here knows a client,
 * there is nobody to tell what it may have: what it may not have is ignored (RFC 6749 section 3.3). If
 * nothing else is left, it is as if it had asked for nothing, and its person sees what it gets.
 *
 * @param known the scopes of this server, besides those of OpenID Connect
 * @throws OAuthError `invalid_scope` as `grantScope` does
 */
export function scopeToAllow(
  asked: string | undefined,
  client: Pick<Client, 'scope' | 'defaultScope' | 'grants' | 'source'>,
  known: readonly string[],
): readonly string[] {
  const { scope, defaultScope, grants } = client;
  if (asked === undefined) return grantScope(asked, scope, defaultScope);
  const mayStay = scope.includes('offline_access') && grants.includes('refresh_token');
  const sent = parseScope(asked);
  const ignoresUnknown = sent.includes('openid');
  const isUnderstood = (word: string) =>
    !isScopeToken(word) || isOpenIdScope(word) || known.includes(word) || scope.includes(word);
  const words = sent
    .filter((word) => mayStay || word !== 'offline_access')
    .filter((word) => !ignoresUnknown || isUnderstood(word));
  if (!isSelfMade(client)) return grantScope(formatScope(words), scope);
  const mayHave = words.filter((word) => scope.includes(word) || !isScopeToken(word));
  const asksForNothing = mayHave.every((word) => word === 'offline_access');
  if (asksForNothing) return [...grantScope(undefined, scope, defaultScope), ...mayHave];
  return grantScope(formatScope(mayHave), scope);
}
