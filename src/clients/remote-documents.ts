// Documents that clients' records name by a URL. Each is fetched when it is needed, and kept for a
// while. If a fetch fails, it is not tried again at once.

import type { IncomingHttpHeaders } from 'node:http';
import type { Limits } from '../http/rate-limit.ts';
import { costOf } from './cost.ts';
import { FetchPace } from './fetch-pace.ts';
import { FetchPlaces } from './fetch-places.ts';
import { get, TooLong, Unreachable } from './guarded-fetch.ts';

/** Milliseconds after a failure in which there is no new attempt. */
const PAUSE = 10_000;

/** Bytes that are counted for a document beside what it and its URL take. */
const OVERHEAD = 1024;

/** How many failures are remembered. */
const MAX_FAILURES = 10_000;

/** What is the same for all documents. */
export interface FetchSettings {
  /** Whether a URL may be http and may lead to an address that is not public. */
  readonly allowInternalUrls?: boolean | undefined;
  /** Whether there are limits at all. */
  readonly limits: Pick<Limits, 'enabled'>;
}

interface RemoteDocumentsOptions<Content> extends FetchSettings {
  /** Media types, for the header `Accept`. */
  readonly accept: string;
  /** Milliseconds for which a document is used. */
  readonly fresh: number | ((headers: IncomingHttpHeaders) => number);
  /** How long, in milliseconds, `last` knows it; if left out, as long as it is used. */
  readonly kept?: number;
  /**
   * How long, in milliseconds, there is no new attempt after an answer that is not a document. After a
   * failure to reach the host there is always such a pause.
   */
  readonly pause?: number;
  /** Bytes that all documents together take in memory. */
  readonly maxKept: number;
  /**
   * What is kept of a document, as `costOf` counts it: nothing that it does not see.
   *
   * @throws Error that says what is wrong with the document
   */
  read(body: Buffer, url: string, headers: IncomingHttpHeaders): Content;
}

interface Wanted {
  /** The most milliseconds since the document was fetched. */
  readonly age?: number;
  /**
   * Whether a stranger has named the URL: then a fetch counts, for its host and in total, and takes one of
   * the places that strangers have.
   */
  readonly byStranger?: boolean;
  /**
   * Whether a document was there a while ago: then a fetch counts apart from those of URLs that are new, so
   * that whoever names more and more of these keeps it from nobody.
   */
  readonly wasThere?: boolean;
}

/** The host has answered, but not with such a document. */
export class NoDocument extends Error {}

interface Kept<Content> {
  readonly content: Content;
  readonly fetchedAt: number;
  readonly freshUntil: number;
  readonly keptUntil: number;
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
  readonly #places = new FetchPlaces();
  readonly #pace = new FetchPace();
  readonly #paceOfKnown = new FetchPace();
  /** By URL, or by host if that cannot be reached at all; the oldest is first. */
  readonly #failures = new Map<string, Failure>();

  constructor(options: RemoteDocumentsOptions<Content>) {
    this.#options = options;
  }

  /**
   * What is at a URL. If a fetch fails, all requests that waited for it get the same error.
   *
   * @throws Error that says what was wrong, for the log: a NoDocument if there was an answer that is not
   *   the fault of a host that is out of order; an OAuthError with status 503, which is not kept, if too
   *   many fetches are under way, or strangers have caused too many in this minute
   */
  async at(url: string, { age, byStranger = false, wasThere }: Wanted = {}): Promise<Content> {
    const there = this.there(url, age);
    if (there !== undefined) return there;
    const now = Date.now();
    const { host } = new URL(url);
    for (const key of [url, host]) {
      const failure = this.#failures.get(key);
      if (failure !== undefined && now < failure.until) throw failure.error;
    }
    const giveBack = this.#places.take(host, byStranger);
    try {
      if (byStranger && this.#options.limits.enabled) {
        (wasThere ? this.#paceOfKnown : this.#pace).count(host);
      }
      const fetched = this.#fetch(url, host);
      this.#pending.set(url, fetched);
      return await fetched;
    } finally {
      this.#pending.delete(url);
      giveBack();
    }
  }

  /** What is at a URL, if it is known without a new fetch. */
  there(url: string, age = Number.POSITIVE_INFINITY): Promise<Content> | undefined {
    const now = Date.now();
    const known = this.#documents.get(url);
    if (known !== undefined && now < Math.min(known.fetchedAt + age, known.freshUntil)) {
      this.#documents.delete(url);
      this.#documents.set(url, known);
      return Promise.resolve(known.content);
    }
    return this.#pending.get(url);
  }

  /** What was at a URL when there last was a document. */
  last(url: string): Content | undefined {
    const known = this.#documents.get(url);
    return known !== undefined && Date.now() < known.keptUntil ? known.content : undefined;
  }

  async #fetch(url: string, host: string): Promise<Content> {
    try {
      const { allowInternalUrls = false, accept, read } = this.#options;
      const { status, headers, body } = await get(url, allowInternalUrls, accept);
      if (status !== 200) throw statusError(status, host);
      const content = read(body, url, headers);
      this.#keep(url, content, costOf(url) + costOf(content) + OVERHEAD, headers);
      return content;
    } catch (thrown) {
      const error = thrown instanceof TooLong ? new NoDocument(thrown.message) : thrown;
      if (error instanceof NoDocument) this.#forget(url);
      this.#fail(error instanceof Unreachable ? host : url, error);
      throw error;
    }
  }

  #keep(url: string, content: Content, size: number, headers: IncomingHttpHeaders): void {
    const { fresh, kept, maxKept } = this.#options;
    const fetchedAt = Date.now();
    const freshUntil = fetchedAt + (typeof fresh === 'number' ? fresh : fresh(headers));
    const keptUntil = kept === undefined ? freshUntil : fetchedAt + kept;
    this.#forget(url);
    this.#documents.set(url, { content, fetchedAt, freshUntil, keptUntil, size });
    this.#kept += size;
    for (const [oldest, document] of this.#documents) {
      if (this.#kept <= maxKept && fetchedAt < document.keptUntil) break;
      this.#forget(oldest);
    }
  }

  #forget(url: string): void {
    this.#kept -= this.#documents.get(url)?.size ?? 0;
    this.#documents.delete(url);
  }

  #fail(key: string, error: unknown): void {
    const now = Date.now();
    const pause = error instanceof Unreachable ? PAUSE : (this.#options.pause ?? PAUSE);
    this.#failures.delete(key);
    this.#failures.set(key, { error, until: now + pause });
    for (const [oldest, { until }] of this.#failures) {
      if (this.#failures.size <= MAX_FAILURES && now < until) break;
      this.#failures.delete(oldest);
    }
  }
}

/** RFC 9110 section 15.6, RFC 6585 section 4: the host may have the document, but cannot send it now. */
function statusError(status: number, host: string): Error {
  const message = `${host} answered with ${status}`;
  return status >= 500 || status === 429 ? new Error(message) : new NoDocument(message);
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
