// RFC 6750: the access token in the header `Authorization`, and the challenge of a request without it.

import type { IncomingMessage } from 'node:http';
import { OAuthError } from '../errors.ts';
import { formatScope } from './scope.ts';
import type { StepUp } from './step-up.ts';

const MALFORMED =
  'Send the access token once, in the header Authorization: Bearer <token>, and never in the URL.';

const TWICE = 'The request has more than one header Authorization.';

/** A request as `node:http` has it. */
type Carrying = Pick<IncomingMessage, 'headers' | 'url'> & {
  readonly rawHeaders?: readonly string[];
};

/**
 * The access token that a request carries in its header. Another scheme than Bearer counts as no token,
 * and the scheme may be in any case (RFC 9110 section 11.1).
 *
 * @returns the token, or `undefined` if there is none
 * @throws OAuthError `invalid_request` if it is malformed, if there is more than one header, or if a token
 *   is in the URL (RFC 6750 section 2)
 */
export function readBearerToken({
  headers,
  rawHeaders = [],
  url = '',
}: Carrying): string | undefined {
  // node:http keeps the first, and others who read the same request may have looked at the last.
  const isOne = (name: string, at: number) =>
    at % 2 === 0 && name.length === 13 && name.toLowerCase() === 'authorization';
  if (rawHeaders.filter(isOne).length > 1) throw new OAuthError('invalid_request', TWICE);
  if (url.includes('?') && new URLSearchParams(url.slice(url.indexOf('?'))).has('access_token')) {
    throw new OAuthError('invalid_request', MALFORMED);
  }
  return bearerTokenIn(headers.authorization);
}

/**
 * The access token in the value of one header `Authorization`, or `undefined` if there is none.
 *
 * @throws OAuthError `invalid_request` if it is malformed
 */
export function bearerTokenIn(authorization = ''): string | undefined {
  const [, scheme, credentials = ''] = /^(\S+) *(.*)$/.exec(authorization) ?? [];
  if (scheme?.toLowerCase() !== 'bearer') return undefined;
  if (!/^[\w.~+/-]+=*$/.test(credentials)) throw new OAuthError('invalid_request', MALFORMED);
  return credentials;
}

/** What the challenge of a route says. */
interface Challenged {
  readonly realm: string;
  /** What the route needs. */
  readonly scope: readonly string[];
  /** RFC 9728 section 5.1: where a client that knows nothing of the resource begins. */
  readonly metadataUrl?: string | undefined;
  /** RFC 9470 section 3: what the route needs of the person's sign-in. */
  readonly stepUp?: StepUp | undefined;
}

/** Longest `WWW-Authenticate` of a route, in bytes; http/redirect.ts says why. */
const MAX_LENGTH = 2480;

/** Longest description of an error in it, in characters. */
const MAX_DESCRIPTION = 120;

const NO_TOKEN = 'An access token is needed: send it in the header Authorization: Bearer <token>.';

/**
 * Makes the answers of a route to requests that it refuses (section 3). A request that carries no token
 * is told no error code (section 3.1).
 *
 * @returns the same error with its `WWW-Authenticate`; without one, that of a request without a token
 * @throws TypeError if a challenge would be too long
 */
export function createChallenge(route: Challenged): (error?: OAuthError) => OAuthError {
  const { realm, scope, metadataUrl, stepUp } = route;
  const described = [
    ...(scope.length > 0 ? [`scope="${formatScope(scope)}"`] : []),
    ...(metadataUrl === undefined ? [] : [`resource_metadata="${metadataUrl}"`]),
  ];
  const { maxAge, acrValues = [] } = stepUp ?? {};
  const authentication = [
    ...(acrValues.length > 0 ? [`acr_values="${acrValues.join(' ')}"`] : []),
    ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
  ];
  const headerOf = (error?: OAuthError): string => {
    const { error_description } = error?.body() ?? {};
    const failure = error && [`error="${error.code}"`, `error_description="${error_description}"`];
    const isStepUp = error?.code === 'insufficient_user_authentication';
    const parts = [...(failure ?? []), ...(isStepUp ? authentication : []), ...described];
    return `Bearer ${[`realm="${realm}"`, ...parts].join(', ')}`;
  };

  const longest = stepUp === undefined ? 'insufficient_scope' : 'insufficient_user_authentication';
  const { length } = headerOf(new OAuthError(longest, 'x'.repeat(MAX_DESCRIPTION)));
  if (length > MAX_LENGTH) {
    throw new TypeError(
      `The challenge of this route would have ${length} bytes, and may have ${MAX_LENGTH}: name fewer scopes, or a shorter resource.`,
    );
  }
  return (error) =>
    (error ?? new OAuthError('invalid_token', NO_TOKEN)).with({
      'WWW-Authenticate': headerOf(error),
    });
}
