// OpenID Connect Core sections 5.4 and 5.5: which claims a client is told of a person, by the scope and by
// the names that it asks for one by one.

import { isDeepStrictEqual } from 'node:util';
import type { ClaimsRequest, JsonObject, RequestedClaim, User } from '../types.ts';
import { CLAIMS_OF_SCOPE, type ClaimName, isPersonClaim } from './claims.ts';

/** The claims that a word of a scope stands for; none if it is about something else. */
export function claimsOfScope(word: string): readonly ClaimName[] {
  return CLAIMS_OF_SCOPE.get(word) ?? [];
}

/** The scopes that stand for some of these claims. */
export function scopesOfClaims(names: Iterable<string>): string[] {
  const all = new Set(names);
  return [...CLAIMS_OF_SCOPE]
    .filter(([, claims]) => claims.some((name) => all.has(name)))
    .map(([word]) => word);
}

/** The claims about the person that are asked for one by one, for the ID token or UserInfo. */
export function requestedNames({ id_token, userinfo }: ClaimsRequest = {}): ClaimName[] {
  const names = new Set([...Object.keys(id_token ?? {}), ...Object.keys(userinfo ?? {})]);
  return [...names].filter(isPersonClaim).sort();
}

/** Those of the claims that were asked for one by one that belong to scopes that the client may have. */
export function allowedClaims(
  requested: Readonly<Record<string, RequestedClaim>>,
  scope: readonly string[],
): Readonly<Record<string, RequestedClaim>> {
  const allowed = new Set<string>(scope.flatMap(claimsOfScope));
  return Object.fromEntries(Object.entries(requested).filter(([name]) => allowed.has(name)));
}

/** All claims about the person that a request is for. */
export function claimNames({
  scope,
  claims,
}: {
  readonly scope: readonly string[];
  readonly claims?: ClaimsRequest | undefined;
}): ClaimName[] {
  return [...new Set([...scope.flatMap(claimsOfScope), ...requestedNames(claims)])];
}

/** Some of the claims of a person, as far as they are known. */
export function pickClaims(claims: JsonObject, names: readonly string[]): JsonObject {
  const known = names.filter((name) => Object.hasOwn(claims, name) && claims[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, claims[name]]));
}

/**
 * The part of a person's claims that a request asks for.
 *
 * @returns `undefined` if there is none, so that nothing is kept
 */
export function sharedClaims(
  claims: JsonObject | undefined,
  request: Parameters<typeof claimNames>[0],
): JsonObject | undefined {
  const shared = pickClaims(claims ?? {}, claimNames(request));
  return Object.keys(shared).length === 0 ? undefined : shared;
}

/**
 * The claims that one place tells: the ID token or UserInfo. A claim that is asked for with a value
 * (section 5.5.1) is told only if the person's claim has that value; another value is not an error.
 *
 * @param names those of the scope
 * @param requested those that are asked for one by one
 */
export function toldClaims(
  claims: JsonObject,
  names: readonly string[],
  requested: Readonly<Record<string, RequestedClaim>> = {},
): JsonObject {
  const met = Object.keys(requested).filter(
    (name) => isPersonClaim(name) && isMet(requested[name]!, claims[name]),
  );
  return pickClaims(claims, [...new Set([...names, ...met])]);
}

function isMet({ value, values }: RequestedClaim, known: unknown): boolean {
  const wanted = value === undefined ? values : [value];
  return wanted === undefined || wanted.some((one) => isDeepStrictEqual(one, known));
}

/** All claims of somebody in the store. Their `preferred_username` is what they sign in with here. */
export function claimsOfUser({ name, username, email, claims }: User): JsonObject {
  return { ...claims, name, preferred_username: username, ...(email !== undefined && { email }) };
}
