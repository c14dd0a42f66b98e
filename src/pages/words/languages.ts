// The languages of the pages. To add one, add a file beside these, and its tag here in two places.

import { load } from '../../package-files.ts';
import { en, type Words } from './en.ts';

/** A language of the pages, by its primary tag (BCP 47). */
export type Language = 'en' | 'de' | 'es' | 'fr' | 'zh';

const loaded = (language: Language) =>
  (load(`./pages/words/${language}`) as Record<Language, Words>)[language];

/** The words of each language. Those that are not English are loaded when they are first asked for. */
export const words: Readonly<Record<Language, Words>> = {
  en,
  get de() {
    return loaded('de');
  },
  get es() {
    return loaded('es');
  },
  get fr() {
    return loaded('fr');
  },
  get zh() {
    return loaded('zh');
  },
};

export const languages = Object.keys(words) as Language[];

/** A language, with a region or without: `de`, `de-AT` (BCP 47), or `de_AT` as POSIX writes it. */
export type LanguageTag = Language | `${Language}${'-' | '_'}${string}`;

/** The language of a tag, whatever its region (RFC 4647 section 3.4); `undefined` if it is none here. */
export function languageOf(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split(/[-_]/);
  return languages.find((language) => language === primary);
}

/** A text of the operator: in one language, or in several. */
export type Text = string | Readonly<Partial<Record<LanguageTag, string>>>;
