// Pages: a view inside the layout.

import type { Response } from 'express';

/** Answers with a page. `title` is for the browser's tab; the rest is what the view asks for. */
export type Render = (
  res: Response,
  view: string,
  locals: { readonly title: string } & Record<string, unknown>,
) => void;

/** @param common what every view may use: the layout's `base`, `brand`, `styleUrl` */
export function createRender(common: Record<string, unknown>): Render {
  return (res, view, locals) => {
    const all = { wide: false, ...common, ...locals };
    res.render(view, all, (viewError: Error | null, body?: string) => {
      if (viewError) return res.req.next?.(viewError);
      res.render('layout', { ...all, body });
    });
  };
}

/** From here on, errors of this request are for a person, who gets a page. */
export function markAsPage(res: Response): void {
  res.locals['page'] = true;
}

export function isPage(res: Response): boolean {
  return res.locals['page'] === true;
}
