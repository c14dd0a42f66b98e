// Records for the rules of every store where a database answers later: those that they may ask for were
// read before, and what they set and delete is written after.

/** Records as they were read, and what has changed since. */
export class RecordsRead<Kind extends { readonly expiresAt: number }> {
  readonly #records: Map<string, Kind>;
  readonly #changed = new Map<string, Kind>();
  readonly #deleted = new Set<string>();

  constructor(keyOf: (record: Kind) => string, read: readonly Kind[] = []) {
    this.#records = new Map(read.map((record) => [keyOf(record), record]));
  }

  find(key: string, now: number): Kind | undefined {
    const record = this.#records.get(key);
    return record !== undefined && now < record.expiresAt ? record : undefined;
  }

  set(key: string, record: Kind): void {
    this.#records.set(key, record);
    this.#changed.set(key, record);
  }

  delete(key: string): void {
    this.#records.delete(key);
    this.#deleted.add(key);
  }

  /** What was set, by key: each as it is in the end. */
  get changed(): ReadonlyMap<string, Kind> {
    return this.#changed;
  }

  /** The keys of what was deleted. */
  get deleted(): ReadonlySet<string> {
    return this.#deleted;
  }
}
