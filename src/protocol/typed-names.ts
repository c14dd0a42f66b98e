// Names that people type: which spellings are the same name.

/** Characters without width, which come along when a name is copied from a page or a letter. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * A name without what people do not see or mind when they type it: spaces at the ends, the kind and number of
 * spaces inside, capitals, and whether an accent is a character of its own. Two names are the same, however
 * they are typed, if this is the same for both. Folding twice changes nothing.
 *
 * By way of capitals: some letters have two small forms (σ and ς), or are two letters in capitals (ß).
 */
export function foldName(name: string): string {
  const seen = name.replace(UNSEEN, '').replace(/\s+/g, ' ').trim();
  return seen.toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}
