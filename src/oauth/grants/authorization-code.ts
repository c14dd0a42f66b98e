// RFC 6749 section 4.1.3 with RFC 7636 section 4.6: the authorization code grant.
//
// It replaces the library's, which redeems the code before it has looked at the verifier and the
// redirect URI: a client's slip of the pen would cost the person a second sign-in, and anyone who
// has seen a code could burn it.

import OAuth2Server from '@node-oauth/oauth2-server';
import { OAuthError } from '../../errors.ts';
import { isCodeVerifier, verifierMatches } from '../../protocol/pkce.ts';
import { remainingScope } from '../../protocol/scope.ts';
import type { Client } from '../../types.ts';
import type { Model } from '../model.ts';
import type { Token, TokenParams } from '../tokens.ts';

export class AuthorizationCodeGrant extends OAuth2Server.AbstractGrantType {
  declare model: Model;

  async handle(request: OAuth2Server.Request, known: OAuth2Server.Client): Promise<Token> {
    const client = known as Client;
    const params: TokenParams = request.body;
    const value = params['code'];
    if (value === undefined) {
      throw new OAuthError('invalid_request', 'The parameter code is missing.');
    }
    const code = await this.model.getAuthorizationCode(value);
    if (code === undefined || code.client.id !== client.id) {
      throw new OAuthError(
        'invalid_grant',
        'The authorization code is unknown or has expired, or it was issued to another client.',
      );
    }
    verifyRedirectUri(params['redirect_uri'], code, client);
    verifyCodeVerifier(params['code_verifier'], code.codeChallenge);

    return this.model.exchangeAuthorizationCode(
      value,
      {
        accessTokenExpiresAt: this.getAccessTokenExpiresAt(),
        refreshToken: await this.model.generateRefreshToken(client),
        refreshTokenExpiresAt: this.getRefreshTokenExpiresAt(),
        scope: remainingScope(code.scope, client.scope),
        resource: this.model.validateResource(params.resource, client, code.user.resource),
      },
      client,
      code.user,
    );
  }
}

/**
 * RFC 6749 section 4.1.3 wants the redirect URI again to keep a code from being slipped into
 * another session. PKCE does that better, and OAuth 2.1 clients leave the parameter out.
 */
function verifyRedirectUri(
  presented: string | undefined,
  code: { redirectUri: string; codeChallenge?: string },
  client: Client,
): void {
  if (presented === undefined) {
    if (code.codeChallenge !== undefined || client.redirectUris.length === 1) return;
    throw new OAuthError(
      'invalid_grant',
      'The parameter redirect_uri is missing: send the one of the authorization request.',
    );
  }
  if (presented !== code.redirectUri) {
    throw new OAuthError(
      'invalid_grant',
      'The redirect_uri is not the one of the authorization request.',
    );
  }
}

function verifyCodeVerifier(verifier: string | undefined, challenge: string | undefined): void {
  if (challenge === undefined) {
    if (verifier === undefined) return;
    throw new OAuthError(
      'invalid_grant',
      'There is a code_verifier, but the authorization request had no code_challenge.',
    );
  }
  if (verifier === undefined) {
    throw new OAuthError(
      'invalid_grant',
      'The parameter code_verifier is missing: the authorization request had a code_challenge.',
    );
  }
  if (!isCodeVerifier(verifier)) {
    throw new OAuthError(
      'invalid_grant',
      'The code_verifier is not 43 to 128 letters, digits and -._~ (RFC 7636 section 4.1).',
    );
  }
  if (!verifierMatches(verifier, challenge)) {
    throw new OAuthError(
      'invalid_grant',
      'The code_verifier is not the one the code_challenge was made from.',
    );
  }
}
