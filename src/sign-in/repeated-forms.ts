// Forms that sign a person in and come twice. A double click sends the form again, with the cookies of
// before, and nobody knows which of the answers the browser will keep. So both bring the same session.
//
// The id of a session is a MAC of the browser's cookies and of a salt. Once the session is stored, its salt
// is noted under a hash of the cookies, and only the first note counts. A second request with the same form
// finds the note, derives the same id, and goes on with that session. The note alone gives no access: the id
// can be derived only with the cookies and the server's key, and only after the password was right.

import type { Request } from 'express';
import type { CookieSite } from '../http/cookies.ts';
import { mac, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../types.ts';
import { markOf } from './directory.ts';
import { loginCookieOf } from './login-form.ts';
import { holderOf } from './session-holder.ts';

/** Milliseconds in which a form that comes again is the same form. */
const AGAIN = 10_000;

/** A form by which a person signs in. */
interface SignInForm {
  /** The id for the session that it begins, if it is the first. */
  readonly sessionId: string;
  /**
   * Once that session is stored: if the same form had begun one before, and that has not ended, the
   * request goes on with that one.
   */
  settle(): Promise<void>;
}

export type RepeatedForms = ReturnType<typeof createRepeatedForms>;

/** @param key 32 bytes, from which ids of sessions are derived */
export function createRepeatedForms({ requests }: Store, site: CookieSite, key: Buffer) {
  return {
    /**
     * @param req with a login cookie, or with that of a session
     * @param user with the hash of the password that came with the form
     */
    of(req: Request, user: User): SignInForm {
      const { isOurs, sentId, join } = holderOf(req);
      const cookies = [loginCookieOf(req, site), sentId];
      const salt = randomToken(16);
      const idOf = (some: string) => mac(key, JSON.stringify([...cookies, some]));
      return {
        sessionId: idOf(salt),
        async settle() {
          // The sessions of an app around us have ids of its own, by which nobody here can find them.
          if (!isOurs) return;
          let place = sha256(JSON.stringify(['signed in', ...cookies, user.id, markOf(user)]));
          for (;;) {
            const now = Date.now();
            const note = { data: JSON.stringify(salt), expiresAt: now + AGAIN };
            const first = await requests.add(place, note, now);
            if (first === undefined) return;
            const other: string = JSON.parse(first.data);
            if (await join(idOf(other))) return;
            // That session has ended. The note of the next one stands where this one leads to.
            place = sha256(`${place} ${other}`);
          }
        },
      };
    },
  };
}
