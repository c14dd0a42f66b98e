// RFC 6749 section 4.1.3 with RFC 7636 section 4.6: the authorization code grant.
//
// The code is redeemed last, after the verifier and the redirect URI have been checked. The library's
// own grant type redeems it first: a mistake of the client would cost the person a second sign-in, and
// anyone who has seen a code could use it up.

import { OAuthError } from '../../errors.ts';
import { lookedUpOnce } from '../../http/ahead.ts';
import type { Params } from '../../http/params.ts';
import type { AuthorizationCode } from '../../issued.ts';
import { isCodeVerifier, verifierMatches } from '../../protocol/pkce.ts';
import { remainingScope } from '../../protocol/scope.ts';
import type { Client } from '../../types.ts';
import type { GrantParts, GrantType } from '../grant-type.ts';

export function authorizationCode({ issuing }: GrantParts): GrantType {
  const find = lookedUpOnce((params: Params) => issuing.codes.find(params.get('code') ?? ''));
  return {
    parameters: { code: 256, redirect_uri: 2048, code_verifier: 128, resource: 2048 },
    ahead(params) {
      if (params.get('code') !== undefined) void find(params);
    },
    async handle({ client, params }) {
      const value = params.get('code');
      if (value === undefined) {
        throw new OAuthError('invalid_request', 'The parameter code is missing.');
      }
      const found = await find(params);
      if (found === undefined || found.code.clientId !== client.id) {
        throw new OAuthError(
          'invalid_grant',
          'The authorization code is unknown or has expired, or it was issued to another client.',
        );
      }
      const { code, grant } = found;
      verifyRedirectUri(params.get('redirect_uri'), code, client);
      verifyCodeVerifier(params.get('code_verifier'), code.codeChallenge);
      const scope = remainingScope(code.scope, client.scope);
      const resource = issuing.resourcesFor(params.getAll('resource'), client, grant.resource);
      const wanted = { scope, resource, grantType: 'authorization_code', nonce: code.nonce };
      return issuing.codes.redeem(found, wanted, client);
    },
  };
}

/**
 * RFC 6749 section 4.1.3 wants the redirect URI again to keep a code from being slipped into
 * another session. PKCE does that better, and OAuth 2.1 clients leave the parameter out. Without PKCE, it may
 * be left out only if the code went to the one URI that is registered: another port is another program.
 */
function verifyRedirectUri(
  presented: string | undefined,
  code: AuthorizationCode,
  client: Client,
): void {
  if (presented === undefined) {
    const [registered, ...more] = client.redirectUris;
    const wentThere = more.length === 0 && code.redirectUri === registered;
    if (code.codeChallenge !== undefined || wentThere) return;
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
      'The code_verifier is not 43 to 128 letters, digits and -._~+/= (RFC 7636 section 4.1).',
    );
  }
  if (!verifierMatches(verifier, challenge)) {
    throw new OAuthError(
      'invalid_grant',
      'The code_verifier is not the one the code_challenge was made from.',
    );
  }
}
