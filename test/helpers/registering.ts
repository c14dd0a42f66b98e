// Clients of strangers, as they register themselves and manage that (RFC 7591, RFC 7592).

import { type Answer, http } from './http.ts';

/** What a web app sends. */
export const APP = {
  client_name: 'Some App',
  redirect_uris: ['https://app.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};

/** A registration; a body that is a string is sent as it is. */
export function registerClient(
  { issuer }: { readonly issuer: string },
  body: unknown = APP,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return sendMetadata(`${issuer}/oauth/register`, 'POST', body, headers);
}

/** What a client sends to the URL of its registration. */
export function manageClient(
  { registration_client_uri: url, registration_access_token: token }: Registered,
  method: 'GET' | 'PUT' | 'DELETE',
  body?: unknown,
): Promise<Answer> {
  return sendMetadata(url, method, body, bearer(token));
}

/** What a client needs of the answer to its registration. */
export interface Registered {
  readonly registration_client_uri: string;
  readonly registration_access_token: string;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export function sendMetadata(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  return http(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
