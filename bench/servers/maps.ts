// What the servers that are written by hand keep in Maps, and their rules. Everything secret is kept
// by its hash and compared in constant time, and what is old is swept away. They differ in how they
// speak HTTP, and in nothing else.

import { createHash, generateKeyPairSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  ACCESS_TOKEN_TTL,
  CLIENT,
  CODE_TTL,
  JWT_CLIENT,
  REDIRECT_URI,
  REFRESH_TOKEN_TTL,
  SCOPE,
} from '../target.ts';

export interface Client {
  id: string;
  secretHash: Buffer;
  redirectUris: string[];
  scopes: string[];
  jwt: boolean;
}

export interface Grant {
  clientId: string;
  person?: string | undefined;
  scope: string;
  expires: number;
}

interface Code extends Grant {
  redirectUri: string;
  challenge: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const keyOf = (token: string) => sha256(token).toString('base64url');
const newToken = () => randomBytes(32).toString('base64url');
const inSeconds = (seconds: number) => Date.now() + seconds * 1000;

const clients = new Map<string, Client>(
  [CLIENT, JWT_CLIENT].map(({ id, secret }) => [
    id,
    {
      id,
      secretHash: sha256(secret),
      redirectUris: [REDIRECT_URI],
      scopes: SCOPE.split(' '),
      jwt: id === JWT_CLIENT.id,
    },
  ]),
);
const sessions = new Map<string, { person: string; expires: number }>();
const consents = new Map<string, string[]>();
const codes = new Map<string, Code>();
const accessTokens = new Map<string, Grant & { issued: number }>();
const refreshTokens = new Map<string, Grant>();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

setInterval(() => {
  for (const map of [sessions, codes, accessTokens, refreshTokens]) {
    for (const [key, { expires }] of map) if (expires <= Date.now()) map.delete(key);
  }
}, 60_000).unref();

export class OAuthError extends Error {
  readonly status: number;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
  }
}

/** What a map has under a key, unless it is too old. */
function find<T extends { expires: number }>(map: Map<string, T>, key: string): T | undefined {
  const entry = map.get(key);
  return entry !== undefined && entry.expires > Date.now() ? entry : undefined;
}

/** The client that a header names with its secret (RFC 6749 section 2.3.1). */
export function authenticate(authorization = ''): Client {
  const [scheme, value] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !value) throw new OAuthError(401, 'invalid_client');
  const [id = '', secret = ''] = Buffer.from(value, 'base64')
    .toString()
    .split(':', 2)
    .map(decodeURIComponent);
  const client = clients.get(id);
  if (!client || !timingSafeEqual(client.secretHash, sha256(secret))) {
    throw new OAuthError(401, 'invalid_client');
  }
  return client;
}

/** What is asked for, or all there is, if the client may have it. */
export function allowedScope(client: Client, asked?: string): string {
  const scopes = asked ? asked.split(' ') : client.scopes;
  if (!scopes.every((scope) => client.scopes.includes(scope))) {
    throw new OAuthError(400, 'invalid_scope');
  }
  return scopes.join(' ');
}

async function newAccessToken(client: Client, grant: Omit<Grant, 'expires'>): Promise<string> {
  const expires = inSeconds(ACCESS_TOKEN_TTL);
  if (client.jwt) {
    return new SignJWT({ client_id: client.id, scope: grant.scope })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer('https://auth.example.com')
      .setSubject(grant.person ?? client.id)
      .setAudience('https://api.example.com')
      .setJti(newToken())
      .setIssuedAt()
      .setExpirationTime(Math.floor(expires / 1000))
      .sign(privateKey);
  }
  const token = newToken();
  accessTokens.set(keyOf(token), { ...grant, expires, issued: Date.now() });
  return token;
}

/** Fields of a form or a query, by name. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** A token and perhaps a refresh token, as the body of an answer. */
async function issue(client: Client, { person, scope }: Pick<Grant, 'person' | 'scope'>) {
  const grant = { clientId: client.id, person, scope };
  const refreshToken = person === undefined ? undefined : newToken();
  if (refreshToken !== undefined) {
    refreshTokens.set(keyOf(refreshToken), { ...grant, expires: inSeconds(REFRESH_TOKEN_TTL) });
  }
  return {
    access_token: await newAccessToken(client, grant),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_TTL,
    scope,
    refresh_token: refreshToken,
  };
}

/** Answers a token request of any of the three grant types. */
export function answerToken(client: Client, fields: Fields) {
  switch (fields['grant_type']) {
    case 'client_credentials':
      return issue(client, { scope: allowedScope(client, fields['scope']) });
    case 'authorization_code':
      return issue(client, redeemCode(client, fields));
    case 'refresh_token':
      return issue(client, redeemRefreshToken(client, fields['refresh_token']));
    default:
      throw new OAuthError(400, 'unsupported_grant_type');
  }
}

/** A code works once, for its client, with its redirect URI and its verifier (RFC 7636). */
function redeemCode(client: Client, fields: Fields): Code {
  const key = keyOf(fields['code'] ?? '');
  const code = find(codes, key);
  codes.delete(key);
  const challenge = keyOf(fields['code_verifier'] ?? '');
  if (
    !code ||
    code.clientId !== client.id ||
    code.redirectUri !== fields['redirect_uri'] ||
    !timingSafeEqual(Buffer.from(code.challenge), Buffer.from(challenge))
  ) {
    throw new OAuthError(400, 'invalid_grant');
  }
  return code;
}

/** A refresh token works once. */
function redeemRefreshToken(client: Client, token = ''): Grant {
  const key = keyOf(token);
  const grant = find(refreshTokens, key);
  if (!grant || grant.clientId !== client.id) throw new OAuthError(400, 'invalid_grant');
  refreshTokens.delete(key);
  return grant;
}

/** What the client may know about a token (RFC 7662). */
export function introspect(client: Client, value = '') {
  const token = find(accessTokens, keyOf(value));
  if (!token || token.clientId !== client.id) return { active: false };
  return {
    active: true,
    client_id: token.clientId,
    sub: token.person ?? token.clientId,
    scope: token.scope,
    token_type: 'Bearer',
    iat: Math.floor(token.issued / 1000),
    exp: Math.floor(token.expires / 1000),
  };
}

/** What the protected route answers with to the token in a header, if it may read. */
export function readSecret(authorization = '') {
  const [, value] = /^Bearer ([\w-]+)$/i.exec(authorization) ?? [];
  const token = value && find(accessTokens, keyOf(value));
  if (!token) throw new OAuthError(401, 'invalid_token');
  if (!token.scope.split(' ').includes('read')) throw new OAuthError(403, 'insufficient_scope');
  return {
    secret: 'Congratulations, you are in a secret area!',
    client_id: token.clientId,
    scope: token.scope,
  };
}

/** The URL with a code to which a person returns, or that of the login page if nobody is signed in. */
export function authorize(query: Fields, cookies = ''): string {
  const client = clients.get(query['client_id'] ?? '');
  const redirectUri = query['redirect_uri'] ?? '';
  const challenge = query['code_challenge'] ?? '';
  if (
    !client?.redirectUris.includes(redirectUri) ||
    query['response_type'] !== 'code' ||
    query['code_challenge_method'] !== 'S256' ||
    !/^[\w-]{43}$/.test(challenge)
  ) {
    throw new OAuthError(400, 'invalid_request');
  }
  const scope = allowedScope(client, query['scope']);
  const [, cookie = ''] = /(?:^|; )session=([\w-]+)/.exec(cookies) ?? [];
  const session = find(sessions, keyOf(cookie));
  if (!session) return `/login?person=${query['login_hint']}`;
  const { person } = session;
  const consent = consents.get(`${person} ${client.id}`);
  if (!scope.split(' ').every((one) => consent?.includes(one))) {
    throw new OAuthError(403, 'consent_required');
  }
  const code = newToken();
  const expires = inSeconds(CODE_TTL);
  codes.set(keyOf(code), { clientId: client.id, person, scope, redirectUri, challenge, expires });
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  if (query['state'] !== undefined) target.searchParams.set('state', query['state']);
  return target.href;
}

/** Signs anybody in, and allows everything: nothing of it is measured. Answers the session's cookie. */
export function signIn(person: string): string {
  const session = newToken();
  sessions.set(keyOf(session), { person, expires: inSeconds(86_400) });
  consents.set(`${person} ${CLIENT.id}`, SCOPE.split(' '));
  return `session=${session}; Path=/; HttpOnly; SameSite=Lax`;
}
