// A program that says how many bytes an authorization request leaves behind that only a full collection
// would take away. It runs by itself: the test runner follows what is asynchronous, and so keeps more.

import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApp } from '../../src/program/app.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { readConfig } from '../../src/program/config.ts';
import { parseSeed } from '../../src/program/seed.ts';
import { stoppableServer } from '../../src/program/stopping.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { authorizeUrl } from './flows.ts';
import { Person } from './http-person.ts';
import { SEED } from './seeds.ts';

setFlagsFromString('--expose-gc');
const collect: (options?: { readonly type: 'minor' }) => void = runInNewContext('gc');
const REQUESTS = 200;

// As the running server has it.
let app: RequestListener;
const { server } = stoppableServer((req, res) => app(req, res), 'Kept');
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const issuer = `http://127.0.0.1:${port}`;
const config = readConfig({ ISSUER: issuer, DEMO: 'off', LOG_LEVEL: 'silent' });
const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
const store = memoryStore();
await applySeed(store, seed, config.secret, 'seed');
({ app } = createApp(config, store, seed));

const url = authorizeUrl({ issuer });
const person = new Person({ origin: issuer, issuer });
await person.allow(url);
const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ');
const { host, pathname, search } = new URL(url);
const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`;
// Of node:http's own client more would be left than of the server.
const socket = connect(port, '127.0.0.1').setEncoding('latin1');

async function ask(): Promise<void> {
  for (let n = 0; n < REQUESTS; n += 1) {
    socket.write(request);
    const [answer] = await once(socket, 'data');
    if (!/^HTTP\/1.1 303 [\s\S]*[?&]code=/.test(answer)) throw new Error(answer);
    if (n % 10 !== 0) continue;
    // What outlives two of them counts as old.
    collect({ type: 'minor' });
    collect({ type: 'minor' });
  }
}

const inOldSpace = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;

await ask();
collect();
const before = inOldSpace();
await ask();
process.stdout.write(`${Math.round((inOldSpace() - before) / REQUESTS)}`);
process.exit();
