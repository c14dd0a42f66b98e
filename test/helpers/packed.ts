// The package as npm packs it, in a project of somebody else's.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Runs a program that the project has installed. */
export const runInstalled = (name: string, args: string[], cwd: string) =>
  run(process.execPath, [join(ROOT, 'node_modules', name), ...args], { cwd });

/**
 * Makes a project with the packed file of this package unpacked in its `node_modules`, and beside it what
 * it depends on and these packages; it is deleted when the test file ends.
 *
 * @returns the folder of the project
 */
export async function projectWithPackage(...further: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const text = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { name, files, dependencies } = JSON.parse(text);

  // Built beside the sources and not in them: other tests may look at these.
  const source = join(folder, 'source');
  await mkdir(source);
  await writeFile(join(source, 'package.json'), text);
  const copied = [...files, 'README.md', 'LICENSE'].filter((file) => file !== 'dist');
  for (const file of copied) {
    const path = file.replace('/*.md', '');
    await cp(join(ROOT, path), join(source, path), { recursive: true });
  }
  const build = ['-p', 'tsconfig.build.json', '--outDir', join(source, 'dist')];
  await runInstalled('typescript/bin/tsc', build, ROOT);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: source });
  const { version } = JSON.parse(text);

  const project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, name), { recursive: true });
  const unpack = ['-xzf', join(folder, `${name}-${version}.tgz`), '--strip-components=1'];
  await run('tar', [...unpack, '-C', join(modules, name)]);
  for (const one of [...Object.keys(dependencies), ...further]) {
    await mkdir(dirname(join(modules, one)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', one), join(modules, one));
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module" }\n');
  return project;
}
