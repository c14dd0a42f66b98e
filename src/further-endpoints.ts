// The endpoints of the program around the server, by the options `endpoints` and `grants`, and what they
// have to look like.

import type { Context, Endpoint } from './context.ts';
import { Routes } from './http/routes.ts';
import { asInExpress } from './http/skip-express-init.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { isPlainObject } from './protocol/checks.ts';
import { jsonProblem } from './protocol/json.ts';
import { shown } from './protocol/shown.ts';

/**
 * The endpoints that the program brings, and those that carry the metadata of its grant types.
 *
 * @param ours the endpoints of the server
 * @throws TypeError if they are not endpoints, or have a path or metadata that one of ours has
 */
export function furtherEndpoints(
  { grants = {}, endpoints }: AuthorizationServerOptions,
  context: Context,
  ours: readonly Endpoint[],
): readonly Endpoint[] {
  const ofGrants = Object.values(grants).map(({ metadata = {} }) => ({
    routes: new Routes(),
    metadata,
  }));
  assertEndpoints('grants', ofGrants, ours);
  const further: unknown = endpoints?.(context) ?? [];
  assertEndpoints('endpoints', further, [...ours, ...ofGrants]);
  return [...ofGrants, ...further];
}

/** The same endpoint, with handlers that get requests as Express makes them: an app's may count on that. */
export function inExpress({ routes, ...others }: Endpoint): Endpoint {
  // Before anything else Express has done it itself.
  if (!(routes instanceof Routes)) return { ...others, routes };
  return { ...others, routes: Routes.merge([routes], asInExpress) };
}

/**
 * Checks what the option `endpoints` answered, or what grant types say of themselves.
 *
 * @param ours the endpoints that there are: nobody else answers at their paths, and says what they say
 *   of this server
 * @throws TypeError
 */
function assertEndpoints(
  name: 'endpoints' | 'grants',
  answer: unknown,
  ours: readonly Endpoint[],
): asserts answer is readonly Endpoint[] {
  const option = `The option ${name} of authorizationServer()`;
  if (!Array.isArray(answer)) {
    throw new TypeError(
      `${option} answered ${shown(answer)}, which is not a list of { routes, metadata }.`,
    );
  }
  for (const [index, one] of answer.entries()) {
    const problem = endpointProblem(one);
    if (problem !== undefined) {
      throw new TypeError(`${option} answered a list whose entry ${index} ${problem}.`);
    }
  }
  const pathsOf = ({ routes }: Endpoint) => (routes instanceof Routes ? routes.paths : []);
  const namesOf = ({ metadata = {} }: Endpoint) => Object.keys(metadata);
  const paths = new Set(ours.flatMap(pathsOf));
  const names = new Set(['issuer', ...ours.flatMap(namesOf)]);
  for (const endpoint of answer as readonly Endpoint[]) {
    const problem = jsonProblem(endpoint.metadata ?? {});
    if (problem !== undefined) throw new TypeError(`${option} brings metadata with ${problem}.`);
    const path = pathsOf(endpoint).find((one) => paths.has(one));
    const name = namesOf(endpoint).find((one) => names.has(one));
    const taken = path ?? name;
    if (taken !== undefined) {
      const what = path === undefined ? 'metadata' : 'path';
      throw new TypeError(`${option} brings the ${what} ${taken}, which another endpoint has.`);
    }
    for (const one of pathsOf(endpoint)) paths.add(one);
    for (const one of namesOf(endpoint)) names.add(one);
  }
}

/** What is wrong with an endpoint, as the end of the sentence "it ..."; or undefined. */
function endpointProblem(endpoint: unknown): string | undefined {
  if (!isPlainObject(endpoint)) return `is ${shown(endpoint)}, which is not { routes, metadata }`;
  const { routes, metadata = {} } = endpoint;
  if (typeof routes !== 'function' && !(routes instanceof Routes)) {
    return `has the routes ${shown(routes)}, which are neither new Routes() nor a Router`;
  }
  if (!isPlainObject(metadata))
    return `has the metadata ${shown(metadata)}, which are not an object`;
  return undefined;
}
