// Which client an id means: one in the store, or one that is known by the document at its id.
//
// Such a client is stored once somebody approves it, so that tokens, consents and the account page treat
// it like any other. Its row then has what the document said when a process last fetched it.

import type { Request } from 'express';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { notedOf } from '../protocol/client.ts';
import { isMeantAsUrl } from '../protocol/document-url.ts';
import { isUnchanged } from '../store/clients-and-users.ts';
import { type Store, SubjectTaken } from '../store/store.ts';
import type { Client } from '../types.ts';
import { isOfOurs, type MetadataDocuments } from './metadata-documents.ts';
import { NoDocument, tellOnce } from './remote-documents.ts';
import { hasRoomForDocument } from './room.ts';

/**
 * Milliseconds before the document of a stored client is looked at again, and the least that a document is
 * cached: anybody can send requests in the name of a public client, and the host may be out of order.
 */
const PAUSE = 60_000;

/** Characters of the reason why a document cannot be used. */
const MAX_REASON = 300;

export interface KnownClients {
  /** What discovery says about documents, if they are accepted. */
  readonly metadata: { readonly client_id_metadata_document_supported?: true };
  /**
   * The client with an id, wherever a person or a device may begin something new with it.
   *
   * @param req whose sender asks: fetches on behalf of its address are limited
   * @throws OAuthError for the person, if the document at the id cannot be used
   */
  find(id: string, req: Request): Promise<Client | undefined>;
  /**
   * A client in the store, brought up to date from its document. What was approved does not end with the
   * document: without one, the client is the one in the store.
   *
   * @param req as for `find`
   */
  asOfNow(stored: Client, req: Request): Promise<Client>;
  /**
   * Stores a client that is known by its document, before something in the store refers to it.
   *
   * @param byPerson whether that comes of a person who has signed in
   * @throws OAuthError if there is no room, or a user has its id
   */
  keep(client: Client, byPerson: boolean): Promise<void>;
}

interface Options {
  readonly store: Store;
  readonly events: Events;
  /** Absent if no client is known by a document. */
  readonly documents: MetadataDocuments | undefined;
}

export function createKnownClients({ store, events, documents }: Options): KnownClients {
  const tell = tellOnce((clientId, error) =>
    events.emit('client_url_failed', { clientId, field: 'client_id', error }),
  );
  /** What was fetched, once it has been compared with the row. */
  const compared = new WeakSet<Client>();
  /** When each stored client was last brought up to date, or the attempt failed. */
  const looked = new WeakMap<Client, number>();

  async function look(
    documents: MetadataDocuments,
    id: string,
    req: Request,
    isStored: boolean,
  ): Promise<Client> {
    try {
      return await documents.at(id, req, isStored);
    } catch (error) {
      if (!isOfOurs(error)) tell(id, error);
      throw error;
    }
  }

  async function bringUpToDate(stored: Client, client: Client): Promise<void> {
    if (compared.has(client)) return;
    compared.add(client);
    const row = { ...client, ...notedOf(stored) };
    // If somebody else was faster, they have fetched it, too.
    if (!isUnchanged(stored, row)) await store.clients.change(stored, row);
  }

  return {
    metadata: documents === undefined ? {} : { client_id_metadata_document_supported: true },

    async find(id, req) {
      const stored = await store.clients.find(id);
      // Somebody here has registered it, and vouches for what the row says.
      if (stored !== undefined && stored.source !== 'document') return stored;
      if (documents === undefined || !isMeantAsUrl(id)) return undefined;
      const problem = documents.problemOf(id);
      if (problem !== undefined) throw unusable(`the client_id ${problem}`, id);
      let client: Client;
      try {
        client = await look(documents, id, req, stored !== undefined);
      } catch (error) {
        if (error instanceof NoDocument) throw unusable(error.message, id);
        // If its document is gone, hitting a limit must not bring the client back.
        if (stored !== undefined && !documents.isGone(id)) return stored;
        throw isOfOurs(error) ? error : away(id);
      }
      if (stored !== undefined) await bringUpToDate(stored, client);
      return client;
    },

    async asOfNow(stored, req) {
      if (stored.source !== 'document' || documents === undefined) return stored;
      if (documents.problemOf(stored.id) !== undefined) return stored;
      if (Date.now() < (looked.get(stored) ?? 0) + PAUSE) return stored;
      const client = await look(documents, stored.id, req, true).catch(() => stored);
      if (client !== stored) await bringUpToDate(stored, client);
      looked.set(stored, Date.now());
      return client;
    },

    async keep(client, byPerson) {
      if (client.source !== 'document' || (await store.clients.find(client.id))) return;
      if (!(await hasRoomForDocument(store, byPerson))) throw full();
      try {
        await store.clients.add({ ...client, registeredAt: Date.now() });
      } catch (error) {
        throw error instanceof SubjectTaken ? unusable('a user has this id', client.id) : error;
      }
    },
  };
}

/** @param reason the end of a sentence; it is about what anybody can fetch, and nothing of our network */
function unusable(reason: string, clientId: string): OAuthError {
  const cut = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason;
  return new OAuthError(
    'invalid_client',
    `The client_id is a URL, and the document there cannot be used: ${cut}.`,
    { status: 400, person: 'clientDocument', sent: { client_id: clientId } },
  );
}

/** Whoever asks may be anybody, and learns nothing of our network: the reason is in an event. */
function away(clientId: string): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'The client_id is a URL, and the document there could not be fetched: it has to be at a public address, and come by https within 5 seconds.',
    { headers: RETRY_LATER, person: 'clientDocument', sent: { client_id: clientId } },
  );
}

function full(): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'This server knows as many clients by their documents as it has room for: try again later.',
    { headers: RETRY_LATER },
  );
}
