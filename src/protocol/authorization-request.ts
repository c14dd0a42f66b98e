// RFC 6749 section 4.1.1 with RFC 7636, and OpenID Connect Core section 3.1.2.1: an authorization
// request, read and checked. Where its answer goes is read before (authorization-target.ts), because
// only then may an error be sent to the client.

import { OAuthError } from '../errors.ts';
import type { ClaimsRequest, Client } from '../types.ts';
import { readClaimsParameter } from './claims-parameter.ts';
import { isPublicClient } from './client.ts';
import { MAX_JWT } from './jwt.ts';
import { isCodeChallenge } from './pkce.ts';
import {
  isResponseMode,
  RESPONSE_MODES,
  type RedirectTarget,
  type ResponseMode,
} from './redirect-target.ts';
import { readResources } from './resource.ts';
import type { ReadScope } from './scope.ts';
import { shown } from './shown.ts';
import {
  assertDisplay,
  type Prompt,
  readAcrValues,
  readMaxAge,
  readPrompt,
} from './sign-in-parameters.ts';

/** What is read: the parameters of the request and what is wrong with any of them. */
export interface RequestParams {
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
  assertSound(...names: string[]): void;
}

/**
 * The parameters of an authorization request, each with its longest length in characters.
 * `claims_locales` changes nothing here, and is ignored as unknown ones are.
 */
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
  acr_values: 2048,
  login_hint: 256,
  ui_locales: 256,
  nonce: 1024,
  display: 256,
  id_token_hint: MAX_JWT,
  claims: 8192,
  // These are refused, so it is not their length that is wrong with them.
  request: Number.POSITIVE_INFINITY,
  request_uri: Number.POSITIVE_INFINITY,
  registration: Number.POSITIVE_INFINITY,
} as const;

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
  /** Whom the client expects; only fills in the login form. */
  readonly loginHint?: string | undefined;
  /** The languages the client wants the pages in, the best first. */
  readonly uiLocales?: string | undefined;
  /** How the answer is sent; in the query of the redirect URI if it is absent. */
  readonly responseMode?: Exclude<ResponseMode, 'query'> | undefined;
  /** The claims about the person that are asked for one by one. */
  readonly claims?: ClaimsRequest | undefined;
  /** The person has to be one whom the client knows by one of these, as `sub`. */
  readonly subjects?: readonly string[] | undefined;
  /** Whether the client has proved that it knows that person, by an ID token of theirs. */
  readonly isHinted?: true;
  /** The sign-in has to be by one of these, as `acr`. */
  readonly acr?: readonly string[] | undefined;
  /** The ID token has to say when that was. */
  readonly needsAuthTime?: true;
  /** It should be by one of these, the best first. */
  readonly acrValues?: readonly string[] | undefined;
}

/**
 * The rest of the request.
 *
 * @param readScope what the client may be allowed for the `scope` parameter (`scopeToAllow`)
 * @param resources what the client may ask tokens for; anything if it is absent
 * @throws OAuthError with the target: it is for the client
 */
export function readAuthorizationRequest(
  params: RequestParams,
  client: Client,
  target: RedirectTarget,
  readScope: ReadScope,
  resources: readonly string[] | undefined,
): AuthorizationRequest {
  try {
    params.assertSound();
    assertPlain(params);
    readResponseType(params, client, target);
    assertDisplay(params.get('display'));
    const scope = readScope(params.get('scope'), client);
    const { acrValues, ...asked } = readClaimsParameter(params.get('claims'), client.scope);
    const isOpenId = scope.includes('openid');
    return {
      clientId: client.id,
      redirectUri: target.uri,
      state: target.state,
      scope,
      resource: readResources(params.getAll('resource'), resources),
      codeChallenge: readCodeChallenge(params, client),
      prompt: readPrompt(params.get('prompt')),
      maxAge: readMaxAge(params.get('max_age')) ?? client.defaultMaxAge,
      acrValues: readAcrValues(params.get('acr_values'), isOpenId ? acrValues : []),
      loginHint: params.get('login_hint'),
      uiLocales: params.get('ui_locales'),
      ...(target.responseMode !== 'query' && { responseMode: target.responseMode }),
      // Without the scope it is not a request of OpenID Connect (section 3.1.2.1), and there is no ID token.
      ...(isOpenId && { nonce: params.get('nonce'), ...asked }),
    };
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}

const UNSUPPORTED = [
  ['request', 'send what is in it as parameters'],
  ['request_uri', 'send what is there as parameters'],
  ['registration', 'register the client beforehand, and leave this out'],
] as const;

/**
 * Sections 6 and 7.2.1: request objects and inline registration, which would replace parameters or a
 * registered client.
 */
function assertPlain(params: RequestParams): void {
  for (const [name, instead] of UNSUPPORTED) {
    if (params.get(name) === undefined) continue;
    const description = `The parameter ${name} is not supported: ${instead}.`;
    throw new OAuthError(`${name}_not_supported`, description);
  }
}

function readResponseType(params: RequestParams, client: Client, target: RedirectTarget): void {
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
  const responseMode = params.get('response_mode') ?? 'query';
  if (!isResponseMode(responseMode)) {
    throw new OAuthError(
      'invalid_request',
      `The response_mode ${shown(responseMode)} is none of: ${RESPONSE_MODES.join(', ')}.`,
    );
  }
  if (responseMode !== target.responseMode) {
    throw new OAuthError(
      'invalid_request',
      'The response_mode form_post needs a redirect URI that is http or https: send query.',
    );
  }
  if (!client.grants.includes('authorization_code')) {
    throw new OAuthError(
      'unauthorized_client',
      'This client is not registered for the grant type authorization_code.',
    );
  }
}

/** For whoever runs the server: the record is theirs. */
const WITHOUT_PKCE =
  'Switch PKCE on in the client: docs/troubleshooting.md, "PKCE is missing", has the switches. If it has none, put "require_pkce": false in its record.';

function readCodeChallenge(params: RequestParams, client: Client): string | undefined {
  const challenge = params.get('code_challenge');
  const method = params.get('code_challenge_method');
  if (challenge === undefined) {
    if (client.requirePkce || method !== undefined) {
      throw new OAuthError(
        'invalid_request',
        'The parameter code_challenge is missing: this server requires PKCE (RFC 7636). Send code_challenge and code_challenge_method=S256.',
        client.requirePkce && !isPublicClient(client) ? { remedy: WITHOUT_PKCE } : {},
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
