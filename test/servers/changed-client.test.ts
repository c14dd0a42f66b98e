// What becomes of grants in force if the record of their client changes, or is removed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { decoded, introspect, OPAQUE, PLAIN, RESOURCE_SEED, SECRET } from '../helpers/forge.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const WEB = 'web:web-secret';
const JWTS = { ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET };

const refresh = (server: TestServer, { refresh_token }: { refresh_token: string }, more = {}) =>
  requestToken(server, { grant_type: 'refresh_token', refresh_token, ...more }, WEB);

/** Replaces a part of the record of `web`. */
async function change(server: TestServer, changes: Record<string, readonly string[]>) {
  const record = await server.store.clients.find('web');
  await server.store.clients.save({ ...record!, ...changes });
}

describe('a grant whose client may have less since', async () => {
  const server = await startServer();
  const signedIn = async (scope = 'read write') => {
    await change(server, { scope: ['read', 'write'] });
    const flow = await authorizeAs(server, { scope });
    return { ...flow, tokens: (await flow.exchange()).json };
  };
  const scopeOf = async (token: string) => (await introspect(server, token, WEB)).json.scope;

  it('is refreshed for what is left, and the answer says so (RFC 6749 section 5.1)', async () => {
    const { tokens } = await signedIn();
    await change(server, { scope: ['read'] });
    const { status, json } = await refresh(server, tokens);
    assert.deepEqual([status, json.scope], [200, 'read']);
    assert.equal(await scopeOf(json.access_token), 'read');
    assert.equal(await scopeOf(json.refresh_token), 'read');
    assert.equal((await refresh(server, json)).json.scope, 'read');
  });

  it('is refused what the client has lost, by its name, and nothing is used up', async () => {
    const { tokens } = await signedIn();
    await change(server, { scope: ['read'] });
    const { status, json } = await refresh(server, tokens, { scope: 'read write' });
    assert.deepEqual([status, json.error], [400, 'invalid_scope']);
    assert.match(json.error_description, /write/);
    assert.equal((await refresh(server, tokens, { scope: 'read' })).status, 200);
  });

  it('is over as long as nothing is left of it, and nothing is used up', async () => {
    const { tokens } = await signedIn('write');
    await change(server, { scope: ['read'] });
    const { status, json } = await refresh(server, tokens);
    assert.deepEqual([status, json.error], [400, 'invalid_grant']);
    const { refresh_token } = tokens;
    assert.deepEqual((await introspect(server, refresh_token, WEB)).json, { active: false });
    await change(server, { scope: ['read', 'write'] });
    assert.equal((await refresh(server, tokens)).json.scope, 'write');
  });

  it('gives for a code what is left, or nothing', async () => {
    await change(server, { scope: ['read', 'write'] });
    const both = await authorizeAs(server, { scope: 'read write' });
    const one = await authorizeAs(server, { scope: 'write' });
    await change(server, { scope: ['read'] });
    const { json } = await both.exchange();
    assert.equal(json.scope, 'read');
    assert.equal((await refresh(server, json)).json.scope, 'read');
    assert.equal((await one.exchange()).json.error, 'invalid_grant');
  });

  it('is none of a grant type that the client has lost', async () => {
    const { tokens } = await signedIn();
    const waiting = await authorizeAs(server);
    const { grants = [] } = (await server.store.clients.find('web')) ?? {};
    await change(server, { grants: ['client_credentials'] });
    assert.equal((await refresh(server, tokens)).json.error, 'unauthorized_client');
    assert.equal((await waiting.exchange()).json.error, 'unauthorized_client');
    const { refresh_token } = tokens;
    assert.deepEqual((await introspect(server, refresh_token, WEB)).json, { active: false });
    await change(server, { grants });
    assert.equal((await refresh(server, tokens)).status, 200);
  });

  it('leaves an access token what it was issued as, until it expires', async () => {
    const { tokens } = await signedIn();
    await change(server, { scope: ['write'] });
    assert.equal((await getSecret(server, tokens.access_token)).status, 200);
    assert.equal(await scopeOf(tokens.access_token), 'read write');
  });
});

describe('a grant whose client may have more since', async () => {
  const server = await startServer();

  it('is what the person allowed, and no more', async () => {
    const [early, late] = [await authorizeAs(server), await authorizeAs(server)];
    const { json } = await early.exchange();
    await change(server, { scope: ['read', 'write', 'admin'] });
    assert.equal((await late.exchange()).json.scope, 'read');
    const greedy = await refresh(server, json, { scope: 'read admin' });
    assert.equal(greedy.json.error, 'invalid_scope');
    assert.equal((await refresh(server, json)).json.scope, 'read');
  });
});

describe('a grant for resources of which the client has lost some', async () => {
  const server = await startServer(JWTS, { seed: RESOURCE_SEED });
  const ask = async () => {
    await change(server, { resources: [PLAIN, OPAQUE] });
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(server, { code_challenge: challenge });
    const names = new URLSearchParams([PLAIN, OPAQUE].map((name) => ['resource', name]));
    const back = await new Person(server).allow(`${url}&${names}`);
    const code = back.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
    return (more = {}) => requestToken(server, { ...form, ...more }, WEB);
  };
  const audienceOf = (json: { access_token: string }) => decoded(json.access_token).claims.aud;

  it('gives tokens for the others, for a code and at a refresh', async () => {
    const [early, late] = [await ask(), await ask()];
    const { json } = await early({ resource: PLAIN });
    await change(server, { resources: [PLAIN] });
    assert.equal(audienceOf((await late()).json), PLAIN);
    assert.equal(audienceOf((await refresh(server, json)).json), PLAIN);
  });

  it('is refused what the person has not approved, and told so, unlike what the client has lost', async () => {
    await change(server, { resources: [PLAIN, OPAQUE] });
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(server, { code_challenge: challenge });
    const back = await new Person(server).allow(`${url}&resource=${encodeURIComponent(PLAIN)}`);
    const code = back.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
    const assertNotApproved = ({ json }: Answer) => {
      assert.equal(json.error, 'invalid_target');
      assert.match(json.error_description, /person has not approved/);
    };
    assertNotApproved(await requestToken(server, { ...form, resource: OPAQUE }, WEB));
    const { json } = await requestToken(server, form, WEB);
    assertNotApproved(await refresh(server, json, { resource: OPAQUE }));
    assertNotApproved(await refresh(server, json, { resource: server.issuer }));
    await change(server, { resources: [PLAIN] });
    const lost = await refresh(server, json, { resource: OPAQUE });
    assert.equal(lost.json.error, 'invalid_target');
    assert.match(lost.json.error_description, /client may not ask/);
  });

  it('is refused what the client has lost, and nothing is used up', async () => {
    const [early, late] = [await ask(), await ask()];
    const { json } = await early({ resource: PLAIN });
    await change(server, { resources: [PLAIN] });
    const resource = OPAQUE;
    assert.equal((await late({ resource })).json.error, 'invalid_target');
    assert.equal((await refresh(server, json, { resource })).json.error, 'invalid_target');
    assert.equal((await late()).status, 200);
    assert.equal((await refresh(server, json)).status, 200);
  });

  it('gives no token for the server itself where none is left', async () => {
    const [early, late] = [await ask(), await ask()];
    const { json } = await early({ resource: PLAIN });
    await change(server, { resources: [] });
    for (const more of [{}, { resource: server.issuer }]) {
      assert.equal((await late(more)).json.error, 'invalid_grant');
      assert.equal((await refresh(server, json, more)).json.error, 'invalid_grant');
    }
    const { refresh_token } = json;
    assert.deepEqual((await introspect(server, refresh_token, WEB)).json, { active: false });
  });
});

for (const [kind, env] of [
  ['opaque', {}],
  ['JWT', JWTS],
] as const) {
  describe(`a client that is removed, its access tokens ${kind}`, async () => {
    const server = await startServer(env, { seed: RESOURCE_SEED });
    const [watcher, secret] = ['basic-only', 'a+b%20c/d'];
    const own = async () =>
      (await requestToken(server, { grant_type: 'client_credentials' }, WEB)).json.access_token;

    it('is gone at once, and all that was issued to it: for itself and for people', async () => {
      const record = (await server.store.clients.find(watcher))!;
      await server.store.clients.save({ ...record, introspects: [server.issuer] });
      const waiting = await authorizeAs(server);
      const { json } = await (await authorizeAs(server)).exchange();
      const tokens = [await own(), json.access_token];
      const answers = async () => {
        const all = [];
        for (const token of tokens) {
          all.push((await getSecret(server, token)).status);
          all.push((await introspect(server, token, `${watcher}:${secret}`)).json.active);
        }
        return all;
      };
      assert.deepEqual(await answers(), [200, true, 200, true]);

      const web = (await server.store.clients.find('web'))!;
      assert.equal(await server.store.clients.remove('web'), true);
      assert.deepEqual(await answers(), [401, false, 401, false]);
      assert.equal((await refresh(server, json)).json.error, 'invalid_client');
      assert.equal((await waiting.exchange()).json.error, 'invalid_client');

      // The next client with this id needs a new consent, and inherits no grant.
      await server.store.clients.save(web);
      assert.equal((await getSecret(server, json.access_token)).status, 401);
      assert.equal((await refresh(server, json)).json.error, 'invalid_grant');
      assert.equal((await waiting.exchange()).json.error, 'invalid_grant');
      const page = await new Person(server).visit(authorizeUrl(server));
      assert.match(page.text, /name="password"/);
      const alice = new Person(server);
      const asked = await alice.signIn(await alice.visit(authorizeUrl(server)));
      assert.match(asked.text, /name="decision"/);
    });
  });
}
