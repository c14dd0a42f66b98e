// The parts that answer clients, put together: authentication, issuing, the keys, and the library.

import { assertionVerifier } from '../clients/assertion.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import type { KnownClients } from '../clients/known-clients.ts';
import { SectorIdentifiers } from '../clients/sector-identifiers.ts';
import type { Events } from '../events.ts';
import { PATHS } from '../http/paths.ts';
import type { AccessToken } from '../issued.ts';
import type { Settings } from '../option-defaults.ts';
import { allowedResources } from '../protocol/resource.ts';
import { type ReadScope, scopeToAllow } from '../protocol/scope.ts';
import { clientSecretKey } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';
import { makeGrantTypes } from './grants/all.ts';
import { GuardedResources } from './guarded-resources.ts';
import { createIdTokens } from './id-tokens.ts';
import { createIssuing } from './issuing.ts';
import { Keys } from './keys.ts';
import { createLibrary } from './library.ts';
import { createPersonClaims } from './person-claims.ts';
import { createTokenRequests } from './token-requests.ts';

/** Seconds that a key is kept after its period, at the least: a client's tokens may last longer. */
const MIN_KEPT = 24 * 3600;

/**
 * How many former keys of an algorithm are published at the same time, at the most: readers of a set
 * take a hundred keys, of all algorithms, or 128 kB of them.
 */
const FORMER_KEYS = 24;

/** Whether the tokens of a client or user count for nothing. */
export type Refuses = (token: AccessToken) => boolean;

/**
 * Makes what answers clients.
 *
 * @param refuses see `Refuses`
 */
export function createOAuth(
  settings: Settings,
  store: Store,
  clients: KnownClients,
  events: Events,
  refuses: Refuses,
) {
  const { issuer, secret, limits, resources = {}, scopes = {} } = settings;
  const maxTokenTtl = Math.max(settings.accessTokenTtl, settings.idTokenTtl, MIN_KEPT);
  const keys = new Keys({
    store,
    alg: settings.signingAlgorithm,
    secret,
    rotation: Math.max(settings.keyRotation, Math.ceil(maxTokenTtl / FORMER_KEYS)),
    maxTokenTtl,
  });
  const ownUsers = settings.authenticate === undefined && settings.findUser === undefined;
  const findUser = ownUsers ? (id: string) => store.users.find(id) : undefined;
  const sectors = new SectorIdentifiers(settings, events);
  const assertSector = (client: Client) => sectors.assert(client);
  const personClaims = createPersonClaims({ findUser, userClaims: settings.userClaims });
  const idTokens = createIdTokens({ ...settings, keys, personClaims });
  const parts = { ...settings, keys, idTokens, events, refuses, assertSector };
  const issuing = createIssuing(store, parts, findUser);
  const readScope: ReadScope = (asked, client) => scopeToAllow(asked, client, Object.keys(scopes));
  const grantParts = { issuing, readScope, store, findUser, events };
  const grantTypes = makeGrantTypes(grantParts, settings.grants);
  const library = createLibrary({
    grantTypes: [...grantTypes.keys()],
    authorizationCodeTtl: settings.authorizationCodeTtl,
  });
  const problemOf = assertionVerifier({
    store,
    issuer,
    tokenEndpoint: `${issuer}${PATHS.token}`,
    secretKey: clientSecretKey(secret),
    allowInternalUrls: settings.allowInternalUrls,
    limits,
    events,
  });
  return {
    authenticateClient: authenticateClient({ store, clients, issuer, limits, events, problemOf }),
    tokenRequests: createTokenRequests(library, grantTypes, events),
    issuing,
    subjects: issuing.subjects,
    sectors,
    keys,
    idTokens,
    personClaims,
    library,
    guarded: new GuardedResources(),
    readScope,
    resourcesOf: (client: Client) =>
      allowedResources(client, { issuer, resources: Object.keys(resources) }),
  };
}
