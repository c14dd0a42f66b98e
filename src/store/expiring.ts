// What the memory store keeps for a time: records by key, found again when they have expired, or by the
// user to whom they belong.

import { frozen } from '../frozen.ts';

/** Milliseconds: what expires within this time shares a slot, and may be forgotten this much later. */
const SLOT = 16_000;

/**
 * Records by key. What has expired is found by slots of time, each of which lists the keys to look at
 * once it has passed, so forgetting costs as much as it forgets, whatever else is held. Records are
 * frozen copies.
 *
 * A key is listed no later than its record expires. If it turns out that its record lasts longer now,
 * it is listed again. One whose record was deleted stays listed until then: to take it out at once, each
 * slot would have to be a Set, and to store a record would take half as long again.
 */
export class Expiring<Value extends { readonly expiresAt: number }> {
  readonly #records = new Map<string, Value>();
  readonly #slots = new Map<number, string[]>();
  /** Every slot up to this one is empty. */
  #swept = Number.NEGATIVE_INFINITY;

  find(key: string, now: number): Value | undefined {
    const record = this.#records.get(key);
    return record !== undefined && now < record.expiresAt ? record : undefined;
  }

  set(key: string, record: Value): void {
    const before = this.#records.get(key);
    const copy = frozen(record);
    this.#records.set(key, copy);
    if (before === undefined) this.link(key, copy);
    else this.relink(key, before, copy);
    if (before === undefined || slotOf(record) < slotOf(before)) this.#list(key, slotOf(record));
  }

  /** @returns what was there */
  delete(key: string): Value | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    this.#records.delete(key);
    this.unlink(key, record);
    return record;
  }

  /** Makes a record that comes in known by what else it can be found by. */
  protected link(_key: string, _record: Value): void {}

  /** The opposite, when a record goes. */
  protected unlink(_key: string, _record: Value): void {}

  /** Both, when a record takes the place of another. */
  protected relink(key: string, before: Value, record: Value): void {
    this.unlink(key, before);
    this.link(key, record);
  }

  values(now: number): Value[] {
    return [...this.#records.values()].filter((record) => now < record.expiresAt);
  }

  purge(now: number, limit: number): number {
    const last = Math.floor(now / SLOT);
    let forgotten = 0;
    for (const slot of this.#passed(last)) {
      const keys = this.#slots.get(slot) ?? [];
      while (keys.length > 0) {
        if (forgotten >= limit) return forgotten;
        const key = keys.pop()!;
        const record = this.#records.get(key);
        if (record === undefined) continue;
        if (slotOf(record) > last) {
          this.#list(key, slotOf(record));
        } else {
          this.delete(key);
          forgotten += 1;
        }
      }
      this.#slots.delete(slot);
    }
    this.#swept = last;
    return forgotten;
  }

  #list(key: string, slot: number): void {
    const keys = this.#slots.get(slot);
    if (keys === undefined) this.#slots.set(slot, [key]);
    else keys.push(key);
    // A clock may be set back, and a record may have expired before it comes.
    this.#swept = Math.min(this.#swept, slot - 1);
  }

  /** Slots not yet swept; after a long silence more have passed than there are to look at. */
  *#passed(last: number): Generator<number> {
    if (last - this.#swept < this.#slots.size) {
      for (let slot = this.#swept + 1; slot <= last; slot += 1) yield slot;
    } else {
      for (const slot of this.#slots.keys()) if (slot <= last) yield slot;
    }
  }
}

/** Rounded up: once a slot has passed, everything in it has expired. */
function slotOf(record: { readonly expiresAt: number }): number {
  return Math.ceil(record.expiresAt / SLOT);
}

/** Adds a key to those of a group. */
export function addTo(groups: Map<string, Set<string>>, group: string, key: string): void {
  const keys = groups.get(group);
  if (keys === undefined) groups.set(group, new Set([key]));
  else keys.add(key);
}

/** Removes a key from those of a group, and the group with its last one. */
export function removeFrom(groups: Map<string, Set<string>>, group: string, key: string): void {
  const keys = groups.get(group);
  keys?.delete(key);
  if (keys?.size === 0) groups.delete(group);
}

/** Records that expire, belong to users, and can be found by user. */
export class ExpiringOfUsers<
  Value extends { readonly expiresAt: number; readonly userId?: string | undefined },
> extends Expiring<Value> {
  readonly #keys = new Map<string, Set<string>>();

  protected override link(key: string, { userId }: Value): void {
    if (userId !== undefined) addTo(this.#keys, userId, key);
  }

  protected override unlink(key: string, { userId }: Value): void {
    if (userId !== undefined) removeFrom(this.#keys, userId, key);
  }

  /** The keys and records of a user. */
  ofUser(userId: string, now: number): [key: string, record: Value][] {
    return [...(this.#keys.get(userId) ?? [])]
      .map((key) => [key, this.find(key, now)] as const)
      .filter((pair): pair is [string, Value] => pair[1] !== undefined);
  }
}
