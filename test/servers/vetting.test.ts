// What is in the store and nobody vouches for: records of the demo, and clients that production would
// not have taken.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ServerEvents } from '../../src/events.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { parseSeed } from '../../src/program/seed.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';
import { SECRET } from '../helpers/program.ts';
import { SEED } from '../helpers/seeds.ts';

const DEMO = JSON.parse(readFileSync(new URL('../../seeds/demo.json', import.meta.url), 'utf8'));
const CODECADEMY = 'codecademy:codec@demy';
const CALLBACK = 'http://localhost:3000/callback';
const WEB_CALLBACK = 'http://127.0.0.1:9/callback';
const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' };

type Refused = ServerEvents['record_refused'][0];

/** What a server reports as refused, as it goes on. */
function refusedBy(server: TestServer): Refused[] {
  const refused: Refused[] = [];
  server.events.on('record_refused', (one) => refused.push(one));
  return refused;
}

/** The same server at its own address, for the issuer it has may be that of another. */
const at = ({ origin }: TestServer) => ({ origin, issuer: origin });

/** Without the user that the demo has. */
const OWN = { ...SEED, users: SEED.users.filter(({ username }) => username !== 'alice') };

/** A demo that people have used, and a server on the same store that is not the demo. */
async function afterTheDemo(format: string, seed: object = OWN) {
  const store = await emptyStore();
  const env = { SESSION_SECRET: SECRET, ACCESS_TOKEN_FORMAT: format };
  await applySeed(store, parseSeed('the seed', JSON.stringify(OWN), false), SECRET);
  const demo = await startServer({ ...env, DEMO: 'on' }, { seed: DEMO, store });
  const person = new Person(demo);
  const begin = (client: string, redirectUri: string) =>
    authorizeAs(demo, { client, redirectUri, person });
  const used = {
    person,
    own: (await requestToken(demo, CLIENT_CREDENTIALS, CODECADEMY)).json.access_token,
    alices: (await (await begin(CODECADEMY, CALLBACK)).exchange()).json,
    /** Of a client that the demo did not write. */
    atWeb: (await (await begin('web:web-secret', WEB_CALLBACK)).exchange()).json,
    code: await begin('web:web-secret', WEB_CALLBACK),
  };
  const tokens = [used.own, used.alices.access_token, used.atWeb.access_token];
  for (const token of tokens) assert.equal((await getSecret(demo, token)).status, 200);
  const server = await startServer({ ...env, ISSUER: demo.issuer }, { seed, store });
  const refused = refusedBy(server);
  await server.ready();
  return { store, demo, server, used, tokens, refused };
}

for (const format of ['opaque', 'jwt']) {
  describe(`a server that is not the demo, on a store where the demo was, with ${format} tokens`, async () => {
    const after = await afterTheDemo(format);

    it('says at its start what it refuses', () => {
      const problem =
        'it is of the demo, whose passwords everybody knows, and this is not the demo';
      assert.deepEqual(after.refused, [
        { clientId: 'codecademy', problem },
        { clientId: 'demo-app', problem },
        { clientId: 'demo-tv', problem },
        { userId: 'alice', problem },
      ]);
    });

    it('does not know the clients of the demo, at any endpoint where clients authenticate', async () => {
      const { server, used } = after;
      for (const [endpoint, form] of [
        ['token', CLIENT_CREDENTIALS],
        ['token', { grant_type: 'refresh_token', refresh_token: used.alices.refresh_token }],
        ['introspect', { token: used.own }],
        ['revoke', { token: used.own }],
      ] as const) {
        const answer = await http(`${server.origin}/oauth/${endpoint}`, {
          method: 'POST',
          headers: { authorization: basic('codecademy', 'codec@demy') },
          body: new URLSearchParams(form),
        });
        assert.equal(answer.status, 401, endpoint);
        assert.equal(answer.json.error, 'invalid_client');
      }
      const form = { grant_type: 'authorization_code', code: 'a', client_id: 'demo-app' };
      assert.equal((await requestToken(at(server), form)).json.error, 'invalid_client');
    });

    it('takes no authorization request of them', async () => {
      const { server } = after;
      for (const [client_id, redirect_uri] of [
        ['codecademy', CALLBACK],
        ['demo-app', 'http://127.0.0.1:1234/callback'],
      ] as const) {
        const answer = await http(authorizeUrl(at(server), { client_id, redirect_uri }));
        assert.equal(answer.status, 400);
        assert.equal(answer.location, '');
      }
    });

    it('does not let the users of the demo in, with a password or with a session', async () => {
      const { server, used } = after;
      const answer = await logIn(at(server));
      assert.equal(answer.status, 400);
      assert.match(answer.text, /name="password"/);
      const person = new Person(at(server));
      for (const [name, value] of used.person.cookies) person.cookies.set(name, value);
      assert.match((await person.open('/account')).location, /\/login/);
    });

    it('takes no token of theirs, and tells nobody about one', async () => {
      const { server, tokens } = after;
      const introspects = SEED.clients.map((client) => ({
        ...client,
        introspects: [server.issuer],
      }));
      const web = parseSeed('web', JSON.stringify({ ...OWN, clients: introspects }), false);
      await applySeed(server.store, web);
      for (const token of tokens) {
        assert.equal((await getSecret(at(server), token)).status, 401);
        const answer = await http(`${server.origin}/oauth/introspect`, {
          method: 'POST',
          headers: { authorization: basic('web', 'web-secret') },
          body: new URLSearchParams({ token }),
        });
        assert.deepEqual(answer.json, { active: false });
      }
    });

    it('gives no tokens for what they had approved, to whatever client', async () => {
      const { server, used } = after;
      const { refresh_token } = used.atWeb;
      const refresh = { grant_type: 'refresh_token', refresh_token };
      const answer = await requestToken(at(server), refresh, 'web:web-secret');
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error, 'invalid_grant');
      const { code, verifier, redirectUri } = used.code;
      const form = { code, code_verifier: verifier, redirect_uri: redirectUri };
      const exchange = { grant_type: 'authorization_code', ...form };
      const exchanged = await requestToken(at(server), exchange, 'web:web-secret');
      assert.equal(exchanged.json.error, 'invalid_grant');
    });

    it('goes on to know its own, and to refuse what a demo writes later', async () => {
      const { server, refused, store } = after;
      const answer = await requestToken(at(server), CLIENT_CREDENTIALS, 'web:web-secret');
      assert.equal((await getSecret(at(server), answer.json.access_token)).status, 200);
      assert.equal((await logIn(at(server), 'bob', 'builder')).status, 200);
      const late = { ...DEMO, clients: [{ ...DEMO.clients[0], client_id: 'late' }], users: [] };
      await applySeed(store, parseSeed('late', JSON.stringify(late), false), SECRET, 'demo');
      for (let times = 0; times < 2; times += 1) {
        const refusal = await requestToken(at(server), CLIENT_CREDENTIALS, 'late:codec@demy');
        assert.equal(refusal.json.error, 'invalid_client');
      }
      assert.equal(refused.filter(({ clientId }) => clientId === 'late').length, 1);
    });

    it('leaves it all to the demo, if that is started again', async () => {
      const { demo, store, tokens } = after;
      const again = await startServer(
        { SESSION_SECRET: SECRET, DEMO: 'on', ISSUER: demo.issuer },
        { seed: DEMO, store },
      );
      for (const token of tokens) assert.equal((await getSecret(at(again), token)).status, 200);
    });
  });
}

describe('a seed with ids that the demo had', () => {
  const seed = {
    ...SEED,
    clients: [
      ...SEED.clients,
      { ...DEMO.clients[0], client_secret: 'a-secret-of-its-own' },
      ...DEMO.clients.slice(1),
    ],
    users: [{ username: 'alice', password: 'through-the-looking-glass', name: 'Alice' }],
  };

  it('takes them over: with its own secret and password, and without what was begun', async () => {
    const { server, used, refused } = await afterTheDemo('opaque', seed);
    assert.deepEqual(refused, []);
    assert.equal((await logIn(at(server))).status, 400);
    assert.equal((await logIn(at(server), 'alice', 'through-the-looking-glass')).status, 200);
    const credentials = async (client: string) =>
      (await requestToken(at(server), CLIENT_CREDENTIALS, client)).status;
    assert.equal(await credentials(CODECADEMY), 401);
    assert.equal(await credentials('codecademy:a-secret-of-its-own'), 200);
    for (const token of [used.own, used.alices.access_token, used.atWeb.access_token]) {
      assert.equal((await getSecret(at(server), token)).status, 401);
    }
    const { refresh_token } = used.atWeb;
    const refresh = { grant_type: 'refresh_token', refresh_token };
    const answer = await requestToken(at(server), refresh, 'web:web-secret');
    assert.equal(answer.json.error, 'invalid_grant');
  });

  it('takes over a username under another id', async () => {
    const users = [{ id: '7', username: 'alice', password: 'through-the-looking-glass' }];
    const { server, store } = await afterTheDemo('opaque', { ...seed, users });
    assert.equal((await store.users.findByUsername('alice'))?.id, '7');
    assert.equal((await logIn(at(server))).status, 400);
    assert.equal((await logIn(at(server), 'alice', 'through-the-looking-glass')).status, 200);
  });

  it('is not taken over by the demo, which refuses to start there', async () => {
    const store = await emptyStore();
    const put = (content: object, source?: 'demo') =>
      applySeed(store, parseSeed('seed.json', JSON.stringify(content), false), SECRET, source);
    await put(seed);
    const before = await store.clients.find('codecademy');
    await assert.rejects(put(DEMO, 'demo'), {
      message:
        "The demo cannot use this database, which has a client codecademy that is not the demo's. Set DEMO=off, or DATABASE_URL to another database.",
    });
    assert.deepEqual(await store.clients.find('codecademy'), before);
    await assert.rejects(put({ ...DEMO, clients: [] }, 'demo'), /has a user alice that is not/);
  });
});

describe('a client in the store that production would not have taken', () => {
  const store = emptyStore();
  const PRODUCTION = { NODE_ENV: 'production', SESSION_SECRET: SECRET };
  const start = async (env: Record<string, string>) => {
    const server = await startServer(env, { store: await store });
    return { server, refused: refusedBy(server) };
  };

  for (const [id, changes, problem] of [
    [
      'http-redirect',
      { redirectUris: ['https://web.example/callback', 'http://web.example/callback'] },
      'redirect_uris[1] is http for a host that is not loopback: use https: http://web.example/callback',
    ],
    ['http-keys', { jwksUri: 'http://keys.example/jwks' }, 'jwks_uri is http: use https'],
    [
      'http-logout',
      { backchannelLogoutUri: 'http://web.example/logout' },
      'backchannel_logout_uri is http: use https',
    ],
    [
      'frame-elsewhere',
      { frontchannelLogoutUri: 'https://other.example/frame' },
      'frontchannel_logout_uri does not have the scheme, host and port of any redirect URI (OpenID Connect Front-Channel Logout section 2): https://other.example/frame',
    ],
  ] as const) {
    it(`is unknown in production, and the log says why: ${id}`, async () => {
      const kept = await store;
      const outside = await start({});
      const web = (await kept.clients.find('web'))!;
      await kept.clients.save({
        ...web,
        id,
        ...changes,
        redirectUris: [
          ...((changes as { redirectUris?: readonly string[] }).redirectUris ?? web.redirectUris),
        ],
      });
      const client = `${id}:web-secret`;
      const token = ({ server }: typeof outside) =>
        requestToken(at(server), CLIENT_CREDENTIALS, client);
      assert.equal((await token(outside)).status, 200, 'outside production it is known');

      const inside = await start(PRODUCTION);
      for (let times = 0; times < 3; times += 1) {
        assert.equal((await token(inside)).json.error, 'invalid_client');
      }
      const url = authorizeUrl(at(inside.server), {
        client_id: id,
        redirect_uri: 'https://web.example/callback',
      });
      assert.equal((await http(url)).location, '');
      assert.deepEqual(inside.refused, [{ clientId: id, problem }]);
      assert.deepEqual(outside.refused, []);
      const others = await requestToken(at(inside.server), CLIENT_CREDENTIALS, 'web:web-secret');
      assert.equal(others.status, 200);
    });
  }
});
