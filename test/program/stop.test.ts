// The end of a server: what clients have begun to send is answered.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { watchConnections } from '../../src/program/stop.ts';
import { listen } from '../helpers/harness.ts';

async function serve(listener: RequestListener = (_req, res) => res.end('answered')) {
  const server = createServer(listener);
  const stop = watchConnections(server);
  await listen(server);
  after(() => server.closeAllConnections());
  return { server, stop, port: (server.address() as AddressInfo).port };
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** A connection, with all that comes on it. */
async function dial(port: number): Promise<{ socket: Socket; read: () => string }> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  after(() => socket.destroy());
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  await once(socket, 'connect');
  return { socket, read: () => received };
}

const answers = (received: string) => received.match(/HTTP\/1\.1 200 OK/g)?.length ?? 0;

describe('A server that stops', { timeout: 30_000 }, () => {
  it('goes on accepting for a time, and says with each answer that the connection ends', async () => {
    const { stop, port, server } = await serve();
    const known = await dial(port);
    known.socket.write(GET);
    await once(known.socket, 'data');
    assert.match(known.read(), /Connection: keep-alive/);

    const stopped = stop(300);
    known.socket.write(GET);
    const late = await dial(port);
    late.socket.write(GET);
    await Promise.all([once(known.socket, 'close'), once(late.socket, 'close')]);
    assert.equal(answers(known.read()), 2);
    assert.match(known.read(), /Connection: close/);
    assert.match(late.read(), /Connection: close[\s\S]*answered/);
    await stopped;
    assert.equal(server.listening, false);
  });

  it('says so with answers to requests that were in flight when it was told', async () => {
    const gate = Promise.withResolvers<void>();
    const { stop, port, server } = await serve(async (_req, res) => {
      await gate.promise;
      res.end('answered');
    });
    const { socket, read } = await dial(port);
    const asked = once(server, 'request');
    socket.write(GET);
    await asked;
    const stopped = stop(0);
    gate.resolve();
    await once(socket, 'close');
    assert.match(read(), /Connection: close[\s\S]*answered/);
    await stopped;
  });

  it('answers every one of several requests that came together', async () => {
    const { stop, port } = await serve(async (_req, res) => {
      await turn();
      res.end('answered');
    });
    const { socket, read } = await dial(port);
    const stopped = stop(300);
    socket.write(GET.repeat(3));
    await once(socket, 'close');
    assert.equal(answers(read()), 3);
    assert.equal(read().match(/Connection: close/g)?.length, 1);
    await stopped;
  });

  it('answers a request that arrives on a kept connection as it stops listening', async () => {
    const { stop, port } = await serve();
    const kept = await Promise.all(Array.from({ length: 16 }, () => dial(port)));
    for (const { socket } of kept) {
      socket.write(GET);
      await once(socket, 'data');
    }
    // Sent before the listener is closed, and not read yet.
    for (const { socket } of kept) socket.write(GET);
    const closed = kept.map(({ socket }) => once(socket, 'close'));
    await Promise.all([stop(0), ...closed]);
    for (const { read } of kept) assert.equal(answers(read()), 2);
  });

  it('waits for the rest of a body, and for no connection that asks nothing', async () => {
    const { stop, port, server } = await serve(async (req, res) => {
      for await (const _ of req);
      res.end('answered');
    });
    const silent = await dial(port);
    const slow = await dial(port);
    const asked = once(server, 'request');
    slow.socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab');
    await asked;
    const stopped = stop(0);
    await once(silent.socket, 'close');
    slow.socket.write('cd');
    await Promise.all([stopped, once(slow.socket, 'close')]);
    assert.equal(answers(slow.read()), 1);
  });

  it('loses nothing of sixteen clients that keep asking until they are told to go elsewhere', async () => {
    const { stop, port } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    after(() => agent.destroy());
    const ask = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const req = request({ port, host: '127.0.0.1', agent }, (res) => {
          res.resume();
          res.on('end', () => resolve(res));
        });
        req.on('error', reject);
        req.end();
      });
    let told = false;
    let served = 0;
    const clients = Array.from({ length: 16 }, async () => {
      for (;;) {
        const res = await ask();
        served += 1;
        if (told && res.headers.connection === 'close') return;
      }
    });
    while (served < 100) await ask();
    told = true;
    const stopped = stop(300);
    await Promise.all(clients);
    await stopped;
  });
});
