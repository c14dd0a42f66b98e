// docs/commands.md: every command in it, from the top to the bottom, at one database.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { commandsOf, readBlocks } from '../helpers/document.ts';
import { directory } from '../helpers/program.ts';

const guide = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8');

const PREFIX = 'npm run cli -- ';

/** How the command is found that tells what a placeholder stands for, and the field that has it. */
const PLACEHOLDERS: Readonly<Record<string, readonly [list: string, field: string]>> = {
  '<key>': ['registration-token list', 'key'],
};

/** The words of a line, as a shell has them; it knows quotes and nothing else. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}

describe('docs/commands.md', () => {
  const typed = readBlocks(guide)
    .filter(({ language }) => language === 'sh')
    .flatMap(commandsOf);
  let cli: CommandLine;

  before(async () => {
    const SEED_FILE = join(directory, 'guide-seed.json');
    const seed = { scopes: { read: 'Read your notes', write: 'Write notes' } };
    await writeFile(SEED_FILE, JSON.stringify({ ...seed, clients: [], users: [] }));
    cli = await commandLine({ SEED_FILE, REGISTRATION: 'token' });
  });

  it('has a section for each noun, and an example of each command', async () => {
    const nouns = [
      ...(await cli('--help')).stdout.matchAll(/^ {2}([a-z-]+)(?: \[options\])? {2,}/gm),
    ]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    assert.ok(nouns.length > 4);
    for (const noun of nouns) {
      assert.match(guide, new RegExp(`^## ${noun}$`, 'm'));
      const { stdout } = await cli(`${noun} --help`);
      const commands = stdout.split('Commands:\n')[1]?.matchAll(/^ {2}([a-z-]+)/gm) ?? [['', '']];
      for (const [, name] of commands) {
        const wanted = `${PREFIX}${noun} ${name}`.trim();
        assert.ok(
          typed.some((line) => line.includes(wanted)),
          `${wanted} has no example`,
        );
      }
    }
  });

  for (const line of typed) {
    it(`has a command that works: ${line}`, async () => {
      const [, piped, rest = ''] = /^(?:printf '%s' '([^']*)' \| )?(.*)$/.exec(line) ?? [];
      assert.ok(rest.startsWith(PREFIX), line);
      let command = rest.slice(PREFIX.length);
      for (const [placeholder, [list, field]] of Object.entries(PLACEHOLDERS)) {
        if (!command.includes(placeholder)) continue;
        command = command.replace(placeholder, (await cli(`${list} --json`)).json[0][field]);
      }
      const { code, stderr } = await cli(
        wordsOf(command),
        piped === undefined ? {} : { input: piped },
      );
      assert.equal(code, 0, stderr);
    });
  }
});
