// What a person decides: an approval opens a grant, for which the client gets a code; a denial is told
// to the client.

import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { isTold } from '../logout/session-ends.ts';
import type { Library } from '../oauth/library.ts';
import { openIdGrant } from '../oauth/openid-grant.ts';
import { newGrant } from '../oauth/tokens.ts';
import type { AuthorizationResponse } from '../protocol/redirect-target.ts';
import { randomToken } from '../protocol/secrets.ts';
import { sessionKey } from '../protocol/subject.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Client, Grant } from '../types.ts';
import { consentsTo } from './consent.ts';
import type { PendingRequests } from './pending-requests.ts';
import type { Visit } from './visit.ts';

export type Approvals = ReturnType<typeof createApprovals>;

/** What is done with a decision. */
export function createApprovals(
  {
    site,
    store,
    clients,
    events,
    oauth,
  }: Pick<Context, 'site' | 'store' | 'clients' | 'events' | 'oauth'>,
  library: Library,
  pendingRequests: PendingRequests,
) {
  /**
   * Issues the code, as long as what the person has allowed is remembered, and they are signed in.
   *
   * @param remembered whether it was allowed before, even if by the same form
   */
  async function issueCode(
    visit: Visit,
    opened: Grant,
    { sessionHash }: SignedIn,
    remembered: boolean,
  ): Promise<AuthorizationResponse | undefined> {
    const { client, request, target } = visit;
    const { userId, clientId, scope } = opened;
    const consents = consentsTo(visit, userId);
    try {
      const grant = await oauth.subjects.withSubject(client, opened);
      const code = await library.issueCode({ ...request, client, grant }, (draft) =>
        oauth.issuing.codes.save(
          { ...draft, nonce: request.nonce },
          client.id,
          grant,
          consents,
          sessionHash,
        ),
      );
      events.emit('consent_allowed', { userId, clientId, scope, remembered });
      return target.response({ code }, site.issuer);
    } catch (error) {
      if (!(error instanceof OAuthError) || error.code !== 'access_denied') throw error;
      if (sessionHash !== undefined && !(await store.sessions.find(sessionHash, Date.now()))) {
        return undefined;
      }
      throw error.sentTo(target);
    }
  }

  return {
    /**
     * Approves what the person has allowed before.
     *
     * @returns the code, for the client (RFC 6749 section 4.1.2); `undefined`, and nothing is approved,
     *   if the session of the person has just ended
     * @throws OAuthError `access_denied`, for the client
     */
    async approve(visit: Visit, user: SignedIn): Promise<AuthorizationResponse | undefined> {
      await clients.keep(visit.client, true);
      if (visit.pending) await pendingRequests.settle(visit.pending, user.id);
      return issueCode(visit, grantTo(visit, user), user, true);
    },

    /**
     * Approves what the person allows now, and remembers it.
     *
     * @returns the code, for the client; `undefined` as above, though it is remembered
     * @throws OAuthError `access_denied`, for the client
     */
    async allow(
      visit: Required<Visit>,
      user: SignedIn,
    ): Promise<AuthorizationResponse | undefined> {
      // First of all: what cannot be granted is not remembered either.
      const grant = grantTo(visit, user);
      await clients.keep(visit.client, true);
      const consents = consentsTo(visit, user.id);
      const isFirst = await pendingRequests.settle(visit.pending, user.id, 'allow', consents);
      return issueCode(visit, grant, user, !isFirst);
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
    const grant = newGrant(client.id, user.id, request, user, openid);
    return openid === undefined ? grant : { ...grant, ...sessionOf(client, user) };
  } catch (error) {
    throw error instanceof OAuthError ? error.sentTo(target) : error;
  }
}

/**
 * The session that a grant belongs to. If an app around us has no id for it, it is only kept apart from
 * all others.
 */
function sessionOf(client: Client, { sid, sessionEndsAt }: SignedIn) {
  return {
    session: sessionKey(sid ?? randomToken(16)),
    ...(isTold(client) && { sessionEndsAt }),
  };
}
