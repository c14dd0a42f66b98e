// What an app adds to tokens and to the token endpoint's answer: the same wherever a token is looked at,
// and nothing is used up where the app cannot say it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { createModel, type TokenContext } from '../../src/index.ts';
import { authorizeUrl, pkce, requestToken } from '../helpers/flows.ts';
import { type AnyOptions, type Host, serveAround } from '../helpers/host.ts';
import { basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const WEB = 'web:web-secret';

interface Adding extends Host {
  /** What the app answers from now on. */
  answer: { claims: unknown; tokenResponse: unknown };
  readonly asked: { claims: TokenContext[]; tokenResponse: TokenContext[] };
  readonly failures: Error[];
}

/** An app that adds what it is told to. */
async function adding(options: AnyOptions = {}): Promise<Adding> {
  const app: Pick<Adding, 'answer' | 'asked'> = {
    answer: { claims: undefined, tokenResponse: undefined },
    asked: { claims: [], tokenResponse: [] },
  };
  const say = (name: 'claims' | 'tokenResponse') => async (context: TokenContext) => {
    app.asked[name].push(context);
    const given = app.answer[name];
    return typeof given === 'function' ? given(context) : given;
  };
  const host = await serveAround(
    (around, { handler, protect }) => {
      around.use(handler);
      around.get('/token', protect(), (_req, res) => void res.json(res.locals['oauth'].token));
    },
    { claims: say('claims'), tokenResponse: say('tokenResponse'), ...options },
  );
  const failures: Error[] = [];
  host.server.events.on('failure', ({ error }) => failures.push(error as Error));
  return Object.assign(app, host, { failures });
}

const ownToken = (host: Host, form = {}) =>
  requestToken(host, { grant_type: 'client_credentials', ...form }, WEB);

/** A code of a person, and what exchanges it. */
async function aCode(host: Host, scope = 'read write') {
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(host, { code_challenge: challenge, scope });
  const back = await new Person(host).allow(url);
  const code = back.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
  return () => requestToken(host, { ...form, redirect_uri: 'http://127.0.0.1:9/callback' }, WEB);
}

const refresh = (host: Host, token: string, form = {}) =>
  requestToken(host, { grant_type: 'refresh_token', refresh_token: token, ...form }, WEB);

async function introspect(host: Host, token: string) {
  const { json } = await http(`${host.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic('web', 'web-secret') },
    body: new URLSearchParams({ token }),
  });
  return json;
}

const atRoute = async (host: Host, token: string) =>
  (await http(`${host.origin}/token`, { headers: { authorization: `Bearer ${token}` } })).json;

const host = await adding();
const jwtHost = await adding({ accessTokenFormat: 'jwt' });
const TENANT = { tenant: 'Zoë & Söhne', roles: ['a', { deep: [null, true, 1.5] }] };

describe('claims', () => {
  for (const [format, at] of [
    ['an opaque token', host],
    ['a JWT', jwtHost],
  ] as const) {
    it(`are in ${format}, in its introspection and at a protected route`, async () => {
      at.answer.claims = TENANT;
      for (const ask of [() => ownToken(at), await aCode(at)]) {
        const { json } = await ask();
        const { tenant, roles, active, client_id } = await introspect(at, json.access_token);
        assert.deepEqual({ tenant, roles }, TENANT);
        assert.deepEqual([active, client_id], [true, 'web']);
        assert.deepEqual((await atRoute(at, json.access_token)).claims, TENANT);
        if (at === jwtHost) {
          const { tenant, roles } = decodeJwt(json.access_token);
          assert.deepEqual({ tenant, roles }, TENANT);
        }
      }
    });

    it(`are absent from ${format} where the app answers nothing`, async () => {
      for (const nothing of [undefined, null, {}]) {
        at.answer.claims = nothing;
        const { json } = await ownToken(at);
        assert.ok(!('tenant' in (await introspect(at, json.access_token))));
        assert.deepEqual((await atRoute(at, json.access_token)).claims, {});
      }
    });
  }

  it('are asked with the person, the client, the grant, the scope and the resource', async () => {
    host.answer.claims = undefined;
    const exchange = await aCode(host);
    host.asked.claims = [];
    const { json } = await exchange();
    await refresh(host, json.refresh_token, { scope: 'read' });
    await ownToken(host, { scope: 'write', resource: 'https://api.example/' });
    const [first, second, own] = host.asked.claims;
    assert.deepEqual(first!.user, {
      id: 'alice',
      username: 'alice',
      name: 'Alice Liddell',
      email: undefined,
    });
    assert.equal(first!.client.name, 'Web App');
    assert.equal(first!.grant?.userId, 'alice');
    assert.deepEqual([first!.scope, first!.resource], [['read', 'write'], []]);
    assert.deepEqual(second!.scope, ['read']);
    assert.equal(second!.grant?.id, first!.grant?.id);
    assert.deepEqual([own!.user, own!.grant], [undefined, undefined]);
    assert.deepEqual([own!.scope, own!.resource], [['write'], ['https://api.example/']]);
  });

  it('are asked again at a refresh, and the earlier token keeps its own', async () => {
    host.answer.claims = { round: 1 };
    const { json: first } = await (await aCode(host))();
    host.answer.claims = { round: 2 };
    const { json: second } = await refresh(host, first.refresh_token);
    assert.equal((await introspect(host, first.access_token)).round, 1);
    assert.equal((await introspect(host, second.access_token)).round, 2);
  });

  it('change nothing that is issued where the app changes what it was asked with', async () => {
    host.answer.claims = ({ scope, resource }: { scope: string[]; resource: string[] }) => {
      scope.push('admin');
      resource.push('https://other.example/');
    };
    const { json } = await ownToken(host, { scope: 'read' });
    assert.equal(json.scope, 'read');
    assert.deepEqual((await atRoute(host, json.access_token)).audience, [host.issuer]);
  });

  it('are asked with the id alone of a person of an app that signs people in itself', async () => {
    const own = await adding({ authenticate: () => ({ id: 7, name: 'Seven' }), loginUrl: '/in' });
    own.answer.claims = ({ user }: TokenContext) => ({ is: user });
    const { json } = await (await aCode(own))();
    assert.deepEqual((await introspect(own, json.access_token)).is, { id: '7' });
  });
});

describe('tokenResponse', () => {
  it('adds fields to the answer, asked with the grant type besides', async () => {
    host.answer = { claims: undefined, tokenResponse: { plan: 'gold', limits: [1, 2] } };
    const exchange = await aCode(host);
    host.asked.tokenResponse = [];
    const { json } = await exchange();
    const { json: again } = await refresh(host, json.refresh_token);
    const { json: own } = await ownToken(host);
    for (const { plan, limits, token_type } of [json, again, own]) {
      assert.deepEqual([plan, limits, token_type], ['gold', [1, 2], 'Bearer']);
    }
    assert.deepEqual(
      host.asked.tokenResponse.map((context) => 'grantType' in context && context.grantType),
      ['authorization_code', 'refresh_token', 'client_credentials'],
    );
    assert.ok(!('plan' in (await introspect(host, json.access_token))));
    host.answer.tokenResponse = undefined;
  });
});

const cycle: Record<string, unknown> = {};
cycle['itself'] = cycle;

describe('an answer that cannot be used is server_error, named in the log alone', () => {
  for (const [answer, problem] of [
    ['gold', 'answered "gold", which is not an object.'],
    [[1], 'answered a list of 1, which is not an object.'],
    [new Map([['a', 1]]), 'answered with an object of the class Map for the whole, which JSON'],
    [{ at: new Date(0) }, 'answered with 1970-01-01T00:00:00.000Z for at, which JSON has no place'],
    [{ a: { b: [() => 1] } }, 'answered with a function for a.b[0], which JSON'],
    [{ a: undefined }, 'answered with undefined for a, which JSON'],
    [{ a: Number.NaN }, 'answered with NaN for a, which JSON'],
    [{ a: 7n }, 'answered with a BigInt for a, which JSON'],
    [{ a: Symbol('s') }, 'answered with Symbol(s) for a, which JSON'],
    [{ a: { [Symbol('s')]: 1 } }, 'answered with an object for a, which JSON'],
    // biome-ignore lint/suspicious/noSparseArray: that is what is refused
    [{ a: [1, , 2] }, 'answered with undefined for a[1], which JSON'],
    [{ a: '\ud800' }, 'answered with half of a character in a.'],
    [cycle, 'that is nested deeper than 16 levels, or holds itself.'],
    [{ a: 'é'.repeat(2048) }, 'answered with 4104 bytes of JSON, and may answer with 4096.'],
    [
      () => {
        throw new Error('no database');
      },
      'a function of the app, failed: no database',
    ],
  ] as const) {
    for (const option of ['claims', 'tokenResponse'] as const) {
      it(`${option}: ${problem}`, async () => {
        host.answer = { claims: undefined, tokenResponse: undefined, [option]: answer };
        host.failures.length = 0;
        const { status, json } = await ownToken(host);
        assert.equal(status, 500);
        assert.equal(json.error, 'server_error');
        assert.doesNotMatch(json.error_description, /claims|tokenResponse/);
        const [failure, ...more] = host.failures;
        assert.equal(more.length, 0);
        assert.equal(failure?.name, 'HostError');
        assert.ok(failure.message.startsWith(`The option ${option}`), failure.message);
        assert.ok(failure.message.includes(problem), failure.message);
        host.answer = { claims: undefined, tokenResponse: undefined };
      });
    }
  }

  it('where it has a name that only the server may set, and no other name', async () => {
    const refused = async (option: 'claims' | 'tokenResponse', name: string) => {
      host.failures.length = 0;
      host.answer = { claims: undefined, tokenResponse: undefined, [option]: { [name]: 'x' } };
      const { status } = await ownToken(host);
      if (status === 200) return false;
      assert.equal(
        host.failures[0]?.message,
        `The option ${option} answered with ${name}, which only the server itself may set.`,
      );
      return true;
    };
    // All that this server says of a token and in an answer, whatever it is to say tomorrow.
    host.answer = { claims: undefined, tokenResponse: undefined };
    const { json } = await (await aCode(host))();
    const { json: jwt } = await (await aCode(jwtHost))();
    const claims = [
      ...Object.keys(decodeJwt(jwt.access_token)),
      ...Object.keys(await introspect(host, json.access_token)),
      ...['nbf', 'cnf', 'act', 'may_act', 'acr', 'amr'],
    ].filter((name) => name !== 'round');
    for (const name of claims) assert.equal(await refused('claims', name), true, name);
    for (const name of [...Object.keys(json), 'error', 'id_token', 'issued_token_type']) {
      assert.equal(await refused('tokenResponse', name), true, name);
    }
    for (const name of ['roles', 'groups', 'entitlements', 'Sub', 'email', '__proto__']) {
      assert.equal(await refused('claims', name), false, name);
    }
    host.answer = { claims: undefined, tokenResponse: undefined };
  });

  it('and neither a code nor a refresh token is used up by it', async () => {
    const exchange = await aCode(host);
    host.answer.claims = 'rubbish';
    assert.equal((await exchange()).status, 500);
    host.answer.claims = undefined;
    const { status, json } = await exchange();
    assert.equal(status, 200);
    host.answer.tokenResponse = 'rubbish';
    assert.equal((await refresh(host, json.refresh_token)).status, 500);
    host.answer.tokenResponse = undefined;
    assert.equal((await refresh(host, json.refresh_token)).status, 200);
  });
});

describe('createModel()', () => {
  it('adds claims to the tokens that the library has made', async () => {
    const model = createModel(undefined, {
      claims: ({ client, scope }) => ({ of: client.name, words: scope }),
    });
    const client = {
      id: 'web',
      name: 'Web App',
      secretHashes: [],
      redirectUris: [],
      grants: ['client_credentials'],
      scope: ['read'],
      requirePkce: true,
    };
    await model.store.clients.save(client);
    const accessTokenExpiresAt = new Date(Date.now() + 60_000);
    const draft = { accessToken: 'a token', accessTokenExpiresAt, scope: ['read'] };
    const saved = await model.saveToken(draft, client, {});
    assert.ok(!('claims' in saved));
    const found = await model.getAccessToken('a token');
    assert.deepEqual(found?.claims, { of: 'Web App', words: ['read'] });
  });
});
