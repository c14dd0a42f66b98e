// Grant types of an app: they issue as ours do, and what the app does wrong is the app's failure, in the
// log, with its name.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CustomGrantCall,
  OAuthError,
  parseSeed,
  type ServerEvents,
  type Ticket,
} from '../../src/index.ts';
import { sha256 } from '../../src/protocol/secrets.ts';
import { authorizeUrl, pkce, requestToken } from '../helpers/flows.ts';
import { serveHost } from '../helpers/host.ts';
import { basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const NAME = 'urn:example:params:oauth:grant-type:knock';
const WEB = 'web:web-secret';

/** What the app does with a request from now on. */
let handle: (call: CustomGrantCall) => unknown;
let claims: unknown;

const host = await serveHost({
  grants: {
    // The same name as one of ours, and shorter: that of ours stays as long as it is.
    [NAME]: {
      metadata: { knock_lengths: [4, 8] },
      parameters: { knock: 8, code: 4 },
      handle: (call: CustomGrantCall) => handle(call),
    },
  },
  claims: () => claims,
  tokenResponse: ({ grantType }: { grantType: string }) => ({ by: grantType }),
  resources: { 'https://api.example/': {} },
});
const { store } = host;
for (const id of ['web', 'spa', 'post-only']) {
  const client = (await store.clients.find(id))!;
  const grants = [...client.grants, NAME, 'urn:example:nobody-has-this'];
  await store.clients.save({ ...client, grants });
}
const failures: string[] = [];
const events: ServerEvents['token_issued'][0][] = [];
host.server.events.on('failure', ({ error }) => failures.push(String(error)));
host.server.events.on('token_issued', (event) => events.push(event));

const knock = (form: Record<string, string> = {}, client = WEB) =>
  requestToken(host, { grant_type: NAME, ...form }, client);

async function introspect(token: string) {
  const { json } = await http(`${host.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic('web', 'web-secret') },
    body: new URLSearchParams({ token }),
  });
  return json;
}

describe('a grant type of the app', () => {
  it('gets the client, the parameters, the method, the URL and the headers', async () => {
    let got: CustomGrantCall | undefined;
    handle = (call) => {
      got = call;
      return call.issue();
    };
    assert.equal((await knock({ knock: 'twice' })).status, 200);
    const { client, params, method, url, headers } = got!;
    assert.deepEqual([client.id, method, url], ['web', 'POST', '/oauth/token']);
    assert.deepEqual([params.get('knock'), params.getAll('knock')], ['twice', ['twice']]);
    assert.equal(params.get('scope'), undefined);
    assert.match(headers['content-type'] ?? '', /x-www-form-urlencoded/);
  });

  it('issues to the client itself, with the scope and the resource that it asks for', async () => {
    handle = ({ issue }) => issue();
    events.length = 0;
    const { status, json } = await knock({ scope: 'write', resource: 'https://api.example/' });
    assert.equal(status, 200, JSON.stringify(json));
    assert.deepEqual([json.scope, json.by, json.refresh_token], ['write', NAME, undefined]);
    const { sub, aud } = await introspect(json.access_token);
    assert.deepEqual([sub, aud], ['web', 'https://api.example/']);
    assert.deepEqual(events, [{ clientId: 'web', grantType: NAME, scope: ['write'] }]);
  });

  it('issues for a person, with a refresh token if the client is registered for it', async () => {
    handle = ({ issue }) => issue({ user: { id: 'alice', authTime: 1.7e12 }, scope: ['read'] });
    const { json } = await knock({ scope: 'write' });
    assert.equal(json.scope, 'read', 'what the app says counts before what the client asks for');
    const { sub, auth_time } = await introspect(json.access_token);
    assert.deepEqual([sub, auth_time], ['alice', 1_700_000_000]);
    const form = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
    const { status, json: again } = await requestToken(host, form, WEB);
    assert.deepEqual([status, again.scope], [200, 'read']);
    const client = (await store.clients.find('web'))!;
    await store.clients.save({ ...client, grants: [NAME] });
    assert.equal((await knock()).json.refresh_token, undefined);
    await store.clients.save(client);
  });

  it('opens a grant that the person sees, and can end', async () => {
    handle = ({ issue }) => issue({ user: { id: 'bob-2' } });
    await store.users.save({ ...(await store.users.find('alice'))!, id: 'bob-2', username: 'b2' });
    const { json } = await knock();
    const [grant, ...more] = await store.grants.listByUser('bob-2', Date.now());
    assert.deepEqual([grant?.clientId, more.length], ['web', 0]);
    assert.equal(await store.consents.withdraw('bob-2', 'web'), true);
    assert.deepEqual(await introspect(json.access_token), { active: false });
  });

  it('is in the discovery document', async () => {
    const { json } = await http(`${host.origin}/.well-known/oauth-authorization-server`);
    assert.deepEqual(json.grant_types_supported.slice(-1), [NAME]);
    assert.deepEqual(json.knock_lengths, [4, 8]);
  });

  it('has the claims of the app in its tokens', async () => {
    handle = ({ issue }) => issue();
    claims = { tenant: 7 };
    const { json } = await knock();
    claims = undefined;
    assert.equal((await introspect(json.access_token)).tenant, 7);
  });

  it('leaves ours as they are: a code is longer than its own parameter of that name', async () => {
    const { verifier, challenge } = pkce();
    const back = await new Person(host).allow(authorizeUrl(host, { code_challenge: challenge }));
    const code = back.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
    assert.equal((await requestToken(host, form, WEB)).status, 200);
  });
});

describe('a request for it is refused', () => {
  for (const [title, form, client, error, description] of [
    [
      'from a client that is not registered for it',
      {},
      'legacy:legacy-secret',
      'unauthorized_client',
      /registered/,
    ],
    ['with a secret that is wrong', {}, 'web:wrong', 'invalid_client', /secret/],
    [
      'with a scope that the client may not have',
      { scope: 'admin' },
      WEB,
      'invalid_scope',
      /admin/,
    ],
    [
      'with another resource',
      { resource: 'https://x.example/' },
      WEB,
      'invalid_target',
      /resource/,
    ],
    [
      'with a parameter that is too long',
      { knock: '123456789' },
      WEB,
      'invalid_request',
      /knock is too long/,
    ],
    [
      'with one that is too long for it alone',
      { code: '12345' },
      WEB,
      'invalid_request',
      /code is too long: it may have 4/,
    ],
  ] as const) {
    it(title, async () => {
      handle = ({ issue, params }) => {
        params.get('code');
        return issue();
      };
      const { json } = await knock(form, client);
      assert.equal(json.error, error);
      assert.match(json.error_description, description);
    });
  }

  it('with the grant type of a client that the server does not have', async () => {
    const form = { grant_type: 'urn:example:nobody-has-this' };
    const { json } = await requestToken(host, form, WEB);
    assert.equal(json.error, 'unsupported_grant_type');
    assert.ok(json.error_description.includes(NAME));
  });

  it('from a public client that would act for itself, and not for a person', async () => {
    const ask = () => requestToken(host, { grant_type: NAME, client_id: 'spa' });
    handle = ({ issue }) => issue();
    assert.equal((await ask()).json.error, 'unauthorized_client');
    handle = ({ issue }) => issue({ user: { id: 'alice' } });
    assert.equal((await ask()).status, 200);
  });

  it('for a person who is not there, or has the id of the client', async () => {
    handle = ({ issue }) => issue({ user: { id: 'nobody' } });
    assert.equal((await knock()).json.error, 'invalid_grant');
  });

  it('with the error that the app throws, and nothing of it that is not for the client', async () => {
    handle = () => {
      throw new OAuthError('invalid_grant', 'Knock “twice” → now.', {
        headers: { 'Retry-After': '7' },
        target: { location: () => 'https://evil.example/' } as never,
      });
    };
    const { status, json, headers, location } = await knock();
    assert.deepEqual([status, location], [400, '']);
    assert.deepEqual(json, { error: 'invalid_grant', error_description: "Knock 'twice' ? now." });
    assert.equal(headers.get('retry-after'), '7');
  });
});

describe('what the app does wrong is server_error, and a failure with the name of its grant type', () => {
  for (const [problem, wrong] of [
    ['answered undefined, and not what issue() answers', () => undefined],
    ['answered an object, and not what issue() answers', () => ({ access_token: 'forged' })],
    ['answered undefined, and not what issue() answers', ({ issue }) => void issue()],
    [
      'answered an object, and not what issue() answers',
      async ({ issue }) => ({ ...(await issue()) }),
    ],
    [
      'called issue() twice for one request',
      async ({ issue }) => {
        await issue();
        return issue();
      },
    ],
    [
      'failed: no database',
      () => {
        throw new Error('no database');
      },
    ],
    ['failed: "nothing"', () => Promise.reject('nothing')],
    [
      'reads the parameter "client_secret", which is not',
      ({ params }) => params.get('client_secret'),
    ],
    ['reads the parameter "knok", which is not', ({ params }) => params.getAll('knok')],
    ['gave issue() an object, which has users', ({ issue }) => issue({ users: 1 } as never)],
    [
      'which has the user "alice", which is not { id }',
      ({ issue }) => issue({ user: 'alice' as never }),
    ],
    [
      'which has the user undefined: leave it out',
      ({ issue }) => issue({ user: undefined as never }),
    ],
    [
      'which has the ticket an object of the class Promise, which has to be awaited first',
      ({ issue }) => issue({ ticket: Promise.resolve() as never }),
    ],
    ['which has the ticket undefined: leave', ({ issue }) => issue({ ticket: undefined as never })],
    ['with the id "", which is empty', ({ issue }) => issue({ user: { id: '' } })],
    [
      'with the id "josé", which has a character that is not ASCII: the person needs another id',
      ({ issue }) => issue({ user: { id: 'josé' } }),
    ],
    ['which is before 1973', ({ issue }) => issue({ user: { id: 'alice', authTime: 1.7e9 } })],
    [
      'which has the scope "read", which is not a list',
      ({ issue }) => issue({ scope: 'read' as never }),
    ],
    ['The ticket cannot be stored: its kind', ({ issue }) => issue({ ticket: {} as never })],
    [
      'failed: The code of an OAuthError is "no_such_error", which is none of',
      () => {
        throw new OAuthError('no_such_error' as never, 'It is not there.');
      },
    ],
    [
      'failed: The status of an OAuthError is 200',
      () => {
        throw new OAuthError('invalid_grant', 'No.', { status: 200 });
      },
    ],
  ] as const satisfies [string, (call: CustomGrantCall) => unknown][]) {
    it(problem, async () => {
      handle = wrong as typeof handle;
      failures.length = 0;
      const { status, json } = await knock();
      assert.deepEqual([status, json.error], [500, 'server_error']);
      assert.equal(failures.length, 1);
      assert.ok(failures[0]!.startsWith(`HostError: The option grants['${NAME}']`), failures[0]);
      assert.ok(failures[0]!.includes(problem), failures[0]);
    });
  }
});

describe('a ticket that tokens are given for', () => {
  const find = (knocked: string) => store.tickets.find('knock', sha256(knocked), Date.now());
  const create = async (knocked: string, changes: Partial<Ticket> = {}) => {
    const expiresAt = Date.now() + 60_000;
    const ticket = { kind: 'knock', hash: sha256(knocked), payload: {}, expiresAt, ...changes };
    assert.equal(await store.tickets.create(ticket, Date.now()), true);
  };
  const byTicket =
    (what = {}) =>
    async ({ store, params, issue }: CustomGrantCall) => {
      const hash = sha256(params.get('knock') ?? '');
      const ticket = await store.tickets.find('knock', hash, Date.now());
      if (ticket === undefined) throw new OAuthError('invalid_grant', 'Nobody has knocked so.');
      return issue({ ticket, ...what });
    };

  for (const [whom, what] of [
    ['a person', { user: { id: 'alice' } }],
    ['the client itself', {}],
  ] as const) {
    it(`brings tokens for ${whom} to one of many requests`, async () => {
      await create('once');
      handle = byTicket(what);
      const answers = await Promise.all(Array.from({ length: 20 }, () => knock({ knock: 'once' })));
      const won = answers.filter(({ status }) => status === 200);
      assert.equal(won.length, 1);
      for (const { status, json } of answers) {
        if (status !== 200) assert.equal(json.error, 'invalid_grant');
      }
      assert.equal((await introspect(won[0]!.json.access_token)).active, true);
    });
  }

  it('is not taken where the app cannot say what it adds, or the scope is refused', async () => {
    await create('kept');
    handle = byTicket({ user: { id: 'alice' } });
    claims = 'rubbish';
    assert.equal((await knock({ knock: 'kept' })).status, 500);
    claims = undefined;
    assert.equal((await knock({ knock: 'kept', scope: 'admin' })).status, 400);
    assert.equal((await knock({ knock: 'kept' })).status, 200);
    assert.equal(await find('kept'), undefined);
  });

  it('is not taken by an app that has given up waiting for itself, and goes on', async () => {
    await create('late');
    const gone = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    handle = async (call) => {
      late.resolve(gone.promise.then(() => byTicket()(call)).catch(String));
      throw new OAuthError('temporarily_unavailable', 'It takes too long.');
    };
    assert.equal((await knock({ knock: 'late' })).json.error, 'temporarily_unavailable');
    gone.resolve();
    assert.match(String(await late.promise), /called issue\(\) once it had answered/);
    assert.ok(await find('late'));
  });

  it('is not taken by another client', async () => {
    await create('theirs', { clientId: 'web' });
    handle = byTicket();
    const form = { grant_type: NAME, knock: 'theirs' };
    const other = { client_id: 'post-only', client_secret: 'post-secret' };
    const { json } = await requestToken(host, { ...form, ...other });
    assert.equal(json.error, 'invalid_grant');
    assert.ok(await find('theirs'));
    assert.equal((await knock({ knock: 'theirs' })).status, 200);
  });
});

describe('the option clients', () => {
  it('may register clients for the grant types of the option grants', async () => {
    const own = await serveHost({
      grants: { [NAME]: { parameters: {}, handle: ({ issue }: CustomGrantCall) => issue() } },
      clients: [
        {
          client_id: 'knocker',
          client_secret: 'a-secret-of-32-characters-or-more',
          grant_types: [NAME],
        },
      ],
    });
    const form = { grant_type: NAME };
    const client = 'knocker:a-secret-of-32-characters-or-more';
    assert.equal((await requestToken(own, form, client)).status, 200);
  });
});

describe('a seed', () => {
  it('may register clients for the grant types that it is told of, and no others', () => {
    const [client] = SEED.clients;
    const seed = JSON.stringify({ ...SEED, clients: [{ ...client, grant_types: [NAME] }] });
    assert.deepEqual(parseSeed('the seed', seed, false, [NAME]).clients[0]?.grant_types, [NAME]);
    assert.throws(() => parseSeed('the seed', seed), /grant_types\[0\] must be one of author/);
  });
});
