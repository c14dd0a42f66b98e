// --stores: what our server's requests cost on each of its stores, and how often in a row a request
// waits for the database, which is what a database in another place costs.

import { join } from 'node:path';
import pg from 'pg';
import { migrateDatabase } from '../src/store/open.ts';
import { createCluster } from '../test/helpers/postgres.ts';
import { startDelay } from './delay.ts';
import { Load, makeReady, type Ready } from './driver.ts';
import type { Options } from './options.ts';
import { median, report, type Sample, say, table, writeJson } from './report.ts';
import { LOAD_CORE, launch, pin, type Running, SERVERS, writeSeed } from './running.ts';
import type { Row } from './target.ts';

const FIRST_PORT = 4920;
const REFERENCE = 'memory';
const FAR = 'PostgreSQL-far';
const ROWS: readonly Row[] = ['token', 'introspection', 'code', 'refresh'];

/** Measures ours on the three stores, and on a PostgreSQL that is far away. */
export async function measureStores(options: Options, folder: string): Promise<void> {
  await writeSeed(folder, options.people);
  const rows = options.rows.filter((row) => ROWS.includes(row));
  const ours = SERVERS.find(({ name }) => name === 'ours')!;
  // As an operator would have it: a commit is on the disk before it is answered.
  const cluster = await createCluster({ fsync: 'on', shared_buffers: '256MB' });
  pin(process.pid, LOAD_CORE);
  const delay = await startDelay(Number(new URL(cluster.url).port));
  const far = new URL(cluster.url);
  far.port = String(delay.port);
  const urls: Record<string, string | undefined> = {
    [REFERENCE]: undefined,
    SQLite: `sqlite:${join(folder, 'oauth.db')}`,
    PostgreSQL: cluster.url,
    [FAR]: far.href,
  };
  const running: Running[] = [];
  const load = new Load();
  try {
    const ready = new Map<string, Ready>();
    for (const [name, url] of Object.entries(urls)) {
      if (!(options.only?.includes(name) ?? true)) continue;
      // Both ways to PostgreSQL lead to one database, so its tables may be there already.
      if (url !== undefined) await migrateDatabase(url);
      const env: Record<string, string> = url === undefined ? {} : { DATABASE_URL: url };
      const one = launch(ours, FIRST_PORT + running.length, folder, env);
      running.push(one);
      // To sign in takes a while from far away, and few flows are enough to measure there.
      const people = name === FAR ? options.connections : options.people;
      ready.set(name, await makeReady(one, rows, people));
    }
    const samples: Sample[] = [];
    // The first one is not counted, as in run.ts.
    for (let round = -1; round < options.rounds; round += 1) {
      for (const row of rows) {
        for (const [name, one] of ready) {
          const measured = await load.measure(one, { ...options, row });
          if (round >= 0) samples.push({ round, row, name, ...measured });
        }
      }
    }
    const alone = await roundTrips(ready.get(FAR), rows, load, options);
    const roundTrip = alone.length === 0 ? 0 : await roundTripOf(far.href);
    report('stores', options, samples, REFERENCE);
    if (alone.length > 0) {
      say(`With ${roundTrip.toFixed(1)} ms to the database and back, and one connection:\n`);
      table(
        ['Row', 'p50 ms', 'round trips in a row'],
        alone.map(({ row, p50 }) => [
          row,
          (p50 / 1000).toFixed(1),
          (p50 / 1000 / roundTrip).toFixed(2),
        ]),
      );
      writeJson('round-trips', { ...options, json: undefined }, { roundTrip, samples: alone });
    }
  } finally {
    load.stop();
    await Promise.all(running.map((one) => one.stop()));
    delay.stop();
    await cluster.remove();
  }
}

/** Milliseconds that one statement takes there: what the proxy adds, and what it does not. */
async function roundTripOf(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const times: number[] = [];
  for (let count = 0; count < 50; count += 1) {
    const start = performance.now();
    await client.query('SELECT 1');
    times.push(performance.now() - start);
  }
  await client.end();
  return median(times);
}

/** One connection alone waits for nothing but the way to the database. */
async function roundTrips(
  far: Ready | undefined,
  rows: readonly Row[],
  load: Load,
  options: Options,
): Promise<Sample[]> {
  if (far === undefined) return [];
  const { rate: _rate, ...closed } = options;
  const samples: Sample[] = [];
  for (const row of rows) {
    const measured = await load.measure(far, {
      ...closed,
      row,
      connections: 1,
      seconds: Math.max(closed.seconds, 5),
    });
    samples.push({ round: 0, row, name: FAR, ...measured });
  }
  return samples;
}
