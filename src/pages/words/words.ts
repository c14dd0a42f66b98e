// What the words of a language are: those that English has.

import type { en } from './en.ts';

export type Key = keyof typeof en;

/** A language's words. What depends on a count may have further endings, if the language has such forms. */
export type Words = Readonly<Record<Key, string>> &
  Readonly<Partial<Record<`${CountKey}.${'zero' | 'two' | 'few' | 'many'}`, string>>>;

/** The keys of texts that depend on a count, without their ending. */
export type CountKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;
