// Guesses which word somebody mistyped.

/**
 * The word nearest to what was given; `undefined` if none is near.
 *
 * @param given what was typed
 * @param words those that there are
 */
export function nearestOf(given: string, words: Iterable<string>): string | undefined {
  const typed = given.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const word of words) {
    if (word === given) continue;
    if (Math.abs(word.length - given.length) >= least) continue;
    const far = distance(typed, word.toLowerCase());
    // A word that shares no letter is not a match.
    if (far >= least || far >= word.length) continue;
    [nearest, least] = [word, far];
  }
  return nearest;
}

/** How many letters have to be put in, taken out or replaced to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
