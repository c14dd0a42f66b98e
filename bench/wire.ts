// One connection of the load: a socket that is kept open, and as much of HTTP/1.1 as the answers
// need. Node's own client costs more than some of the servers do, and would be what is measured.

import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** The status line and the headers. */
  readonly head: string;
  readonly body: string;
}

export class Wire {
  readonly #socket: Socket;
  readonly #onAnswer: (answer: Answer) => void;
  readonly #onBroken: (error: Error) => void;
  #text = '';
  #isClosed = false;

  constructor(port: number, onAnswer: (answer: Answer) => void, onBroken: (error: Error) => void) {
    this.#onAnswer = onAnswer;
    this.#onBroken = onBroken;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
      .on('data', (chunk) => this.#take(chunk))
      .on('error', (error) => this.#break(error))
      .on('close', () => this.#break(new Error('The server closed the connection.')));
  }

  send(request: string): void {
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #break(error: Error): void {
    if (this.#isClosed) return;
    this.close();
    this.#onBroken(error);
  }

  /** One request is under way at a time, so what has come belongs to one answer. */
  #take(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    let answer: Answer | undefined;
    try {
      answer = readAnswer(this.#text);
    } catch (error) {
      this.#break(error as Error);
      return;
    }
    if (answer === undefined) return;
    this.#text = '';
    this.#onAnswer(answer);
  }
}

/** The answer, once it is there as a whole. */
function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  const start = end + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const whole = start + Number(length);
    if (text.length > whole) throw new Error(`More came than one answer: ${text}`);
    return text.length < whole ? undefined : { status, head, body: text.slice(start) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) {
    throw new Error(`An answer without a length: ${head}`);
  }
  const body = readChunks(text, start);
  return body === undefined ? undefined : { status, head, body };
}

function readChunks(text: string, start: number): string | undefined {
  let body = '';
  for (let at = start; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const end = line + 2 + size + 2;
    if (text.length < end) return undefined;
    if (size === 0) return body;
    body += text.slice(line + 2, end - 2);
    at = end;
  }
}

/** A request as bytes on the wire, to be sent as often as one likes. */
export function get(path: string, headers: Record<string, string>): string {
  return `GET ${path} HTTP/1.1\r\n${lines(headers)}\r\n`;
}

/** The same of a form. */
export function post(
  path: string,
  headers: Record<string, string>,
  fields: Record<string, string>,
): string {
  const body = new URLSearchParams(fields).toString();
  const all = {
    ...headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  return `POST ${path} HTTP/1.1\r\n${lines(all)}\r\n${body}`;
}

const lines = (headers: Record<string, string>) =>
  Object.entries({ host: '127.0.0.1', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
