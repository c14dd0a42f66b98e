#!/usr/bin/env node
// npm start: settings, store, seed, listen, and an orderly end.

import { createServer } from 'node:http';
import dotenv from 'dotenv';
import type { Logger } from 'pino';
import { createApp, demoOf } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { demoAuthorizeUrl, demoCommands } from './endpoints/demo.ts';
import { createLog, logEvents, logRequests } from './log.ts';
import { applySeed, readSeed, type Seed, SeedError } from './seed.ts';
import { memoryStore } from './store/memory.ts';

/** Milliseconds that requests in flight have to finish after SIGTERM. */
const GRACE = 10_000;

async function start(config: Config): Promise<void> {
  const store = memoryStore();
  const seed = await readSeed(config);
  await applySeed(store, seed, config.secret);
  const log = createLog(config.logLevel);
  const { app, events, ready, close } = createApp(config, store, seed);
  logEvents(log, events);
  warnOfShortSecrets(config, seed, log);
  await ready();

  const server = createServer(logRequests(log, app));
  server.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`${cannotListen(config, error)}\n`);
    process.exit(1);
  });
  server.listen(config.port, config.host, () => process.stdout.write(greeting(config, seed)));

  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    close();
    // Requests in flight are answered; connections that only wait for the next are closed.
    server.close(() => {
      store.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
    // One that had a request in flight would else be kept for another, and the process with it.
    setInterval(() => server.closeIdleConnections(), 100).unref();
    setTimeout(() => server.closeAllConnections(), GRACE).unref();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

/** Secrets are kept as a plain SHA-256, which is enough for long random ones and no others. */
function warnOfShortSecrets({ production }: Config, seed: Seed, log: Logger): void {
  if (!production) return;
  for (const { client_id: clientId, client_secret: secrets } of seed.clients) {
    if (secrets.every((secret) => secret.length >= 32)) continue;
    log.warn({ clientId }, 'short client_secret: make it 32 random characters or more');
  }
}

/** Why the server cannot listen, and what to do about it. */
function cannotListen({ host, port }: Config, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use, perhaps by another copy of this server. Stop that, or set PORT.`;
  }
  if (error.code === 'EACCES')
    return `Port ${port} is not for ordinary users. Set PORT to one above 1023.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `${host} is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.`;
  }
  return `The server cannot listen on ${host}:${port}: ${error.message}`;
}

/** What a person who has just started the server wants to know. */
function greeting(config: Config, seed: Seed): string {
  const { issuer, demo } = config;
  const lines = [
    `The authorization server is running at ${issuer}`,
    '',
    `  Home         ${issuer}/`,
    `  Authorize    ${issuer}/oauth/authorize`,
    `  Token        ${issuer}/oauth/token`,
    `  Protected    ${issuer}/secret`,
    '',
  ];
  if (!demo) {
    lines.push(
      `  Clients: ${seed.clients.length}, users: ${seed.users.length}, from ${config.seedFile ?? 'nowhere: set SEED_FILE'}`,
    );
    return `${lines.join('\n')}\n\n`;
  }
  const shown = { issuer, demo: demoOf(seed) };
  lines.push('Demo clients and user (demo mode: for trying out, never for production):', '');
  for (const { id, secret } of shown.demo.clients) {
    lines.push(
      `  client       ${id}${secret === undefined ? ' (public, no secret)' : ` with secret ${secret}`}`,
    );
  }
  for (const { username, password } of shown.demo.users) {
    lines.push(`  user         ${username} with password ${password}`);
  }
  lines.push('');
  for (const { title, command } of demoCommands(shown))
    lines.push(`${title}:`, '', `  ${command}`, '');
  lines.push('Sign in as a person, in a browser:', '', `  ${demoAuthorizeUrl(shown)}`);
  return `\n${lines.join('\n')}\n\n`;
}

dotenv.config({ quiet: true });

try {
  await start(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof SeedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
