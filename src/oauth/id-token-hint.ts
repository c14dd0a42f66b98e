// OpenID Connect Core section 3.1.2.1: the parameter `id_token_hint`, an ID token that says whom the client
// expects.

import { OAuthError } from '../errors.ts';
import { keyIdOf, verifyJwt } from '../protocol/jwt.ts';
import type { Keys } from './keys.ts';

export type SubjectOfHint = (hint: string, clientId: string) => Promise<string>;

/** Makes the function that reads hints: ID tokens of this server. */
export function createSubjectOfHint(issuer: string, keys: Pick<Keys, 'find'>): SubjectOfHint {
  /**
   * The `sub` of a hint. It may have expired: it proves nothing, and only asks for somebody. One of another
   * client says whom that one knows, which is nothing to this one.
   *
   * @throws OAuthError `invalid_request`
   */
  return async (hint, clientId) => {
    const kid = keyIdOf(hint);
    const key = kid === undefined ? undefined : await keys.find(kid);
    const { iss, aud, sub } = (key && verifyJwt(hint, 'JWT', key)) ?? {};
    const isOurs = iss === issuer && [aud].flat().includes(clientId);
    if (isOurs && typeof sub === 'string') return sub;
    throw new OAuthError(
      'invalid_request',
      'The id_token_hint is no ID token that this server issued to this client and can still verify: send the last one, or none.',
    );
  };
}
