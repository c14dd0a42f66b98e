// An app that keeps who is asking, or a tenant, or a trace, in an AsyncLocalStorage: its functions and its
// listeners find there what its own middleware has put there for that request, and never for another.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { serveHost } from '../helpers/host.ts';
import { basic } from '../helpers/http.ts';

/** Requests that come at once: more than pages are begun in a turn. */
const MANY = 12;

const current = new AsyncLocalStorage<{ readonly id: string; readonly name: string }>();

/** A server in an app that goes by a header. */
const serve = (options: object) =>
  serveHost(options, (app) => {
    app.use((req, _res, next) => {
      const id = req.get('x-user') ?? 'nobody';
      current.run({ id, name: `Name of ${id}.` }, next);
    });
  });

describe('the context of a request', async () => {
  it('is its own where many pages are asked for at once, so nobody is shown as somebody else', async () => {
    const host = await serve({ authenticate: () => current.getStore(), loginUrl: '/login' });
    const { port } = new URL(host.origin);
    const socket = connect(Number(port), '127.0.0.1');
    // In one packet, so that they arrive in one turn of the event loop.
    const asked = Array.from({ length: MANY }, (_, n) => {
      const end = n === MANY - 1 ? 'Connection: close\r\n' : '';
      return `GET /account HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-User: u${n}\r\n${end}\r\n`;
    });
    socket.write(asked.join(''));
    const shown = (await text(socket)).matchAll(/<bdi class="account-name">Name of (\w+)\.</g);
    assert.deepEqual(
      [...shown].map(([, id]) => id),
      asked.map((_, n) => `u${n}`),
    );
  });

  it('is its own if the body of a form comes after its headers', async () => {
    const seen: unknown[] = [];
    const host = await serve({
      claims: () => {
        seen.push(current.getStore()?.id);
        return {};
      },
    });
    host.server.events.on('token_issued', () => seen.push(current.getStore()?.id));
    const body = 'grant_type=client_credentials';
    const sent = request(`${host.origin}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: basic('web', 'web-secret'),
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': body.length,
        'x-user': 'u1',
      },
    });
    sent.flushHeaders();
    const [socket] = await once(sent, 'socket');
    if (socket.connecting) await once(socket, 'connect');
    // Until the server has seen the headers; a longer wait would show no more.
    await wait(20);
    sent.end(body);
    const [answer] = await once(sent, 'response');
    await text(answer);
    assert.deepEqual(seen, ['u1', 'u1']);
  });
});
