// RFC 6749 section 6 with RFC 9700 section 4.14: the refresh token grant, with rotation.
//
// It replaces the library's, which burns the token before it has looked at the scope, narrows the
// next refresh token along with the access token, and does not notice a token that is used twice.

import OAuth2Server from '@node-oauth/oauth2-server';
import { OAuthError } from '../../errors.ts';
import { grantScope, remainingScope } from '../../protocol/scope.ts';
import type { Client } from '../../types.ts';
import type { Model } from '../model.ts';
import type { Token, TokenParams } from '../tokens.ts';

export class RefreshTokenGrant extends OAuth2Server.AbstractGrantType {
  declare model: Model;

  async handle(request: OAuth2Server.Request, known: OAuth2Server.Client): Promise<Token> {
    const client = known as Client;
    const params: TokenParams = request.body;
    const value = params['refresh_token'];
    if (value === undefined) {
      throw new OAuthError('invalid_request', 'The parameter refresh_token is missing.');
    }
    const found = await this.model.findRefreshToken(value);
    if (found === undefined || found.token.clientId !== client.id) {
      throw new OAuthError(
        'invalid_grant',
        'The refresh token is unknown, has expired or was revoked, or it was issued to another client.',
      );
    }
    return this.model.exchangeRefreshToken(
      { ...found.token, value },
      {
        accessTokenExpiresAt: this.getAccessTokenExpiresAt(),
        refreshTokenExpiresAt: this.getRefreshTokenExpiresAt(),
        scope: grantScope(params['scope'], remainingScope(found.token.scope, client.scope)),
        resource: this.model.validateResource(params.resource, client, found.grant.resource),
      },
      client,
      found.grant,
    );
  }
}
