// Programs that the tests need, installed where that is possible and allowed: by root, on Debian.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const say = (line: string) => process.stdout.write(`${line}\n`);

export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Installs Debian packages, and says so.
 *
 * @param what they are for, to follow "for"
 * @returns whether they are there now
 */
export function install(what: string, ...packages: string[]): boolean {
  say(`Installing ${packages.join(', ')} with apt-get, for ${what}.`);
  const run = (...args: string[]) =>
    execFileSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    run('update');
    run('install', '-y', '--no-install-recommends', ...packages);
    return true;
  } catch (error) {
    say(`They could not be installed: ${(error as Error).message}`);
    return false;
  }
}

/** The command line of SQLite, with which the guide to deployment makes a backup. */
export function provideSqlite(): void {
  try {
    execFileSync('sqlite3', ['--version'], { stdio: 'ignore' });
  } catch {
    if (mayInstall()) install('the tests of backups', 'sqlite3');
  }
}
