// What the tests of JWTs share: a clock to move, a seed with resources, and the server's own keys,
// with which a test signs what the server never would.

import { sign } from 'node:crypto';
import { type SigningAlgorithm, type SigningKey, signingKey } from '../../src/protocol/jwt.ts';
import { decrypt, deriveKey } from '../../src/protocol/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { type Answer, basic, http } from './http.ts';
import { SEED } from './seeds.ts';

export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

/** The server's secret, in tests that have to read what it encrypts. */
export const SECRET = 'the secret of the tests, at least 32 characters';

export const JWT = 'https://jwt.example/';
export const OPAQUE = 'https://opaque.example/';
export const PLAIN = 'https://plain.example/api';
export const BARE = 'https://bare.example';

const confidential = (id: string, more: object = {}) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  redirect_uris: ['http://127.0.0.1:9/callback'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: 'read write',
  ...more,
});

/** The harness's seed, with resources and clients that have to do with them. */
export const RESOURCE_SEED = {
  ...SEED,
  resources: {
    [JWT]: { access_token_format: 'jwt' },
    [OPAQUE]: { access_token_format: 'opaque' },
    [PLAIN]: {},
    [BARE]: { access_token_format: 'jwt' },
  },
  clients: [
    ...SEED.clients,
    confidential('jwt-client', { access_token_format: 'jwt' }),
    confidential('opaque-client', { access_token_format: 'opaque' }),
    confidential('plain-only', { resources: [PLAIN] }),
    confidential('nothing', { resources: [] }),
    confidential('long', { access_token_format: 'jwt', access_token_ttl: 60 * 24 * 3600 }),
    {
      client_id: 'plain-server',
      client_secret: 'plain-server-secret',
      grant_types: ['client_credentials'],
      introspects: [PLAIN, JWT],
      scope: 'read',
    },
  ],
};

/** The first moment of a key's period, on or after now. */
export function periodStart(rotation: number, now = Date.now()): number {
  return Math.ceil(now / (rotation * SECOND)) * rotation * SECOND;
}

/** The signing keys of a server, private parts and all. */
export async function signingKeys(store: Store, secret = SECRET): Promise<SigningKey[]> {
  const stored = await store.keys.list(Date.now());
  return stored.map(({ kid, alg, encryptedPrivateKey }) =>
    signingKey(
      kid,
      alg as SigningAlgorithm,
      decrypt(deriveKey(secret, 'signing keys at rest'), encryptedPrivateKey).toString(),
    ),
  );
}

/** Base64url of a text as it is, of anything else as JSON. */
export function encoded(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  );
}

/** Any header and any claims under a genuine signature; a string is taken as it is. */
export function forge(key: SigningKey, header: unknown, claims: unknown): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  const digest = key.alg === 'EdDSA' ? null : 'sha256';
  const how = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign(digest, Buffer.from(input), how).toString('base64url')}`;
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects in its assertions
export function decoded(token: string): { header: any; claims: any } {
  const [header, claims] = token
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || 'null'));
  return { header, claims };
}

const post =
  (path: string) =>
  (server: { issuer: string }, token: string, client: string, more = {}): Promise<Answer> => {
    const [id = '', ...secret] = client.split(':');
    return http(`${server.issuer}/oauth/${path}`, {
      method: 'POST',
      headers: { authorization: basic(id, secret.join(':')) },
      body: new URLSearchParams({ token, ...more }),
    });
  };

export const introspect = post('introspect');
export const revoke = post('revoke');

export async function jwksOf(server: {
  issuer: string;
}): Promise<{ keys: { kid: string; kty: string; alg: string }[]; maxAge: number }> {
  const { headers, json } = await http(`${server.issuer}/oauth/jwks`);
  const [, maxAge] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? [];
  return { ...json, maxAge: Number(maxAge) };
}
