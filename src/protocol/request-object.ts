// OpenID Connect Core section 6: request objects, which are refused. What one says of the answer is
// read all the same, so that the client understands its refusal: it gets that in the way that it waits
// for, with its state.

import { AUTHORIZATION_PARAMS } from './authorization-request.ts';
import { type Claims, claimsUnverified } from './jwt.ts';

/** How an answer is sent, as far as a request object says so. */
export interface AnswerHints {
  readonly state?: string;
  readonly responseMode?: string;
}

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

/** Whether a value could be sent as the parameter `state`, too. */
function isState(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return value.length <= AUTHORIZATION_PARAMS.state && !/[\x00-\x1f\x7f]/.test(value);
}
