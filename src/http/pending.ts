// Authorization requests that wait for a person, to sign in or to decide.
//
// The browser carries them, sealed: nobody but this server can read one, make one or change one, so
// what is approved is what was checked. Nothing is kept for a person who may never come. What is
// kept is that a request was answered.

import { OAuthError } from '../errors.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { decrypt, encrypt, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';

export type Decision = 'allow' | 'deny';

/** What is sealed in a handle. */
interface Sealed {
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly createdAt: number;
  /** Whether the person was sent to a login page since. */
  readonly sentToLogin: boolean;
}

export interface PendingRequest extends Sealed {
  /** What stands for the request in URLs and forms. */
  readonly handle: string;
  /** What the person has decided, a moment ago. */
  readonly decision?: Decision | undefined;
}

/** What is kept of a request that was answered. */
interface Settled {
  readonly decision?: Decision | undefined;
  /** Until when what answered it may be sent again. */
  readonly repeatableUntil: number;
}

/** How long a person may take over the login or consent page, in milliseconds. */
const TTL = 30 * 60 * 1000;

/** How long a decision may be sent again, by a double click or a reload, in milliseconds. */
const REPEAT_WINDOW = 10 * 1000;

/** What a person is told who comes back to a request that is no longer waiting. */
export function signInIsOver(): OAuthError {
  return new OAuthError(
    'invalid_request',
    `There is no such authorization request under way: it was answered, or ${TTL / 60_000} minutes have passed. Send a new one.`,
    { person: 'over' },
  );
}

export class PendingRequests {
  readonly #store: Store;
  readonly #key: Buffer;

  /** @param key 32 bytes, the same in all processes that serve one issuer */
  constructor(store: Store, key: Buffer) {
    this.#store = store;
    this.#key = key;
  }

  /** A request that begins to wait. */
  open(request: AuthorizationRequest): PendingRequest {
    const sealed = { id: randomToken(16), request, createdAt: Date.now(), sentToLogin: false };
    return this.#seal(sealed);
  }

  /** The same, once the person is sent to a login page. */
  sentToLogin({ id, request, createdAt }: PendingRequest): PendingRequest {
    return this.#seal({ id, request, createdAt, sentToLogin: true });
  }

  /**
   * The request a handle stands for.
   *
   * @throws OAuthError where there is none, or no longer
   */
  async find(handle: string): Promise<PendingRequest> {
    const now = Date.now();
    const sealed = this.#unseal(handle);
    if (sealed === undefined || now >= sealed.createdAt + TTL) throw signInIsOver();
    const found = await this.#store.requests.find(sha256(sealed.id), now);
    if (found === undefined) return { ...sealed, handle };
    const { decision, repeatableUntil }: Settled = JSON.parse(found.data);
    if (now >= repeatableUntil) throw signInIsOver();
    return { ...sealed, handle, decision };
  }

  /** What a handle asks for, answered or not, and without a question to the store. */
  peek(handle: string): AuthorizationRequest | undefined {
    return this.#unseal(handle)?.request;
  }

  /**
   * Marks a request as answered. What answered it may be sent again for a moment, by a double click
   * or by a browser that lost the first answer; a page found by Back decides nothing anew.
   */
  async settle({ id, createdAt }: PendingRequest, decision?: Decision): Promise<void> {
    const settled: Settled = { decision, repeatableUntil: Date.now() + REPEAT_WINDOW };
    await this.#store.requests.save(sha256(id), {
      data: JSON.stringify(settled),
      expiresAt: createdAt + TTL,
    });
  }

  #seal(sealed: Sealed): PendingRequest {
    return { ...sealed, handle: encrypt(this.#key, JSON.stringify(sealed)) };
  }

  #unseal(handle: string): Sealed | undefined {
    try {
      return JSON.parse(decrypt(this.#key, handle));
    } catch {
      return undefined;
    }
  }
}
