// Which answers are for a person in front of a browser.

import type { Response } from 'express';

/** From here on, errors of this request are for a person, who gets a page. */
export function markAsPage(res: Response): void {
  res.locals['page'] = true;
}

export function isPage(res: Response): boolean {
  return res.locals['page'] === true;
}
