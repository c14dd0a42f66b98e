// Several processes on one database: what may happen once happens once, wherever it is asked for, and
// what one has done all know.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { get, post, type Said, type Server, useToken } from '../helpers/callers.ts';
import { assertionClaims, clientKey, signed, withAssertion } from '../helpers/clients.ts';
import { authorizeUrl, pkce } from '../helpers/flows.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { type Env, type Site, seedFile, startSite } from '../helpers/running.ts';
import { SEED } from '../helpers/seeds.ts';
import { DATABASES, look } from '../helpers/sql.ts';

/**
 * With the locks of rows taken out, most races had two winners in the first round or the second, and
 * all but one by the fifth. TEST_ROUNDS=1000 looks longer.
 */
const REPETITIONS = Number(process.env['TEST_ROUNDS'] ?? 12);
const CALLERS = 50;

const key = await clientKey('ES256');
const SECRET = 'a-secret-of-more-than-32-characters-to-sign-with';

const [web] = SEED.clients;
/** What people may allow in a tab each. */
const TABS = Array.from({ length: 10 }, (_, index) => `tab-${index}`);
const TABBED = ['tabs-0', 'tabs-1', 'tabs-2', 'tabs-3'];
const SEED_FILE = seedFile({
  ...SEED,
  scopes: { ...SEED.scopes, ...Object.fromEntries(TABS.map((tab) => [tab, tab])) },
  clients: [
    web,
    { ...web, client_id: 'jwt', access_token_format: 'jwt' },
    ...TABBED.map((id) => ({ ...web, client_id: id, scope: `read ${TABS.join(' ')}` })),
    {
      client_id: 'private_key_jwt',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
      grant_types: ['client_credentials'],
    },
    {
      client_id: 'client_secret_jwt',
      token_endpoint_auth_method: 'client_secret_jwt',
      client_secret: SECRET,
      grant_types: ['client_credentials'],
    },
  ],
});

/** Of both kinds of access token. */
const CLIENTS = ['web', 'jwt'];
const secretOf = (client: string) => `${client}:${web!.client_secret}`;

const ARRANGEMENTS: { name: string; servers: number; env: Env }[] = [
  { name: 'four servers', servers: 4, env: {} },
  { name: 'four processes on one port', servers: 1, env: { WORKERS: '4' } },
];

interface Code {
  readonly client: string;
  readonly form: Record<string, string>;
}

interface Tokens {
  readonly client: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

for (const { kind, fresh, skip } of DATABASES) {
  for (const { name, servers, env } of ARRANGEMENTS) {
    describe(`${name} with ${kind}`, { skip, timeout: 300_000 }, () => {
      let site: Site;
      let databaseUrl: string;
      let alice: Person;
      const first = () => ({ origin: site.origins[0]! });

      before(async () => {
        databaseUrl = await fresh();
      });

      /** Starts a site for the suite this is called in. */
      function withSite(settings: Env): void {
        before(async () => {
          const common = { SEED_FILE, DATABASE_URL: databaseUrl, AUTHORIZATION_CODE_TTL: '600' };
          site = await startSite(servers, { ...common, ...env, ...settings });
          alice = person();
          for (const client of CLIENTS) await alice.allow(urlFor(client));
        });
        after(async () => {
          assert.deepEqual(await site.stop(), Array(servers).fill(0));
        });
      }

      const person = () => new Person({ ...first(), issuer: site.issuer });

      const urlFor = (client: string, params = {}) =>
        authorizeUrl({ issuer: first().origin }, { client_id: client, ...params });

      /** Asks that often at the same instant, all servers in turn. */
      function atOnce<T>(times: number, ask: (server: Server, index: number) => Promise<T>) {
        const { origins } = site;
        return Promise.all(
          Array.from({ length: times }, (_, index) =>
            ask({ origin: origins[index % origins.length]! }, index),
          ),
        );
      }

      /** Asks often enough for every process to be asked. */
      const everywhere = <T>(ask: (server: Server, index: number) => Promise<T>) => atOnce(8, ask);

      async function newCode(client: string): Promise<Code> {
        const { verifier, challenge } = pkce();
        const back = await alice.allow(urlFor(client, { code_challenge: challenge }));
        const code = back.searchParams.get('code') ?? '';
        return {
          client,
          form: { grant_type: 'authorization_code', code, code_verifier: verifier },
        };
      }

      async function newTokens(client: string): Promise<Tokens> {
        const { form } = await newCode(client);
        return tokensOf(client, await post(first(), 'token', form, secretOf(client)));
      }

      /** One for every repetition. */
      async function many<T>(make: (client: string) => Promise<T>): Promise<T[]> {
        const made: T[] = [];
        while (made.length < REPETITIONS) made.push(...(await Promise.all(CLIENTS.map(make))));
        return made;
      }

      const refresh = (server: Server, { client, refresh_token }: Tokens) =>
        post(server, 'token', { grant_type: 'refresh_token', refresh_token }, secretOf(client));

      const statusEverywhere = (accessToken: string) =>
        everywhere(async (server) => (await useToken(server, accessToken)).status);

      const introspectEverywhere = ({ client, access_token }: Tokens) =>
        everywhere(
          async (server) =>
            (await post(server, 'introspect', { token: access_token }, secretOf(client))).json
              .active,
        );

      async function assertEnded(tokens: Tokens): Promise<void> {
        assertAll(await statusEverywhere(tokens.access_token), 401);
        assertAll(await introspectEverywhere(tokens), false);
        assert.equal((await refresh(first(), tokens)).json.error, 'invalid_grant');
      }

      describe('without a window for retries', () => {
        withSite({ REFRESH_RETRY_WINDOW: '0' });

        it('redeem a code for one of 50 callers, and what it got is good everywhere', async () => {
          for (const { client, form } of await many(newCode)) {
            const answers = await atOnce(CALLERS, (server) =>
              post(server, 'token', form, secretOf(client)),
            );
            const tokens = tokensOf(client, onlyOne(answers, 400, 'invalid_grant'));
            assertAll(await statusEverywhere(tokens.access_token), 200);
            tokensOf(client, await refresh(first(), tokens));
          }
        });

        it('exchange a refresh token for one of 50 callers, and the family has ended with the others', async () => {
          for (const tokens of await many(newTokens)) {
            const answers = await atOnce(CALLERS, (server) => refresh(server, tokens));
            await assertEnded(tokensOf(tokens.client, onlyOne(answers, 400, 'invalid_grant')));
            assert.equal((await useToken(first(), tokens.access_token)).status, 401);
          }
        });

        it('let one of 50 callers in with an assertion', async () => {
          for (let count = 0; count < REPETITIONS; count += 1) {
            const [client, material] =
              count % 2 === 0
                ? (['private_key_jwt', key] as const)
                : (['client_secret_jwt', SECRET] as const);
            const assertion = await signed(assertionClaims(client, site.issuer), material);
            const form = { grant_type: 'client_credentials', ...withAssertion(assertion) };
            const answers = await atOnce(CALLERS, (server) => post(server, 'token', form));
            onlyOne(answers, 401, 'invalid_client');
          }
        });
      });

      describe('with a window for retries, and limits', () => {
        withSite({ RATE_LIMIT: 'on', CLIENT_LIMIT: '7', LOGIN_LIMIT_PER_ACCOUNT: '5' });

        it('give 50 callers who refresh with one token the same successor, and all they got works', async () => {
          for (const tokens of await many(newTokens)) {
            const answers = await atOnce(CALLERS, (server) => refresh(server, tokens));
            const given = answers.map((answer) => tokensOf(tokens.client, answer));
            assert.equal(new Set(given.map(({ refresh_token }) => refresh_token)).size, 1);
            assert.equal(new Set(given.map(({ access_token }) => access_token)).size, CALLERS);
            assertAll(
              await everywhere((server, index) =>
                useToken(server, given[index]!.access_token).then(({ status }) => status),
              ),
              200,
            );
            tokensOf(tokens.client, await refresh(first(), given[0]!));
          }
        });

        it('leave nothing alive where a family is refreshed and revoked at the same instant', async () => {
          for (const tokens of await many(newTokens)) {
            const answers = await atOnce(10, (server, index) =>
              index === 5
                ? post(server, 'revoke', { token: tokens.refresh_token }, secretOf(tokens.client))
                : refresh(server, tokens),
            );
            assert.equal(answers[5]!.status, 200);
            const refreshed = answers.toSpliced(5, 1).filter(({ status, json }) => {
              if (status !== 200) assert.equal(json.error, 'invalid_grant');
              return status === 200;
            });
            for (const { json } of refreshed) {
              assert.equal((await useToken(first(), json.access_token)).status, 401);
            }
            await assertEnded({ ...tokens, ...refreshed[0]?.json });
          }
        });

        it('refuse a token everywhere from the moment that one has answered its revocation', async () => {
          for (const tokens of (await many(newTokens)).slice(0, 20)) {
            assertAll(await statusEverywhere(tokens.access_token), 200);
            const { client, access_token, refresh_token } = tokens;
            await post(first(), 'revoke', { token: access_token }, secretOf(client));
            assertAll(await statusEverywhere(access_token), 401);
            assertAll(await introspectEverywhere(tokens), false);
            const next = tokensOf(client, await refresh(first(), tokens));
            await post(first(), 'revoke', { token: refresh_token }, secretOf(client));
            await assertEnded(next);
          }
        });

        it('count the failures of a client once, wherever they happen', async () => {
          const answers = await atOnce(CALLERS, (server) =>
            post(server, 'token', { grant_type: 'client_credentials' }, 'tabs-0:wrong'),
          );
          assert.deepEqual(tally(answers), { 401: 7, 429: CALLERS - 7 });
        });

        it('count the failed logins of an account once, wherever they happen', async () => {
          const bob = person();
          const page = await bob.visit(`${first().origin}/login`);
          const { action, fields } = readForm(page.text);
          const body = new URLSearchParams({ ...fields, username: 'bob', password: 'wrong' });
          const answers = await atOnce(CALLERS, ({ origin }) =>
            bob.open(origin + action, { method: 'POST', body }),
          );
          assert.deepEqual(tally(answers), { 400: 5, 429: CALLERS - 5 });
        });

        it('know who is signed in everywhere, and that they have signed out', async () => {
          const person = new Person({ ...first(), issuer: site.issuer });
          const greeted = () =>
            everywhere(async ({ origin }) =>
              (await person.open(`${origin}/login`)).text.includes('Alice Liddell'),
            );
          await person.signIn(await person.visit('/login'));
          const cookies = new Map(person.cookies);
          assertAll(await greeted(), true);
          const page = await person.open(`${site.origins.at(-1)}/logout`);
          await person.submit(page, {});
          // The browser forgets its cookie, but a thief does not.
          for (const [name, value] of cookies) person.cookies.set(name, value);
          assertAll(await greeted(), false);
        });

        it('remember all consents that are given at the same instant', async () => {
          for (const client of TABBED) {
            await alice.allow(urlFor(client));
            const pages = await Promise.all(
              TABS.map((scope) => alice.visit(urlFor(client, { scope }))),
            );
            const backs = await atOnce(TABS.length, ({ origin }, index) => {
              const { action, fields } = readForm(pages[index]!.text);
              const body = new URLSearchParams({ ...fields, decision: 'allow' });
              return alice.open(origin + action, { method: 'POST', body });
            });
            for (const { location } of backs) assert.match(location, /[?&]code=/);
            const scope = `read ${TABS.join(' ')}`;
            const silent = await alice.open(urlFor(client, { scope, prompt: 'none' }));
            assert.match(silent.location, /[?&]code=/);
          }
        });

        it('publish the same keys everywhere', async () => {
          const sets = await everywhere(async (server) => (await get(server, '/oauth/jwks')).json);
          for (const set of sets) assert.deepEqual(ids(set), ids(sets[0]));
        });
      });
    });
  }

  describe(`the first start of four servers with ${kind}`, { skip, timeout: 120_000 }, () => {
    it('makes the tables once, of eight who begin at the same instant', async () => {
      for (let round = 0; round < 5; round += 1) {
        const databaseUrl = await fresh();
        const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(databaseUrl)));
        await Promise.all(stores.map((store) => store.ping()));
        await Promise.all(stores.map((store) => store.close()));
      }
    });

    it('makes one set of keys: what one signs all accept from the first instant', async () => {
      for (let round = 0; round < 3; round += 1) {
        const databaseUrl = await fresh();
        const up: Server[] = [];
        const issued: string[] = [];
        const site = await startSite(
          4,
          { SEED_FILE, DATABASE_URL: databaseUrl, ACCESS_TOKEN_FORMAT: 'jwt' },
          {
            async onUp(server) {
              up.push(server);
              const form = { grant_type: 'client_credentials', scope: 'read' };
              const { access_token } = tokensOf(
                'web',
                await post(server, 'token', form, secretOf('web')),
              );
              issued.push(access_token);
              for (const other of up) {
                for (const token of issued)
                  assert.equal((await useToken(other, token)).status, 200);
              }
            },
          },
        );
        assert.equal(issued.length, 4);
        const users = await look(databaseUrl, 'select username from oauth_users order by username');
        assert.deepEqual(users, [{ username: 'alice' }, { username: 'bob' }]);
        await site.stop();
      }
    });
  });
}

function tokensOf(client: string, { status, text, json }: Said): Tokens {
  assert.equal(status, 200, text);
  return { client, ...json };
}

/** The one successful answer; fails unless all others are refused with this error. */
function onlyOne(answers: Said[], status: number, error: string): Said {
  const won = answers.filter((answer) => answer.status === 200);
  assert.equal(won.length, 1, `${won.length} have won`);
  for (const answer of answers.filter((one) => !won.includes(one))) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.json.error, error);
  }
  return won[0]!;
}

function assertAll<T>(actual: readonly T[], expected: T): void {
  assert.deepEqual(
    actual,
    actual.map(() => expected),
  );
}

/** How many answers have which status. */
function tally(answers: readonly { status: number }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function ids({ keys }: { keys: { kid: string }[] }): string[] {
  return keys.map(({ kid }) => kid).sort();
}
