// Clients of every authentication method, and what each sends to prove who it is.

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Answer, basic, http } from './http.ts';
import { SEED } from './seeds.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A key pair as a client has it: the private part to sign with, the public one to publish. */
export interface ClientKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function clientKey(alg: string, kid: string = alg): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

export const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
export type Method = (typeof METHODS)[number];

/** What a record may say: one of the methods, or nothing. */
export const RECORDS = [...METHODS, 'unset'] as const;

/** The secret of all clients below that have one. */
export const SECRET = 'a secret+of%20more/than=32&characters'.replaceAll(' ', '-');

/** The key of the client `private_key_jwt`. */
export const KEY = await clientKey('ES256');

/** A client for each method, with the method for its name, and one whose record names none. */
export const SEED_OF_METHODS = {
  ...SEED,
  clients: [
    ...SEED.clients,
    ...RECORDS.map((record) => ({
      client_id: record,
      ...(record !== 'unset' && { token_endpoint_auth_method: record }),
      ...(record === 'private_key_jwt' && { jwks: { keys: [KEY.jwk] } }),
      ...(!['private_key_jwt', 'none'].includes(record) && { client_secret: SECRET }),
      grant_types: record === 'none' ? ['refresh_token'] : ['client_credentials', 'refresh_token'],
      scope: 'read',
    })),
  ],
};

type Claims = Record<string, unknown>;

/** The claims of a valid assertion, with some changed; `undefined` leaves one out. */
export function assertionClaims(clientId: string, audience: unknown, changes: Claims = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const all: Claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Signs with a private key, or with a secret. */
export function signed(
  claims: Claims,
  key: ClientKey | string,
  header: { readonly alg?: string; readonly [name: string]: unknown } = {},
): Promise<string> {
  const [material, standard] =
    typeof key === 'string'
      ? [Buffer.from(key), { alg: 'HS256' }]
      : [key.privateKey, { alg: key.alg, kid: key.kid }];
  return new SignJWT(claims).setProtectedHeader({ ...standard, ...header }).sign(material);
}

export function withAssertion(assertion: string): Record<string, string> {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
}

interface Proof {
  readonly headers: Record<string, string>;
  readonly form: Record<string, string>;
}

/** What a client sends that authenticates by a method, whatever its record says. */
export async function proofOf(clientId: string, method: Method, issuer: string): Promise<Proof> {
  switch (method) {
    case 'client_secret_basic':
      return { headers: { authorization: basic(clientId, SECRET) }, form: {} };
    case 'client_secret_post':
      return { headers: {}, form: { client_id: clientId, client_secret: SECRET } };
    case 'none':
      return { headers: {}, form: { client_id: clientId } };
    case 'client_secret_jwt':
    case 'private_key_jwt': {
      const key = method === 'private_key_jwt' ? KEY : SECRET;
      const assertion = await signed(assertionClaims(clientId, issuer), key);
      return { headers: {}, form: withAssertion(assertion) };
    }
  }
}

type Form = Record<string, string> | [string, string][];

/** A form sent to an endpoint: `token`, `revoke` or `introspect`. */
export function send(
  server: { readonly issuer: string },
  endpoint: string,
  form: Form,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return http(`${server.issuer}/oauth/${endpoint}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
}

/** The header of a client given as `id:secret`. */
export function as(client: string): { authorization: string } {
  const [id = '', ...secret] = client.split(':');
  return { authorization: basic(id, secret.join(':')) };
}
