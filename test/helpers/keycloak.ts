// A realm as Keycloak exports it, made up here.

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { hashRawSync } from '@node-rs/argon2';

/** A user as a realm has it. */
export type KeycloakUser = Readonly<Record<string, unknown>>;

const DIGESTS = { pbkdf2: 'sha1', 'pbkdf2-sha256': 'sha256', 'pbkdf2-sha512': 'sha512' } as const;

/** The ways in which Keycloak hashes passwords. */
export const HASHINGS = [...Object.keys(DIGESTS), 'argon2'] as const;

/** A credential with a password, hashed with few rounds. */
export function passwordOf(password: string, hashing: string): object {
  const salt = randomBytes(16);
  const isArgon2 = hashing === 'argon2';
  const digest = DIGESTS[hashing as keyof typeof DIGESTS];
  const hash = isArgon2
    ? hashRawSync(password, { salt, memoryCost: 8, timeCost: 1, parallelism: 1, outputLen: 32 })
    : pbkdf2Sync(password, salt, 5, 64, digest);
  const additionalParameters = isArgon2
    ? { hashLength: ['32'], memory: ['8'], type: ['id'], version: ['1.3'], parallelism: ['1'] }
    : {};
  return {
    id: randomBytes(16).toString('hex'),
    type: 'password',
    createdDate: 1_700_000_000_000,
    secretData: JSON.stringify({
      value: hash.toString('base64'),
      salt: salt.toString('base64'),
      additionalParameters: {},
    }),
    credentialData: JSON.stringify({
      hashIterations: isArgon2 ? 1 : 5,
      algorithm: hashing,
      additionalParameters,
    }),
  };
}

/** What stands for the number of somebody. */
export const idOf = (number: number) =>
  `7f1c9d5e-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Somebody whose password is `secret of <username>`. */
export function someone(number: number, more: object = {}): KeycloakUser {
  const username = `person${number}`;
  return {
    id: idOf(number),
    createdTimestamp: 1_700_000_000_000,
    username,
    enabled: true,
    emailVerified: true,
    email: `${username}@example.com`,
    firstName: 'Person',
    lastName: String(number),
    credentials: [passwordOf(`secret of ${username}`, HASHINGS[number % HASHINGS.length]!)],
    requiredActions: [],
    realmRoles: ['default-roles-acme'],
    groups: [],
    notBefore: 0,
    ...more,
  };
}

/** A client as a realm has it. */
export function keycloakClient(clientId: string, more: object = {}): object {
  return {
    id: randomBytes(16).toString('hex'),
    clientId,
    enabled: true,
    protocol: 'openid-connect',
    clientAuthenticatorType: 'client-secret',
    secret: `secret-of-${clientId}`,
    publicClient: false,
    bearerOnly: false,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    redirectUris: [`https://${clientId}.example/callback`],
    webOrigins: ['+'],
    attributes: { 'pkce.code.challenge.method': 'S256' },
    defaultClientScopes: ['web-origins', 'profile', 'roles', 'email'],
    optionalClientScopes: ['address', 'phone', 'offline_access'],
    ...more,
  };
}

/** A realm; what every realm has is in it, too. */
export function realm(parts: object = {}): object {
  return {
    id: 'acme',
    realm: 'acme',
    enabled: true,
    clients: ['account', 'admin-cli', 'broker'].map((name) => keycloakClient(name)),
    users: [],
    ...parts,
  };
}
