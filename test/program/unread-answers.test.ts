// Answers that nobody reads: what they hold is bounded, in number and in time.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { stoppableServer } from '../../src/program/stopping.ts';
import { listen } from '../helpers/harness.ts';

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LAST = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

async function start(app: RequestListener, requestTimeout?: number) {
  const { server } = stoppableServer(app, 'Shop', requestTimeout);
  await listen(server);
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('answers that nobody reads', () => {
  it('64 requests that are sent before the first answer is read are answered, in their order', async () => {
    let count = 0;
    const socket = await start((_req, res) => res.end(`<${count++}>`));
    socket.write(GET.repeat(63) + LAST);
    const answers = (await text(socket)).match(/<\d+>/g);
    assert.deepEqual(
      answers,
      Array.from({ length: 64 }, (_, index) => `<${index}>`),
    );
  });

  it('a client that is always one request ahead is answered for as long as it likes', async () => {
    let isOpen = false;
    const socket = await start((_req, res) => {
      setTimeout(() => res.end('<>'), 1);
    });
    let [sent, got] = [2, 0];
    socket.write(GET.repeat(2));
    socket.on('data', (chunk) => {
      const more = Math.min(String(chunk).match(/<>/g)?.length ?? 0, 200 - sent);
      got += String(chunk).match(/<>/g)?.length ?? 0;
      sent += more;
      if (more > 0) socket.write(GET.repeat(more));
      if (got === 200) isOpen = socket.end() !== undefined;
    });
    await once(socket, 'close');
    assert.deepEqual({ got, isOpen }, { got: 200, isOpen: true });
  });

  it('a thousand requests at once end the connection, and the app is asked for 64 at the most', async () => {
    let count = 0;
    const socket = await start((_req, res) => {
      count += 1;
      res.end('x'.repeat(10_000));
    });
    socket.on('error', () => {});
    socket.pause();
    socket.write(GET.repeat(1000));
    await once(socket.resume(), 'close');
    assert.ok(count <= 64, `${count} requests were answered`);
  });

  it('an answer of which nothing is read ends the connection in time', async () => {
    const answered = Promise.withResolvers<void>();
    const socket = await start((_req, res) => {
      res.once('close', answered.resolve);
      res.end(Buffer.alloc(50_000_000));
    }, 120);
    socket.on('error', () => {});
    socket.pause();
    socket.write(GET);
    await answered.promise;
    socket.destroy();
  });

  it('and one that is read slowly does not', async () => {
    const socket = await start((_req, res) => res.end(Buffer.alloc(20_000_000)), 240);
    socket.write(LAST);
    let size = 0;
    for await (const chunk of socket) {
      if (size % 1_000_000 < chunk.length) await wait(30);
      size += chunk.length;
    }
    assert.ok(size > 20_000_000, `${size} bytes came`);
  });
});
