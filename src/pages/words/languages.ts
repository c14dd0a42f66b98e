// The languages of the pages. To add one, add a file beside these, and its tag here in two places.

import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { zh } from './zh.ts';

/** A language of the pages, by its primary tag (BCP 47). */
export type Language = 'en' | 'de' | 'es' | 'fr' | 'zh';

export const words: Readonly<Record<Language, Words>> = { en, de, es, fr, zh };

export const languages = Object.keys(words) as Language[];

/** A text of the operator: in one language, or in several. */
export type Text = string | Readonly<Partial<Record<Language, string>>>;
