// An authorization request on its way: read from a client's URL, or taken up again after it waited.

import type { Response } from 'express';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { lookedUpOnce } from '../http/ahead.ts';
import type { Params } from '../http/params.ts';
import { MAX_LOCATION } from '../http/redirect.ts';
import { reaches } from '../pages/authorization-response.ts';
import { setUiLocales } from '../pages/language.ts';
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
} from '../protocol/authorization-request.ts';
import { readTarget } from '../protocol/authorization-target.ts';
import { commonSubjects } from '../protocol/claims-parameter.ts';
import { RedirectTarget } from '../protocol/redirect-target.ts';
import { randomToken } from '../protocol/secrets.ts';
import type { Client } from '../types.ts';
import type { PendingRequest, PendingRequests } from './pending-requests.ts';

/** A request on its way, and what is known about it. */
export interface Visit {
  readonly client: Client;
  /** Where the answer goes. */
  readonly target: RedirectTarget;
  readonly request: AuthorizationRequest;
  /** Present once the request waits for the person. */
  readonly pending?: PendingRequest;
}

export type Visits = ReturnType<typeof createVisits>;

export function createVisits(
  { site, clients, oauth }: Pick<Context, 'site' | 'clients' | 'oauth'>,
  pendingRequests: PendingRequests,
) {
  const findClient = lookedUpOnce(async (params: Params, { req }: Response) => {
    const clientId = params.get('client_id');
    return clientId === undefined ? undefined : clients.find(clientId, req);
  });

  /**
   * Adds to a request the person whom its `id_token_hint` names.
   *
   * @throws OAuthError `invalid_request` if the hint is not an ID token for this client
   */
  async function withHint(
    request: AuthorizationRequest,
    hint: string | undefined,
  ): Promise<AuthorizationRequest> {
    if (hint === undefined) return request;
    const meant = await oauth.idTokens.verify(hint);
    // The hint of another client names somebody as that client knows them.
    if (meant?.clientId !== request.clientId) throw noHint();
    const subjects = commonSubjects(request.subjects, [meant.subject]);
    return { ...request, subjects, isHinted: true };
  }

  return {
    /** Begins to look up the client of a new request, if it is one. */
    ahead(params: Params, res: Response): void {
      if (params.get('continue') === undefined) void findClient(params, res);
    },

    /**
     * A new request. The answer is from here on in the language that it asks for.
     *
     * @throws OAuthError for the person until the client and its redirect URI are proved, and for
     *   the client afterwards
     */
    async begin(params: Params, res: Response): Promise<Visit> {
      setUiLocales(res, params.get('ui_locales'));
      params.assertSound('client_id');
      const client = await findClient(params, res);
      const target = readTarget(params, client);
      assertRoomForCode(target, site.issuer);
      const resources = oauth.resourcesOf(client!);
      const request = readAuthorizationRequest(params, client!, target, oauth.readScope, resources);
      try {
        // Checked now: later, the person would have been asked for nothing.
        await oauth.subjects.assertSector(client!);
        const meant = await withHint(request, params.get('id_token_hint'));
        return { client: client!, target, request: meant };
      } catch (error) {
        throw error instanceof OAuthError ? error.sentTo(target) : error;
      }
    },

    /**
     * The request that waits under a handle, checked against the client as it is now. The answer is
     * from here on in the language of the request.
     *
     * @throws OAuthError for the person
     */
    async resume(handle: string, res: Response): Promise<Required<Visit>> {
      const asked = pendingRequests.peek(handle);
      const [pending, client] = await Promise.all([
        pendingRequests.find(handle),
        asked && clients.find(asked.clientId, res.req),
      ]);
      const { request } = pending;
      setUiLocales(res, request.uiLocales);
      const { redirectUri, state, responseMode } = request;
      const target = client && RedirectTarget.of(client, redirectUri, state, responseMode);
      if (client === undefined || target === undefined) {
        throw new OAuthError(
          'invalid_request',
          'The client or its redirect URI is no longer registered: send a new request with one that is.',
        );
      }
      return { client, target, request, pending };
    },

    /**
     * The request as it waits from now on, if it did not wait yet.
     *
     * @throws OAuthError for the client, if the request is too long to wait
     */
    wait({ pending, request, target }: Visit): PendingRequest {
      try {
        return pending ?? pendingRequests.open(request);
      } catch (error) {
        throw error instanceof OAuthError ? error.sentTo(target) : error;
      }
    },
  };
}

function noHint(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'The id_token_hint is no ID token that this server issued to this client and can still verify: send the last one, or none.',
  );
}

/** As long as a code. */
const SOME_CODE = randomToken();

/** @throws OAuthError for the person: no answer would reach the client, not even an error */
function assertRoomForCode(target: RedirectTarget, issuer: string): void {
  // Most are far shorter. Percent-encoded, a character takes at most nine bytes.
  const { uri, state = '' } = target;
  if (9 * (uri.length + state.length + issuer.length) < MAX_LOCATION / 2) return;
  if (reaches(target.response({ code: SOME_CODE }, issuer))) return;
  throw new OAuthError(
    'invalid_request',
    `The redirect_uri and the state are too long to be sent back: with a code they may have ${MAX_LOCATION} bytes, percent-encoded.`,
  );
}
