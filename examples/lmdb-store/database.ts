// What the store needs of a database, by LMDB: transactions in which a look-up is answered at once, and
// records that are found by key, by something in them, or because they are over.

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { StoreUnavailable, SubjectTaken, UsernameTaken } from '../../src/store/index.ts';

/** A point in time at which nothing is over. */
const ALWAYS = Number.NEGATIVE_INFINITY;

/** After every hash. */
const LAST = '\uffff';

type Part = string | number;
type Root = RootDatabase<unknown, Part[]>;

/** By name, what a record is found by; `undefined` if it is not. Numbers are in their order. */
type Indexes<Kind> = Record<string, (record: Kind) => Part | undefined>;

export class Database {
  readonly #root: Root;
  readonly #tables = new Map<string, Table<object>>();
  #closing: Promise<void> | undefined;

  /** @param folder it is made if it is not there, for this user alone */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Without `overlappingSync`, what is committed is on the disk.
    this.#root = open({ path: folder, noSubdir: false, encoding: 'json', overlappingSync: false });
  }

  /**
   * Runs a verb that writes. All that it reads and writes is one transaction, in this process and in
   * others, and undone if it throws. It must not wait for anything.
   */
  async write<Answer>(verb: () => Answer): Promise<Answer> {
    try {
      return await this.#root.childTransaction(verb);
    } catch (error) {
      if (error instanceof UsernameTaken || error instanceof SubjectTaken) throw error;
      throw new StoreUnavailable('The database cannot be written to.', { cause: error });
    }
  }

  table<Kind extends object>(name: string, indexes: Indexes<Kind> = {}): Table<Kind> {
    const table = new Table<Kind>(this.#root, name, indexes);
    this.#tables.set(name, table as unknown as Table<object>);
    return table;
  }

  /** Forgets at most `limit` records that are over. @returns how many */
  purge(now: number, limit: number): Promise<number> {
    return this.write(() => {
      const over = this.#root.getKeys({ start: ['ends'], end: ['ends', now, LAST], limit });
      const keys = limit > 0 ? [...over] : [];
      for (const [, , name, hash] of keys) this.#tables.get(String(name))?.drop(String(hash));
      return keys.length;
    });
  }

  /** @throws StoreUnavailable if it is closed */
  ping(): void {
    if (this.#closing !== undefined) throw new StoreUnavailable('The database is closed.');
  }

  close(): Promise<void> {
    this.#closing ??= this.#root.close();
    return this.#closing;
  }
}

/**
 * Records by key. One with an `expiresAt` is absent from that moment on, and forgotten later. What
 * changes a table is for verbs that write.
 */
export class Table<Kind extends object> {
  readonly #root: Root;
  readonly #name: string;
  readonly #indexes: [name: string, find: Indexes<Kind>[string]][];

  constructor(root: Root, name: string, indexes: Indexes<Kind>) {
    this.#root = root;
    this.#name = name;
    this.#indexes = Object.entries(indexes).map(([index, of]) => [`${name} by ${index}`, of]);
  }

  find(key: string, now = ALWAYS): Kind | undefined {
    return this.#read(hashOf(key), now);
  }

  all(now = ALWAYS): Kind[] {
    return this.#records([...this.#keys([this.#name])], now);
  }

  /** The records that an index has under a value. */
  list(index: string, value: string, now = ALWAYS): Kind[] {
    return this.#records([...this.#keys([`${this.#name} by ${index}`, hashOf(value)])], now);
  }

  /** How many records an index has under a value; `most` if there are more. */
  count(index: string, value: string, most: number): number {
    const prefix = [`${this.#name} by ${index}`, hashOf(value)];
    return [...this.#keys(prefix, prefix, most)].length;
  }

  /** The records that an index has under numbers up to one, in their order. */
  upTo(index: string, most: number, now = ALWAYS): Kind[] {
    const start = [`${this.#name} by ${index}`];
    return this.#records([...this.#root.getKeys({ start, end: [...start, most, LAST] })], now);
  }

  /** A record of each value that an index has. */
  oneOfEach(index: string, limit: number): Kind[] {
    const found: Part[][] = [];
    let after: Part[] = [`${this.#name} by ${index}`];
    while (found.length < limit) {
      const [key] = this.#keys(after.slice(0, 1), after, 1);
      if (key === undefined) break;
      found.push(key);
      after = [...key.slice(0, 2), LAST];
    }
    return this.#records(found, ALWAYS);
  }

  /** Adds the record, or replaces the one with its key. */
  set(key: string, record: Kind): void {
    const hash = hashOf(key);
    this.drop(hash);
    this.#root.putSync([this.#name, hash], record);
    for (const entry of this.#entries(hash, record)) this.#root.putSync(entry, true);
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    return this.drop(hashOf(key));
  }

  /** Deletes what an index has under a value. @returns whether there was anything */
  deleteAll(index: string, value: string): boolean {
    const keys = [...this.#keys([`${this.#name} by ${index}`, hashOf(value)])];
    for (const key of keys) this.drop(String(key.at(-1)));
    return keys.length > 0;
  }

  /** Deletes by the hash of the key. */
  drop(hash: string): boolean {
    const record = this.#read(hash, ALWAYS);
    if (record === undefined) return false;
    for (const entry of this.#entries(hash, record)) this.#root.removeSync(entry);
    return this.#root.removeSync([this.#name, hash]);
  }

  #read(hash: string, now: number): Kind | undefined {
    const record = this.#root.get([this.#name, hash]) as
      | (Kind & { expiresAt?: number })
      | undefined;
    return record !== undefined && now < (record.expiresAt ?? Infinity) ? record : undefined;
  }

  /** The records with these keys; the last part of each is the hash of the record's own. */
  #records(keys: readonly Part[][], now: number): Kind[] {
    return keys.flatMap((key) => this.#read(String(key.at(-1)), now) ?? []);
  }

  #keys(prefix: Part[], start = prefix, limit = Infinity): Iterable<Part[]> {
    return this.#root.getKeys({ start, end: [...prefix, LAST], limit });
  }

  /** What leads to a record besides its key. */
  *#entries(hash: string, record: Kind): Generator<Part[]> {
    for (const [index, find] of this.#indexes) {
      const value = find(record);
      if (value !== undefined)
        yield [index, typeof value === 'number' ? value : hashOf(value), hash];
    }
    const { expiresAt } = record as { expiresAt?: number };
    if (expiresAt !== undefined) yield ['ends', expiresAt, this.#name, hash];
  }
}

/** A key of one length, whatever a stranger has put in: LMDB takes 1978 bytes. */
function hashOf(key: string): string {
  // In JSON, half of a character has a spelling of its own.
  return createHash('sha256').update(JSON.stringify(key)).digest('base64url');
}

/** A key of several parts. */
export const join = (...parts: readonly Part[]): string => JSON.stringify(parts);
