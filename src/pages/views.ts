// Views: where they are found, and what EJS makes of them. All that they include is found here as well:
// in somebody else's app, how EJS looks for files is what the app has made of it.

import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { TemplateFunction } from 'ejs';
import { load } from '../package-files.ts';
import { readText } from '../text-file.ts';

/** Where the views are. */
export interface ViewFolders {
  readonly ours: string;
  /** A folder whose views stand in front of ours of the same name. */
  readonly theirs?: string | undefined;
}

/**
 * Draws a view inside the layout.
 *
 * @param locals of both
 * @param ofApp what the app around us gives every view of its own; ours are not given it
 * @throws whatever a view throws, and Error if one cannot be found, read or compiled
 */
type Draw = (view: string, locals: object, ofApp: object) => string;

interface Compiled {
  readonly text: string;
  readonly template: TemplateFunction;
}

/** By the path of the file. To compile one takes a hundred times as long as to read it. */
const compiled = new Map<string, Compiled>();

/**
 * What draws the views of these folders. In production a view is looked for and read once; elsewhere
 * that is done for each page, so that a change is seen at once.
 */
export function drawing({ ours, theirs }: ViewFolders): Draw {
  const keep = process.env['NODE_ENV'] === 'production';
  const folders = theirs === undefined ? [ours] : [theirs, ours];
  const known = new Map<string, Found>();

  /** @param beside the folder of the view that includes it */
  function find(view: string, beside = ''): Found {
    const key = JSON.stringify([beside, view]);
    const found = known.get(key) ?? search(view, beside === '' ? folders : [beside, ...folders]);
    if (keep) known.set(key, found);
    return found;
  }

  function draw(view: string, locals: object, ofApp: object): string {
    const { file, folder } = find(view);
    return drawFile(file, folder === ours ? locals : { ...ofApp, ...locals });
  }

  function drawFile(file: string, locals: object): string {
    // It hides the one that EJS gives its views.
    const include = (view: string, more?: object) =>
      drawFile(find(view, dirname(file)).file, { ...locals, ...more });
    return templateOf(file, keep)({ ...locals, include });
  }

  return (view, locals, ofApp) => {
    const body = draw(view, locals, ofApp);
    return draw('layout', { ...locals, body }, ofApp);
  };
}

interface Found {
  readonly file: string;
  readonly folder: string;
}

/** @throws Error if no folder has the view */
function search(view: string, folders: readonly string[]): Found {
  const name = extname(view) === '' ? `${view}.ejs` : view;
  for (const folder of folders) {
    const file = resolve(folder, name);
    if (existsSync(file)) return { file, folder };
  }
  throw new Error(`There is no view ${view} in ${folders.join(' or ')}.`);
}

function templateOf(file: string, keep: boolean): TemplateFunction {
  const known = compiled.get(file);
  if (known !== undefined && keep) return known.template;
  const text = read(file);
  if (known?.text === text) return known.template;
  const template = compile(file, text);
  compiled.set(file, { text, template });
  return template;
}

function read(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw new Error(`${file} ${(error as Error).message}`, { cause: error });
  }
}

function compile(file: string, text: string): TemplateFunction {
  // With the first page: a server of machines has none.
  const ejs = load('ejs') as typeof import('ejs');
  return ejs.compile(text, {
    filename: file,
    // The app around us may have set these for all of EJS.
    delimiter: '%',
    openDelimiter: '<',
    closeDelimiter: '>',
    localsName: 'locals',
  });
}
