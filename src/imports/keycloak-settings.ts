// What a realm of Keycloak has besides clients and people: named, as this server has settings of its own.

import { isPlainObject } from '../protocol/checks.ts';
import { listOf, type Plain, textOf } from './plain.ts';

/** What stores people elsewhere, by its name among the components of a realm. */
const FEDERATION = 'org.keycloak.storage.UserStorageProvider';

/** What is to be said of the settings of a realm. */
export function* settingsElsewhere(plain: Plain): Generator<string> {
  const providers = listOf(plain, 'identityProviders').map((one) => textOf(one, 'alias') ?? '?');
  if (providers.length > 0) {
    yield `has identity providers, by way of which nobody signs in here: ${providers.join(', ')}`;
  }
  const components = isPlainObject(plain['components']) ? plain['components'] : {};
  if (listOf(components, FEDERATION).length + listOf(plain, 'userFederationProviders').length > 0) {
    yield 'has user federation: people are in the database of this server';
  }
  if (listOf(plain, 'authenticationFlows').some(({ builtIn }) => builtIn === false)) {
    yield 'has authentication flows of its own';
  }
  const policy = textOf(plain, 'passwordPolicy');
  if (policy !== undefined) yield `has a policy for passwords: ${policy}`;
  const lifespan = plain['accessTokenLifespan'];
  if (Number.isSafeInteger(lifespan)) {
    yield `has access tokens of ${lifespan} seconds: ACCESS_TOKEN_TTL says how long they last here`;
  }
}
