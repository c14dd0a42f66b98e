// Going through all records of a kind, page by page.

import type { Page } from '../store/administration.ts';

/** How many records are read in one go. */
const LIMIT = 500;

/**
 * All records, in order of their keys. Those that are added meanwhile may be among them.
 *
 * @param list reads a page
 * @param keyOf what `Page.after` is told of a record
 */
export async function* allOf<Kind>(
  list: (page: Page) => Promise<readonly Kind[]>,
  keyOf: (record: Kind) => string,
): AsyncGenerator<Kind> {
  let after: string | undefined;
  for (;;) {
    const page = await list({ after, limit: LIMIT });
    yield* page;
    if (page.length < LIMIT) return;
    after = keyOf(page.at(-1)!);
  }
}
