// OpenID Connect Core section 8: what a client is to know a person by.

import { randomToken } from '../protocol/secrets.ts';
import { pairwiseSubject, sectorOf } from '../protocol/subject.ts';
import type { Store } from '../store/store.ts';
import type { Client, Grant } from '../types.ts';

/** The name of the constant in the store that all pairwise subjects are derived from. */
const SALT = 'salt of pairwise subjects';

export type PairwiseSubjects = ReturnType<typeof createPairwiseSubjects>;

/** @param assertSector makes sure that a client belongs to its sector */
export function createPairwiseSubjects(
  store: Pick<Store, 'constants'>,
  assertSector: (client: Client) => Promise<void> = async () => {},
) {
  let salt: Promise<Buffer> | undefined;

  /** The store is asked once, and again only if it did not answer. */
  function findSalt(): Promise<Buffer> {
    salt ??= store.constants.ensure(SALT, randomToken()).then(
      (text) => Buffer.from(text, 'base64url'),
      (error: unknown) => {
        salt = undefined;
        throw error;
      },
    );
    return salt;
  }

  /**
   * The `sub` of a person for a client: their id, or for a pairwise client what stands for it.
   *
   * @throws OAuthError `server_error` if the client's sector cannot be verified
   */
  async function subjectFor(client: Client, userId: string): Promise<string> {
    const [subject] = await Promise.all([derive(client, userId), assertSector(client)]);
    return subject;
  }

  async function derive(client: Client, userId: string): Promise<string> {
    if (client.subjectType !== 'pairwise') return userId;
    return pairwiseSubject(await findSalt(), sectorOf(client), userId);
  }

  return {
    subjectFor,

    /** Whether a client knows a person by a `sub`. It is told nothing, so its sector does not matter. */
    async isSubject(subject: string, client: Client, userId: string): Promise<boolean> {
      return (await derive(client, userId)) === subject;
    },

    /**
     * Lets a client hear of a mistake before a person is asked anything. @throws OAuthError as
     * `subjectFor`
     */
    assertSector,

    /**
     * A new grant, with the `sub` that its client knows the person by.
     *
     * @throws OAuthError as `subjectFor`
     */
    async withSubject(client: Client, grant: Grant): Promise<Grant> {
      if (client.subjectType !== 'pairwise') return grant;
      const subject = await subjectFor(client, grant.userId);
      return { ...grant, openid: { ...grant.openid, subject } };
    },
  };
}
