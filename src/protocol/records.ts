// What a client, a user and a ticket in the store have to look like, whoever wrote them. A store looks when one
// is saved, and the server again when one is read: somebody may have written past the store.

import type { Client, Ticket, User } from '../types.ts';
import { boundsProblem, LIFETIME } from './bounds.ts';
import { type Check, isA, isPlainObject, listOf, oneOf, optional } from './checks.ts';
import { claimsProblem } from './claims.ts';
import { assertionAlgorithms, authMethods } from './client.ts';
import { logoutUriProblem } from './client-urls.ts';
import { idTokenAlgorithms } from './jwt.ts';
import { idProblem, nameProblem, userIdProblem } from './names.ts';
import { costProblem, HASH_FORMS, isPasswordHash } from './password-hashes.ts';
import { redirectUriProblem } from './redirect-uri.ts';
import { isScopeToken } from './scope.ts';
import { shown } from './shown.ts';
import { sources } from './sources.ts';

type Checks<Kind> = { readonly [Field in keyof Required<Kind>]: Check };

const strings = listOf('strings', isA('string'));

/** Whether it may be http depends on the server. */
const redirectUri: Check = (value) =>
  typeof value === 'string' ? redirectUriProblem(value, false) : 'is not an absolute URI';

const logoutUri: Check = (value) =>
  typeof value === 'string' ? logoutUriProblem(value) : 'is not an absolute URI';

const scopeToken: Check = (value) =>
  typeof value === 'string' && isScopeToken(value) ? undefined : 'is not one word of a scope';

const url: Check = (value) =>
  typeof value === 'string' && URL.canParse(value) ? undefined : 'is not a URL';

const keySet: Check = (value) =>
  Array.isArray((value as { keys?: unknown } | null)?.keys) ? undefined : 'is not { keys: [...] }';

const object: Check = (value) => (isPlainObject(value) ? undefined : 'is not an object');

const accessTokensOfRegistration: Check = (value) =>
  isPlainObject(value) && typeof value['salt'] === 'string'
    ? strings(value['hashes'])
    : 'is not an object with a salt';

const idTokenAlgorithm = oneOf(...idTokenAlgorithms);

const seconds: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : 'is not a whole number of seconds';

const lifetime: Check = (value) => boundsProblem(value, LIFETIME);

const time: Check = (value) =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15 ? undefined : 'is not a time';

function passwordHash(value: unknown): string | undefined {
  if (typeof value !== 'string' || !isPasswordHash(value)) {
    return `is not a hash like ${HASH_FORMS}`;
  }
  return costProblem(value);
}

const source = oneOf(...sources);

const CLIENT: Checks<Client> = {
  id: idProblem,
  name: nameProblem,
  uri: optional(isA('string')),
  tokenEndpointAuthMethod: optional(oneOf(...authMethods)),
  tokenEndpointAuthSigningAlg: optional(oneOf(...Object.values(assertionAlgorithms).flat())),
  secretHashes: strings,
  encryptedSecrets: optional(strings),
  jwks: optional(keySet),
  jwksUri: optional(isA('string')),
  allowTokenEndpointAudience: optional(isA('boolean')),
  // A string has `includes`, too: each part of it would be registered.
  redirectUris: listOf('URIs', redirectUri),
  applicationType: optional(oneOf('web', 'native')),
  grants: listOf('grant types', isA('string')),
  scope: listOf('words', scopeToken),
  defaultScope: optional(listOf('words', scopeToken)),
  // Left out, it would read as false.
  requirePkce: isA('boolean'),
  allowAnyLoopbackPort: optional(isA('boolean')),
  rotateRefreshTokens: optional(isA('boolean')),
  resources: optional(strings),
  introspects: optional(strings),
  accessTokenFormat: optional(oneOf('opaque', 'jwt')),
  accessTokenLifetime: optional(lifetime),
  refreshTokenLifetime: optional(lifetime),
  idTokenSignedResponseAlg: optional(idTokenAlgorithm),
  userinfoSignedResponseAlg: optional(idTokenAlgorithm),
  introspectionSignedResponseAlg: optional(idTokenAlgorithm),
  idTokenLifetime: optional(lifetime),
  idTokenClaims: optional(isA('boolean')),
  subjectType: optional(oneOf('public', 'pairwise')),
  sectorIdentifierUri: optional(url),
  defaultMaxAge: optional(seconds),
  requireAuthTime: optional(isA('boolean')),
  initiateLoginUri: optional(isA('string')),
  logoUri: optional(isA('string')),
  policyUri: optional(isA('string')),
  tosUri: optional(isA('string')),
  postLogoutRedirectUris: optional(listOf('URIs', redirectUri)),
  backchannelLogoutUri: optional(logoutUri),
  backchannelLogoutSessionRequired: optional(isA('boolean')),
  frontchannelLogoutUri: optional(logoutUri),
  frontchannelLogoutSessionRequired: optional(isA('boolean')),
  registeredAt: optional(time),
  ownTokensEndedAt: optional(time),
  registrationAccessTokens: optional(accessTokensOfRegistration),
  decided: optional(object),
  source: optional(source),
};

const USER: Checks<User> = {
  id: userIdProblem,
  username: nameProblem,
  name: nameProblem,
  email: optional(isA('string')),
  claims: optional(claimsProblem),
  passwordHash: optional(passwordHash),
  passwordChangedAt: optional(time),
  disabledAt: optional(time),
  enabledAt: optional(time),
  source: optional(source),
};

/** The longest payload of a ticket, in characters of JSON. */
const MAX_PAYLOAD = 32 * 1024;

const TICKET: Checks<Ticket> = {
  kind: idProblem,
  hash: idProblem,
  payload: (value) => {
    if (!isPlainObject(value)) return 'is not an object';
    // It throws a TypeError of its own for what JSON cannot say.
    const { length } = JSON.stringify(value);
    return length > MAX_PAYLOAD ? `has more than ${MAX_PAYLOAD} characters of JSON` : undefined;
  },
  expiresAt: time,
  clientId: optional(idProblem),
  userId: optional(userIdProblem),
};

/** What is wrong with a client's record, as a sentence about the first field, or `undefined`. */
export function clientProblem(record: Client): string | undefined {
  return problemOf(record, CLIENT);
}

/** What is wrong with a user's record, as a sentence about the first field, or `undefined`. */
export function userProblem(record: User): string | undefined {
  return problemOf(record, USER);
}

function problemOf<Kind extends object>(record: Kind, checks: Checks<Kind>): string | undefined {
  if (typeof record !== 'object' || record === null) return `it is ${shown(record)}`;
  for (const field in checks) {
    const value: unknown = record[field];
    const problem = checks[field](value);
    if (problem === undefined) continue;
    if (value === undefined) return `${field} is missing`;
    // A hash is a secret of somebody's, or what should have been one.
    const isSecret = /hash|secret/i.test(field);
    return isSecret ? `${field} ${problem}` : `${field} is ${shown(value)}, which ${problem}`;
  }
  return undefined;
}

/**
 * A client as it is stored: an id that is a whole number becomes a string.
 *
 * @throws TypeError that names the client, the field and its value
 */
export function soundClient(given: Client): Client {
  return sound('client', given, clientProblem);
}

/**
 * A user as they are stored: an id that is a whole number becomes a string.
 *
 * @throws TypeError that names the user, the field and its value
 */
export function soundUser(given: User): User {
  return sound('user', given, userProblem);
}

/**
 * A ticket as it is stored.
 *
 * @throws TypeError that names the field; its value may be a secret
 */
export function soundTicket(given: Ticket): Ticket {
  for (const field in TICKET) {
    const problem = TICKET[field as keyof Ticket](given[field as keyof Ticket]);
    if (problem !== undefined) {
      throw new TypeError(`The ticket cannot be stored: its ${field} ${problem}.`);
    }
  }
  return given;
}

function sound<Kind extends Client | User>(
  kind: string,
  given: Kind,
  problemOf: (record: Kind) => string | undefined,
): Kind {
  const id: unknown = given?.id;
  const record = Number.isSafeInteger(id) ? { ...given, id: String(id) } : given;
  const problem = problemOf(record);
  if (problem === undefined) return record;
  throw new TypeError(`The ${kind} ${shown(id)} cannot be stored: ${problem}.`);
}
