// RFC 6749 section 2.3: who the client is, settled before anything else is looked at.

import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { OAuthError, tooManyAttempts } from '../errors.ts';
import type { Events } from '../events.ts';
import { formParams, type Lengths, type Params } from '../http/params.ts';
import type { Limits } from '../http/rate-limit.ts';
import { isPublicClient, secretMatches } from '../protocol/client.ts';
import { isShortSecret } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Client, TokenEndpointAuthMethod } from '../types.ts';
import { assertedClientId, assertionAlgorithms, readAssertion } from './assertion.ts';
import { limitGuesses } from './secret-guesses.ts';

/** Every method a client may be registered with. */
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const satisfies readonly TokenEndpointAuthMethod[];

/**
 * RFC 8414 section 2: how clients authenticate at an endpoint.
 *
 * @param except methods that do not count there
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

/** What says who the client is, each with its longest length in characters. */
const CLIENT_PARAMS = {
  client_id: 256,
  client_secret: 256,
  client_assertion: 16 * 1024,
  client_assertion_type: 256,
};

/** What a request says of its client, unproved. */
type Credentials =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post' | 'none';
      readonly clientId: string;
      /** The secrets it may mean: as it was sent, and as section 2.3.1 would have it encoded. */
      readonly secrets: readonly string[];
    }
  | { readonly method: 'assertion'; readonly clientId: string; readonly assertion: string };

interface Options {
  readonly store: Store;
  readonly issuer: string;
  readonly limits: Limits;
  readonly events: Events;
  /** Says what is wrong with an assertion, if anything. */
  readonly problemOf: (client: Client, assertion: string) => Promise<string | undefined>;
}

/** A client nobody registered is given as much work as one whose secret is wrong. */
const NOBODY: Pick<Client, 'secretHashes' | 'jwks' | 'jwksUri'> = {
  secretHashes: ['-'.repeat(43)],
};

/**
 * Makes middleware for an endpoint that reads these parameters beside those of the client.
 */
export type AuthenticateClient = (lengths: Lengths) => RequestHandler;

/**
 * Middleware: puts the form's `params` and the authenticated `client` on `res.locals`, or fails
 * with `invalid_client`.
 */
export function authenticateClient(options: Options): AuthenticateClient {
  const { store, issuer, problemOf } = options;
  const challenge = { 'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"` };
  const lookAtGuess = limitGuesses(options);

  /** Whether one of the secrets that were sent is the client's. */
  const isRight = async (client: Client | undefined, secrets: readonly string[], req: Request) => {
    const isOneOf = (some: readonly string[]) =>
      some.filter((secret) => secretMatches(client ?? NOBODY, secret)).length > 0;
    const short = secrets.filter(isShortSecret);
    if (isOneOf(secrets.filter((secret) => !isShortSecret(secret)))) return true;
    // There is nothing to guess of a client that nobody registered, or that has no secret.
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

  return (lengths) => {
    const all = { ...CLIENT_PARAMS, ...lengths };
    return async (req, res, next) => {
      const params = formParams(req, all);
      params.assertSound();
      const credentials = readCredentials(req, params, challenge);
      const client = await store.clients.find(credentials.clientId);
      const problem = await check(client, credentials, req);
      if (client === undefined || problem !== undefined) {
        throw new OAuthError('invalid_client', problem ?? 'The client is unknown.', {
          headers: challenge,
        });
      }
      res.locals['client'] = client;
      res.locals['params'] = params;
      next();
    };
  };
}

/** The methods a client may use: the registered one, or either way of sending a secret. */
function methodsOf(client: Client): readonly TokenEndpointAuthMethod[] {
  if (isPublicClient(client)) return ['none'];
  if (client.tokenEndpointAuthMethod !== undefined) return [client.tokenEndpointAuthMethod];
  return ['client_secret_basic', 'client_secret_post'];
}

function readCredentials(
  req: Request,
  params: Params,
  challenge: Readonly<Record<string, string>>,
): Credentials {
  if (/[?&](client_id|client_secret|code|refresh_token|grant_type)=/.test(req.url)) {
    throw new OAuthError(
      'invalid_request',
      'Parameters belong in the body, never in the URL, which ends up in logs (RFC 6749 section 2.3.1).',
    );
  }
  const clientId = params.get('client_id');
  const secret = params.get('client_secret');
  const { authorization } = req.headers;
  const assertion = readAssertion(params);
  if (assertion !== undefined) {
    if (authorization !== undefined || secret !== undefined) throw twoWays();
    const asserted = assertedClientId(assertion);
    if (asserted === undefined || (clientId !== undefined && clientId !== asserted)) {
      throw new OAuthError(
        'invalid_client',
        'The client_assertion is not a JWT whose sub is the client_id.',
        { headers: challenge },
      );
    }
    return { method: 'assertion', clientId: asserted, assertion };
  }
  if (authorization === undefined) {
    if (clientId === undefined) {
      throw new OAuthError(
        'invalid_client',
        'The client did not say who it is: send its credentials by HTTP Basic, or client_id and client_secret in the body.',
        { headers: challenge },
      );
    }
    return secret === undefined
      ? { method: 'none', clientId, secrets: [''] }
      : { method: 'client_secret_post', clientId, secrets: [secret] };
  }
  const basic = readBasic(authorization);
  if (basic === undefined) {
    throw new OAuthError(
      'invalid_client',
      'The Authorization header is not HTTP Basic with the Base64 of client_id:client_secret.',
      { headers: challenge },
    );
  }
  if (secret !== undefined) {
    throw twoWays();
  }
  if (clientId !== undefined && clientId !== basic.clientId) {
    throw new OAuthError(
      'invalid_request',
      'The client_id in the body is not the one in the header.',
    );
  }
  return basic;
}

function twoWays(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'The client authenticated in two ways: use the Authorization header, the body or an assertion, and one of them only.',
  );
}

/**
 * HTTP Basic (RFC 7617) with the form encoding of RFC 6749 section 2.3.1, which many clients leave
 * out: a secret may be meant either way, an id is in characters that are the same both ways.
 */
function readBasic(authorization: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 section 2 forbids them
  if (colon < 1 || decoded.length > 2048 || /[\x00-\x1f\x7f\ufffd]/.test(decoded)) return undefined;
  const secret = decoded.slice(colon + 1);
  const clientId = formDecode(decoded.slice(0, colon));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a store may choke on a NUL
  if (/[\x00-\x1f\x7f]/.test(clientId)) return undefined;
  return {
    method: secret === '' ? 'none' : 'client_secret_basic',
    clientId,
    secrets: [...new Set([formDecode(secret), secret])],
  };
}

function formDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

/** Middleware: tells listeners of a token request that was refused, and by what words. */
export function reportRefusals(events: Events): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (error instanceof OAuthError) {
      const { client } = res.locals as { client?: Client };
      events.emit('token_refused', {
        ...(client && { clientId: client.id }),
        error: error.code,
        description: error.message,
      });
    }
    next(error);
  };
}
