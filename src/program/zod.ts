// zod, which checks the seed, without what it says in sixty languages: half of the time and of the
// memory that it takes to load. What is wrong with a seed is said in our own words, in English.

import { registerHooks } from 'node:module';

/**
 * Loads zod, whose main file imports all of its languages. While it is loaded, they are its English
 * alone. If zod calls them otherwise one day, they are loaded, and nothing fails.
 */
export async function loadZod(): Promise<void> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const isLanguages =
        specifier === '../locales/index.js' && context.parentURL?.includes('/zod/v4/') === true;
      return next(isLanguages ? '../locales/en.js' : specifier, context);
    },
  });
  try {
    await import('zod');
  } finally {
    hooks.deregister();
  }
}
