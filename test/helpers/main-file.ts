// The file that the tests start as the program.

import { fileURLToPath } from 'node:url';

/** The sources, or what `npm test` has built of them: that starts in four fifths of the time. */
export const MAIN =
  process.env['TEST_PROGRAM'] ?? fileURLToPath(new URL('../../src/main.ts', import.meta.url));
