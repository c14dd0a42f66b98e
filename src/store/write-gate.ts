// What becomes of writes while the database takes none: its disk is full, it can only be read, or it is
// PostgreSQL and its synchronous standby is away, and every commit waits for that for ever.

import { connect } from 'node:net';
import type { Client } from 'pg';
import { StoreUnavailable } from './store.ts';

/** Milliseconds after which a request to cancel is given up. */
const CANCEL_TIMEOUT = 3000;

/** PostgreSQL's own number for a CancelRequest message. */
const CANCEL_REQUEST = 80_877_102;

/**
 * Lets all writes pass while the database takes them. After a write that it did not take, one at a time
 * is tried, and the others are refused at once: each might wait as long, and keep a connection
 * meanwhile. The first write that is taken opens the gate again.
 */
export class WriteGate {
  readonly #isNotTaken: (error: unknown) => boolean;
  #isOpen = true;
  #isTrying = false;

  /** @param isNotTaken whether an error means that the database takes no writes at present */
  constructor(isNotTaken: (error: unknown) => boolean) {
    this.#isNotTaken = isNotTaken;
  }

  /** Whether the last write was taken. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws StoreUnavailable if a write would have to wait for the one that is being tried */
  assertPassable(): void {
    if (!this.#isOpen && this.#isTrying) {
      throw new StoreUnavailable('The database takes no writes; one is being tried.');
    }
  }

  /** @throws StoreUnavailable as `assertPassable()` does, and whatever `write` throws */
  async pass<T>(write: () => Promise<T>): Promise<T> {
    this.assertPassable();
    const isTrial = !this.#isOpen;
    if (isTrial) this.#isTrying = true;
    try {
      const result = await write();
      this.#isOpen = true;
      return result;
    } catch (error) {
      if (this.#isNotTaken(error)) this.#isOpen = false;
      throw error;
    } finally {
      if (isTrial) this.#isTrying = false;
    }
  }
}

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
