// The account page: what a person has allowed, where they are signed in, and their password.

import type { Request, Response } from 'express';
import { type ConnectedApp, connectedApps } from '../authorization/connected-apps.ts';
import type { Context, Endpoint } from '../context.ts';
import { HostError } from '../host-error.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { requestIdOf } from '../http/request-id.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import { type DescribedScope, describeScopes } from '../pages/scopes.ts';
import { type ShownClient, shownClient } from '../pages/shown-client.ts';
import type { Translate } from '../pages/translate.ts';
import { claimNames } from '../protocol/shared-claims.ts';
import { takeFlash } from '../sign-in/flash.ts';
import { csrfToken } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { isOpenTo, sessionHash } from '../sign-in/session.ts';
import { readUserAgent } from '../sign-in/user-agent.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject, User } from '../types.ts';

/** What is shown of an app. */
interface ShownApp extends ConnectedApp, Omit<ShownClient, 'id'> {
  /** In words, beside the name of each scope. */
  readonly allowed: readonly {
    readonly resource: string;
    readonly scopes: readonly DescribedScope[];
  }[];
}

/** How many apps are shown, those used last. */
const MAX_SHOWN = 100;

/** The apps that a person has let in. */
export async function appsOf(store: Store, userId: string): Promise<ConnectedApp[]> {
  const [grants, consents] = await Promise.all([
    store.grants.listByUser(userId, Date.now()),
    store.consents.listByUser(userId),
  ]);
  return connectedApps(grants, consents);
}

/**
 * An app as the pages show it.
 *
 * @param known of the person; if it is absent, nothing is shown of them
 */
export async function shownApp(
  { site, store, pages }: Pick<Context, 'site' | 'store' | 'pages'>,
  app: ConnectedApp,
  t: Translate,
  known?: JsonObject,
): Promise<ShownApp> {
  const client = await store.clients.find(app.clientId);
  return {
    ...app,
    ...(client === undefined ? { name: app.clientId } : shownClient(client, site)),
    allowed: app.access.map(({ resource, ...access }) => ({
      resource,
      scopes: describeScopes(access, pages.scopes, t, known),
    })),
  };
}

/** A client that is no longer registered is called by its id. */
async function nameOf(store: Store, clientId: string): Promise<string> {
  return (await store.clients.find(clientId))?.name ?? clientId;
}

export function account({
  site,
  store,
  events,
  oauth,
  pages,
  people,
}: Pick<Context, 'site' | 'store' | 'events' | 'oauth' | 'pages' | 'people'>): Endpoint {
  const { browser, render } = pages;
  const routes = new Routes();

  routes
    .route(PATHS.account)
    .all(browser, methods('GET', 'HEAD'))
    .get(async (req, res) => {
      const user = await people.current(req);
      if (user === undefined) return redirect(res, people.accountLoginUrl);
      const t = wordsFor(res);
      // HEAD shows nobody the notice, so it stays for the page.
      const left = req.method === 'HEAD' ? undefined : takeFlash(req, res, site);
      // That one is for the login page: somebody else may have been signed in here all the time.
      const notice = left?.name === 'password_reset' ? undefined : left;
      const own = await people.recordOf?.(user);
      const apps = await appsOf(store, user.id);
      const first = apps.slice(0, MAX_SHOWN);
      const known = await knownTo(first, user, res);
      const shown = first.map((app) => shownApp({ site, store, pages }, app, t, known));
      return render(res, 'account', {
        title: t('account.title'),
        wide: true,
        user,
        apps: await Promise.all(shown),
        moreApps: apps.length - shown.length,
        sessions: own && (await sessionsOf(req, own)),
        password:
          own?.passwordHash === undefined ? undefined : { changedAt: own.passwordChangedAt },
        notice: notice && {
          ...notice,
          clientName: notice.clientId && (await nameOf(store, notice.clientId)),
        },
        signOutToken: own && (await csrfToken(req)),
        endToken: own && (await csrfToken(req, 'sign out', user.id)),
      });
    });

  return { routes };

  /**
   * What apps are told of the person, as it is now. If the app around us cannot say, the page is shown
   * without it, because this is where people take access back.
   */
  async function knownTo(apps: readonly ConnectedApp[], user: SignedIn, res: Response) {
    const all = apps.flatMap(({ access }) => access);
    const ofScopes = claimNames({ scope: all.flatMap(({ scope }) => scope) });
    try {
      const names = new Set([...ofScopes, ...all.flatMap(({ claims }) => claims)]);
      return await oauth.personClaims.known(user, [...names]);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      events.emit('failure', { requestId: requestIdOf(res), error });
      return undefined;
    }
  }

  /** This session first, then the one used last; `undefined` if an app around us keeps them. */
  async function sessionsOf(req: Request, user: User) {
    const current = sessionHash(req);
    if (current === undefined) return undefined;
    const sessions = await store.sessions.listByUser(user.id, Date.now());
    return sessions
      .filter((session) => isOpenTo(user, session))
      .map(({ hash, createdAt, seenAt, userAgent = '' }) => ({
        hash,
        createdAt,
        seenAt,
        isCurrent: hash === current,
        ...readUserAgent(userAgent),
      }))
      .sort(
        (a, b) => Number(b.isCurrent) - Number(a.isCurrent) || (b.seenAt ?? 0) - (a.seenAt ?? 0),
      );
  }
}
