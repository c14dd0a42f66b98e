// What clients are told of a person.

import type { Client, Grant, JsonObject, User } from '../types.ts';

interface Parts {
  /** Looks a person up; absent if they are those of an app around the server. */
  readonly findUser?: ((id: string) => Promise<User | undefined>) | undefined;
}

export type KnownClaims = ReturnType<typeof createPersonClaims>;

export function createPersonClaims({ findUser }: Parts) {
  return {
    /**
     * What a client is told of the person of a grant, beside `sub`.
     *
     * @param there the record of the person, if it was looked up already
     */
    async of(
      { userId }: Grant,
      scope: readonly string[],
      where: 'id_token' | 'userinfo',
      { idTokenClaims = true }: Pick<Client, 'idTokenClaims'>,
      there?: User,
    ): Promise<JsonObject> {
      const told = where === 'userinfo' || idTokenClaims;
      const has = (word: string) => told && scope.includes(word);
      if (!has('profile') && !has('email')) return {};
      const user = there ?? (await findUser?.(userId));
      return {
        ...(has('profile') && user && { name: user.name, preferred_username: user.username }),
        ...(has('email') && user?.email !== undefined && { email: user.email }),
      };
    },
  };
}
