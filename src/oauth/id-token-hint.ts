// OpenID Connect Core section 3.1.2.1: the parameter `id_token_hint`, an ID token that says whom the client
// expects.

import { OAuthError } from '../errors.ts';
import type { IdTokens } from './id-tokens.ts';

export type SubjectOfHint = (hint: string, clientId: string) => Promise<string>;

/** Makes the function that reads hints: ID tokens of this server. */
export function createSubjectOfHint(idTokens: Pick<IdTokens, 'verify'>): SubjectOfHint {
  /**
   * The `sub` of a hint. It may have expired: it proves nothing, and only asks for somebody. One of another
   * client says whom that one knows, which is nothing to this one.
   *
   * @throws OAuthError `invalid_request`
   */
  return async (hint, clientId) => {
    const found = await idTokens.verify(hint);
    if (found?.clientId === clientId) return found.subject;
    throw new OAuthError(
      'invalid_request',
      'The id_token_hint is no ID token that this server issued to this client and can still verify: send the last one, or none.',
    );
  };
}
