// The languages of the pages. To add one, add a file beside these, and its tag here in two places.

import { load } from '../../package-files.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

/** A language of the pages, by its primary tag (BCP 47). */
export type Language = 'en' | 'de' | 'es' | 'fr' | 'zh';

/** What a file of these exports, by the type of that file: so its words are checked in `words`. */
const loaded = <File>(language: Language) => load(`./pages/words/${language}`) as File;

/** The words of each language. Those that are not English are loaded when they are first asked for. */
export const words: Readonly<Record<Language, Words>> = {
  en,
  get de() {
    return loaded<typeof import('./de.ts')>('de').de;
  },
  get es() {
    return loaded<typeof import('./es.ts')>('es').es;
  },
  get fr() {
    return loaded<typeof import('./fr.ts')>('fr').fr;
  },
  get zh() {
    return loaded<typeof import('./zh.ts')>('zh').zh;
  },
};

export const languages = Object.keys(words) as Language[];

/** A language, with a region or without: `de`, `de-AT` (BCP 47), or `de_AT` as POSIX writes it. */
type LanguageTag = Language | `${Language}${'-' | '_'}${string}`;

/** The language of a tag, whatever its region (RFC 4647 section 3.4); `undefined` if it is none here. */
export function languageOf(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split(/[-_]/);
  return languages.find((language) => language === primary);
}

/** A text of the operator: in one language, or in several. */
export type Text = string | Readonly<Partial<Record<LanguageTag, string>>>;
