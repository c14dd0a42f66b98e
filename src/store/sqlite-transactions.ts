// The transactions of a process in SQLite, which run one after the other. Those that wait at the same time
// share a commit, which takes as long as ten statements, and longer on a slow disk. Each is answered after
// the commit, and one that fails is undone alone.

import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Query } from './database.ts';
import { asUnavailable, isBusy } from './sqlite-errors.ts';
import { StoreUnavailable } from './store.ts';

/** Milliseconds to wait for a turn to write, behind others of this process and of other processes. */
export const PATIENCE = 5000;

/** Callers that may wait for their turn. */
const MAX_WAITING = 1000;

/** Transactions that share a commit, at the most: other processes wait for as long. */
const MAX_TOGETHER = 32;

/** A transaction that is to run. */
interface Waiting {
  /** When its caller gives up, as `performance.now()` says it. */
  readonly deadline: number;
  /** @returns what gives its caller the result */
  readonly run: () => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

export class SqliteTransactions {
  readonly #writer: DatabaseSync;
  readonly #write: Query;
  readonly #waiting: Waiting[] = [];
  #turn: Promise<void> = Promise.resolve();

  /** @param write runs a statement on the connection `writer` */
  constructor(writer: DatabaseSync, write: Query) {
    this.#writer = writer;
    this.#write = write;
  }

  /**
   * Runs a transaction in its turn.
   *
   * @throws StoreUnavailable if too many wait, if its turn does not come in time, or if what was written
   *   cannot be kept; and whatever `work` throws
   */
  readonly run: Database['transaction'] = async <T>(work: (query: Query) => Promise<T>) => {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new StoreUnavailable('Too many requests wait to write.');
    }
    return new Promise<T>((resolve, reject) => {
      const run = async () => {
        const result = await this.#perform(work);
        return () => resolve(result);
      };
      // From now on, and not from its turn on: it waits for this long in all.
      this.#waiting.push({ deadline: performance.now() + PATIENCE, run, reject });
      // What fails in it is told to its callers, and the next turn has to come.
      this.#turn = this.#turn.then(() => this.#commitSome()).catch(() => {});
    });
  };

  /** Does something between two transactions, whether or not it fails; without it, waits for those before. */
  async between(work: () => void = () => {}): Promise<void> {
    this.#turn = this.#turn.then(work).catch(() => {});
    await this.#turn;
  }

  /** Does the work of a transaction, and waits for those of its statements that it does not wait for. */
  async #perform<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const pending: Promise<unknown>[] = [];
    const query: Query = (sql, values) => {
      // One behind a statement at which the database rolled all back would be written by itself.
      const answer = this.#writer.isTransaction
        ? this.#write(sql, values)
        : Promise.reject(new StoreUnavailable('The database has given the transaction up.'));
      // It is waited for below, and may fail before that.
      answer.catch(() => {});
      pending.push(answer);
      return answer;
    };
    try {
      const result = await work(query);
      await Promise.all(pending);
      return result;
    } finally {
      await Promise.allSettled(pending);
    }
  }

  async #commitSome(): Promise<void> {
    const first = this.#waiting.shift();
    // It was committed together with others.
    if (first === undefined) return;
    const writer = this.#writer;
    const begun = [first];
    try {
      await patiently(first.deadline, () => writer.exec('begin immediate'));
      const outcomes = [await first.run()];
      while (this.#waiting.length > 0 && begun.length < MAX_TOGETHER) {
        const next = this.#waiting.shift()!;
        begun.push(next);
        outcomes.push(await this.#runNext(next));
      }
      writer.exec('commit');
      for (const tell of outcomes) tell();
    } catch (error) {
      for (const { reject } of begun) reject(asUnavailable(error));
      if (writer.isOpen && writer.isTransaction) writer.exec('rollback');
    }
  }

  /**
   * Runs one behind others. If it fails nothing of it is written, and the others go on.
   *
   * @returns what tells its caller of the outcome, once that is committed
   * @throws if all of them were rolled back, which SQLite does by itself when its disk is full
   */
  async #runNext({ run, reject }: Waiting): Promise<() => void> {
    const writer = this.#writer;
    writer.exec('savepoint next');
    try {
      const tell = await run();
      writer.exec('release next');
      return tell;
    } catch (error) {
      if (!writer.isTransaction) throw error;
      writer.exec('rollback to next; release next');
      return () => reject(error);
    }
  }
}

/**
 * Does what another process may be in the way of; this process goes on with other work meanwhile.
 *
 * @param deadline when it is tried for the last time, as `performance.now()` says it
 */
export async function patiently(deadline: number, work: () => void): Promise<void> {
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw asUnavailable(error);
      await wait(1 + Math.random() * 3);
    }
  }
}
