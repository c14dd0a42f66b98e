// What a person decides: an approval opens a grant, for which the client gets a code; a denial is told
// to the client.

import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import type { Library } from '../oauth/library.ts';
import { openIdGrant } from '../oauth/openid-grant.ts';
import { newGrant } from '../oauth/tokens.ts';
import type { AuthorizationResponse } from '../protocol/redirect-target.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Grant } from '../types.ts';
import { consentsTo } from './consent.ts';
import type { PendingRequests } from './pending-requests.ts';
import type { Visit } from './visit.ts';

export type Approvals = ReturnType<typeof createApprovals>;

/** What is done with a decision. */
export function createApprovals(
  { site, events, oauth }: Pick<Context, 'site' | 'events' | 'oauth'>,
  library: Library,
  pendingRequests: PendingRequests,
) {
  /**
   * Issues the code, as long as what the person has allowed is remembered.
   *
   * @param remembered whether it was allowed before, even if by the same form
   */
  async function issueCode(
    visit: Visit,
    grant: Grant,
    remembered: boolean,
  ): Promise<AuthorizationResponse> {
    const { client, request, target } = visit;
    const { userId, clientId, scope } = grant;
    const consents = consentsTo(request, userId);
    try {
      const code = await library.issueCode({ ...request, client, grant }, (draft) =>
        oauth.issuing.codes.save({ ...draft, nonce: request.nonce }, client.id, grant, consents),
      );
      events.emit('consent_allowed', { userId, clientId, scope, remembered });
      return target.response({ code }, site.issuer);
    } catch (error) {
      const isDenied = error instanceof OAuthError && error.code === 'access_denied';
      throw isDenied ? error.sentTo(target) : error;
    }
  }

  return {
    /**
     * Approves what the person has allowed before.
     *
     * @returns the code, for the client (RFC 6749 section 4.1.2)
     * @throws OAuthError `access_denied`, for the client
     */
    async approve(visit: Visit, user: SignedIn): Promise<AuthorizationResponse> {
      if (visit.pending) await pendingRequests.settle(visit.pending, user.id);
      return issueCode(visit, grantTo(visit, user), true);
    },

    /**
     * Approves what the person allows now, and remembers it.
     *
     * @returns the code, for the client
     * @throws OAuthError `access_denied`, for the client
     */
    async allow(visit: Required<Visit>, user: SignedIn): Promise<AuthorizationResponse> {
      // First of all: what cannot be granted is not remembered either.
      const grant = grantTo(visit, user);
      const consents = consentsTo(visit.request, user.id);
      const isFirst = await pendingRequests.settle(visit.pending, user.id, 'allow', consents);
      return issueCode(visit, grant, !isFirst);
    },

    /** @throws OAuthError `access_denied`, for the client, in any case */
    async deny({ client, target, pending }: Required<Visit>, user: SignedIn): Promise<never> {
      if (await pendingRequests.settle(pending, user.id, 'deny')) {
        events.emit('consent_denied', { userId: user.id, clientId: client.id });
      }
      throw new OAuthError('access_denied', 'The person did not allow the access.', { target });
    },
  };
}

/**
 * The grant that an approval opens.
 *
 * @throws OAuthError `access_denied`, for the client
 */
function grantTo({ client, request, target }: Visit, user: SignedIn): Grant {
  try {
    const openid = openIdGrant(client.id, user, request);
    return newGrant(client.id, user.id, request, user.authTime, openid);
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}
