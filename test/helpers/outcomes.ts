// What came of signing out, as the signed-out page may have to say it.

import { type AfterSignOut, createSignOutReports } from '../../src/logout/sign-out-report.ts';
import { randomToken } from '../../src/protocol/secrets.ts';
import type { TestServer } from './harness.ts';

/** The names of apps. */
export interface Left {
  readonly told?: readonly string[];
  readonly underWay?: readonly string[];
  readonly missed?: readonly string[];
  readonly unknown?: readonly string[];
  readonly keeping?: readonly string[];
}

/** The path of a signed-out page that says this. */
export async function signedOutPath(
  { store, issuer }: TestServer,
  { told = [], underWay = [], missed = [], unknown = [], keeping = [] }: Left,
  onward: AfterSignOut & { readonly frames?: readonly string[] } = {},
): Promise<string> {
  const app = (name: string, logoutId?: string) => ({
    ...{ name, logoutId, keepsAccess: false, hasAsked: false },
  });
  const pending = (attempts: number) => async (name: string) =>
    app(name, await leave(store, attempts));
  const apps = [
    ...told.map((name) => app(name, randomToken(16))),
    ...(await Promise.all(underWay.map(pending(0)))),
    ...(await Promise.all(missed.map(pending(1)))),
    ...unknown.map((name) => app(name)),
  ];
  for (const name of keeping) {
    const there = apps.find((one) => one.name === name);
    if (there === undefined) throw new Error(`${name} keeps access: what else is it?`);
    there.keepsAccess = true;
  }
  const handle = randomToken(16);
  await createSignOutReports(store, issuer).keep(handle, { frames: [], ...onward, apps });
  return `/logout?done=${handle}`;
}

/** Signs somebody out of a client, which is told next in an hour. @returns the id of what it is told */
async function leave(store: TestServer['store'], attempts: number): Promise<string> {
  const now = Date.now();
  const [hash, grantId, id] = [randomToken(), randomToken(16), randomToken()];
  const ofClient = { clientId: 'web', userId: 'alice', expiresAt: now + 3_600_000 };
  const grant = { id: grantId, ...ofClient, scope: [], resource: [], createdAt: now, session: id };
  const code = { hash, grantId, ...ofClient, redirectUri: 'https://web.example/', scope: [] };
  if (!(await store.codes.save(code, grant))) throw new Error('There is no client "web".');
  const logout = { id, ...ofClient, subject: 'alice', isSelfMade: false, attempts };
  const due = { ...logout, dueAt: ofClient.expiresAt - 1 };
  await store.grants.leaveSession([{ grantId, stays: false, logout: due }], now);
  return id;
}
