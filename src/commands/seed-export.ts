// What is stored, as a seed file that another server can read.

import { informationOf, secretsOf } from '../clients/client-information.ts';
import type { Seed } from '../program/seed.ts';
import { withoutReferences } from '../program/seed-values.ts';
import { isOpenIdScope } from '../protocol/scope.ts';
import { claimsOf, type FurtherClaims } from '../registry/user-entries.ts';
import type { AdministrableStore } from '../store/administration.ts';
import { allClients, allUsers } from '../store/pages.ts';
import type { Client, Source, User } from '../types.ts';
import type { SeededWorkplace } from './operator.ts';
import type { Terminal } from './terminal.ts';

/** Records that no seed file vouches for, or that are in a list somewhere else. */
const LEFT_OUT: ReadonlySet<Source> = new Set(['demo', 'options', 'registration', 'document']);

/**
 * Writes it as it is read, in constant memory. A secret that a client signs with cannot be told by a
 * hash, so a variable stands for it.
 */
export async function exportSeed(
  terminal: Pick<Terminal, 'write' | 'tell'>,
  place: SeededWorkplace,
): Promise<void> {
  const { store, seed } = place;
  const notes: string[] = [];
  const leftOut = { Clients: 0, Users: 0 };
  const isIn = (kind: keyof typeof leftOut, { source = 'code' }: Client | User) => {
    if (LEFT_OUT.has(source)) leftOut[kind] += 1;
    return !LEFT_OUT.has(source);
  };
  const { scopes, resources } = await namesOf(store, seed);
  await terminal.write('{\n');
  await terminal.write(`"scopes": ${JSON.stringify(withoutReferences(scopes))},\n`);
  await terminal.write(`"resources": ${JSON.stringify(resources)},\n`);
  await writeAll(terminal, 'clients', allClients(store), (client) =>
    isIn('Clients', client) ? clientEntry(client, notes) : undefined,
  );
  await terminal.write(',\n');
  await writeAll(terminal, 'users', allUsers(store), (user) => {
    if (!isIn('Users', user)) return undefined;
    if (user.passwordHash !== undefined) return userEntry(user);
    notes.push(`The user ${user.id} has no password, and is left out.`);
    return undefined;
  });
  await terminal.write('\n}\n');
  for (const [kind, count] of Object.entries(leftOut)) {
    if (count > 0) {
      notes.push(
        `${kind} that are left out: ${count}. They are the demo's, are in the options of a program, or have made themselves known.`,
      );
    }
  }
  for (const note of notes) terminal.tell(note);
}

/** What the file at hand explains, and what clients have beside that: an entry may name nothing else. */
async function namesOf(store: AdministrableStore, seed: Seed) {
  const scopes: Record<string, unknown> = { ...seed.scopes };
  const resources: Record<string, object> = {};
  for (const [name, { accessTokenFormat }] of Object.entries(seed.resources)) {
    resources[name] = accessTokenFormat ? { access_token_format: accessTokenFormat } : {};
  }
  const listsResources = Object.keys(resources).length > 0;
  for await (const client of allClients(store)) {
    if (LEFT_OUT.has(client.source ?? 'code')) continue;
    for (const word of client.scope) if (!isOpenIdScope(word)) scopes[word] ??= word;
    if (!listsResources) continue;
    for (const name of [client.resources ?? [], client.introspects ?? []].flat()) {
      resources[name] ??= {};
    }
  }
  return { scopes, resources };
}

async function writeAll<Kind>(
  { write }: Pick<Terminal, 'write'>,
  name: string,
  records: AsyncIterable<Kind>,
  entryOf: (record: Kind) => object | undefined,
): Promise<void> {
  let isFirst = true;
  await write(`"${name}": [`);
  for await (const record of records) {
    const entry = entryOf(record);
    if (entry === undefined) continue;
    await write(`${isFirst ? '' : ','}\n${JSON.stringify(entry)}`);
    isFirst = false;
  }
  await write(isFirst ? ']' : '\n]');
}

function clientEntry(client: Client, notes: string[]): object {
  // What follows from the grant types is theirs to say.
  const { response_types: _types, ...information } = informationOf(client);
  const { encryptedSecrets, ...hashed } = client;
  if (encryptedSecrets === undefined) {
    return { ...withoutReferences(information), ...secretsOf(hashed, '') };
  }
  const names = encryptedSecrets.map((_secret, index) => variableOf(client.id, index));
  notes.push(
    `The client ${client.id} signs with its secret: set ${names.join(' and ')} to it where the file is read.`,
  );
  return { ...withoutReferences(information), client_secret: names.map((name) => `\${${name}}`) };
}

/** A name for the environment that belongs to one client alone, whatever characters its id has. */
function variableOf(id: string, index: number): string {
  const word = id.replaceAll(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0).toString(16)}_`);
  return `SECRET_OF_${word}${index === 0 ? '' : `__${index + 1}`}`;
}

function userEntry({ id, username, name, email, claims, passwordHash, disabledAt }: User): object {
  return {
    ...withoutReferences({
      id,
      username,
      name,
      email,
      ...claimsOf((claims ?? {}) as FurtherClaims),
    }),
    password_hash: passwordHash,
    ...(disabledAt !== undefined && { disabled: true }),
  };
}
