// npm run bench:growth: what a look-up costs among a million tokens and among a thousand, how fast
// they get there, and what is left once they have expired, in each store. The figures compare one
// commit with another on one machine, and nothing else.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applySeed } from '../src/program/apply-seed.ts';
import { readSeed } from '../src/program/seed.ts';
import { memoryStore } from '../src/store/memory.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { createCluster } from '../test/helpers/postgres.ts';
import { CLIENT } from './target.ts';

const FEW = 1000;
const MANY = Number(process.argv[2] ?? 1_000_000);
const CALLERS = 64;
const LOOK_UPS = 20_000;
const HOUR = 3_600_000;
/** Later than the client is registered: a token from before that is not its own. */
const START = Date.now() + HOUR;

const seed = await readSeed(fileURLToPath(new URL('seed.json', import.meta.url)));
const hashes: string[] = Array.from({ length: MANY }, () => randomBytes(32).toString('base64url'));

/** Calls for every number below a count, from so many callers; answers the seconds it took. */
async function timed(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        await call(index);
      }
    }),
  );
  return (performance.now() - start) / 1000;
}

const issue = (store: Store, index: number) =>
  store.tokens.issue(
    {
      accessToken: {
        hash: hashes[index]!,
        clientId: CLIENT.id,
        scope: ['read', 'write'],
        audience: ['https://api.example/'],
        issuedAt: START,
        expiresAt: START + HOUR + (index % 1000),
      },
    },
    START,
  );

/** Microseconds for one look-up, of many callers at once. */
async function lookUp(store: Store, held: number): Promise<number> {
  const find = async () => {
    const token = await store.accessTokens.find(hashes[Math.floor(Math.random() * held)]!, START);
    if (token === undefined) throw new Error('A token is missing.');
  };
  await timed(LOOK_UPS / 4, find);
  return ((await timed(LOOK_UPS, find)) / LOOK_UPS) * 1e6;
}

const say = (...columns: (string | number)[]) =>
  process.stdout.write(`${columns.map((column) => String(column).padEnd(14)).join('')}\n`);

async function measure(name: string, store: Store): Promise<void> {
  await applySeed(store, seed);
  await timed(FEW, (index) => issue(store, index));
  const amongFew = await lookUp(store, FEW);
  const seconds = await timed(MANY - FEW, (index) => issue(store, FEW + index));
  const amongMany = await lookUp(store, MANY);
  const purgeStart = performance.now();
  let purged = 0;
  for (let step = -1; step !== 0; purged += step) {
    step = await store.purge(START + 2 * HOUR, 1000);
  }
  const purging = (performance.now() - purgeStart) / 1000;
  const rate = (count: number, time: number) => `${Math.round(count / time)} /s`;
  say(
    name,
    `${amongFew.toFixed(1)} us`,
    `${amongMany.toFixed(1)} us`,
    rate(MANY - FEW, seconds),
    rate(purged, purging),
    MANY - purged,
  );
  await store.close();
}

say('store', `among ${FEW}`, `among ${MANY}`, 'issued', 'purged', 'left');
await measure('memory', memoryStore());

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
await measure('SQLite', await openStore(`sqlite:${folder}/oauth.db`));
rmSync(folder, { recursive: true });

// As an operator would have it: a commit is on the disk before it is answered.
const cluster = await createCluster({ fsync: 'on', shared_buffers: '512MB' });
try {
  await measure('PostgreSQL', await openStore(cluster.url));
} finally {
  await cluster.remove();
}
