// Signs a person out of this browser, whether our own page or a client asked for it.

import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { withQuery } from '../http/with-query.ts';
import type { LeftClient } from '../logout/session-ends.ts';
import { type AfterSignOut, createSignOutReports } from '../logout/sign-out-report.ts';
import { mac, randomToken } from '../protocol/secrets.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { holderOf } from '../sign-in/session-holder.ts';

/**
 * The client that asked, if one did, and where the person goes next: a URL that was checked and fits
 * into a redirect.
 */
interface AskedBy extends AfterSignOut {
  readonly clientId?: string | undefined;
}

export interface BrowserSignOut {
  /**
   * Signs a person out of this browser and of its clients, and sends the browser on: to `target` if
   * there is one and no frames have to be loaded first, otherwise to the signed-out page, which goes on
   * to it.
   */
  signOut(req: Request, res: Response, person: SignedIn, by?: AskedBy): Promise<void>;
  /**
   * Where a browser goes if nobody is signed in to it: to the page about the sign-out that has ended the
   * session of its cookie, if that goes on to the same `target`, otherwise to that or to the plain page.
   * A double click sends the request again with the cookies of before, and its answer is what is seen.
   */
  after(req: Request, target?: string): Promise<string>;
}

/** @param key 32 bytes, from which the handles of reports are derived */
export function createBrowserSignOut(
  { site, store, events, sessionEnds }: Pick<Context, 'site' | 'store' | 'events' | 'sessionEnds'>,
  people: OwnPeople,
  key: Buffer,
): BrowserSignOut {
  const reports = createSignOutReports(store, site.issuer);
  const page = `${site.path}${PATHS.logout}`;
  const pageAbout = (handle: string) => withQuery(page, { done: handle });

  /** Of the session of this browser: whoever has its cookie finds the report, and nobody else. */
  function handleOf(req: Request): string | undefined {
    const { sentId } = holderOf(req);
    return sentId && mac(key, sentId);
  }

  async function after(req: Request, target?: string): Promise<string> {
    const handle = handleOf(req);
    const onward = handle === undefined ? undefined : await reports.onwardOf(handle);
    return onward !== undefined && onward.target === target ? pageAbout(handle!) : (target ?? page);
  }

  return {
    async signOut(req, res, { id, sid }, { clientId, ...onward } = {}) {
      const { target, uiLocales } = onward;
      const handle = handleOf(req) ?? randomToken(16);
      const left: LeftClient[] = [];
      let next: string | undefined;

      async function keep(): Promise<void> {
        const report = reports.of(left, onward, clientId);
        const isPlain = report.apps.length === 0 && uiLocales === undefined;
        if (target === undefined ? isPlain : report.frames.length === 0) return;
        await reports.keep(handle, report);
        next = pageAbout(handle);
      }
      function announce(leaving: readonly LeftClient[]): Promise<void> {
        left.push(...leaving);
        return keep();
      }
      async function end(): Promise<void> {
        // If another click has left the clients, the report about them is there by now.
        const [other] = await Promise.all([next ?? after(req, target), people.signOut(req, res)]);
        next = other;
      }

      await sessionEnds.around({ sid: sid! }, end, announce);
      events.emit('logout', { userId: id, ...(clientId !== undefined && { clientId }) });
      // The page speaks the languages that the client asked for, if there is nothing else to say, too.
      if (next === page && uiLocales !== undefined) await keep();
      redirect(res, next!);
    },
    after,
  };
}
