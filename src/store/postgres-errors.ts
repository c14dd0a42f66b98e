// What an error of PostgreSQL, or of its driver, means: for the caller, for the connection, and for the
// next attempt. The codes are those of PostgreSQL's appendix A.

import pg from 'pg';
import { CONNECT_TIMEOUT } from './connections.ts';
import { StoreUnavailable } from './store.ts';

/** Serialization failure, deadlock. */
const TRANSIENT = new Set(['40001', '40P01']);

/** It can only be read (as after a failover), or its disk is full. */
const TAKES_NO_WRITES = new Set(['25006', '53100']);

/**
 * A statement that is wrong, a conflict, or too little time: after these errors a connection is as good
 * as before. After others it may not be: it may lead to a server that can only be read since a
 * failover, or have a plan for a table that has changed.
 */
const CONNECTION_IS_FINE = /^(22|23|40|42(?!P05)|57014)/;

/**
 * The classes: data exception, integrity constraint violation, syntax error or access violation. Two
 * errors of the last are for the operator to mend: a role that lacks a privilege (42501), and a pooler
 * that mixes up prepared statements (42P05).
 */
const IS_OUR_FAULT = /^(22|23|42(?!501|P05))/;

/** A statement was given up: it took too long, or somebody canceled it. */
const GIVEN_UP = '57014';

/** A role lacks a privilege. */
const NOT_ALLOWED = '42501';

/**
 * Waits for an answer of the database.
 *
 * @param role that asks, if it asks for something that it may not be allowed
 * @param limits whether a statement that takes long is meant to be given up
 * @throws StoreUnavailable with the error as its cause, or the error itself if it is our fault
 */
export async function guarded<T>(answer: Promise<T>, role?: string, limits = true): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof pg.DatabaseError) {
      // These have the values of a row, which are not for the log.
      error.detail = undefined;
      error.where = undefined;
      if (IS_OUR_FAULT.test(error.code ?? '')) throw error;
    }
    const advice = adviceOn(error, role, limits);
    throw new StoreUnavailable(
      `The database does not answer as it should: ${said(error)}${advice}`,
      { cause: error },
    );
  }
}

/** Whether the database itself said so, and the connection is still there. */
export function isFromDatabase(error: unknown): boolean {
  return causeOf(error) instanceof pg.DatabaseError;
}

/** Whether the same transaction, tried again, may succeed. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(codeOf(error));
}

/** Whether the connection can be used again. A refusal without a cause asked it nothing. */
export function leavesConnectionFine(error: unknown): boolean {
  return causeOf(error) === undefined || CONNECTION_IS_FINE.test(codeOf(error));
}

/** Whether `query_timeout` is over, as `pg` says it: the server's own limits did not end the wait. */
export function isUnanswered(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof Error && cause.message === 'Query read timeout';
}

/** Whether the database takes no writes at present. */
export function isNotTaken(error: unknown): boolean {
  return isUnanswered(error) || TAKES_NO_WRITES.has(codeOf(error));
}

function causeOf(error: unknown): unknown {
  return error instanceof StoreUnavailable ? error.cause : error;
}

/** The code of PostgreSQL; empty if the error has none. */
function codeOf(error: unknown): string {
  const cause = causeOf(error);
  return cause instanceof pg.DatabaseError ? (cause.code ?? '') : '';
}

/** As the pool says it if all that it may open are in use. */
const NONE_FREE = 'timeout exceeded when trying to connect';

function said(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (message === NONE_FREE) {
    return `no connection became free within ${CONNECT_TIMEOUT / 1000} seconds. Either somebody holds a lock that those in use wait for, as pg_stat_activity shows, or they are too few: see DATABASE_CONNECTIONS`;
  }
  return message || code || 'no reason given';
}

function adviceOn(error: unknown, role: string | undefined, limits: boolean): string {
  if (codeOf(error) === NOT_ALLOWED) return whatToGrant(said(error), role);
  if (codeOf(error) !== GIVEN_UP || limits) return '';
  // A pooler may drop what a connection asks for, and then the role's own limit counts.
  return `. This may take minutes, and the role has a limit of its own. Run as a superuser, and then again: alter role ${named(role)} set statement_timeout = 0`;
}

/** The advice of whoever owns the tables, which is right for what `npm run migrate` made in `public`. */
function whatToGrant(denied: string, role?: string): string {
  const to = `to ${named(role)}`;
  const [, schema] = /permission denied for schema (.+)/.exec(denied) ?? [];
  if (schema !== undefined) {
    return `. To let this role make tables, run as the owner of the schema: grant usage, create on schema ${schema} ${to}. Or migrate as a role that may.`;
  }
  if (/permission denied for (?:table|relation) /.test(denied)) {
    return `. Run as the owner of the tables: grant select, insert, update, delete on all tables in schema public ${to}`;
  }
  if (/must be owner of /.test(denied)) return '. Migrate as the role that owns the tables.';
  return '';
}

function named(role = 'the role in DATABASE_URL'): string {
  return /^\w+$/.test(role) ? pg.escapeIdentifier(role) : role;
}
