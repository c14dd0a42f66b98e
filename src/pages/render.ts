// Pages: a view inside the layout.

import { join } from 'node:path';
import type { Response } from 'express';
import type { Events } from '../events.ts';
import { requestIdOf } from '../http/request-id.ts';
import { bdi, code, link, wordsFor } from './language.ts';

/** Answers with a page. `title` is for the browser's tab; the other locals are for the view. */
export type Render = (
  res: Response,
  view: string,
  locals: { readonly title: string } & Record<string, unknown>,
) => void;

type Drawn = (error: Error | null, page?: string) => void;

/**
 * @param common locals of every view: the layout's `base`, `brand` and so on. Each view also gets `t`,
 *   the words in the language of the page, and `bdi`, `code` and `link`, which make elements
 * @param further further locals of a view, by its name
 * @param ownViews the folder of our views; the operator's folder comes before it
 */
export function createRender(
  common: Record<string, unknown>,
  further: Readonly<Record<string, object>>,
  ownViews: string,
  events: Events,
): Render {
  const own = (view: string) => join(ownViews, `${view}.ejs`);
  return (res, view, locals) => {
    const all = {
      wide: false,
      t: wordsFor(res),
      bdi,
      code,
      link,
      ...common,
      ...further[view],
      ...locals,
    };
    res.set('Content-Language', all.t.language).vary('Accept-Language');
    draw(res, view, 'layout', all, (error, page) => {
      if (error === null) return res.send(page);
      if (view !== 'error') return res.req.next?.(error);
      // The operator's error page has an error itself.
      events.emit('failure', { requestId: requestIdOf(res), error });
      draw(res, own('error'), own('layout'), all, (failure, ours) =>
        failure === null ? res.send(ours) : res.req.next?.(failure),
      );
    });
  };
}

function draw(res: Response, view: string, layout: string, locals: object, done: Drawn): void {
  res.render(view, locals, (error: Error | null, body?: string) => {
    if (error) return done(error);
    res.render(layout, { ...locals, body }, done);
  });
}
