// OpenID Connect Core section 6: request objects, which are refused. What one says about how it wants to
// be answered is still read, so that the client gets the refusal in the way that it expects, with its
// state.

import { AUTHORIZATION_PARAMS } from './authorization-request.ts';
import { type Claims, claimsUnverified } from './jwt.ts';

/** What a request object says about how it wants to be answered. */
interface AnswerHints {
  readonly state?: string;
  readonly responseMode?: string;
}

/**
 * Reads from a request object how it wants to be answered. Nobody verifies who made it, but nobody
 * verifies that for parameters either, and it decides only how an error reaches one of the client's
 * redirect URIs.
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
