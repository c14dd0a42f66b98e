// RFC 6749 section 2.3: who the client is. This is settled before anything else is looked at.

import type { Request, RequestHandler, Response } from 'express';
import { tooManyAttempts } from '../errors.ts';
import type { Events } from '../events.ts';
import { formParams, type Lengths, type Params } from '../http/params.ts';
import type { Limits } from '../http/rate-limit.ts';
import {
  assertionAlgorithms,
  authMethods,
  isPublicClient,
  isVouchedFor,
  secretMatches,
} from '../protocol/client.ts';
import { isShortSecret } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Client, TokenEndpointAuthMethod } from '../types.ts';
import { type Caller, setCaller, setNamedClient } from './caller.ts';
import { CLIENT_PARAMS, type Credentials, readCredentials, refuseClient } from './credentials.ts';
import type { KnownClients } from './known-clients.ts';
import { RememberedClients } from './remembered-clients.ts';
import { limitGuesses } from './secret-guesses.ts';

/**
 * RFC 8414 section 2: how clients authenticate at an endpoint.
 *
 * @param except methods that are not used there
 */
export function authMetadata(endpoint: string, ...except: TokenEndpointAuthMethod[]): Metadata {
  return {
    [`${endpoint}_auth_methods_supported`]: authMethods.filter(
      (method) => !except.includes(method),
    ),
    [`${endpoint}_auth_signing_alg_values_supported`]: Object.values(assertionAlgorithms).flat(),
  };
}

type Metadata = Readonly<Record<string, readonly string[]>>;

interface Options {
  readonly store: Store;
  readonly clients: Pick<KnownClients, 'asOfNow'>;
  readonly issuer: string;
  readonly limits: Limits;
  readonly events: Events;
  /** Says what is wrong with an assertion, if anything. */
  readonly problemOf: (client: Client, assertion: string) => Promise<string | undefined>;
}

/** A secret is compared for an unknown client as well. */
const NOBODY: Pick<Client, 'secretHashes' | 'jwks' | 'jwksUri'> = {
  secretHashes: ['-'.repeat(43)],
};

interface Ways {
  /**
   * Begins to look up what a request names, at the same time as its client. Nobody may be told of it before
   * the client has authenticated, and it may cost no more than to look something up by its hash.
   */
  readonly ahead?: (params: Params) => void;
  /** Where clients are looked for; in the store if it is left out. */
  readonly find?: (clientId: string, req: Request) => Promise<Client | undefined>;
  /**
   * Whether the client is compared with the one in the store before it gets anything, so that a record of
   * an earlier request is good enough. Before it is refused anything it has to be read anew
   * (`Caller.reread`).
   */
  readonly comparesClient?: (params: Params) => boolean;
}

/** Makes middleware for an endpoint that reads these parameters besides those of the client. */
export type AuthenticateClient = (lengths: Lengths, ways?: Ways) => RequestHandler;

/**
 * Middleware: reads the form's parameters and authenticates the client, both for `callerOf`, or fails
 * with `invalid_client`.
 */
export function authenticateClient(options: Options): AuthenticateClient {
  const { store, clients, issuer, problemOf } = options;
  const refuse = refuseClient(issuer);
  const lookAtGuess = limitGuesses(options);
  const remembered = new RememberedClients();

  /** Whether one of the secrets that were sent is the client's. */
  const isRight = async (client: Client | undefined, secrets: readonly string[], req: Request) => {
    const isOneOf = (some: readonly string[]) =>
      some.filter((secret) => secretMatches(client ?? NOBODY, secret)).length > 0;
    const short = secrets.filter(isShortSecret);
    if (isOneOf(secrets.filter((secret) => !isShortSecret(secret)))) return true;
    // There is nothing to guess if the client is unknown, or has no secret.
    if (short.length === 0 || !client?.secretHashes.length) return isOneOf(short);
    const guess = await lookAtGuess(client.id, req, () => isOneOf(short));
    if (guess.outcome === 'limited') throw tooManyAttempts(guess.retryAfter);
    return guess.outcome === 'right';
  };

  /** Why the credentials do not prove that the caller is the client, or `undefined`. */
  const check = async (client: Client | undefined, credentials: Credentials, req: Request) => {
    if (credentials.method === 'assertion') {
      const method = client?.tokenEndpointAuthMethod;
      if (client === undefined) return 'The client is unknown.';
      if (method === 'private_key_jwt' || method === 'client_secret_jwt') {
        const problem = await problemOf(client, credentials.assertion);
        return problem && `The client did not authenticate: ${problem}.`;
      }
    } else if (client !== undefined && isPublicClient(client)) {
      if (credentials.method === 'none') return undefined;
      return 'This client is public and has no secret: send its client_id alone, in the body.';
    } else if (client !== undefined && credentials.method === 'none') {
      return 'This client is not public and must authenticate.';
    } else if (!(await isRight(client, credentials.secrets, req)) || client === undefined) {
      return 'The client is unknown, or the secret is not the right one.';
    }
    const allowed = methodsOf(client);
    return allowed.some((method) => method === credentials.method)
      ? undefined
      : `This client is registered to authenticate by ${allowed.join(' or ')}, and not in this way.`;
  };

  return (lengths, ways = {}) => {
    const { ahead, comparesClient, find = (clientId) => store.clients.find(clientId) } = ways;
    const all = { ...CLIENT_PARAMS, ...lengths };

    /** Authenticates the client by the record that is in the store. */
    async function authenticate(
      credentials: Credentials,
      params: Params,
      { req, res }: { readonly req: Request; readonly res: Response },
      ahead: Ways['ahead'],
    ): Promise<Client> {
      const found = find(credentials.clientId, req);
      ahead?.(params);
      let client = await found;
      if (client !== undefined) setNamedClient(res, client.id);
      // A key that is no longer in the document must not count, nor that it had none if it has one now.
      if (client?.source === 'document') client = await clients.asOfNow(client, req);
      const problem = await check(client, credentials, req);
      if (client === undefined || problem !== undefined) {
        throw refuse(req, problem ?? 'The client is unknown.');
      }
      return client;
    }

    /** The client by the record of an earlier request, if it authenticates by that. */
    async function recall(credentials: Credentials, req: Request): Promise<Client | undefined> {
      const client = remembered.find(credentials.clientId);
      if (client === undefined || !mayBeCheckedTwice(credentials)) return undefined;
      const problem = await check(client, credentials, req);
      return problem === undefined ? client : undefined;
    }

    return async (req, res, next) => {
      const params = formParams(req, all);
      params.assertSound();
      const credentials = readCredentials(req, params, refuse);
      const isCompared = comparesClient?.(params) === true;
      const known = isCompared ? await recall(credentials, req) : undefined;

      const read = async (ahead?: Ways['ahead']): Promise<Caller> => {
        const client = await authenticate(credentials, params, { req, res }, ahead);
        // Strangers get nothing for themselves, and would only push the others out.
        if (isCompared && isVouchedFor(client)) remembered.remember(client);
        return { client, params };
      };
      const reread = async () => {
        setCaller(res, undefined);
        remembered.forget(credentials.clientId);
        const caller = await read();
        setCaller(res, caller);
        return caller;
      };
      const caller = known === undefined ? await read(ahead) : { client: known, params, reread };
      setCaller(res, caller);
      next();
    };
  };
}

/**
 * Whether credentials may be checked twice. An assertion can be used once; a guess at a short secret is
 * counted.
 */
function mayBeCheckedTwice(credentials: Credentials): boolean {
  return credentials.method !== 'assertion' && !credentials.secrets.some(isShortSecret);
}

/** The methods a client may use: the registered one, or either way of sending a secret. */
function methodsOf(client: Client): readonly TokenEndpointAuthMethod[] {
  if (isPublicClient(client)) return ['none'];
  if (client.tokenEndpointAuthMethod !== undefined) return [client.tokenEndpointAuthMethod];
  return ['client_secret_basic', 'client_secret_post'];
}
