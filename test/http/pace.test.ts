import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { Request, Response } from 'express';
import { pace } from '../../src/http/pace.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { startServer } from '../helpers/harness.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('pages that are asked for all at once', () => {
  it('are begun sixteen at a time, in their order, and those that nobody waits for not at all', async () => {
    const take = pace();
    const begun: number[] = [];
    const responses = Array.from({ length: 50 }, () => ({ closed: false }));
    const ask = (index: number) =>
      take({} as Request, responses[index] as Response, () => begun.push(index));
    for (const index of responses.keys()) ask(index);
    for (const index of [17, 18]) responses[index]!.closed = true;
    const all = [...responses.keys()];
    assert.deepEqual(begun, all.slice(0, 16));
    await turn();
    assert.deepEqual(begun, [...all.slice(0, 17), ...all.slice(19, 32)]);
    await turn();
    assert.deepEqual(begun.slice(30), all.slice(32, 48));
    await turn();
    assert.deepEqual(begun.slice(46), all.slice(48));
    await turn();
    ask(0);
    assert.equal(begun.length, 49, 'one that comes when nobody waits is begun at once');
  });

  it('do not keep a client from its token, though they were asked for before', async () => {
    const server = await startServer({}, { store: memoryStore() });
    const { port } = new URL(server.origin);
    const connections = await Promise.all(
      Array.from({ length: 101 }, async () => {
        const socket = connect(Number(port), '127.0.0.1');
        // The server has it once it has answered by it.
        socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await once(socket, 'data');
        return socket;
      }),
    );
    const answered: string[] = [];
    const all = connections.map(async (socket, index) => {
      const [first] = await once(socket, 'data');
      answered.push(index < 100 ? 'page' : String(first));
      socket.destroy();
    });
    const get = 'GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n';
    for (const socket of connections.slice(0, 100)) socket.write(get);
    const form = 'grant_type=client_credentials&client_id=web&client_secret=web-secret';
    connections[100]!.write(
      `POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
    );
    await Promise.all(all);
    const place = answered.findIndex((answer) => answer.includes('access_token'));
    assert.ok(place >= 0 && place < 50, `answered after ${place} pages`);
  });
});
