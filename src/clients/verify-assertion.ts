// RFC 7523 section 3: whether an assertion proves that its sender is the client.

import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { algorithmsOf, isVouchedFor } from '../protocol/client.ts';
import { keyAlgorithm } from '../protocol/jwt.ts';
import { decrypt } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';
import { type FetchSettings, tellOnce } from './remote-documents.ts';
import { RemoteKeys } from './remote-keys.ts';

/** Seconds that a client's clock may be wrong. */
const CLOCK_SKEW = 30;

/** Seconds that an assertion may be good for; its `jti` is remembered that long. */
const MAX_LIFETIME = 3600;

/**
 * Seconds for which one counts from its `iat` on, if nobody here vouches for the client: whoever can register
 * a client can send any number of them, and each is a record for as long as it counts.
 */
const MAX_AGE = 300;

/**
 * With how many keys an assertion is tried that names none. Anybody can send one, and a client that changes
 * over has two of a kind.
 */
const MAX_TRIED = 4;

export interface AssertionOptions extends FetchSettings {
  readonly store: Store;
  /** The audience of an assertion. */
  readonly issuer: string;
  /** Its audience too, if `mayNameTokenEndpoint`. */
  readonly tokenEndpoint: string;
  /** Decrypts the secrets of clients that sign with theirs. */
  readonly secretKey: Buffer;
  readonly events: Events;
}

/** @returns why the assertion does not prove that the caller is the client, or `undefined` */
export type VerifyAssertion = (client: Client, assertion: string) => Promise<string | undefined>;

/**
 * Whether the `typ` of a header is that of an assertion, or says nothing (RFC 7523bis section 4,
 * RFC 7515 section 4.1.9).
 */
function isTypeOfAssertion(typ: unknown): boolean {
  if (typ === undefined) return true;
  return (
    typeof typ === 'string' && /^(?:application\/)?(?:jwt|client-authentication\+jwt)$/i.test(typ)
  );
}

/**
 * Whether an assertion of the client may be for the token endpoint, as RFC 7523 section 3 has it, and not
 * for the issuer (RFC 7523bis section 4). If nobody here vouches for the client, there is nobody who could
 * allow it in its record, and whoever steals such an assertion can do no more with it than anybody can do
 * with the id of a public client.
 */
function mayNameTokenEndpoint(client: Client): boolean {
  return client.allowTokenEndpointAudience ?? !isVouchedFor(client);
}

/** Verifies assertions, and remembers the key sets it has fetched. */
export function createVerifier({
  store,
  issuer,
  tokenEndpoint,
  secretKey,
  allowInternalUrls,
  limits,
  events,
}: AssertionOptions): VerifyAssertion {
  const remote = new RemoteKeys({ allowInternalUrls, limits });
  const tell = tellOnce((clientId, error) =>
    events.emit('client_keys_failed', { clientId, error }),
  );

  return async (client, assertion) => {
    const algorithms = algorithmsFor(client);
    const audience = mayNameTokenEndpoint(client) ? [issuer, tokenEndpoint] : [issuer];
    const alone = audience.length > 1 ? ', and one of them alone' : ' and nothing else';
    const wrongAudience = `the aud of the assertion has to be ${audience.join(' or ')}${alone}`;
    const options = {
      algorithms,
      issuer: client.id,
      subject: client.id,
      audience,
      clockTolerance: CLOCK_SKEW,
      requiredClaims: ['exp', 'jti'],
    };
    let verified: JWTVerifyResult;
    try {
      verified = await verify({ secretKey, remote }, client, assertion, options);
    } catch (error) {
      const problem = problemOfFailure(error, wrongAudience, algorithms);
      if (problem !== undefined) return problem;
      if (error instanceof OAuthError) throw error;
      // The reason is for the log only. The caller may be anybody, and learns nothing of our network.
      tell(client.id, error);
      return 'the keys of the client could not be read';
    }
    const now = Date.now();
    const until = goodUntil(client, verified.payload);
    const problem =
      problemOfClaims(verified, wrongAudience, now) ?? problemOfTime(client, until, now);
    if (problem !== undefined) return problem;
    const { jti } = verified.payload;
    const id = JSON.stringify([client.id, jti]);
    return (await store.replays.claim('client_assertion', id, until, now))
      ? undefined
      : 'the assertion was used before';
  };
}

/**
 * What a client may sign with: what it is registered for, by either name if there are two, and otherwise all
 * that fits its method.
 */
function algorithmsFor({ tokenEndpointAuthMethod, tokenEndpointAuthSigningAlg: alg }: Client) {
  const all = algorithmsOf(tokenEndpointAuthMethod) ?? [];
  return all.filter((one) => alg === undefined || keyAlgorithm(one) === keyAlgorithm(alg));
}

async function verify(
  { secretKey, remote }: { readonly secretKey: Buffer; readonly remote: RemoteKeys },
  client: Client,
  assertion: string,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  const { jwks, jwksUri, encryptedSecrets = [] } = client;
  if (jwks === undefined && jwksUri === undefined) {
    const secrets = encryptedSecrets.map((text) => decrypt(secretKey, text));
    return verifyWithOneOf(secrets, assertion, options);
  }
  const keys =
    jwks === undefined
      ? remote.at(jwksUri!, !isVouchedFor(client))
      : createLocalJWKSet(jwks as unknown as JSONWebKeySet);
  try {
    return await jwtVerify(assertion, keys, options);
  } catch (error) {
    // The assertion names no key, and several may be meant: a client that changes over has two.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyWithOneOf(error, assertion, options);
  }
}

/**
 * What an error of the verification says of the assertion; `undefined` if it is of another kind.
 *
 * @param algorithms those that the client may sign with
 */
function problemOfFailure(
  error: unknown,
  wrongAudience: string,
  algorithms: readonly string[],
): string | undefined {
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `the alg of the assertion has to be ${algorithms.join(' or ')}`;
  }
  if (error instanceof errors.JWTExpired) return 'the assertion has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return wrongAudience;
    return `the claim ${error.claim} of the assertion is missing or wrong`;
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return `the assertion may be signed with any of more than ${MAX_TRIED} keys of the client: name one in its kid`;
  }
  if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSInvalid)) {
    return 'the assertion is not signed with a key of the client';
  }
  return undefined;
}

/**
 * Until when an assertion counts, in milliseconds, with what its client's clock may be wrong.
 *
 * Libraries make one for each request and send it at once, but some say that it is good for an hour. So if
 * nobody here vouches for the client it is not refused for that: it counts for less (RFC 7523 section 3,
 * point 6).
 */
function goodUntil(client: Client, { exp = 0, iat }: JWTPayload): number {
  const ages = typeof iat === 'number' && !isVouchedFor(client);
  const end = ages ? Math.min(exp, iat + MAX_AGE) : exp;
  // An exp may have a fraction, and then the assertion is good to the end of that second.
  return (Math.ceil(end) + CLOCK_SKEW) * 1000;
}

/** What is wrong with the times of an assertion, if nobody here vouches for its client. */
function problemOfTime(client: Client, until: number, now: number): string | undefined {
  if (isVouchedFor(client)) return undefined;
  if (until <= now) return `the assertion was made more than ${MAX_AGE} s ago`;
  if (until <= now + (MAX_AGE + 2 * CLOCK_SKEW) * 1000) return undefined;
  return `the assertion is good for more than ${MAX_AGE} s: say in its iat when it was made`;
}

/** What is wrong with an assertion that its client has signed. */
function problemOfClaims(
  { protectedHeader, payload }: JWTVerifyResult,
  wrongAudience: string,
  now: number,
): string | undefined {
  const { aud, exp = 0, iat = 0, jti = '' } = payload;
  // Each server that an assertion names could present it to the others (CVE-2025-27370).
  if (Array.isArray(aud) && aud.length !== 1) return wrongAudience;
  if (!isTypeOfAssertion(protectedHeader.typ)) {
    return 'the typ of the assertion is that of another kind of token';
  }
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) {
    return 'the jti of the assertion is not usable';
  }
  if (exp * 1000 > now + (MAX_LIFETIME + CLOCK_SKEW) * 1000) {
    return `the assertion is good for more than ${MAX_LIFETIME} s`;
  }
  if (iat * 1000 > now + CLOCK_SKEW * 1000) return 'the assertion is from the future';
  return undefined;
}

async function verifyWithOneOf(
  keys: Iterable<Uint8Array> | AsyncIterable<CryptoKey>,
  assertion: string,
  options: JWTVerifyOptions,
) {
  let tried = 0;
  for await (const key of keys) {
    if (tried === MAX_TRIED) throw new errors.JWKSMultipleMatchingKeys();
    tried += 1;
    try {
      return await jwtVerify(assertion, key, options);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
