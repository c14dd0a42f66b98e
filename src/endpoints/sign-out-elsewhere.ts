// Signing out other browsers, from the account page.

import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { leaveFlash } from '../sign-in/flash.ts';
import { isOwnForm } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { sessionHash } from '../sign-in/session.ts';
import { sidOf } from '../sign-in/session-data.ts';

const PARAMS = { csrf_token: 256, session: 256 };

export function signOutElsewhere({
  site,
  store,
  events,
  pages,
  people,
  sessionEnds,
}: Pick<Context, 'site' | 'store' | 'events' | 'pages' | 'people' | 'sessionEnds'>): Endpoint {
  const { path } = site;
  const routes = new Routes();

  routes
    .route('/account/sign-out')
    .all(pages.browser, methods('GET', 'HEAD', 'POST'))
    .get((_req, res) => redirect(res, `${path}${PATHS.account}`))
    .post(form, async (req, res) => {
      const user = await people.current(req);
      if (user === undefined) return redirect(res, people.accountLoginUrl);
      const params = formParams(req, PARAMS);
      const back = () => redirect(res, `${path}${PATHS.account}`);
      const current = sessionHash(req);
      // An app around us keeps the sessions, and none are shown.
      if (current === undefined) return back();
      if (!isOwnForm(req, params, 'sign out', user.id) || params.problems.size > 0) {
        await leaveFlash(req, res, site, { name: 'out_of_date' });
        return back();
      }
      const hash = params.get('session');
      const count =
        hash === undefined ? await endOthers(user, current) : Number(await endOne(user, hash));
      if (count > 0) events.emit('sessions_ended', { userId: user.id, count });
      // Even if nothing was left to end: it is signed out anyway.
      const name = hash === undefined ? 'others_ended' : 'session_ended';
      await leaveFlash(req, res, site, { name });
      return back();
    });

  return { routes };

  /** @returns how many sessions have ended */
  async function endOthers({ id: userId, sid = '' }: SignedIn, keep: string): Promise<number> {
    const { answer } = await sessionEnds.around({ userId, except: [sid] }, () =>
      store.sessions.endOthers(userId, keep, Date.now()),
    );
    return answer;
  }

  /** @returns whether it was a session of this person, and has ended */
  async function endOne({ id: userId }: SignedIn, hash: string): Promise<boolean> {
    const now = Date.now();
    const session = await store.sessions.find(hash, now);
    const sid = session?.userId === userId ? sidOf(session) : undefined;
    if (sid === undefined) return false;
    const { answer } = await sessionEnds.around({ sid }, () =>
      store.sessions.end(hash, userId, now),
    );
    return answer;
  }
}
