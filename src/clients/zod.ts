// zod, which checks clients and users, without what it says in sixty languages: half of the time and of
// the memory that it takes to load. What is wrong is said in our own words, in English.

import { registerHooks } from 'node:module';
import { load } from '../package-files.ts';

/**
 * Loads a module that needs zod, whose main file imports all of its languages. While it is loaded, they
 * are its English alone. If zod calls them otherwise one day, they are loaded, and nothing fails.
 *
 * @param name as `load` has it
 */
export function loadWithZod(name: string): unknown {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const isLanguages =
        specifier === '../locales/index.js' && context.parentURL?.includes('/zod/v4/') === true;
      return next(isLanguages ? '../locales/en.js' : specifier, context);
    },
  });
  try {
    return load(name);
  } finally {
    hooks.deregister();
  }
}
