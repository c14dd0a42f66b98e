// A document that shows commands and what they answer: the commands are run, and the answers are
// compared with those shown.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';

export interface Block {
  readonly language: string;
  readonly content: string;
  /** The language and content of the block right below it, if there is one. */
  readonly below?: Block;
}

/** The fenced blocks of a document, from first to last. */
export function readBlocks(document: string): Block[] {
  const found = [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```\n/gm)];
  const blocks: Block[] = [];
  for (const [index, { 0: all, 1: language = '', 2: content = '', index: start }] of [
    ...found.entries(),
  ].reverse()) {
    const next = found[index + 1];
    const isRightBelow =
      next !== undefined && document.slice(start + all.length, next.index) === '\n';
    blocks.unshift({ language, content, ...(isRightBelow && { below: blocks[0]! }) });
  }
  return blocks;
}

/** The commands of a block: one for each line, or for several lines that end in a backslash. */
export function commandsOf(block: Block): string[] {
  return block.content.trimEnd().split(/(?<!\\)\n/);
}

/** Why curl commands cannot run, for node:test's `skip`; on CI that is a failure instead. */
export function curlMissing(): string | false {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    if (process.env['CI'])
      throw new Error('The tests of the documents need curl, and there is none.');
    return 'no curl found';
  }
}

/**
 * What a command writes, run with this Node first and nothing that changes what curl does.
 *
 * @param programs the folders of further programs, which come before those of the system
 */
export async function sh(
  command: string,
  home: string,
  ...programs: readonly string[]
): Promise<string> {
  const PATH = [dirname(process.execPath), ...programs, process.env['PATH']].join(delimiter);
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    env: { PATH, HOME: home },
  });
  return stdout;
}

/** The answers to the commands of one document, and what stands in them for `<token>` and the like. */
export class Answers {
  readonly values = new Map<string, string>();

  /** Puts what the last answer had in place of `<token>` and the like. */
  fillIn(command: string): string {
    return command.replace(/<(\w+)>/g, (_, name: string) => {
      const value = this.values.get(name);
      assert.ok(value, `an answer above shows <${name}>`);
      return value;
    });
  }

  /** Compares an answer with the one shown, and keeps the value for each `<something>` in it. */
  compare(actual: unknown, shown: unknown, path = 'answer'): void {
    if (typeof shown === 'string' && /^<\w+>$/.test(shown)) {
      assert.ok(typeof actual === 'string' && actual !== '', path);
      if (shown === '<time>') assert.ok(Date.parse(actual) > Date.now(), `${path}: ${actual}`);
      this.values.set(shown.slice(1, -1), actual);
    } else if (typeof shown === 'object' && shown !== null) {
      const { '...': others, ...rest } = shown as Record<string, unknown>;
      const object = actual as Record<string, unknown>;
      if (others === undefined) {
        assert.deepEqual(Object.keys(object).sort(), Object.keys(rest).sort(), path);
      }
      for (const [name, value] of Object.entries(rest))
        this.compare(object[name], value, `${path}.${name}`);
    } else if (path.endsWith('.expires_in')) {
      // What it says is the rest, and the first ID token waits for its key to be made.
      assert.ok(Number(shown) - Number(actual) < 5, `${path}: ${actual}`);
      assert.ok(Number(actual) <= Number(shown), `${path}: ${actual}`);
    } else if (typeof shown === 'number' && shown > 1e9) {
      // A time in seconds: when the document was written, and now.
      const day = 24 * 3600;
      assert.ok(Math.abs(Number(actual) - Date.now() / 1000) < day, `${path}: ${actual}`);
    } else {
      // A value that was shown before may be a part of another.
      const isText = typeof shown === 'string' && shown !== actual;
      assert.equal(actual, isText ? this.fillIn(shown) : shown, path);
    }
  }

  /** Compares the answer of `curl -i`: the status, the headers that are shown, and the body. */
  compareHttp(answer: string, { language, content }: Block): void {
    assert.equal(language, 'http');
    const read = (message: string) => {
      const [head = '', body = ''] = message.replaceAll('\r\n', '\n').split('\n\n');
      const [status, ...headers] = head.split('\n');
      return { status, headers, body: body.trim() };
    };
    const actual = read(answer);
    const shown = read(content);
    assert.equal(actual.status, shown.status);
    for (const header of shown.headers) assert.ok(actual.headers.includes(header), answer);
    this.compare(JSON.parse(actual.body), JSON.parse(shown.body));
  }

  /** Compares what a curl command wrote with the block below it. */
  compareCurl(command: string, answer: string, { below }: Block): void {
    assert.ok(below, 'the document shows the answer');
    if (/ -i /.test(command)) this.compareHttp(answer, below);
    else this.compare(JSON.parse(answer), JSON.parse(below.content));
  }
}
