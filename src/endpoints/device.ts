// RFC 8628 section 3.3: the page where a person lets a device in. They sign in, type or confirm the
// code, see who asks, and decide. Only the session that was shown a request may decide it.

import type { Request, Response } from 'express';
import { askBeforeConsent, type BeforeConsent } from '../authorization/before-consent.ts';
import { userCodeGuesses } from '../authorization/user-code-guesses.ts';
import type { Context, Endpoint } from '../context.ts';
import { secondsUntil } from '../errors.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, type Params, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf, type Limits } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { withQuery } from '../http/with-query.ts';
import { canCollect, type DeviceRequest } from '../oauth/device-codes.ts';
import { beginForm, type FormProblem, tooManyTries } from '../pages/form-problem.ts';
import { wordsFor } from '../pages/language.ts';
import { describeScopes } from '../pages/scopes.ts';
import { shownClient } from '../pages/shown-client.ts';
import { claimNames } from '../protocol/shared-claims.ts';
import { EXAMPLE, readUserCode, shownUserCode } from '../protocol/user-code.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Client } from '../types.ts';

const QUERY_PARAMS = { user_code: 256 };
const FORM_PARAMS = { user_code: 256, csrf_token: 256, request: 256, decision: 256 };

const MISSING: FormProblem = { status: 400, text: (t) => t('device.missing') };
const MALFORMED: FormProblem = {
  status: 400,
  text: (t) => t('device.malformed', { example: EXAMPLE }),
};
const UNKNOWN: FormProblem = { status: 400, text: (t) => t('device.unknown') };
const OUT_OF_DATE: FormProblem = { status: 403, text: (t) => t('device.outOfDate') };

/** A person at the page, and the code that they typed. */
interface Visit {
  readonly req: Request;
  readonly res: Response;
  readonly user: SignedIn;
  /** As it was typed, or in the URL. */
  readonly typed: string | undefined;
}

export function device(
  context: Pick<Context, 'site' | 'store' | 'events' | 'oauth' | 'pages' | 'people'>,
  limits: Limits,
  beforeConsent?: BeforeConsent,
): Endpoint {
  const { site, store, events, oauth, pages, people } = context;
  const { deviceCodes } = oauth.issuing;
  const countGuess = userCodeGuesses(store, limits);
  const routes = new Routes();

  routes
    .route(PATHS.device)
    .all(pages.browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const typed = queryParams(req, QUERY_PARAMS).get('user_code');
      const user = await people.current(req);
      if (user === undefined) return toLogin(res, typed);
      return askCode({ req, res, user, typed });
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      const typed = params.get('user_code');
      const user = await people.current(req);
      if (user === undefined) return toLogin(res, typed);
      const visit = { req, res, user, typed };
      const id = params.get('request');
      return id === undefined ? look(visit, params) : decide(visit, params, id);
    });

  return { routes };

  function toLogin(res: Response, typed: string | undefined): void {
    redirect(res, people.deviceLoginUrl(readUserCode(typed ?? '')));
  }

  /** Looks at the code that a person has typed, or confirmed. */
  async function look(visit: Visit, params: Params): Promise<void> {
    const { req, res, user, typed } = visit;
    if (!isOwnForm(req, params, ...codeForm(user))) return askCode(visit, OUT_OF_DATE);
    if (typed === undefined) return askCode(visit, MISSING);
    const userCode = readUserCode(typed);
    // It could not be right, so it tells nobody anything.
    if (userCode === undefined) return askCode(visit, MALFORMED);
    const address = addressOf(req);
    const counted = await countGuess(req, user.id);
    if ('resetAt' in counted) {
      events.emit('device_limited', { userId: user.id, address });
      return askCode(visit, tooManyTries('device.tooMany', secondsUntil(counted.resetAt)));
    }
    const { request, client } = await lookUp(userCode);
    if (request === undefined || client === undefined) {
      events.emit('user_code_refused', { userId: user.id, address });
      return askCode(visit, UNKNOWN);
    }
    await counted.giveBack();
    const place = await findPlace(visit, request, client);
    if (place !== undefined) return toApp(res, place, userCode);
    return askDecision(visit, userCode, request, client);
  }

  /**
   * Takes a decision.
   *
   * @param id of the request that the form was shown for
   */
  async function decide(visit: Visit, params: Params, id: string): Promise<void> {
    const { req, res, user, typed = '' } = visit;
    // Whoever has this form was shown the code, and learns nothing new by sending it.
    if (!isOwnForm(req, params, ...decisionForm(user, id))) return askCode(visit, OUT_OF_DATE);
    const userCode = readUserCode(typed) ?? '';
    const decision = params.get('decision');
    if (decision !== 'allow' && decision !== 'deny') {
      const { request, client } = await lookUp(userCode, id);
      if (request === undefined || client === undefined) return showEnd(res, 'over');
      return askDecision(visit, userCode, request, client, true);
    }
    if (decision === 'allow') {
      // Checked again: things may have changed since the form was shown.
      const { request, client } = await lookUp(userCode, id);
      if (request !== undefined && client === undefined) return showEnd(res, 'over');
      const place = request && client && (await findPlace(visit, request, client));
      if (place !== undefined) return toApp(res, place, userCode);
    }
    const decided = await deviceCodes.decide(userCode, id, user, decision);
    if (decided.outcome === 'over') return showEnd(res, 'over');
    const { clientId, scope } = decided.request;
    if (decided.outcome === 'decided' && decision === 'allow') {
      events.emit('device_allowed', { userId: user.id, clientId, scope });
    } else if (decided.outcome === 'decided') {
      events.emit('device_denied', { userId: user.id, clientId });
    }
    const client = await store.clients.find(clientId);
    return showEnd(res, decision === 'allow' ? 'allowed' : 'denied', client?.name ?? clientId);
  }

  /**
   * The request that waits under a code, and its client if an approval would still give it tokens.
   *
   * @param id of the request, if it is known: with the form of one, codes of others cannot be guessed
   */
  async function lookUp(
    userCode: string,
    id?: string,
  ): Promise<{ request?: DeviceRequest; client?: Client }> {
    const request = await deviceCodes.findPending(userCode);
    if (request === undefined || (id !== undefined && request.id !== id)) return {};
    const client = await store.clients.find(request.clientId);
    return client !== undefined && canCollect(client, request) ? { request, client } : { request };
  }

  /** Where in the app around us the person has to go first. */
  async function findPlace({ req, user }: Visit, request: DeviceRequest, client: Client) {
    if (beforeConsent === undefined) return undefined;
    const { clientId, scope, resource } = request;
    const asked = { clientId, scope, resource };
    return askBeforeConsent(beforeConsent, req, { user, client, request: asked });
  }

  /** To a page of the app, and back to the code, which the person then confirms once more. */
  function toApp(res: Response, place: string, userCode: string): void {
    const back = withQuery(`${site.path}${PATHS.device}`, { user_code: shownUserCode(userCode) });
    redirect(res, withQuery(place, { return_to: back }));
  }

  async function askCode({ req, res, user, typed }: Visit, problem?: FormProblem): Promise<void> {
    const t = wordsFor(res);
    const userCode = readUserCode(typed ?? '');
    pages.render(res, 'device', {
      homeUrl: undefined,
      title: beginForm(res, t, t('device.title'), problem),
      csrfToken: await csrfToken(req, ...codeForm(user)),
      user: { name: user.name, username: user.username },
      switchUrl: people.deviceLoginUrl(userCode, 'login'),
      userCode: userCode === undefined ? (typed ?? '') : shownUserCode(userCode),
      isFromDevice: problem === undefined && userCode !== undefined,
      example: EXAMPLE,
      error: problem?.text(t),
    });
  }

  /** @param again whether the form came without a decision */
  async function askDecision(
    { req, res, user }: Visit,
    userCode: string,
    { id, scope, resource, address, createdAt }: DeviceRequest,
    client: Client,
    again = false,
  ): Promise<void> {
    const t = wordsFor(res);
    const title = t('device.review.title', { client: client.name });
    const choices = { cancel: t('common.cancel'), allow: t('consent.allow') };
    const known = await oauth.personClaims.known(user, claimNames({ scope }));
    res.statusCode = again ? 400 : 200;
    pages.render(res, 'device-consent', {
      homeUrl: undefined,
      title: again ? t('common.errorTitle', { title }) : title,
      csrfToken: await csrfToken(req, ...decisionForm(user, id)),
      request: id,
      userCode: shownUserCode(userCode),
      client: shownClient(client, site),
      user: { name: user.name, username: user.username },
      switchUrl: people.deviceLoginUrl(userCode, 'login'),
      scopes: describeScopes({ scope }, pages.scopes, t, known),
      resources: resource,
      askedAt: createdAt,
      address,
      isSameAddress: address === addressOf(req),
      error: again ? t('consent.choose', choices) : undefined,
    });
  }

  function showEnd(res: Response, end: 'allowed' | 'denied' | 'over', clientName = ''): void {
    const title = wordsFor(res)(`device.${end}.title`);
    pages.render(res, 'device-done', { title, end, clientName });
  }
}

/** What the form for the code is bound to, and the one for the decision, besides the session. */
const codeForm = (user: SignedIn) => ['user code', user.id];
const decisionForm = (user: SignedIn, id: string) => ['device', user.id, id];
