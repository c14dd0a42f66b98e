// npm run bench: what a request costs here and in other servers that do the same. Every server is
// started once and checked; then each round measures each of them in each row, in an order that
// changes, so that whatever else the machine does meets all of them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load, makeReady, type Ready } from './driver.ts';
import { type Options, readOptions } from './options.ts';
import { report, type Sample } from './report.ts';
import { launch, prepare, QUIET, REFERENCE, type Running, SERVERS, writeSeed } from './running.ts';
import { measureStartup } from './startup.ts';
import { measureStores } from './stores.ts';

const FIRST_PORT = 4900;

const note = (line: string) => process.stderr.write(`${line}\n`);

/** Measures all that were asked for, round by round. */
async function measureServers(options: Options, folder: string): Promise<void> {
  const all = [...SERVERS, ...(options.only?.includes(QUIET.name) ? [QUIET] : [])];
  const chosen = all.filter(({ name }) => options.only?.includes(name) ?? true);
  const running: Running[] = [];
  const load = new Load();
  try {
    const ready: Ready[] = [];
    for (const [index, server] of chosen.entries()) {
      const one = launch(server, FIRST_PORT + index, folder);
      running.push(one);
      ready.push(await makeReady(one, options.rows, options.people));
      note(`${server.name} is checked.`);
    }
    const samples: Sample[] = [];
    // The first one is not counted: in it, what is asked often is compiled.
    for (let round = -1; round < options.rounds; round += 1) {
      for (const row of options.rows) {
        const able = ready.filter(({ rows }) => rows.includes(row));
        for (let turn = 0; turn < able.length; turn += 1) {
          const one = able[(turn + round + 1) % able.length]!;
          const measured = await load.measure(one, { ...options, row });
          if (round >= 0) samples.push({ round, row, name: one.server.name, ...measured });
        }
      }
      note(`Round ${round + 1} of ${options.rounds} is done.`);
    }
    report('servers', options, samples, REFERENCE);
  } finally {
    load.stop();
    await Promise.all(running.map((one) => one.stop()));
  }
}

const options = readOptions();
prepare();
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  if (options.startup) await measureStartup(options, folder);
  else if (options.stores) await measureStores(options, folder);
  else {
    await writeSeed(folder, options.people);
    await measureServers(options, folder);
  }
} finally {
  rmSync(folder, { recursive: true });
}
