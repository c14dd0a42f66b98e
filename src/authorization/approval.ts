// An approval: the grant that it opens, and the code that the client gets for it.

import { OAuthError } from '../errors.ts';
import type { Site } from '../http/site.ts';
import type { Issuing } from '../oauth/issuing.ts';
import type { Library } from '../oauth/library.ts';
import { newGrant } from '../oauth/tokens.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Grant } from '../types.ts';
import { consentsTo } from './consent.ts';
import type { Visit } from './visit.ts';

/**
 * The grant that an approval opens.
 *
 * @throws OAuthError `access_denied`, for the client
 */
export function grantTo({ client, request, target }: Visit, user: SignedIn): Grant {
  try {
    return newGrant(client.id, user.id, request, user.authTime);
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}

/**
 * Issues the code, as long as what the person has allowed is remembered.
 *
 * @returns the URL that takes it to the client (RFC 6749 section 4.1.2)
 * @throws OAuthError `access_denied`, for the client
 */
export async function issueCode(
  { issuer }: Site,
  library: Library,
  issuing: Issuing,
  { client, request, target }: Visit,
  grant: Grant,
): Promise<string> {
  const consents = consentsTo(request, grant.userId);
  try {
    const code = await library.issueCode({ ...request, client, grant }, (draft) =>
      issuing.codes.save(draft, client.id, grant, consents),
    );
    return target.location({ code }, issuer);
  } catch (error) {
    const isDenied = error instanceof OAuthError && error.code === 'access_denied';
    throw isDenied ? error.sentTo(target) : error;
  }
}
