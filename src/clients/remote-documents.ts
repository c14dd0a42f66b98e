// Documents that clients' records name by a URL. Each is fetched when it is needed, and kept for a
// while. If a fetch fails, it is not tried again at once.

import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { get, Unreachable } from './guarded-fetch.ts';

/** Milliseconds after a failure in which there is no new attempt. */
const PAUSE = 10_000;

/** Bytes that are counted for a document beside its own. */
const OVERHEAD = 2048;

/** How many failures are remembered. */
const MOST_FAILURES = 10_000;

/** The most fetches under way at once: to one host, and to all. */
const MOST_TO_HOST = 32;
const MOST = 256;

export interface RemoteDocumentsOptions<Content> {
  /** Whether a URL may be http and may lead to an address that is not public. */
  readonly allowInternal: boolean;
  /** Media types, for the header `Accept`. */
  readonly accept: string;
  /** Milliseconds for which a document is used. */
  readonly fresh: number;
  /** Bytes of all documents together. */
  readonly mostKept: number;
  /** @throws Error that says what is wrong with the document */
  read(body: Buffer): Content;
}

interface Kept<Content> {
  readonly content: Content;
  readonly fetchedAt: number;
  readonly size: number;
}

interface Failure {
  readonly error: unknown;
  readonly until: number;
}

export class RemoteDocuments<Content> {
  readonly #options: RemoteDocumentsOptions<Content>;
  /** By URL, the one used last at the end. A client whose URL changes leaves one behind. */
  readonly #documents = new Map<string, Kept<Content>>();
  #kept = 0;
  /** By URL: a request that comes while a fetch is under way waits for that one. */
  readonly #pending = new Map<string, Promise<Content>>();
  /** By host: how many fetches are under way. */
  readonly #underWay = new Map<string, number>();
  /** By URL, or by host if that cannot be reached at all; the oldest is first. */
  readonly #failures = new Map<string, Failure>();

  constructor(options: RemoteDocumentsOptions<Content>) {
    this.#options = options;
  }

  /**
   * What is at a URL. If a fetch fails, all requests that waited for it get the same error.
   *
   * @param age the most milliseconds since it was fetched
   * @throws Error that says what was wrong, for the log; an OAuthError with status 503 if too many
   *   fetches are under way
   */
  async at(url: string, age = this.#options.fresh): Promise<Content> {
    const now = Date.now();
    const known = this.#documents.get(url);
    if (known !== undefined && now < known.fetchedAt + age) {
      this.#documents.delete(url);
      this.#documents.set(url, known);
      return known.content;
    }
    const pending = this.#pending.get(url);
    if (pending !== undefined) return pending;

    const { host } = new URL(url);
    for (const key of [url, host]) {
      const failure = this.#failures.get(key);
      if (failure !== undefined && now < failure.until) throw failure.error;
    }
    const fetched = this.#fetch(url, host);
    this.#pending.set(url, fetched);
    try {
      return await fetched;
    } finally {
      this.#pending.delete(url);
    }
  }

  async #fetch(url: string, host: string): Promise<Content> {
    const before = this.#underWay.get(host) ?? 0;
    if (before >= MOST_TO_HOST || this.#pending.size >= MOST) {
      const sentence = 'Too much is fetched for clients at once: try again in a moment.';
      throw new OAuthError('temporarily_unavailable', sentence, { headers: RETRY_LATER });
    }
    this.#underWay.set(host, before + 1);
    try {
      const { allowInternal, accept, read } = this.#options;
      const { status, body } = await get(url, allowInternal, accept);
      if (status !== 200) throw new Error(`${host} answered with ${status}`);
      const content = read(body);
      this.#keep(url, { content, fetchedAt: Date.now(), size: body.length + OVERHEAD });
      return content;
    } catch (error) {
      this.#fail(error instanceof Unreachable ? host : url, error);
      throw error;
    } finally {
      const left = (this.#underWay.get(host) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(host);
      else this.#underWay.set(host, left);
    }
  }

  #keep(url: string, document: Kept<Content>): void {
    const { fresh, mostKept } = this.#options;
    this.#forget(url);
    this.#documents.set(url, document);
    this.#kept += document.size;
    for (const [oldest, { fetchedAt }] of this.#documents) {
      if (this.#kept <= mostKept && document.fetchedAt < fetchedAt + fresh) break;
      this.#forget(oldest);
    }
  }

  #forget(url: string): void {
    this.#kept -= this.#documents.get(url)?.size ?? 0;
    this.#documents.delete(url);
  }

  #fail(key: string, error: unknown): void {
    const now = Date.now();
    this.#failures.delete(key);
    this.#failures.set(key, { error, until: now + PAUSE });
    for (const [oldest, { until }] of this.#failures) {
      if (this.#failures.size <= MOST_FAILURES && now < until) break;
      this.#failures.delete(oldest);
    }
  }
}

/**
 * Makes a function that reports each failure once, however many requests meet it.
 *
 * @param tell reports one
 * @returns takes the id of a client, and what was thrown
 */
export function tellOnce(tell: (clientId: string, error: Error) => void) {
  const told = new WeakSet<Error>();
  return (clientId: string, error: unknown): void => {
    if (!(error instanceof Error) || told.has(error)) return;
    told.add(error);
    tell(clientId, error);
  };
}
