// Records for the rules of outcomes.ts where a database answers later: those that they may ask for were
// read before, and what they set is written after.

/** Records as they were read, and what has changed since. */
export class RecordsRead<Kind extends { readonly expiresAt: number }> {
  readonly #records: Map<string, Kind>;
  readonly #changed = new Map<string, Kind>();

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

  /** What was set, by key: each as it is in the end. */
  get changed(): ReadonlyMap<string, Kind> {
    return this.#changed;
  }
}
