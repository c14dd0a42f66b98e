// Which client an id means: one in the store, or one that is known by the document at its id.

import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';

export interface KnownClients {
  /**
   * The client with an id, where a person or a device may begin something new with it.
   *
   * @param address of whoever asks: what is fetched for it is limited
   * @throws OAuthError for the person, if the document at the id cannot be used
   */
  find(id: string, address?: string): Promise<Client | undefined>;
  /** Stores a client that is known by its document, before something in the store refers to it. */
  keep(client: Client): Promise<void>;
}

export function createKnownClients({ store }: { readonly store: Store }): KnownClients {
  return {
    find: (id) => store.clients.find(id),
    keep: async () => {},
  };
}
