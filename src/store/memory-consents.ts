// Consents of the memory store.

import { frozen } from '../frozen.ts';
import type { Consent } from '../types.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import { mergedConsent } from './outcomes.ts';
import { resourcesOverMax } from './over-max.ts';
import type { Consents } from './store-grants.ts';

export function consentsIn(tables: MemoryTables): Consents {
  const { consents, grants, tickets } = tables;
  return {
    async find(userId, clientId, resource) {
      return findConsent(tables, { userId, clientId, resource });
    },
    async add(...added) {
      addConsents(tables, added);
    },
    async listByUser(userId) {
      return [...(consents.get(userId)?.values() ?? [])];
    },
    async withdraw(userId, clientId) {
      let found = forgetConsents(tables, userId, clientId);
      for (const table of [grants, tickets]) {
        for (const [key, record] of table.ofUser(userId, ALWAYS)) {
          if (record.clientId !== clientId) continue;
          table.delete(key);
          found = true;
        }
      }
      return found;
    },
  };
}

type ConsentKey = Pick<Consent, 'userId' | 'clientId' | 'resource'>;

/** An array in JSON: an id may hold any character, so no separator would be safe. */
function keyOf(clientId: string, resource: string): string {
  return JSON.stringify([clientId, resource]);
}

export function findConsent(
  { consents }: MemoryTables,
  { userId, clientId, resource }: ConsentKey,
): Consent | undefined {
  return consents.get(userId)?.get(keyOf(clientId, resource));
}

/** Adds to what is remembered of one user and client. */
export function addConsents({ clients, consents }: MemoryTables, added: readonly Consent[]): void {
  const [first] = added;
  if (first === undefined || !clients.has(first.clientId)) return;
  const { userId, clientId } = first;
  const ofUser = consents.get(userId) ?? new Map<string, Consent>();
  consents.set(userId, ofUser);
  for (const consent of added) {
    const key = keyOf(clientId, consent.resource);
    ofUser.set(key, frozen(mergedConsent(ofUser.get(key), consent)));
  }
  const all = [...ofUser.values()].filter((consent) => consent.clientId === clientId);
  for (const resource of resourcesOverMax(all, added)) ofUser.delete(keyOf(clientId, resource));
}

/** @returns whether there were any */
function forgetConsents({ consents }: MemoryTables, userId: string, clientId: string): boolean {
  const ofUser = consents.get(userId);
  let found = false;
  for (const [key, consent] of ofUser ?? []) {
    if (consent.clientId === clientId) found = ofUser!.delete(key);
  }
  if (ofUser?.size === 0) consents.delete(userId);
  return found;
}
