// PostgreSQL's message that cancels what a connection waits for.

import { connect } from 'node:net';
import type { Client } from 'pg';

/** Milliseconds after which a request to cancel is given up. */
const CANCEL_TIMEOUT = 3000;

/** PostgreSQL's own number for a CancelRequest message. */
const CANCEL_REQUEST = 80_877_102;

/** What `pg` knows of a connection, and its types do not say. */
interface Backend {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * Asks the server to end what a connection waits for. Closing the connection is not enough: a backend
 * that waits for a standby does not notice, and still counts towards `max_connections`. A commit that is
 * cancelled like this has taken effect, but perhaps not on the standby.
 *
 * The request has a connection of its own, as the protocol wants it (PostgreSQL, "Canceling Requests in
 * Progress"). It has no answer, and nothing is lost if it fails.
 */
export function cancel(client: Client): void {
  const { host, port, processID, secretKey } = client as unknown as Backend;
  const message = Buffer.alloc(16);
  for (const [index, value] of [16, CANCEL_REQUEST, processID, secretKey].entries()) {
    message.writeInt32BE(value, index * 4);
  }
  const socket = host.startsWith('/')
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port });
  socket.setTimeout(CANCEL_TIMEOUT, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.end(message);
  socket.unref();
}
