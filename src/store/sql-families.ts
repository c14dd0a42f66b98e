// The transactions that change grants, codes and tokens in SQL. Each locks the grants' rows before it
// changes anything that carries their ids: what the rules (outcomes.ts) read and write, nobody else
// changes meanwhile. The items of one call share the transaction and its statements.

import type { AuthorizationCode, IssuedTokens, RefreshTokenHashes } from '../issued.ts';
import type { Consent, Grant } from '../types.ts';
import type { Database } from './database.ts';
import {
  type Families,
  grantIdOf,
  issueIn,
  openIn,
  redeemIn,
  retireIn,
  rotateIn,
} from './outcomes.ts';
import { ChangingFamilies, changeAsRead } from './sql-changes.ts';
import { isDisabledIn, unlessRemoved } from './sql-clients-and-users.ts';
import { areConsentsEnough } from './sql-consents.ts';
import { endGrants, findOverMax, findUsedOverMax } from './sql-over-max.ts';
import { isSessionOpen } from './sql-sessions.ts';
import { codes, grants, lockGrants, refreshTokens } from './sql-tables.ts';
import { deleteTicket, lockAsRead } from './sql-tickets.ts';
import type {
  FoundCode,
  FoundRefreshToken,
  Issuance,
  Redemption,
  Rotation,
  Successors,
} from './store-grants.ts';

/** Locks the grants of the rows with these hashes, in an order that two transactions agree on. */
const lockGrantsOf = (table: {
  readonly name: string;
}) => `select ${grants.columns} from ${grants.name}
  where id in (select grant_id from ${table.name} where hash = any($1)) order by id for update`;

/** Locks these rows as well: otherwise a database could answer them as they were at the beginning. */
const lock = (table: { readonly name: string; readonly columns: string }) =>
  `select ${table.columns} from ${table.name} where hash = any($1) order by hash for update`;

const SQL = {
  grantsOfCodes: lockGrantsOf(codes),
  codes: lock(codes),
  grantsOfRefreshTokens: lockGrantsOf(refreshTokens),
  refreshTokens: lock(refreshTokens),
};

/**
 * Stores a code and the grant it opens, if the user is not disabled, the consents it rests on are
 * remembered, and its browser session is there.
 */
export async function saveCode(
  db: Database,
  code: AuthorizationCode,
  grant: Grant,
  consents: readonly Consent[],
  session: string | undefined,
): Promise<boolean> {
  const save = () =>
    db.transaction(async (query) => {
      // The last begins once those before it have their locks, so it sees what others have opened before.
      const [isShutOut, isOpen, areThere, beyond] = await Promise.all([
        isDisabledIn(query, grant.userId),
        session === undefined || isSessionOpen(query, session, grant.createdAt),
        areConsentsEnough(query, consents),
        findOverMax(query, grant),
      ]);
      if (isShutOut || !isOpen || !areThere) return false;
      const families = new ChangingFamilies();
      openIn(families, code, grant);
      void families.write(query);
      endGrants(query, beyond);
      return true;
    });
  return (await unlessRemoved(db, grant.clientId, save)) ?? false;
}

export interface Redeeming {
  readonly hash: string;
  readonly now: number;
  readonly tokens: IssuedTokens | undefined;
  /** What was read of it a moment ago. */
  readonly found: FoundCode | undefined;
}

/**
 * Redeems codes. If each was read a moment ago, one statement compares them with that and writes them. If
 * one has changed meanwhile, or has been redeemed before, they are locked and read again.
 */
export async function redeem(db: Database, items: readonly Redeeming[]): Promise<Redemption[]> {
  const redeemAll = (families: Families) =>
    items.map(({ hash, now, tokens }) => redeemIn(families, hash, now, tokens));
  const found = items.map((item) => item.found).filter((one) => one !== undefined);
  if (found.length === items.length && found.every(({ code }) => code.redeemedAt === undefined)) {
    const read = { grants: found.map(({ grant }) => grant), codes: found.map(({ code }) => code) };
    const redemptions = await changeAsRead(db, read, redeemAll);
    if (redemptions !== undefined) return redemptions;
  }
  const hashes = items.map(({ hash }) => hash);
  return db.transaction(async (query) => {
    const [grantRows, codeRows] = await Promise.all([
      query(SQL.grantsOfCodes, [hashes]),
      query(SQL.codes, [hashes]),
    ]);
    const families = new ChangingFamilies({
      grants: grantRows.map((row) => grants.record(row)),
      codes: codeRows.map((row) => codes.record(row)),
    });
    const redemptions = redeemAll(families);
    void families.write(query);
    return redemptions;
  });
}

export interface Rotating {
  readonly presented: RefreshTokenHashes;
  readonly now: number;
  readonly retryWindow: number;
  readonly tokens: Successors;
  /** What was read of it a moment ago. */
  readonly found: FoundRefreshToken | undefined;
}

/** Rotates refresh tokens, in the same two ways. */
export async function rotate(db: Database, items: readonly Rotating[]): Promise<Rotation[]> {
  const rotateAll = (families: Families) =>
    items.map(({ presented, now, retryWindow, tokens }) =>
      rotateIn(families, presented, now, retryWindow, tokens),
    );
  const found = items.map((item) => item.found).filter((one) => one !== undefined);
  const areInForce = items.every(
    ({ found, presented }) => found?.token.tokenHash === presented.tokenHash,
  );
  if (areInForce) {
    const read = {
      grants: found.map(({ grant }) => grant),
      refreshTokens: found.map(({ token }) => token),
    };
    const rotations = await changeAsRead(db, read, rotateAll);
    if (rotations !== undefined) return rotations;
  }
  const hashes = items.map(({ presented }) => presented.hash);
  return changeRefreshTokens(db, hashes, rotateAll);
}

/** @returns whether this was the caller who used it up */
export function retire(db: Database, presented: RefreshTokenHashes, now: number): Promise<boolean> {
  return changeRefreshTokens(db, [presented.hash], (families) =>
    retireIn(families, presented, now),
  );
}

function changeRefreshTokens<T>(
  db: Database,
  hashes: readonly string[],
  change: (families: Families) => T,
): Promise<T> {
  return db.transaction(async (query) => {
    const [grantRows, tokenRows] = await Promise.all([
      query(SQL.grantsOfRefreshTokens, [hashes]),
      query(SQL.refreshTokens, [hashes]),
    ]);
    const families = new ChangingFamilies({
      grants: grantRows.map((row) => grants.record(row)),
      refreshTokens: tokenRows.map((row) => refreshTokens.record(row)),
    });
    const result = change(families);
    void families.write(query);
    return result;
  });
}

export interface Issuing {
  readonly tokens: IssuedTokens;
  readonly now: number;
}

/** Issues tokens together with what else happens then: a grant is opened, a ticket taken. */
export async function issueOnce(
  db: Database,
  { tokens, now }: Issuing,
  { grant, ticket }: Issuance,
): Promise<boolean> {
  const id = grant === undefined ? grantIdOf(tokens) : undefined;
  const issue = () =>
    db.transaction(async (query) => {
      const [isShutOut, isThere, rows, beyond] = await Promise.all([
        grant !== undefined && isDisabledIn(query, grant.userId),
        ticket === undefined ? true : lockAsRead(query, ticket, now),
        id === undefined ? [] : query(lockGrants, [[id]]),
        grant === undefined ? [] : findUsedOverMax(query, grant),
      ]);
      const families = new ChangingFamilies({ grants: rows.map((row) => grants.record(row)) });
      if (isShutOut || !isThere || !issueIn(families, tokens, now, grant)) return false;
      if (ticket !== undefined) deleteTicket(query, ticket);
      void families.write(query);
      endGrants(query, beyond);
      return true;
    });
  return (await unlessRemoved(db, grant?.clientId, issue)) ?? false;
}

/** @returns for each whether its grant was in force, and it is stored */
export async function issue(db: Database, items: readonly Issuing[]): Promise<boolean[]> {
  const ids = items.map(({ tokens }) => grantIdOf(tokens)).filter((id) => id !== undefined);
  const issueAll = (families: Families) =>
    items.map(({ tokens, now }) => issueIn(families, tokens, now));
  if (ids.length === 0) {
    // Clients that act for themselves have no grant: what is issued to them is one statement.
    const families = new ChangingFamilies();
    const results = issueAll(families);
    await Promise.all(families.write(db.query));
    return results;
  }
  return db.transaction(async (query) => {
    const rows = await query(lockGrants, [ids]);
    const families = new ChangingFamilies({ grants: rows.map((row) => grants.record(row)) });
    const results = issueAll(families);
    void families.write(query);
    return results;
  });
}
