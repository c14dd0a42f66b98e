// Which answers are for a person in front of a browser.

import type { Response } from 'express';
import { carried } from './carried.ts';

const pages = carried<Response, true>();

/** From here on, errors of this request are for a person, who gets a page. */
export function markAsPage(res: Response): void {
  pages.set(res, true);
}

export function isPage(res: Response): boolean {
  return pages.get(res) === true;
}
