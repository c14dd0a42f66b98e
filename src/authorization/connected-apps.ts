// The apps that a person has let into their account, made of the grants and consents there are.

import { outlastsSession } from '../logout/session-ends.ts';
import { requestedNames } from '../protocol/shared-claims.ts';
import type { Consent, Grant } from '../types.ts';

export interface ConnectedApp {
  readonly clientId: string;
  /** What it may do, by resource: the empty one first, if the client named none. */
  readonly access: readonly Access[];
  /** How many more resources there are, allowed longer ago. */
  readonly moreResources: number;
  /** When the person first allowed it, as far as that is known. */
  readonly since?: number | undefined;
  /** When it last got tokens, as long as one of them is good for something. */
  readonly lastUsedAt?: number | undefined;
  /** Whether it can do something now. If not, it may still come back without the person being asked. */
  readonly isActive: boolean;
  /** Whether it keeps its access once the person has signed out. */
  readonly outlastsSession: boolean;
}

/** What an app may do with one resource, and is told of the person. */
interface Access {
  readonly resource: string;
  readonly scope: readonly string[];
  /** The names of claims that it has asked for one by one. */
  readonly claims: readonly string[];
}

/** How many resources of an app are listed. */
const MAX_RESOURCES = 20;

/** The apps, the one used last first. */
export function connectedApps(
  grants: readonly Grant[],
  consents: readonly Consent[],
): ConnectedApp[] {
  const byClient = {
    grants: Map.groupBy(grants, ({ clientId }) => clientId),
    consents: Map.groupBy(consents, ({ clientId }) => clientId),
  };
  const ids = new Set([...byClient.grants.keys(), ...byClient.consents.keys()]);
  const apps = [...ids].map((clientId) => {
    const own = {
      grants: byClient.grants.get(clientId) ?? [],
      consents: byClient.consents.get(clientId) ?? [],
    };
    const all = [...own.grants, ...own.consents];
    return {
      clientId,
      ...accessOf(own.grants, own.consents),
      since: first(all.map(({ createdAt }) => createdAt)),
      lastUsedAt: last(own.grants.map(({ lastUsedAt }) => lastUsedAt)),
      isActive: own.grants.length > 0,
      outlastsSession: own.grants.some(outlastsSession),
    };
  });
  const used = ({ lastUsedAt = 0, since = 0 }: ConnectedApp) => Math.max(lastUsedAt, since);
  return apps.sort((a, b) => used(b) - used(a) || (a.clientId < b.clientId ? -1 : 1));
}

function accessOf(
  grants: readonly Grant[],
  consents: readonly Consent[],
): Pick<ConnectedApp, 'access' | 'moreResources'> {
  const known = new Map<string, { scope: Set<string>; claims: Set<string>; allowedAt: number }>();
  const add = (
    resource: string,
    { scope, claims = [] }: Pick<Consent, 'scope' | 'claims'>,
    allowedAt: number,
  ) => {
    const there = known.get(resource) ?? { scope: new Set(), claims: new Set(), allowedAt };
    for (const word of scope) there.scope.add(word);
    for (const name of claims) there.claims.add(name);
    there.allowedAt = Math.max(there.allowedAt, allowedAt);
    known.set(resource, there);
  };
  for (const { resource, scope, createdAt, openid } of grants) {
    const claims = requestedNames(openid?.claims);
    for (const name of resource.length > 0 ? resource : ['']) {
      add(name, { scope, claims }, createdAt);
    }
  }
  for (const consent of consents) add(consent.resource, consent, consent.createdAt ?? 0);
  const newest = [...known].sort(([, a], [, b]) => b.allowedAt - a.allowedAt);
  return {
    access: newest
      .slice(0, MAX_RESOURCES)
      .map(([resource, { scope, claims }]) => ({
        resource,
        scope: [...scope].sort(),
        claims: [...claims].sort(),
      }))
      .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
    moreResources: Math.max(0, newest.length - MAX_RESOURCES),
  };
}

type Times = readonly (number | undefined)[];

const first = (times: Times) => times.filter((time) => time !== undefined).toSorted(byTime)[0];
const last = (times: Times) =>
  times
    .filter((time) => time !== undefined)
    .toSorted(byTime)
    .at(-1);
const byTime = (a: number, b: number) => a - b;
