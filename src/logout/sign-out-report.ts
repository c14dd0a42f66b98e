// How signing out went, for the page that says so. It is kept for some minutes under a secret handle.

import { sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { PendingLogout } from '../types.ts';
import { frameUrl, loadable } from './front-channel.ts';
import type { LeftClient } from './session-ends.ts';

/** Where the person goes on to, and how the page speaks. */
export interface AfterSignOut {
  /** A URL that was checked, and fits a redirect. */
  readonly target?: string | undefined;
  /** The languages that the client asked for. */
  readonly uiLocales?: string | undefined;
}

interface App {
  readonly name: string;
  readonly logoutId?: string | undefined;
  readonly keepsAccess: boolean;
  /** Whether it is the one that asked for this: it has signed the person out itself. */
  readonly hasAsked: boolean;
}

/** What is kept. It has no more of the person than which apps they were signed in to. */
interface Kept extends AfterSignOut {
  readonly apps: readonly App[];
  /** What the page loads. */
  readonly frames: readonly string[];
}

/** The state so far. Each list has the names of apps. */
export interface SignOutReport extends AfterSignOut {
  /** Those that were told. */
  readonly told: readonly string[];
  /** Those that are just being told. */
  readonly underWay: readonly string[];
  /** Those that could not be told yet, or have not answered so far; they will be told again. */
  readonly missed: readonly string[];
  /**
   * Those of which nobody here knows: they did not ask for the sign-out, and they cannot be told, can be
   * told only by a frame, or have refused.
   */
  readonly unknown: readonly string[];
  /** Those that keep access that outlasts a session. */
  readonly keeping: readonly string[];
  readonly frames: readonly string[];
  /** Whether there may be more to say in a moment. */
  readonly isInProgress: boolean;
}

/** How long, in milliseconds, it can be looked at. */
const TTL = 10 * 60 * 1000;

/** How long, in milliseconds, it takes until most clients that can be told have been. */
export const MOMENT = 2000;

export function createSignOutReports(store: Store, issuer: string) {
  return {
    /**
     * Stores what has to be said about the clients that a person was signed out of.
     *
     * @param asker the client that asked for it, if one did
     */
    of(left: readonly LeftClient[], onward: AfterSignOut, asker?: string): Kept {
      const byClient = Map.groupBy(left, ({ clientId }) => clientId);
      const apps = [...byClient.values()].flatMap((same) => {
        const [{ clientId, client, logoutId }] = same as [LeftClient];
        const keepsAccess = same.some((one) => one.keepsAccess);
        if (client === undefined) return [];
        return [{ name: client.name, logoutId, keepsAccess, hasAsked: clientId === asker }];
      });
      apps.sort((a, b) => (a.name < b.name ? -1 : 1));
      const urls = left.flatMap(
        ({ client, sid }) => (client && frameUrl(client, issuer, sid)) ?? [],
      );
      return { ...onward, apps, frames: loadable(urls) };
    },

    /** @param handle a secret by which it is found */
    async keep(handle: string, report: Kept): Promise<void> {
      const document = { data: JSON.stringify(report), expiresAt: Date.now() + TTL };
      await store.requests.save(keyOf(handle), document);
    },

    /** Where the person goes on to from the page about it; `undefined` if there is none, or no longer. */
    async onwardOf(handle: string): Promise<AfterSignOut | undefined> {
      const found = await store.requests.find(keyOf(handle), Date.now());
      return found && (JSON.parse(found.data) as Kept);
    },

    /** The state so far; `undefined` if there is none, or no longer. */
    async find(handle: string): Promise<SignOutReport | undefined> {
      const now = Date.now();
      const found = await store.requests.find(keyOf(handle), now);
      if (found === undefined) return undefined;
      const { apps, ...kept }: Kept = JSON.parse(found.data);
      const ids = apps.flatMap(({ logoutId }) => logoutId ?? []);
      const pending = ids.length === 0 ? [] : await store.logouts.find(ids, now);
      const known = new Map(pending.map((one) => [one.id, one]));
      const named = (isMeant: (app: App, waiting: PendingLogout | undefined) => boolean) =>
        apps.filter((app) => isMeant(app, known.get(app.logoutId ?? ''))).map(({ name }) => name);
      // The page does not go on for minutes saying that a client is being told, if that is slow, or down
      // and left alone for a while.
      const isFirstMoment = now < found.expiresAt - TTL + MOMENT;
      const isUnderWay = (waiting: PendingLogout) => waiting.attempts === 0 && isFirstMoment;
      const underWay = named((_app, waiting) => waiting !== undefined && isUnderWay(waiting));
      return {
        ...kept,
        isInProgress: underWay.length > 0,
        told: named(({ logoutId }, waiting) => logoutId !== undefined && waiting === undefined),
        underWay,
        missed: named(
          (_app, waiting) => waiting !== undefined && !isUnderWay(waiting) && !isGivenUp(waiting),
        ),
        unknown: named(({ logoutId, hasAsked }, waiting) => {
          const isUntold = waiting === undefined ? logoutId === undefined : isGivenUp(waiting);
          return isUntold && !hasAsked;
        }),
        keeping: named(({ keepsAccess }) => keepsAccess),
      };
    },
  };
}

/** See `postpone` of the store's logouts. */
function isGivenUp({ dueAt, expiresAt }: PendingLogout): boolean {
  return dueAt >= expiresAt;
}

function keyOf(handle: string): string {
  return sha256(`signed out ${handle}`);
}
