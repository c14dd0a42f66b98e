// npm run registration-token: an initial access token, by which somebody registers clients at the running
// server.

import { parseArgs } from 'node:util';
import { openStore } from '../store/open.ts';
import { type RegistrationTokens, registrationTokens } from '../subjects/registration-tokens.ts';
import { ConfigError, readConfig } from './config.ts';
import type { Env } from './variables.ts';

const OPTIONS = {
  uses: { type: 'string' },
  ttl: { type: 'string' },
  metadata: { type: 'string' },
} as const;

/**
 * Makes a token, in the database of the server.
 *
 * @param args of the command: `--uses 3 --ttl 3600 --metadata '{"require_pkce": false}'`
 * @returns the token
 * @throws ConfigError if the settings, or the arguments, are not right
 * @throws as `openStore` does
 */
export async function makeRegistrationToken(env: Env, args: readonly string[]): Promise<string> {
  const { databaseUrl, registration } = readConfig(env);
  if (registration === 'off') {
    throw new ConfigError('REGISTRATION is off. Set it to token or open to let clients register.');
  }
  if (databaseUrl === undefined) {
    throw new ConfigError(
      'DATABASE_URL is missing. Without it everything is in the memory of the server, which this command cannot reach.',
    );
  }
  const options = readArguments(args);
  const store = await openStore(databaseUrl, { migrate: false });
  try {
    return await registrationTokens(store, true).create(options);
  } catch (error) {
    throw error instanceof TypeError ? new ConfigError(error.message) : error;
  } finally {
    await store.close();
  }
}

function readArguments(args: readonly string[]) {
  try {
    const { uses, ttl, metadata } = parseArgs({ args: [...args], options: OPTIONS }).values;
    return {
      ...(uses !== undefined && { uses: Number(uses) }),
      ...(ttl !== undefined && { ttl: Number(ttl) }),
      ...(metadata !== undefined && { metadata: JSON.parse(metadata) }),
    } satisfies Parameters<RegistrationTokens['create']>[0];
  } catch (error) {
    throw new ConfigError(
      `The arguments of registration-token are not right: ${(error as Error).message}. They are --uses, --ttl (in seconds) and --metadata (as JSON).`,
    );
  }
}
