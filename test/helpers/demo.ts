// Servers for the journeys that are started from the demo's own seed, as npm start does it.

import { createServer } from 'node:http';
import { after } from 'node:test';
import { createApp } from '../../src/program/app.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { readConfig } from '../../src/program/config.ts';
import { seedOf } from '../../src/program/serve.ts';
import { emptyStore } from './databases.ts';
import { listenAnew } from './harness.ts';

/**
 * The issuer of a server in demo mode, on a free port; it stops when the test, or file, ends.
 *
 * @param env settings as a person would give them
 * @param path of the issuer
 */
export async function startDemo(env: Record<string, string> = {}, path = ''): Promise<string> {
  const listener = createServer();
  const issuer = `${await listenAnew(listener)}${path}`;
  const config = readConfig({ ISSUER: issuer, DEMO: 'on', LOG_LEVEL: 'silent', ...env });
  const store = await emptyStore();
  const seed = await seedOf(config);
  await applySeed(store, seed);
  const { app, close } = createApp(config, store, seed);
  listener.on('request', app);
  after(() => {
    void close();
    listener.closeAllConnections();
    listener.close();
  });
  return issuer;
}
