// OAuth Client ID Metadata Document: a client whose id is a URL, and whose metadata is there.

import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import { OAuthError, secondsUntil, tooManyAttempts } from '../errors.ts';
import {
  addressOf,
  addressQuotas,
  type Counting,
  countAttempt,
  type Limits,
} from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import { documentUrlProblem } from '../protocol/document-url.ts';
import { jsonProblem } from '../protocol/json.ts';
import type { Problem } from '../protocol/problems.ts';
import { shown } from '../protocol/shown.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { Client } from '../types.ts';
import { freshnessOf } from './cache-headers.ts';
import { toSelfMadeClient } from './client-record.ts';
import { type FetchSettings, NoDocument, RemoteDocuments } from './remote-documents.ts';
import { readSelfMadeMetadata } from './self-made-metadata.ts';
import type { SelfMadeRules } from './self-made-rules.ts';

const MINUTE = 60_000;

/**
 * How long, in milliseconds, a document is used: at the least, at the most, and if its headers do not
 * say.
 */
const MIN_FRESH = MINUTE;
const MAX_FRESH = 24 * 60 * MINUTE;
const FRESH = 10 * MINUTE;

/** How long, in milliseconds, a document counts if its host is away. */
const KEPT = 24 * 60 * MINUTE;

/** The most bytes of one document, and the most that all kept documents take in memory. */
const MAX_DOCUMENT = 16 * 1024;
const MAX_KEPT = 16 * 1024 * 1024;

/** How many URLs are remembered whose last fetch failed. */
const MAX_FAILED = 10_000;

/** How many problems of a document are named. */
const MAX_TOLD = 3;

/** A setting: `on` for documents of all hosts, or the hosts that they may be at. */
export type DocumentHosts = 'on' | readonly string[];

interface Settings extends FetchSettings {
  readonly clientMetadataDocuments: 'off' | DocumentHosts;
  readonly limits: Limits;
}

/** The documents that a server takes clients from; `undefined` if it takes none. */
export function documentsOf(
  { clientMetadataDocuments: hosts, allowInternalUrls, limits }: Settings,
  rules: Options['rules'],
  store: Store,
): MetadataDocuments | undefined {
  if (hosts === 'off') return undefined;
  const counting = { store, limits, refusals: new Refusals() };
  return new MetadataDocuments({ ...counting, hosts, allowInternalUrls, rules });
}

interface Options extends Counting, FetchSettings {
  readonly limits: Limits;
  readonly hosts: DocumentHosts;
  readonly rules: Omit<SelfMadeRules, 'clientId'>;
}

export class MetadataDocuments {
  readonly #options: Options;
  readonly #documents: RemoteDocuments<Client>;
  /** The URLs whose last fetch failed, and how: whether there was an answer that is not a document. */
  readonly #failed = new Map<string, { readonly isGone: boolean }>();

  constructor(options: Options) {
    this.#options = options;
    this.#documents = new RemoteDocuments({
      allowInternalUrls: options.allowInternalUrls,
      limits: options.limits,
      accept: 'application/json',
      fresh: freshFor,
      kept: KEPT,
      // An error is not kept (section 4.4): whoever has fixed a document tries again at once.
      pause: 0,
      maxKept: MAX_KEPT,
      read: (body, url, headers) => readDocument(body, url, headers, options.rules),
    });
  }

  /** Why an id that is meant as a URL cannot be that of a document here, as the end of "it ...". */
  problemOf(clientId: string): string | undefined {
    const problem = documentUrlProblem(clientId);
    if (problem !== undefined) return problem;
    const { hosts } = this.#options;
    const { host } = new URL(clientId);
    if (hosts === 'on' || hosts.includes(host)) return undefined;
    return `is at ${host}, which is not one of the hosts that this server takes clients from`;
  }

  /**
   * The client that a document describes. If the host is away, a document of the last day counts.
   *
   * @param url one in which `problemOf` finds no problem
   * @param req whose sender asks
   * @param isKnown whether the client is in the store: then nobody is charged for the fetch, unless the
   *   last one failed
   * @throws NoDocument if there is none that can be used, with the reason; any other Error if the host is
   *   away; an OAuthError if too much is fetched
   */
  async at(url: string, req: Request, isKnown: boolean): Promise<Client> {
    const there = this.#documents.there(url);
    if (there !== undefined) return there;
    const last = this.#documents.last(url);
    try {
      // Strangers choose what is fetched, so fetches are counted. A document of a known client was there
      // before; but a failed fetch is not remembered, so each request would cause another one.
      const isFree = (last !== undefined || isKnown) && !this.#failed.has(url);
      if (!isFree) await this.#charge(addressOf(req));
      const client = await this.#documents.at(url, { byStranger: true });
      this.#failed.delete(url);
      return client;
    } catch (error) {
      if (!isOfOurs(error)) this.#noteFailure(url, error instanceof NoDocument);
      if (last === undefined || error instanceof NoDocument) throw error;
      return last;
    }
  }

  /** Whether it is known that there was no document any more when a URL was last asked. */
  isGone(url: string): boolean {
    return this.#failed.get(url)?.isGone ?? false;
  }

  #noteFailure(url: string, isGone: boolean): void {
    this.#failed.delete(url);
    this.#failed.set(url, { isGone });
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MAX_FAILED && oldest !== undefined) this.#failed.delete(oldest);
  }

  /** @throws OAuthError */
  async #charge(address: string): Promise<void> {
    const max = this.#options.limits.loginsPerAddress;
    const quotas = addressQuotas('client document', address, max);
    const counted = await countAttempt(this.#options, quotas);
    if ('resetAt' in counted) throw tooManyAttempts(secondsUntil(counted.resetAt));
  }
}

/** Whether an error is ours and not the fault of the document's host. */
export function isOfOurs(error: unknown): boolean {
  return error instanceof OAuthError || error instanceof StoreUnavailable;
}

function freshFor(headers: IncomingHttpHeaders): number {
  return Math.min(Math.max(freshnessOf(headers) ?? FRESH, MIN_FRESH), MAX_FRESH);
}

/** @throws NoDocument that says what is wrong with it */
function readDocument(
  body: Buffer,
  url: string,
  { 'content-type': type = 'none' }: IncomingHttpHeaders,
  rules: Options['rules'],
): Client {
  // Section 4.1: `application/json`, or a type of its own that ends in `+json`.
  if (!/^application\/(?:[\w.!#$&^-]+\+)?json *(?:;|$)/i.test(type)) {
    throw new NoDocument(`its content type is ${shown(type)}, and not application/json`);
  }
  if (body.length > MAX_DOCUMENT) throw new NoDocument(`it has more than ${MAX_DOCUMENT} bytes`);
  const plain = readJson(body);
  const { value, problems } = readSelfMadeMetadata(plain, { ...rules, clientId: url }, 'document');
  if (value === undefined) throw new NoDocument(sentencesOf(problems));
  // A copy: parts of a longer string, such as the words of its scope, keep all of that in memory.
  return structuredClone({ ...toSelfMadeClient(value, rules), source: 'document' as const });
}

/** @throws NoDocument */
function readJson(body: Buffer): unknown {
  let plain: unknown;
  try {
    plain = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new NoDocument('it is not JSON in UTF-8');
  }
  const problem = jsonProblem(plain);
  if (problem !== undefined) throw new NoDocument(`it has ${problem}`);
  return plain;
}

function sentencesOf(problems: readonly Problem[]): string {
  const told = problems
    .slice(0, MAX_TOLD)
    .map(({ field, problem }) => `${field || 'it'} ${problem}`);
  const more = problems.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
