// Clients for what is saved in a store: nothing is without one.

import type { Store } from '../store/store.ts';
import { aClient } from './records.ts';

/**
 * A store that has the client registered of whatever is saved in it, if a test has not seen to that
 * itself: there is no consent, no grant and no token of a client's own without one.
 */
export function registering(store: Store): Store {
  const registered = new Map<string, Promise<void>>();
  const register = async (id: string) => {
    if ((await store.clients.find(id)) === undefined) await store.clients.save(aClient({ id }));
  };
  const once = (id: string) => {
    const known = registered.get(id) ?? register(id);
    registered.set(id, known);
    return known;
  };
  const changed: Pick<Store, 'consents' | 'codes' | 'tokens' | 'requests' | 'tickets'> = {
    consents: inFrontOf(store.consents, {
      async add(...consents) {
        for (const { clientId } of consents) await once(clientId);
        return store.consents.add(...consents);
      },
    }),
    requests: inFrontOf(store.requests, {
      async add(hash, document, now, consents = []) {
        for (const { clientId } of consents) await once(clientId);
        return store.requests.add(hash, document, now, consents);
      },
    }),
    codes: inFrontOf(store.codes, {
      async save(code, grant, ...rest) {
        await once(grant.clientId);
        return store.codes.save(code, grant, ...rest);
      },
    }),
    tokens: inFrontOf(store.tokens, {
      async issue(tokens, ...rest) {
        await once(tokens.accessToken.clientId);
        return store.tokens.issue(tokens, ...rest);
      },
    }),
    tickets: inFrontOf(store.tickets, {
      async create(ticket, now) {
        if (ticket.clientId !== undefined) await once(ticket.clientId);
        return store.tickets.create(ticket, now);
      },
    }),
  };
  return inFrontOf(store, changed);
}

/** An object with some members of its own; a spread one has no members to copy. */
function inFrontOf<T extends object>(behind: T, own: Partial<T>): T {
  return new Proxy(behind, {
    get: (target, name) => own[name as keyof T] ?? target[name as keyof T],
  });
}
