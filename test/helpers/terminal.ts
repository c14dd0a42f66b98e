// Where somebody runs the commands that they have copied.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { sh } from './document.ts';

/** One in an empty folder, until the tests end around which it is called. */
export function terminal() {
  let home = '';
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'terminal-'));
  });
  after(() => rm(home, { recursive: true }));
  const run = (command: string) => sh(`cd && ${command}`, home);
  return {
    home: () => home,
    run,
    /** What a command with `curl -i` brings. */
    curl: async (command: string) => readHttp(await run(`${command} --silent`)),
  };
}

/** What `curl -i` writes. */
function readHttp(text: string): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  return {
    status: Number(start.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
      }),
    ),
    body: text.slice(end + 4),
  };
}
