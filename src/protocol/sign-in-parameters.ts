// OpenID Connect Core section 3.1.2.1: the parameters that say how a person is to sign in.

import { OAuthError } from '../errors.ts';
import { shown } from './shown.ts';

/** What the person is to be asked; `select_account` is done at the login page, and so it is `login`. */
export type Prompt = 'none' | 'login' | 'consent';

/** How the pages may be shown. Ours are the same for all of them: they fit any window. */
export const DISPLAYS: readonly string[] = ['page', 'popup', 'touch', 'wap'];

/** @throws OAuthError `invalid_request` for a word that nobody knows, and for `none` beside another */
export function readPrompt(value = ''): Prompt[] {
  const words = new Set(value.split(' ').filter(Boolean));
  if (words.has('none') && words.size > 1) {
    throw new OAuthError('invalid_request', 'The prompt none cannot be combined with another.');
  }
  const prompts = [...words].map((word): Prompt => {
    if (word === 'select_account') return 'login';
    if (word === 'none' || word === 'login' || word === 'consent') return word;
    throw new OAuthError(
      'invalid_request',
      `The prompt ${shown(word)} is none of: none, login, consent, select_account.`,
    );
  });
  return [...new Set(prompts)];
}

/**
 * Seconds that may have passed since the person signed in.
 *
 * @throws OAuthError `invalid_request` if it is not a number of seconds
 */
export function readMaxAge(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value)) {
    throw new OAuthError(
      'invalid_request',
      'The max_age is not a whole number of seconds from 0 to 9999999999.',
    );
  }
  return Number(value);
}

/** As many characters of `acr_values` as are kept: they wait with the request, in a URL. */
const MAX_ACR_VALUES = 512;

/**
 * The ways to sign in that the client would like, the best first; as many as there is room for.
 *
 * @param further those that it names elsewhere
 * @returns `undefined` if there are none
 */
export function readAcrValues(
  value = '',
  further: readonly string[] = [],
): readonly string[] | undefined {
  const values = [...value.split(' '), ...further].filter(Boolean);
  let room = MAX_ACR_VALUES;
  const kept = [...new Set(values)].filter(({ length }) => {
    room -= length + 1;
    return room >= 0;
  });
  return kept.length > 0 ? kept : undefined;
}

/** @throws OAuthError `invalid_request` for a display that nobody knows */
export function assertDisplay(value: string | undefined): void {
  if (value === undefined || DISPLAYS.includes(value)) return;
  throw new OAuthError(
    'invalid_request',
    `The display ${shown(value)} is none of: ${DISPLAYS.join(', ')}.`,
  );
}
