// Signs a person out of this browser, whether our own page or a client asked for it.

import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { withQuery } from '../http/with-query.ts';
import { type AfterSignOut, createSignOutReports } from '../logout/sign-out-report.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import type { SignedIn } from '../sign-in/people.ts';

/**
 * The client that asked, if one did, and where the person goes next: a URL that was checked and fits
 * into a redirect.
 */
export interface AskedBy extends AfterSignOut {
  readonly clientId?: string | undefined;
}

export interface BrowserSignOut {
  /**
   * Signs a person out of this browser and of its clients, and sends the browser on: to `target` if
   * there is one and no frames have to be loaded first, otherwise to the signed-out page, which goes on
   * to it.
   */
  signOut(req: Request, res: Response, person: SignedIn, by?: AskedBy): Promise<void>;
}

export function createBrowserSignOut(
  { site, store, events, sessionEnds }: Pick<Context, 'site' | 'store' | 'events' | 'sessionEnds'>,
  people: OwnPeople,
): BrowserSignOut {
  const reports = createSignOutReports(store, site.issuer);
  const page = `${site.path}${PATHS.logout}`;

  return {
    async signOut(req, res, { id, sid }, { clientId, ...onward } = {}) {
      const end = () => people.signOut(req, res);
      const { left } = await sessionEnds.around({ sid: sid! }, end);
      events.emit('logout', { userId: id, ...(clientId !== undefined && { clientId }) });
      const { target, uiLocales } = onward;
      const report = reports.of(left, onward, clientId);
      if (target !== undefined && report.frames.length === 0) return redirect(res, target);
      if (report.apps.length === 0 && uiLocales === undefined) return redirect(res, page);
      redirect(res, withQuery(page, { done: await reports.keep(report) }));
    },
  };
}
