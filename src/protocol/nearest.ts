// Guesses which word somebody mistyped.

/**
 * The word nearest to what was given: one with a few other letters, or else the only one of which it is a
 * part, as `name` is of `client_name`. `undefined` if there is none.
 *
 * @param given what was typed
 * @param words those that there are
 */
export function nearestOf(given: string, words: Iterable<string>): string | undefined {
  const typed = given.toLowerCase();
  const having: string[] = [];
  let nearest: string | undefined;
  // Of three letters one may be wrong: with two others it is another word.
  let least = Math.max(1, Math.floor((given.length + 1) / 3)) + 1;
  for (const word of words) {
    if (word === given) continue;
    if (partsOf(word).includes(typed)) having.push(word);
    if (Math.abs(word.length - given.length) >= least) continue;
    const far = distance(typed, word.toLowerCase());
    // A word that shares no letter is not a match.
    if (far >= least || far >= word.length) continue;
    [nearest, least] = [word, far];
  }
  return nearest ?? (having.length === 1 ? having[0] : undefined);
}

function partsOf(word: string): string[] {
  return word.toLowerCase().split(/[_.-]/);
}

/**
 * How many letters have to be put in, taken out or replaced to make one word of the other. Two that are
 * next to each other and change places are one, as they are in typing.
 */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[other.length]!;
}
