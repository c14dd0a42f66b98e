// Names that people type: which spellings are the same name.

/**
 * A name without what people do not see or mind when they type it: space around it, capitals, and
 * whether an accent is a character of its own. Two names are the same, however they are typed, if this
 * is the same of both. Folding twice changes nothing.
 *
 * By way of capitals: some letters have two small forms (σ and ς), or are two letters in capitals (ß).
 */
export function foldName(name: string): string {
  return name.trim().toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}
