// What clients get for themselves, in SQL. One statement compares the clients with what was read of them
// and stores the tokens, so that neither has to be waited for apart.

import type { AccessToken } from '../issued.ts';
import type { Client } from '../types.ts';
import { batched } from './batch.ts';
import type { Database } from './database.ts';
import { recordTextOf } from './sql-client-and-user-rows.ts';
import { isStorable } from './sql-table.ts';
import { accessTokens } from './sql-tables.ts';
import type { Tokens } from './store-grants.ts';

/** The numbers of those clients of a parameter, JSON, that are as they were read. */
const unchangedOf = (parameter: string) => `select value->>'number' as number
  from json_array_elements(${parameter}) where exists
    (select 1 from oauth_clients where id = value->>'id' and record = value->>'record')`;

const SQL = {
  // Each client is there once, however many tokens it gets.
  add: accessTokens.insertIf(`value->>'client_number' in (${unchangedOf('$2')})`),
  unchanged: unchangedOf('$1'),
};

/** Milliseconds: longer than a commit near by takes. */
const GATHER = 5;

interface Issuing {
  readonly accessToken: AccessToken;
  readonly client: Client;
}

export function issueIfUnchangedIn(db: Database): Tokens['issueIfUnchanged'] {
  const add = batched(async (items: readonly Issuing[]) => {
    const { numberOf, clients } = numbered(items.map(({ client }) => client));
    const rows = items.map(({ accessToken, client }) => ({
      ...accessTokens.row(accessToken),
      client_number: numberOf(client),
    }));
    const added = await db.query(SQL.add, [JSON.stringify(rows), clients]);
    const hashes = new Set(added.map(({ hash }) => hash));
    return items.map(({ accessToken }) => hashes.has(accessToken.hash));
  }, GATHER);
  const isUnchanged = batched(async (read: readonly Client[]) => {
    const { numberOf, clients } = numbered(read);
    const rows = await db.query(SQL.unchanged, [clients]);
    const unchanged = new Set(rows.map(({ number }) => number));
    return read.map((client) => unchanged.has(numberOf(client)));
  });
  // A JWT says itself what it is, and is not kept.
  return async (accessToken, client) => {
    if (!isStorable(client.id)) return false;
    return accessToken.jti === undefined ? add({ accessToken, client }) : isUnchanged(client);
  };
}

/** Clients as a parameter of `unchangedOf`, each once, and the number that each has there. */
function numbered(read: readonly Client[]) {
  const numbers = new Map([...new Set(read)].map((client, index) => [client, String(index)]));
  const clients = Array.from(numbers, ([client, number]) => ({
    number,
    id: client.id,
    record: recordTextOf(client),
  }));
  return { numberOf: (client: Client) => numbers.get(client)!, clients: JSON.stringify(clients) };
}
