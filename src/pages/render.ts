// Pages: a view inside the layout. They are drawn by EJS itself, and not by way of `res.render`: in
// somebody else's app that is what the app has made of it.

import type { Response } from 'express';
import type { Events } from '../events.ts';
import { send, vary } from '../http/answer.ts';
import { requestIdOf } from '../http/request-id.ts';
import { wordsFor } from './language.ts';
import { bdi, code, link } from './translate.ts';
import { drawing, type ViewFolders } from './views.ts';

/** Answers with a page. `title` is for the browser's tab; the other locals are for the view. */
export type Render = (
  res: Response,
  view: string,
  locals: { readonly title: string } & Record<string, unknown>,
) => void;

/**
 * @param common locals of every view: the layout's `base`, `brand` and so on. Each view also gets `t`,
 *   the words in the language of the page, and `bdi`, `code` and `link`, which make elements
 * @param further further locals of a view, by its name
 */
export function createRender(
  common: Record<string, unknown>,
  further: Readonly<Record<string, object>>,
  folders: ViewFolders,
  events: Events,
): Render {
  const draw = drawing(folders);
  const drawOurs = drawing({ ours: folders.ours });
  return (res, view, locals) => {
    // It would be drawn as [object Promise], and in a hidden field nobody sees that.
    for (const [name, value] of Object.entries(locals)) {
      if (value instanceof Promise) {
        throw new TypeError(`The view ${view} is given a promise as ${name}: await it first.`);
      }
    }
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
    res.setHeader('Content-Language', all.t.language);
    vary(res, 'Accept-Language');
    send(res, 'text/html; charset=utf-8', page());

    function page(): string {
      try {
        return draw(view, all, res.locals ?? {});
      } catch (error) {
        if (!LAST.includes(view)) throw error;
        // The view is somebody's own, and it is the view that fails.
        events.emit('failure', { requestId: requestIdOf(res), error });
        return drawOurs(view, all, {});
      }
    }
  };
}

/** The views that cannot be done without: they show an error, or carry a client's answer. */
const LAST: readonly string[] = ['error', 'form-post'];
