// The id under which the log has a request that went wrong.

import type { Response } from 'express';
import { randomToken } from '../protocol/secrets.ts';

/** One for each request, however much of it goes wrong. */
export function requestIdOf(res: Response): string {
  res.locals['requestId'] ??= randomToken(9);
  return res.locals['requestId'];
}
