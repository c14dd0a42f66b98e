// Where an answer may be sent: the proof that a redirect URI was checked.

import type { Client } from '../types.ts';
import { isRegisteredRedirectUri } from './redirect-uri.ts';

/**
 * A redirect URI that was found to be the client's own, with the `state` that goes back to it.
 * There is no way to make one but by that check, so what takes a target cannot be an open redirect.
 */
export class RedirectTarget {
  readonly uri: string;
  readonly state: string | undefined;

  private constructor(uri: string, state: string | undefined) {
    this.uri = uri;
    this.state = state;
  }

  /** The target, or `undefined` if the URI is not registered for the client. */
  static of(client: Client, uri: string, state: string | undefined): RedirectTarget | undefined {
    return isRegisteredRedirectUri(client, uri) ? new RedirectTarget(uri, state) : undefined;
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

/**
 * The URL that takes a response to the client in its query. A query that the registered URI has is kept
 * as it stands.
 */
export function locationOf({ target: { uri }, parameters }: AuthorizationResponse): string {
  // %20 for a space, never +: some clients' URL classes do not read + as a space in a query.
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&';
  return `${uri}${joint}${query}`;
}
