// What Node has compiled of the sources, kept for the next process: a start then takes half the time.

import { fileURLToPath } from 'node:url';

/** Settings of a process that starts the server, or tests it. */
export const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)),
};
