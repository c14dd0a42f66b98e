// What an operator types: express-authorization-server <command>. Without a command, the server starts.

import { Command, CommanderError } from 'commander';
import { OperatorError } from '../operator-error.ts';
import type { Env } from '../program/variables.ts';
import { clientCommands } from './client.ts';
import { resetLinkCommand } from './reset-link.ts';

/** What was typed is no command that there is; commander has said so. */
export class UsageError extends OperatorError {}

/** Every noun, in the order in which --help lists them. */
const NOUNS = [clientCommands, resetLinkCommand] as const;

/**
 * Runs a command.
 *
 * @param args what was typed after the name of the program
 * @returns the exit code: 0 if it is done, 2 if there is no such command
 * @throws OperatorError if it cannot be done; the message says why
 */
export async function runCommand(args: readonly string[], env: Env): Promise<number> {
  const program = new Command('express-authorization-server')
    .description('An OAuth 2.0 authorization server. Without a command, it starts.')
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .helpCommand(true);
  for (const add of NOUNS) add(program, env);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
