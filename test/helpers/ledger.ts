// Clients that ask without pause, and a ledger of every request and every answer. Whatever becomes of
// the server meanwhile, in the end what it says is compared with what it has answered.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { get, post, type Said, type Server, useToken } from './callers.ts';
import { authorizeUrl, pkce } from './flows.ts';
import { Person } from './http-person.ts';
import {
  type AccessToken,
  auditOf,
  type Code,
  type Family,
  type Fate,
  secretOf,
} from './ledger-audit.ts';
import { randomNumbers } from './random.ts';
import { SEED } from './seeds.ts';

/** What the clients do next, and when they are disturbed. */
export const random = randomNumbers();

const [web] = SEED.clients;

/** A client for each kind of access token. */
export const LEDGER_SEED = {
  ...SEED,
  clients: [web, { ...web, client_id: 'jwt', access_token_format: 'jwt' }],
};
const CLIENTS = ['web', 'jwt'];

/** Milliseconds. To look in every turn would take the core from the server. */
const LOOK_EVERY = 2;

export class Ledger {
  readonly #server: Server;
  readonly #accessTokens: AccessToken[] = [];
  readonly #families: (Family & { readonly client: string })[] = [];
  readonly #successors = new Map<string, string>();
  readonly #codes = { redeemed: [] as Code[], inDoubt: [] as Code[] };
  #cookie = '';
  #stopping = false;
  #abandoned = false;
  #loops: Promise<unknown> = Promise.resolve();
  #paused: Promise<void> = Promise.resolve();
  #goOn = () => {};

  /** Requests by what became of them. */
  answered = 0;
  unavailable = 0;
  broken = 0;

  constructor(server: Server) {
    this.#server = server;
  }

  /** A person signs in and allows all clients; then all begin. */
  async begin(): Promise<void> {
    const { origin } = this.#server;
    const alice = new Person({ origin, issuer: origin });
    for (const client of CLIENTS) {
      await alice.allow(authorizeUrl({ issuer: origin }, { client_id: client }));
    }
    this.#cookie = [...alice.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const loops = [1, 2, 3, 4].flatMap(() =>
      CLIENTS.flatMap((client) => [this.#beService(client), this.#beApp(client)]),
    );
    this.#loops = Promise.all(loops);
    this.#loops.catch(() => {});
  }

  /** Waits for a condition; fails as soon as an answer is wrong. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (!isSo()) {
      assert.ok(performance.now() < deadline, `It never came to this: ${isSo}`);
      await Promise.race([wait(LOOK_EVERY), this.#loops]);
    }
  }

  /** Nobody asks until `goOn`; what is under way goes on. */
  pause(): void {
    this.#paused = new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  goOn(): void {
    this.#goOn();
  }

  /** Waits until all have come to an end of what they do. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await this.#loops;
  }

  /** For the end of a test that has failed: there may be no server any more to ask. */
  abandon(): void {
    this.#abandoned = true;
    this.#goOn();
  }

  /** An answer, or nothing if there was none or it was a 503. */
  async #ask(send: () => Promise<Said>): Promise<Said | undefined> {
    await this.#paused;
    assert.ok(!this.#abandoned, 'the test is over');
    const said = await send().catch(() => undefined);
    if (said === undefined) this.broken += 1;
    else if (said.status !== 503) this.answered += 1;
    else {
      this.unavailable += 1;
      assert.ok(Number(said.headers['retry-after']) > 0, 'a 503 says when to come again');
    }
    return said?.status === 503 ? undefined : said;
  }

  #token(client: string, form: Record<string, string>): Promise<Said | undefined> {
    return this.#ask(() => post(this.#server, 'token', form, secretOf(client)));
  }

  #keep(client: string, said: Said, family?: Family): AccessToken {
    assert.equal(said.status, 200, said.text);
    const token: AccessToken = {
      fate: 'lasts',
      value: said.json.access_token,
      client,
      ...(family && { family }),
    };
    this.#accessTokens.push(token);
    return token;
  }

  /** A client that acts for itself: gets tokens, and gives every third back. */
  async #beService(client: string): Promise<void> {
    while (!this.#stopping) {
      const said = await this.#token(client, { grant_type: 'client_credentials' });
      const token = said && this.#keep(client, said);
      if (token !== undefined && random.chance(0.3)) await this.#end(token, token.value, client);
    }
  }

  /** A client that acts for a person: signs in, refreshes for a while, and signs out or does not. */
  async #beApp(client: string): Promise<void> {
    while (!this.#stopping) {
      const code = await this.#authorize(client);
      const said = code && (await this.#token(client, code.form));
      if (code === undefined) continue;
      if (said === undefined) {
        // Nobody knows whether it was used. The app begins anew.
        this.#codes.inDoubt.push(code);
        continue;
      }
      this.#codes.redeemed.push(code);
      const family = { client, fate: 'lasts' as Fate, refreshToken: said.json.refresh_token };
      this.#families.push(family);
      let token = this.#keep(client, said, family);
      for (let count = 0; count < 8 && !this.#stopping; count += 1) {
        if (random.chance(0.2)) await this.#end(token, token.value, client);
        token = await this.#refresh(family);
        await this.#use(token);
      }
      if (random.chance(0.5)) await this.#end(family, family.refreshToken, client);
    }
  }

  async #authorize(client: string): Promise<Code | undefined> {
    const { verifier, challenge } = pkce();
    const url = authorizeUrl({ issuer: '' }, { client_id: client, code_challenge: challenge });
    const said = await this.#ask(() => get(this.#server, url, { cookie: this.#cookie }));
    if (said === undefined) return undefined;
    const code = new URL(said.headers.location ?? '', 'http://nowhere').searchParams.get('code');
    assert.ok(code !== null, `no code, but ${said.status}: ${said.text}`);
    return { client, form: { grant_type: 'authorization_code', code, code_verifier: verifier } };
  }

  /** Asks until there is an answer, which has to be a success: a client that lost one is not stuck. */
  async #refresh(family: Family & { client: string }): Promise<AccessToken> {
    const { client, refreshToken } = family;
    for (;;) {
      const said = await this.#token(client, {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      if (said === undefined) continue;
      const token = this.#keep(client, said, family);
      const successor = said.json.refresh_token;
      assert.equal(this.#successors.get(refreshToken) ?? successor, successor);
      this.#successors.set(refreshToken, successor);
      // Some lose the answer all by themselves.
      if (random.chance(0.1)) continue;
      family.refreshToken = successor;
      return token;
    }
  }

  /** If it is unknown whether a token is valid, nobody may be told that it is not. */
  async #use({ value, client }: AccessToken): Promise<void> {
    const used = await this.#ask(() => useToken(this.#server, value));
    if (used !== undefined) assert.equal(used.status, 200, used.text);
    const form = { token: value };
    const said = await this.#ask(() => post(this.#server, 'introspect', form, secretOf(client)));
    if (said !== undefined) assert.equal(said.json.active, true, said.text);
  }

  /** Gives something back; of those who hear no answer half do not ask again. */
  async #end(one: { fate: Fate }, token: string, client: string): Promise<void> {
    one.fate = 'in doubt';
    do {
      const said = await this.#ask(() => post(this.#server, 'revoke', { token }, secretOf(client)));
      if (said === undefined) continue;
      assert.equal(said.status, 200, said.text);
      one.fate = 'ended';
      return;
    } while (random.chance(0.5));
  }

  /**
   * Compares what the server says now with what it has answered.
   *
   * @returns how much was compared
   */
  async audit(): Promise<Record<string, number>> {
    const families = this.#families;
    const entries = { accessTokens: this.#accessTokens, families, codes: this.#codes };
    return { ...(await auditOf(this.#server, entries)), refreshes: this.#successors.size };
  }
}
