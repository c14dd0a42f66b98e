// OpenID Connect Core section 6: request objects, which are refused. What one says of the answer is
// read all the same, so that the client understands its refusal: it gets that in the way that it waits
// for, with its state.

import { type Claims, claimsUnverified } from './jwt.ts';

/** How an answer is sent, as far as a request object says so. */
export interface AnswerHints {
  readonly state?: string;
  readonly responseMode?: string;
}

/** Longest `state`, in characters, as for the parameter. */
const MAX_STATE = 2048;

/**
 * What a request object says of the answer to it. Nobody verifies who made it, as nobody does for the
 * parameters: it decides nothing but how an error reaches a redirect URI that is the client's.
 */
export function readAnswerHints(request: string | undefined): AnswerHints {
  const { state, response_mode: mode }: Claims =
    request === undefined ? {} : (claimsUnverified(request) ?? {});
  return {
    ...(isState(state) && { state }),
    ...(typeof mode === 'string' && { responseMode: mode }),
  };
}

function isState(value: unknown): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return typeof value === 'string' && value !== '' && !/[\x00-\x1f\x7f]/.test(value)
    ? value.length <= MAX_STATE && value.isWellFormed()
    : false;
}
