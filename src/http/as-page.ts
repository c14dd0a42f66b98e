// Which answers are for a person in front of a browser. It is not kept on `res.locals`, which is the
// app's around us.

import type { Response } from 'express';

const pages = new WeakSet<Response>();

/** From here on, errors of this request are for a person, who gets a page. */
export function markAsPage(res: Response): void {
  pages.add(res);
}

export function isPage(res: Response): boolean {
  return pages.has(res);
}
