// Where an answer may be sent: the proof that a redirect URI was checked.

import type { Client } from '../types.ts';
import { isVouchedFor } from './client.ts';
import { isRegisteredRedirectUri } from './redirect-uri.ts';
import { isReadAlike, isWeb } from './web-url.ts';

/**
 * How a response reaches the client: in the query of the redirect URI, in its fragment (OAuth 2.0 Multiple
 * Response Type Encoding Practices, section 2.1), or posted to it by a form.
 */
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

export function isResponseMode(value: string | undefined): value is ResponseMode {
  return (RESPONSE_MODES as readonly (string | undefined)[]).includes(value);
}

/**
 * A redirect URI that was found to be the client's own, with the `state` that goes back to it.
 * There is no way to make one but by that check, so what takes a target cannot be an open redirect.
 */
export class RedirectTarget {
  readonly uri: string;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
  readonly clientId: string;
  /**
   * Whether a person may be sent there without having seen where to: somebody here vouches for the client, or
   * the person has decided for it. Otherwise anybody may have registered the URI.
   */
  readonly isTrusted: boolean;

  private constructor(
    uri: string,
    state: string | undefined,
    responseMode: ResponseMode,
    clientId: string,
    isTrusted: boolean,
  ) {
    this.uri = uri;
    this.state = state;
    this.responseMode = responseMode;
    this.clientId = clientId;
    this.isTrusted = isTrusted;
  }

  /**
   * The target, or `undefined` if the URI is not registered for the client. Nor may it lead from a page of ours
   * to another place than it names. No such URI can be registered. It would be in `Location`, in a form and in a
   * link, so it is looked at here, too.
   *
   * @param responseMode that the client asks for; `query` in its place if no form can be posted to the URI
   */
  static of(
    client: Client,
    uri: string,
    state: string | undefined,
    responseMode: ResponseMode = 'query',
  ): RedirectTarget | undefined {
    if (!isRegisteredRedirectUri(client, uri) || !isReadAlike(uri)) return undefined;
    // What opens an app on the device is given a URL, and no body.
    const mode = responseMode === 'form_post' && !isWeb(uri) ? 'query' : responseMode;
    return new RedirectTarget(uri, state, mode, client.id, isVouchedFor(client));
  }

  /** The same target for a person who has decided for the client. */
  trusted(): RedirectTarget {
    return new RedirectTarget(this.uri, this.state, this.responseMode, this.clientId, true);
  }

  /** An authorization response: RFC 6749 sections 4.1.2 and 4.1.2.1 with the `iss` of RFC 9207. */
  response(answer: Readonly<Record<string, string>>, issuer: string): AuthorizationResponse {
    const state = this.state !== undefined && { state: this.state };
    return { target: this, parameters: { ...answer, ...state, iss: issuer } };
  }
}

/** What a client is told through the browser, however that is sent. */
export interface AuthorizationResponse {
  readonly target: RedirectTarget;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The URL that takes a response to the client in its query, or in its fragment. */
export function locationOf({ target, parameters }: AuthorizationResponse): string {
  const { uri, responseMode } = target;
  // No registered URI has a fragment of its own (`uriProblem`).
  return responseMode === 'fragment'
    ? `${uri}#${encoded(parameters)}`
    : withAnswer(uri, parameters);
}

/** A registered URI with an answer in its query. A query that it has is kept as it stands. */
export function withAnswer(uri: string, parameters: Readonly<Record<string, string>>): string {
  const query = encoded(parameters);
  if (query === '') return uri;
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&';
  return `${uri}${joint}${query}`;
}

/** Parameters as they stand in a URL. */
function encoded(parameters: Readonly<Record<string, string>>): string {
  // %20 for a space, never +: some clients' URL classes do not read + as a space in a query.
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
