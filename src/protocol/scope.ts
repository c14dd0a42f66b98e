// RFC 6749 section 3.3: scope, a set of case-sensitive words.

import { OAuthError } from '../errors.ts';

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

export function isScopeToken(value: string): boolean {
  return SCOPE_TOKEN.test(value);
}

/** The words of a space-separated scope, each once, in the order given. */
export function parseScope(value: string): string[] {
  return [...new Set(value.split(' ').filter((word) => word !== ''))];
}

export function formatScope(scope: readonly string[]): string {
  return scope.join(' ');
}

/** Whether everything asked for is among what is held. */
export function covers(held: readonly string[], asked: readonly string[]): boolean {
  return asked.every((word) => held.includes(word));
}

/**
 * What is left of a scope that was granted, if the client may have less since.
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

/**
 * What a client gets for what it asks.
 *
 * @param asked the `scope` parameter; if it is absent, the client gets all it may have
 * @param allowed what the client may have
 * @throws OAuthError `invalid_scope`, naming the words it may not have
 */
export function grantScope(
  asked: string | undefined,
  allowed: readonly string[],
): readonly string[] {
  if (asked === undefined) return allowed;
  const words = parseScope(asked);
  const refused = words.filter((word) => !allowed.includes(word));
  if (refused.length > 0) {
    const shown = refused.filter(isScopeToken).join(' ').slice(0, 200);
    throw new OAuthError(
      'invalid_scope',
      shown === ''
        ? 'The scope has characters that RFC 6749 section 3.3 does not allow.'
        : `This client may not ask for the scope: ${shown}. It may have: ${formatScope(allowed) || 'none'}.`,
    );
  }
  return words;
}

/** Why there is no scope `openid`: a client that asked for it would wait for an ID token. */
export const NO_OPENID = 'is OpenID Connect’s, which this server does not speak';
