// OpenID Connect Core section 8.1 and Dynamic Client Registration section 5: whether a client belongs
// to the sector whose subjects it asks for.

import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { isA, listOf } from '../protocol/checks.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Client } from '../types.ts';
import { RemoteDocuments } from './remote-documents.ts';

/** Milliseconds for which a list is used, for other clients of the sector: who mends one tries again at once. */
const FRESH = 10_000;

/** Bytes of all lists together. */
const MOST_KEPT = 4 * 1024 * 1024;

/** How many clients are remembered that were found to be listed. */
const MOST_LISTED = 10_000;

const isList = listOf('strings', isA('string'));

type Listed = Pick<Client, 'redirectUris' | 'sectorIdentifierUri'>;

export class SectorIdentifiers {
  readonly #lists: RemoteDocuments<ReadonlySet<string>>;
  readonly #events: Events;
  /** The hashes of what was found to be listed: nobody has to look again (Registration section 5). */
  readonly #listed = new Set<string>();
  /** Failures that were reported: several requests may meet the same one. */
  readonly #told = new WeakSet<Error>();

  /** @param allowInternal whether a list may be at an address that is not public */
  constructor(allowInternal: boolean, events: Events) {
    this.#events = events;
    this.#lists = new RemoteDocuments({
      allowInternal,
      accept: 'application/json',
      fresh: FRESH,
      mostKept: MOST_KEPT,
      read: readList,
    });
  }

  /**
   * Looks whether the document at a client's `sector_identifier_uri`, if it has one, lists all of its
   * redirect URIs.
   *
   * @throws Error that says what is wrong; an OAuthError with status 503 if too much is fetched at the
   *   moment
   */
  async look({ redirectUris, sectorIdentifierUri: uri }: Listed): Promise<void> {
    if (uri === undefined) return;
    const key = sha256(JSON.stringify([uri, redirectUris]));
    if (this.#listed.has(key)) return;
    const list = await this.#lists.at(uri);
    const absent = redirectUris.find((redirectUri) => !list.has(redirectUri));
    if (absent !== undefined) throw new Error(`it does not list the redirect URI ${absent}`);
    if (this.#listed.size >= MOST_LISTED) this.#listed.clear();
    this.#listed.add(key);
  }

  /**
   * Makes sure that a pairwise client belongs to its sector, before it is told the subjects of that.
   * One that a program has registered was looked at then.
   *
   * @throws OAuthError for the client; what is wrong is told by an event, for whoever asks may be
   *   anybody and learns nothing of our network
   */
  async assert(client: Client): Promise<void> {
    if (client.subjectType !== 'pairwise' || (client.source ?? 'code') === 'code') return;
    try {
      await this.look(client);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      if (error instanceof Error && !this.#told.has(error)) {
        this.#told.add(error);
        const field = 'sector_identifier_uri';
        this.#events.emit('client_url_failed', { clientId: client.id, field, error });
      }
      throw new OAuthError(
        'server_error',
        'The sector_identifier_uri of the client cannot be read, or does not list all of its redirect URIs.',
        { status: 503 },
      );
    }
  }
}

/** @throws Error if it is no list of strings */
function readList(body: Buffer): ReadonlySet<string> {
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch {
    throw new Error('it is not JSON');
  }
  const problem = isList(list);
  if (problem !== undefined) throw new Error(`it ${problem}`);
  return new Set(list as string[]);
}
