// What parts.ts makes once and hands to the endpoints, by subject. An endpoint takes what it uses.

import type { RequestHandler, Response } from 'express';
import type { AuthenticateClient } from './clients/authenticate.ts';
import type { KnownClients } from './clients/known-clients.ts';
import type { Events } from './events.ts';
import type { Routes } from './http/routes.ts';
import type { Site } from './http/site.ts';
import type { SessionEnds } from './logout/session-ends.ts';
import type { IdTokens } from './oauth/id-tokens.ts';
import type { Issuing } from './oauth/issuing.ts';
import type { Keys } from './oauth/keys.ts';
import type { PairwiseSubjects } from './oauth/pairwise-subjects.ts';
import type { KnownClaims } from './oauth/person-claims.ts';
import type { Protect } from './oauth/protect.ts';
import type { TokenRequests } from './oauth/token-requests.ts';
import type { Render } from './pages/render.ts';
import type { Text } from './pages/words/languages.ts';
import type { ReadScope } from './protocol/scope.ts';
import type { People } from './sign-in/people.ts';
import type { Store } from './store/store.ts';
import type { Client, Json } from './types.ts';

/** RFC 8414 section 2: what a client may want to know of this server. */
export type Metadata = Readonly<Record<string, Json>>;

/** A family of URLs, and what it adds to the discovery document. */
export interface Endpoint {
  readonly metadata?: Metadata;
  /** Plain paths are found at once. A Router of Express's, or any middleware, is asked after all of those. */
  readonly routes: Routes | RequestHandler;
}

export interface Context {
  readonly site: Site;
  readonly store: Store;
  /** Clients with which a new request may begin, including those known by a document. */
  readonly clients: KnownClients;
  readonly events: Events;
  readonly oauth: OAuth;
  /** Guards a route, see server.ts. */
  readonly protect: Protect;
  readonly pages: Pages;
  /** Who is in front of the browser. */
  readonly people: People;
  /** What happens when sessions end. */
  readonly sessionEnds: SessionEnds;
}

/** What clients are answered with. */
export interface OAuth {
  /** Middleware that finds out which client is calling, and what it sent, for `callerOf`. */
  readonly authenticateClient: AuthenticateClient;
  readonly tokenRequests: TokenRequests;
  readonly issuing: Issuing;
  /** What clients know people by. */
  readonly subjects: PairwiseSubjects;
  readonly keys: Keys;
  readonly idTokens: IdTokens;
  /** What is known of people, as far as clients may know it. */
  readonly personClaims: KnownClaims;
  /** What a client may be allowed for the scope that it asks of a person. */
  readonly readScope: ReadScope;
  /** RFC 8707: what a client may ask tokens for; anything if it is `undefined`. */
  resourcesOf(client: Client): readonly string[] | undefined;
}

/** What people are answered with. */
export interface Pages {
  /** Middleware of every route that a browser visits: headers, session, errors as pages. */
  readonly browser: RequestHandler[];
  readonly render: Render;
  /** Has `wordsFor` answer with the words of this server; `browser` has done it. */
  speak(res: Response): void;
  /** Each scope this server knows, in words. */
  readonly scopes: Readonly<Record<string, Text>>;
}
