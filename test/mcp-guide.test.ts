// docs/mcp.md: its code is that of the example, and its commands answer what it shows.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Answers, commandsOf, curlMissing, readBlocks, sh } from './helpers/document.ts';
import { type Program, run, until } from './helpers/examples.ts';
import { freePort } from './helpers/free-port.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const guide = await readFile(join(ROOT, 'docs/mcp.md'), 'utf8');
const START = 'npx node examples/mcp-server/one-app.ts';

describe('docs/mcp.md', async () => {
  const folder = join(ROOT, 'examples/mcp-server');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const port = await freePort();
  const here = (text: string) => text.replaceAll('localhost:4006', `localhost:${port}`);
  const blocks = readBlocks(here(guide));

  it('shows the example, letter for letter', () => {
    const shown = blocks.filter(({ language }) => language === 'ts');
    assert.equal(shown.length, 3);
    const code = [...sources, ...sources.map((source) => source.replaceAll(/^ {2}/gm, ''))];
    for (const { content } of shown) {
      assert.ok(
        code.some((source) => source.includes(content)),
        content,
      );
    }
  });

  it('has no language in it that is not looked at', () => {
    for (const { language } of blocks) {
      assert.ok(['ts', 'sh', 'json', 'http'].includes(language), language);
    }
  });

  let program: Program | undefined;
  after(() => program?.stop());
  const answers = new Answers();
  for (const block of blocks.filter(({ language }) => language === 'sh')) {
    for (const command of commandsOf(block)) {
      const isCurl = command.startsWith('curl ');
      it(command, { skip: isCurl && curlMissing() }, async () => {
        if (isCurl) return answers.compareCurl(command, await sh(command, tmpdir()), block);
        assert.equal(command, START);
        program = run('examples/mcp-server/one-app.ts', { PORT: `${port}` });
        await until(program, /is running at/);
      });
    }
  }
});
