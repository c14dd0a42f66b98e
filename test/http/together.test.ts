// What arrives or becomes ready in the same turn of the event loop is done in a row: requests begin
// together, and answers leave together.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { RequestHandler } from 'express';
import { stoppableServer } from '../../src/program/stopping.ts';
import { listen } from '../helpers/harness.ts';
import { type Host, serveHost } from '../helpers/host.ts';

/** Requests that come at once: more than answers wait for each other. */
const MANY = 40;

/** Sends a request on each of many connections in one turn, and returns what came back. */
async function askAtOnce(port: number): Promise<string[]> {
  const request = (target: string, connection: string) =>
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: ${connection}\r\n\r\n`;
  const sockets = Array.from({ length: MANY }, () => connect(port, '127.0.0.1'));
  // The server accepts one connection in a turn. It has all of them once it has answered by each.
  for (const socket of sockets) socket.write(request('/oauth/jwks', 'keep-alive'));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  for (const [n, socket] of sockets.entries()) socket.write(request(`/oauth/jwks?${n}`, 'close'));
  return Promise.all(sockets.map((socket) => text(socket).catch(() => '')));
}

const portOf = ({ origin }: Host) => Number(new URL(origin).port);

/** The number that a request has in its query, or -1 if it is the first of its connection. */
const numberOf = (url: string) => Number(url.split('?')[1] ?? -1);

const serve = (...middleware: RequestHandler[]) => serveHost({}, (app) => app.use(...middleware));

describe('answers that are ready at the same time', () => {
  it('leave together, sixteen at the most, and nothing can be added to them meanwhile', async () => {
    let waiting = 0;
    let most = 0;
    const host = await serve((_req, res, next) => {
      const { writeHead, end } = res;
      res.writeHead = (...given: unknown[]) => {
        waiting += 1;
        most = Math.max(most, waiting);
        return Reflect.apply(writeHead, res, given);
      };
      res.end = (...given: unknown[]) => {
        assert.ok(res.headersSent);
        waiting -= 1;
        return Reflect.apply(end, res, given);
      };
      next();
    });
    for (const answer of await askAtOnce(portOf(host)))
      assert.match(answer, /^HTTP\/1.1 200 .*"keys":/s);
    assert.equal(waiting, 0);
    assert.ok(most > 1 && most <= 16, `${most} waited at the same time`);
  });

  it('finish each in the context of its own request', async () => {
    const current = new AsyncLocalStorage<number>();
    const finished: unknown[] = [];
    const host = await serve((req, res, next) => {
      const number = numberOf(req.url);
      if (number >= 0) res.on('finish', () => finished.push([number, current.getStore()]));
      current.run(number, next);
    });
    await askAtOnce(portOf(host));
    assert.equal(finished.length, MANY);
    assert.deepEqual(
      finished,
      finished.map((pair) => [(pair as number[])[0], (pair as number[])[0]]),
    );
  });

  it('do not wait for one that an app’s own `res.end` fails to send, whose connection ends', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const host = await serve((req, res, next) => {
      if (numberOf(req.url) === 3) {
        res.end = () => {
          throw new Error('of the app');
        };
      }
      next();
    });
    const answers = await askAtOnce(portOf(host));
    process.off('warning', hear);
    const [unsent] = answers.splice(3, 1);
    assert.equal(unsent, '');
    for (const answer of answers) assert.match(answer, /^HTTP\/1.1 200 /);
    assert.deepEqual(
      warnings.map(({ message }) => /res\.end\(\) failed: Error: of the app/.test(message)),
      [true],
    );
  });
});

describe('requests that arrive at the same time', () => {
  it('begin together at a running server, sixteen at the most, each in its own context', async () => {
    const current = new AsyncLocalStorage<number>();
    const contexts: unknown[] = [];
    let begun = 0;
    let most = 0;
    const { server } = stoppableServer(async (req, res) => {
      const number = numberOf(req.url!);
      if (number >= 0) contexts.push([number, current.getStore()]);
      begun += 1;
      most = Math.max(most, begun);
      // Whoever begins alone has gone on from here before the next one begins.
      await Promise.resolve();
      begun -= 1;
      res.end('done');
    }, 'Shop');
    // As tracing does it, around the whole request.
    server.prependListener('request', (req) => current.enterWith(numberOf(req.url!)));
    await listen(server);
    const answers = await askAtOnce((server.address() as AddressInfo).port);
    for (const answer of answers) assert.match(answer, /^HTTP\/1.1 200 .*done/s);
    assert.ok(most > 1 && most <= 16, `${most} began at the same time`);
    const numbers = Array.from({ length: MANY }, (_, n) => n);
    assert.deepEqual(contexts.toSorted(), numbers.map((n) => [n, n]).toSorted());
    server.close();
  });
});
