// What was wrong with a form, for the page that shows the form again.

import type { Response } from 'express';
import type { Translate } from './translate.ts';
import type { CountKey } from './words/words.ts';

export interface FormProblem {
  /** The status of the answer. */
  readonly status: number;
  /** The words, once it is known in which language. */
  readonly text: (t: Translate) => string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Too many attempts: when to try again is told in minutes. @param retryAfter seconds */
export function tooManyTries(key: CountKey, retryAfter: number): FormProblem {
  const minutes = Math.ceil(retryAfter / 60);
  return { status: 429, text: (t) => t.count(key, minutes), retryAfter };
}

/** Sets the status of an answer, and when to try again. @returns the title of the page */
export function beginForm(
  res: Response,
  t: Translate,
  title: string,
  problem: Pick<FormProblem, 'status' | 'retryAfter'> | undefined,
): string {
  res.statusCode = problem?.status ?? 200;
  if (problem?.retryAfter !== undefined) res.setHeader('Retry-After', problem.retryAfter);
  return problem === undefined ? title : t('common.errorTitle', { title });
}
