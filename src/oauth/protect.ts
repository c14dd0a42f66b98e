// RFC 6750: routes that want an access token.

import type { Request, Response } from 'express';
import { OAuthError, tokenForAnother } from '../errors.ts';
import type { Events } from '../events.ts';
import { beginRefusal } from '../http/headers.ts';
import { asOAuthError, sendError } from '../http/json-error.ts';
import type { Middleware } from '../http/middleware.ts';
import { setRouteToken } from '../http/route-token.ts';
import { createChallenge, readBearerToken } from '../protocol/bearer.ts';
import { assertOptions, type Check } from '../protocol/checks.ts';
import { isSameResource, resourceProblem } from '../protocol/resource.ts';
import { isOpenIdScope, isScopeToken } from '../protocol/scope.ts';
import { shown } from '../protocol/shown.ts';
import {
  assertSignedIn,
  STEP_UP_CHECKS,
  type StepUpOptions,
  stepUpOf,
} from '../protocol/step-up.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { GuardedResources } from './guarded-resources.ts';
import type { Library } from './library.ts';
import type { ActiveToken } from './tokens.ts';

/** What a guard is told besides the scopes. */
export interface Guard extends StepUpOptions {
  /**
   * RFC 8707: the resource that the route belongs to, as tokens name it in their audience; the
   * issuer if it is left out.
   */
  readonly resource?: string | undefined;
}

export type Protect = (...needed: [...scopes: string[], guard: Guard] | string[]) => Middleware;

interface Parts {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly library: Library;
  /** Looks an access token up. */
  readonly find: (value: string) => Promise<ActiveToken | undefined>;
  readonly guarded: GuardedResources;
  readonly events: Events;
}

/**
 * What a route needs. A list or `undefined` among the scopes would be a route that needs none.
 *
 * @param known the scopes that the server has; anything counts if there are none
 * @param checks a check for each member of a guard
 * @throws TypeError that shows the argument that is neither a scope nor, at the end, a guard, or what is
 *   wrong with the guard
 */
function readNeeds(
  needed: readonly unknown[],
  known: readonly string[],
  checks: Readonly<Record<string, Check>>,
): { scope: string[]; guard: Guard } {
  const last = needed.at(-1);
  const hasGuard = typeof last === 'object' && last !== null && !Array.isArray(last);
  const guard = hasGuard ? (last as Guard) : {};
  const scope = hasGuard ? needed.slice(0, -1) : needed;
  for (const word of scope) {
    if (typeof word === 'string' && isScopeToken(word)) continue;
    throw new TypeError(
      `protect() was given ${shown(word)}, which is not a scope: give each as a string of its own, protect('read', 'write').`,
    );
  }
  const missing = (scope as string[]).find((word) => !known.includes(word) && !isOpenIdScope(word));
  if (known.length > 0 && missing !== undefined) {
    throw new TypeError(
      `protect() was given ${shown(missing)}, which the option scopes does not have: no token would have it.`,
    );
  }
  assertOptions('protect()', checks, guard);
  return { scope: scope as string[], guard };
}

/**
 * Makes `protect(...scopes)`: middleware that lets a request pass whose access token is for the
 * resource and has the scopes, and whose person signed in as the route needs it. It puts the token on
 * `res.locals.oauth.token`, and answers any other request itself.
 *
 * It throws a TypeError if a scope or a part of the guard is not valid, if the server does not have the
 * scope, or if a challenge would be too long.
 */
export function createProtect({ issuer, scopes, library, find, guarded, events }: Parts): Protect {
  const checks: Readonly<Record<string, Check>> = {
    resource: (value) => (value === issuer ? undefined : resourceProblem(value)),
    ...STEP_UP_CHECKS,
  };
  return (...needed: readonly unknown[]) => {
    const { scope, guard } = readNeeds(needed, scopes, checks);
    const resource = guard.resource ?? issuer;
    const stepUp = stepUpOf(guard);
    const metadataUrl = guarded.add(resource, scope);

    // RFC 8707 section 2: a token that was issued for one resource is none at another.
    const findForResource = async (value: string) => {
      const token = await find(value);
      if (token?.audience.some((name) => isSameResource(name, resource)) === false) {
        throw tokenForAnother(isSameResource(resource, issuer));
      }
      // Before the library looks at the scope: one new token then settles both.
      if (token !== undefined && stepUp !== undefined) assertSignedIn(token, stepUp, Date.now());
      return token;
    };

    const challenge = createChallenge({ realm: issuer, scope, metadataUrl, stepUp });

    const check = async (req: Request): Promise<ActiveToken> => {
      try {
        const value = readBearerToken(req);
        if (value !== undefined) return await library.checkToken(value, scope, findForResource);
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        throw challenge(error);
      }
      throw challenge();
    };

    return async (req, outgoing, next) => {
      const res = outgoing as Response;
      try {
        setRouteToken(res, await check(req as Request));
      } catch (error) {
        // The app around a protected route is not ours, and need not know our errors.
        const known = asOAuthError(error);
        // Express 4 does not catch what an async function throws.
        if (known === undefined) return next(error);
        if (error instanceof StoreUnavailable) events.emit('store_unavailable', { error });
        beginRefusal(res);
        return sendError(res, known);
      }
      next();
    };
  };
}
