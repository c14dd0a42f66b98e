// An orderly end: clients and proxies are told to go elsewhere before the server stops listening.

import cluster from 'node:cluster';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { leaveTogether } from '../http/leave-together.ts';
import { Together } from '../http/together.ts';
import { answerClientErrors } from './client-errors.ts';

// An import would read all that node:http exports, for which Node loads an HTTP client too: 50 ms and
// 14 MB of each start.
const { createServer } = process.getBuiltinModule('node:http');

/** Milliseconds that requests in flight have to finish, once the server no longer listens. */
const GRACE = 10_000;

/** Milliseconds in which a connection that has sent no request yet may still do so. */
const SILENCE = 500;

/**
 * Milliseconds that a connection may be idle. That is longer than proxies keep theirs (nginx and most
 * load balancers of clouds: 60 seconds; Caddy: two minutes), so it is the proxy that closes it. If the
 * server closed it, a request could be on its way already.
 */
const IDLE = 125_000;

/**
 * Milliseconds in which a request has to arrive. Nothing is sent here but small forms, and whoever
 * sends one byte at a time holds a connection.
 */
const REQUEST_TIMEOUT = 30_000;

/**
 * How many requests of one connection may wait for their answers to be read. Hardly any client sends a
 * second one before it has the answer to the first, and 64 kB have room for a thousand, whose answers
 * would all be kept for somebody who reads none.
 */
const MAX_UNREAD = 64;

/** Milliseconds without a new connection after which the port is closed. */
const QUIET = 50;

/** Milliseconds between two checks for connections that only wait for their next request. */
const IDLE_CHECK = 100;

/** Milliseconds that a worker gives its parent, which closes the port for all workers at once. */
const PARENTS_TURN = 2500;

interface StoppableServer {
  readonly server: Server;
  /**
   * From now on every answer ends its connection (RFC 9112 section 9.6). After the delay the server
   * stops listening, then closes the connections without a request, and waits ten seconds at most for
   * the others.
   *
   * @param delay milliseconds
   * @returns once all connections are closed
   */
  stop(delay: number): Promise<void>;
  /** @returns once every request that has arrived so far is answered, or its connection is closed */
  answered(): Promise<void>;
}

/**
 * @param brand the name on the page for a request that cannot be read
 * @param requestTimeout milliseconds in which a request has to arrive, with its body
 */
export function stoppableServer(
  app: RequestListener,
  brand: string,
  requestTimeout = REQUEST_TIMEOUT,
): StoppableServer {
  /** The last answer on each connection; `undefined` if it has sent no request yet. */
  const last = new Map<Socket, ServerResponse | undefined>();
  /** Answers of a connection that had sent its next request before it had read one; some may be closed. */
  const unread = new Map<Socket, ServerResponse[]>();
  const arrived = new Together<Parameters<RequestListener>>(([req, res]) => {
    leaveTogether(res);
    app(req, res);
  });
  let stopping = false;
  /** Requests that wait while the server is about to stop listening. */
  let held: (() => void)[] | undefined;

  const timeouts = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: requestTimeout / 6,
  };
  const server = createServer(timeouts, (req, res) => {
    const { socket } = req;
    const before = last.get(socket);
    last.set(socket, res);
    if (before?.closed === false && isTooFarAhead(socket, before)) return void socket.destroy();
    if (!stopping) return arrived.add([req, res]);
    // A request that comes after an answer with "close" gets no answer, so it must have no effect.
    if (before?.headersSent && !before.shouldKeepAlive) return;
    // Of requests that arrive together, the last one ends the connection.
    if (before !== undefined) before.shouldKeepAlive = true;
    res.shouldKeepAlive = false;
    if (held !== undefined) held.push(() => app(req, res));
    else arrived.add([req, res]);
  });
  server.keepAliveTimeout = IDLE;
  // The other timeouts end with the request, and whoever reads no answer holds it. This one leaves them
  // the time for their 408.
  server.timeout = 2 * requestTimeout;
  answerClientErrors(server, brand);
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    last.set(socket, undefined);
    socket.once('close', () => {
      last.delete(socket);
      unread.delete(socket);
    });
  });

  // In place of that of node:http, which closes idle connections in the same instant: on one of them
  // a request may have arrived that has not been read yet. node:cluster calls this too.
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
        // While it is busy with requests, some connections would always still wait to be accepted.
        held = [];
        if (cluster.isWorker) await Promise.race([wait(PARENTS_TURN), closed]);
        else await quietInstant(() => connections);
        if (server.listening) server.close();
      }
      await closed;
    },
    async answered() {
      const open = [...last.values()].filter((res) => res !== undefined && !res.closed);
      await Promise.all(open.map((res) => new Promise((resolve) => res!.once('close', resolve))));
    },
  };

  /** @param before an answer that is open at the next request of its connection */
  function isTooFarAhead(socket: Socket, before: ServerResponse): boolean {
    const known = unread.get(socket) ?? [];
    known.push(before);
    const open = known.length < MAX_UNREAD ? known : known.filter((res) => !res.closed);
    unread.set(socket, open);
    return open.length >= MAX_UNREAD;
  }
}

/**
 * Waits until nobody has connected for a while. After half a second an instant is enough, and after
 * another half nothing is waited for. A connection that the system has accepted by then, and this
 * process has not, is reset when it stops listening. What arrives meanwhile is held, so callers who
 * wait for an answer before they ask again come to rest.
 *
 * @param connections how many have come so far
 * @param hasNoneLeft whether each of them is where its requests are read
 */
export async function quietInstant(
  connections: () => number,
  hasNoneLeft: () => boolean = () => true,
): Promise<void> {
  let known = connections();
  let connected = performance.now();
  const soon = connected + SILENCE;
  for (let now = connected; now < soon + SILENCE; ) {
    // The processes that answer need the core more than this loop does.
    await wait(1);
    const start = performance.now();
    // A turn of the event loop accepts one connection, if one waits.
    await nextTurn();
    now = performance.now();
    const count = connections();
    if (count !== known) {
      known = count;
      connected = now;
    } else if (now - start <= 1 && hasNoneLeft()) {
      if (now - connected >= QUIET || now >= soon) return;
    }
  }
}
