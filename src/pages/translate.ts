// The words of one language, as they are put into pages: as text, or as HTML in which all else is escaped.

import { type Language, words } from './words/languages.ts';
import type { CountKey, Key, Words } from './words/words.ts';

/** HTML, as opposed to text that still has to be escaped. */
export class Html {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Values = Readonly<Record<string, string | number>>;

/** The words of one language, for endpoints and views. */
export interface Translate {
  (key: Key, values?: Values): string;
  /** The text as HTML. Everything is escaped, except values that are `Html`. */
  markup(key: Key, values: Readonly<Record<string, string | number | Html>>): string;
  /** The text for a count, with `{count}` filled in. */
  count(stem: CountKey, count: number, values?: Values): string;
  /** The text for a count as HTML, escaped as in `markup`. */
  countMarkup(
    stem: CountKey,
    count: number,
    values: Readonly<Record<string, string | number | Html>>,
  ): string;
  /** A point in time, in milliseconds since the epoch: "3 hours ago", or the date. */
  when(time: number): string;
  /** A list such as "one, two and three", as a value for `markup`. */
  list(items: readonly Html[]): Html;
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
}

const made = new Map<Language, Translate>();

export function translate(language: Language): Translate {
  const there = made.get(language) ?? createTranslate(language, words[language]);
  made.set(language, there);
  return there;
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What puts the words of a language into pages; in one place for each language, by `translate`. */
export function createTranslate(language: Language, words: Words): Translate {
  const fill = (text: string, values: Readonly<Record<string, unknown>>) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  // Each takes milliseconds to make, and most pages need none.
  const plural = once(() => new Intl.PluralRules(language));
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const date = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }));
  const list = once(() => new Intl.ListFormat(language));
  const textFor = (stem: CountKey, count: number): string =>
    words[`${stem}.${plural().select(count)}`] ?? words[`${stem}.other`];
  const fillMarkup = (text: string, values: Readonly<Record<string, string | number | Html>>) =>
    fill(
      escapeHtml(text),
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          value instanceof Html ? value.html : escapeHtml(String(value)),
        ]),
      ),
    );

  return Object.assign((key: Key, values: Values = {}) => fill(words[key], values), {
    language,
    direction: directionOf(language),
    markup: (key: Key, values: Readonly<Record<string, string | number | Html>>) =>
      fillMarkup(words[key], values),
    count: (stem: CountKey, count: number, values: Values = {}) =>
      fill(textFor(stem, count), { ...values, count }),
    countMarkup: (
      stem: CountKey,
      count: number,
      values: Readonly<Record<string, string | number | Html>>,
    ) => fillMarkup(textFor(stem, count), { ...values, count }),
    when: (time: number) => {
      const minutes = Math.round((time - Date.now()) / 60_000);
      if (Math.abs(minutes) < 60) return relative().format(minutes, 'minute');
      if (Math.abs(minutes) < 24 * 60) return relative().format(Math.round(minutes / 60), 'hour');
      if (Math.abs(minutes) < 7 * 24 * 60) {
        return relative().format(Math.round(minutes / (24 * 60)), 'day');
      }
      return date().format(time);
    },
    list: (items: readonly Html[]) => {
      // By their texts, because in Spanish "y" is "e" if the next word begins with an "i". Parts leave out
      // an item without a text.
      const texts = items.map(({ html }) => html.replaceAll(/<[^>]*>/g, '') || '-');
      const left = items.values();
      return new Html(
        list()
          .formatToParts(texts)
          .map(({ type, value }) =>
            type === 'element' ? left.next().value!.html : escapeHtml(value),
          )
          .join(''),
      );
    },
  });
}

/** TypeScript does not know `getTextInfo` yet (ECMA-402, Intl Locale Info). */
function directionOf(language: string): 'ltr' | 'rtl' {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getTextInfo(): { readonly direction: 'ltr' | 'rtl' };
  };
  return locale.getTextInfo().direction;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** A name in its own element, because a name may run from right to left. */
export function bdi(text: string, { strong = false, ltr = false } = {}): Html {
  const inner = `<bdi${ltr ? ' dir="ltr"' : ''}>${escapeHtml(text)}</bdi>`;
  return new Html(strong ? `<strong>${inner}</strong>` : inner);
}

/** Text that is read letter for letter, such as code. */
export function code(text: string): Html {
  return new Html(`<code dir="ltr">${escapeHtml(text)}</code>`);
}

/** A link, or only the name if there is no URL. */
export function link(name: string, url: string | undefined): Html {
  if (url === undefined) return code(name);
  return new Html(`<a href="${escapeHtml(url)}"><bdi dir="ltr">${escapeHtml(name)}</bdi></a>`);
}
