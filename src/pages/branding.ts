// The files that pages load: the stylesheet with the brand's colour, the logo, and the scripts of two views.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { webUrlProblem } from '../protocol/web-url.ts';
import { readText } from '../text-file.ts';
import { accentRules, accentsOf, isColor } from './colors.ts';
import { wordFileProblems } from './own-words.ts';

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
  /** Changes with the content, so a browser can cache the file for ever. */
  readonly version: string;
}

export interface Branding {
  readonly stylesheet: Asset;
  readonly logo: Asset | undefined;
  /** The icon of the browser's tab if there is no logo. */
  readonly icon: string;
  /** The scripts of the views that have one. */
  readonly scripts: Readonly<Record<ScriptedView, Asset>>;
}

/** A view whose script has its name and stands beside it. */
export type ScriptedView = 'form-post' | 'signed-out';

interface BrandingOptions {
  readonly helpUrl?: string | undefined;
  readonly brandLogo?: string | undefined;
  readonly brandColor?: string | undefined;
  readonly views?: string | undefined;
}

/** Largest logo, in bytes. A limit, because every page loads it. */
const MAX_LOGO = 256 * 1024;

/**
 * Reads the files that pages load.
 *
 * @throws TypeError that names the first option that is wrong
 */
export function readBranding(ownViews: string, options: BrandingOptions): Branding {
  const { brandLogo, brandColor, views } = options;
  const [problem] = brandingProblems(options);
  if (problem !== undefined) {
    throw new TypeError(`${problem.option} ${problem.what}: ${JSON.stringify(problem.value)}`);
  }
  const theirs = join(views ?? ownViews, 'style.css');
  const rules = readText(existsSync(theirs) ? theirs : join(ownViews, 'style.css'));
  const stylesheet = brandColor === undefined ? rules : rules + accentRules(brandColor);
  return {
    stylesheet: asset('text/css; charset=utf-8', Buffer.from(stylesheet)),
    logo: brandLogo === undefined ? undefined : (readLogo(brandLogo) as Asset),
    icon: iconOf(brandColor ?? '#095946'),
    scripts: { 'form-post': script('form-post'), 'signed-out': script('signed-out') },
  };

  function script(view: ScriptedView): Asset {
    const content = readFileSync(join(ownViews, `${view}.js`));
    return asset('text/javascript; charset=utf-8', content);
  }
}

/** The problems with the options, each as the end of a sentence that begins with "it". */
export function brandingProblems({ brandLogo, brandColor, helpUrl, views }: BrandingOptions): {
  readonly option: keyof BrandingOptions;
  readonly value: string;
  readonly what: string;
}[] {
  const logo = brandLogo === undefined ? undefined : readLogo(brandLogo);
  const problems = [
    { option: 'brandLogo', value: brandLogo, what: typeof logo === 'string' ? logo : undefined },
    {
      option: 'brandColor',
      value: brandColor,
      what: isColor(brandColor ?? '') ? undefined : 'is not a hex colour',
    },
    {
      option: 'helpUrl',
      value: helpUrl,
      what: isLink(helpUrl) ? undefined : 'is not an http, https or mailto URL',
    },
    ...problemsOfViews(views).map((what) => ({ option: 'views', value: views, what }) as const),
  ] as const;
  return problems.flatMap(({ value, what, option }) =>
    value === undefined || what === undefined ? [] : [{ option, value, what }],
  );
}

function isLink(url = ''): boolean {
  return /^mailto:./i.test(url) ? URL.canParse(url) : webUrlProblem(url) === undefined;
}

function problemsOfViews(folder = ''): string[] {
  if (!isFolder(folder)) return ['is not a folder'];
  try {
    if (existsSync(join(folder, 'style.css'))) readText(join(folder, 'style.css'));
    return wordFileProblems(folder);
  } catch (error) {
    return [`has a style.css that ${(error as Error).message}`, ...wordFileProblems(folder)];
  }
}

function isFolder(path: string | undefined): boolean {
  try {
    return path !== undefined && statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function asset(type: string, content: Buffer): Asset {
  return {
    type,
    content,
    version: createHash('sha256').update(content).digest('hex').slice(0, 12),
  };
}

/** The logo, or its problem, as the end of a sentence that begins with "it". */
function readLogo(path: string): Asset | string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
  if (content.length > MAX_LOGO) return `is larger than ${MAX_LOGO / 1024} KiB`;
  const type = imageType(content);
  return type === undefined ? 'is not an SVG, PNG, JPEG or WebP' : asset(type, content);
}

/** Determined by the content of the file, because its name may be wrong. */
function imageType(content: Buffer): string | undefined {
  const text = content.toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  // Before its root an SVG may have a byte order mark, a declaration, comments and a document type.
  const [prolog = ''] =
    /^(?:\xef\xbb\xbf)?(?:\s+|<\?[^>]*>|<!--[\s\S]*?-->|<![^>]*>)*/.exec(text) ?? [];
  return /^<svg[\s>]/.test(text.slice(prolog.length)) ? 'image/svg+xml' : undefined;
}

/** The symbol of layout.ejs in the brand's colour, as a data URL. */
function iconOf(color: string): string {
  const { accent, 'on-accent': onAccent } = accentsOf(color).light;
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 28 28'><rect width='28' height='28' rx='8' fill='${accent}'/><path fill='${onAccent}' d='M14 6.5a4.5 4.5 0 0 0-2.1 8.48l-1.27 5.27c-.15.64.33 1.25.98 1.25h4.78c.65 0 1.13-.61.98-1.25l-1.27-5.27A4.5 4.5 0 0 0 14 6.5Z'/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
