// How much clients that register themselves may cause from one address: a registration counts, and so does
// a change by which the server is to ask at another URL.

import type { Request } from 'express';
import type { Context } from '../context.ts';
import { secondsUntil, tooManyAttempts } from '../errors.ts';
import { addressOf, addressQuotas, countAttempt, refusedUntil } from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import type { Settings } from '../option-defaults.ts';

const HOUR = 3600;

export interface RegistrationLimit {
  /** Costs next to nothing. @throws OAuthError with status 429 if the address was refused a moment ago */
  assertNotRefused(req: Request): void;
  /** Counts one. @throws OAuthError with status 429 if there were too many in this hour */
  count(req: Request): Promise<void>;
}

export function registrationLimit(
  { store, events }: Pick<Context, 'store' | 'events'>,
  { limits }: Pick<Settings, 'limits'>,
): RegistrationLimit {
  const counting = { store, limits: { ...limits, window: HOUR }, refusals: new Refusals() };
  const quotasOf = (req: Request) =>
    addressQuotas('registration', addressOf(req), limits.registrationsPerAddress);

  return {
    assertNotRefused(req) {
      const names = quotasOf(req).map(({ key }) => key);
      const resetAt = refusedUntil(counting, names);
      if (resetAt !== undefined) throw tooManyAttempts(secondsUntil(resetAt));
    },

    async count(req) {
      const counted = await countAttempt(counting, quotasOf(req));
      if (!('resetAt' in counted)) return;
      events.emit('registration_limited', { address: addressOf(req) });
      throw tooManyAttempts(secondsUntil(counted.resetAt));
    },
  };
}
