// A server, and the command line of an operator on the same database.

import { openStore } from '../../src/store/open.ts';
import { type CommandLine, commandLine } from './commands.ts';
import { startServer, type TestServer } from './harness.ts';
import { SEED } from './seeds.ts';

export interface Administered {
  readonly server: TestServer;
  readonly cli: CommandLine;
}

/**
 * @param env settings of both
 * @param seed what the server begins with
 */
export async function administered(
  env: Record<string, string> = {},
  seed: object = SEED,
): Promise<Administered> {
  const alone = await commandLine();
  const { DATABASE_URL, SESSION_SECRET } = alone.env as Record<string, string>;
  const store = await openStore(DATABASE_URL!);
  const server = await startServer({ SESSION_SECRET: SESSION_SECRET!, ...env }, { store, seed });
  // Commands have the settings of the server, and their tokens its issuer.
  const settings = { ...env, ISSUER: server.issuer };
  const cli: CommandLine = Object.assign(
    (typed: string | readonly string[], how: Parameters<CommandLine>[1] = {}) =>
      alone(typed, { ...how, env: { ...settings, ...how.env } }),
    { env: { ...alone.env, ...settings } },
  );
  return { server, cli };
}
