// What a client does: its requests, and the code flow as a whole.

import { createHash, randomBytes } from 'node:crypto';
import { type Answer, basic, http } from './http.ts';
import { Person } from './http-person.ts';

type Form = Record<string, string> | [string, string][];

/** A token request. `client` is `id:secret` for HTTP Basic, or absent. */
export function requestToken(
  server: { issuer: string },
  form: Form,
  client?: string,
): Promise<Answer> {
  const [id = '', ...secret] = (client ?? '').split(':');
  return http(`${server.issuer}/oauth/token`, {
    method: 'POST',
    headers: client === undefined ? {} : { authorization: basic(id, secret.join(':')) },
    body: new URLSearchParams(form),
  });
}

export function getSecret(server: { issuer: string }, token: string): Promise<Answer> {
  return http(`${server.issuer}/secret`, { headers: { authorization: `Bearer ${token}` } });
}

/** A PKCE pair (RFC 7636). */
export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The URL of a valid authorization request of the client `web`, with some parameters changed. */
export function authorizeUrl(
  server: { issuer: string },
  params: Record<string, string | undefined> = {},
): string {
  const all = {
    response_type: 'code',
    client_id: 'web',
    redirect_uri: 'http://127.0.0.1:9/callback',
    scope: 'read',
    state: 'some-state',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...params,
  };
  const given = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${server.issuer}/oauth/authorize?${new URLSearchParams(given)}`;
}

/**
 * The whole authorization code flow of a client.
 *
 * @param options.login the name and the password of the person, if they are not those of alice
 */
export async function authorizeAs(
  server: { readonly origin: string; readonly issuer: string },
  {
    client = 'web:web-secret',
    scope = 'read',
    redirectUri = 'http://127.0.0.1:9/callback',
    person = new Person(server),
    login = [] as readonly [username?: string, password?: string],
  } = {},
): Promise<{ code: string; verifier: string; redirectUri: string; exchange(): Promise<Answer> }> {
  const { verifier, challenge } = pkce();
  // One that is a URL has no secret.
  const [clientId = '', secret] = client.startsWith('https:') ? [client] : client.split(':');
  const back = await person.allow(
    authorizeUrl(server, {
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      code_challenge: challenge,
    }),
    ...login,
  );
  const code = back.searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  return {
    code,
    verifier,
    redirectUri,
    exchange: () =>
      secret === undefined
        ? requestToken(server, { ...form, client_id: clientId })
        : requestToken(server, form, client),
  };
}
