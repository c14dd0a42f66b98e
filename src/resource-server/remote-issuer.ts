// The authorization server as an API knows it: its metadata (RFC 8414) and its keys (RFC 7517).

import { isPlainObject } from '../protocol/checks.ts';
import type { VerifyingKey } from '../protocol/jwt.ts';
import { readKeySet } from '../protocol/key-set.ts';
import { shown } from '../protocol/shown.ts';
import { fetchJson, IssuerUnavailable } from './fetch-json.ts';
import { Looks } from './looks.ts';
import { Places } from './places.ts';
import { Remembered } from './remembered.ts';

type Metadata = Readonly<Record<string, unknown>>;

export class RemoteIssuer {
  readonly #issuer: string;
  readonly #internalUrl: string;
  readonly #metadata: Remembered<Metadata>;
  readonly #keys: Remembered<ReadonlyMap<string, VerifyingKey>>;
  readonly #looks = new Looks();
  readonly #places = new Places();

  /** @param internalUrl where it is reached; its own URL if there is no other */
  constructor(issuer: string, internalUrl: string) {
    this.#issuer = issuer;
    this.#internalUrl = internalUrl;
    this.#metadata = new Remembered(() => discover(issuer, internalUrl));
    this.#keys = new Remembered(() => this.#fetchKeys());
  }

  /**
   * The key with an id, or `undefined` if the server has no such key.
   *
   * @throws IssuerUnavailable if that cannot be said
   */
  async key(kid: string): Promise<VerifyingKey | undefined> {
    const known = (await this.#keys.get()).get(kid);
    if (known !== undefined) return known;
    return (await this.#keys.another(() => this.#looks.allow(kid))).get(kid);
  }

  /**
   * Asks an endpoint, by its name in the metadata: `introspection_endpoint`.
   *
   * @throws IssuerUnavailable if there is none that may be used, or it does not answer; at once if too
   *   many wait for an answer already
   */
  async ask(
    name: string,
    init: RequestInit,
  ): Promise<{ url: string; status: number; body: unknown }> {
    const url = await this.#endpoint(name);
    return { url, ...(await this.#places.take(url, () => fetchJson(url, init))) };
  }

  async #endpoint(name: string): Promise<string> {
    const url = (await this.#metadata.get())[name];
    if (typeof url !== 'string' || !URL.canParse(url)) {
      throw new IssuerUnavailable(`The metadata of ${this.#issuer} has no ${name}.`);
    }
    const [under, inside] = [this.#issuer, this.#internalUrl].map((base) =>
      base.replace(/\/?$/, '/'),
    );
    // The developer has said that this is the way to it, by http too.
    if (inside !== under && url.startsWith(under!)) return `${inside}${url.slice(under!.length)}`;
    const { protocol, origin } = new URL(url);
    if (protocol === 'https:' || origin === new URL(this.#issuer).origin) return url;
    throw new IssuerUnavailable(
      `The metadata of ${this.#issuer} has the ${name} ${shown(url)}, which is neither https nor at the same origin.`,
    );
  }

  async #fetchKeys(): Promise<ReadonlyMap<string, VerifyingKey>> {
    const url = await this.#endpoint('jwks_uri');
    const { status, body } = await fetchJson(url);
    const keys = status === 200 ? readKeySet(body) : undefined;
    if (keys !== undefined) return keys;
    throw new IssuerUnavailable(`${url} answered with ${status} and no key set.`);
  }
}

/**
 * The metadata of an issuer. RFC 8414 section 3.1 has the well-known path in front of the issuer's,
 * OpenID Connect Discovery 1.0 section 4 behind it.
 *
 * @throws IssuerUnavailable if there is none, or it is of another issuer (RFC 8414 section 3.3)
 */
async function discover(issuer: string, internalUrl: string): Promise<Metadata> {
  const { origin } = new URL(internalUrl);
  // The slash that some issuers end in is not doubled.
  const path = internalUrl.slice(origin.length).replace(/\/$/, '');
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  for (const url of places) {
    const { status, body } = await fetchJson(url);
    if (status !== 200 || !isPlainObject(body)) continue;
    if (body['issuer'] === issuer) return body;
    throw new IssuerUnavailable(
      `${url} is the metadata of the issuer ${shown(body['issuer'])}, and not of ${issuer}.`,
    );
  }
  throw new IssuerUnavailable(`There is no metadata at ${places.join(' or ')}.`);
}
