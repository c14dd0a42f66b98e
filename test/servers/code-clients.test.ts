// Clients that an app lists in its options, or registers while the server runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuthorizationServerOptions,
  authorizationServer,
  SubjectTaken,
} from '../../src/index.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { authorizeAs, requestToken } from '../helpers/flows.ts';
import { withClock } from '../helpers/harness.ts';
import { type Host, serveAround } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';

const CREDENTIALS = { grant_type: 'client_credentials' };
const SECRET = 'a-secret-for-the-nightly-job-of-32-characters';
const JOB = {
  client_id: 'job',
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  scope: 'read',
};
const SERVER_SECRET = 'the-secret-of-every-server-in-this-file';
const SCOPES = { read: 'Read', write: 'Write' };

const tokenOf = (host: { issuer: string }, client: string, form = {}) =>
  requestToken(host, { ...CREDENTIALS, ...form }, client);

/** An app with a page and a route of its own beside the server. */
const serve = (options: object) =>
  serveAround(
    (app, { handler, protect }) => {
      app.use(handler);
      app.get('/shop', (_req, res) => res.send('open'));
      app.get('/own', protect(), (_req, res) => res.send('yours'));
    },
    { secret: SERVER_SECRET, ...options },
  );

/** The status of a request with a token. */
async function statusWith(host: Host, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await http(`${host.origin}/own`, { headers })).status;
}

/** Another server on the store of one, as another process would be. */
function another({ store, issuer }: Host, options: Partial<AuthorizationServerOptions> = {}) {
  const server = authorizationServer({
    issuer,
    store,
    secret: SERVER_SECRET,
    scopes: SCOPES,
    ...options,
  });
  void server.close();
  const unlisted: string[] = [];
  server.events.on('client_unlisted', ({ clientId }) => unlisted.push(clientId));
  return { ...server, unlisted };
}

/** The same store, which counts what is saved. */
function counting(store: Store) {
  let saved = 0;
  const clients: Store['clients'] = {
    ...store.clients,
    async save(client) {
      saved += 1;
      return store.clients.save(client);
    },
  };
  return { store: { ...store, clients }, count: () => saved };
}

describe('a client that the options list', async () => {
  const host = await serve({ scopes: SCOPES, clients: [JOB] });

  it('is there for the first request, though nobody has called ready()', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => tokenOf(host, `job:${SECRET}`)));
    for (const { status, json } of answers) {
      assert.equal(status, 200);
      assert.equal(json.scope, 'read');
    }
    const kept = await host.store.clients.find('job');
    assert.equal(kept?.source, 'options');
    assert.doesNotMatch(JSON.stringify(kept), new RegExp(SECRET));
  });

  it('is written once, however many servers start, and again when it has changed', async () => {
    const counted = counting(host.store);
    for (let start = 0; start < 3; start += 1) {
      await another({ ...host, store: counted.store }, { clients: [JOB] }).ready();
    }
    assert.equal(counted.count(), 0);
    const changed = { ...JOB, scope: 'read write' };
    const several = [1, 2, 3].map(() => another(host, { clients: [changed] }).ready());
    await Promise.all(several);
    assert.equal((await tokenOf(host, `job:${SECRET}`)).json.scope, 'read write');
  });

  it('keeps the tokens that it got for itself when a server starts, also with a changed list', async () => {
    const { json } = await tokenOf(host, `job:${SECRET}`);
    for (const scope of ['read', 'read write']) {
      await another(host, { clients: [{ ...JOB, scope }] }).ready();
      assert.equal(await statusWith(host, json.access_token), 200);
    }
  });

  it('works on when it is taken out of the list, which an event says, until it is removed', async () => {
    const later = another(host, { clients: [] });
    await later.ready();
    assert.deepEqual(later.unlisted, ['job']);
    const { json } = await tokenOf(host, `job:${SECRET}`);
    assert.equal(await statusWith(host, json.access_token), 200);
    await assert.rejects(host.server.clients.remove('job'), {
      name: 'TypeError',
      message: 'The client job is in the option clients: take it out there.',
    });
    await assert.rejects(later.clients.update('job', { scope: 'write' }), {
      message: 'The client job is from the option clients: change it there.',
    });
    assert.equal(await later.clients.remove('job'), true);
    assert.equal(await statusWith(host, json.access_token), 401);
    assert.equal((await tokenOf(host, `job:${SECRET}`)).status, 401);
    assert.equal(await later.clients.remove('job'), false);
  });

  it('is there once a store that was away is back, and the pages of the app never wait', async () => {
    let isAway = true;
    const away = await serve({
      scopes: SCOPES,
      clients: [JOB],
      store: {
        ...host.store,
        clients: {
          ...host.store.clients,
          async find(id: string) {
            if (isAway) throw new StoreUnavailable('The database is away.');
            return host.store.clients.find(id);
          },
        },
      },
    });
    assert.equal((await tokenOf(away, `job:${SECRET}`)).status, 503);
    assert.equal((await http(`${away.origin}/shop`)).text, 'open');
    isAway = false;
    assert.equal((await tokenOf(away, `job:${SECRET}`)).status, 200);
  });

  it('cannot have the id of a user: every request says so in the log, and ready() at once', async () => {
    const clients = [{ ...JOB, client_id: 'alice' }];
    const message =
      'The options clients and users of authorizationServer() cannot be used:\n  - The client alice cannot be added to the store. A user has the id of the client.';
    await assert.rejects(another(host, { clients }).ready(), { name: 'TypeError', message });
  });

  it('is refused with all others that are wrong, each by its place and field', () => {
    const make = () =>
      another(host, {
        production: true,
        clients: [
          { ...JOB, client_secret: 'short', scope: 'all' },
          { client_id: 'web', grant_types: ['password'], extra: 1 } as never,
          JOB,
        ],
        users: [{ username: 'maria' }, { username: 'job', password: 'x' }],
      });
    assert.throws(make, {
      name: 'TypeError',
      message: `The options clients and users of authorizationServer() cannot be used:
  - clients[0] (job) client_secret is too short for production: make one of 32 random characters or more, with node -p "crypto.randomBytes(32).toString('base64url')"
  - clients[0] (job) scope has all, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)
  - clients[1] (web) has an unknown field: extra
  - clients[1] (web) client_secret is missing; for a public client say "token_endpoint_auth_method": "none"
  - clients[1] (web) grant_types[0] must be one of authorization_code, client_credentials, refresh_token, urn:ietf:params:oauth:grant-type:device_code
  - users[0] (maria) needs either password or password_hash
  - clients[2] (job) client_id is there twice
  - users[1] (job) has the id job, which is that of a client: give the user another "id" (RFC 9068 section 5)`,
    });
  });
});

describe('a client that is registered while the server runs', async () => {
  const host = await serve({ scopes: SCOPES });
  const { clients } = host.server;
  const elsewhere = another(host);

  it('gets an id and a secret, which is told once and kept as a hash', async () => {
    const made = await clients.register({ grant_types: ['client_credentials'], scope: 'read' });
    const { client_id, client_secret, ...rest } = made;
    assert.match(client_id, /^[\w-]{22}$/);
    assert.match(client_secret ?? '', /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      client_name: client_id,
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
      scope: 'read',
      require_pkce: true,
      client_secret_expires_at: 0,
    });
    assert.equal((await tokenOf(host, `${client_id}:${client_secret}`)).json.scope, 'read');
    const { client_secret_expires_at, ...told } = rest;
    assert.deepEqual(await elsewhere.clients.find(client_id), { client_id, ...told });
    assert.doesNotMatch(
      JSON.stringify(await host.store.clients.find(client_id)),
      new RegExp(client_secret!),
    );
    assert.equal((await host.store.clients.find(client_id))?.source, 'code');
  });

  it('may bring its own id and secret, a public one none at all', async () => {
    const own = await clients.register({ ...JOB, client_id: 'own' });
    assert.equal('client_secret' in own, false);
    assert.equal((await tokenOf(host, `own:${SECRET}`)).status, 200);
    const app = await clients.register({
      redirect_uris: ['http://127.0.0.1/callback'],
      token_endpoint_auth_method: 'none',
    });
    assert.equal('client_secret' in app, false);
  });

  it('is one of 20 who want the same id at once, and none has that of a user', async () => {
    const wanted = Array.from({ length: 20 }, () => clients.register({ ...JOB, client_id: 'one' }));
    const settled = await Promise.allSettled(wanted);
    const rejected = settled.filter(({ status }) => status === 'rejected');
    assert.equal(rejected.length, 19);
    for (const { reason } of rejected as PromiseRejectedResult[]) {
      assert.ok(reason instanceof SubjectTaken);
      assert.equal(reason.message, 'There is a client with the id one already.');
    }
    await assert.rejects(clients.register({ ...JOB, client_id: 'alice' }), SubjectTaken);
  });

  it('is refused with all that is wrong with it, and nothing is stored', async () => {
    const wrong = { client_id: 'wrong', client_name: '', redirect_uris: ['/callback'], shop: 1 };
    await assert.rejects(clients.register(wrong as never), {
      name: 'TypeError',
      message:
        'The client cannot be registered:\n  - client_name must not be empty\n  - has an unknown field: shop\n  - redirect_uris[0] is not an absolute URI: /callback',
    });
    assert.equal(await clients.find('wrong'), undefined);
    for (const nothing of [null, 7, 'job', []]) {
      await assert.rejects(clients.register(nothing as never), {
        name: 'TypeError',
        message: 'The client cannot be registered:\n  - must be an object',
      });
    }
    for (const id of [undefined, 7, {}]) {
      await assert.rejects(clients.find(id as never), { name: 'TypeError' });
      await assert.rejects(clients.update(id as never, {}), { name: 'TypeError' });
      await assert.rejects(clients.remove(id as never), { name: 'TypeError' });
    }
  });

  it('is changed for the next request, in every process, and keeps its secret', async () => {
    const { client_id: id, client_secret } = await clients.register({
      grant_types: ['client_credentials'],
      scope: 'read',
      access_token_ttl: 60,
    });
    const changed = await elsewhere.clients.update(id, { scope: 'write', access_token_ttl: null });
    assert.equal(changed?.scope, 'write');
    assert.equal(changed?.access_token_ttl, undefined);
    const { json } = await tokenOf(host, `${id}:${client_secret}`);
    assert.deepEqual([json.scope, json.expires_in], ['write', 3600]);
    assert.deepEqual(
      await clients.update(id, { scope: undefined, client_secret: undefined }),
      changed,
    );
    await clients.update(id, { client_secret: SECRET });
    assert.equal((await tokenOf(host, `${id}:${client_secret}`)).status, 401);
    assert.equal((await tokenOf(host, `${id}:${SECRET}`)).status, 200);
    await assert.rejects(clients.update(id, { scope: 'all', redirect_uris: ['x'] }), {
      message: `The client ${id} cannot be changed:\n  - redirect_uris[0] is not an absolute URI: x\n  - scope has all, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)`,
    });
    await assert.rejects(clients.update(id, { client_id: 'another' } as never), {
      message: `The client ${id} cannot be changed:\n  - client_id stays what it is`,
    });
    assert.equal(await clients.update('nobody', {}), undefined);
  });

  it('loses no change of 10 that come at once', async () => {
    const { client_id: id } = await clients.register({ ...JOB, client_id: 'busy' });
    const changes = [
      { client_name: 'Busy' },
      { scope: 'write' },
      { access_token_ttl: 61 },
      { refresh_token_ttl: 62 },
      { require_pkce: false },
      { client_uri: 'https://busy.example/' },
      { redirect_uris: ['https://busy.example/callback'] },
      { access_token_format: 'jwt' as const },
      { token_endpoint_auth_method: 'client_secret_basic' as const },
      { resources: ['https://api.example/'] },
    ];
    await Promise.all(changes.map((one) => clients.update(id, one)));
    const now = await clients.find(id);
    assert.deepEqual({ ...now, ...Object.assign({}, ...changes) }, now);
  });

  it('signs on with its secret after a change, and after one to another way of proving itself', async () => {
    const { client_id: id } = await clients.register({
      ...JOB,
      client_id: 'signer',
      token_endpoint_auth_method: 'client_secret_jwt',
    });
    await clients.update(id, { client_name: 'Signer' });
    assert.equal((await host.store.clients.find(id))?.encryptedSecrets?.length, 1);
    await clients.update(id, { token_endpoint_auth_method: 'client_secret_post' });
    assert.equal((await host.store.clients.find(id))?.encryptedSecrets, undefined);
    assert.equal(
      (await requestToken(host, { ...CREDENTIALS, client_id: id, client_secret: SECRET })).status,
      200,
    );
  });

  it('is changed in the seed if it is from there', async () => {
    await assert.rejects(clients.update('web', { scope: 'read' }), {
      name: 'TypeError',
      message: 'The client web is from a seed: change it there.',
    });
  });

  for (const access_token_format of ['opaque', 'jwt'] as const) {
    it(`leaves no ${access_token_format} token behind that works once its id is registered again`, async () => {
      const again = { ...JOB, client_id: `again-${access_token_format}`, access_token_format };
      const token = async () => {
        const { json } = await tokenOf(host, `${again.client_id}:${SECRET}`);
        return json.access_token as string;
      };
      await withClock(async (advance) => {
        await clients.register({ ...again, scope: 'read write' });
        const old = await token();
        await clients.update(again.client_id, { scope: 'write' });
        assert.equal(await statusWith(host, old), 200, 'a change ends nothing');
        advance(1000);
        await elsewhere.clients.remove(again.client_id);
        assert.equal(await statusWith(host, old), 401);
        await elsewhere.clients.register(again);
        assert.equal(await statusWith(host, old), 401);
        assert.equal(await statusWith(host, await token()), 200, 'its own work at once');
        // The clock of the process that issues is behind that of the other.
        advance(-30_000);
        const own = await token();
        advance(30_000);
        assert.equal(await statusWith(host, own), 200);
      });
    });
  }

  it('takes everything with it when it is removed', async () => {
    const redirect_uris = ['http://127.0.0.1:9/callback'];
    const { client_id, client_secret } = await clients.register({
      redirect_uris,
      grant_types: ['authorization_code', 'refresh_token'],
    });
    const client = `${client_id}:${client_secret}`;
    const { json } = await (await authorizeAs(host as never, { client })).exchange();
    assert.equal(await statusWith(host, json.access_token), 200);
    assert.equal(await elsewhere.clients.remove(client_id), true);
    assert.equal(await statusWith(host, json.access_token), 401);
    const form = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
    assert.equal((await requestToken(host, form, client)).status, 401);
    assert.equal(await clients.find(client_id), undefined);
    assert.equal(await clients.remove(client_id), false);
  });
});
