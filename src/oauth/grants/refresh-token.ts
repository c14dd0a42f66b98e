// RFC 6749 section 6 with RFC 9700 section 4.14: the refresh token grant, with rotation.
//
// The token is rotated last, after the scope has been checked, and a narrower scope is for one access
// token only. The library's own grant type rotates first, keeps the narrower scope, and does not notice
// a token that is used twice.

import { OAuthError } from '../../errors.ts';
import { lookedUpOnce } from '../../http/ahead.ts';
import type { Params } from '../../http/params.ts';
import { BY_GRANT, formatScope, grantScope, remainingScope } from '../../protocol/scope.ts';
import type { GrantParts, GrantType } from '../grant-type.ts';

export function refreshToken({ issuing, readScope }: GrantParts): GrantType {
  const find = lookedUpOnce((params: Params) =>
    issuing.refreshTokens.find(params.get('refresh_token') ?? ''),
  );
  return {
    parameters: { refresh_token: 256, scope: 2048, resource: 2048 },
    ahead(params) {
      if (params.get('refresh_token') !== undefined) void find(params);
    },
    async handle({ client, params }) {
      const value = params.get('refresh_token');
      if (value === undefined) {
        throw new OAuthError('invalid_request', 'The parameter refresh_token is missing.');
      }
      const found = await find(params);
      if (found === undefined || found.token.clientId !== client.id) {
        throw new OAuthError(
          'invalid_grant',
          'The refresh token is unknown, has expired or was revoked, or it was issued to another client.',
        );
      }
      const { token, grant } = found;
      const remaining = remainingScope(token.scope, client.scope);
      const asked = params.get('scope');
      // Clients send the scope again that they asked the person for: what was ignored then is ignored now.
      const scope =
        asked === undefined
          ? remaining
          : grantScope(formatScope(readScope(asked, client)), remaining, remaining, BY_GRANT);
      const resource = issuing.resourcesFor(params.getAll('resource'), client, grant.resource);
      const wanted = { scope, resource, grantType: 'refresh_token' };
      return issuing.refreshTokens.exchange(value, found, wanted, client);
    },
  };
}
