// RFC 6750 and RFC 9068: whether an access token of an authorization server elsewhere counts.

import { insufficientScope, invalidToken, OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { ACCESS_TOKEN_TYPE } from '../protocol/access-token.ts';
import { bearerTokenIn, createChallenge } from '../protocol/bearer.ts';
import { type Claims, keyIdOf, verifyJwt } from '../protocol/jwt.ts';
import { isSameResource, metadataUrlOf } from '../protocol/resource.ts';
import { covers } from '../protocol/scope.ts';
import { assertSignedIn, type StepUpOptions, stepUpOf } from '../protocol/step-up.ts';
import { IssuerUnavailable } from './fetch-json.ts';
import { Introspection } from './introspection.ts';
import { warnOfMisfit, warnOfOpaque, warnOfType } from './misfit.ts';
import { assertTokenOptions, scopeWords } from './options.ts';
import { RemoteIssuer } from './remote-issuer.ts';
import { type ResourceToken, readResourceToken } from './resource-token.ts';

export interface RequireTokenOptions extends StepUpOptions {
  /** The authorization server, letter for letter as its metadata has it. */
  readonly issuer: string;
  /**
   * Where the issuer is reached, if that is not at its own URL, as in a network of containers. All that is
   * under the issuer's URL is asked for under this one. It may be http.
   */
  readonly internalUrl?: string | undefined;
  /** RFC 8707: the name of this API, which tokens have as their audience. */
  readonly resource: string;
  /** What the token has to allow: words separated by spaces, or a list of them. */
  readonly scope?: string | readonly string[] | undefined;
  /**
   * The API's own id at the server. With it and its secret the server is asked about each token
   * (RFC 7662). Without them tokens have to be JWTs, and their signature is verified.
   */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Seconds for which such an answer is kept, up to 300; 5 if absent, 0 for not at all. */
  readonly introspectionTtl?: number | undefined;
}

/** Longest token that is looked at, in characters. */
const MAX_LENGTH = 16 * 1024;

const UNAVAILABLE =
  'The authorization server cannot be reached, so the access token cannot be checked: try again in a moment.';

/** One for all routes of a process, so that they share what was fetched. */
const issuers = new Map<string, RemoteIssuer>();
const introspections = new Map<string, Introspection>();

/** The value under a key, made if it is the first time. */
function shared<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

/** What finds the claims of a token; `undefined` if it is none that counts. */
function createClaimsOf(options: RequireTokenOptions) {
  const { issuer, resource, clientId, clientSecret, introspectionTtl = 5 } = options;
  const { internalUrl = issuer } = options;
  const make = () => new RemoteIssuer(issuer, internalUrl);
  const remote = shared(issuers, JSON.stringify([issuer, internalUrl]), make);
  if (clientId === undefined || clientSecret === undefined) {
    return async (token: string): Promise<Claims | undefined> => {
      const kid = keyIdOf(token);
      const key = kid === undefined ? undefined : await remote.key(kid);
      const claims = key && verifyJwt(token, ACCESS_TOKEN_TYPE, key);
      if (claims !== undefined) return claims;
      if (key === undefined) warnOfOpaque(token, { issuer, resource });
      else warnOfType(token, key, { issuer, resource });
      return undefined;
    };
  }
  const client = { clientId, clientSecret, introspectionTtl };
  const introspection = shared(
    introspections,
    JSON.stringify([issuer, internalUrl, clientId, clientSecret, introspectionTtl]),
    () => new Introspection(remote, client),
  );
  return async (token: string): Promise<Claims | undefined> => {
    const answer = await introspection.claimsOf(token);
    // RFC 7662 section 2.2: these need not be there, and have been looked at by the server.
    return answer && { iss: issuer, jti: '', iat: 0, ...answer };
  };
}

/** Checks the token that `tokenIn` reads from a request; each may throw an OAuthError. */
type Check = (tokenIn: () => string | undefined) => Promise<ResourceToken>;

/**
 * Makes what `requireToken()` and `checkToken()` have in common.
 *
 * @param whose the function that was called, for messages
 * @throws TypeError that names the option that is wrong
 */
export function createCheck(whose: string, options: RequireTokenOptions): Check {
  assertTokenOptions(whose, options);
  const { issuer, resource } = options;
  const scope = scopeWords(options.scope);
  const stepUp = stepUpOf(options);
  // The issuer's own metadata is no business of an API that goes by its name.
  const metadataUrl = isSameResource(resource, issuer) ? undefined : metadataUrlOf(resource)?.href;
  const challenge = createChallenge({ realm: resource, scope, metadataUrl, stepUp });
  const claimsOf = createClaimsOf(options);

  const check: Check = async (tokenIn) => {
    const value = tokenIn();
    if (value === undefined) throw challenge();
    const claims = value.length > MAX_LENGTH ? undefined : await claimsOf(value);
    const now = Date.now();
    const token = claims && readResourceToken(value, claims, { issuer, resource }, now);
    if (token === undefined) {
      if (claims !== undefined) warnOfMisfit(claims, { issuer, resource });
      throw invalidToken();
    }
    // First of the two: one new token then settles both.
    if (stepUp !== undefined) assertSignedIn(token, stepUp, now);
    if (!covers(token.scope, scope)) throw insufficientScope();
    return token;
  };

  return (tokenIn) =>
    check(tokenIn).catch((error) => {
      if (error instanceof IssuerUnavailable) {
        throw new OAuthError('temporarily_unavailable', UNAVAILABLE, { headers: RETRY_LATER });
      }
      if (!(error instanceof OAuthError) || 'WWW-Authenticate' in error.headers) throw error;
      throw challenge(error);
    });
}

/**
 * Checks the value of a header `Authorization`. A request has to have one such header, and no token in its
 * URL: who calls this sees to both.
 *
 * @returns the token, if it is of the issuer, for the resource, in force, and enough
 * @throws OAuthError with the `status` and `headers` of the answer, and its `body()`: the challenge of
 *   RFC 6750 section 3, or 503 if the authorization server is away
 */
export type TokenCheck = (authorization: string | null | undefined) => Promise<ResourceToken>;

/**
 * Makes what `requireToken()` does without a request and a response: for frameworks whose handlers have
 * others, for the upgrade to a WebSocket, or for errors in a form of one's own.
 *
 * @throws TypeError that names the option that is wrong
 */
export function checkToken(options: RequireTokenOptions): TokenCheck {
  const check = createCheck('checkToken()', options);
  return (authorization) => check(() => bearerTokenIn(authorization ?? undefined));
}
