// Who runs a command, and what it works on: the database of the server, with the rules of the server.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createEvents, type Events } from '../events.ts';
import type { App } from '../program/app.ts';
import {
  type Config,
  ConfigError,
  type LogLevel,
  readConfig,
  readLogLevel,
} from '../program/config.ts';
import { type Seed, SeedError } from '../program/seed.ts';
import type { Env } from '../program/variables.ts';
import { isRefusal } from '../registry/refusal.ts';
import type { AdministrableStore } from '../store/administration.ts';
import { type Changing, changingBy } from './changing.ts';
import { CommandError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** Where a command is typed. */
export interface Place {
  readonly env: Env;
  /** The names of the settings that a file `.env` has brought. */
  readonly fromFile: ReadonlySet<string>;
  readonly terminal: Terminal;
}

/** Who has typed a command. */
export interface Operator extends Place {
  /** The name that the audit trail has. */
  readonly name: string;
  /** In words, without its arguments: `client delete`. */
  readonly command: string;
}

/** What commands work on. */
export interface Workplace
  extends Pick<App, 'clients' | 'users' | 'registrationTokens' | 'signOut' | 'events' | 'context'> {
  readonly config: Config;
  readonly store: AdministrableStore;
  readonly changing: Changing;
}

/** The same with what the seed file has. */
export interface SeededWorkplace extends Workplace {
  readonly seed: Seed;
}

/** How many connections to PostgreSQL a command opens at the most. */
const CONNECTIONS = 4;

/**
 * Opens the database that the settings name, does something there, and closes it. If the seed file cannot
 * be used, or does not have the scopes that a setting names, the command says so and goes on: an operator
 * who has to shut somebody out should not have to mend a file first.
 *
 * @param work does not need the scopes and resources of the server; what does uses `withSeed`
 * @throws ConfigError if the settings are not right, or name no database
 * @throws CommandError if the database is a file, and not there
 * @throws StoreUnavailable, SchemaError, UnsuitableDatabase as `openStore` does
 * @throws SecretError if the database was used with another secret
 * @throws CommandError with the reason, if `work` is refused something
 */
export function atDatabase<Answer>(
  operator: Operator,
  work: (workplace: Workplace) => Promise<Answer>,
): Promise<Answer> {
  return open(operator, work, (error) =>
    operator.terminal.tell(
      error instanceof SeedError
        ? `${error.message}\nThis command needs no seed file and goes on without it.`
        : `${error.message}\nThis command needs none of them and goes on without the setting.`,
    ),
  );
}

/**
 * The same for work that needs the scopes and resources of the server, which are in its seed file.
 *
 * @throws SeedError as well, if the seed file cannot be used, and ConfigError if it does not have the scopes
 *   that a setting names
 */
export function withSeed<Answer>(
  operator: Operator,
  work: (workplace: SeededWorkplace) => Promise<Answer>,
): Promise<Answer> {
  return open(operator, work, (error) => {
    throw error;
  });
}

async function open<Answer>(
  operator: Operator,
  work: (workplace: SeededWorkplace) => Promise<Answer>,
  unfit: (error: SeedError | ConfigError) => void,
): Promise<Answer> {
  const settings = readConfig(operator.env);
  const databaseUrl = databaseOf(settings);
  // Loaded here: --help and wrong usage need no server.
  const { createApp } = await import('../program/app.ts');
  const { fileOf, openForCommand } = await import('../store/open.ts');
  assertThere(fileOf(databaseUrl));
  const { config, seed } = await fitting(settings, operator.env, unfit);
  const store = await openForCommand(databaseUrl, CONNECTIONS);
  try {
    const app = createApp(config, store, seed, 'command');
    await logTo(operator.terminal, config.logLevel, app.events);
    try {
      await app.ready();
      const changing = changingBy(operator, app.events);
      return await work({ ...app, config, store, seed, changing });
    } catch (error) {
      throw isRefusal(error) ? new CommandError(error.message, { cause: error }) : error;
    } finally {
      await app.close();
    }
  } finally {
    await store.close();
  }
}

/**
 * The seed, and the settings that go with it.
 *
 * @param unfit is told why one of the two cannot be used; it may throw, and otherwise that one is left out
 */
async function fitting(
  config: Config,
  env: Env,
  unfit: (error: SeedError | ConfigError) => void,
): Promise<{ readonly config: Config; readonly seed: Seed }> {
  const { fittingSeed } = await import('../program/serve.ts');
  try {
    return { config, seed: await fittingSeed(config, env) };
  } catch (error) {
    if (!(error instanceof SeedError || error instanceof ConfigError)) throw error;
    unfit(error);
    const without = {
      ...config,
      selfRegisteredScopes: undefined,
      ...(error instanceof SeedError && { seedFile: undefined }),
    };
    return { config: without, seed: await fittingSeed(without, env) };
  }
}

/** For whoever collects the log. A person sees what the command itself says. */
async function logTo(terminal: Terminal, level: LogLevel, events: Events): Promise<void> {
  if (terminal.isWatched) return;
  const { createLog, logEvents } = await import('../program/log.ts');
  const stream = { write: (line: string) => terminal.tell(line.trimEnd()) };
  const log = createLog(level, stream);
  logEvents(log, events);
  if (level === 'silent' || log.isLevelEnabled('info')) return;
  // Who did what is not a matter of how much somebody wants to read of the rest.
  const trail = createLog('info', stream);
  events.on('command_run', (details) => trail.info(details, 'command_run'));
}

/** What `Workplace.changing` does, for a command that needs no more of the server than its log. */
export async function changingAlone(operator: Operator): Promise<Changing> {
  const events = createEvents();
  await logTo(operator.terminal, readLogLevel(operator.env), events);
  return changingBy(operator, events);
}

/** @throws ConfigError if the settings name no database */
function databaseOf({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw new ConfigError(
    'There is nothing to administer: DATABASE_URL is missing, and without it everything is in the memory of the running server, which no command can reach. Set it to the database of the server: sqlite:./data/oauth.db or postgres://user:password@host:5432/database.',
  );
}

/**
 * Opening a file that is not there would make it, and the command would find nothing in it.
 *
 * @throws CommandError
 */
function assertThere(file: string | undefined): void {
  if (file === undefined || existsSync(file)) return;
  throw new CommandError(
    `There is no database at ${file}, where DATABASE_URL has it. A path is relative to the folder in which a command is run: run it in that of the server. If there is to be a database, "migrate" makes it.`,
  );
}

/** Who runs a command: as they say, or as the system knows them. */
export function operatorName(given: string | undefined, env: Env): string {
  const names = [given, env['OPERATOR'], env['SUDO_USER']];
  return names.find((name) => name !== undefined && name !== '') ?? accountName();
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no account has.
    return String(process.getuid?.() ?? 'unknown');
  }
}
