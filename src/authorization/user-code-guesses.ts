// The limits on user codes (RFC 8628 section 5.1). They count wrong codes of a session, of an account
// and of an address, and never those of everybody: nobody is kept from their device by others.

import type { Request } from 'express';
import {
  addressOf,
  addressQuotas,
  type Counted,
  countAttempt,
  type Limits,
} from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import { sha256 } from '../protocol/secrets.ts';
import { csrfToken } from '../sign-in/own-forms.ts';
import type { Store } from '../store/store.ts';

/**
 * Creates the function that counts a code before it is looked up. Correct codes are taken off the count
 * again.
 */
export function userCodeGuesses(store: Store, limits: Limits) {
  const counting = { store, limits, refusals: new Refusals() };
  return async (req: Request, userId: string): Promise<Counted> => {
    // A session that an app around us keeps has no id that we know.
    const session = sha256(await csrfToken(req, 'user codes'));
    const { loginsPerAccount, loginsPerAddress } = limits;
    return countAttempt(counting, [
      { key: `user code:session:${session}`, max: Math.ceil(loginsPerAccount / 2) },
      { key: `user code:account:${sha256(userId)}`, max: loginsPerAccount },
      ...addressQuotas('user code:address', addressOf(req), loginsPerAddress),
    ]);
  };
}
