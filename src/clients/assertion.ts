// RFC 7523 section 2.2: a client that authenticates with a JWT, signed with its private key or
// with its secret. Here is what a request says; whether it is true is in verify-assertion.ts.

import { OAuthError } from '../errors.ts';
import { load } from '../package-files.ts';
import type { Client } from '../types.ts';
import type { AssertionOptions, VerifyAssertion } from './verify-assertion.ts';

/** RFC 7523 section 2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The client that an assertion says it is of; nothing is proved by that. */
export function assertedClientId(assertion: string): string | undefined {
  try {
    const { decodeJwt } = load('jose/jwt/decode') as typeof import('jose/jwt/decode');
    const { sub } = decodeJwt(assertion);
    // The claims may be any JSON, and a store may choke on a NUL.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return typeof sub === 'string' && /^[^\x00-\x1f\x7f]{1,2048}$/.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The assertion in a request, if there is one.
 *
 * @throws OAuthError if its parameters contradict each other
 */
export function readAssertion(params: {
  get(name: string): string | undefined;
}): string | undefined {
  const type = params.get('client_assertion_type');
  const assertion = params.get('client_assertion');
  if (type === undefined && assertion === undefined) return undefined;
  if (type !== ASSERTION_TYPE || assertion === undefined) {
    throw new OAuthError(
      'invalid_request',
      `Send client_assertion and client_assertion_type=${ASSERTION_TYPE} together, or neither.`,
    );
  }
  return assertion;
}

/**
 * Verifies assertions, and remembers the key sets it has fetched. What that takes is loaded with the
 * first assertion: most servers never get one.
 */
export function assertionVerifier(options: AssertionOptions): VerifyAssertion {
  let verifier: Promise<VerifyAssertion> | undefined;
  return async (client: Client, assertion: string) => {
    verifier ??= import('./verify-assertion.ts').then((module) => module.createVerifier(options));
    return (await verifier)(client, assertion);
  };
}
