// What a request says of its client, unproved: by HTTP Basic, in the body, or by an assertion
// (RFC 6749 section 2.3, RFC 7523 section 2.2).

import type { Request } from 'express';
import { OAuthError } from '../errors.ts';
import type { Params } from '../http/params.ts';
import { assertedClientId, readAssertion } from './assertion.ts';

/** The parameters that say who the client is, each with its longest length in characters. */
export const CLIENT_PARAMS = {
  client_id: 256,
  client_secret: 256,
  client_assertion: 16 * 1024,
  client_assertion_type: 256,
};

/** What a request says of its client, unproved. */
export type Credentials =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post' | 'none';
      readonly clientId: string;
      /** The secrets it may mean: as it was sent, and decoded as section 2.3.1 says. */
      readonly secrets: readonly string[];
    }
  | { readonly method: 'assertion'; readonly clientId: string; readonly assertion: string };

/** Makes the error `invalid_client` that a request is answered with, from a sentence that says why. */
type RefuseClient = (req: Request, description: string) => OAuthError;

/**
 * How the clients of an issuer are refused: with 401 and a challenge (RFC 6749 section 5.2). A browser that
 * gets one asks its person for a name and a password, whatever script has sent the request; so if it has sent
 * no `Authorization` header, the answer is 400 without a challenge.
 */
export function refuseClient(issuer: string): RefuseClient {
  const challenge = { 'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"` };
  return (req, description) => {
    // Node's own fetch says Sec-Fetch-Mode, too.
    const isOfBrowser = req.headers['sec-fetch-site'] !== undefined;
    return isOfBrowser && req.headers.authorization === undefined
      ? new OAuthError('invalid_client', description, { status: 400 })
      : new OAuthError('invalid_client', description, { headers: challenge });
  };
}

/**
 * Reads what a request says of its client. Of the header only HTTP Basic counts.
 *
 * @throws OAuthError `invalid_client` as `refuse` makes it, or `invalid_request` if it says two things
 */
export function readCredentials(req: Request, params: Params, refuse: RefuseClient): Credentials {
  if (/[?&](client_id|client_secret|code|refresh_token|grant_type)=/.test(req.url)) {
    throw new OAuthError(
      'invalid_request',
      'Parameters belong in the body, never in the URL, which ends up in logs (RFC 6749 section 2.3.1).',
    );
  }
  const clientId = params.get('client_id');
  const secret = params.get('client_secret');
  // Another scheme is not meant for us: a browser or a proxy adds its own, or the client's HTTP
  // library sends an old access token with every request.
  const [first = '', ...more] = authorizationsOf(req).filter((one) => /^basic(?: |$)/i.test(one));
  if (more.length > 0) throw twoWays();
  const hasBasic = first !== '';
  const authorization = first || (req.headers.authorization ?? '');
  const assertion = readAssertion(params);
  if (assertion !== undefined) {
    if (hasBasic || secret !== undefined) throw twoWays();
    const asserted = assertedClientId(assertion);
    if (asserted === undefined || (clientId !== undefined && clientId !== asserted)) {
      throw refuse(req, 'The client_assertion is not a JWT whose sub is the client_id.');
    }
    return { method: 'assertion', clientId: asserted, assertion };
  }
  if (!hasBasic) {
    if (clientId === undefined) throw refuse(req, nobody(authorization));
    return secret === undefined
      ? { method: 'none', clientId, secrets: [''] }
      : { method: 'client_secret_post', clientId, secrets: [secret] };
  }
  const basic = readBasic(authorization);
  if (basic === undefined) throw refuse(req, nobody(authorization));
  if (secret !== undefined) throw twoWays();
  if (clientId !== undefined && clientId !== basic.clientId) {
    throw new OAuthError(
      'invalid_request',
      'The client_id in the body is not the one in the header.',
    );
  }
  return basic;
}

/** Every `Authorization` header of a request. Node makes one value of them: the first. */
function authorizationsOf({ rawHeaders }: Request): string[] {
  return rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === 'authorization',
  );
}

/** What is wrong with a request that does not say who sent it, or not in a way that can be read. */
function nobody(authorization: string): string {
  return authorization === ''
    ? 'The client did not say who it is: send its credentials by HTTP Basic, or client_id and client_secret in the body.'
    : 'The Authorization header is not HTTP Basic with the Base64 of client_id:client_secret.';
}

function twoWays(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'The client authenticated in two ways: use the Authorization header, the body or an assertion, and one of them only.',
  );
}

/**
 * HTTP Basic (RFC 7617) with the form encoding of RFC 6749 section 2.3.1. Many clients leave that out,
 * so a secret may be meant either way. The characters of an id are the same both ways.
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
    secrets: /[%+]/.test(secret) ? [...new Set([formDecode(secret), secret])] : [secret],
  };
}

function formDecode(value: string): string {
  if (!/[%+]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
