// Who is signed in to the app around this server, as it answers.

import type { Request } from 'express';
import { authTimeProblem } from '../protocol/auth-time.ts';
import { AppAnswer, askApp, isNobody } from './app-answer.ts';
import type { Authenticate, SignedIn } from './people.ts';

const ADVICE =
  'It answers { id, name } of who is signed in, or undefined if nobody is; username, authTime, claims, sid, acr and amr may be added.';

/** The app may not know how long its sessions last. */
type Answered = Omit<SignedIn, 'sessionEndsAt'>;

/**
 * Asks the app around this server who sent a request.
 *
 * @throws HostError if the app fails, or its answer cannot be used
 */
export function askForPerson(
  authenticate: Authenticate,
  req: Request,
): Promise<Answered | undefined> {
  return askApp('authenticate', async () => {
    const answer: unknown = await authenticate(req);
    return isNobody(answer) ? undefined : personOf(answer);
  });
}

function personOf(given: unknown): Answered {
  const answer = new AppAnswer('authenticate', ADVICE, given);
  const id = answer.id();
  const username = answer.name('username');
  const name = answer.name('name');
  return {
    id,
    username: username ?? id,
    name: name ?? username ?? id,
    authTime: readAuthTime(answer, (given as { authTime?: unknown }).authTime),
    sid: answer.text('sid'),
    acr: answer.text('acr'),
    amr: answer.texts('amr'),
    // The id does not serve as a name: a pairwise client must not learn it (OpenID Connect Core section
    // 8.1).
    claims: {
      ...(name !== undefined && { name }),
      ...(username !== undefined && { preferred_username: username }),
      ...answer.claims(),
    },
  };
}

/** When the person signed in. */
function readAuthTime(answer: AppAnswer, given: unknown): number | undefined {
  const ms = answer.time('authTime');
  if (ms === undefined) return undefined;
  const now = Date.now();
  answer.refuseIf('authTime', given, authTimeProblem(ms, now));
  return Math.min(ms, now);
}
