// What arrives or becomes ready in the same turn of the event loop is done in a row by a running server:
// requests begin together, and answers leave together.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import type { Response } from 'express';
import { send } from '../../src/http/answer.ts';
import { stoppableServer } from '../../src/program/stopping.ts';
import { listen } from '../helpers/harness.ts';
import { serveHost } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';

/** Requests that come at once: more than wait for each other. */
const MANY = 40;

async function start(app: RequestListener): Promise<Server> {
  const { server } = stoppableServer(app, 'Shop');
  after(() => server.close());
  await listen(server);
  return server;
}

/** Sends a request on each of many connections in one turn, and finds all of them answered. */
async function askAtOnce(server: Server): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const request = (target: string, connection: string) =>
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\n\r\n`;
  const sockets = Array.from({ length: MANY }, () => connect(port, '127.0.0.1'));
  // The server accepts one connection in a turn. It has all of them once it has answered by each.
  for (const socket of sockets) socket.write(request('/', 'keep-alive'));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  for (const [n, socket] of sockets.entries()) socket.write(request(`/?${n}`, 'close'));
  for (const answer of await Promise.all(sockets.map(text))) {
    assert.match(answer, /^HTTP\/1.1 200 .*done$/s);
  }
}

/** The number that a request has in its query, or -1 if it is the first of its connection. */
const numberOf = ({ url = '' }: IncomingMessage) => Number(url.split('?')[1] ?? -1);

const answer = (res: ServerResponse) => send(res as Response, 'text/plain', 'done');

const NUMBERS = Array.from({ length: MANY }, (_, n) => [n, n]);

describe('requests that arrive at the same time', () => {
  it('begin together, sixteen at the most, each in its own context', async () => {
    const current = new AsyncLocalStorage<number>();
    const contexts: unknown[] = [];
    let begun = 0;
    let most = 0;
    const server = await start(async (req, res) => {
      if (numberOf(req) >= 0) contexts.push([numberOf(req), current.getStore()]);
      begun += 1;
      most = Math.max(most, begun);
      // Whoever begins alone has gone on from here before the next one begins.
      await Promise.resolve();
      begun -= 1;
      answer(res);
    });
    // As tracing does it, around the whole request.
    server.prependListener('request', (req) => current.enterWith(numberOf(req)));
    await askAtOnce(server);
    assert.ok(most > 1 && most <= 16, `${most} began at the same time`);
    assert.deepEqual(contexts.toSorted(), NUMBERS.toSorted());
  });
});

describe('answers that are ready at the same time', () => {
  it('leave together once there are sixteen, and nobody takes them for none meanwhile', async () => {
    const answered: ServerResponse[] = [];
    let most = 0;
    const server = await start((_req, res) => {
      answer(res);
      answered.push(res);
      const waiting = answered.filter(({ writableEnded }) => !writableEnded);
      assert.ok(waiting.every(({ headersSent }) => headersSent));
      most = Math.max(most, waiting.length);
    });
    await askAtOnce(server);
    assert.ok(most > 1 && most < 16, `${most} waited at the same time`);
    assert.ok(answered.every(({ writableEnded }) => writableEnded));
  });

  it('finish each in the context of its own request', async () => {
    const current = new AsyncLocalStorage<number>();
    const finished: unknown[] = [];
    const server = await start((req, res) => {
      const number = numberOf(req);
      if (number >= 0) res.on('finish', () => finished.push([number, current.getStore()]));
      current.run(number, () => answer(res));
    });
    await askAtOnce(server);
    assert.deepEqual(finished.toSorted(), NUMBERS.toSorted());
  });

  it('leave at once in an app around the server, whose own `res.end` may set a header', async () => {
    const host = await serveHost({}, (app) =>
      app.use((_req, res, next) => {
        const { end } = res;
        res.end = (...given: unknown[]) => {
          res.setHeader('X-Took', '5');
          return Reflect.apply(end, res, given);
        };
        next();
      }),
    );
    const { headers } = await http(`${host.origin}/oauth/jwks`);
    assert.equal(headers.get('x-took'), '5');
  });
});
