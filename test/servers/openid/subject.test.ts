// What clients know people by (OpenID Connect Core section 8): the same in all that one client is told,
// and something else for a client of another sector.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { pairwiseSubject, sectorOf } from '../../../src/protocol/subject.ts';
import type { Client } from '../../../src/types.ts';
import { askForCodes, DEVICE_GRANT } from '../../helpers/devices.ts';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../../helpers/flows.ts';
import { startServer, type TestServer } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import { basic, http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { httpsHost, httpsMissing } from '../../helpers/https-host.ts';
import {
  OPENID_SEED,
  refreshAs,
  relyingParty,
  signInTo,
  signInUrl,
  type Tokens,
  userInfo,
} from '../../helpers/openid.ts';
import { quickHash } from '../../helpers/passwords.ts';
import { manageClient, registerClient } from '../../helpers/registering.ts';

const API = 'https://api.example.com/';

/** In no answer by chance. */
const ALICE = 'id-of-alice-61803';
const BOB = 'id-of-bob-31415';

const pairwise = (client_id: string, redirect_uri: string, more = {}) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  redirect_uris: [redirect_uri],
  grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
  scope: 'read openid',
  subject_type: 'pairwise',
  ...more,
});

const SEED = {
  scopes: { read: 'Read your data' },
  resources: { [API]: {} },
  clients: [
    pairwise('one', 'https://a.example/one'),
    pairwise('two', 'https://a.example:8443/two', { access_token_format: 'jwt' }),
    pairwise('other', 'https://b.example/callback'),
    pairwise('phone', 'com.example.phone:/callback'),
    pairwise('tablet', 'com.example.phone:/callback'),
    pairwise('desktop', 'http://127.0.0.1/callback'),
    pairwise('public', 'https://a.example/three', { subject_type: 'public' }),
    {
      client_id: 'api',
      client_secret: 'api-secret',
      grant_types: ['client_credentials'],
      scope: 'read',
      introspects: [API],
    },
  ],
  users: [
    { id: ALICE, username: 'alice', password_hash: quickHash('wonderland'), name: 'Alice' },
    { id: BOB, username: 'bob', password_hash: quickHash('builder'), name: 'Bob' },
  ],
};

const uriOf = (id: string) =>
  (SEED.clients.find(({ client_id }) => client_id === id) as { redirect_uris: string[] })
    .redirect_uris[0]!;

/** What a client gets for a person's approval. */
async function tokensOf(
  server: TestServer,
  id: string,
  login: [username: string, password: string] = ['alice', 'wonderland'],
): Promise<{ access_token: string; refresh_token: string }> {
  const flow = await authorizeAs(server, {
    client: `${id}:${id}-secret`,
    redirectUri: uriOf(id),
    login,
  });
  const { status, json, text } = await flow.exchange();
  assert.equal(status, 200, text);
  return json;
}

async function introspect(server: TestServer, token: string, id: string) {
  const { json } = await http(`${server.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic(id, `${id}-secret`) },
    body: new URLSearchParams({ token }),
  });
  return json;
}

/** The `sub` that a client is told of a person by introspection of both tokens, which agree. */
async function subjectAt(server: TestServer, id: string, login?: [string, string]) {
  const tokens = await tokensOf(server, id, login);
  const answer = await introspect(server, tokens.access_token, id);
  assert.equal(answer.active, true);
  assert.equal((await introspect(server, tokens.refresh_token, id)).sub, answer.sub);
  return answer.sub as string;
}

describe('the subject of a person whose username is not ASCII', () => {
  const josé = { username: 'josé', password_hash: quickHash('marigold') };

  it('is the id that the options give them, in all that a client is told', async () => {
    const server = await startServer({}, { seed: { ...SEED, users: [{ ...josé, id: 'jose-7' }] } });
    const tokens = await tokensOf(server, 'public', ['josé', 'marigold']);
    const { sub } = await introspect(server, tokens.access_token, 'public');
    assert.equal(sub, 'jose-7');
  });

  it('is never the username: the server does not start (OpenID Connect Core section 2)', async () => {
    const host = await serveHost({ users: [josé] }).then(
      () => undefined,
      (error: Error) => error,
    );
    assert.ok(host instanceof TypeError);
    assert.match(host.message, /users\[0\] \(josé\) id is left out, and cannot be the username/);
  });
});

describe('the subject of a pairwise client', async () => {
  const server = await startServer({}, { seed: SEED });

  it('is one for all clients of a sector, and another for those of another', async () => {
    const [one, two, other] = await Promise.all(
      ['one', 'two', 'other'].map((id) => subjectAt(server, id)),
    );
    assert.match(one!, /^[\w-]{43}$/);
    assert.equal(two, one);
    assert.notEqual(other, one);
  });

  it('is another for each person, and stays the same', async () => {
    const alice = await subjectAt(server, 'one');
    assert.equal(await subjectAt(server, 'one'), alice);
    assert.notEqual(await subjectAt(server, 'one', ['bob', 'builder']), alice);
  });

  it('is of the client alone if it has no host of its own', async () => {
    const subjects = await Promise.all(
      ['one', 'phone', 'tablet', 'desktop'].map((id) => subjectAt(server, id)),
    );
    assert.equal(new Set(subjects).size, 4);
  });

  it('is the id of the person for a public client', async () => {
    const { access_token: token } = await tokensOf(server, 'public');
    assert.equal((await introspect(server, token, 'public')).sub, ALICE);
  });

  it('is the same in a JWT, in its introspection and after a refresh, and nothing names the person', async () => {
    const sub = await subjectAt(server, 'one');
    for (const id of ['one', 'two']) {
      const first = await tokensOf(server, id);
      const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
      const refreshed = (await requestToken(server, form, `${id}:${id}-secret`)).json;
      for (const { access_token: token } of [first, refreshed]) {
        const answer = await introspect(server, token, id);
        assert.equal(answer.sub, sub);
        const said = [first, refreshed, answer];
        if (id === 'two') {
          const claims = decodeJwt(token);
          assert.equal(claims.sub, sub);
          said.push(claims);
        }
        const text = JSON.stringify(said).toLowerCase();
        for (const name of [ALICE, 'alice', 'username']) assert.ok(!text.includes(name), text);
      }
    }
  });

  it('is told to a device, too', async () => {
    const asked = { client_id: 'one', client_secret: 'one-secret', scope: 'read' };
    const codes = await askForCodes(server, asked);
    const person = new Person(server);
    let page = await person.signIn(await person.visit(codes.verification_uri_complete));
    page = await person.submit(page, { user_code: codes.user_code });
    await person.submit(page, { decision: 'allow' });
    const form = { grant_type: DEVICE_GRANT, device_code: codes.device_code };
    const { status, json, text } = await requestToken(server, form, 'one:one-secret');
    assert.equal(status, 200, text);
    const answer = await introspect(server, json.access_token, 'one');
    assert.equal(answer.sub, await subjectAt(server, 'one'));
  });

  it('is not what the server itself knows the person by: routes and events have the id', async () => {
    for (const id of ['one', 'two']) {
      const told: unknown[] = [];
      server.events.once('token_issued', ({ userId }) => told.push(userId));
      const { access_token: token } = await tokensOf(server, id);
      assert.deepEqual(told, [ALICE]);
      const { status, json } = await getSecret(server, token);
      assert.deepEqual([status, json.sub], [200, ALICE]);
    }
  });

  it('is the same for the server of a resource that introspects with a client of its own', async () => {
    const { verifier, challenge } = pkce();
    const redirect_uri = uriOf('one');
    const asked = { client_id: 'one', redirect_uri, resource: API, code_challenge: challenge };
    const back = await new Person(server).allow(authorizeUrl(server, asked));
    const code = back.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier };
    const { access_token: token } = (await requestToken(server, form, 'one:one-secret')).json;
    const answer = await introspect(server, token, 'api');
    assert.equal(answer.sub, await subjectAt(server, 'one'));
    assert.equal(answer.username, undefined);
  });

  it('leaves a JWT to be revoked, and to end with what its person takes back', async () => {
    const [revoked, withdrawn] = [await tokensOf(server, 'two'), await tokensOf(server, 'two')];
    await http(`${server.issuer}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization: basic('two', 'two-secret') },
      body: new URLSearchParams({ token: revoked.access_token }),
    });
    assert.equal((await getSecret(server, revoked.access_token)).status, 401);
    assert.equal((await getSecret(server, withdrawn.access_token)).status, 200);
    assert.equal(await server.store.consents.withdraw(ALICE, 'two'), true);
    assert.equal((await getSecret(server, withdrawn.access_token)).status, 401);
  });

  it('is the same at another server on the same store, whatever its secret', async () => {
    const before = await subjectAt(server, 'one');
    const secret = 'another secret, of at least 32 characters';
    const salt = await server.store.constants.ensure('salt of pairwise subjects', 'another');
    const other = await startServer({ SESSION_SECRET: secret }, { seed: SEED });
    await other.store.constants.ensure('salt of pairwise subjects', salt);
    assert.equal(await subjectAt(other, 'one'), before);
    const stranger = await startServer({}, { seed: SEED });
    assert.notEqual(await subjectAt(stranger, 'one'), before);
  });
});

describe('the subject of a pairwise client of OpenID Connect', async () => {
  const seed = {
    ...OPENID_SEED,
    clients: [
      relyingParty('pair', { subject_type: 'pairwise' }),
      relyingParty('pair-jwt', { subject_type: 'pairwise', access_token_format: 'jwt' }),
      relyingParty('pair-signed', {
        subject_type: 'pairwise',
        userinfo_signed_response_alg: 'ES256',
      }),
    ],
  };
  const server = await startServer({}, { seed });

  it('is the same in ID token, UserInfo, JWT and introspection, before and after a refresh', async () => {
    const subjects = new Set<unknown>();
    for (const client of ['pair', 'pair-jwt', 'pair-signed']) {
      const first = await signInTo(server, { client });
      const second = (await refreshAs(server, client, first.refresh_token)).json as Tokens;
      for (const { access_token: token, id_token } of [first, second]) {
        const info = await userInfo(server, token);
        assert.equal(info.status, 200, info.text);
        const answers = [
          decodeJwt(id_token),
          client === 'pair-signed' ? decodeJwt(info.text) : info.json,
          await introspect(server, token, client),
          ...(client === 'pair-jwt' ? [decodeJwt(token)] : []),
        ];
        for (const { sub } of answers) subjects.add(sub);
        const text = JSON.stringify(answers);
        assert.ok(!text.includes('alice') && !text.includes('username'), text);
      }
    }
    assert.equal(subjects.size, 1);
  });

  it('is known in UserInfo as the person whose claims they are, by a JWT too', async () => {
    for (const client of ['pair', 'pair-jwt']) {
      const tokens = await signInTo(server, { client, params: { scope: 'openid email' } });
      const { json } = await userInfo(server, tokens.access_token);
      assert.equal(json.email, 'alice@example.com');
    }
  });

  it('is what a hint is compared with: the same person passes, and another does not', async () => {
    const [alice, bob] = [new Person(server), new Person(server)];
    const { id_token: hint } = await signInTo(server, { client: 'pair', person: alice });
    const login = ['bob', 'builder'] as const;
    await signInTo(server, { client: 'pair', person: bob, login });
    const asked = signInUrl(server, 'pair', { prompt: 'none', id_token_hint: hint });
    const parametersOf = async (person: Person) =>
      new URL((await person.open(asked)).location).searchParams;
    assert.equal((await parametersOf(alice)).get('error'), null);
    assert.equal((await parametersOf(bob)).get('error'), 'login_required');
  });

  it('is named among what the server can do', async () => {
    const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
    assert.deepEqual(json.subject_types_supported, ['public', 'pairwise']);
  });
});

describe('the subject of a pairwise client that registered itself', async () => {
  const host = await serveHost({
    registration: 'open',
    scopes: SEED.scopes,
    allowInternalUrls: true,
  });
  const VICTIM = 'https://victim.example/callback';
  const LISTED = ['https://victim.example/anything', 'com.victim.app:/callback'];
  const lists = httpsMissing()
    ? undefined
    : await httpsHost((_req, res) => res.end(JSON.stringify([...LISTED, VICTIM])));

  const metadata = (redirect_uris: string[], more: object = {}) => ({
    redirect_uris,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    subject_type: 'pairwise',
    ...more,
  });

  async function registered(redirect_uris: string[], more?: object) {
    const { status, json, text } = await registerClient(host, metadata(redirect_uris, more));
    assert.equal(status, 201, text);
    return json;
  }

  /** What it is told of Alice once she has come back to this redirect URI. */
  async function subjectBy({ client_id }: { client_id: string }, redirectUri: string) {
    const flow = await authorizeAs(host, { client: client_id, redirectUri, scope: 'openid' });
    const { status, json, text } = await flow.exchange();
    assert.equal(status, 200, text);
    return decodeJwt(json.id_token).sub;
  }

  async function subjectByDevice({ client_id }: { client_id: string }) {
    const codes = await askForCodes(host, { client_id, scope: 'openid' });
    const person = new Person(host);
    let page = await person.signIn(await person.visit(codes.verification_uri_complete));
    page = await person.submit(page, { user_code: codes.user_code });
    await person.submit(page, { decision: 'allow' });
    const form = { grant_type: DEVICE_GRANT, device_code: codes.device_code, client_id };
    const { status, json, text } = await requestToken(host, form);
    assert.equal(status, 200, text);
    return decodeJwt(json.id_token).sub;
  }

  const victim = await subjectBy(await registered([VICTIM]), VICTIM);
  const device = { grant_types: ['authorization_code', DEVICE_GRANT] };

  it('is that of a host if all it is told goes there by https', async () => {
    const again = await registered(['https://victim.example/another']);
    assert.equal(await subjectBy(again, 'https://victim.example/another'), victim);
  });

  it('is its own if an app can claim one of its redirect URIs', async () => {
    for (const claimed of ['com.evil.app:/callback', 'com.evil.app://victim.example/']) {
      const evil = await registered(['https://victim.example/anything', claimed]);
      assert.notEqual(await subjectBy(evil, claimed), victim);
    }
  });

  it('is its own if it can be told without a redirect, as a device is', async () => {
    const evil = await registered(['https://victim.example/anything'], device);
    assert.notEqual(await subjectByDevice(evil), victim);
  });

  it('is its own, too, if it has copied the list of a sector', {
    skip: httpsMissing(),
  }, async () => {
    const listed = { sector_identifier_uri: `${lists!.origin}/list.json` };
    const sector = await subjectBy(await registered([VICTIM], listed), VICTIM);
    assert.equal(await subjectBy(await registered([LISTED[0]!], listed), LISTED[0]!), sector);
    const app = await registered(LISTED, listed);
    assert.notEqual(await subjectBy(app, LISTED[1]!), sector);
    assert.notEqual(
      await subjectByDevice(await registered([VICTIM], { ...listed, ...device })),
      sector,
    );
  });

  it('is another from the approval on that follows such a change, and what was approved keeps its own', async () => {
    const client = await registered([VICTIM], {
      grant_types: [DEVICE_GRANT, 'refresh_token', 'authorization_code'],
    });
    const { client_id } = client;
    const own = await subjectByDevice(client);
    assert.equal(await subjectBy(client, VICTIM), own, 'one client has one subject');
    const codes = await askForCodes(host, { client_id, scope: 'openid' });
    const flow = await authorizeAs(host, {
      client: client_id,
      redirectUri: VICTIM,
      scope: 'openid',
    });
    const changed = await manageClient(client, 'PUT', { ...metadata([VICTIM]), client_id });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(decodeJwt((await flow.exchange()).json.id_token).sub, own);
    assert.equal(await subjectBy(client, VICTIM), victim);
    const form = { grant_type: DEVICE_GRANT, device_code: codes.device_code, client_id };
    assert.equal((await requestToken(host, form)).json.error, 'unauthorized_client');
  });
});

describe('a sector', () => {
  const of = (redirectUris: string[], sectorIdentifierUri?: string, more: Partial<Client> = {}) =>
    sectorOf({ id: 'app', redirectUris, sectorIdentifierUri, grants: [DEVICE_GRANT], ...more });

  it('is the host of the redirect URIs, without its port', () => {
    assert.equal(of(['https://A.example:8443/a', 'https://a.example/b?c=d']), 'a.example');
    assert.equal(of(['https://a.example/a', 'com.example.app:/a']), 'a.example');
    assert.equal(of(['http://10.0.0.1:3000/a']), '10.0.0.1');
  });

  it('is the host of the sector_identifier_uri before that', () => {
    const uris = ['https://a.example/a', 'https://b.example/b'];
    assert.equal(of(uris, 'https://sector.example:8443/list.json'), 'sector.example');
  });

  it('is the client if it has no host, a loopback one, or several', () => {
    const without = [
      [],
      ['com.example.app:/a'],
      ['cursor://a.example/callback'],
      ['http://127.0.0.1/a'],
      ['http://[::1]/a', 'http://localhost:3000/a', 'http://127.0.0.1/a'],
      ['https://a.example/a', 'https://b.example/b'],
      ['https://a.example/a', 'http://127.0.0.1/a'],
    ];
    for (const uris of without) assert.equal(of(uris), 'client app', uris.join(' '));
  });

  it('is the client if it speaks for itself, and is told something elsewhere than at its https redirect URIs', () => {
    const list = 'https://sector.example/list.json';
    const [web, app] = ['https://a.example/a', 'com.example.app:/a'];
    const code = ['authorization_code', 'refresh_token', 'client_credentials'];
    for (const source of ['registration', 'document'] as const) {
      assert.equal(of([web], undefined, { source, grants: code }), 'a.example');
      assert.equal(of([web], list, { source, grants: code }), 'sector.example');
      assert.equal(of([web], list, { source, grants: [...code, DEVICE_GRANT] }), 'client app');
      assert.equal(
        of([web], undefined, { source, grants: [...code, 'urn:of-the-app'] }),
        'client app',
      );
      assert.equal(of([web, app], undefined, { source, grants: code }), 'client app');
      assert.equal(of([app], list, { source, grants: code }), 'client app');
      assert.equal(of(['http://127.0.0.1/a'], list, { source, grants: code }), 'client app');
    }
    assert.equal(of([app], list, { source: 'command' }), 'sector.example');
  });

  it('and a user’s id cannot be mistaken for others', () => {
    const salt = Buffer.alloc(32);
    assert.notEqual(pairwiseSubject(salt, 'a', '"b'), pairwiseSubject(salt, 'a"', 'b'));
  });
});
