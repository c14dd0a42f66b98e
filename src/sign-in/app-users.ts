// People in a table of the app's, who sign in at our login page: the options `findUser` and
// `verifyPassword`.

import { setTimeout as wait } from 'node:timers/promises';
import { HostError } from '../host-error.ts';
import type { AppClaims } from '../protocol/claims.ts';
import { textProblem, withoutDisruptive } from '../protocol/names.ts';
import { verifyPassword as verifyOurs } from '../protocol/passwords.ts';
import { shown } from '../protocol/shown.ts';
import type { User } from '../types.ts';
import { AppAnswer, askApp, isNobody } from './app-answer.ts';
import type { Directory } from './directory.ts';

/** A person in a table of the app's. There may be further fields, which `verifyPassword` gets. */
export interface AppUser {
  /** What grants and tokens are kept under: 1 to 255 characters of ASCII. A whole number becomes a string. */
  readonly id: string | number | bigint;
  /**
   * What `findUser` finds the person by, again and again as long as they are signed in; what was typed
   * if it is left out.
   */
  readonly username?: string | null | undefined;
  /** How the pages address the person; the `username` if it is left out. */
  readonly name?: string | null | undefined;
  /** What else is known of the person, see `AppPerson`. */
  readonly claims?: AppClaims | null | undefined;
  /**
   * When the password was last changed: milliseconds, or a Date. What was opened with another one is
   * over then: sessions and known browsers.
   */
  readonly passwordChangedAt?: number | Date | null | undefined;
}

/**
 * @param typed what somebody has typed at the login page, as it is. Nobody has that name if the answer is
 *   `undefined`, `null` or `false`.
 */
export type FindUser = (typed: string) => Found | Promise<Found>;
type Found = AppUser | undefined | null | false;

/** A method, so that the function of an app may ask for the fields that its own people have. */
interface Verifier {
  /** @param user what `findUser` has answered */
  verifyPassword(user: AppUser, password: string): boolean | Promise<boolean>;
}
export type VerifyPassword = Verifier['verifyPassword'];

const ADVICE =
  'It answers { id } of the person, or undefined if there is nobody; username, name, claims and passwordChangedAt may be added.';

/** How long wrong passwords took the app, of the last so many. */
const RECENT = 16;

/**
 * Milliseconds that the app has to answer. Whoever signs in has a place in a line meanwhile, and those
 * of answers that never come would be taken for ever.
 */
const MAX_ANSWER = 30_000;

/** The longest that a login with an unknown name is made to wait, in milliseconds. */
const MAX_WAIT = 5000;

/** The people in a table of the app's. */
export function appDirectory(findUser: FindUser, verifyPassword: VerifyPassword): Directory {
  const durations: number[] = [];

  async function find(typed: string) {
    // No name that a table could have.
    if (textProblem(typed) !== undefined) return undefined;
    return askInTime('findUser', async () => {
      const answer: unknown = await findUser(typed);
      return isNobody(answer) ? undefined : { answer, user: userOf(answer, typed) };
    });
  }

  async function isRight(answer: unknown, password: string): Promise<boolean> {
    const began = performance.now();
    const verdict = await askInTime('verifyPassword', async () => {
      const verdict: unknown = await verifyPassword(answer as AppUser, password);
      if (typeof verdict === 'boolean') return verdict;
      throw new HostError(
        `The option verifyPassword answered ${shown(verdict)}. It answers true or false.`,
      );
    });
    if (!verdict) {
      durations.push(performance.now() - began);
      if (durations.length > RECENT) durations.shift();
    }
    return verdict;
  }

  /** Nobody knows what the app's hash costs, but how long it took was measured. */
  async function takeAsLong(password: string): Promise<false> {
    const duration = durations[Math.floor(Math.random() * durations.length)];
    if (duration === undefined) await verifyOurs(undefined, password, []);
    else await wait(Math.min(duration, MAX_WAIT));
    return false;
  }

  /** @throws HostError if the person could not be found again */
  async function assertFindable({ id, username }: User, typed: string): Promise<void> {
    if (username === typed || (await find(username))?.user.id === id) return;
    throw new HostError(
      `The option findUser answered with the username ${shown(username)}, by which it does not find the same person. ${ADVICE}`,
    );
  }

  return {
    isStore: false,
    async look(typed) {
      const found = await find(typed);
      return {
        user: found?.user,
        isRight: (password) =>
          found === undefined ? takeAsLong(password) : isRight(found.answer, password),
        async admit() {
          await assertFindable(found!.user, typed);
          return found!.user;
        },
      };
    },
    async find({ id, username }) {
      const found = username === undefined ? undefined : await find(username);
      // The name may belong to somebody else now.
      return found?.user.id === id ? found.user : undefined;
    },
  };
}

/** Asks the app, and waits no longer than it has. @throws HostError as `askApp` does */
async function askInTime<Answer>(option: string, ask: () => Promise<Answer>): Promise<Answer> {
  const { promise: isLate, reject } = Promise.withResolvers<never>();
  const sentence = `The option ${option} has not answered within ${MAX_ANSWER / 1000} seconds.`;
  const timer = setTimeout(() => reject(new HostError(sentence)), MAX_ANSWER);
  try {
    return await Promise.race([askApp(option, ask), isLate]);
  } finally {
    clearTimeout(timer);
  }
}

function userOf(given: unknown, typed: string): User {
  const answer = new AppAnswer('findUser', ADVICE, given);
  const username = answer.text('username') ?? typed;
  return {
    id: answer.id(),
    username,
    name: answer.name('name') ?? withoutDisruptive(username),
    claims: answer.claims(),
    passwordChangedAt: answer.time('passwordChangedAt'),
  };
}
