// Where files that come with the code are: views, migrations, the demo's seed, package.json, and
// modules that are loaded when they are first needed.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What is read of package.json. */
interface Package {
  readonly version: string;
  readonly repository?: unknown;
}

/**
 * The folder of the package. In a bundle this module is somewhere else, or nowhere: a CommonJS bundle
 * has no `import.meta.url`.
 *
 * @param url of this module
 * @throws Error if it is not in its package
 */
function rootOf(url: string | undefined): { readonly root: string; readonly json: Package } {
  try {
    const root = fileURLToPath(new URL('../', url));
    const json: Package = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    // Not by its name: somebody may have made the project their own.
    if (existsSync(`${root}migrations/001-initial.sql`)) return { root, json };
  } catch {
    // Said below, as for the package.json of an app around the bundle.
  }
  throw new Error(
    'express-authorization-server does not find its views, migrations and other files, which lie beside its code. If it is in a bundle, leave it out of that: with esbuild --external:express-authorization-server or --packages=external.',
  );
}

const { root, json } = rootOf(import.meta.url);

/** What package.json says. */
export const packageJson = json;

/** The path of a file or folder of the package, from its name there: `views`, `seeds/demo.json`. */
export function packageFile(name: string): string {
  return `${root}${name}`;
}

const require = createRequire(import.meta.url);
/** `.ts` here, and `.js` in what is built. */
const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/**
 * Loads what is first needed by code that cannot wait for an `import()`.
 *
 * @param name of a package, or the path of a module of ours without its ending: `./demo/demo`
 */
export function load(name: string): unknown {
  return require(name.startsWith('./') ? `${name}${ending}` : name);
}
