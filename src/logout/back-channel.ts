// OpenID Connect Back-Channel Logout: clients are told, in the background, that sessions have ended.
//
// What they are to be told is in the store. A process takes what is due, for a limited time. Whatever it
// has not done by then, perhaps because it was killed, is due again. So each client is told at least
// once, and rarely twice.

import { post } from '../clients/guarded-fetch.ts';
import type { Events } from '../events.ts';
import { signedWith } from '../oauth/id-tokens.ts';
import type { Keys } from '../oauth/keys.ts';
import { keyAlgorithm, signJwt } from '../protocol/jwt.ts';
import { LOGOUT_TOKEN_TYPE, logoutTokenClaims } from '../protocol/logout-token.ts';
import { randomToken } from '../protocol/secrets.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { Client, PendingLogout } from '../types.ts';

/** Milliseconds from each failed attempt to the next. After the last of them, the logout is given up. */
export const PAUSES: readonly number[] = [
  10_000,
  60_000,
  5 * 60_000,
  30 * 60_000,
  2 * 3600_000,
  6 * 3600_000,
  12 * 3600_000,
];

/** How long, in milliseconds, what a process has taken is its own. No attempt takes that long. */
export const LEASE = 60_000;

/** How long, in milliseconds, a client that could not be told is left alone. */
export const REST = 10_000;

/**
 * The most attempts under way at once, and how many are taken in one go. A client with that many under
 * way gets no more, so it has fewer than twice as many, even if all that were taken together are its
 * own.
 */
const MAX_UNDER_WAY = 256;
export const BATCH = 8;

/**
 * The most of them for clients that nobody here vouches for, all together: one person may make any number
 * of these, and have each answer slowly.
 */
export const MAX_SELF_MADE = 64;

interface BackChannelOptions {
  readonly store: Store;
  readonly keys: Keys;
  readonly issuer: string;
  /** Whether a URL may be http and may lead to an address that is not public. */
  readonly allowInternal: boolean;
  readonly events: Events;
}

/** The state of a client at the moment. */
interface Standing {
  underWay: number;
  /** When an attempt last failed. */
  failedAt: number;
}

export type BackChannel = ReturnType<typeof createBackChannel>;

export function createBackChannel({
  store,
  keys,
  issuer,
  allowInternal,
  events,
}: BackChannelOptions) {
  const underWay = new Set<Promise<void>>();
  let selfMadeUnderWay = 0;
  /** By client, for those that have attempts under way or are left alone. */
  const standings = new Map<string, Standing>();
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isClosed = false;
  let isStoreAway = false;

  function start(): void {
    isWoken = true;
    running ??= run();
  }

  async function run(): Promise<void> {
    while (isWoken) {
      isWoken = false;
      await beginWhatIsDue().catch(report);
    }
    running = undefined;
  }

  async function beginWhatIsDue(): Promise<void> {
    while (!isClosed && underWay.size + BATCH <= MAX_UNDER_WAY) {
      const now = Date.now();
      const selfMade = selfMadeUnderWay + BATCH <= MAX_SELF_MADE ? BATCH : 0;
      const taken = await store.logouts.claim(BATCH, now, now + LEASE, busyAt(now), selfMade);
      isStoreAway = false;
      for (const logout of taken) {
        begin(logout);
        // Requests come first: signing takes a while.
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (taken.length < BATCH) return;
    }
  }

  /** The clients that get nothing now. */
  function busyAt(now: number): string[] {
    const busy: string[] = [];
    for (const [clientId, standing] of standings) {
      // A clock may be set back.
      const rests = now >= standing.failedAt && now < standing.failedAt + REST;
      if (rests || standing.underWay >= BATCH) busy.push(clientId);
      else if (standing.underWay === 0) standings.delete(clientId);
    }
    return busy;
  }

  function begin(logout: PendingLogout): void {
    const { clientId, isSelfMade } = logout;
    const never = Number.NEGATIVE_INFINITY;
    const standing = standings.get(clientId) ?? { underWay: 0, failedAt: never };
    standings.set(clientId, standing);
    standing.underWay += 1;
    if (isSelfMade) selfMadeUnderWay += 1;
    const task = attempt(logout, standing)
      .catch(report)
      .finally(() => {
        standing.underWay -= 1;
        underWay.delete(task);
        if (isSelfMade) selfMadeUnderWay -= 1;
        // More may be due for which there was no room until now.
        const isRoom =
          standing.underWay === BATCH - 1 ||
          underWay.size === MAX_UNDER_WAY - BATCH ||
          (isSelfMade && selfMadeUnderWay === MAX_SELF_MADE - BATCH);
        if (isRoom && !isClosed) start();
      });
    underWay.add(task);
  }

  async function attempt(logout: PendingLogout, standing: Standing): Promise<void> {
    const { clientId, userId } = logout;
    const client = await store.clients.find(clientId);
    const uri = client?.backchannelLogoutUri;
    if (client === undefined || uri === undefined) {
      await store.logouts.remove(logout);
      return;
    }
    const form = new URLSearchParams({ logout_token: await tokenOf(logout, client) });
    const attempts = logout.attempts + 1;
    const refusal = await refusalOf(uri, form);
    if (refusal === undefined) {
      // If several have told it, only one says so.
      const isFirst = await store.logouts.remove(logout);
      if (isFirst) events.emit('logout_told', { clientId, userId, attempts });
      return;
    }
    const { error, isDown } = refusal;
    const now = Date.now();
    if (isDown) standing.failedAt = now;
    const pause = isDown ? PAUSES[logout.attempts] : undefined;
    const final = pause === undefined;
    // A logout that is given up stays in the store, for the page that says how it went.
    await store.logouts.postpone(logout, attempts, final ? logout.expiresAt : now + pause);
    events.emit('logout_failed', { clientId, userId, attempts, error, final });
  }

  /** Section 2.5: with the key of the client's ID tokens, and anew for each attempt. */
  async function tokenOf(logout: PendingLogout, client: Client): Promise<string> {
    const alg = signedWith(client);
    const now = Date.now();
    const key = await keys.of(keyAlgorithm(alg), now);
    const claims = logoutTokenClaims(issuer, logout, randomToken(16), now);
    return signJwt(key, LOGOUT_TOKEN_TYPE, claims, alg);
  }

  /** Section 2.8: why a client does not count as told; `undefined` if it does. */
  async function refusalOf(uri: string, form: URLSearchParams) {
    try {
      const status = await post(uri, allowInternal, form);
      if (status === 200 || status === 204) return undefined;
      const error = new Error(`${new URL(uri).host} answered with ${status}`);
      // With 400 the client says that it will not do it, now or later.
      return { error, isDown: status !== 400 };
    } catch (error) {
      return { error, isDown: true };
    }
  }

  /** Reported once each time the store is away. What was not done then is due again after a while. */
  function report(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) {
      events.emit('failure', { requestId: 'back-channel logout', error });
    } else if (!isStoreAway) {
      isStoreAway = true;
      events.emit('store_unavailable', { error });
    }
  }

  async function idle(): Promise<void> {
    while (running !== undefined || underWay.size > 0) await Promise.all([running, ...underWay]);
  }

  return {
    metadata: {
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    },
    /** Begins to tell clients what is due. Nobody waits for that, and it never throws. */
    wake(): void {
      isClosed = false;
      start();
    },
    /** Resolves once nothing is under way. */
    idle,
    /**
     * Begins nothing more, unless it is woken again, and waits for what is under way: a few seconds at
     * the most.
     */
    close(): Promise<void> {
      isClosed = true;
      return idle();
    },
  };
}
