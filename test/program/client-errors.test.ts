// What a browser sees where the server cannot read its request, over raw sockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import type { Response } from 'express';
import { send } from '../../src/http/answer.ts';
import { stoppableServer } from '../../src/program/stopping.ts';
import { listen } from '../helpers/harness.ts';

const echo: RequestListener = (req, res) => {
  if (req.url === '/answered') {
    send(res as Response, 'text/plain', 'not for you');
    // As the parser does, if the rest of the body comes and is no body.
    const { server } = req.socket as Socket & { readonly server: Server };
    server.emit('clientError', new Error('Parse Error'), req.socket);
    return;
  }
  if (req.url === '/begun') res.write('begun');
  req.resume().on('end', () => res.end('all of it'));
};

async function start(requestTimeout?: number): Promise<number> {
  const { server } = stoppableServer(echo, 'Tom & Co', requestTimeout);
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** All that is said on a connection on which these pieces are sent, until it is closed. */
async function said(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'connect');
  for (const piece of pieces) await new Promise((sent) => socket.write(piece, sent));
  await once(socket, 'close');
  return text;
}

const SLOW = 'POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\na=';

/** The answer is one page, whole, which nobody keeps and no script runs on. */
function assertPage(answer: string, status: number, title: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  assert.match(body, /<header><p><bdi>Tom &amp; Co<\/bdi><\/p><\/header>/, 'whose page it is');
  assert.match(body, new RegExp(`<main>\\n<h1>${title}</h1>\\n<p>.+</p>\\n</main>`));
  assert.ok(body.endsWith('</html>\n'));
  assert.equal(/content-length: (\d+)/i.exec(head)?.[1], String(Buffer.byteLength(body)));
  for (const header of [/^cache-control: no-store$/im, /^connection: close$/im]) {
    assert.match(head, header);
  }
  assert.match(head, /^content-security-policy: default-src 'none'/im);
}

describe('a request that cannot be read', async () => {
  const port = await start();
  const get = (path: string, ...fields: string[]) =>
    ['GET ', path, ' HTTP/1.1\r\nHost: localhost\r\n', ...fields, '\r\n'].join('');

  it('is 431 and a page if a long state and cookies together are too much', async () => {
    const title = 'This request is too long';
    const cookie = `Cookie: ${'c'.repeat(12_000)}\r\n`;
    assertPage(await said(port, get(`/?state=${'s'.repeat(12_000)}`, cookie)), 431, title);
    // The page is read though the other side is still sending.
    const long = `Cookie: ${'c'.repeat(20_000)}`;
    assertPage(await said(port, get('/', long), long, long), 431, title);
  });

  it('is 400 and a page if it is no HTTP, or TLS to a port that has none', async () => {
    const title = 'This request cannot be read';
    assertPage(await said(port, 'hello\r\n\r\n'), 400, title);
    assertPage(await said(port, '\x16\x03\x01\x02\x00\x01\x00\x01'), 400, title);
    assertPage(await said(port, get('/', 'a b: c\r\n')), 400, title);
  });

  it('does not disturb the answer to the one before it', async () => {
    const answer = await said(port, get('/first'), 'hello\r\n\r\n');
    assert.match(answer, /^HTTP\/1.1 200 OK[\s\S]*all of it/);
  });

  it('does not take away the answer that it has already, but for the rest of its body', async () => {
    const answer = await said(port, SLOW.replace('/slow', '/answered'));
    assert.match(answer, /^HTTP\/1.1 200 OK[\s\S]*not for you/);
  });
});

describe('a request that does not arrive', async () => {
  const port = await start(300);

  it('is 408 and a page if its body takes too long', async () => {
    assertPage(await said(port, SLOW), 408, 'This request took too long');
  });

  it('is 408 and a page if its headers do', async () => {
    const answer = await said(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n');
    assertPage(answer, 408, 'This request took too long');
  });

  it('ends an answer that has begun, and says nothing in the middle of it', async () => {
    const answer = await said(port, SLOW.replace('/slow', '/begun'));
    assert.match(answer, /^HTTP\/1.1 200 OK[\s\S]*begun/);
    assert.doesNotMatch(answer, /408/);
  });

  it('has half a minute', () => {
    const { server } = stoppableServer(echo, 'Shop');
    assert.deepEqual([server.requestTimeout, server.headersTimeout], [30_000, 30_000]);
    server.close();
  });
});
