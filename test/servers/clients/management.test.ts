// RFC 7592: a client manages its registration.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consentMark } from '../../../src/protocol/client.ts';
import { deriveKey, mac } from '../../../src/protocol/secrets.ts';
import { authorizeAs, requestToken } from '../../helpers/flows.ts';
import { type Host, serveHost } from '../../helpers/host.ts';
import { type Answer, http } from '../../helpers/http.ts';
import {
  APP,
  bearer,
  manageClient,
  registerClient,
  sendMetadata,
} from '../../helpers/registering.ts';

const SCOPES = { read: 'Read', write: 'Write', admin: 'Do anything' };
const CALLBACK = APP.redirect_uris[0]!;

const SECRET = 'of-the-clients-that-manage-themselves';

const serve = (options = {}) =>
  serveHost({
    secret: SECRET,
    registration: 'open',
    scopes: SCOPES,
    selfRegisteredScopes: ['read'],
    ...options,
  });

async function newClient(host: Host, body: object = APP, headers = {}) {
  const { status, json } = await registerClient(host, body, headers);
  assert.equal(status, 201, JSON.stringify(json));
  return json;
}

/** What a client sends to replace its registration with the same. */
const own = ({ client_id }: { client_id: string }, changes: object = {}) => ({
  ...APP,
  client_id,
  ...changes,
});

const bySecret = ({ client_id, client_secret }: { client_id: string; client_secret: string }) =>
  `${client_id}:${client_secret}`;

/** Whether a client gets past its authentication at the token endpoint. */
async function authenticates(host: Host, credentials: string): Promise<boolean> {
  const form = { grant_type: 'refresh_token', refresh_token: 'none' };
  return (await requestToken(host, form, credentials)).json.error === 'invalid_grant';
}

function assertUnknown({ status, headers, json }: Answer): void {
  assert.equal(status, 401);
  assert.equal(json.error, 'invalid_token');
  assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm=.*error="invalid_token"/);
}

describe('a client that reads its registration', async () => {
  const host = await serve();

  it('is told what it was told when it registered, but for the secret', async () => {
    const { client_secret, client_secret_expires_at, ...rest } = await newClient(host);
    const answer = await manageClient(rest, 'GET');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.deepEqual(answer.json, rest);
    assert.equal((await http(rest.registration_client_uri, { method: 'HEAD' })).status, 401);
  });

  it('is a stranger with no token, a wrong one, that of another client, and an initial one', async () => {
    const [one, other] = [await newClient(host), await newClient(host)];
    const url = one.registration_client_uri;
    const tokens = [
      'made-up',
      other.registration_access_token,
      await host.server.registrationTokens.create(),
      one.client_secret,
    ];
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? own(one) : undefined;
      const none = await sendMetadata(url, method, body, {});
      assert.equal(none.status, 401);
      for (const token of tokens) {
        assertUnknown(await sendMetadata(url, method, body, bearer(token)));
      }
    }
    assert.equal((await manageClient(one, 'GET')).status, 200);
  });

  for (const id of ['web', 'nobody', '', '%', '%ff', 'a/b', '__proto__', 'x'.repeat(3000)]) {
    it(`finds nothing at an id that is none of its own: ${JSON.stringify(id.slice(0, 9))}`, async () => {
      const { registration_access_token: token } = await newClient(host);
      const url = `${host.issuer}/oauth/register/${id}`;
      const { status } = await http(url, { headers: bearer(token) });
      // Without an id it is the endpoint itself.
      assert.equal(status, id === '' ? 405 : 401);
    });
  }

  it('may do that from a browser, and may not do anything else', async () => {
    const { registration_client_uri: url } = await newClient(host);
    const preflight = await http(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, PUT, DELETE');
    const post = await http(url, { method: 'POST' });
    assert.equal(post.status, 405);
    assert.equal(post.headers.get('allow'), 'GET, HEAD, PUT, DELETE');
  });
});

describe('a client that replaces its registration', async () => {
  const host = await serve();

  it('has what it says, and what it leaves out is as if it had never been said', async () => {
    const client = await newClient(host, {
      ...APP,
      client_uri: 'https://app.example/',
      scope: 'read',
    });
    const { status, json } = await manageClient(
      client,
      'PUT',
      own(client, { client_name: 'Another', redirect_uris: ['https://app.example/other'] }),
    );
    assert.equal(status, 200);
    assert.equal(json.client_id, client.client_id);
    assert.equal(json.client_name, 'Another');
    assert.equal(json.client_uri, undefined);
    assert.equal(json.scope, 'read openid profile email address phone groups offline_access');
    assert.deepEqual(json.redirect_uris, ['https://app.example/other']);
    assert.equal(json.client_id_issued_at, client.client_id_issued_at);
    assert.ok(await authenticates(host, bySecret(client)), 'with the same secret');
  });

  it('may send back all that it was answered', async () => {
    const client = await newClient(host, {
      ...APP,
      application_type: 'native',
      redirect_uris: ['http://[::1]/'],
    });
    const { status, json } = await manageClient(client, 'PUT', client);
    assert.equal(status, 200, JSON.stringify(json));
    const { registration_access_token: before, ...was } = client;
    const { registration_access_token: after, ...is } = json;
    assert.deepEqual(is, was);
    assert.notEqual(after, before);
  });

  for (const [name, changes, problem] of [
    ['another client_id', { client_id: 'other' }, /client_id is not that of this registration/],
    ['no client_id', { client_id: undefined }, /client_id is missing/],
    [
      'a secret of its own choice',
      { client_secret: 's'.repeat(43) },
      /client_secret is not the one/,
    ],
    ['a secret that is no string', { client_secret: {} }, /client_secret is not the one/],
    ['a redirect URI that is wrong', { redirect_uris: ['javascript:x'] }, /redirect_uris\[0\]/],
    ['a software statement', { software_statement: 'x' }, /leave software_statement out/],
    ['a wrong type', { scope: 5 }, /scope must be a string/],
  ] as const) {
    it(`is refused ${name}, and nothing changes`, async () => {
      const client = await newClient(host);
      const kept = await host.store.clients.find(client.client_id);
      const { status, json } = await manageClient(client, 'PUT', own(client, changes));
      assert.equal(status, 400);
      assert.match(json.error_description, problem);
      assert.deepEqual(await host.store.clients.find(client.client_id), kept);
    });
  }

  it('keeps its secret if it sends an empty one, which counts as absent', async () => {
    const client = await newClient(host);
    const { secretHashes } = (await host.store.clients.find(client.client_id))!;
    const { status, json } = await manageClient(client, 'PUT', own(client, { client_secret: '' }));
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.client_secret, undefined);
    assert.deepEqual((await host.store.clients.find(client.client_id))?.secretHashes, secretHashes);
  });

  it('gains nothing that it could not have registered', async () => {
    const client = await newClient(host);
    const { json } = await manageClient(
      client,
      'PUT',
      own(client, {
        scope: 'read admin',
        grant_types: ['authorization_code', 'client_credentials'],
        require_pkce: false,
        introspects: [host.issuer],
      }),
    );
    assert.equal(json.scope, 'read');
    assert.deepEqual(json.grant_types, ['authorization_code']);
    const kept = await host.store.clients.find(client.client_id);
    assert.equal(kept?.requirePkce, true);
    assert.equal(kept?.introspects, undefined);
    assert.equal(kept?.source, 'registration');
  });

  it('keeps what was decided for it when somebody gave it a token, and cannot change that', async () => {
    const strict = await serve({ registration: 'token' });
    const token = await strict.server.registrationTokens.create({
      metadata: {
        require_pkce: false,
        scope: 'admin',
        client_name: 'Decided',
        grant_types: ['authorization_code'],
      },
    });
    const client = await newClient(strict, APP, bearer(token));
    const { json } = await manageClient(
      client,
      'PUT',
      own(client, { scope: 'read admin openid', client_name: 'Another' }),
    );
    assert.equal(json.require_pkce, false);
    assert.equal(json.scope, 'admin');
    assert.equal(json.client_name, 'Decided');
    assert.deepEqual(json.grant_types, ['authorization_code']);
    const answer = await strict.server.clients.find(client.client_id);
    assert.equal(answer?.scope, 'admin', 'and it may ask for no more');
  });

  it('changes back nothing that an operator has changed or taken away', async () => {
    const logo_uri = 'https://app.example/not-its-logo.png';
    const client = await newClient(host, { ...APP, logo_uri });
    const { clients } = host.server;
    await clients.update(client.client_id, { logo_uri: null, client_name: 'Seen by an operator' });
    await clients.update(client.client_id, { scope: 'read' });
    const changes = { logo_uri, client_name: 'My Bank', scope: 'read openid' };
    const { json } = await manageClient(client, 'PUT', own(client, changes));
    assert.equal(json.logo_uri, undefined);
    assert.equal(json.client_name, 'Seen by an operator');
    assert.equal(json.scope, 'read');
    assert.equal((await clients.find(client.client_id))?.scope, 'read');
  });

  it('gets a secret when it comes to need one, and loses the one that it has no use for', async () => {
    const client = await newClient(host, { ...APP, token_endpoint_auth_method: 'none' });
    const { json: secured } = await manageClient(client, 'PUT', own(client));
    assert.match(secured.client_secret, /^[\w-]{43}$/);
    assert.equal(secured.client_secret_expires_at, 0);
    assert.ok(await authenticates(host, bySecret(secured)));
    const open = own(client, { token_endpoint_auth_method: 'none' });
    const { json } = await manageClient(secured, 'PUT', open);
    assert.equal(json.client_secret, undefined);
    assert.equal(await authenticates(host, bySecret(secured)), false);
  });

  it('is asked for consent again if its answers go somewhere else', async () => {
    const client = await newClient(host);
    const kept = await host.store.clients.find(client.client_id);
    await manageClient(client, 'PUT', own(client, { redirect_uris: ['https://evil.example/'] }));
    assert.notEqual(
      consentMark((await host.store.clients.find(client.client_id))!),
      consentMark(kept!),
    );
  });

  it('is managed as before once a program has changed it', async () => {
    const client = await newClient(host);
    await host.server.clients.update(client.client_id, { access_token_ttl: 60 });
    const { status, json } = await manageClient(client, 'PUT', own(client));
    assert.equal(status, 200);
    assert.equal(json.access_token_ttl, 60);
    assert.equal((await host.store.clients.find(client.client_id))?.source, 'registration');
  });
});

describe('a registration access token', async () => {
  const host = await serve();
  const put = async (client: Awaited<ReturnType<typeof newClient>>) => {
    const { status, json } = await manageClient(client, 'PUT', own(client));
    assert.equal(status, 200, JSON.stringify(json));
    return json;
  };
  const statusOf = async (client: Awaited<ReturnType<typeof newClient>>) =>
    (await manageClient(client, 'GET')).status;

  it('works until the one that has replaced it is used', async () => {
    const first = await newClient(host);
    const second = await put(first);
    assert.notEqual(second.registration_access_token, first.registration_access_token);
    assert.equal(await statusOf(first), 200);
    assert.equal(await statusOf(second), 200);
    assert.equal(await statusOf(first), 401);
  });

  it('has one successor, however often the answer is lost, and is told it when it is read', async () => {
    const first = await newClient(host);
    const second = await put(first);
    const again = await put(first);
    assert.equal(again.registration_access_token, second.registration_access_token);
    const { json } = await manageClient(first, 'GET');
    assert.equal(json.registration_access_token, second.registration_access_token);
    const third = await put(second);
    assert.equal(await statusOf(first), 401);
    assert.equal(await statusOf(second), 200);
    assert.equal(await statusOf(third), 200);
  });

  it('is not computed from an older one by somebody who has the secret of the server', async () => {
    const key = deriveKey(SECRET, 'registration access tokens');
    const first = await newClient(host);
    const second = await put(first);
    const saltNow = async () =>
      (await host.store.clients.find(first.client_id))?.registrationAccessTokens?.salt;
    const salts = [await saltNow()];
    const third = await put(second);
    salts.push(await saltNow());
    assert.equal(new Set(salts).size, 2, 'each link of the chain has a salt of its own');
    let computed = first.registration_access_token;
    for (const { registration_access_token: token } of [second, third]) {
      computed = mac(key, computed);
      assert.notEqual(computed, token);
      assert.equal(await statusOf({ ...first, registration_access_token: computed }), 401);
    }
    const answers = JSON.stringify([first, second, third]);
    for (const salt of salts) assert.ok(salt !== undefined && !answers.includes(salt));
  });

  it('has one successor if many replace the registration at once', async () => {
    const client = await newClient(host);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        manageClient(client, 'PUT', own(client, { client_name: `Name ${at}` })),
      ),
    );
    const done = answers.filter(({ status }) => status === 200);
    assert.ok(done.length > 0 && answers.every(({ status }) => status === 200 || status === 429));
    const successors = new Set(done.map(({ json }) => json.registration_access_token));
    assert.equal(successors.size, 1);
    assert.equal(await statusOf({ ...client, registration_access_token: [...successors][0] }), 200);
  });
});

describe('a client that ends its registration', async () => {
  const host = await serve();

  it('is gone, with its grants, tokens and secret, and the token that it managed itself by', async () => {
    const client = await newClient(host);
    const flow = await authorizeAs(host, { client: bySecret(client), redirectUri: CALLBACK });
    const { access_token, refresh_token } = (await flow.exchange()).json;
    const told: unknown[] = [];
    host.server.events.once('client_removed', (event) => told.push(event));
    const answer = await manageClient(client, 'DELETE');
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    assert.deepEqual(told, [{ clientId: client.client_id, address: '127.0.0.1' }]);
    const { json } = await requestToken(
      host,
      { grant_type: 'refresh_token', refresh_token },
      bySecret(client),
    );
    assert.equal(json.error, 'invalid_client');
    const userinfo = await http(`${host.issuer}/oauth/userinfo`, { headers: bearer(access_token) });
    assert.equal(userinfo.status, 401);
    assertUnknown(await manageClient(client, 'GET'));
    assertUnknown(await manageClient(client, 'DELETE'));
    assertUnknown(await manageClient(client, 'PUT', own(client)));
  });

  it('is gone once, and a change at that moment does not bring it back', async () => {
    const client = await newClient(host);
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => manageClient(client, 'DELETE')),
      ...Array.from({ length: 5 }, () => manageClient(client, 'PUT', own(client))),
    ]);
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
    assert.equal(await host.store.clients.find(client.client_id), undefined);
  });
});
