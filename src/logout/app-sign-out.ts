// Signing a person out as the program around the server asks: they have signed out there, or are not to
// be signed in any more.

import type { Events } from '../events.ts';
import { assertOptions } from '../protocol/checks.ts';
import { type AppId, idOf, textProblem, userIdProblem } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import type { Ending, SessionEnds } from './session-ends.ts';
import { endSessions } from './sessions.ts';

/** Whom to sign out: of one session, by the `sid` that `authenticate` answered, or of all. */
export type WhatEnds =
  | { readonly sid: string; readonly userId?: undefined }
  /** A whole number is the string that it becomes in `authenticate` and `findUser`. */
  | { readonly userId: AppId; readonly sid?: undefined };

/**
 * @returns how many clients the person was signed out of
 * @throws TypeError
 */
export type SignOut = (ends: WhatEnds) => Promise<{ readonly clients: number }>;

/** @param keepsSessions whether people sign in at this server, which then ends their sessions, too */
export function createAppSignOut(
  store: Store,
  sessionEnds: SessionEnds,
  events: Events,
  keepsSessions: boolean,
): SignOut {
  return async (ends) => {
    const ending = endingOf(ends, keepsSessions);
    const { answer: isSignedOut, left } = await sessionEnds.around(ending, async () => {
      if (!('userId' in ending)) return false;
      // Where the app keeps the sessions, only the app knows whether there was one.
      return !keepsSessions || (await endSessions(store, ending.userId)) > 0;
    });
    const whose = isSignedOut && 'userId' in ending ? [ending.userId] : [];
    const all = [...whose, ...left.map(({ userId }) => userId)];
    for (const userId of new Set(all)) events.emit('logout', { userId });
    return { clients: new Set(left.map(({ clientId }) => clientId)).size };
  };
}

/** @throws TypeError */
function endingOf(ends: WhatEnds, keepsSessions: boolean): Ending {
  assertOptions('signOut()', { sid: textProblem, userId: (id) => userIdProblem(idOf(id)) }, ends);
  const { sid, userId } = ends;
  if ((sid === undefined) === (userId === undefined)) {
    throw new TypeError(
      'signOut() takes either the sid of a session that has ended, or the userId of a person: { sid } or { userId }.',
    );
  }
  if (sid === undefined) return { userId: idOf(userId) as string };
  if (!keepsSessions) return { sid };
  throw new TypeError(
    'signOut() takes no sid where people sign in at this server: { userId } ends all sessions of a person, and at /logout people end one.',
  );
}
