// OpenID Connect Core section 8.1 and Dynamic Client Registration section 5: whether a client belongs
// to the sector whose subjects it asks for.

import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { isA, listOf } from '../protocol/checks.ts';
import { isVouchedFor } from '../protocol/client.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Client, Source } from '../types.ts';
import { type FetchSettings, RemoteDocuments, tellOnce } from './remote-documents.ts';

/**
 * How long, in milliseconds, a list is used. Not for long, because whoever has fixed a list tries again
 * at once.
 */
const FRESH = 10_000;

/** Bytes that all lists together take in memory. */
const MAX_KEPT = 4 * 1024 * 1024;

/** How many problems of a list are remembered: each is an error, which a list's size does not tell of. */
const MAX_PROBLEMS = 10;

/** How many clients are remembered as listed. */
const MAX_LISTED = 10_000;

const isList = listOf('strings', isA('string'));

type Listed = Pick<Client, 'redirectUris' | 'sectorIdentifierUri' | 'source' | 'decided'>;

interface List {
  readonly uris: ReadonlySet<string>;
  /** The redirect URIs that it lacks, each with the error that says so. */
  readonly problems: Map<string, Error>;
}

/** Where clients come from whose lists were looked at when they were registered or changed. */
const LOOKED_AT: ReadonlySet<Source> = new Set(['code', 'command', 'registration']);

export class SectorIdentifiers {
  readonly #lists: RemoteDocuments<List>;
  readonly #tell: ReturnType<typeof tellOnce>;
  /**
   * The clients that were found in a list, by a hash; they need not be looked for again (Registration
   * section 5).
   */
  readonly #listed = new Set<string>();

  constructor({ allowInternalUrls, limits }: FetchSettings, events: Events) {
    this.#tell = tellOnce((clientId, error) =>
      events.emit('client_url_failed', { clientId, field: 'sector_identifier_uri', error }),
    );
    this.#lists = new RemoteDocuments({
      allowInternalUrls,
      limits,
      accept: 'application/json',
      fresh: FRESH,
      maxKept: MAX_KEPT,
      read: readList,
    });
  }

  /**
   * Checks that the document at a client's `sector_identifier_uri`, if it has one, lists all of its
   * redirect URIs now.
   *
   * @param age the most milliseconds since the document was fetched
   * @throws Error that says what is wrong; an OAuthError with status 503 if too much is fetched
   */
  async look(client: Listed, age = 0): Promise<void> {
    const { redirectUris, sectorIdentifierUri: uri } = client;
    if (uri === undefined) return;
    const list = await this.#lists.at(uri, { age, byStranger: !isVouchedFor(client) });
    const absent = redirectUris.find((redirectUri) => !list.uris.has(redirectUri));
    if (absent !== undefined) throw problemOf(list, absent);
    if (this.#listed.size >= MAX_LISTED) this.#listed.clear();
    this.#listed.add(keyOf(uri, redirectUris));
  }

  /**
   * Makes sure that a pairwise client belongs to its sector, before it is told the subjects of that
   * sector. If a program registered the client, or it registered itself, this was checked at that time.
   *
   * @throws OAuthError for the client, without the reason: whoever asks may be anybody, and learns
   *   nothing of our network. An event has the reason.
   */
  async assert(client: Client): Promise<void> {
    const { redirectUris, sectorIdentifierUri: uri, subjectType, source = 'code' } = client;
    if (subjectType !== 'pairwise' || LOOKED_AT.has(source)) return;
    if (uri !== undefined && this.#listed.has(keyOf(uri, redirectUris))) return;
    try {
      await this.look(client, FRESH);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      this.#tell(client.id, error);
      throw new OAuthError(
        'server_error',
        'The sector_identifier_uri of the client cannot be read, or does not list all of its redirect URIs.',
        { status: 503 },
      );
    }
  }
}

function keyOf(uri: string, redirectUris: readonly string[]): string {
  return sha256(JSON.stringify([uri, redirectUris]));
}

/** The error for a redirect URI is the same object each time, so that it is reported once. */
function problemOf({ problems }: List, absent: string): Error {
  const problem = problems.get(absent) ?? new Error(`it does not list the redirect URI ${absent}`);
  if (problems.size >= MAX_PROBLEMS) problems.clear();
  problems.set(absent, problem);
  return problem;
}

/** @throws Error if it is not a list of strings */
function readList(body: Buffer): List {
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch {
    throw new Error('it is not JSON');
  }
  const problem = isList(list);
  if (problem !== undefined) throw new Error(`it ${problem}`);
  return { uris: new Set(list as string[]), problems: new Map() };
}
