// What server.ts hands to every room: the parts of one server, made once.

import type { KeyObject } from 'node:crypto';
import type { RequestHandler, Router } from 'express';
import type { PendingRequests } from './authorization/pending-requests.ts';
import type { AuthenticateClient } from './clients/authenticate.ts';
import type { Events } from './events.ts';
import type { Limits } from './http/rate-limit.ts';
import type { Refusals } from './http/refusals.ts';
import type { GuardedResources } from './oauth/guarded-resources.ts';
import type { Issuing } from './oauth/issuing.ts';
import type { Keys } from './oauth/keys.ts';
import type { Library } from './oauth/library.ts';
import type { TokenRequests } from './oauth/token-requests.ts';
import type { Render } from './pages/render.ts';
import type { Text } from './pages/words/languages.ts';
import type { People } from './sign-in/people.ts';
import type { Store } from './store/store.ts';
import type { Client } from './types.ts';

/** RFC 8414 section 2: what a client may want to know of this server. */
export type Metadata = Readonly<Record<string, string | boolean | readonly string[]>>;

/** A family of URLs, and what it adds to the discovery document. */
export interface Endpoint {
  readonly metadata: Metadata;
  readonly routes: Router;
}

export interface Context {
  readonly issuer: string;
  /** The path of the issuer, without a slash at its end: every link starts with it. */
  readonly path: string;
  /** Whether the issuer is https. */
  readonly https: boolean;
  readonly store: Store;
  readonly issuing: Issuing;
  readonly library: Library;
  readonly tokenRequests: TokenRequests;
  readonly keys: Keys;
  /** Middleware that finds out which client is calling: `client` and `params` on `res.locals`. */
  readonly authenticateClient: AuthenticateClient;
  /** What `protect()` guards. */
  readonly guarded: GuardedResources;
  /** RFC 8707: what a client may ask tokens for; anything, where it is absent. */
  resourcesOf(client: Client): readonly string[] | undefined;
  readonly events: Events;
  readonly limits: Limits;
  /** What the limits refused a moment ago. */
  readonly refusals: Refusals;
  /** Each scope this server knows, in words for the consent page. */
  readonly scopes: Readonly<Record<string, Text>>;
  readonly deviceKey: KeyObject;
  readonly loginFormKey: KeyObject;
  /** Authorization requests that wait for a person. */
  readonly pendingRequests: PendingRequests;
  readonly render: Render;
  /** Middleware of every route that a browser visits: headers, session, errors as pages. */
  readonly browser: RequestHandler[];
  /** Who is in front of the browser. */
  readonly people: People;
}
