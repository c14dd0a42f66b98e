// RFC 8628 section 3.4: the device authorization grant. A device asks again and again, and nothing is
// written until a person has decided.

import { OAuthError } from '../../errors.ts';
import { lookedUpOnce } from '../../http/ahead.ts';
import type { Params } from '../../http/params.ts';
import { remainingScope } from '../../protocol/scope.ts';
import { DEVICE_CODE, hasExpired } from '../device-codes.ts';
import type { GrantParts, GrantType } from '../grant-type.ts';
import { PollPace } from '../poll-pace.ts';

export function deviceCode({ issuing }: GrantParts): GrantType {
  const pace = new PollPace();
  const find = lookedUpOnce((params: Params) =>
    issuing.deviceCodes.find(params.get('device_code') ?? ''),
  );
  return {
    parameters: { device_code: 256, resource: 2048 },
    ahead(params) {
      if (params.get('device_code') !== undefined) void find(params);
    },
    async handle({ client, params }) {
      if (params.get('device_code') === undefined) {
        throw new OAuthError('invalid_request', 'The parameter device_code is missing.');
      }
      const found = await find(params);
      if (found === undefined || found.request.clientId !== client.id) {
        throw new OAuthError(
          'invalid_grant',
          'The device code is unknown or was used, or it was issued to another client.',
        );
      }
      const { request, ticket } = found;
      if (request.decision === 'deny') {
        throw new OAuthError('access_denied', 'The person did not allow the access.', {
          status: 400,
        });
      }
      if (hasExpired(request)) {
        throw new OAuthError('expired_token', 'The device code has expired: ask for a new one.');
      }
      const { grant } = request;
      if (grant === undefined) throw notYet(pace.isTooFast(request.id, Date.now()));
      pace.forget(request.id);
      const scope = remainingScope(grant.scope, client.scope);
      const resource = issuing.resourcesFor(params.getAll('resource'), client, grant.resource);
      const wanted = { scope, resource, grantType: DEVICE_CODE };
      return issuing.issueFirst(wanted, client, grant, ticket);
    },
  };
}

function notYet(isTooFast: boolean): OAuthError {
  return isTooFast
    ? new OAuthError('slow_down', 'Ask less often: wait five seconds longer than before.')
    : new OAuthError('authorization_pending', 'The person has not decided yet: ask again later.');
}
