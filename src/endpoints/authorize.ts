// RFC 6749 section 3.1: the authorization endpoint, with the consent page.
//
// GET takes a client's request, checks it, and shows the consent form to a person who is signed
// in; POST takes the decision. Between the two the browser carries the request along, sealed, so what
// is approved is what was shown, whatever the form says.

import { type Request, type Response, Router } from 'express';
import {
  MAX_HANDLE,
  type PendingRequest,
  signInIsOver,
} from '../authorization/pending-requests.ts';
import type { Context, Room } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { methods } from '../http/methods.ts';
import { form, formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { fits, MAX_LOCATION, redirect } from '../http/redirect.ts';
import { newGrant } from '../oauth/tokens.ts';
import { inWords, setUiLocales, wordsFor } from '../pages/language.ts';
import type { Key } from '../pages/words/en.ts';
import { languages } from '../pages/words/languages.ts';
import {
  AUTHORIZATION_PARAMS,
  type AuthorizationRequest,
  readAuthorizationRequest,
  readTarget,
} from '../protocol/authorization-request.ts';
import { isPublicClient } from '../protocol/client.ts';
import { RedirectTarget } from '../protocol/redirect-target.ts';
import { canAnyAppClaim, redirectHost } from '../protocol/redirect-uri.ts';
import { covers } from '../protocol/scope.ts';
import { randomToken } from '../protocol/secrets.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { csrfToken, isOwnForm } from '../sign-in/session.ts';
import type { Client, Consent, Grant } from '../types.ts';

/** A new request, or one that waits. */
const REQUEST_PARAMS = { ...AUTHORIZATION_PARAMS, continue: MAX_HANDLE };
const DECISION_PARAMS = { continue: MAX_HANDLE, csrf_token: 256, decision: 256 };

/** A request on its way, and what is known about it. */
interface Visit {
  readonly client: Client;
  readonly target: RedirectTarget;
  readonly request: AuthorizationRequest;
  /** Present once the request waits for the person. */
  readonly pending?: PendingRequest;
}

export function authorize(context: Context): Room {
  const { path, store, waiting, library, issuing, events, render, browser, people, scopes } =
    context;
  const routes = Router();

  routes
    .route(PATHS.authorize)
    .all(browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req, REQUEST_PARAMS);
      const handle = params.get('continue');
      if (handle !== undefined) {
        const visit = await resume(handle, res);
        if (visit.pending.settled?.decision !== undefined) throw signInIsOver();
        return proceed(visit, req, res);
      }

      setUiLocales(res, params.get('ui_locales'));
      params.assertSound('client_id');
      const clientId = params.get('client_id');
      const client = clientId === undefined ? undefined : await store.clients.find(clientId);
      const target = readTarget(params, client);
      assertRoomForCode(res, target);
      const request = readAuthorizationRequest(
        params,
        client!,
        target,
        context.resourcesOf(client!),
      );
      return proceed({ client: client!, target, request }, req, res);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, DECISION_PARAMS);
      params.assertSound();
      const handle = params.get('continue');
      if (handle === undefined) {
        throw new OAuthError('invalid_request', 'The form does not say which request it decides.');
      }
      const visit = await resume(handle, res);
      const user = await people.current(req);
      if (user === undefined || mustSignIn(visit, user)) return askToSignIn(visit, user, res);
      if (!isOwnForm(req, params, handle, user.id)) {
        return askConsent(visit, user, req, res, 'consent.outOfDate');
      }
      const decision = params.get('decision');
      switch (decision) {
        case 'allow': {
          // First of all: what cannot be granted is not remembered either.
          const grant = grantTo(visit, user);
          const consents = consentsTo(visit, user);
          const isFirst = await waiting.settle(visit.pending, user.id, decision, consents);
          return approve(visit, user, res, { grant, remembered: !isFirst });
        }
        case 'deny':
          if (await waiting.settle(visit.pending, user.id, decision)) {
            events.emit('consent_denied', { userId: user.id, clientId: visit.client.id });
          }
          throw new OAuthError('access_denied', 'The person did not allow the access.', {
            target: visit.target,
          });
        default:
          return askConsent(visit, user, req, res, 'consent.choose');
      }
    });

  return {
    routes,
    metadata: {
      authorization_endpoint: `${context.issuer}${PATHS.authorize}`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      // RFC 9207
      authorization_response_iss_parameter_supported: true,
      scopes_supported: Object.keys(scopes),
      ui_locales_supported: languages,
    },
  };

  async function proceed(visit: Visit, req: Request, res: Response): Promise<unknown> {
    const user = await people.current(req);
    const silent = visit.request.prompt.includes('none');
    if (user === undefined || mustSignIn(visit, user)) {
      if (!silent) return askToSignIn(visit, user, res);
      throw new OAuthError(
        'login_required',
        'The person is not signed in, or has to sign in again.',
        {
          target: visit.target,
        },
      );
    }
    if (await isRemembered(visit, user)) {
      if (visit.pending) await waiting.settle(visit.pending, user.id);
      return approve(visit, user, res, { grant: grantTo(visit, user), remembered: true });
    }
    // What was allowed has been taken back since: this request brings nothing of it back.
    if (visit.pending?.settled !== undefined) throw signInIsOver();
    if (!silent) return askConsent(visit, user, req, res);
    throw new OAuthError('consent_required', 'The person has not allowed this client yet.', {
      target: visit.target,
    });
  }

  /**
   * The request that waits under a handle, checked against the client as it is now. The answer is
   * from here on in the language of the request.
   */
  async function resume(handle: string, res: Response): Promise<Required<Visit>> {
    const pending = await waiting.find(handle);
    const { request } = pending;
    setUiLocales(res, request.uiLocales);
    const client = await store.clients.find(request.clientId);
    const target = client && RedirectTarget.of(client, request.redirectUri, request.state);
    if (client === undefined || target === undefined) {
      throw new OAuthError(
        'invalid_request',
        'The client or its redirect URI is no longer registered: send a new request with one that is.',
      );
    }
    return { client, target, request, pending };
  }

  /** The request as it waits from now on, if it did not wait yet. */
  function opened({ pending, request, target }: Visit): PendingRequest {
    try {
      return pending ?? waiting.open(request);
    } catch (error) {
      throw error instanceof OAuthError ? error.sentTo(target) : error;
    }
  }

  /** @throws OAuthError for the person: no answer would reach the client, not even an error */
  function assertRoomForCode(res: Response, target: RedirectTarget): void {
    if (fits(res, target.location({ code: randomToken() }, context.issuer))) return;
    throw new OAuthError(
      'invalid_request',
      `The redirect_uri and the state are too long to be sent back: with a code they may have ${MAX_LOCATION} bytes, percent-encoded.`,
    );
  }

  async function askToSignIn(
    visit: Visit,
    user: SignedIn | undefined,
    res: Response,
  ): Promise<void> {
    const pending = opened(visit);
    if (!people.areOurs && user !== undefined && pending.sentToLogin) {
      // The app around us sent the person back without a fresh sign-in; once is enough to ask.
      throw new OAuthError('login_required', 'The person did not sign in again.', {
        target: visit.target,
      });
    }
    redirect(res, people.loginUrl(waiting.sentToLogin(pending).handle, user && 'login'));
  }

  async function askConsent(
    visit: Visit,
    user: SignedIn,
    req: Request,
    res: Response,
    problem?: Key,
  ): Promise<void> {
    const { handle } = opened(visit);
    const { client, request } = visit;
    const [resource = ''] = consentedResources(request);
    const consent = await store.consents.find(user.id, client.id, resource);
    const t = wordsFor(res);
    const title = t('consent.title', { client: client.name });
    const choices = { cancel: t('common.cancel'), allow: t('consent.allow') };
    res.status(problem === undefined ? 200 : 400);
    render(res, 'consent', {
      // In the middle of a sign-in nothing leads away from it but its end.
      homeUrl: undefined,
      title: problem === undefined ? title : t('common.errorTitle', { title }),
      action: `${path}${PATHS.authorize}`,
      csrfToken: await csrfToken(req, handle, user.id),
      handle,
      client: { id: client.id, name: client.name, uri: client.uri },
      user: { name: user.name, username: user.username },
      scopes: inWords(request.scope, scopes, t),
      resources: request.resource,
      returnsTo: redirectHost(request.redirectUri),
      switchUrl: people.loginUrl(handle, 'login'),
      remembered: consent !== undefined,
      error: problem && t(problem, choices),
    });
  }

  /**
   * Sends the client its code, as long as what the person has allowed is remembered.
   *
   * @param remembered whether it was allowed before, were it by the same form
   */
  async function approve(
    visit: Visit,
    user: SignedIn,
    res: Response,
    { grant, remembered }: { readonly grant: Grant; readonly remembered: boolean },
  ): Promise<void> {
    const { client, request } = visit;
    let code: string;
    try {
      code = await library.issueCode({ ...request, client, grant }, (draft) =>
        issuing.saveCode(draft, client.id, grant, consentsTo(visit, user)),
      );
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'access_denied') {
        throw error.sentTo(visit.target);
      }
      throw error;
    }
    redirect(res, visit.target.location({ code }, context.issuer));
    events.emit('consent_allowed', {
      userId: user.id,
      clientId: client.id,
      scope: request.scope,
      remembered,
    });
  }

  /** Whether the person allowed this before, to a client that cannot be mistaken for another. */
  async function isRemembered({ client, request }: Visit, user: SignedIn): Promise<boolean> {
    if (request.prompt.includes('consent')) return false;
    const anyAppMayBeIt = isPublicClient(client) && canAnyAppClaim(request.redirectUri);
    if (anyAppMayBeIt) return false;
    for (const resource of consentedResources(request)) {
      const consent = await store.consents.find(user.id, client.id, resource);
      if (consent === undefined || !covers(consent.scope, request.scope)) return false;
    }
    return true;
  }
}

/** What a consent is kept for: what may be done at one resource need not be what may at another. */
function consentedResources({ resource }: AuthorizationRequest): readonly string[] {
  return resource.length > 0 ? resource : [''];
}

/** @throws OAuthError `access_denied`, for the client */
function grantTo({ client, request, target }: Visit, user: SignedIn): Grant {
  try {
    return newGrant(client.id, user.id, request, user.authTime);
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}

/** What is remembered once a person has allowed a request. */
function consentsTo({ client, request }: Visit, user: SignedIn): Consent[] {
  const { scope } = request;
  const common = { userId: user.id, clientId: client.id, scope, createdAt: Date.now() };
  return consentedResources(request).map((resource) => ({ ...common, resource }));
}

/** OpenID Connect Core section 3.1.2.1: whether the person's last sign-in is too old for this. */
function mustSignIn({ request, pending }: Visit, user: SignedIn): boolean {
  const asked = pending?.createdAt ?? Date.now();
  if (user.authTime === undefined) {
    const fresh = request.prompt.includes('login') || request.maxAge !== undefined;
    return fresh && pending?.sentToLogin !== true;
  }
  if (request.prompt.includes('login') && user.authTime < asked) return true;
  return request.maxAge !== undefined && user.authTime + request.maxAge * 1000 < asked;
}
