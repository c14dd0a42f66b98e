// Which sessions, grants and consents end because there are too many, for stores that can look at all of
// them.

import type { Consent, Grant } from '../types.ts';
import { MAX_HELD } from './outcomes.ts';
import type { Session } from './store-sessions.ts';

/**
 * The hashes of the sessions that end, as there may be MAX_HELD of one person: the oldest.
 *
 * @param all that are in force of that person
 * @param saved the hash of the one that was just saved, which stays
 */
export function sessionsOverMax(
  all: readonly (Session & { readonly hash: string })[],
  saved: string,
): string[] {
  return all
    .filter(({ hash }) => hash !== saved)
    .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
    .slice(MAX_HELD - 1)
    .map(({ hash }) => hash);
}

/**
 * The ids of the grants that end, as there may be MAX_HELD of one user at one client that no token has come
 * of yet, and MAX_HELD others: the oldest, and those that were not used for the longest time.
 *
 * @param all that are in force of that user and client
 * @param stored the id of the one that was just stored, which stays
 */
export function grantsOverMax(all: readonly Grant[], stored: string): string[] {
  const usedAt = ({ id, lastUsedAt, createdAt }: Grant) =>
    id === stored ? Number.POSITIVE_INFINITY : (lastUsedAt ?? createdAt);
  const [waiting, used] = [
    all.filter(({ lastUsedAt }) => lastUsedAt === undefined),
    all.filter(({ lastUsedAt }) => lastUsedAt !== undefined),
  ];
  return [waiting, used].flatMap((grants) =>
    grants
      .sort((a, b) => usedAt(b) - usedAt(a))
      .slice(MAX_HELD)
      .map(({ id }) => id),
  );
}

/**
 * The resources that are forgotten, as there may be MAX_HELD consents of one user at one client: of those
 * that were not just added, the oldest.
 *
 * @param all what is remembered of that user and client
 * @param added those of them that were just added
 */
export function resourcesOverMax(
  all: readonly Pick<Consent, 'resource' | 'createdAt'>[],
  added: readonly Pick<Consent, 'resource'>[],
): string[] {
  const kept = new Set(added.map(({ resource }) => resource));
  return all
    .filter(({ resource }) => !kept.has(resource))
    .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0) || (a.resource < b.resource ? -1 : 1))
    .slice(Math.max(0, MAX_HELD - kept.size))
    .map(({ resource }) => resource);
}
