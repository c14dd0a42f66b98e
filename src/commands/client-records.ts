// Clients as commands show them: with the names of RFC 7591, and without their secrets.

import { informationOf } from '../clients/client-information.ts';
import { clientFields as clientNames, partProblems } from '../clients/metadata.ts';
import type { AdministrableStore } from '../store/administration.ts';
import { allClients } from '../store/pages.ts';
import type { Client } from '../types.ts';
import { CommandError } from './errors.ts';
import type { Fields } from './fields.ts';
import { didYouMean } from './nearest.ts';

function rowOf(client: Client) {
  const { source = 'code', secretHashes, registeredAt, ownTokensEndedAt } = client;
  return {
    ...informationOf(client),
    source,
    secrets: secretHashes.length,
    ...(registeredAt !== undefined && { registered_at: new Date(registeredAt) }),
    ...(ownTokensEndedAt !== undefined && { own_tokens_ended_at: new Date(ownTokensEndedAt) }),
  };
}

/** @param filter what the clients have to have */
export async function* rowsOf(
  store: AdministrableStore,
  filter: { readonly search?: string; readonly source?: string },
) {
  const wanted = filter.search?.toLowerCase();
  for await (const client of allClients(store)) {
    const row = rowOf(client);
    if (filter.source !== undefined && filter.source !== row.source) continue;
    const texts = [client.id, client.name, ...client.redirectUris];
    if (wanted === undefined || texts.some((text) => text.toLowerCase().includes(wanted))) {
      yield row;
    }
  }
}

/** @throws CommandError if there is none with the id */
export async function showClient(store: AdministrableStore, id: string) {
  const client = await store.clients.find(id);
  if (client === undefined) throw await missingClient(store, id);
  return rowOf(client);
}

/** The error that there is no such client, with the nearest there is. */
export async function missingClient(store: AdministrableStore, id: string): Promise<CommandError> {
  const ids = async function* () {
    for await (const client of allClients(store)) yield client.id;
  };
  return new CommandError(`There is no client ${id}.${await didYouMean(id, ids())}`);
}

/** All that a client has in a seed. */
export function clientFields(): Fields {
  return {
    names: clientNames,
    example: 'client_name=Agenda',
    secret: { client_secret: 'give it on standard input, by --metadata -' },
    problems: partProblems,
  };
}
