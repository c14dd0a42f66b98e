// Clients that a program registers, changes and removes while the server runs.

import { isDeepStrictEqual } from 'node:util';
import { type ClientInformation, informationOf } from '../clients/client-information.ts';
import { toClient } from '../clients/client-record.ts';
import { type ClientEntry, type ClientMetadata, readClientMetadata } from '../clients/metadata.ts';
import type { ClientRules } from '../clients/metadata-rules.ts';
import type { SectorIdentifiers } from '../clients/sector-identifiers.ts';
import { OAuthError } from '../errors.ts';
import type { WantsSigned } from '../oauth/keys.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { notedOf } from '../protocol/client.ts';
import { randomId, randomToken } from '../protocol/secrets.ts';
import { type Store, SubjectTaken } from '../store/store.ts';
import type { Client } from '../types.ts';
import { assertId, changedEntry, needsSecret, stillOwn } from './changed-entry.ts';
import { secretCount, twoInForce, withSecrets } from './client-secrets.ts';
import { Refusal, refusal } from './refusal.ts';
import type { RegisteredBy } from './registry.ts';

/** A client to be registered: one without an id gets one, and a secret is made for one that needs it. */
export type NewClient = Omit<ClientEntry, 'client_id'> & { client_id?: string | undefined };

/** What of a client is to be changed; `null` is what it is if it is left out. */
export type ClientChanges = {
  [Field in keyof Omit<ClientEntry, 'client_id'>]?: ClientEntry[Field] | null;
};

/** With the secret that was made, which nobody can look up again. */
export type RegisteredClient = ClientInformation & {
  readonly client_secret?: string;
  /** RFC 7591 section 3.2.1: it does not expire. */
  readonly client_secret_expires_at?: 0;
};

export interface ClientRegistry {
  /**
   * Registers a client, which counts from the next request on, in every process.
   *
   * @param client with the names of RFC 7591, as in a seed
   * @returns the client as it is registered, and its secret if one was made
   * @throws TypeError with a line for each problem
   * @throws SubjectTaken if a client or a user has the id
   */
  register(client: NewClient): Promise<RegisteredClient>;
  /**
   * Changes what is named, and leaves the rest as it is, its secret too.
   *
   * @returns the client as it is now; `undefined` if there is none with the id
   * @throws TypeError with a line for each problem, or if the client is changed somewhere else: in the
   *   option `clients`, or in a seed
   */
  update(id: string, changes: ClientChanges): Promise<ClientInformation | undefined>;
  /**
   * Makes another secret for a client. The one that it had stays in force until `dropOldSecret`, so that
   * the client can be changed over meanwhile. Of several calls at once, one makes a secret.
   *
   * @param options.dropOld whether all secrets that it had end at once
   * @returns as `register` does; `undefined` if there is none with the id
   * @throws TypeError if the client has two secrets in force already, unless `dropOld` says that they end;
   *   if it has none; or if it is changed somewhere else, as for `update`
   */
  rotateSecret(
    id: string,
    options?: { readonly dropOld?: boolean },
  ): Promise<RegisteredClient | undefined>;
  /**
   * Ends every secret of a client but the newest.
   *
   * @returns whether it had another; `undefined` if there is no client with the id
   * @throws TypeError as `rotateSecret` does
   */
  dropOldSecret(id: string): Promise<boolean | undefined>;
  /**
   * Removes a client, and with it all that people have allowed it, and every code and token.
   *
   * @returns whether there was one
   * @throws TypeError if it is in the option `clients`
   */
  remove(id: string): Promise<boolean>;
  /** A client as it is registered, without its secret; `undefined` if there is none with the id. */
  find(id: string): Promise<ClientInformation | undefined>;
}

export interface RegistryOptions {
  /** What the records say of where they came from. */
  readonly by: RegisteredBy;
  readonly store: Store;
  /** Of the server. */
  readonly secret: string;
  readonly rules: ClientRules;
  /** The ids that the option `clients` or `users` has. */
  readonly declared: ReadonlySet<string>;
  readonly sectors: SectorIdentifiers;
  readonly prepareKeys: (clients: readonly WantsSigned[]) => Promise<void>;
}

/** Where a client is changed if it is not here. */
const NOBODYS = {
  options: 'is from the option clients: change it there',
  document: 'is known by the document at its id: it is changed there',
};
const ELSEWHERE: { readonly [By in RegisteredBy]: { readonly [source: string]: string } } = {
  code: {
    demo: 'is of the demo, which nobody changes',
    seed: 'is from a seed: change it there',
    ...NOBODYS,
  },
  // What an operator changes is no longer the file's. The secrets of the demo are public, and a client of
  // somebody's own would work in production, too.
  command: { demo: 'is of the demo, which nobody changes', ...NOBODYS },
};

/** How often a change begins anew because somebody else was faster. */
export const ATTEMPTS = 20;

export function clientRegistry({
  by,
  store,
  secret,
  rules,
  declared,
  sectors,
  prepareKeys,
}: RegistryOptions): ClientRegistry {
  const recordOf = (entry: unknown, what: string): Client => {
    const { value, problems } = readClientMetadata(entry, rules);
    if (value === undefined) throw refusal(what, problems);
    return { ...toClient(value as ClientMetadata, rules.scopes, secret), source: by };
  };

  /** @throws TypeError if the document at its sector_identifier_uri does not list the client */
  async function assertSector(client: Client, what: string): Promise<void> {
    try {
      await sectors.look(client);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      const problem = `cannot be used: ${(error as Error).message}`;
      throw refusal(what, [{ field: 'sector_identifier_uri', problem }]);
    }
  }

  /** @param next answers the record that a client is to have; `undefined` if it stays as it is */
  async function change(
    id: string,
    next: (client: Client) => Promise<Client | undefined>,
  ): Promise<ClientInformation | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const client = await store.clients.find(id);
      if (client === undefined) return undefined;
      const where = ELSEWHERE[by][client.source ?? 'code'];
      if (where !== undefined) throw new Refusal(`The client ${id} ${where}.`);
      const changed = await next(client);
      if (changed === undefined) return informationOf(client);
      if (await store.clients.change(client, changed)) return informationOf(changed);
    }
    throw new Error(`Too many changes to the client ${id} at once: try again.`);
  }

  /** @throws TypeError if it would be no client that the server could have */
  async function updated(client: Client, changes: ClientChanges): Promise<Client> {
    const { id } = client;
    const what = `The client ${id} cannot be changed`;
    const entry = recordOf(changedEntry(client, changes, secret), what);
    const isOwn = client.source === 'registration';
    const changed = isOwn ? stillOwn(client, entry, changes) : { ...entry, ...notedOf(client) };
    if (changed.id !== id) {
      throw refusal(what, [{ field: 'client_id', problem: 'stays what it is' }]);
    }
    if (movesSector(client, changed)) await assertSector(changed, what);
    await prepareKeys([informationOf(changed)]);
    return changed;
  }

  /** A changed record, which is ours from then on, or decided here if the client registered itself. */
  const own = (client: Client): Client =>
    client.source === 'registration'
      ? { ...client, decided: { ...client.decided } }
      : { ...client, source: by };

  return {
    async register(given) {
      const made = needsSecret(given) ? randomToken() : undefined;
      const entry = isPlainObject(given)
        ? {
            ...given,
            client_id: given.client_id ?? randomId(),
            ...(made !== undefined && { client_secret: made }),
          }
        : given;
      const what = 'The client cannot be registered';
      const client = { ...recordOf(entry, what), registeredAt: Date.now() };
      const information = informationOf(client);
      await assertSector(client, what);
      await prepareKeys([information]);
      if (!(await store.clients.add(client))) {
        throw new SubjectTaken(`There is a client with the id ${client.id} already.`);
      }
      if (made === undefined) return information;
      return { ...information, client_secret: made, client_secret_expires_at: 0 };
    },

    async update(id, changes) {
      assertId('clients.update()', id);
      return change(id, (client) => updated(client, changes));
    },

    async rotateSecret(id, { dropOld = false } = {}) {
      assertId('clients.rotateSecret()', id);
      const made = randomToken();
      const information = await change(id, async (client) => {
        if (secretCount(client) > 1 && !dropOld) throw new Refusal(twoInForce(id));
        return own(withSecrets(client, { kept: dropOld ? 0 : 1, made }, secret));
      });
      return information && { ...information, client_secret: made, client_secret_expires_at: 0 };
    },

    async dropOldSecret(id) {
      assertId('clients.dropOldSecret()', id);
      let isDropped = false;
      const information = await change(id, async (client) => {
        isDropped = secretCount(client) > 1;
        return isDropped ? own(withSecrets(client, { kept: 1 }, secret)) : undefined;
      });
      return information && isDropped;
    },

    async remove(id) {
      assertId('clients.remove()', id);
      if (declared.has(id)) {
        throw new Refusal(`The client ${id} is in the option clients: take it out there.`);
      }
      return store.clients.remove(id);
    },

    async find(id) {
      assertId('clients.find()', id);
      const client = await store.clients.find(id);
      return client && informationOf(client);
    },
  };
}

/** Whether a changed client has to be found in the list of its sector again. */
export function movesSector(before: Client, after: Client): boolean {
  return (
    before.sectorIdentifierUri !== after.sectorIdentifierUri ||
    !isDeepStrictEqual(before.redirectUris, after.redirectUris)
  );
}
