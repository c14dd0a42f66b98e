// The apps that a person has let into their account, out of the grants and consents there are.

import type { Consent, Grant } from './types.ts';

export interface ConnectedApp {
  readonly clientId: string;
  /** What it may do, by resource: the empty one first, where the client named none. */
  readonly access: readonly { readonly resource: string; readonly scope: readonly string[] }[];
  /** When the person first allowed it, as far as that is known. */
  readonly since?: number | undefined;
  /** When it last got tokens, as long as one of them is good for something. */
  readonly lastUsedAt?: number | undefined;
  /** Whether it can do something now. Else it may still come back without the person being asked. */
  readonly isActive: boolean;
}

/** The apps, the one used last first. */
export function connectedApps(
  grants: readonly Grant[],
  consents: readonly Consent[],
): ConnectedApp[] {
  const ids = new Set([...grants, ...consents].map(({ clientId }) => clientId));
  const apps = [...ids].map((clientId) => {
    const own = {
      grants: grants.filter((grant) => grant.clientId === clientId),
      consents: consents.filter((consent) => consent.clientId === clientId),
    };
    const all = [...own.grants, ...own.consents];
    return {
      clientId,
      access: accessOf(own.grants, own.consents),
      since: first(all.map(({ createdAt }) => createdAt)),
      lastUsedAt: last(own.grants.map(({ lastUsedAt }) => lastUsedAt)),
      isActive: own.grants.length > 0,
    };
  });
  const used = ({ lastUsedAt = 0, since = 0 }: ConnectedApp) => Math.max(lastUsedAt, since);
  return apps.sort((a, b) => used(b) - used(a) || (a.clientId < b.clientId ? -1 : 1));
}

function accessOf(grants: readonly Grant[], consents: readonly Consent[]): ConnectedApp['access'] {
  const scopes = new Map<string, Set<string>>();
  const add = (resource: string, scope: readonly string[]) =>
    scopes.set(resource, new Set([...(scopes.get(resource) ?? []), ...scope]));
  for (const { resource, scope } of grants) {
    for (const name of resource.length > 0 ? resource : ['']) add(name, scope);
  }
  for (const { resource, scope } of consents) add(resource, scope);
  return [...scopes]
    .map(([resource, scope]) => ({ resource, scope: [...scope].sort() }))
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

type Times = readonly (number | undefined)[];

const first = (times: Times) => times.filter((time) => time !== undefined).toSorted(byTime)[0];
const last = (times: Times) =>
  times
    .filter((time) => time !== undefined)
    .toSorted(byTime)
    .at(-1);
const byTime = (a: number, b: number) => a - b;
