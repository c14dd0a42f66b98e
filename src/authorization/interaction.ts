// What happens next with an authorization request: the person signs in, is asked, or the request is
// approved or refused. It is pure, so that it can be read as a table and tested without HTTP.

import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { isPublicClient } from '../protocol/client.ts';
import { canAnyAppClaim } from '../protocol/redirect-uri.ts';
import type { AuthenticationContext, Client } from '../types.ts';

/** Who is in front of the browser, and whom the request wants there. */
export interface Presence {
  readonly client: Client;
  readonly request: AuthorizationRequest;
  /** Who is signed in to the browser, if anybody is. */
  readonly user: Pick<AuthenticationContext, 'authTime' | 'acr'> | undefined;
  /** Whether the client asks for somebody else, by a hint or by the claim `sub`. */
  readonly isOther?: boolean;
  /** When the request was first seen, in milliseconds since the epoch. */
  readonly askedAt: number;
  /** Whether the person was sent to a login page for this request. */
  readonly sentToLogin: boolean;
  /** Whether that login page is ours: then nobody comes back from it who did not sign in. */
  readonly ownLogin: boolean;
}

/** All that the decision depends on. */
export interface Facts extends Presence {
  /** Whether the person once allowed this client all that it asks for. */
  readonly isConsented: boolean;
  /** Whether the app around this server wants the person first: with terms, or a profile to complete. */
  readonly isWantedFirst?: boolean;
}

export type NextStep =
  | { readonly step: 'sign_in'; readonly again: boolean }
  | { readonly step: 'visit_app' }
  | { readonly step: 'ask' }
  | { readonly step: 'approve' }
  | {
      readonly step: 'refuse';
      readonly error:
        | 'login_required'
        | 'interaction_required'
        | 'consent_required'
        | 'unmet_authentication_requirements';
      readonly description: string;
    };

interface Check {
  readonly reason: string;
  readonly applies: (facts: Facts) => boolean;
  readonly next: NextStep;
}

const loginRequired = (description: string): NextStep => ({
  step: 'refuse',
  error: 'login_required',
  description,
});

/** One sentence for all three: the client is not told which it is. */
const NOT_AS_WANTED = loginRequired(
  'The person is not signed in, has to sign in again, or is another: send them again without prompt=none.',
);

/** The first check that applies decides. */
const CHECKS: readonly Check[] = [
  {
    reason:
      'nobody may be asked, and nobody is signed in, or not recently enough, or somebody else',
    applies: (facts) => isSilent(facts) && mustSignIn(facts),
    next: NOT_AS_WANTED,
  },
  {
    reason:
      'nobody may be asked, and the client names somebody whom it may only guess: it would learn who is signed in',
    applies: (facts) => isSilent(facts) && isGuess(facts) && !facts.isConsented,
    next: NOT_AS_WANTED,
  },
  {
    reason: 'nobody is signed in',
    applies: ({ user }) => user === undefined,
    next: { step: 'sign_in', again: false },
  },
  {
    reason:
      "the app's login page sent the person back without a fresh sign-in: asking once is enough",
    applies: (facts) => mustSignIn(facts) && facts.sentToLogin && !facts.ownLogin,
    next: loginRequired('The person did not sign in again.'),
  },
  {
    reason: 'somebody else signed in for this request than the client asks for (section 3.1.2.2)',
    applies: ({ user, isOther, sentToLogin, askedAt }) =>
      isOther === true && sentToLogin && (user?.authTime ?? 0) >= askedAt,
    next: loginRequired('The person who signed in is another than the one that was asked for.'),
  },
  {
    reason:
      'the client asks for a sign-in that is more recent, or of somebody else (OpenID Connect Core section 3.1.2.1)',
    applies: mustSignIn,
    next: { step: 'sign_in', again: true },
  },
  {
    reason: "the app's login page may know of another way to sign in",
    applies: (facts) => lacksAcr(facts) && mayGetAcr(facts),
    next: { step: 'sign_in', again: true },
  },
  {
    reason:
      'the same, and the client does not insist: an app that knows no other way need not ask again',
    applies: mayGetAcr,
    next: { step: 'sign_in', again: false },
  },
  {
    reason: 'the sign-in is not of a kind that the client insists on (section 5.5.1.1)',
    applies: lacksAcr,
    next: {
      step: 'refuse',
      error: 'unmet_authentication_requirements',
      description: 'The person cannot sign in here by any acr that the claims insist on.',
    },
  },
  {
    reason: 'nobody may be asked, and the app wants the person first',
    applies: (facts) => isSilent(facts) && facts.isWantedFirst === true,
    next: {
      step: 'refuse',
      error: 'interaction_required',
      description: 'The person has something to do at the app first.',
    },
  },
  {
    reason: 'the app wants the person first, even if this was allowed before: its terms may be new',
    applies: ({ isWantedFirst }) => isWantedFirst === true,
    next: { step: 'visit_app' },
  },
  {
    reason: 'the person allowed this before, to a client that cannot be mistaken for another',
    applies: (facts) => isRemembered(facts),
    next: { step: 'approve' },
  },
  {
    reason: 'nobody may be asked, and the person has not allowed this, or is asked each time',
    applies: isSilent,
    next: {
      step: 'refuse',
      error: 'consent_required',
      description:
        'The person has not allowed all of this, or is asked for it each time: send them again without prompt=none.',
    },
  },
];

/** What happens next with a request. */
export function nextStep(facts: Facts): NextStep {
  return CHECKS.find(({ applies }) => applies(facts))?.next ?? { step: 'ask' };
}

function isSilent({ request }: Presence): boolean {
  return request.prompt.includes('none');
}

/** Whether the person is signed in as this request wants it, so that they may decide it. */
export function mayDecide(presence: Presence): boolean {
  return !mustSignIn(presence) && !lacksAcr(presence) && !mayGetAcr(presence);
}

/** Whether nobody is signed in, or somebody else, or the last sign-in is too old for this request. */
function mustSignIn(presence: Presence): boolean {
  const { request, user, isOther, askedAt, sentToLogin } = presence;
  if (user === undefined || isOther === true) return true;
  const asksForLogin = request.prompt.includes('login');
  // An app around this server may not know when the person signed in. To have been sent to its
  // login page is then all there is to go by, and not enough for a client that wants to be told.
  if (user.authTime === undefined) {
    const isAsked = asksForLogin || request.maxAge !== undefined;
    return wantsAuthTime(presence) || (isAsked && !sentToLogin);
  }
  if (asksForLogin && user.authTime < askedAt) return true;
  return request.maxAge !== undefined && user.authTime + request.maxAge * 1000 < askedAt;
}

/**
 * Section 2: with `max_age`, an essential claim, or if the client is registered so, the ID token has an
 * `auth_time`.
 */
function wantsAuthTime({ client, request }: Presence): boolean {
  const isOpenId = request.scope.includes('openid');
  const isAsked = request.maxAge !== undefined || request.needsAuthTime === true;
  return client.requireAuthTime === true || (isOpenId && isAsked);
}

/** Whether the client names somebody (section 5.5.1) without an ID token of theirs. */
function isGuess({ request: { subjects, isHinted } }: Presence): boolean {
  return subjects !== undefined && isHinted !== true;
}

function lacksAcr({ request: { acr }, user }: Presence): boolean {
  return user !== undefined && acr !== undefined && !acr.includes(user.acr ?? '');
}

/** The ways to sign in that a request asks for: those that it insists on, if it does on any. */
export function wantedAcr({ acr, acrValues }: AuthorizationRequest): readonly string[] {
  return acr ?? acrValues ?? [];
}

/** Whether the person has yet to go to the app's login page, because it may know of a way that is wanted. */
function mayGetAcr(presence: Presence): boolean {
  const { request, user, ownLogin, sentToLogin } = presence;
  if (user === undefined || ownLogin || sentToLogin || isSilent(presence)) return false;
  const wanted = wantedAcr(request);
  return wanted.length > 0 && !wanted.includes(user.acr ?? '');
}

/**
 * Whether what the person allowed before counts for this request. It does not for a public client that
 * other apps on the device can pass for (RFC 8252 section 8.6).
 */
function isRemembered({ client, request, isConsented }: Facts): boolean {
  if (request.prompt.includes('consent')) return false;
  // OpenID Connect Core section 11: access for when the person is away is asked for each time.
  if (request.scope.includes('offline_access')) return false;
  return isConsented && !(isPublicClient(client) && canAnyAppClaim(request.redirectUri));
}
