// What an operator types: express-authorization-server <command>. Without a command, the server starts.

import { Command, CommanderError } from 'commander';
import { OperatorError } from '../operator-error.ts';
import { packageJson } from '../package-files.ts';
import { clientCommands } from './client.ts';
import { configCommand } from './config.ts';
import { consentCommands } from './consent.ts';
import { migrateCommand, purgeCommand } from './database.ts';
import { NotAllTaken, UnwritableOutput, UsageError } from './errors.ts';
import { grantCommands } from './grant.ts';
import { examples, PROGRAM } from './help.ts';
import { importCommands } from './import.ts';
import { keyCommands } from './key.ts';
import { type Operator, operatorName, type Place } from './operator.ts';
import { harmless } from './output.ts';
import { registrationTokenCommands } from './registration-token.ts';
import { seedCommands } from './seed.ts';
import { sessionCommands } from './session.ts';
import { processTerminal } from './terminal.ts';
import { tokenCommands } from './token.ts';
import { userCommands } from './user.ts';

/** Adds the commands of a noun. Each gets --json and --operator here. */
type Noun = (program: Command, operator: Operator) => void;

/** Every noun, in the order in which --help lists them. */
const NOUNS: { readonly [heading: string]: readonly Noun[] } = {
  'What the server keeps:': [
    clientCommands,
    userCommands,
    consentCommands,
    grantCommands,
    sessionCommands,
    tokenCommands,
    keyCommands,
    registrationTokenCommands,
  ],
  'From files:': [seedCommands, importCommands],
  'The server itself:': [configCommand, migrateCommand, purgeCommand],
};

/** Ids are random, and one of 64 begins like an option. */
const HYPHEN = '(if that is an id, put -- before it, and options before that)';

const WHERE = `
Commands work on the database that DATABASE_URL names, with the settings of the server: give them the
same environment, or run them in the folder of its .env file. What they change counts from the next
request on, in every process. docs/commands.md has an example of each.

Exit codes:
  0  done
  1  refused or failed
  2  unknown command, option or field
  3  done, but the answer could not be written
  4  import done, but some entries of the files cannot be taken`;

/** Where a command is typed: at the terminal of this process, unless there is another. */
type Typed = Omit<Place, 'terminal'> & Partial<Pick<Place, 'terminal'>>;

/**
 * Runs a command.
 *
 * @param args what was typed after the name of the program
 * @returns the exit code: 0 if it is done, 1 if it is not, 2 if there is no such command, 3 if its answer
 *   could not be written, 4 if some of an import cannot be taken
 */
export async function runCommand(
  args: readonly string[],
  { terminal = processTerminal(), ...where }: Typed,
): Promise<number> {
  const { env } = where;
  let help = '';
  const program = programOf({ ...where, terminal }, (text) => {
    help += text;
  });
  try {
    await program.parseAsync(helpLast(args), { from: 'user' }).catch(async (error: unknown) => {
      if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
      await terminal.write(help);
    });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return 2;
    terminal.tell(harmless(complaintOf(error, env['LOG_LEVEL'] === 'debug')));
    if (error instanceof UnwritableOutput) return 3;
    if (error instanceof NotAllTaken) return 4;
    return error instanceof UsageError ? 2 : 1;
  }
}

/** `help client create` is `client create --help`: Commander knows the first form for one word alone. */
function helpLast(args: readonly string[]): string[] {
  const [first, ...words] = args;
  return first === 'help' && words.length > 1 ? [...words, '--help'] : [...args];
}

/** An empty word names nothing. It is what a variable of a shell becomes that is not set. */
function assertNoneEmpty(command: Command): void {
  const options = Object.values(command.opts());
  if (![...command.args, ...options].includes('')) return;
  throw new UsageError('An argument is empty: perhaps a variable of the shell is not set.');
}

/** @param inFull whether somebody looks for a fault in the program itself */
function complaintOf(error: unknown, inFull: boolean): string {
  if (error instanceof OperatorError) return error.message;
  if (inFull && error instanceof Error) return error.stack ?? error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `The command failed: ${reason} (LOG_LEVEL=debug says more)`;
}

/** @param show is given what somebody asked for who asked for help */
function programOf(place: Place, show: (text: string) => void): Command {
  const { terminal, env } = place;
  let typed: Command | undefined;
  const operator: Operator = {
    ...place,
    get name() {
      return operatorName(typed?.opts()['operator'], env);
    },
    get command() {
      return typed === undefined ? '' : wordsOf(typed);
    },
  };
  const program = new Command(PROGRAM)
    .description('An OAuth 2.0 authorization server. Without a command, it starts.')
    .version(packageJson.version, '-V, --version', 'show the release')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureOutput({
      writeOut: show,
      writeErr: (text) => terminal.tell(harmless(text.trimEnd())),
      outputError: (text, write) =>
        write(
          text
            .replace(/^error: ./, (start) => start.at(-1)!.toUpperCase())
            .replace(/^(Unknown option '-[^-].+')$/m, `$1\n${HYPHEN}`),
        ),
    })
    .exitOverride()
    .showHelpAfterError('(--help says what there is)')
    .hook('preAction', (_program, command) => {
      typed = command;
      assertNoneEmpty(command);
    });
  for (const [heading, nouns] of Object.entries(NOUNS)) {
    program.commandsGroup(heading);
    for (const add of nouns) add(program, operator);
  }
  for (const noun of program.commands) noun.helpCommand(false);
  for (const leaf of leavesOf(program)) {
    leaf
      .option('--json', 'as JSON, for programs')
      .option(
        '--operator <name>',
        'who runs this, for the log; otherwise OPERATOR, or the account',
      );
  }
  examples(
    program.addHelpText('after', WHERE),
    'client create --name Agenda --redirect-uri https://agenda.example/callback',
    'client list --search agenda',
    'client create --help',
  );
  return program;
}

/** The commands that do something. */
function leavesOf({ commands }: Command): Command[] {
  return commands.flatMap((one) => (one.commands.length === 0 ? [one] : leavesOf(one)));
}

/** `client create` */
function wordsOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name();
}
