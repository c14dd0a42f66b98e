// The language of a page: the one that the client asked for, otherwise the one the browser prefers.

import type { Response } from 'express';
import { carried } from '../http/carried.ts';
import { acceptedLanguages } from '../http/request-headers.ts';
import { type Translate, translate } from './translate.ts';
import { type Language, languageOf, languages, type Text } from './words/languages.ts';

/** The languages that the client asked for, of each answer that they were set for. */
const asked = carried<Response, string | undefined>();

/** The words of each answer by a server that has some of its own. */
const own = carried<Response, (language: Language) => Translate>();

/**
 * The words for the answer to a request: in the first available language of the client's
 * `ui_locales` (OpenID Connect Core section 3.1.2.1), otherwise of the browser, otherwise in English.
 */
export function wordsFor(res: Response): Translate {
  const named = asked.get(res)?.split(' ') ?? [];
  // Express could choose a language itself. But for "en-US, de;q=0.9, en;q=0.8" it would choose
  // German, because there the range that is exactly `en` counts, not the first one.
  const wanted = [...named, ...acceptedLanguages(res.req)];
  const found = wanted.map(languageOf).find((language) => language !== undefined) ?? 'en';
  return (own.get(res) ?? translate)(found);
}

/** Sets the words of the server that answers, for the pages of this answer. */
export function setOwnWords(res: Response, words: (language: Language) => Translate): void {
  own.set(res, words);
}

/** Sets the languages that the client asked for, for the pages of this answer. */
export function setUiLocales(res: Response, uiLocales: string | undefined): void {
  // Most requests name none, and what is set on a response makes it another kind of object to V8.
  if (uiLocales !== asked.get(res)) asked.set(res, uiLocales);
}

/** A text in a language, otherwise in English, otherwise in any; with its language, if known. */
export function inLanguage(
  text: Text,
  language: Language,
): { readonly text: string; readonly language?: Language } {
  if (typeof text === 'string') return { text };
  const given = Object.entries(text).filter(([, words]) => words !== undefined);
  const written = new Map(given.map(([tag, words]) => [languageOf(tag), words]));
  const found = [language, 'en' as const, ...languages].find((one) => written.has(one));
  return found === undefined ? { text: '' } : { text: written.get(found)!, language: found };
}
