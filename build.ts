// npm run build: makes dist, which the package has in place of src. A start from 260 modules spends a
// fifth of its time on finding and linking them, so what is loaded together is one file there. Arguments
// are for the compiler, which writes the types.

import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('./', import.meta.url));

/**
 * Writes what runs.
 *
 * @param folder a folder in that of the package: what runs finds the package by where it is itself
 */
export async function bundle(folder: string): Promise<void> {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  /** What apps import, by package.json. */
  const imported = Object.values<{ types: string }>(exports).map(({ types }) =>
    types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts'),
  );
  /** What is loaded by its name once it is needed: `load` of src/package-files.ts. */
  const loaded = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
    [
      ...readFileSync(`${root}${file}`, 'utf8').matchAll(/\bload\(\s*['`]\.\/([^'`]+)['`]/g),
    ].flatMap(([, name = '']) =>
      globSync(`src/${name.replace(/\$\{\w+\}/, '*')}.ts`, { cwd: root }),
    ),
  );
  await build({
    absWorkingDir: root,
    entryPoints: [...new Set(['src/main.ts', ...imported, ...loaded])],
    outbase: 'src',
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    // Beside package-files.ts, which finds the package by where it is itself.
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
  });
}

if (import.meta.main) {
  process.chdir(root);
  rmSync('dist', { recursive: true, force: true });
  const types = ['-p', 'tsconfig.build.json', ...process.argv.slice(2)];
  execFileSync('node_modules/.bin/tsc', types, { stdio: 'inherit' });
  await bundle('dist');
  // An old Node has to be able to read it, so it stays as it is.
  const start = readFileSync('src/start.js', 'utf8');
  writeFileSync('dist/start.js', start.replace("import('./main.ts')", "import('./main.js')"));
}
