// RFC 7591 and OpenID Connect Dynamic Client Registration: clients register themselves.

import type { Request, Response } from 'express';
import { reportRefusals } from '../clients/report-refusals.ts';
import { hasRoomForRegistration } from '../clients/room.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError, tooManyAttempts } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { jsonHeaders } from '../http/headers.ts';
import { readJson } from '../http/json-body.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { Routes } from '../http/routes.ts';
import type { Settings } from '../option-defaults.ts';
import { createChallenge, readBearerToken } from '../protocol/bearer.ts';
import { registrationAnswer } from '../registry/registration-answers.ts';
import type { DecidedMetadata, KeptRegistrationTokens } from '../registry/registration-tokens.ts';
import type { SelfRegistration } from '../registry/self-registration.ts';
import type { RegistrationLimit } from './registration-limit.ts';

const HOUR = 3600;

export function register(
  { site, store, events }: Pick<Context, 'site' | 'store' | 'events'>,
  registration: SelfRegistration,
  tokens: KeptRegistrationTokens,
  limit: RegistrationLimit,
  { registration: mode }: Pick<Settings, 'registration'>,
): Endpoint {
  const { issuer } = site;
  const challenge = createChallenge({ realm: issuer, scope: [] });
  const routes = new Routes();

  routes
    .all(
      PATHS.register,
      jsonHeaders,
      cors('POST'),
      methods('POST'),
      async (req: Request, res: Response) => {
        const token = readToken(req);
        const decided = token === undefined ? undefined : await decidedBy(token);
        // Before the body is read, so refusing costs next to nothing.
        if (token === undefined) assertAllowed(req);
        const client = await registration.register(await readJson(req, res), decided, () =>
          token === undefined ? count(req) : use(token),
        );
        events.emit('client_registered', { clientId: client.client_id, address: addressOf(req) });
        res.statusCode = 201;
        sendJson(res, registrationAnswer(issuer, client));
      },
    )
    .onError(reportRefusals(events, PATHS.register));

  /** @throws OAuthError `invalid_request` if it is malformed, or in the URL */
  function readToken(req: Request): string | undefined {
    try {
      return readBearerToken(req);
    } catch (error) {
      throw error instanceof OAuthError ? challenge(error) : error;
    }
  }

  /** @throws OAuthError if there is no such token in force */
  async function decidedBy(token: string): Promise<DecidedMetadata> {
    const decided = await tokens.find(token);
    if (decided === undefined) throw unknownToken();
    return decided;
  }

  async function use(token: string): Promise<void> {
    if (!(await tokens.use(token))) throw unknownToken();
  }

  function unknownToken(): OAuthError {
    const problem =
      'The initial access token is unknown, has expired, or was used as often as it may be: ask for another one.';
    return challenge(new OAuthError('invalid_token', problem));
  }

  /** @throws OAuthError if only those with a token may register, or the address was refused a moment ago */
  function assertAllowed(req: Request): void {
    if (mode !== 'open') throw challenge();
    limit.assertNotRefused(req);
  }

  /** Counts a registration, by address and in total. @throws OAuthError if there may be no more */
  async function count(req: Request): Promise<void> {
    await limit.count(req);
    if (await hasRoomForRegistration(store)) return;
    events.emit('registration_limited', { address: addressOf(req) });
    throw tooManyAttempts(HOUR);
  }

  return { routes, metadata: { registration_endpoint: `${issuer}${PATHS.register}` } };
}
