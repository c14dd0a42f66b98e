// A client of the suite's plan Dynamic OP: it registers itself, authenticates by its key, and ends its
// registration in the end, with what all modules of that plan assert.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { registrationTokens } from '../../src/registry/registration-tokens.ts';
import { assertionClaims, type ClientKey, clientKey, signed, withAssertion } from './clients.ts';
import { pkce, requestToken } from './flows.ts';
import type { TestServer } from './harness.ts';
import { type Answer, http } from './http.ts';
import { Module, type Params, REDIRECT_URI } from './suite.ts';

/** How the client got here, and what it may leave out for that. */
export interface Way {
  readonly name: string;
  /** An initial access token; absent if anybody may register. */
  readonly token?: string;
  /** Whether it does PKCE, and names the issuer alone as the audience of its assertions. */
  readonly isStrict: boolean;
}

/** What the document decides for the suite's clients: with it the suite itself has run. */
const [, decided = ''] =
  /registration-token create .*--metadata '(.*)'$/m.exec(
    await readFile(new URL('../../docs/conformance.md', import.meta.url), 'utf8'),
  ) ?? [];

/** The suite's own way, which needs somebody who lets it, and the one that is open to everybody. */
export async function waysTo(server: TestServer): Promise<readonly Way[]> {
  const token = await registrationTokens(server.store, true).create({
    uses: 100,
    metadata: JSON.parse(decided),
  });
  return [
    { name: 'with an initial access token, as the suite does', token, isStrict: false },
    { name: 'without one, with PKCE and the issuer as the audience', isStrict: true },
  ];
}

/** The key that a client registers. It has no id, as in the suite. */
export const RSA_KEY = await clientKey('RS256');
const { kid: _, ...NAMELESS } = RSA_KEY.jwk;

export class DynamicModule extends Module {
  readonly #way: Way;
  readonly #pkce = pkce();
  /** By client, its key and what it was told. */
  readonly #clients = new Map<string, { key: ClientKey; information: Params }>();

  constructor(server: TestServer, way: Way) {
    super(server, 'query');
    this.#way = way;
  }

  /** The registration request of every module, with some metadata changed, or left out. */
  ask(changes: object = {}): Promise<Answer> {
    const metadata = {
      client_name: 'OIDF Conformance Test AbCdEf',
      grant_types: ['authorization_code'],
      jwks: { keys: [{ ...NAMELESS, use: 'sig', alg: 'RS256' }] },
      token_endpoint_auth_method: 'private_key_jwt',
      response_types: ['code'],
      redirect_uris: [REDIRECT_URI],
      contacts: ['certification@oidf.org'],
      ...changes,
    };
    const { token } = this.#way;
    return http(`${this.server.issuer}/oauth/register`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-charset': 'utf-8',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(metadata),
    });
  }

  /**
   * A registration that succeeds (Dynamic Client Registration section 3.2).
   *
   * @returns the client's id
   */
  async register(changes: object = {}, key = RSA_KEY): Promise<string> {
    const answer = await this.ask(changes);
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
    const information = answer.json;
    assert.equal(information.error, undefined);
    assert.ok(information.client_id);
    assert.ok(URL.canParse(information.registration_client_uri));
    assert.ok(information.registration_access_token);
    assert.equal(information.client_secret, undefined, 'a client with keys needs no secret');
    this.#clients.set(information.client_id, { key, information });
    return information.client_id;
  }

  /** From now on the client signs with another key. */
  change(clientId: string, key: ClientKey): void {
    this.#clients.get(clientId)!.key = key;
  }

  override request(changes: Readonly<Record<string, string | undefined>>): Params {
    const { challenge } = this.#pkce;
    const more = { code_challenge: challenge, code_challenge_method: 'S256' };
    return super.request({ ...(this.#way.isStrict && more), ...changes });
  }

  /** A token request with an assertion, and nothing else that says who asks. */
  override async askForTokens(form: Params, clientId: string, aud?: string): Promise<Answer> {
    const { key } = this.#clients.get(clientId)!;
    const { issuer } = this.server;
    const audience = aud ?? (this.#way.isStrict ? issuer : `${issuer}/oauth/token`);
    const now = Math.floor(Date.now() / 1000);
    const claims = assertionClaims(clientId, audience, { nbf: now });
    const assertion = await signed(claims, key, key === RSA_KEY ? { kid: undefined } : {});
    const isCode = form['grant_type'] === 'authorization_code' && this.#way.isStrict;
    return requestToken(this.server, {
      ...form,
      ...withAssertion(assertion),
      ...(isCode && { code_verifier: this.#pkce.verifier }),
    });
  }

  /** The end of every module: whoever may manage a registration may end it, and then it is gone. */
  async end(): Promise<void> {
    for (const { information } of this.#clients.values()) {
      const { registration_client_uri: uri = '', registration_access_token: token } = information;
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
      const answer = await http(uri, { method: 'DELETE', headers });
      assert.equal(answer.status, 204, answer.text);
      assert.equal((await http(uri, { headers })).status, 401);
    }
  }
}

/** What is asserted of a registration that is refused (Dynamic Client Registration section 3.3). */
export function assertNotRegistered(answer: Answer, ...allowed: string[]): void {
  assert.equal(answer.status, 400, answer.text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
  assert.ok(allowed.includes(answer.json.error), answer.text);
}
