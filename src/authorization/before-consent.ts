// What the app around this server wants of a person before they are asked for consent: to accept terms,
// to complete a profile. The person is sent to a page of the app, and comes back to the same request.

import type { Request } from 'express';
import { HostError, hostError } from '../host-error.ts';
import { withQuery } from '../http/with-query.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { placeForParametersProblem } from '../protocol/place.ts';
import { shown } from '../protocol/shown.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Client } from '../types.ts';
import type { PendingRequest, PendingRequests } from './pending-requests.ts';

/** What the app is asked about. */
export interface BeforeConsentContext {
  readonly user: SignedIn;
  readonly client: Client;
  /** What the client asks for. A device asks with no redirect URI, and with nothing that depends on one. */
  readonly request: Pick<AuthorizationRequest, 'clientId' | 'scope' | 'resource'> &
    Partial<AuthorizationRequest>;
}

type Answer = string | undefined | null | false;

/**
 * Answers nothing, or a URL of the app: a path of this host, or an http or https URL. The person is sent
 * there with `return_to`, a path to come back to.
 */
export type BeforeConsent = (
  req: Request,
  context: BeforeConsentContext,
) => Answer | Promise<Answer>;

/**
 * How often the app may want a person during one request. Browsers follow about twenty redirects in a
 * row: with this, a page that sends everybody back at once ends with an error that is in the log.
 */
const MAX_VISITS = 5;

/**
 * Asks the app where the person has to go first.
 *
 * @throws HostError if the app fails, or its answer cannot be used
 */
export async function askBeforeConsent(
  beforeConsent: BeforeConsent,
  req: Request,
  context: BeforeConsentContext,
): Promise<string | undefined> {
  try {
    const answer: unknown = await beforeConsent(req, context);
    if (answer === undefined || answer === null || answer === false) return undefined;
    const problem = placeForParametersProblem(answer);
    if (problem === undefined) return answer as string;
    throw new HostError(`The option beforeConsent answered ${shown(answer)}, which ${problem}.`);
  } catch (error) {
    throw hostError('beforeConsent', error);
  }
}

/**
 * The URL that takes a person to the app, and from there back to the request.
 *
 * @param place that the app has answered with
 * @param authorizePath the path of the authorization endpoint
 * @throws HostError if the person has been there too often
 */
export function visitUrl(
  pendingRequests: PendingRequests,
  pending: PendingRequest,
  place: string,
  authorizePath: string,
): string {
  if ((pending.sentToApp ?? 0) >= MAX_VISITS) {
    throw new HostError(
      `The option beforeConsent has sent a person away ${MAX_VISITS} times during one request, at last to ${shown(place)}: what is wanted there is never done.`,
    );
  }
  const { handle } = pendingRequests.sentToApp(pending);
  return withQuery(place, { return_to: withQuery(authorizePath, { continue: handle }) });
}
