// RFC 7662: asks the authorization server whether a token is active, and what it allows.

import { isPlainObject } from '../protocol/checks.ts';
import { type Claims, claimsUnverified, looksLikeJwt } from '../protocol/jwt.ts';
import { sha256 } from '../protocol/secrets.ts';
import { LEEWAY } from '../protocol/step-up.ts';
import { IssuerUnavailable } from './fetch-json.ts';
import type { RemoteIssuer } from './remote-issuer.ts';
import { warn } from './warn.ts';

/** How many answers are kept; the oldest give way. */
const MAX_KEPT = 10_000;

/**
 * Characters of the shortest string that is asked about: a shorter one could be guessed (RFC 6749 section
 * 10.10).
 */
const MIN_LENGTH = 16;

interface ApiClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Seconds for which an answer is kept; 0 for not at all. */
  readonly introspectionTtl: number;
}

/** What was answered, or is about to be: whoever asks meanwhile waits for the same answer. */
interface Asked {
  readonly answer: Promise<Claims | undefined>;
  until: number;
}

export class Introspection {
  readonly #issuer: RemoteIssuer;
  readonly #authorization: string;
  readonly #ttl: number;
  /** By the hash of the token; the oldest is first. */
  readonly #asked = new Map<string, Asked>();

  constructor(issuer: RemoteIssuer, { clientId, clientSecret, introspectionTtl }: ApiClient) {
    this.#issuer = issuer;
    this.#ttl = introspectionTtl * 1000;
    // RFC 6749 section 2.3.1: each is form-encoded first.
    const encoded = [clientId, clientSecret].map(formEncode).join(':');
    this.#authorization = `Basic ${Buffer.from(encoded).toString('base64')}`;
  }

  /**
   * What the server says of a token, or `undefined` if that is not active.
   *
   * @throws IssuerUnavailable
   */
  async claimsOf(token: string): Promise<Claims | undefined> {
    if (!mayBeInForce(token)) return undefined;
    if (this.#ttl === 0) return this.#ask(token).catch(failed);
    const key = sha256(token);
    const now = Date.now();
    const known = this.#asked.get(key);
    if (known !== undefined && now < known.until && known.until - now <= this.#ttl) {
      return known.answer;
    }
    const asked = { answer: this.#ask(token), until: now + this.#ttl };
    this.#keep(key, asked);
    try {
      const claims = await asked.answer;
      const { exp } = claims ?? {};
      // No answer outlives its token.
      if (typeof exp === 'number') asked.until = Math.min(asked.until, exp * 1000);
      return claims;
    } catch (error) {
      // That it failed is not kept.
      if (this.#asked.get(key) === asked) this.#asked.delete(key);
      return failed(error as Error);
    }
  }

  #keep(key: string, asked: Asked): void {
    this.#asked.delete(key);
    this.#asked.set(key, asked);
    const now = Date.now();
    for (const [oldest, { until }] of this.#asked) {
      if (this.#asked.size <= MAX_KEPT && now < until) break;
      this.#asked.delete(oldest);
    }
  }

  async #ask(token: string): Promise<Claims | undefined> {
    const { url, status, body } = await this.#issuer.ask('introspection_endpoint', {
      method: 'POST',
      headers: { authorization: this.#authorization },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    });
    if (status === 200 && isPlainObject(body) && typeof body['active'] === 'boolean') {
      return body['active'] ? body : undefined;
    }
    throw new IssuerUnavailable(
      `${url} answered with ${status}${status === 401 ? ': are clientId and clientSecret right?' : ', but not with an introspection response.'}`,
    );
  }
}

/** Whether to ask at all. If a JWT lies about its own end, it is refused, and gains nothing. */
function mayBeInForce(token: string): boolean {
  if (token.length < MIN_LENGTH) return false;
  const { exp } = (looksLikeJwt(token) && claimsUnverified(token)) || {};
  return typeof exp !== 'number' || Date.now() < (exp + LEEWAY) * 1000;
}

function failed(error: Error): never {
  warn(error);
  throw error;
}

function formEncode(value: string): string {
  return new URLSearchParams({ value }).toString().slice('value='.length);
}
