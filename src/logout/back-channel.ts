// OpenID Connect Back-Channel Logout: clients are told, in the background, that sessions have ended.

import type { Events } from '../events.ts';
import type { Keys } from '../oauth/keys.ts';
import type { Store } from '../store/store.ts';

export interface BackChannelOptions {
  readonly store: Store;
  readonly keys: Keys;
  readonly issuer: string;
  /** Whether a URL may be http and may lead to an address that is not public. */
  readonly allowInternal: boolean;
  readonly events: Events;
}

export function createBackChannel(_options: BackChannelOptions) {
  return {
    /** Tells clients what is due. */
    wake(): void {},
  };
}
