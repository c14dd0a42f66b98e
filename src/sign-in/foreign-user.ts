// What the app around this server answers when it is asked who is signed in, checked before anything
// here believes it.

import type { Request } from 'express';
import { HostError, hostError } from '../host-error.ts';
import { authTimeProblem } from '../protocol/auth-time.ts';
import { idProblem, textProblem } from '../protocol/names.ts';
import { shown } from '../protocol/shown.ts';
import type { Authenticate, SignedIn } from './people.ts';

/** Fields of a person that are read; an app may answer with a whole record of its own. */
const ADVICE =
  'It answers { id, name } of who is signed in, or undefined if nobody is; username and authTime may be added.';

/**
 * Asks the app around this server who sent a request.
 *
 * @throws HostError if the app fails, or its answer cannot be used
 */
export async function askHost(
  authenticate: Authenticate,
  req: Request,
): Promise<SignedIn | undefined> {
  try {
    const answer: unknown = await authenticate(req);
    if (answer === undefined || answer === null || answer === false) return undefined;
    // To read it may fail, too: it is an object of the app.
    return personOf(answer);
  } catch (error) {
    throw hostError('authenticate', error);
  }
}

function personOf(answer: unknown): SignedIn {
  if (typeof answer !== 'object' || Array.isArray(answer)) {
    throw new HostError(`The option authenticate answered ${shown(answer)}. ${ADVICE}`);
  }
  const { id: given, name, username, authTime } = answer as Record<string, unknown>;
  const id = Number.isSafeInteger(given) || typeof given === 'bigint' ? String(given) : given;
  refuseIf('id', given, idProblem(id));
  const named = (field: string, value: unknown) => {
    const problem = value === undefined || value === null ? undefined : textProblem(value);
    refuseIf(field, value, problem);
    return (value ?? undefined) as string | undefined;
  };
  const shownAs = named('username', username);
  return {
    id: id as string,
    username: shownAs ?? (id as string),
    name: named('name', name) ?? shownAs ?? (id as string),
    authTime: readAuthTime(authTime),
  };
}

function refuseIf(field: string, value: unknown, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new HostError(
    `The option authenticate answered with the ${field} ${shown(value)}, which ${problem}. ${ADVICE}`,
  );
}

/** When the person signed in. */
function readAuthTime(given: unknown): number | undefined {
  if (given === undefined || given === null) return undefined;
  const time = given instanceof Date ? given.getTime() : given;
  const now = Date.now();
  refuseIf('authTime', given, authTimeProblem(time, now));
  return Math.min(Math.trunc(time as number), now);
}
