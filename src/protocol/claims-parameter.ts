// OpenID Connect Core section 5.5: the parameter `claims`, which asks for claims one by one.

import { OAuthError } from '../errors.ts';
import type { ClaimsRequest, Json, RequestedClaim } from '../types.ts';
import { isPlainObject } from './checks.ts';
import { isPersonClaim } from './claims.ts';
import { jsonProblem } from './json.ts';
import { allowedClaims } from './shared-claims.ts';

/** What is asked for, and of whom. */
interface AskedClaims {
  /** Claims about the person; absent if there are none that this server knows. */
  readonly claims?: ClaimsRequest;
  /** The person has to be one whom the client knows by one of these, as `sub`. */
  readonly subjects?: readonly string[];
  /** The sign-in has to be by one of these, as `acr` (section 5.5.1.1). */
  readonly acr?: readonly string[];
  /** It should be by one of these: the claim is voluntary, which is the same as `acr_values`. */
  readonly acrValues?: readonly string[];
  /** The ID token has to say when the person signed in (section 2). */
  readonly needsAuthTime?: true;
}

type Asked = Readonly<Record<string, RequestedClaim>>;

/** Claims about the sign-in that change what happens next. */
const OF_SIGN_IN: readonly string[] = ['sub', 'acr', 'auth_time'];

/**
 * Reads the parameter. What this server does not know is left out, and is not an error.
 *
 * @param scope of the client: what that may not have by a scope, it does not get by its name either
 * @throws OAuthError `invalid_request` if it is not JSON, is nested deeply, or has another type than
 *   section 5.5 gives it
 */
export function readClaimsParameter(
  text: string | undefined,
  scope: readonly string[],
): AskedClaims {
  if (text === undefined) return {};
  const { id_token, userinfo } = parse(text);
  const idToken = askedIn('id_token', id_token);
  const userInfo = askedIn('userinfo', userinfo);
  const claims = {
    ...aboutPerson('id_token', idToken, scope),
    ...aboutPerson('userinfo', userInfo, scope),
  };
  const subjects = commonSubjects(wanted('sub', idToken), wanted('sub', userInfo));
  const acr = wanted('acr', idToken);
  return {
    ...(Object.keys(claims).length > 0 && { claims }),
    ...(subjects !== undefined && { subjects }),
    ...(acr !== undefined && (idToken['acr']?.essential ? { acr } : { acrValues: acr })),
    ...(idToken['auth_time']?.essential && { needsAuthTime: true }),
  };
}

/**
 * Whom the person may be, if two say so.
 *
 * @throws OAuthError `invalid_request` if that is nobody
 */
export function commonSubjects(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): readonly string[] | undefined {
  if (some === undefined || others === undefined) return some ?? others;
  const common = some.filter((subject) => others.includes(subject));
  if (common.length > 0) return common;
  throw new OAuthError(
    'invalid_request',
    'The request asks for two different people: by the claim sub in two places, or there and in the id_token_hint.',
  );
}

function wrong(what: string): OAuthError {
  return new OAuthError('invalid_request', `The parameter claims ${what}.`);
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('is not JSON: send an object with the members userinfo and id_token');
  }
  if (jsonProblem(value) !== undefined) {
    throw wrong('is nested too deeply, or has half of a character or too large a number in it');
  }
  if (isPlainObject(value)) return value;
  throw wrong('is not an object: send one with the members userinfo and id_token');
}

/** What is asked for in one place: each claim that this server knows, with what is said of it. */
function askedIn(place: string, members: unknown): Asked {
  // Many serializers write `null` for what is absent.
  if (members === undefined || members === null) return {};
  if (!isPlainObject(members)) throw wrong(`has ${place}, which is not an object`);
  const known = Object.entries(members).filter(
    ([name]) => OF_SIGN_IN.includes(name) || isPersonClaim(name),
  );
  return Object.fromEntries(
    known.map(([name, said]) => [name, requestedClaim(`${name} in ${place}`, said)]),
  );
}

function requestedClaim(name: string, said: unknown): RequestedClaim {
  if (said === null) return {};
  if (!isPlainObject(said)) throw wrong(`asks for ${name} with what is neither null nor an object`);
  const { essential, value, values } = withoutNull(said);
  if (essential !== undefined && typeof essential !== 'boolean') {
    throw wrong(`asks for ${name} with essential, which is not true or false`);
  }
  if (values !== undefined && !Array.isArray(values)) {
    throw wrong(`asks for ${name} with values, which is not an array`);
  }
  return {
    ...(essential === true && { essential }),
    ...(value !== undefined && { value }),
    ...(values !== undefined && { values }),
  };
}

/** The members of a request for a claim; `null` says as little as an absent one. */
function withoutNull(said: object): { readonly [member: string]: Json | undefined } {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
}

function aboutPerson(
  place: keyof ClaimsRequest,
  asked: Asked,
  scope: readonly string[],
): ClaimsRequest {
  const allowed = allowedClaims(asked, scope);
  return Object.keys(allowed).length === 0 ? {} : { [place]: allowed };
}

/** The values that one of our own claims has to have; `undefined` if any will do. */
function wanted(name: string, asked: Asked): readonly string[] | undefined {
  const { value, values } = asked[name] ?? {};
  const all = value === undefined ? values : [value];
  if (all === undefined) return undefined;
  if (all.every((one) => typeof one === 'string')) return all;
  throw wrong(`asks for ${name} with a value that is not a string`);
}
