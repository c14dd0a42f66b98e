// Commands as an operator types them, in this process: one of its own costs half a second.

import { runCommand } from '../../src/commands/program.ts';
import { emptySqlite } from './databases.ts';
import { SECRET } from './program.ts';

type Env = Readonly<Record<string, string>>;

/** What became of a command. */
export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote to standard output, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: the test says what it must be
  readonly json: any;
}

interface How {
  /** What comes on standard input. */
  readonly input?: string;
  /** What somebody answers who sits at a terminal; without them, nobody is there. */
  readonly answers?: readonly string[];
  /** Settings of this one command. */
  readonly env?: Env;
  /** The names of settings that a file has brought. */
  readonly fromFile?: readonly string[];
}

export interface CommandLine {
  /** The settings that all commands get; a server on the same database gets them, too. */
  readonly env: Env;
  /** @param typed the words; a string is split at its spaces */
  (typed: string | readonly string[], how?: How): Promise<Done>;
}

/**
 * A command line.
 *
 * @param env settings beside a secret and a database in SQLite, which has the tables, and nothing in them.
 *   `DATABASE_URL` may name another one; if it is empty, there is none
 */
export async function commandLine(env: Env = {}): Promise<CommandLine> {
  const all = {
    SESSION_SECRET: SECRET,
    DATABASE_URL: env['DATABASE_URL'] ?? (await emptySqlite()),
    DEMO: 'off',
    LOG_LEVEL: 'silent',
    ...env,
  };
  const run = async (typed: string | readonly string[], how: How = {}): Promise<Done> => {
    const words = withIdsLast(typeof typed === 'string' ? typed.split(' ') : typed);
    let stdout = '';
    let stderr = '';
    const answers = [...(how.answers ?? [])];
    const answer = async (question: string) => {
      stderr += `${question} `;
      const next = answers.shift();
      if (next === undefined) throw new Error(`Nobody answers: ${question}`);
      return next;
    };
    const code = await runCommand(words, {
      env: { ...all, ...how.env },
      fromFile: new Set(how.fromFile),
      terminal: {
        write: async (text) => {
          stdout += text;
        },
        tell: (line) => {
          stderr += `${line}\n`;
        },
        isInteractive: how.answers !== undefined,
        isWatched: how.answers !== undefined,
        bold: (text) => text,
        ask: answer,
        askSecret: answer,
        readInput: async () => how.input ?? '',
      },
    });
    return {
      code,
      stdout,
      stderr,
      get json() {
        return JSON.parse(stdout);
      },
    };
  };
  return Object.assign(run, { env: all });
}

/** An id may begin like an option: it is typed as the help says then, behind the options. */
function withIdsLast(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => /^-[\w-]{15,}$/.test(word) && !word.startsWith('--'));
  if (start === -1 || words.includes('--')) return words;
  const length = words.slice(start).findIndex((word) => word.startsWith('--'));
  const end = length === -1 ? words.length : start + length;
  return [...words.slice(0, start), ...words.slice(end), '--', ...words.slice(start, end)];
}
