// RFC 8707: resource indicators.

import { OAuthError } from '../errors.ts';
import type { Client } from '../types.ts';
import { shown } from './shown.ts';
import { isWeb, webUrlProblem } from './web-url.ts';

/** How many resources a request may name, and how long each may be: a JWT has to hold them all. */
const MAX_RESOURCES = 16;
const MAX_LENGTH = 512;

/** Whether a string can name a resource: an absolute URI without a fragment (section 2). */
export function isResource(value: string): boolean {
  // A parser of URLs is more generous: it trims, and it encodes what no URI may have.
  const isUri = /^[a-z][a-z0-9+.-]*:[\w.~:/?@!$&'()*+,;=%[\]-]+$/i.test(value);
  if (!isUri || value.length > MAX_LENGTH || !URL.canParse(value)) return false;
  return !isWeb(value) || webUrlProblem(value) === undefined;
}

/** Why a value names no resource, or `undefined` if it may. */
export function resourceProblem(value: unknown): string | undefined {
  return typeof value === 'string' && isResource(value)
    ? undefined
    : 'is not an absolute URI without a fragment';
}

/**
 * What a client may ask tokens for: what its record lists, or what the server lists if the record has
 * no list, and the server itself in any case. If neither has a list it may ask for anything, which is
 * `undefined`.
 */
export function allowedResources(
  client: Pick<Client, 'resources'>,
  server: { readonly issuer?: string | undefined; readonly resources: readonly string[] },
): readonly string[] | undefined {
  const listed = client.resources ?? (server.resources.length > 0 ? server.resources : undefined);
  return listed && [...listed, ...(server.issuer === undefined ? [] : [server.issuer])];
}

/**
 * What the client may still have of the resources that were granted.
 *
 * @param allowed what the client may ask for now; anything if it is absent
 * @throws OAuthError `invalid_grant` if nothing is left: no resource would stand for the server itself
 */
export function remainingResources(
  granted: readonly string[],
  allowed: readonly string[] | undefined,
): readonly string[] {
  if (allowed === undefined || granted.length === 0) return granted;
  const known = new Set(allowed.map(resourceKey));
  const remaining = granted.filter((name) => known.has(resourceKey(name)));
  if (remaining.length === 0) {
    throw new OAuthError(
      'invalid_grant',
      'Nothing is left of the resources that were granted: the client may no longer ask for any of them.',
    );
  }
  return remaining;
}

/**
 * The resources that a request names.
 *
 * @param asked the `resource` parameters, as they were sent
 * @param allowed what may be asked for; anything if it is absent
 * @throws OAuthError `invalid_target`
 */
export function readResources(
  asked: readonly string[],
  allowed: readonly string[] | undefined,
): readonly string[] {
  const names = [...new Set(asked)];
  if (names.length > MAX_RESOURCES) {
    throw new OAuthError(
      'invalid_target',
      `A token can be for ${MAX_RESOURCES} resources, and this asks for ${names.length}.`,
    );
  }
  const known = allowed && new Set(allowed.map(resourceKey));
  for (const resource of names) {
    if (!isResource(resource)) {
      throw new OAuthError(
        'invalid_target',
        `The resource ${shown(resource)} is not an absolute URI without a fragment (RFC 8707 section 2), of up to ${MAX_LENGTH} characters.`,
      );
    }
    if (known?.has(resourceKey(resource)) === false) {
      throw new OAuthError(
        'invalid_target',
        `This client may not ask for a token for the resource ${shown(resource)}.${slashOf(resource, known)}`,
      );
    }
  }
  return names;
}

/** What a refusal adds if a resource differs from a known one by the slash at its end alone. */
function slashOf(resource: string, known: ReadonlySet<string>): string {
  const hasSlash = resource.endsWith('/');
  if (!known.has(hasSlash ? resource.slice(0, -1) : `${resource}/`)) return '';
  return ` The one that it may ask for has ${hasSlash ? 'no' : 'a'} slash at the end.`;
}

/**
 * What all names of one resource have in common. They are compared letter for letter but for one
 * thing: a URL without a path is the same as one with the path `/` (RFC 3986 section 6.2.3), and
 * URL classes turn the first into the second without being asked.
 */
export function resourceKey(name: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+$/i.test(name) ? `${name}/` : name;
}

export function isSameResource(one: string, other: string): boolean {
  return resourceKey(one) === resourceKey(other);
}

/**
 * RFC 9728 section 3.1: the URL of a resource's metadata. The well-known path stands between the host
 * and the path of the resource.
 *
 * @returns `undefined` if the resource is not an http URL, and so can have none
 */
export function metadataUrlOf(resource: string): URL | undefined {
  const { protocol, origin, pathname, search } = new URL(resource);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return new URL(
    `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`,
  );
}
