// OpenID Connect RP-Initiated Logout 1.0 section 2: a client asks for a person to be signed out.

import { OAuthError } from '../errors.ts';
import type { Params } from '../http/params.ts';
import { fits, MAX_LOCATION } from '../http/redirect.ts';
import type { IdTokens } from '../oauth/id-tokens.ts';
import type { PairwiseSubjects } from '../oauth/pairwise-subjects.ts';
import { AUTHORIZATION_PARAMS } from '../protocol/authorization-request.ts';
import type { IdTokenHint } from '../protocol/id-token.ts';
import { withAnswer } from '../protocol/redirect-target.ts';
import { Seal } from '../protocol/seal.ts';
import { sidFor } from '../protocol/subject.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';

const { client_id, redirect_uri, state, ui_locales, id_token_hint } = AUTHORIZATION_PARAMS;

/** The parameters of such a request, each with its longest length in characters. */
export const LOGOUT_PARAMS = {
  id_token_hint,
  client_id,
  logout_hint: 256,
  post_logout_redirect_uri: redirect_uri,
  state,
  ui_locales,
};

/** Longest handle, in characters: it is carried in URLs that a redirect leads to. */
export const MAX_LOGOUT_HANDLE = MAX_LOCATION - 100;

/** What handles have in common, see `Seal`. */
const COMMON =
  '{"clientId":"","hint":{"subject":"","sid":""},"logoutHint":"","uiLocales":"en","state":"","isBack":true,"redirectUri":"https://';

/** What a request asks, once its `id_token_hint` is verified; plain data, so that it can be sealed. */
interface LogoutRequest {
  readonly clientId?: string | undefined;
  /** Whom and which session the ID token is about. */
  readonly hint?: Pick<IdTokenHint, 'subject' | 'sid'> | undefined;
  readonly logoutHint?: string | undefined;
  /** Where the person goes afterwards. */
  readonly redirectUri?: string | undefined;
  readonly state?: string | undefined;
  readonly uiLocales?: string | undefined;
  /** Whether the person has been at the page of the app around this server that signs people out. */
  readonly isBack?: true | undefined;
}

/** A request with what is known about it now. */
export interface LogoutVisit {
  readonly request: LogoutRequest;
  /** Who asks; nobody knows if neither the hint nor the `client_id` says it. */
  readonly client?: Client | undefined;
  /** Where the person goes afterwards: a URL that is registered for the client, with the `state`. */
  readonly target?: string | undefined;
}

/** What has to be known about a person who is signed in. */
interface Person {
  readonly id: string;
  readonly sid?: string | undefined;
}

interface Parts {
  readonly store: Pick<Store, 'clients'>;
  readonly idTokens: Pick<IdTokens, 'verify'>;
  readonly subjects: Pick<PairwiseSubjects, 'isSubject'>;
}

/** @param key 32 bytes, see `Seal` */
export function createLogoutRequests({ store, idTokens, subjects }: Parts, key: Buffer) {
  const seal = new Seal<LogoutRequest>(key, COMMON);

  /** @throws OAuthError if the hint is not an ID token of this server, or one of another client than asks */
  async function readHint(params: Params): Promise<IdTokenHint | undefined> {
    const token = params.get('id_token_hint');
    if (token === undefined) return undefined;
    const hint = await idTokens.verify(token);
    if (hint === undefined) {
      throw invalid(
        'The id_token_hint is no ID token that this server issued and can still verify: send the last one, or none.',
      );
    }
    const clientId = params.get('client_id') ?? hint.clientId;
    if (clientId === hint.clientId) return hint;
    throw invalid(
      'The client_id is not that of the client that the id_token_hint was issued to: send that one, or leave it out.',
      { client_id: clientId },
    );
  }

  /** Looks a request up against the client as it is now. @throws OAuthError */
  async function look(request: LogoutRequest): Promise<LogoutVisit> {
    const { clientId, redirectUri } = request;
    const client = clientId === undefined ? undefined : await store.clients.find(clientId);
    if (clientId !== undefined && client === undefined) {
      throw new OAuthError(
        'invalid_client',
        'No client is registered with the client_id that was sent, or that the id_token_hint was issued to: correct it, or have the client registered.',
        { status: 400, sent: { client_id: clientId } },
      );
    }
    return { request, client, target: redirectUri && targetOf(request, redirectUri, client) };
  }

  return {
    /** A new request. @throws OAuthError for the person: nobody is sent anywhere, and nothing ends */
    async begin(params: Params): Promise<LogoutVisit> {
      params.assertSound();
      const hint = await readHint(params);
      return look({
        clientId: hint?.clientId ?? params.get('client_id'),
        hint: hint && { subject: hint.subject, sid: hint.sid },
        logoutHint: params.get('logout_hint'),
        redirectUri: params.get('post_logout_redirect_uri'),
        state: params.get('state'),
        uiLocales: params.get('ui_locales'),
      });
    },

    /**
     * The request that a handle stands for. It says no more than its parameters did, which do not expire
     * either.
     *
     * @throws OAuthError for the person, if there is none, or its client or URL is registered no more
     */
    async resume(handle: string): Promise<LogoutVisit> {
      const request = seal.open(handle);
      if (request !== undefined) return look(request);
      throw invalid(
        'The parameter continue is none that this server has made: send a new request.',
      );
    },

    /**
     * What stands for a request while the person is away, or decides.
     *
     * @param isBack whether it is from the page of the app that they will come back
     * @throws OAuthError for the person, if it is longer than URLs may be
     */
    handleOf({ request }: LogoutVisit, isBack?: true): string {
      const handle = seal.seal({ ...request, isBack });
      if (handle.length <= MAX_LOGOUT_HANDLE) return handle;
      throw invalid(
        `The request is too long: packed, its parameters have ${handle.length} characters, and may have ${MAX_LOGOUT_HANDLE}. Send a shorter state.`,
      );
    },

    /**
     * Whether a request proves that its client means this session of this person, so that the person
     * need not be asked (section 2).
     */
    async isProven({ request, client }: LogoutVisit, person: Person): Promise<boolean> {
      const { hint, logoutHint } = request;
      if (client === undefined || hint?.sid === undefined || person.sid === undefined) return false;
      if (hint.sid !== sidFor(person.sid, client.id)) return false;
      if (!(await subjects.isSubject(hint.subject, client, person.id))) return false;
      // No other name counts: a client would learn whether the name is right, and nobody has allowed it
      // to know that.
      const names = [hint.subject, hint.sid];
      return logoutHint === undefined || names.includes(logoutHint);
    },
  };
}

/**
 * Section 3: where the person goes, if that is registered for the client, letter for letter.
 *
 * @throws OAuthError for the person
 */
function targetOf({ state }: LogoutRequest, uri: string, client: Client | undefined): string {
  const sent = { post_logout_redirect_uri: uri };
  if (client === undefined) {
    throw invalid(
      'The post_logout_redirect_uri came without a client: send the id_token_hint or the client_id as well.',
      sent,
    );
  }
  const registered = client.postLogoutRedirectUris ?? [];
  if (!registered.includes(uri)) {
    throw new OAuthError(
      'invalid_request',
      'The post_logout_redirect_uri is not one of those registered for this client (post_logout_redirect_uris), compared character by character: send one of those, or have this one registered.',
      { sent: { client_id: client.id, ...sent }, registered },
    );
  }
  const target = withAnswer(uri, state === undefined ? {} : { state });
  if (fits(target)) return target;
  throw invalid(
    `The post_logout_redirect_uri and the state are too long: together they may have ${MAX_LOCATION} bytes, percent-encoded.`,
  );
}

function invalid(description: string, sent: Readonly<Record<string, string>> = {}): OAuthError {
  return new OAuthError('invalid_request', description, { sent });
}
