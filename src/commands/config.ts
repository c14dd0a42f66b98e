// express-authorization-server config: the settings in force, and where each comes from.

import { createServer } from 'node:http';
import type { Command } from 'commander';
import { OperatorError } from '../operator-error.ts';
import { type Config, configOf } from '../program/config.ts';
import { listen } from '../program/listening.ts';
import { type Env, Variables } from '../program/variables.ts';
import { databaseUrlProblem } from '../store/database-url.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { didYouMean } from './nearest.ts';
import type { Operator, Place } from './operator.ts';
import { type Format, writeList } from './output.ts';

type Origin = 'environment' | '.env' | 'default';

interface Setting {
  readonly name: string;
  readonly value: string | undefined;
  readonly from: Origin;
}

const HIDDEN = '***';

/** Of a command, and of no server. */
const OF_COMMANDS = ['OPERATOR'];

export function configCommand(program: Command, operator: Operator): void {
  examples(
    program
      .command('config')
      .description('show the settings in force, and where each comes from; secrets are masked'),
    'config',
  ).action(async (options: Format) => {
    const { terminal } = operator;
    const { settings, problems } = await readSettings(operator);
    await writeList(terminal, settings, ['name', 'from', 'value'], options);
    if (problems.length === 0) return;
    throw new CommandError(
      `The settings are not right:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  });
}

async function readSettings({ env, fromFile }: Place) {
  const read = new Variables(env);
  const config = configOf(read);
  const known = [...read.values.keys()];
  const settings = known
    .map((name): Setting => {
      const isSet = (env[name]?.trim() ?? '') !== '';
      const from = !isSet ? 'default' : fromFile.has(name) ? '.env' : 'environment';
      return { name, value: masked(name, read.values.get(name)), from };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const problems = [...read.problems, ...(await problemsOutside(config, env))];
  // Of the environment nobody can say what is meant for somebody else.
  for (const name of fromFile) {
    if (known.includes(name) || OF_COMMANDS.includes(name)) continue;
    const near = await didYouMean(name, known);
    if (near !== '') problems.push(`${name} in .env is no setting of the server.${near}`);
  }
  return { settings, problems };
}

/** What a start would find out that the settings alone do not say: of the seed file, and of this machine. */
async function problemsOutside(config: Config, env: Env): Promise<string[]> {
  // Loaded here, as no other command of this file needs a server.
  const { fittingSeed } = await import('../program/serve.ts');
  const server = createServer();
  const found = await Promise.allSettled([
    fittingSeed(config, env),
    // Any port: that of the settings may be in use by the server that they are of.
    listen(server, { host: config.host, port: 0 }),
  ]);
  server.close();
  return found.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    if (!(one.reason instanceof OperatorError)) throw one.reason;
    return [one.reason.message.replaceAll('\n', '\n  ')];
  });
}

/** A value that may be shown to anybody. */
function masked(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (name === 'SESSION_SECRET') return HIDDEN;
  return name === 'DATABASE_URL' ? maskedUrl(value) : value;
}

/** One that is wrong may have a password in it wherever it is. */
function maskedUrl(value: string): string {
  if (databaseUrlProblem(value) !== undefined) return HIDDEN;
  if (value.startsWith('sqlite:')) return value;
  const url = new URL(value);
  if (url.password !== '') url.password = HIDDEN;
  for (const name of url.searchParams.keys()) {
    if (/password/i.test(name)) url.searchParams.set(name, HIDDEN);
  }
  return url.href;
}
