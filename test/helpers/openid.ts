// Sign-ins with OpenID Connect: a seed with clients that want ID tokens, and the code flow of one of them.

import { createLocalJWKSet, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { requestToken } from './flows.ts';
import { type Answer, http } from './http.ts';
import { Person } from './http-person.ts';
import { SEED } from './seeds.ts';

const REDIRECT_URI = 'https://rp.example/callback';

/** Every scope of OpenID Connect. */
export const ALL_SCOPES = 'openid profile email address phone groups offline_access';

/** A confidential client that does no PKCE, with the secret `<id>-secret`. */
export const relyingParty = (id: string, more: object = {}) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  client_name: `Client ${id}`,
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: `${ALL_SCOPES} read`,
  require_pkce: false,
  ...more,
});

/** The harness's seed with clients of OpenID Connect. Alice has an e-mail address, and Bob has none. */
export const OPENID_SEED = {
  ...SEED,
  clients: [
    ...SEED.clients,
    relyingParty('rp'),
    relyingParty('rp-post', { token_endpoint_auth_method: 'client_secret_post' }),
    relyingParty('rp-es256', { id_token_signed_response_alg: 'ES256' }),
    relyingParty('rp-eddsa', { id_token_signed_response_alg: 'EdDSA' }),
    relyingParty('rp-ed25519', { id_token_signed_response_alg: 'Ed25519' }),
    relyingParty('rp-jwt', { access_token_format: 'jwt' }),
    relyingParty('rp-signed', { userinfo_signed_response_alg: 'ES256' }),
    relyingParty('rp-plain', { id_token_claims: false, id_token_ttl: 60 }),
  ],
  users: SEED.users.map((user) =>
    user.username === 'alice' ? { ...user, email: 'alice@example.com' } : user,
  ),
};

interface At {
  readonly origin: string;
  readonly issuer: string;
}

/** The URL of a valid authorization request of a client of that seed, with some parameters changed. */
export function signInUrl(
  server: At,
  client = 'rp',
  params: Record<string, string | undefined> = {},
): string {
  const all = {
    response_type: 'code',
    client_id: client,
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    state: 'some-state',
    nonce: 'some-nonce',
    ...params,
  };
  const given = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${server.issuer}/oauth/authorize?${new URLSearchParams(given)}`;
}

/** A token request of a client of that seed. */
export function askAs(server: At, client: string, form: Record<string, string>): Promise<Answer> {
  const secret = `${client}-secret`;
  return client === 'rp-post'
    ? requestToken(server, { ...form, client_id: client, client_secret: secret })
    : requestToken(server, form, `${client}:${secret}`);
}

/** RFC 6749 section 5.1 with OpenID Connect Core section 3.1.3.3. */
export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token: string;
  readonly id_token: string;
}

/**
 * The code flow of a client of that seed, from the authorization request to the answer of the token
 * endpoint. The person signs in and allows the client, if they are asked to.
 *
 * @param params of the authorization request, as changed; `undefined` leaves one out
 * @param login the name and the password of the person, if they are not those of alice
 */
export async function signInTo(
  server: At,
  {
    client = 'rp',
    params = {} as Record<string, string | undefined>,
    person = new Person(server),
    login = [] as readonly [username?: string, password?: string],
  } = {},
): Promise<Tokens> {
  const back = await person.allow(signInUrl(server, client, params), ...login);
  const code = back.searchParams.get('code');
  if (code === null) throw new Error(`No code, but ${back}`);
  const { redirect_uri = REDIRECT_URI } = params;
  const answer = await askAs(server, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri,
  });
  if (answer.status !== 200) throw new Error(`No tokens, but ${answer.status}: ${answer.text}`);
  return answer.json;
}

/** What a refresh token of a client of that seed brings. */
export function refreshAs(
  server: At,
  client: string,
  refreshToken: string,
  form: Record<string, string> = {},
): Promise<Answer> {
  return askAs(server, client, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...form,
  });
}

/** The claims of a JWT for a client, verified with the key set of the server. */
export async function verified(
  server: At,
  token: string,
  client = 'rp',
  options: JWTVerifyOptions = {},
): Promise<JWTPayload> {
  const keys = createLocalJWKSet((await http(`${server.issuer}/oauth/jwks`)).json);
  const { payload } = await jwtVerify(token, keys, {
    issuer: server.issuer,
    audience: client,
    currentDate: new Date(),
    ...options,
  });
  return payload;
}

export function userInfo(server: At, token: string, init: RequestInit = {}): Promise<Answer> {
  return http(`${server.issuer}/oauth/userinfo`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  });
}
