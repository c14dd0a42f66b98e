// Clients as they were when they last authenticated. If the store compares the client with this record in
// the operation that stores a token, a request does not have to wait for the client first.

import type { Client } from '../types.ts';

/** How many clients are remembered; beyond that the one that was added first is forgotten. */
const MAX_REMEMBERED = 1000;

export class RememberedClients {
  readonly #clients = new Map<string, Client>();

  find(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  forget(id: string): void {
    this.#clients.delete(id);
  }

  remember(client: Client): void {
    if (this.#clients.get(client.id) === client) return;
    this.#clients.set(client.id, client);
    if (this.#clients.size <= MAX_REMEMBERED) return;
    const [first] = this.#clients.keys();
    this.#clients.delete(first!);
  }
}
