// Changing a password: the checks of the old and the new one, and the change itself.

import type { Request } from 'express';
import type { Events } from '../events.ts';
import type { Params } from '../http/params.ts';
import { addressOf } from '../http/rate-limit.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import { endSessions } from '../logout/sessions.ts';
import { hashPassword, newPasswordProblem, samePassword } from '../protocol/passwords.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import type { OwnPeople } from './own-people.ts';
import type { PasswordAttempt } from './password-attempt.ts';
import { isOpenTo } from './session.ts';
import { sidOf } from './session-data.ts';
import { holderOf } from './session-holder.ts';
import { inLine } from './waiting-line.ts';

/** The fields of the form, each with its longest length in characters. */
export const PASSWORD_PARAMS = {
  csrf_token: 256,
  current_password: 1024,
  new_password: 1024,
  new_password_again: 1024,
};

/** The outcome of a form. */
export type PasswordChange =
  | { readonly outcome: 'changed'; readonly user: User }
  | {
      readonly outcome: 'refused';
      /** What is wrong with the new password, with its repetition, or with the current one. */
      readonly problem: NewPasswordFault | 'same' | 'wrong' | 'meanwhile';
    }
  /** The person has been disabled since they were shown the form. */
  | { readonly outcome: 'disabled' }
  | Extract<PasswordAttempt, { outcome: 'limited' }>;

/** Milliseconds in which the form may come again, by a double click. */
const REPEAT_WINDOW = 10_000;

/** The forms on which people change their passwords. */
export class PasswordChanges {
  readonly #store: Store;
  readonly #events: Events;
  readonly #sessionEnds: SessionEnds;
  readonly #people: OwnPeople;

  constructor(
    { store, events, sessionEnds }: { store: Store; events: Events; sessionEnds: SessionEnds },
    people: OwnPeople,
  ) {
    this.#store = store;
    this.#events = events;
    this.#sessionEnds = sessionEnds;
    this.#people = people;
  }

  /** Changes the password of a person who is signed in, as a form of theirs asks. */
  async change(req: Request, params: Params, person: User): Promise<PasswordChange> {
    const fresh = params.get('new_password');
    const current = params.get('current_password') ?? '';
    const problem = newPasswordFault(params, person);
    // What costs nothing comes first, and a mistake there does not count as a wrong guess.
    if (problem !== undefined) return refused(problem);
    const attempt = await this.#people.tryPassword(req, person.username, current);
    switch (attempt.outcome) {
      case 'limited':
        return attempt;
      case 'disabled':
        return { outcome: 'disabled' };
      case 'wrong': {
        const changed = await this.changedAMomentAgo(req, params);
        if (changed !== undefined) return changed;
        const userId = attempt.user?.id ?? '';
        this.#events.emit('password_refused', { userId, address: addressOf(req) });
        return refused('wrong');
      }
      case 'right':
        if (samePassword(fresh!, current)) return refused('same');
        return this.#replace(req, params, attempt.user, fresh!);
    }
  }

  /**
   * The user, if this very form has changed the password a moment ago to what it says again. The
   * session it was sent from is gone then, and the browser may have lost the answer that said so.
   */
  async changedAMomentAgo(
    req: Request,
    params: Params,
  ): Promise<Extract<PasswordChange, { outcome: 'changed' | 'limited' }> | undefined> {
    const fresh = params.get('new_password');
    const found = await this.#store.requests.find(formKey(params), Date.now());
    if (found === undefined || fresh === undefined) return undefined;
    const { username } = JSON.parse(found.data);
    // Without this, a page of somebody who has just changed theirs could sign a visitor in to their
    // account. The cookie of a known browser comes with no form of another site.
    if (!this.#people.hasSignedIn(req, username)) return undefined;
    const attempt = await this.#people.tryPassword(req, username, fresh);
    if (attempt.outcome === 'limited') return attempt;
    return attempt.outcome === 'right' ? { outcome: 'changed', user: attempt.user } : undefined;
  }

  /**
   * Ends what was opened with another password than the person has now. By the password and not by
   * the session: of two clicks that are answered at once, neither signs the other out.
   *
   * @param sid of the session that the person has now
   */
  async endOpenedBefore(userId: string, sid: string): Promise<void> {
    const { users, sessions } = this.#store;
    const [user, all] = await Promise.all([
      users.find(userId),
      sessions.listByUser(userId, Date.now()),
    ]);
    const isOver = (session: Session) => user === undefined || !isOpenTo(user, session);
    const open = all.filter((session) => !isOver(session)).map(sidOf);
    const except = [sid, ...open.filter((one) => one !== undefined)];
    await this.#sessionEnds.around({ userId, except }, () =>
      endSessions(this.#store, userId, isOver),
    );
  }

  /** @param user with the hash that was checked */
  async #replace(req: Request, params: Params, user: User, fresh: string): Promise<PasswordChange> {
    const now = Date.now();
    const passwordHash = await inLine(true, () => hashPassword(fresh));
    const { users, requests } = this.#store;
    // Stored first, so that a request that finds the new password also finds this.
    await requests.save(formKey(params), {
      data: JSON.stringify({ username: user.username }),
      expiresAt: now + REPEAT_WINDOW,
    });
    // The new password ends every session but this one, so the clients of the others are told first.
    const sid = holderOf(req).part()?.user?.sid;
    const ending = { userId: user.id, except: sid === undefined ? [] : [sid] };
    const { answer: isChanged } = await this.#sessionEnds.around(ending, () =>
      users.changePassword(user.id, user.passwordHash!, passwordHash, now),
    );
    if (isChanged) {
      this.#events.emit('password_changed', { userId: user.id });
      return { outcome: 'changed', user: { ...user, passwordHash, passwordChangedAt: now } };
    }
    return (await this.changedAMomentAgo(req, params)) ?? refused('meanwhile');
  }
}

/** What may be wrong with the new password in a form, or with its repetition. */
export type NewPasswordFault = 'unusable' | 'short' | 'easy' | 'differ';

/**
 * Looks at the new password of a form.
 *
 * @returns `undefined` if nothing is wrong with it
 */
export function newPasswordFault(
  params: Params,
  { username, name, email = '' }: User,
): NewPasswordFault | undefined {
  const fresh = params.get('new_password');
  if (params.problems.has('new_password')) return 'unusable';
  const problem = newPasswordProblem(fresh ?? '', [username, name, email]);
  if (problem !== undefined) return problem;
  const again = params.get('new_password_again') ?? '';
  return samePassword(fresh ?? '', again) ? undefined : 'differ';
}

function refused(
  problem: Extract<PasswordChange, { outcome: 'refused' }>['problem'],
): PasswordChange {
  return { outcome: 'refused', problem };
}

/** Nobody knows the token of a form but the page it is on. */
function formKey(params: Params): string {
  return sha256(`password form ${params.get('csrf_token') ?? ''}`);
}
