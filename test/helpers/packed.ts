// The package as npm packs it, in projects of other people. Nothing is installed: what it depends on
// is linked from here.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { directory } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const NAME = 'express-authorization-server';

const execute = promisify(execFile);

async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to);
}

/**
 * Builds and packs the package, in a copy of what that takes.
 *
 * @returns the path of the file that `npm pack` made
 */
export async function pack(): Promise<string> {
  const copy = await mkdtemp(join(directory, 'package-'));
  const { files } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const named: string[] = files.filter((name: string) => name !== 'dist');
  const needed = named.map((name) => name.replace(/\/\*.*$/, ''));
  const ofBuild = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'build.ts', 'src'];
  for (const name of [...ofBuild, ...needed]) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  }
  await link(MODULES, join(copy, 'node_modules'));
  // Its types were checked before the tests began.
  await execute(process.execPath, ['build.ts', '--noCheck'], { cwd: copy });
  const how = ['pack', '--ignore-scripts', '--json', '--no-update-notifier'];
  const { stdout } = await execute('npm', how, { cwd: copy });
  return join(copy, JSON.parse(stdout)[0].filename);
}

/**
 * A project with these files, the packed package in its node_modules, and further packages beside it.
 *
 * @param packages by the names that the project knows them by: the names that they have here
 */
export async function newProject(
  packed: string,
  files: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>>,
): Promise<string> {
  const project = await mkdtemp(join(directory, 'project-'));
  const own = join(project, 'node_modules', NAME);
  await mkdir(own, { recursive: true });
  await execute('tar', ['-xzf', packed, '-C', own, '--strip-components=1']);
  const { dependencies } = JSON.parse(await readFile(join(own, 'package.json'), 'utf8'));
  // As npm does where the project has another version of Express.
  for (const name of Object.keys(dependencies)) {
    await link(join(MODULES, name), join(own, 'node_modules', name));
  }
  for (const [name, here] of Object.entries(packages)) {
    await link(join(MODULES, here), join(project, 'node_modules', name));
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(project, name), content);
  }
  return project;
}

/** Runs the compiler in a project. What it complains of is in the error. */
export async function compile(project: string, ...options: string[]): Promise<void> {
  try {
    await execute(join(MODULES, '.bin/tsc'), options, { cwd: project });
  } catch (error) {
    throw new Error(`tsc ${options.join(' ')}\n${(error as { stdout?: string }).stdout}`);
  }
}
