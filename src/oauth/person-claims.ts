// What is known of a person, for clients and for the pages that show the person what a client is told. It
// comes from the store, or from the app around this server: from what the app said when the person
// approved, and from its option `userClaims`.

import { HostError, hostError } from '../host-error.ts';
import { type AppClaims, claimsProblem, withoutUnknown } from '../protocol/claims.ts';
import {
  allowedClaims,
  claimsOfScope,
  claimsOfUser,
  pickClaims,
  requestedNames,
  scopesOfClaims,
  toldClaims,
} from '../protocol/shared-claims.ts';
import { shown } from '../protocol/shown.ts';
import type { Client, Grant, JsonObject, User } from '../types.ts';
import { type TokenUser, tokenUserOf } from './additions.ts';

/**
 * What an app knows of a person.
 *
 * @param scopes that stand for what is to be told: `profile`, `email`, `address`, `phone`, `groups`
 * @returns claims by OpenID's names; those of other scopes are ignored. `undefined` if nothing is known
 */
export type UserClaims = (
  user: TokenUser,
  scopes: readonly string[],
) => AppClaims | undefined | null | Promise<AppClaims | undefined | null>;

interface Parts {
  /** Looks a person up; absent if they are those of an app around the server. */
  readonly findUser?: ((id: string) => Promise<User | undefined>) | undefined;
  readonly userClaims?: UserClaims | undefined;
}

/** A person whose claims are wanted. */
export interface KnownPerson {
  readonly id: string;
  /** What the app that keeps them has said. */
  readonly claims?: JsonObject | undefined;
}

export type KnownClaims = ReturnType<typeof createPersonClaims>;

/** Creates the look-up of people's claims. */
export function createPersonClaims({ findUser, userClaims }: Parts) {
  async function known(
    person: KnownPerson,
    names: readonly string[],
    there?: User,
  ): Promise<JsonObject> {
    if (names.length === 0) return {};
    const user = findUser === undefined ? undefined : (there ?? (await findUser(person.id)));
    // The app is not asked about somebody who has been removed meanwhile.
    if (findUser !== undefined && user === undefined) return {};
    const claims = user === undefined ? (person.claims ?? {}) : claimsOfUser(user);
    if (userClaims === undefined) return pickClaims(claims, names);
    const about = tokenUserOf(person.id, user);
    const asked = await ask(userClaims, about, scopesOfClaims(names));
    return pickClaims({ ...claims, ...asked }, names);
  }

  return {
    /**
     * Finds out some claims of a person. If no claims are wanted, nobody is looked up.
     *
     * @param there the record, if it was looked up already
     * @throws HostError if the app cannot say what it knows
     */
    known,

    /**
     * What a client is told of the person of a grant, besides `sub`.
     *
     * @param scope of the token
     * @param client whose record may say that claims of scopes are in ID tokens, too, and whose scope may be
     *   smaller than when the person approved
     * @param there the record of the person, if it was looked up already
     * @throws HostError if the app cannot say what it knows
     */
    async of(
      { userId, openid }: Grant,
      scope: readonly string[],
      where: 'id_token' | 'userinfo',
      { idTokenClaims = false, scope: may }: Pick<Client, 'idTokenClaims' | 'scope'>,
      there?: User,
    ): Promise<JsonObject> {
      const requested = allowedClaims(openid?.claims?.[where] ?? {}, may);
      const oneByOne = requestedNames({ [where]: requested });
      const ofScope = where === 'id_token' && !idTokenClaims ? [] : scope.flatMap(claimsOfScope);
      const person = { id: userId, claims: openid?.userClaims };
      const claims = await known(person, [...ofScope, ...oneByOne], there);
      return toldClaims(claims, ofScope, requested);
    },
  };
}

/** @throws HostError if the app fails, or its answer cannot be used */
async function ask(
  userClaims: UserClaims,
  user: TokenUser,
  scopes: readonly string[],
): Promise<JsonObject> {
  try {
    const answer: unknown = await userClaims(user, scopes);
    if (answer === undefined || answer === null) return {};
    const claims = withoutUnknown(answer);
    const problem = claimsProblem(claims);
    if (problem === undefined) return claims as JsonObject;
    throw new HostError(`The option userClaims answered ${shown(answer)}, which ${problem}.`);
  } catch (error) {
    throw hostError('userClaims', error);
  }
}
