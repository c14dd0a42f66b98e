// RFC 8628 section 3.1: the device authorization endpoint.

import type { Request, Response } from 'express';
import { callerOf } from '../clients/caller.ts';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError, secondsUntil, tooManyAttempts } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf, addressQuotas, countAttempt, type Limits } from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import { Routes } from '../http/routes.ts';
import { withQuery } from '../http/with-query.ts';
import { DEVICE_CODE, DEVICE_CODE_TTL } from '../oauth/device-codes.ts';
import { INTERVAL } from '../oauth/poll-pace.ts';
import { isPublicClient, isSelfMade } from '../protocol/client.ts';
import { readResources } from '../protocol/resource.ts';
import { shownUserCode } from '../protocol/user-code.ts';

export function deviceAuthorization(
  {
    site,
    store,
    clients,
    oauth,
    events,
  }: Pick<Context, 'site' | 'store' | 'clients' | 'oauth' | 'events'>,
  limits: Limits,
): Endpoint {
  const { authenticateClient, issuing } = oauth;
  const counting = { store, limits, refusals: new Refusals() };
  const routes = new Routes();

  routes
    .all(
      PATHS.deviceAuthorization,
      jsonHeaders,
      cors('POST'),
      methods('POST'),
      form,
      authenticateClient({ scope: 2048, resource: 2048 }, { find: clients.find }),
      async (req: Request, res: Response) => {
        const { client, params } = callerOf(res)!;
        if (!client.grants.includes(DEVICE_CODE)) {
          throw new OAuthError(
            'unauthorized_client',
            `This client is not registered for the grant type ${DEVICE_CODE}.`,
          );
        }
        const scope = oauth.readScope(params.get('scope'), client);
        const resource = readResources(params.getAll('resource'), oauth.resourcesOf(client));
        // Anybody can claim to be a public client, or publish a document, and each request is a record
        // that is kept for a while.
        if (isPublicClient(client) || isSelfMade(client)) await countRequest(req);
        await clients.keep(client, false);
        const address = addressOf(req);
        const { deviceCode, userCode } = await issuing.deviceCodes.open(
          { scope, resource },
          client,
          address,
        );
        events.emit('device_code_issued', { clientId: client.id, address, scope });
        const uri = `${site.issuer}${PATHS.device}`;
        const shown = shownUserCode(userCode);
        sendJson(res, {
          device_code: deviceCode,
          user_code: shown,
          verification_uri: uri,
          verification_uri_complete: withQuery(uri, { user_code: shown }),
          expires_in: DEVICE_CODE_TTL,
          interval: INTERVAL,
        });
      },
    )
    .onError(reportRefusals(events, PATHS.deviceAuthorization));

  /** By address alone: if the requests of a client were counted, one stranger could use them up. */
  async function countRequest(req: Request): Promise<void> {
    const quotas = addressQuotas('device code', addressOf(req), limits.loginsPerAddress);
    const counted = await countAttempt(counting, quotas);
    if ('resetAt' in counted) throw tooManyAttempts(secondsUntil(counted.resetAt));
  }

  return {
    routes,
    metadata: { device_authorization_endpoint: `${site.issuer}${PATHS.deviceAuthorization}` },
  };
}
