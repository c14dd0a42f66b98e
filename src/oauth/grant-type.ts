// What a grant type is: a function of a typed call, with the parameters it reads.

import type { IncomingHttpHeaders } from 'node:http';
import type { Events } from '../events.ts';
import type { Lengths, Params } from '../http/params.ts';
import type { ReadScope } from '../protocol/scope.ts';
import type { Store } from '../store/store.ts';
import type { Client, User } from '../types.ts';
import type { Issuing } from './issuing.ts';
import type { Token } from './tokens.ts';

/** A token request whose client has authenticated and whose parameters are sound. */
export interface TokenCall {
  readonly client: Client;
  /** Whether the client was read for an earlier request; then a token is stored only if it has not changed. */
  readonly isClientRemembered: boolean;
  readonly params: Params;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What grant types are made of: those of this server, and those of an app. */
export interface GrantParts {
  readonly issuing: Issuing;
  readonly readScope: ReadScope;
  readonly store: Store;
  /** Looks a person up; absent if they are those of an app around the server. */
  readonly findUser: ((id: string) => Promise<User | undefined>) | undefined;
  readonly events: Events;
}

export interface GrantType {
  /** The parameters that it reads, each with its longest length in characters. */
  readonly parameters: Lengths;
  /**
   * Begins to look up by its hash what a request names, while its client is looked up; the client has
   * not authenticated yet.
   */
  ahead?(params: Params): void;
  /**
   * Whether it compares a client that is remembered with the one in the store, in the operation that stores
   * the tokens, so that the client need not be read for each request.
   */
  readonly comparesClient?: boolean;
  /**
   * Issues tokens, or refuses to.
   *
   * @throws OAuthError of RFC 6749 section 5.2
   */
  handle(call: TokenCall): Promise<Token>;
}
