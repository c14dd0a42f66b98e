// Pages: a view inside the layout. They are drawn by EJS itself, and not by way of `res.render`: in
// somebody else's app that is what the app has made of it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateFunction } from 'ejs';
import type { Response } from 'express';
import type { Events } from '../events.ts';
import { send, vary } from '../http/answer.ts';
import { requestIdOf } from '../http/request-id.ts';
import { load } from '../package-files.ts';
import { readText } from '../text-file.ts';
import { bdi, code, link, wordsFor } from './language.ts';

/** Answers with a page. `title` is for the browser's tab; the other locals are for the view. */
export type Render = (
  res: Response,
  view: string,
  locals: { readonly title: string } & Record<string, unknown>,
) => void;

/** Where the views are. */
export interface ViewFolders {
  readonly ours: string;
  /** A folder whose views stand in front of ours of the same name. */
  readonly theirs?: string | undefined;
}

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

/**
 * Makes the function that draws a view inside the layout. In production a view is read once;
 * elsewhere it is read for each page, so that a change is seen at once.
 *
 * @returns a function of the view's name, its locals, and what the app around us gives every view of
 *   its own, which ours are not given
 */
function drawing({ ours, theirs }: ViewFolders) {
  const keep = process.env['NODE_ENV'] === 'production';
  const known = new Map<string, View>();
  const texts = new Map<string, string>();

  function read(filename: string): string {
    const known = texts.get(filename);
    if (known !== undefined) return known;
    try {
      const text = readText(filename);
      if (keep) texts.set(filename, text);
      return text;
    } catch (error) {
      throw new Error(`${filename} ${(error as Error).message}`, { cause: error });
    }
  }

  function find(name: string): View {
    const there = known.get(name);
    if (there !== undefined) return there;
    const own = theirs && join(theirs, `${name}.ejs`);
    const isTheirs = own !== undefined && existsSync(own);
    const filename = isTheirs ? own : join(ours, `${name}.ejs`);
    // With the first page: a server of machines has none.
    const { compile } = load('ejs') as typeof import('ejs');
    const template = compile(read(filename), {
      filename,
      views: theirs === undefined ? [ours] : [theirs, ours],
      cache: keep,
      // The app around us may have set these for all of EJS.
      delimiter: '%',
      openDelimiter: '<',
      closeDelimiter: '>',
      localsName: 'locals',
      // Otherwise `ejs.fileLoader` reads what a view includes, and that may be the app's as well.
      includer: (name: string, found: string | undefined) => {
        if (found === undefined) throw new Error(`There is no view ${name} to include.`);
        return { template: read(found) };
      },
    });
    const view = { template, isTheirs };
    if (keep) known.set(name, view);
    return view;
  }

  return (name: string, locals: object, ofApp: object): string => {
    const draw = ({ template, isTheirs }: View, own: object) =>
      template(isTheirs ? { ...ofApp, ...own } : own);
    const body = draw(find(name), locals);
    return draw(find('layout'), { ...locals, body });
  };
}

/** The views that cannot be done without: they show an error, or carry a client's answer. */
const LAST: readonly string[] = ['error', 'form-post'];

interface View {
  readonly template: TemplateFunction;
  readonly isTheirs: boolean;
}
