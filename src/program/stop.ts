// An orderly end of an HTTP server: nothing that a client has begun to send is lost.

import type { Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

/** Milliseconds in which what is on its way when the server stops listening may still arrive. */
const LINGER = 500;

/** Milliseconds that requests in flight have to finish after that. */
const GRACE = 10_000;

/**
 * Watches a server from its first connection on.
 *
 * @returns what stops it. For `delay` milliseconds it goes on accepting, and every answer says
 *   `Connection: close`, so that clients and proxies go elsewhere by themselves. Then it stops
 *   listening, lets go of connections that only wait for a next request, and resolves when what is
 *   in flight has been answered, or after ten seconds at the most.
 */
export function watchConnections(server: Server): (delay: number) => Promise<void> {
  /** Connections that have not asked anything yet: a browser opens some in advance. */
  const silent = new Set<Socket>();
  /** The newest answer on its way on each connection. */
  const newest = new Map<Socket, ServerResponse>();
  let stopping = false;

  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.prependListener('request', ({ socket }, res) => {
    silent.delete(socket);
    // Of requests that came together on one connection the last one closes it.
    if (stopping) say(newest.get(socket), 'keep-alive');
    newest.set(socket, res);
    res.once('close', () => {
      if (newest.get(socket) === res) newest.delete(socket);
    });
    if (stopping) say(res, 'close');
  });

  return async (delay) => {
    stopping = true;
    for (const res of newest.values()) say(res, 'close');
    if (delay > 0) await wait(delay);
    // Right after the event loop has accepted what was there.
    await turn();
    const closed = new Promise<void>((resolve) => {
      // http's own `close` would also end connections on which a request has just arrived unread.
      TcpServer.prototype.close.call(server, () => resolve());
    });
    const timers = [
      setTimeout(() => {
        for (const socket of silent) socket.destroy();
        // One that had a request in flight would otherwise be kept for another.
        timers.push(setInterval(() => server.closeIdleConnections(), 100));
        server.closeIdleConnections();
      }, LINGER),
      setTimeout(() => server.closeAllConnections(), GRACE),
    ];
    await closed;
    for (const timer of timers) clearTimeout(timer);
  };
}

/** What an answer says of its connection, unless it is out already. */
function say(res: ServerResponse | undefined, connection: 'close' | 'keep-alive'): void {
  if (res?.headersSent === false) res.setHeader('Connection', connection);
}
