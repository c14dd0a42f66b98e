// Answers that are ready in the same turn of the event loop leave one right after the other, because each
// write wakes who reads it.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { RequestHandler } from 'express';
import { type Host, serveHost } from '../helpers/host.ts';

/** Requests that come at once: more than answers wait for each other. */
const MANY = 40;

/** Sends a request on each of many connections in one turn, and returns what came back. */
async function askAtOnce({ origin }: Host): Promise<string[]> {
  const { port } = new URL(origin);
  const sockets = Array.from({ length: MANY }, () => connect(Number(port), '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const ask = (n: number) =>
    `GET /oauth/jwks?${n} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
  for (const [n, socket] of sockets.entries()) socket.write(ask(n));
  return Promise.all(sockets.map((socket) => text(socket).catch(() => '')));
}

/** The number that a request has in its query. */
const numberOf = (url: string) => Number(url.split('?')[1]);

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
    for (const answer of await askAtOnce(host)) assert.match(answer, /^HTTP\/1.1 200 .*"keys":/s);
    assert.equal(waiting, 0);
    assert.ok(most > 1 && most <= 16, `${most} waited at the same time`);
  });

  it('finish each in the context of its own request', async () => {
    const current = new AsyncLocalStorage<number>();
    const finished: unknown[] = [];
    const host = await serve((req, res, next) => {
      const number = numberOf(req.url);
      res.on('finish', () => finished.push([number, current.getStore()]));
      current.run(number, next);
    });
    await askAtOnce(host);
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
    const answers = await askAtOnce(host);
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
