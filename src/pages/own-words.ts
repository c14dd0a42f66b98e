// Words of the operator in the place of ours: those of the option `words`, and of `words/<tag>.json` in
// the folder of their views.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainObject } from '../protocol/checks.ts';
import { nearestOf } from '../protocol/nearest.ts';
import { shown } from '../protocol/shown.ts';
import { parseJson, readText } from '../text-file.ts';
import { createTranslate, type Translate } from './translate.ts';
import { type Language, languages, words } from './words/languages.ts';
import type { Key } from './words/words.ts';

/** Words in the place of ours, by their language and their key. */
export type OwnWords = {
  readonly [Tag in Language]?: { readonly [K in Key]?: string | undefined } | undefined;
};

/** What is wrong with own words, as the end of the sentence "it ...", or `undefined`. */
export function ownWordsProblem(given: unknown): string | undefined {
  if (!isPlainObject(given)) return 'is not an object';
  for (const [tag, own] of Object.entries(given)) {
    if (!isLanguage(tag)) {
      return `has the name ${shown(tag)} in it, which is no language of the pages (${languages.join(', ')})`;
    }
    const problem = own === undefined ? undefined : problemIn(tag, own);
    if (problem !== undefined) return `has words for ${tag} of which one is wrong: it ${problem}`;
  }
  return undefined;
}

/**
 * What is wrong with the words in a folder of views, as the end of the sentence "it ..."; a line for each
 * file.
 */
export function wordFileProblems(views: string): string[] {
  return wordFiles(views).flatMap((file) => {
    const tag = tagOf(file);
    if (!isLanguage(tag)) {
      return `has a words/${file}, but the languages of the pages are ${languages.join(', ')}`;
    }
    try {
      const problem = problemIn(tag, readWords(views, file));
      return problem === undefined ? [] : `has a words/${file} that ${problem}`;
    } catch (error) {
      return `has a words/${file} that ${(error as Error).message}`;
    }
  });
}

/**
 * The words of the pages with those of the operator in the place of ours.
 *
 * @param views the folder of their views
 * @param given the option, which counts if both have the same word
 * @returns for a language what `translate` returns; `undefined` if all words are ours
 */
export function withOwnWords(
  views: string | undefined,
  given: OwnWords = {},
): ((language: Language) => Translate) | undefined {
  const files = views === undefined ? [] : wordFiles(views);
  const inFiles = new Map(files.map((file) => [tagOf(file), readWords(views!, file)]));
  if (inFiles.size === 0 && Object.keys(given).length === 0) return undefined;
  const made = new Map<Language, Translate>();
  return (language) => {
    const there = made.get(language);
    if (there !== undefined) return there;
    const own = { ...(inFiles.get(language) as object), ...withoutGaps(given[language]) };
    const translate = createTranslate(language, { ...words[language], ...own });
    made.set(language, translate);
    return translate;
  };
}

const withoutGaps = (own: object = {}) =>
  Object.fromEntries(Object.entries(own).filter(([, text]) => text !== undefined));

const isLanguage = (tag: string): tag is Language => (languages as readonly string[]).includes(tag);

function problemIn(language: Language, own: unknown): string | undefined {
  if (!isPlainObject(own)) return 'is not an object of keys and words';
  const ours: Readonly<Record<string, string>> = words[language];
  for (const [key, text] of Object.entries(own)) {
    if (!Object.hasOwn(ours, key)) {
      const nearest = nearestOf(key, Object.keys(ours));
      const hint = nearest === undefined ? '' : ` (did you mean ${shown(nearest)}?)`;
      return `has the key ${shown(key)}, which the pages do not have${hint}`;
    }
    const problem = text === undefined ? undefined : textProblem(text, ours[key]!);
    if (problem !== undefined) return `has ${shown(text)} for ${key}, which ${problem}`;
  }
  return undefined;
}

/** @param ours the text that it replaces */
function textProblem(text: unknown, ours: string): string | undefined {
  if (typeof text !== 'string') return 'is not a string';
  if (text.trim() === '') return 'is empty';
  const [expected, there] = [placeholdersIn(ours), placeholdersIn(text)];
  if (expected.join() === there.join()) return undefined;
  return expected.length === 0
    ? `cannot have ${there.join(' and ')} in it: there is nothing to fill in`
    : `has to have ${expected.join(' and ')} in it, and no other placeholder, as ours has`;
}

const placeholdersIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

/** The names of the files with words. */
function wordFiles(views: string): string[] {
  const folder = join(views, 'words');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

const tagOf = (file: string) => file.slice(0, -'.json'.length);

/** @throws UnreadableFile */
function readWords(views: string, file: string): unknown {
  return parseJson(readText(join(views, 'words', file)));
}
