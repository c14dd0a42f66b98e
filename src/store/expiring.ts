// What the memory store keeps for a time: records by key, found again when they have expired, or by the
// user to whom they belong.

import { frozen } from '../frozen.ts';

/** Milliseconds: what expires within this time shares a slot, and may be forgotten this much later. */
const SLOT = 16_000;

/**
 * Records by key, each in the slot its `expiresAt` falls into. What has expired is found by its slot,
 * so forgetting costs as much as it forgets, whatever else is held. Records are frozen copies.
 */
export class Expiring<Value extends { readonly expiresAt: number }> {
  readonly #records = new Map<string, Value>();
  readonly #slots = new Map<number, Set<string>>();
  /** Every slot up to this one is empty. */
  #swept = Number.NEGATIVE_INFINITY;

  find(key: string, now: number): Value | undefined {
    const record = this.#records.get(key);
    return record !== undefined && now < record.expiresAt ? record : undefined;
  }

  set(key: string, record: Value): void {
    this.delete(key);
    this.#records.set(key, frozen(record));
    const slot = slotOf(record);
    const keys = this.#slots.get(slot);
    if (keys === undefined) this.#slots.set(slot, new Set([key]));
    else keys.add(key);
    // A clock may be set back, and a record may have expired before it comes.
    this.#swept = Math.min(this.#swept, slot - 1);
  }

  /** @returns what was there */
  delete(key: string): Value | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    this.#records.delete(key);
    const slot = slotOf(record);
    const keys = this.#slots.get(slot);
    keys?.delete(key);
    if (keys?.size === 0) this.#slots.delete(slot);
    return record;
  }

  values(now: number): Value[] {
    return [...this.#records.values()].filter((record) => now < record.expiresAt);
  }

  purge(now: number, limit: number): number {
    const last = Math.floor(now / SLOT);
    let forgotten = 0;
    for (const slot of this.#passed(last)) {
      for (const key of this.#slots.get(slot) ?? []) {
        if (forgotten >= limit) return forgotten;
        this.delete(key);
        forgotten += 1;
      }
    }
    this.#swept = last;
    return forgotten;
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

/** The same for records that belong to users, and can be found by user. */
export class ExpiringOfUsers<
  Value extends { readonly expiresAt: number; readonly userId?: string | undefined },
> extends Expiring<Value> {
  readonly #keys = new Map<string, Set<string>>();

  override set(key: string, record: Value): void {
    super.set(key, record);
    const { userId } = record;
    if (userId === undefined) return;
    const keys = this.#keys.get(userId);
    if (keys === undefined) this.#keys.set(userId, new Set([key]));
    else keys.add(key);
  }

  override delete(key: string): Value | undefined {
    const record = super.delete(key);
    const keys = record?.userId === undefined ? undefined : this.#keys.get(record.userId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(record!.userId!);
    return record;
  }

  /** The keys and records of a user. */
  ofUser(userId: string, now: number): [key: string, record: Value][] {
    return [...(this.#keys.get(userId) ?? [])]
      .map((key) => [key, this.find(key, now)] as const)
      .filter((pair): pair is [string, Value] => pair[1] !== undefined);
  }
}
