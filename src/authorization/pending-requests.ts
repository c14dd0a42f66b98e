// Authorization requests that wait for a person, to sign in or to decide.
//
// The browser carries them, sealed: nobody but this server can read one, make one or change one, so
// what is approved is what was checked. Nothing is kept for a person who may never come. What is
// kept is that a request was answered.

import { OAuthError } from '../errors.ts';
import { MAX_LOCATION } from '../http/redirect.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { Seal } from '../protocol/seal.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Document } from '../store/store-sessions.ts';
import type { Consent } from '../types.ts';

type Decision = 'allow' | 'deny';

/** What is sealed in a handle. */
interface Sealed {
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly createdAt: number;
  /** Whether the person was sent to a login page since. */
  readonly sentToLogin: boolean;
  /** How often the app around the server wanted the person first; absent for never. */
  readonly sentToApp?: number | undefined;
}

export interface PendingRequest extends Sealed {
  /** What stands for the request in URLs and forms. */
  readonly handle: string;
  /** How it was answered, a moment ago. */
  readonly settled?: Settled | undefined;
}

/** What is kept of a request that was answered. */
interface Settled {
  readonly userId: string;
  /** Absent if nobody was asked, because it was allowed before. */
  readonly decision?: Decision | undefined;
  /** Until when the same answer may be sent again. */
  readonly repeatableUntil: number;
}

/** How long a person may take over the login or consent page, in milliseconds. */
const TTL = 30 * 60 * 1000;

/** How long a decision may be sent again, by a double click or a reload, in milliseconds. */
const REPEAT_WINDOW = 10 * 1000;

/** The error for a person who comes back to a request that no longer waits. */
export function signInIsOver(): OAuthError {
  return new OAuthError(
    'invalid_request',
    `This authorization request is over: it was answered, or ${TTL / 60_000} minutes have passed. Send a new one.`,
    { person: 'over' },
  );
}

/** Longest handle, in characters: it is carried in URLs, which a redirect leads to. */
export const MAX_HANDLE = MAX_LOCATION - 100;

/** What requests have in common, so that a handle is short; the likeliest is at the end. */
const COMMON =
  '"claims":{"id_token":{"email":{"essential":true},"email_verified":{}},"userinfo":{"name":{},"groups":{}}},"subjects":[""],"prompt":["login","consent"],"maxAge":,"loginHint":"","uiLocales":"en","state":"eyJ","scope":["openid","profile","email","offline_access","read","write"],"resource":["https://api."],"codeChallenge":"","prompt":[],"responseMode":"form_post","nonce":"","prompt":[]},"createdAt":1,"sentToLogin":false}{"id":"","request":{"clientId":"","redirectUri":"https://';

export class PendingRequests {
  readonly #store: Store;
  readonly #seal: Seal<Sealed>;

  /** @param key 32 bytes, the same in all processes that serve one issuer */
  constructor(store: Store, key: Buffer) {
    this.#store = store;
    this.#seal = new Seal(key, COMMON);
  }

  /**
   * A request that begins to wait.
   *
   * @throws OAuthError if it is longer than URLs may be
   */
  open(request: AuthorizationRequest): PendingRequest {
    const sealed = { id: randomToken(16), request, createdAt: Date.now(), sentToLogin: false };
    return this.#wait(sealed);
  }

  /** The request as it waits once the person is sent to a login page. */
  sentToLogin({ id, request, createdAt, sentToApp }: PendingRequest): PendingRequest {
    return this.#wait({ id, request, createdAt, sentToLogin: true, sentToApp });
  }

  /** The request as it waits once the person is sent to another page of the app around the server. */
  sentToApp({ id, request, createdAt, sentToLogin, sentToApp = 0 }: PendingRequest) {
    return this.#wait({ id, request, createdAt, sentToLogin, sentToApp: sentToApp + 1 });
  }

  /**
   * The request a handle stands for.
   *
   * @throws OAuthError if there is none, or no longer
   */
  async find(handle: string): Promise<PendingRequest> {
    const now = Date.now();
    const sealed = this.#seal.open(handle);
    if (sealed === undefined || now >= sealed.createdAt + TTL) throw signInIsOver();
    const found = await this.#store.requests.find(sha256(sealed.id), now);
    if (found === undefined) return { ...sealed, handle };
    return { ...sealed, handle, settled: stillRepeatable(found, now) };
  }

  /** What a handle asks for, answered or not, and without a question to the store. */
  peek(handle: string): AuthorizationRequest | undefined {
    return this.#seal.open(handle)?.request;
  }

  /**
   * Answers a request, once. The same answer may be sent again for a moment, by a double click or by
   * a browser that lost the answer to the first; a page found by Back decides nothing anew.
   *
   * @param decision absent if nobody was asked, because it was allowed before
   * @param consents what is remembered with the answer, if it is the first
   * @returns whether it is the first, and no repetition
   * @throws OAuthError if it was answered otherwise, or by somebody else, or too long ago
   */
  async settle(
    { id, createdAt }: PendingRequest,
    userId: string,
    decision?: Decision,
    consents?: readonly Consent[],
  ): Promise<boolean> {
    const now = Date.now();
    const settled: Settled = { userId, decision, repeatableUntil: now + REPEAT_WINDOW };
    const document = { data: JSON.stringify(settled), expiresAt: createdAt + TTL };
    const there = await this.#store.requests.add(sha256(id), document, now, consents);
    if (there === undefined) return true;
    const first = stillRepeatable(there, now);
    if (first.decision !== decision || first.userId !== userId) throw signInIsOver();
    return false;
  }

  #wait(sealed: Sealed): PendingRequest {
    const handle = this.#seal.seal(sealed);
    if (handle.length > MAX_HANDLE) {
      throw new OAuthError(
        'invalid_request',
        `The request is too long: packed, its parameters have ${handle.length} characters, and may have ${MAX_HANDLE}. Send a shorter state or nonce, or fewer resources or claims.`,
      );
    }
    return { ...sealed, handle };
  }
}

/** @throws OAuthError if the request was answered too long ago to be answered again */
function stillRepeatable({ data }: Document, now: number): Settled {
  const settled: Settled = JSON.parse(data);
  if (now >= settled.repeatableUntil) throw signInIsOver();
  return settled;
}
