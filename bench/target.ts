// What the benchmark asks of every server: the same client, the same people, the same paths. The
// servers of the comparison import it, so nobody can be asked for something else by accident.

import { createHash } from 'node:crypto';

/** A client as every server registers it. */
export interface BenchClient {
  readonly id: string;
  readonly secret: string;
}

export const CLIENT: BenchClient = {
  id: 'bench',
  secret: 'a-secret-of-the-benchmark-0123456789abcdef',
};

/** The same client once more, but its access tokens are JWTs, where a server can make them so. */
export const JWT_CLIENT: BenchClient = {
  id: 'bench-jwt',
  secret: 'a-secret-of-the-benchmark-fedcba9876543210',
};

export const SCOPE = 'read write';
export const REDIRECT_URI = 'https://app.example.com/callback';
export const VERIFIER = 'a-code-verifier-of-the-benchmark-0123456789-abc';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** Seconds that tokens last, in every server. */
export const ACCESS_TOKEN_TTL = 3600;
export const REFRESH_TOKEN_TTL = 1_209_600;
export const CODE_TTL = 60;

export const PATHS = {
  token: '/oauth/token',
  introspect: '/oauth/introspect',
  authorize: '/oauth/authorize',
  secret: '/secret',
} as const;

/** The username of a person; each connection has a person of its own. */
export const personName = (index: number) => `person-${index}`;

export const PASSWORD = 'wonderland';

/** The URL that a person opens to allow the client something, as the app would make it. */
export function authorizationPath(person: string, challenge = CHALLENGE): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT.id,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: 'af0ifjsldkj',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    login_hint: person,
  });
  return `${PATHS.authorize}?${query}`;
}

export const ROWS = [
  'token',
  'protected',
  'introspection',
  'code',
  'refresh',
  'token-jwt',
] as const;
export type Row = (typeof ROWS)[number];
