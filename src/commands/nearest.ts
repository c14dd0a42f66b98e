// What a command adds to the message that there is no such word.

import { nearestOf } from '../protocol/nearest.ts';

/** How many words are looked at: of ids there may be a million. */
const MAX_WORDS = 5000;

/**
 * What to add to the sentence that there is no such word; empty if none is near.
 *
 * @param given what was typed
 * @param words those that there are
 */
export async function didYouMean(
  given: string,
  words: Iterable<string> | AsyncIterable<string>,
): Promise<string> {
  const looked: string[] = [];
  for await (const word of words) {
    if (looked.length === MAX_WORDS) break;
    looked.push(word);
  }
  const nearest = nearestOf(given, looked);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}
