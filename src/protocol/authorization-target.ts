// RFC 6749 section 3.1.2: where the answer to an authorization request goes. Until that is known to be
// the client's, what is wrong is for the person in front of the browser.

import { OAuthError } from '../errors.ts';
import type { Client } from '../types.ts';
import type { RequestParams } from './authorization-request.ts';
import { isResponseMode, RedirectTarget, type ResponseMode } from './redirect-target.ts';
import { readAnswerHints } from './request-object.ts';
import { parseScope } from './scope.ts';

/**
 * Where the answer goes, and how.
 *
 * @param client the one that `client_id` names, as far as it is known
 * @throws OAuthError without a target: it is for the person in front of the browser
 */
export function readTarget(params: RequestParams, client: Client | undefined): RedirectTarget {
  params.assertSound('client_id', 'redirect_uri', 'state');
  const clientId = params.get('client_id');
  if (clientId === undefined) {
    throw new OAuthError(
      'invalid_request',
      'The parameter client_id is missing: send the one that the client is registered with.',
    );
  }
  if (client === undefined) {
    throw new OAuthError(
      'invalid_client',
      'No client is registered with this client_id: correct it, or have the client registered.',
      { status: 400, person: 'unknownClient', sent: { client_id: clientId } },
    );
  }
  const uri = readRedirectUri(params, client);
  const hints = readAnswerHints(params.get('request'));
  const state = params.get('state') ?? hints.state;
  const asksFor = params.get('response_mode') ?? hints.responseMode;
  const mode = isResponseMode(asksFor) ? asksFor : usualMode(params.get('response_type'));
  const target = RedirectTarget.of(client, uri, state, mode);
  if (target === undefined) {
    throw new OAuthError(
      'invalid_request',
      'The redirect_uri is not one of those registered for this client, compared character by character: send one of those, or have this one registered.',
      {
        person: 'redirectUri',
        sent: { client_id: client.id, redirect_uri: uri },
        registered: client.redirectUris,
      },
    );
  }
  return target;
}

/**
 * The redirect URI that a request names, or the only one that its client has.
 *
 * @throws OAuthError without a target
 */
function readRedirectUri(params: RequestParams, { redirectUris: registered }: Client): string {
  const asked = params.get('redirect_uri');
  if (asked === undefined && registered.length !== 1) {
    throw new OAuthError(
      'invalid_request',
      registered.length === 0
        ? 'This client has no redirect URI registered, so nobody can sign in to it: have one registered.'
        : 'The parameter redirect_uri is missing, and the client has several registered: send one of them.',
      { registered },
    );
  }
  if (asked === undefined && parseScope(params.get('scope') ?? '').includes('openid')) {
    throw new OAuthError(
      'invalid_request',
      'The parameter redirect_uri is missing: a request with the scope openid has to have it (OpenID Connect Core section 3.1.2.1).',
      { registered },
    );
  }
  return asked ?? registered[0]!;
}

/**
 * The response mode of a request that names none. What has a token in it comes in the fragment, and so does
 * the refusal (OpenID Connect Core sections 3.2.2.6 and 3.3.2.6).
 */
function usualMode(responseType = ''): ResponseMode {
  const words = responseType.split(' ');
  return words.includes('token') || words.includes('id_token') ? 'fragment' : 'query';
}
