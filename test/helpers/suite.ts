// A client as the OpenID Foundation's conformance suite plays it, with what all of its modules assert.
// The names in the tests are those of its modules; docs/conformance.md says how to run the suite itself.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, type JWTVerifyResult, jwtVerify } from 'jose';
import { readBlocks } from './document.ts';
import { requestToken } from './flows.ts';
import { startServer, type TestServer } from './harness.ts';
import { type Answer, http } from './http.ts';
import { Person, readForm } from './http-person.ts';

/** How the client gets its answer: the plan Basic OP, or Form Post OP. */
export type Mode = 'query' | 'form_post';

export const PLANS: readonly (readonly [plan: string, Mode])[] = [
  ['Basic OP', 'query'],
  ['Form Post OP', 'form_post'],
];

/** The seed that the document shows: with it the suite itself has run. */
const [seed = ''] = readBlocks(
  await readFile(new URL('../../docs/conformance.md', import.meta.url), 'utf8'),
).flatMap(({ language, content }) => (language === 'json' ? [content] : []));
export const SEED = JSON.parse(seed);

export const REDIRECT_URI: string = SEED.clients[0].redirect_uris[0];

const SECRETS = new Map<string, string>(
  SEED.clients.map(({ client_id, client_secret }: Params) => [client_id, client_secret]),
);

/** A server with the clients and the person that the suite needs. */
export function startProvider(env: Record<string, string> = {}, given = SEED): Promise<TestServer> {
  return startServer(env, { seed: given });
}

/** Core section 5.4: the claims that a scope stands for. A list of its own, as the suite has one. */
export const CLAIMS_OF: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'preferred_username',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
};

export type Params = Readonly<Record<string, string>>;

/** Where the browser came to rest, and on which pages it was asked something before. */
export interface Arrival {
  readonly seen: readonly ('login' | 'consent')[];
  /** What the client was sent; absent if the person is still with the server, at a page of errors. */
  readonly callback?: Params;
  readonly page: Answer;
}

/** What one authorization brings a client. */
export interface Tokens {
  readonly seen: Arrival['seen'];
  readonly code: string;
  /** The token response. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects in its assertions
  readonly response: any;
  readonly idToken: JWTVerifyResult;
}

/** One module: a client, and a person whose browser has no cookies when it begins. */
export class Module {
  readonly server: TestServer;
  readonly mode: Mode;
  readonly person: Person;

  constructor(server: TestServer, mode: Mode) {
    this.server = server;
    this.mode = mode;
    this.person = new Person(server);
  }

  /** The authorization request of every module, with some parameters changed, or left out. */
  request(changes: Readonly<Record<string, string | undefined>> = {}): Params {
    const all = {
      client_id: 'suite-first',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      state: randomBytes(8).toString('base64url'),
      nonce: randomBytes(8).toString('base64url'),
      response_type: 'code',
      response_mode: this.mode === 'form_post' ? 'form_post' : undefined,
      ...changes,
    };
    return Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** Sends the person to the authorization endpoint, and lets them sign in and allow what is asked. */
  async send(request: Params, method: 'GET' | 'POST' = 'GET'): Promise<Arrival> {
    const url = `${this.server.issuer}/oauth/authorize`;
    const params = new URLSearchParams(request);
    let page =
      method === 'GET'
        ? await this.person.visit(`${url}?${params}`)
        : await this.person.visit(url, { method, body: params });
    const seen: ('login' | 'consent')[] = [];
    if (page.text.includes('name="password"')) {
      seen.push('login');
      page = await this.person.signIn(page);
    }
    if (page.text.includes('name="decision"')) {
      seen.push('consent');
      page = await this.person.submit(page, { decision: 'allow' });
    }
    const callback = this.#callback(page);
    return { seen, page, ...(callback && { callback }) };
  }

  /** An authorization that succeeds: what is asserted of its answer is asserted in every module. */
  async authorize(request: Params, method: 'GET' | 'POST' = 'GET'): Promise<Arrival> {
    const arrival = await this.send(request, method);
    const { callback, page } = arrival;
    assert.ok(callback, `The client got no answer, but the person a page: ${page.text}`);
    assert.equal(callback['error'], undefined, callback['error_description']);
    assert.equal(callback['state'], request['state']);
    assert.equal(callback['iss'], this.server.issuer);
    assert.ok(callback['code']);
    return arrival;
  }

  /** A token request with the secret in the way of the client. */
  askForTokens(form: Params, clientId = 'suite-first'): Promise<Answer> {
    const client_secret = SECRETS.get(clientId)!;
    return clientId === 'suite-post'
      ? requestToken(this.server, { ...form, client_id: clientId, client_secret })
      : requestToken(this.server, form, `${clientId}:${client_secret}`);
  }

  redeem(code: string, clientId?: string, more: Params = {}): Promise<Answer> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more };
    return this.askForTokens(form, clientId);
  }

  /** The whole flow: authorization, tokens, the ID token as every module checks it, and UserInfo. */
  async complete(
    request: Params,
    { method = 'GET' as 'GET' | 'POST', more = {} as Params } = {},
  ): Promise<Tokens> {
    const { seen, callback } = await this.authorize(request, method);
    const code = callback!['code']!;
    const clientId = request['client_id']!;
    const answer = await this.redeem(code, clientId, more);
    assert.equal(answer.status, 200, answer.text);
    const response = answer.json;
    assert.ok(response.access_token);
    assert.match(response.token_type, /^bearer$/i);
    assert.ok(Number.isInteger(response.expires_in) && response.expires_in > 0);
    const idToken = await this.checkIdToken(response.id_token, clientId);
    assert.equal(idToken.payload['nonce'], request['nonce']);
    const userInfo = await this.userInfo(response.access_token);
    assert.equal(userInfo.status, 200, userInfo.text);
    return { seen, code, response, idToken };
  }

  /** What every module asserts of an ID token (Core sections 2 and 3.1.3.7). */
  async checkIdToken(idToken: string, audience: string): Promise<JWTVerifyResult> {
    const { json } = await http(`${this.server.issuer}/oauth/jwks`);
    const { issuer } = this.server;
    const currentDate = new Date();
    const verified = await jwtVerify(idToken, createLocalJWKSet(json), {
      issuer,
      audience,
      currentDate,
    });
    const { payload, protectedHeader } = verified;
    assert.equal(protectedHeader.alg, 'RS256');
    assert.ok(json.keys.some(({ kid }: { kid: string }) => kid === protectedHeader.kid));
    const now = currentDate.getTime() / 1000;
    assert.ok(Math.abs(now - payload.iat!) < 300, 'issued now');
    assert.ok(payload.exp! > now && payload.exp! < now + 50 * 365 * 86_400);
    const authTime = payload['auth_time'];
    if (authTime !== undefined) {
      assert.ok(Number.isInteger(authTime));
      assert.ok(Number(authTime) <= now && Number(authTime) > now - 365 * 86_400);
    }
    if (payload['acr'] !== undefined) assert.match(String(payload['acr']), /./);
    assert.match(payload.sub!, /^[\x20-\x7e]{1,255}$/);
    return verified;
  }

  userInfo(token: string, method: 'GET' | 'POST' = 'GET'): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}` };
    return http(`${this.server.issuer}/oauth/userinfo`, { method, headers });
  }

  /** What is asserted of a successful answer of UserInfo (Core sections 5.1 and 5.3.2). */
  checkUserInfo(answer: Answer, { idToken }: Tokens): Record<string, unknown> {
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
    const { json } = answer;
    assert.equal(json.sub, idToken.payload.sub);
    for (const [name, value] of Object.entries(json)) {
      if (name === 'address') {
        assert.ok(Object.keys(value as object).length > 0);
        for (const part of Object.values(value as object)) assert.match(part, /\S/);
      } else if (/_verified$/.test(name)) assert.equal(typeof value, 'boolean', name);
      else if (name === 'updated_at') {
        assert.equal(typeof value, 'number');
        assert.ok(Number(value) <= Date.now() / 1000);
      } else assert.match(String(value), /\S/, name);
    }
    return json;
  }

  /** The answer that the page, or the redirect, brings to the client. */
  #callback(page: Answer): Params | undefined {
    if (page.location !== '') {
      if (!page.location.startsWith(`${REDIRECT_URI}?`)) return undefined;
      assert.equal(this.mode, 'query', 'neither code nor error may be in the URL');
      return Object.fromEntries(new URL(page.location).searchParams);
    }
    if (page.text.includes(`action="${REDIRECT_URI}"`)) return readForm(page.text).fields;
    // To a client that nobody vouches for, the person takes an error by a link.
    const link = page.text.split('href="').find((rest) => rest.startsWith(REDIRECT_URI));
    const url = link?.slice(0, link.indexOf('"')).replaceAll('&amp;', '&');
    return url === undefined ? undefined : Object.fromEntries(new URL(url).searchParams);
  }
}
