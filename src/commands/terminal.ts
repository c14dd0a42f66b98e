// Where an operator types: what commands write, ask and read.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { decoded, UnreadableFile } from '../text-file.ts';
import { CommandError, UnwritableOutput } from './errors.ts';

export interface Terminal {
  /**
   * Writes to standard output. Resolves once that is done, so that a long list does not pile up.
   *
   * @throws UnwritableOutput if the disk is full, for instance
   */
  write(text: string): Promise<void>;
  /** Writes a line to standard error. */
  tell(line: string): void;
  /** Whether somebody is there who can be asked. */
  readonly isInteractive: boolean;
  /** Whether somebody sees what is told; otherwise it may be kept as a log. */
  readonly isWatched: boolean;
  /** Text in bold type, if it is shown to somebody who wants colours. */
  bold(text: string): string;
  /** @returns what was typed */
  ask(question: string): Promise<string>;
  /** The same, and what is typed is not shown. */
  askSecret(question: string): Promise<string>;
  /** @returns all of standard input; @throws CommandError if it is not text */
  readInput(): Promise<string>;
}

/** That of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // Whoever reads may have seen enough: `| head`. Of anything else, who writes is told.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
  // Nobody can be told, and nothing else depends on it.
  stderr.on('error', () => undefined);
  return {
    write: (line) =>
      new Promise((resolve, reject) => {
        stdout.write(line, (error?: NodeJS.ErrnoException | null) => {
          if (!error) resolve();
          else if (error.code !== 'EPIPE') reject(unwritable(error));
        });
      }),
    tell: (line) => void stderr.write(`${line}\n`),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    isWatched: stderr.isTTY === true,
    bold: (line) => styleText('bold', line, { stream: stdout }),
    ask: (question) => typed(`${question} `, stderr),
    askSecret: async (question) => {
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const answer = typed(`${question} `, nowhere);
      // Only now does the terminal show nothing by itself.
      stderr.write(`${question} `);
      const secret = await answer;
      stderr.write('\n');
      return secret;
    },
    readInput: async () => readAs(await buffer(stdin)),
  };
}

function readAs(bytes: Buffer): string {
  try {
    return decoded(bytes);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new CommandError('Standard input is not text in UTF-8.');
  }
}

function unwritable({ code, message }: NodeJS.ErrnoException): UnwritableOutput {
  return new UnwritableOutput(
    `The answer cannot be written to standard output: ${code ?? message}. What the command changes is changed all the same.`,
  );
}

/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

/**
 * What is typed. Ctrl-C and Ctrl-D end the process: there is no answer.
 *
 * @param echo where the question is shown, and what is typed
 */
function typed(question: string, echo: Writable): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve) => {
    const lines = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 });
    const leave = () => {
      stderr.write('\n');
      process.exit(INTERRUPTED);
    };
    lines.once('close', leave);
    lines.once('line', (answer) => {
      lines.off('close', leave);
      lines.close();
      resolve(answer);
    });
    lines.setPrompt(question);
    lines.prompt();
  });
}
