// An orderly end: whoever sends requests is told to go elsewhere before the door is closed.

import cluster from 'node:cluster';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

/** Milliseconds that requests in flight have to finish once nobody listens any more. */
const GRACE = 10_000;

/** Milliseconds in which a connection that has asked nothing yet may still do so. */
const SILENCE = 500;

/**
 * Milliseconds that a connection may be idle. Longer than proxies keep theirs (nginx and the load
 * balancers of clouds: 60 seconds): whoever closes first must not be the one who is asked.
 */
const IDLE = 65_000;

/** Milliseconds after which connections are looked at that only wait for their next request. */
const IDLE_CHECK = 100;

/** Milliseconds that a worker leaves to its parent, which closes the port for all of them at once. */
const PARENTS_TURN = 2500;

export interface StoppableServer {
  readonly server: Server;
  /**
   * From now on every answer ends its connection (RFC 9112 section 9.6). After the delay the server
   * stops listening, then closes the connections that ask nothing, and waits ten seconds at most for
   * the others.
   *
   * @param delay milliseconds
   * @returns once all connections are closed
   */
  stop(delay: number): Promise<void>;
}

export function stoppableServer(app: RequestListener): StoppableServer {
  /** The last answer on each connection; none where it has asked nothing yet. */
  const last = new Map<Socket, ServerResponse | undefined>();
  let stopping = false;
  /** Requests put off while the server is about to stop listening. */
  let held: (() => void)[] | undefined;

  const server = createServer((req, res) => {
    const before = last.get(req.socket);
    last.set(req.socket, res);
    if (!stopping) return app(req, res);
    // What comes behind an answer that says "close" gets no answer, so it must have no effect.
    if (before?.headersSent && !before.shouldKeepAlive) return;
    // Of requests that arrive together, the last one ends the connection.
    if (before !== undefined) before.shouldKeepAlive = true;
    res.shouldKeepAlive = false;
    if (held !== undefined) held.push(() => app(req, res));
    else setImmediate(app, req, res);
  });
  server.keepAliveTimeout = IDLE;
  server.on('connection', (socket) => {
    last.set(socket, undefined);
    socket.once('close', () => last.delete(socket));
  });

  // Not that of node:http, which closes idle connections in the same instant: a request may have
  // arrived on one of them that nobody has read yet. node:cluster calls this too.
  server.close = (done) => {
    for (const begin of held ?? []) setImmediate(begin);
    held = undefined;
    setInterval(() => server.closeIdleConnections(), IDLE_CHECK).unref();
    setTimeout(() => {
      for (const [socket, res] of last) if (res === undefined) socket.destroy();
    }, SILENCE).unref();
    setTimeout(() => server.closeAllConnections(), GRACE).unref();
    return TcpServer.prototype.close.call(server, done) as Server;
  };

  return {
    server,
    async stop(delay) {
      stopping = true;
      for (const res of last.values()) {
        if (res !== undefined && !res.headersSent) res.shouldKeepAlive = false;
      }
      const closed = new Promise((resolve) => server.once('close', resolve));
      await wait(delay);
      if (server.listening) {
        // Busy with requests, it would never have taken all connections that wait to be taken.
        held = [];
        if (cluster.isWorker) await Promise.race([wait(PARENTS_TURN), closed]);
        else await quietInstant(server);
        if (server.listening) server.close();
      }
      await closed;
    },
  };
}

/**
 * Waits for an instant in which nobody is just connecting, half a second at most: what the system has
 * accepted by then, and this process has not, is reset when it stops listening.
 */
async function quietInstant(server: Server): Promise<void> {
  let busy = true;
  const note = () => {
    busy = true;
  };
  server.on('connection', note);
  const deadline = performance.now() + SILENCE;
  while (busy && performance.now() < deadline) {
    busy = false;
    const start = performance.now();
    // A turn of the event loop accepts one connection, where one waits.
    await nextTurn();
    if (performance.now() - start > 1) busy = true;
  }
  server.off('connection', note);
}
