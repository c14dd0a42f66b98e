// What node:http answers by itself, without asking the app: a request that cannot be read, is too long,
// or does not arrive. Node's own answer has no body, which in a browser is an empty page.

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { carried } from '../http/carried.ts';
import { isLeaving } from '../http/leave-together.ts';
import { bdi } from '../pages/translate.ts';

interface Said {
  readonly status: string;
  readonly title: string;
  readonly text: string;
}

const TOO_LONG: Said = {
  status: '431 Request Header Fields Too Large',
  title: 'This request is too long',
  text: 'Together, the address and the cookies of this site are too long. Please go back to the app and start again. If that does not help, delete the cookies of this site. To the developer of the app: make "state" shorter.',
};

const TOO_SLOW: Said = {
  status: '408 Request Timeout',
  title: 'This request took too long',
  text: 'The server did not receive the whole request in time. Please try again.',
};

const UNREADABLE: Said = {
  status: '400 Bad Request',
  title: 'This request cannot be read',
  text: 'It is not an HTTP/1.1 request (RFC 9112). If this server is behind a proxy that speaks https, use the address of the proxy.',
};

const SAID: Readonly<Record<string, Said>> = {
  HPE_HEADER_OVERFLOW: TOO_LONG,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** Milliseconds in which the other side may read the answer; a reset could come before it. */
const READING_TIME = 1000;

/**
 * Has a server answer requests that it cannot read with a page that says why.
 *
 * @param brand the name on the page
 */
export function answerClientErrors(server: Server, brand: string): void {
  /** The last answer on each connection. */
  const answers = carried<Socket, ServerResponse>();
  const refused = new WeakSet<Socket>();
  server.on('request', (req, res) => answers.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    // More of the same request is the same error again.
    if (refused.has(socket)) return;
    refused.add(socket);
    const refuse = () => {
      socket.end(pageOf(SAID[error.code ?? ''] ?? UNREADABLE, brand));
      setTimeout(() => socket.destroy(), READING_TIME).unref();
    };
    const answer = answers.get(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (answer === undefined || answer.writableFinished) refuse();
    // The request before it was read as a whole, or has its answer already, and is answered first.
    else if (answer.req.complete || isLeaving(answer)) answer.once('finish', refuse);
    else if (answer.headersSent) socket.destroy();
    else refuse();
  });
}

/** The whole answer. In English: what the person reads best is in the headers that were not read. */
function pageOf({ status, title, text }: Said, brand: string): string {
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<header><p>${bdi(brand).html}</p></header>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</html>
`;
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
