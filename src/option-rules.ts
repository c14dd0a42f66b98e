// What the options of authorizationServer() and createModel() have to look like. A program in
// JavaScript has no types, and one in TypeScript may read its options from somewhere.

import { isParameterName } from './oauth/custom-grant-parameters.ts';
import { grantTypes } from './oauth/grants/all.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { ownWordsProblem } from './pages/own-words.ts';
import { languageOf, languages } from './pages/words/languages.ts';
import {
  BOUNDS,
  type Bounds,
  boundsProblem,
  LIMIT_BOUNDS,
  PARAMETER_LENGTH,
} from './protocol/bounds.ts';
import {
  assertOptions,
  type Check,
  isA,
  isPlainObject,
  listOf,
  mapOf,
  oneOf,
  partsOf,
} from './protocol/checks.ts';
import { isHost } from './protocol/document-url.ts';
import { signingAlgorithms } from './protocol/jwt.ts';
import { placeForParametersProblem, placeProblem } from './protocol/place.ts';
import { isResource } from './protocol/resource.ts';
import { isScopeToken } from './protocol/scope.ts';
import { shown } from './protocol/shown.ts';
import { isLasting } from './store/built-in-stores.ts';
import { missingVerbsProblem } from './store/verbs.ts';

const within =
  (bounds: Bounds): Check =>
  (value) =>
    boundsProblem(value, bounds);

const words: Check = (value) =>
  typeof value === 'string'
    ? undefined
    : mapOf(
        (tag) => languageOf(tag) !== undefined,
        `tag of a language (${languages.join(', ')})`,
        isA('string'),
      )(value);

const store: Check = (value) => {
  if (!isPlainObject(value)) return 'is not a store, such as memoryStore() or openStore() makes';
  if (typeof value['then'] === 'function') return 'has to be awaited first';
  return missingVerbsProblem(value);
};

/** The entries are checked where they are read, all at once. */
const list: Check = (value) => (Array.isArray(value) ? undefined : 'is not a list');

const accessTokenFormat = oneOf('opaque', 'jwt');

const scopeToken: Check = (value) =>
  typeof value === 'string' && isScopeToken(value) ? undefined : 'is not one word of a scope';

const resources = mapOf(isResource, 'absolute URI', partsOf({ accessTokenFormat }));

const limits = partsOf({
  enabled: isA('boolean'),
  window: within(LIMIT_BOUNDS.window),
  loginsPerAccount: within(LIMIT_BOUNDS.loginsPerAccount),
  loginsPerAddress: within(LIMIT_BOUNDS.loginsPerAddress),
  clientFailures: within(LIMIT_BOUNDS.clientFailures),
  registrationsPerAddress: within(LIMIT_BOUNDS.registrationsPerAddress),
});

const documentHosts: Check = (value) =>
  value === 'off' || value === 'on' || (Array.isArray(value) && value.every(isNamedHost))
    ? undefined
    : "is not 'off', 'on' or a list of hosts, such as ['claude.ai']";

const isNamedHost = (value: unknown) => typeof value === 'string' && isHost(value);

/** RFC 6749 section 4.5: a grant type of somebody's own is named by a URI. */
const isGrantName = (name: string) =>
  isResource(name) && name.length <= 256 && !grantTypes.includes(name);

const grant: Check = (value) => {
  const problem = partsOf({
    parameters: mapOf(isParameterName, 'parameter of its own', within(PARAMETER_LENGTH)),
    handle: isA('function'),
    metadata: (one) => (isPlainObject(one) ? undefined : 'is not an object'),
  })(value);
  if (problem !== undefined) return problem;
  const { parameters, handle } = value as Record<string, unknown>;
  return parameters && handle ? undefined : 'is not { parameters, handle }';
};

const secret: Check = (value) => {
  if (typeof value !== 'string') return 'is not a string';
  return value.length < 32 ? 'has fewer than 32 characters' : undefined;
};

/** Those whose values are not secrets, and those that make tokens. */
const ISSUING = {
  issuer: isA('string'),
  secret,
  accessTokenFormat,
  resources,
  accessTokenTtl: within(BOUNDS.accessTokenTtl),
  refreshTokenTtl: within(BOUNDS.refreshTokenTtl),
  grantTtl: within(BOUNDS.grantTtl),
  refreshRetryWindow: within(BOUNDS.refreshRetryWindow),
  claims: isA('function'),
} satisfies Readonly<Record<string, Check>>;

const SERVER: { readonly [Name in keyof Required<AuthorizationServerOptions>]: Check } = {
  ...ISSUING,
  store,
  scopes: mapOf(isScopeToken, 'scope (RFC 6749 section 3.3)', words),
  clients: list,
  users: list,
  registration: oneOf('off', 'token', 'open'),
  clientMetadataDocuments: documentHosts,
  selfRegisteredScopes: listOf('scopes', scopeToken),
  signingAlgorithm: oneOf(...signingAlgorithms),
  keyRotation: within(BOUNDS.keyRotation),
  idTokenTtl: within(BOUNDS.idTokenTtl),
  production: isA('boolean'),
  demo: isA('boolean'),
  allowInternalUrls: isA('boolean'),
  authorizationCodeTtl: within(BOUNDS.authorizationCodeTtl),
  sessionTtl: within(BOUNDS.sessionTtl),
  limits,
  brand: isA('string'),
  brandLogo: isA('string'),
  brandColor: isA('string'),
  helpUrl: isA('string'),
  words: ownWordsProblem,
  views: isA('string'),
  authenticate: isA('function'),
  findUser: isA('function'),
  verifyPassword: isA('function'),
  loginUrl: placeForParametersProblem,
  logoutUrl: placeForParametersProblem,
  beforeConsent: isA('function'),
  userClaims: isA('function'),
  homeUrl: placeProblem,
  locals: mapOf(
    () => true,
    'view',
    (value) => (isPlainObject(value) ? undefined : 'is not an object'),
  ),
  explainErrors: isA('boolean'),
  tokenResponse: isA('function'),
  grants: mapOf(isGrantName, 'absolute URI, or is a grant type of the server itself', grant),
  endpoints: isA('function'),
};

/**
 * Checks the options of authorizationServer(). One that is `undefined` counts as left out.
 *
 * @throws TypeError that names the option and its value
 */
export function assertServerOptions(options: unknown): void {
  assertOptions('authorizationServer()', SERVER, options);
  if ((options as { issuer?: unknown }).issuer === undefined) {
    throw new TypeError('The option issuer of authorizationServer() is missing.');
  }
  assertSecret(options as AuthorizationServerOptions);
  assertPeople(options as AuthorizationServerOptions);
  assertScopes(options as AuthorizationServerOptions);
}

/** What a store keeps is encrypted with the secret: without the same one, nothing works after a restart. */
function assertSecret({ store, secret }: AuthorizationServerOptions): void {
  if (secret !== undefined || store === undefined || !isLasting(store)) return;
  throw new TypeError(
    'The option secret of authorizationServer() is missing: the store lasts, and its keys can only be read again with the secret that they were made with. Give it the same random string of 32 characters or more at every start, in every process.',
  );
}

/** Strangers' clients can only be given scopes that exist. */
function assertScopes({
  scopes = {},
  selfRegisteredScopes = [],
}: AuthorizationServerOptions): void {
  const unknown = selfRegisteredScopes.find((word) => !Object.hasOwn(scopes, word));
  if (unknown === undefined) return;
  throw new TypeError(
    `The option selfRegisteredScopes of authorizationServer() has ${shown(unknown)}, which scopes does not have.`,
  );
}

/** People are in one place: in an app around the server, in a table of the app's, or in the store. */
function assertPeople(options: AuthorizationServerOptions): void {
  const has = (name: keyof AuthorizationServerOptions) => options[name] !== undefined;
  for (const [one, other] of [
    ['authenticate', 'loginUrl'],
    ['findUser', 'verifyPassword'],
  ] as const) {
    if (has(one) === has(other)) continue;
    throw new TypeError(`${one} and ${other} go together: give both or neither.`);
  }
  if (has('logoutUrl') && !has('authenticate')) {
    throw new TypeError(
      'logoutUrl goes with authenticate: people who sign in here sign out here, so leave it out.',
    );
  }
  const owners = (['authenticate', 'findUser', 'users'] as const).filter(has);
  if (owners.length < 2) return;
  throw new TypeError(
    `The options ${owners.join(' and ')} of authorizationServer() exclude each other: each says where people are.`,
  );
}

/** Checks what createModel() is given: its store, and its options. @throws TypeError likewise */
export function assertModelOptions(given: unknown, options: unknown): void {
  const problem = store(given);
  if (problem !== undefined) {
    throw new TypeError(`The store of createModel() is ${shown(given)}, which ${problem}.`);
  }
  const others = { keys: () => undefined, refuses: isA('function'), events: () => undefined };
  assertOptions('createModel()', { ...ISSUING, ...others }, options);
}
