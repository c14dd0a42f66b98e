// The code in a bundle, away from the files that it reads.

import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { directory, spawned } from '../helpers/program.ts';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const FILES = join(SRC, 'package-files.ts');

const SENTENCE =
  'express-authorization-server does not find its views, migrations and other files, which lie beside its code. If it is in a bundle, leave it out of that: with esbuild --external:express-authorization-server or --packages=external.\n';

/** A project with a file of ours in its folder `dist`, and what that says when it is loaded. */
async function saidBy(
  bundle: string,
  packageJson?: string,
  migrations: string[] = [],
): Promise<string> {
  const project = mkdtempSync(join(directory, 'project-'));
  for (const folder of ['dist', 'migrations']) mkdirSync(join(project, folder));
  for (const name of migrations) writeFileSync(join(project, 'migrations', name), '');
  if (packageJson !== undefined) writeFileSync(join(project, 'package.json'), packageJson);
  const file = join(project, 'dist', bundle);
  if (bundle.endsWith('.ts')) copyFileSync(FILES, file);
  else {
    // As esbuild writes it for CommonJS.
    const code = stripTypeScriptTypes(readFileSync(FILES, 'utf8')).replace(
      'import.meta.url',
      '({}).url',
    );
    writeFileSync(file, code);
  }
  const code = `await import('${file}').then(() => console.log('loaded'), ({ message }) => console.log(message))`;
  const run = spawned([process.execPath, '--input-type=module', '-e', code], {});
  assert.equal(await run.exit, 0, run.stderr);
  return run.stdout;
}

describe('Bundled code', { timeout: 60_000 }, () => {
  const app = JSON.stringify({ name: 'somebodys-app', type: 'module' });

  it('says as an ECMAScript module that it has to be left out of the bundle', async () => {
    assert.equal(await saidBy('app.ts'), SENTENCE);
    assert.equal(await saidBy('app.ts', app), SENTENCE);
  });

  it('says so without import.meta.url, as in CommonJS', async () => {
    assert.equal(await saidBy('app.mjs', app), SENTENCE);
  });

  it('is loaded where its files are, whatever the name of the project', async () => {
    assert.equal(await saidBy('app.ts', app, ['001-initial.sql']), 'loaded\n');
  });

  it('would find all files by that one module, and no other knows where it is', () => {
    const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
    const withUrl = sources
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => readFileSync(join(SRC, name), 'utf8').includes('import.meta'));
    assert.deepEqual(withUrl, ['package-files.ts']);
  });
});
