// Where an operator types: what commands write, ask and read.

import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';

export interface Terminal {
  /** Writes to standard output. Resolves once its reader takes more, so that a long list does not pile up. */
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
  /** @returns all of standard input */
  readInput(): Promise<string>;
}

/** That of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // Whoever reads may have seen enough: `| head`.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const typed = async (prompt: string, silent: boolean) => {
    const { read } = await import('read');
    try {
      return await read({ prompt, silent, output: stderr });
    } catch {
      // Ctrl-C or the end of the input: 128 and the number of SIGINT, as shells have it.
      stderr.write('\n');
      process.exit(130);
    }
  };
  return {
    write: (line) =>
      new Promise((resolve) => {
        if (stdout.write(line)) resolve();
        else stdout.once('drain', resolve);
      }),
    tell: (line) => void stderr.write(`${line}\n`),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    isWatched: stderr.isTTY === true,
    bold: (line) => styleText('bold', line, { stream: stdout }),
    ask: (question) => typed(question, false),
    askSecret: async (question) => {
      const secret = await typed(question, true);
      stderr.write('\n');
      return secret;
    },
    readInput: () => text(stdin),
  };
}
