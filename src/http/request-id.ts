// The id by which a failed request is found in the log.

import type { Response } from 'express';
import { randomToken } from '../protocol/secrets.ts';
import { carried } from './carried.ts';

const ids = carried<Response, string>();

/** One for each request, however much of it goes wrong. */
export function requestIdOf(res: Response): string {
  const id = ids.get(res) ?? randomToken(9);
  ids.set(res, id);
  return id;
}
