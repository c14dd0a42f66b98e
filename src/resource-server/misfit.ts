// Why a genuine token does not count at an API, for its developer: most often a name is not written as
// the other side writes it. The answer to the request does not say it, and nothing here is secret.

import { ACCESS_TOKEN_TYPE } from '../protocol/access-token.ts';
import { type Claims, looksLikeJwt, signedType, type VerifyingKey } from '../protocol/jwt.ts';
import { isSameResource } from '../protocol/resource.ts';
import { shown } from '../protocol/shown.ts';
import { warn } from './warn.ts';

/** What the API expects of tokens. */
interface Expected {
  readonly issuer: string;
  readonly resource: string;
}

/** The most names of an audience that a message shows. */
const MAX_NAMES = 3;

/** What RFC 9068 section 2.2 requires, and RFC 7662 does not. */
const REQUIRED = ['sub', 'client_id', 'exp'] as const;

const OPAQUE =
  'it is not a signed JWT. Have the server issue JWTs for this API, or use the options clientId and clientSecret';

/**
 * Warns of why a genuine token does not count. Nothing is said of one that has expired: there is nothing to
 * mend.
 */
export function warnOfMisfit(claims: Claims, expected: Expected): void {
  const { iss, aud, cnf } = claims;
  const { issuer, resource } = expected;
  const names: unknown[] = Array.isArray(aud) ? aud : [aud];
  const missing = REQUIRED.find((name) => claims[name] === undefined);
  if (iss !== issuer) {
    tell(expected, 'iss', `its iss is ${shown(iss)}, and the option issuer is ${shown(issuer)}`);
  } else if (!names.some((name) => typeof name === 'string' && isSameResource(name, resource))) {
    const some = names.slice(0, MAX_NAMES).map(shown).join(', ');
    tell(expected, 'aud', `its aud is ${some}, and the option resource is ${shown(resource)}`);
  } else if (missing !== undefined) {
    tell(expected, missing, `it has no ${missing}, which RFC 9068 section 2.2 requires`);
  } else if (cnf !== undefined) {
    tell(expected, 'cnf', 'it is bound to a key of its client (cnf), so it is no bearer token');
  }
}

/** Warns of a JWT that the issuer has signed for something else, such as an ID token. */
export function warnOfType(token: string, key: VerifyingKey, expected: Expected): void {
  const signed = signedType(token, key);
  if (signed === undefined) return;
  const why = `its typ is ${shown(signed.typ)}, and that of an access token is "${ACCESS_TOKEN_TYPE}" (RFC 9068 section 2.1)`;
  tell(expected, 'typ', why);
}

/** Warns of a token that is not a JWT where it has to be one. */
export function warnOfOpaque(token: string, expected: Expected): void {
  if (!looksLikeJwt(token)) tell(expected, 'opaque', OPAQUE);
}

/** Once a minute for each cause: what is in a token is for clients to choose. */
function tell({ issuer, resource }: Expected, cause: string, why: string): void {
  const message = `An access token is refused at ${resource}: ${why}.`;
  warn(new Error(message), JSON.stringify([cause, issuer, resource]));
}
