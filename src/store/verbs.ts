// What a store has to have: somebody's own may be of an earlier version, or not be finished.

import { memoryStore } from './memory.ts';

/** The verbs that a store lacks of those that ours have, as `codes.redeem` or `purge`. */
function missingVerbs(store: object): string[] {
  const nouns = store as Record<string, Record<string, unknown> | undefined>;
  return Object.entries(memoryStore()).flatMap(([noun, verbs]) => {
    if (typeof verbs === 'function') return typeof nouns[noun] === 'function' ? [] : [noun];
    return Object.keys(verbs)
      .filter((verb) => typeof nouns[noun]?.[verb] !== 'function')
      .map((verb) => `${noun}.${verb}`);
  });
}

/** What a store lacks, as the end of a sentence about it, or `undefined` if it has every verb. */
export function missingVerbsProblem(store: object): string | undefined {
  const missing = missingVerbs(store);
  if (missing.length === 0) return undefined;
  const shown = missing.slice(0, 5).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return `has no function${missing.length > 1 ? 's' : ''} ${shown}${more}`;
}
