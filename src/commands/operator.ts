// What every command works on: the database of the server, with the same rules as the server itself.

import { userInfo } from 'node:os';
import { type App, createApp } from '../program/app.ts';
import { type Config, ConfigError, readConfig } from '../program/config.ts';
import type { Seed } from '../program/seed.ts';
import type { Env } from '../program/variables.ts';
import type { AdministrableStore } from '../store/administration.ts';

/** What a command works with. */
export interface Workplace
  extends Pick<App, 'clients' | 'users' | 'registrationTokens' | 'signOut' | 'events'> {
  readonly config: Config;
  readonly store: AdministrableStore;
  readonly seed: Seed;
}

/**
 * Opens the database that the settings name, does something there, and closes it.
 *
 * @throws ConfigError if the settings are not right, or name no database
 * @throws StoreUnavailable, SchemaError, UnsuitableDatabase as `openStore` does
 * @throws SecretError if the database was used with another secret
 */
export async function atDatabase<Answer>(
  env: Env,
  work: (workplace: Workplace) => Promise<Answer>,
): Promise<Answer> {
  const config = readConfig(env);
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    throw new ConfigError(
      'DATABASE_URL is missing. Without it everything is in the memory of the running server, which no command can reach. Set it to the database of the server: sqlite:./data/oauth.db or postgres://user:password@host:5432/database.',
    );
  }
  const { openStore } = await import('../store/open.ts');
  const { seedOf } = await import('../program/serve.ts');
  const seed = await seedOf(config);
  const store = await openStore(databaseUrl, { migrate: false, connections: 2 });
  try {
    const app = createApp(config, store, seed, 'command');
    try {
      await app.ready();
      return await work({ ...app, config, store, seed });
    } finally {
      await app.close();
    }
  } finally {
    await store.close();
  }
}

/** Who runs a command: as they say, or as the system knows them. */
export function operatorOf(given: string | undefined, env: Env): string {
  const names = [given, env['OPERATOR'], env['SUDO_USER']];
  return names.find((name) => name !== undefined && name !== '') ?? userInfo().username;
}
