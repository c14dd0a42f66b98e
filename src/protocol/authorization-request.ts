// RFC 6749 section 4.1.1 with RFC 7636: an authorization request, read and checked.
//
// It is read in two steps, because an error may be sent to the client only once the redirect URI is
// known to be the client's. `readTarget` fails with errors for the person, `readAuthorizationRequest`
// with errors that carry the target.

import { OAuthError } from '../errors.ts';
import type { Client } from '../types.ts';
import { isCodeChallenge } from './pkce.ts';
import { RedirectTarget } from './redirect-target.ts';
import { readResources } from './resource.ts';
import { grantScope } from './scope.ts';

/** What is read: the parameters of the request and what is wrong with any of them. */
export interface RequestParams {
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
  assertSound(...names: string[]): void;
}

/** The parameters of an authorization request, each with its longest length in characters. */
export const AUTHORIZATION_PARAMS = {
  client_id: 256,
  redirect_uri: 2048,
  response_type: 256,
  response_mode: 256,
  scope: 2048,
  resource: 2048,
  state: 2048,
  code_challenge: 128,
  code_challenge_method: 256,
  prompt: 256,
  max_age: 256,
  login_hint: 256,
  ui_locales: 256,
  nonce: 1024,
} as const;

/** OpenID Connect Core section 3.1.2.1. */
export type Prompt = 'none' | 'login' | 'consent';

/** A valid authorization request; plain data, so that it can be sealed while it waits. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string | undefined;
  readonly scope: readonly string[];
  /** RFC 8707: the resources the client wants tokens for. */
  readonly resource: readonly string[];
  readonly codeChallenge?: string | undefined;
  /** What the ID token says again. */
  readonly nonce?: string | undefined;
  readonly prompt: readonly Prompt[];
  /** Seconds that may have passed since the person signed in. */
  readonly maxAge?: number | undefined;
  /** Whom the client expects: fills in the login form, no more. */
  readonly loginHint?: string | undefined;
  /** The languages the client wants the pages in, the best first. */
  readonly uiLocales?: string | undefined;
}

/**
 * Where the answer goes.
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
  const asked = params.get('redirect_uri');
  const registered = client.redirectUris;
  if (asked === undefined && registered.length !== 1) {
    throw new OAuthError(
      'invalid_request',
      registered.length === 0
        ? 'This client has no redirect URI registered, so nobody can sign in to it: have one registered.'
        : 'The parameter redirect_uri is missing, and the client has several registered: send one of them.',
      { registered },
    );
  }
  const uri = asked ?? registered[0]!;
  const target = RedirectTarget.of(client, uri, params.get('state'));
  if (target === undefined) {
    throw new OAuthError(
      'invalid_request',
      'The redirect_uri is not one of those registered for this client, compared character by character: send one of those, or have this one registered.',
      { person: 'redirectUri', sent: { redirect_uri: uri }, registered },
    );
  }
  return target;
}

/**
 * The rest of the request.
 *
 * @param resources what the client may ask tokens for; anything if it is absent
 * @throws OAuthError with the target: it is for the client
 */
export function readAuthorizationRequest(
  params: RequestParams,
  client: Client,
  target: RedirectTarget,
  resources: readonly string[] | undefined,
): AuthorizationRequest {
  try {
    params.assertSound();
    readResponseType(params, client);
    return {
      clientId: client.id,
      redirectUri: target.uri,
      state: target.state,
      scope: grantScope(params.get('scope'), client.scope),
      resource: readResources(params.getAll('resource'), resources),
      codeChallenge: readCodeChallenge(params, client),
      nonce: params.get('nonce'),
      prompt: readPrompt(params),
      maxAge: readMaxAge(params),
      loginHint: params.get('login_hint')?.slice(0, 256),
      uiLocales: params.get('ui_locales'),
    };
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}

function readResponseType(params: RequestParams, client: Client): void {
  if (params.get('request') !== undefined) {
    throw new OAuthError('request_not_supported', 'The parameter request is not supported.');
  }
  if (params.get('request_uri') !== undefined) {
    throw new OAuthError(
      'request_uri_not_supported',
      'The parameter request_uri is not supported.',
    );
  }
  const responseType = params.get('response_type');
  if (responseType === undefined) {
    throw new OAuthError('invalid_request', 'The parameter response_type is missing: send code.');
  }
  if (responseType !== 'code') {
    throw new OAuthError(
      'unsupported_response_type',
      'The only response_type here is code: send response_type=code.',
    );
  }
  if ((params.get('response_mode') ?? 'query') !== 'query') {
    throw new OAuthError('invalid_request', 'The only response_mode here is query.');
  }
  if (!client.grants.includes('authorization_code')) {
    throw new OAuthError(
      'unauthorized_client',
      'This client is not registered for the grant type authorization_code.',
    );
  }
}

function readCodeChallenge(params: RequestParams, client: Client): string | undefined {
  const challenge = params.get('code_challenge');
  const method = params.get('code_challenge_method');
  if (challenge === undefined) {
    if (client.requirePkce || method !== undefined) {
      throw new OAuthError(
        'invalid_request',
        'The parameter code_challenge is missing: this server requires PKCE (RFC 7636). Send code_challenge and code_challenge_method=S256.',
      );
    }
    return undefined;
  }
  if (method !== 'S256') {
    throw new OAuthError(
      'invalid_request',
      'The only code_challenge_method here is S256, and without the parameter it would be plain.',
    );
  }
  if (!isCodeChallenge(challenge)) {
    throw new OAuthError(
      'invalid_request',
      'The code_challenge is not a SHA-256 in base64url: it has 43 characters, without padding.',
    );
  }
  return challenge;
}

function readPrompt(params: RequestParams): Prompt[] {
  const words = new Set(params.get('prompt')?.split(' ').filter(Boolean) ?? []);
  if (words.has('none') && words.size > 1) {
    throw new OAuthError('invalid_request', 'The prompt none cannot be combined with another.');
  }
  return [...words].map((word) => {
    // Choosing another account is done at the login page.
    if (word === 'select_account') return 'login';
    if (word === 'none' || word === 'login' || word === 'consent') return word;
    throw new OAuthError(
      'invalid_request',
      'The prompt is none of: none, login, consent, select_account.',
    );
  });
}

function readMaxAge(params: RequestParams): number | undefined {
  const value = params.get('max_age');
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value)) {
    throw new OAuthError(
      'invalid_request',
      'The max_age is not a whole number of seconds from 0 to 9999999999.',
    );
  }
  return Number(value);
}
