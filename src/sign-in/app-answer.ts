// What functions of the app around this server answer, checked before anything here believes it.

import { HostError, hostError } from '../host-error.ts';
import { type Check, listOf } from '../protocol/checks.ts';
import { claimsProblem, withoutUnknown } from '../protocol/claims.ts';
import { idOf, textProblem, userIdProblem, withoutDisruptive } from '../protocol/names.ts';
import { shown } from '../protocol/shown.ts';
import type { JsonObject } from '../types.ts';

/**
 * Asks the app around this server.
 *
 * @param option the function of the app that is asked
 * @param ask calls it, and reads the answer: to read it may fail, too, as it is an object of the app
 * @throws HostError if the app fails, or its answer cannot be used
 */
export async function askApp<Answer>(option: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw hostError(option, error);
  }
}

/** How many texts a field may have. */
const MAX_TEXTS = 20;

const textsProblem: Check = (value) =>
  listOf('texts', textProblem)(value) ??
  ((value as unknown[]).length > MAX_TEXTS ? `has more than ${MAX_TEXTS} texts in it` : undefined);

/** Whether an answer says that there is nobody. */
export function isNobody(answer: unknown): answer is undefined | null | false {
  return answer === undefined || answer === null || answer === false;
}

/** A person that an app has answered with; it may be a whole record of its own. */
export class AppAnswer {
  readonly #option: string;
  readonly #advice: string;
  readonly #fields: Record<string, unknown>;

  /** @param advice what the option should answer @throws HostError if it is not an object */
  constructor(option: string, advice: string, answer: unknown) {
    this.#option = option;
    this.#advice = advice;
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
      throw new HostError(`The option ${option} answered ${shown(answer)}. ${advice}`);
    }
    this.#fields = answer as Record<string, unknown>;
  }

  /** The id: whole numbers become strings. @throws HostError */
  id(): string {
    const given = this.#fields['id'];
    const id = idOf(given);
    this.refuseIf('id', given, userIdProblem(id));
    return id as string;
  }

  /** A text, if the answer has it. @throws HostError */
  text(field: string): string | undefined {
    const value = this.#fields[field] ?? undefined;
    this.refuseIf(field, value, value === undefined ? undefined : textProblem(value));
    return value as string | undefined;
  }

  /** A name that people read, without what it cannot have in it, if there is one. @throws HostError */
  name(field: string): string | undefined {
    const text = this.text(field);
    return text === undefined ? undefined : withoutDisruptive(text) || undefined;
  }

  /** A time in milliseconds since the epoch, if the answer has it. @throws HostError */
  time(field: string): number | undefined {
    const given = this.#fields[field] ?? undefined;
    if (given === undefined) return undefined;
    const time = given instanceof Date ? given.getTime() : given;
    if (typeof time === 'number' && Number.isFinite(time)) return Math.trunc(time);
    this.refuseIf(
      field,
      given,
      'is not a time: give milliseconds since the epoch, as Date.now() does',
    );
    return undefined;
  }

  /** The claims of OpenID Connect that are known, if the answer has some. @throws HostError */
  claims(): JsonObject | undefined {
    const given = this.#fields['claims'] ?? undefined;
    if (given === undefined) return undefined;
    const claims = withoutUnknown(given);
    this.refuseIf('claims', given, claimsProblem(claims));
    return claims as JsonObject;
  }

  /** A few texts, if the answer has them. @throws HostError */
  texts(field: string): readonly string[] | undefined {
    const given = this.#fields[field] ?? undefined;
    if (given === undefined) return undefined;
    const texts = Array.isArray(given) ? [...given] : given;
    this.refuseIf(field, given, textsProblem(texts));
    return texts as string[];
  }

  /** @throws HostError if there is a problem with a field */
  refuseIf(field: string, value: unknown, problem: string | undefined): void {
    if (problem === undefined) return;
    throw new HostError(
      `The option ${this.#option} answered with the ${field} ${shown(value)}, which ${problem}. ${this.#advice}`,
    );
  }
}
