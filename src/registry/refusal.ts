// The errors for a program or an operator that asks for something impossible.

import type { Problem } from '../protocol/problems.ts';
import { SubjectTaken, UsernameTaken } from '../store/store.ts';

/** A client, a user or a registration token cannot be as it was asked for; the message says why. */
export class Refusal extends TypeError {}

/** The error that says all that is wrong with an entry. */
export function refusal(what: string, problems: readonly Problem[]): Refusal {
  const lines = problems.map(({ field, problem }) =>
    `\n  - ${field} ${problem}`.replace('-  ', '- '),
  );
  return new Refusal(`${what}:${lines.join('')}`);
}

/** Whether an error says why something cannot be, to whoever asked for it. */
export function isRefusal(error: unknown): error is Error {
  return [Refusal, SubjectTaken, UsernameTaken].some((kind) => error instanceof kind);
}
