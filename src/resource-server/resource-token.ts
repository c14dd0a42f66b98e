// What a token says, as a route of an API reads it.

import type { ServerResponse } from 'node:http';
import { readRouteToken } from '../http/route-token.ts';
import { readAccessTokenClaims } from '../protocol/access-token.ts';
import type { Claims } from '../protocol/jwt.ts';
import { isSameResource } from '../protocol/resource.ts';
import { LEEWAY } from '../protocol/step-up.ts';
import type { AuthenticationContext } from '../types.ts';

/**
 * An access token that was presented and counts here. It stands at `res.locals.oauth.token`, by the
 * same names as the one of `protect()`. How the person signed in is absent if the token does not say it.
 */
export interface ResourceToken extends AuthenticationContext {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly scope: string[];
  /** RFC 8707: the resources the token is good for. */
  readonly audience: readonly string[];
  readonly client: { readonly id: string };
  /** The person the token speaks for; without an id if the client acts for itself. */
  readonly user: { readonly id?: string; readonly username?: string };
  /** All that the token says, or the answer to its introspection. */
  readonly claims: Claims;
}

/**
 * The token that claims describe (RFC 9068 section 4), or `undefined` if it is of another issuer or for
 * another resource, has expired, does not count yet, or is bound to a key of its client: such a one is
 * no bearer token (RFC 7800 section 3.1).
 */
export function readResourceToken(
  accessToken: string,
  claims: Claims,
  { issuer, resource }: { readonly issuer: string; readonly resource: string },
  now: number,
): ResourceToken | undefined {
  const token = readAccessTokenClaims(claims, issuer, now - LEEWAY * 1000);
  if (!token?.audience.some((name) => isSameResource(name, resource))) return undefined;
  const { sub, username, nbf, cnf } = claims;
  if (cnf !== undefined) return undefined;
  // RFC 7519 section 4.1.5.
  if (typeof nbf === 'number' && now + LEEWAY * 1000 < nbf * 1000) return undefined;
  const { clientId, scope, audience, expiresAt, signIn } = token;
  // RFC 9068 section 2.2: a client that acts for itself is its own subject.
  const person = {
    id: sub as string,
    ...(typeof username === 'string' && { username }),
  };
  return {
    accessToken,
    accessTokenExpiresAt: new Date(expiresAt),
    scope: [...scope],
    audience,
    client: { id: clientId },
    user: sub === clientId ? {} : person,
    ...signIn,
    claims,
  };
}

/**
 * The token that `requireToken()` has let a request pass with, in any framework: `res.locals.oauth.token`,
 * with its type.
 *
 * @throws Error if there is none, because no guard stands before the route
 */
export function tokenOf(res: ServerResponse): ResourceToken {
  return readRouteToken(res) as ResourceToken;
}
