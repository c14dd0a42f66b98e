// docs/commands.md: every command in it, from the top to the bottom, at one database.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { commandsOf, readBlocks } from '../helpers/document.ts';
import { authorizeAs } from '../helpers/flows.ts';
import { directory } from '../helpers/program.ts';
import { APP, bearer, registerClient } from '../helpers/registering.ts';

const guide = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8');

const PREFIX = 'npm run cli -- ';

/** How the command is found that tells what a placeholder stands for, and the field that has it. */
const PLACEHOLDERS: Readonly<Record<string, readonly [list: string, field: string]>> = {
  '<key>': ['registration-token list', 'key'],
  '<registered>': ['client list --source registration', 'client_id'],
  '<kid>': ['key list', 'kid'],
  '<grant>': ['grant list', 'id'],
  '<session>': ['session list', 'id'],
};

/** The files that commands read: what the guide shows of one, and a realm. */
const FILES: Readonly<Record<string, string>> = {
  'people.csv': guide.split('```csv\n')[1]!.split('```')[0]!,
  'realm.json': JSON.stringify({ realm: 'example', clients: [] }),
  'realm-users-0.json': JSON.stringify({ realm: 'example', users: [{ username: 'eve' }] }),
};

/** The words of a line, as a shell has them; it knows quotes and nothing else. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}

describe('docs/commands.md', async () => {
  const typed = readBlocks(guide)
    .filter(({ language }) => language === 'sh')
    .flatMap(commandsOf);
  const SEED_FILE = join(directory, 'guide-seed.json');
  const seed = {
    scopes: { read: 'Read your notes', write: 'Write notes' },
    clients: [],
    users: [],
  };
  await writeFile(SEED_FILE, JSON.stringify(seed));
  const { server, cli } = await administered({ SEED_FILE, REGISTRATION: 'token' }, seed);

  /** Alice, as the guide has made her, lets Agenda in. @returns the code that it got */
  async function signIn(): Promise<string> {
    const { code } = await authorizeAs(server, {
      client: 'agenda:not-used',
      redirectUri: 'https://agenda.example/callback',
      login: ['alice', 'a much better one'],
    });
    return code;
  }

  before(async () => {
    const { json } = await cli('registration-token create --json');
    const { status } = await registerClient(server, APP, bearer(json.token));
    assert.equal(status, 201);
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
      const isOfSignIns = /^(consent|grant|session|token) /.test(command);
      const code = isOfSignIns ? await signIn() : undefined;
      for (const [placeholder, [list, field]] of Object.entries(PLACEHOLDERS)) {
        if (!command.includes(placeholder)) continue;
        command = command.replace(placeholder, (await cli(`${list} --json`)).json[0][field]);
      }
      for (const [name, content] of Object.entries(FILES)) {
        if (!command.includes(` ${name}`)) continue;
        await writeFile(join(directory, name), content);
        command = command.replace(` ${name}`, ` ${join(directory, name)}`);
      }
      const isFromFile = command.endsWith(' < token.txt');
      const input = isFromFile ? code : piped;
      const done = await cli(
        wordsOf(command.replace(' < token.txt', '')),
        input === undefined ? {} : { input },
      );
      assert.equal(done.code, 0, done.stderr);
    });
  }
});
