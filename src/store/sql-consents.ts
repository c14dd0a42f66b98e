// Consents in SQL. A transaction that saves a code on the strength of consents, or takes consents back,
// locks their rows before it locks grants, and tickets before both: the one that comes second sees what
// the first has done.

import { formatScope, parseScope } from '../protocol/scope.ts';
import type { Consent } from '../types.ts';
import { batched } from './batch.ts';
import type { Database, Query, Row } from './database.ts';
import { isConsentEnough, mergedConsent } from './outcomes.ts';
import { resourcesOverMax } from './over-max.ts';
import { unlessRemoved } from './sql-clients-and-users.ts';
import { byKey, isStorable } from './sql-table.ts';
import { grants } from './sql-tables.ts';
import type { Consents } from './store-grants.ts';

export const consentColumns = 'user_id, client_id, resource, scope, claims, created_at, mark';
const OF_CLIENT = 'user_id = $1 and client_id = $2';
const ONE = `${OF_CLIENT} and resource = $3`;

const SQL = {
  // Each key as one: of three lists the planner may look up one, and read all that it finds.
  find: `select ${consentColumns} from oauth_consents where (user_id, client_id, resource) in
    (select value->>'userId', value->>'clientId', value->>'resource' from json_array_elements($1))`,
  // Locks the row that is there, or adds one: it may have been taken back a moment ago.
  begin: `insert into oauth_consents (${consentColumns}) values ($1, $2, $3, '', null, $4, $5)
    on conflict (user_id, client_id, resource) do update set scope = oauth_consents.scope
    returning ${consentColumns}`,
  set: `update oauth_consents set scope = $4, claims = $5, created_at = $6, mark = $7 where ${ONE}`,
  listByClient: `select ${consentColumns} from oauth_consents where ${OF_CLIENT}`,
  forgetSome: `delete from oauth_consents where ${OF_CLIENT} and resource = any($3)`,
  listByUser: `select ${consentColumns} from oauth_consents where user_id = $1`,
  lockAll: `select ${consentColumns} from oauth_consents where ${OF_CLIENT} order by resource for update`,
  forget: `delete from oauth_consents where ${OF_CLIENT}`,
  endTickets: `delete from oauth_tickets where ${OF_CLIENT} returning hash`,
  lockGrants: `select id from ${grants.name} where ${OF_CLIENT} ${byKey('id')} for update`,
  endGrants: `delete from ${grants.name} where id = any($1)`,
};

export function consentOf(row: Row): Consent {
  const createdAt = row['created_at'] ?? null;
  const claims = row['claims'] ?? null;
  const mark = row['mark'] ?? null;
  return {
    userId: String(row['user_id']),
    clientId: String(row['client_id']),
    resource: String(row['resource']),
    scope: parseScope(String(row['scope'])),
    ...(claims !== null && { claims: JSON.parse(String(claims)) }),
    ...(createdAt !== null && { createdAt: Number(createdAt) }),
    ...(mark !== null && { mark: String(mark) }),
  };
}

/** What a consent is kept under. */
type Key = Pick<Consent, 'userId' | 'clientId' | 'resource'>;

const keyOf = ({ userId, clientId, resource }: Key) => JSON.stringify([userId, clientId, resource]);

export function consentsIn(db: Database): Consents {
  const find = batched(async (keys: readonly Key[]) => {
    const rows = await db.query(SQL.find, [JSON.stringify(keys)]);
    const found = new Map(rows.map((row) => [keyOf(consentOf(row)), row]));
    return keys.map((key) => {
      const row = found.get(keyOf(key));
      return row && consentOf(row);
    });
  });
  return {
    async find(userId, clientId, resource) {
      if (!isStorable(userId, clientId, resource)) return undefined;
      return find({ userId, clientId, resource });
    },
    async add(...consents) {
      const add = () => db.transaction((query) => addConsents(query, consents));
      await unlessRemoved(db, consents[0]?.clientId, add);
    },
    async listByUser(userId) {
      if (!isStorable(userId)) return [];
      return (await db.query(SQL.listByUser, [userId])).map(consentOf);
    },
    async withdraw(...key) {
      if (!isStorable(...key)) return false;
      return db.transaction(async (query) => {
        // The second begins once the first has its locks, so it finds the grants that were saved on the
        // strength of these consents before.
        const [tickets, consents, held] = await Promise.all([
          query(SQL.endTickets, key),
          query(SQL.lockAll, key),
          query(SQL.lockGrants, key),
        ]);
        const ids = held.map(({ id }) => String(id));
        void query(SQL.forget, key);
        if (ids.length > 0) void query(SQL.endGrants, [ids]);
        return tickets.length + consents.length + ids.length > 0;
      });
    },
  };
}

/** Adds to what is remembered of one user and client, in a transaction. */
export async function addConsents(query: Query, consents: readonly Consent[]): Promise<void> {
  const [first] = consents;
  if (first === undefined) return;
  const client = [first.userId, first.clientId];
  // Another transaction that adds at the same moment comes before or after this one.
  void query(SQL.lockAll, client);
  const inOrder = consents.toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
  for (const consent of inOrder) {
    const key = [...client, consent.resource];
    const [row] = await query(SQL.begin, [...key, consent.createdAt ?? null, consent.mark ?? null]);
    const {
      scope,
      claims,
      createdAt = null,
      mark = null,
    } = mergedConsent(consentOf(row!), consent);
    const names = claims === undefined ? null : JSON.stringify(claims);
    void query(SQL.set, [...key, formatScope(scope), names, createdAt, mark]);
  }
  const all = (await query(SQL.listByClient, client)).map(consentOf);
  const beyond = resourcesOverMax(all, consents);
  if (beyond.length > 0) void query(SQL.forgetSome, [...client, beyond]);
}

/** Whether consents of one user and client are remembered; they stay so until the transaction ends. */
export async function areConsentsEnough(
  query: Query,
  needed: readonly Consent[],
): Promise<boolean> {
  const [first] = needed;
  if (first === undefined) return true;
  // All rows, so that grants of one client are opened one after the other.
  const rows = await query(SQL.lockAll, [first.userId, first.clientId]);
  const remembered = new Map(rows.map(consentOf).map((consent) => [consent.resource, consent]));
  return needed.every((consent) => isConsentEnough(remembered.get(consent.resource), consent));
}
