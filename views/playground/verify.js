// @ts-check
// Verifies an ID token as an app does (OpenID Connect Core section 3.1.3.7), and says of each claim
// what it is for.

import { base64url, bytesOf, decodeJwt, parse, randomText, sha256 } from './encoding.js';
import { clientId, issuer, otherClientId, say, timeOf } from './page.js';

/** @typedef {import('../../src/demo/playground-exchanges.ts').Flaw} Flaw */
/** @typedef {NonNullable<ReturnType<typeof decodeJwt>>} Jwt */
/** @typedef {{ isMet: boolean, problem: string }} Check */

/** What an app gets that registered nothing else: whatever a header says, no other is accepted. */
const ALG = 'RS256';

/** Seconds that the clocks of app and server may differ. */
const LEEWAY = 60;

/** The claims that have words of their own, beside those that are checked. */
const EXPLAINED = ['sub', 'azp', 'auth_time', 'acr', 'amr', 'sid'];

/**
 * Verifies an ID token.
 *
 * @param {object} given
 * @param {string} given.token
 * @param {string} given.accessToken that came with it
 * @param {string} given.nonce that the app sent
 * @param {string} given.keys of the server, as JSON
 * @param {Flaw} [flaw] that the token, or the app, is to have
 */
export async function verifyIdToken({ token, accessToken, nonce, keys }, flaw) {
  const jwt = decodeJwt(flaw === 'signature' ? tampered(token) : token);
  if (jwt === undefined) throw new Error('The ID token is not a JWT.');
  const { header, claims } = jwt;
  const now = flaw === 'clock' ? Number(claims['exp']) + 3600 : Math.floor(Date.now() / 1000);
  const equals = (/** @type {string} */ name, /** @type {unknown} */ wanted) => ({
    isMet: claims[name] === wanted,
    problem: say('notExpected', String(wanted)),
  });
  /** @type {Record<string, Check>} */
  const checks = {
    signature: { isMet: await isSigned(jwt, keys), problem: say('notSigned') },
    iss: equals('iss', issuer),
    aud: equals('aud', flaw === 'audience' ? otherClientId : clientId),
    exp: { isMet: Number(claims['exp']) > now, problem: say('expired', timeOf(now)) },
    iat: {
      isMet: Number(claims['iat']) <= now + LEEWAY,
      problem: say('notExpected', `≤ ${timeOf(now)}`),
    },
    nonce: equals('nonce', flaw === 'nonce' ? randomText() : nonce),
    at_hash: equals('at_hash', base64url((await sha256(accessToken)).slice(0, 16))),
  };
  // Of a refusal, only what is checked is of interest, and the claim that may have been changed.
  const explained = EXPLAINED.filter((name) => name in claims);
  const rest = flaw === undefined ? [...explained, ...Object.keys(claims)] : ['sub'];
  const names = new Set([...Object.keys(checks), ...rest]);
  const shown = { ...claims, signature: `${header['alg']}, kid ${header['kid']}` };
  return {
    isAccepted: Object.values(checks).every(({ isMet }) => isMet),
    claims,
    facts: [...names].map((name) => factOf(name, shown, checks[name])),
  };
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} claims
 * @param {Check | undefined} check
 * @returns {[string, string, string]}
 */
function factOf(name, claims, check) {
  const value = claims[name];
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (check === undefined)
    return [name, text, EXPLAINED.includes(name) ? say(`claim.${name}`) : ''];
  return [name, text, check.isMet ? `✓ ${say(`claim.${name}`)}` : `✗ ${check.problem}`];
}

/**
 * Whether one of the server's keys has signed a token (RFC 7515 section 5.2).
 *
 * @param {Jwt} jwt
 * @param {string} keys
 */
async function isSigned({ header, signed, signature }, keys) {
  const all = /** @type {(JsonWebKey & { kid?: string })[]} */ (Object.values(parse(keys)));
  const jwk = all.find(({ kid }) => kid === header['kid']);
  if (jwk === undefined || header['alg'] !== ALG) return false;
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(signed));
}

/** The token for somebody else, with the signature that it had. @param {string} token */
function tampered(token) {
  const [header, claims = '', signature] = token.split('.');
  const changed = { ...parse(new TextDecoder().decode(bytesOf(claims))), sub: 'somebody-else' };
  return [header, base64url(new TextEncoder().encode(JSON.stringify(changed))), signature].join(
    '.',
  );
}
