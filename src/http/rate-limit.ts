// Limits on failed attempts: they slow down whoever guesses, and do not lock the owner out.

import { isIP, isIPv6 } from 'node:net';
import type { Request } from 'express';
import type { Store } from '../store/store.ts';
import type { Refusals } from './refusals.ts';
import { addressOfSender } from './request-headers.ts';

/** How many failures are allowed; any number if the limits are not `enabled`. */
export interface Limits {
  readonly enabled: boolean;
  /** Length of a window, in seconds. */
  readonly window: number;
  /** Failed logins in a window for one account from one address. */
  readonly loginsPerAccount: number;
  /** Failed logins in a window from one address, whatever the account. */
  readonly loginsPerAddress: number;
  /** Wrong secrets of fewer than 32 characters in a window for one client from one address. */
  readonly clientFailures: number;
  /**
   * How many clients may register themselves from one address in an hour, whatever the window. A change by
   * which the server is to ask at another URL counts as one.
   */
  readonly registrationsPerAddress: number;
}

/** What attempts are counted with. */
export interface Counting {
  readonly store: Store;
  readonly limits: Limits;
  readonly refusals: Refusals;
}

/** One key and how often it may be used in a window. */
interface Quota {
  /** What the store counts under. */
  readonly key: string;
  readonly max: number;
  /** What a refusal is remembered under, if it is not the key. */
  readonly alias?: string;
}

/** An attempt that was counted, to be un-counted if it succeeds. */
type GiveBack = () => Promise<void>;

/** An attempt that was counted, or when it is allowed, in milliseconds since the epoch. */
export type Counted = { readonly giveBack: GiveBack } | { readonly resetAt: number };

/**
 * Milliseconds after which a full quota is looked at again: attempts that are counted in it may be
 * under way still and turn out right, in another process too.
 */
const LOOK_AGAIN = 10_000;

/** How many times as many are allowed to a neighbourhood of addresses. */
const WIDER = 10;

/** Characters of an address that are kept: the longest one has as many, and it may be no address. */
const MAX_ADDRESS = 45;

/** When what was refused a moment ago is allowed again; `undefined` if none of it was. */
export function refusedUntil(
  { limits, refusals }: Counting,
  names: readonly string[],
): number | undefined {
  if (!limits.enabled) return undefined;
  const now = Date.now();
  return names.map((name) => refusals.find(name, now)).find((resetAt) => resetAt !== undefined);
}

/**
 * Counts an attempt under every quota before it is known whether it will succeed, so that a
 * thousand attempts at once are counted as a thousand. If one of them refuses, none is charged.
 */
export async function countAttempt(counting: Counting, quotas: readonly Quota[]): Promise<Counted> {
  const taken: GiveBack[] = [];
  const giveBack = async () => {
    await Promise.all(taken.map((one) => one()));
  };
  const now = Date.now();
  for (const quota of quotas) {
    const counted = await count(counting, quota, now);
    if ('resetAt' in counted) {
      await giveBack();
      return counted;
    }
    taken.push(counted.giveBack);
  }
  return { giveBack };
}

/** Counts an attempt under one quota, or answers when it is allowed again. */
export async function count(
  { store, limits, refusals }: Counting,
  { key, max, alias = key }: Quota,
  now: number,
): Promise<Counted> {
  if (!limits.enabled) return { giveBack: async () => {} };
  const remembered = refusals.find(alias, now);
  if (remembered !== undefined) return { resetAt: remembered };
  const { allowed, resetAt } = await store.limits.take(key, max, limits.window * 1000, now);
  if (!allowed) {
    refusals.remember(alias, resetAt, now + LOOK_AGAIN);
    return { resetAt };
  }
  const giveBack = async () => {
    await store.limits.giveBack(key, now);
    refusals.forget(alias);
  };
  return { giveBack };
}

/**
 * The address a request comes from, as far as limits and the log care: an IPv6 customer has a whole
 * /64 to come from. Whether `X-Forwarded-For` counts is for the app around us to say, by its
 * `trust proxy`.
 */
export function addressOf(req: Request): string {
  const address = canonical(addressOfSender(withoutPorts(req)) ?? 'unknown');
  if (isIP(address) === 0) return address.slice(0, MAX_ADDRESS);
  return isIPv6(address) ? `${partsOf(address).slice(0, 4).join(':')}::/64` : address;
}

/** One spelling for each address; an IPv4 address that is written as IPv6 is that IPv4 address. */
function canonical(address: string): string {
  const url = `http://[${address}]`;
  if (!isIPv6(address) || !URL.canParse(url)) return address;
  const spelt = new URL(url).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(spelt) ?? [];
  if (high === undefined || low === undefined) return spelt;
  const bytes = [high, low].map((part) => Number.parseInt(part, 16));
  return bytes.flatMap((part) => [part >> 8, part & 255]).join('.');
}

/** `1.2.3.4:5678`, `[2001:db8::1]:5678` or `[2001:db8::1]`, in quotes or not. */
const WITH_PORT = /^"?(?:(?:::ffff:)?(\d+\.\d+\.\d+\.\d+):\d+|\[([\da-f:.]+)\](?::\d+)?)"?$/i;

/**
 * The request as Express would see it if no proxy had added ports to `X-Forwarded-For`: some do, and
 * each connection of a person has another one. A port would also hide that a proxy is a trusted one.
 */
function withoutPorts(req: Request): Request {
  const forwarded = req.headers['x-forwarded-for'];
  if (typeof forwarded !== 'string' || !/[\]"]|\.\d+:/.test(forwarded)) return req;
  const addresses = forwarded
    .split(',')
    .map((entry) => entry.trim().replace(WITH_PORT, (_, v4, v6) => v4 ?? v6));
  const headers = { ...req.headers, 'x-forwarded-for': addresses.join(', ') };
  return Object.create(req, { headers: { value: headers } });
}

/**
 * How often something may be done from an address, and from its neighbourhood, if it has one.
 *
 * @param what names what is done; keys begin with it
 * @param address as `addressOf` has it
 * @param max for the address
 */
export function addressQuotas(what: string, address: string, max: number): Quota[] {
  const neighbourhood = neighbourhoodOf(address);
  const own = { key: `${what}:${address}`, max };
  return neighbourhood === undefined
    ? [own]
    : [own, { key: `${what}:${neighbourhood}`, max: max * WIDER }];
}

/** The /48 of an IPv6 address: many customers have as much. An IPv4 address has none. */
function neighbourhoodOf(address: string): string | undefined {
  if (!address.endsWith('::/64')) return undefined;
  return `${address.split(':').slice(0, 3).join(':')}::/48`;
}

function partsOf(address: string): string[] {
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const middle = Array(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...middle, ...right];
}
