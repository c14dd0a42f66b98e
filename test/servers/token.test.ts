import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newGrant } from '../../src/oauth/tokens.ts';
import { hashesOf } from '../../src/protocol/refresh-token.ts';
import { deriveKey, mac, sha256 } from '../../src/protocol/secrets.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import type { Client } from '../../src/types.ts';
import { sendTwice } from '../helpers/api.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, withClock } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

describe('client credentials (RFC 6749 section 4.4)', async () => {
  const server = await startServer();
  const grant = { grant_type: 'client_credentials' };

  it('are taken by HTTP Basic and answered as section 5.1 says', async () => {
    const { status, headers, json } = await requestToken(server, grant, 'web:web-secret');
    assert.equal(status, 200);
    assert.match(json.access_token, /^[\w-]{43}$/);
    assert.deepEqual(
      { ...json, access_token: '' },
      {
        access_token: '',
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'read write',
      },
    );
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('pragma'), 'no-cache');
  });

  it('are taken in the body', async () => {
    const form = { ...grant, client_id: 'web', client_secret: 'web-secret' };
    assert.equal((await requestToken(server, form)).status, 200);
  });

  it('get no refresh token, though the client may have one for a person (section 4.4.3)', async () => {
    const { json } = await requestToken(server, grant, 'web:web-secret');
    assert.equal(json.refresh_token, undefined);
  });

  it('get the scope they ask for, and the answer says so', async () => {
    const { json } = await requestToken(server, { ...grant, scope: 'write' }, 'web:web-secret');
    assert.equal(json.scope, 'write');
  });

  it('are refused a scope the client may not have, by its name', async () => {
    const { status, json } = await requestToken(
      server,
      { ...grant, scope: 'read admin' },
      'web:web-secret',
    );
    assert.equal(status, 400);
    assert.equal(json.error, 'invalid_scope');
    assert.equal(
      json.error_description,
      'This client may not ask for the scope: admin. It may have: read write.',
    );
  });

  it('may have a secret with spaces inside (RFC 6749 appendix A.2), however it is sent', async () => {
    const [web, ...others] = SEED.clients;
    const client_secret = 'open sesame  now';
    const clients = [{ ...web, client_secret }, ...others];
    const seeded = await startServer({}, { seed: { ...SEED, clients } });
    for (const sent of [client_secret, 'open+sesame++now', 'open%20sesame%20%20now']) {
      const { status } = await requestToken(seeded, grant, `web:${sent}`);
      assert.equal(status, 200, sent);
    }
    const inBody = { ...grant, client_id: 'web', client_secret };
    assert.equal((await requestToken(seeded, inBody)).status, 200);
    const trimmed = { ...inBody, client_secret: `${client_secret} ` };
    assert.equal((await requestToken(seeded, trimmed)).status, 401);
  });

  it('are told that there is no person, if the record has the scope and it is about one', async () => {
    const [web, ...others] = SEED.clients;
    const clients = [{ ...web, scope: 'read openid profile' }, ...others];
    const seeded = await startServer({}, { seed: { ...SEED, clients } });
    const asked = { ...grant, scope: 'read openid profile' };
    const { json } = await requestToken(seeded, asked, 'web:web-secret');
    assert.deepEqual(json, {
      error: 'invalid_scope',
      error_description:
        'Without a person, this client may not ask for the scope: openid profile. The scopes of OpenID Connect are about a person. The client itself may have: read.',
    });
  });

  for (const joined of ['read,write', 'read+write', 'openid,write', 'read%20write']) {
    it(`are told that spaces separate scopes, if they ask for ${joined}`, async () => {
      const { json } = await requestToken(server, { ...grant, scope: joined }, 'web:web-secret');
      assert.equal(
        json.error_description,
        `This client may not ask for the scope: ${joined}. It may have: read write. Scopes are separated by spaces, and by nothing else (RFC 6749 section 3.3).`,
      );
    });
  }

  it('are told nothing of spaces, if what they ask for is not made of scopes there are', async () => {
    for (const scope of ['read,admin', ',', 'read,']) {
      const { json } = await requestToken(server, { ...grant, scope }, 'web:web-secret');
      assert.doesNotMatch(json.error_description, /spaces/);
    }
  });

  it('are taken only by the method in the record, where it names one', async () => {
    const basicOnly = { ...grant, client_id: 'basic-only', client_secret: 'a+b%20c/d' };
    assert.equal((await requestToken(server, basicOnly)).json.error, 'invalid_client');
    assert.equal((await requestToken(server, grant, 'basic-only:a+b%20c/d')).status, 200);
    assert.equal(
      (await requestToken(server, grant, 'post-only:post-secret')).json.error,
      'invalid_client',
    );
    const postOnly = { ...grant, client_id: 'post-only', client_secret: 'post-secret' };
    assert.equal((await requestToken(server, postOnly)).status, 200);
  });

  it('are nothing for a public client', async () => {
    const { json } = await requestToken(server, { ...grant, client_id: 'spa' });
    assert.equal(json.error, 'unauthorized_client');
  });

  it('are refused with a challenge when the secret is wrong or missing', async () => {
    for (const credentials of ['web:wrong', 'web:', 'nobody:web-secret']) {
      const { status, headers, json } = await requestToken(server, grant, credentials);
      assert.equal(status, 401, credentials);
      assert.equal(json.error, 'invalid_client');
      assert.match(headers.get('www-authenticate') ?? '', /^Basic realm=/);
    }
  });
});

describe('the protected resource (RFC 6750)', async () => {
  const server = await startServer();
  const tokenFor = async (scope: string) =>
    (await requestToken(server, { grant_type: 'client_credentials', scope }, 'web:web-secret')).json
      .access_token;

  it('opens for a token with the scope it needs', async () => {
    const { status, json } = await getSecret(server, await tokenFor('read'));
    assert.equal(status, 200);
    assert.equal(json.client_id, 'web');
  });

  it('answers 401 with a challenge and no error code where there is no token (section 3.1)', async () => {
    const { status, headers } = await http(`${server.issuer}/secret`);
    assert.equal(status, 401);
    assert.equal(
      headers.get('www-authenticate'),
      `Bearer realm="${server.issuer}", scope="read", resource_metadata="${server.issuer}/.well-known/oauth-protected-resource"`,
    );
  });

  it('answers 401 invalid_token for an unknown token and for one that has expired', async () => {
    const challenge = /^Bearer realm=.*error="invalid_token"/;
    const unknown = await getSecret(server, 'x'.repeat(43));
    assert.equal(unknown.status, 401);
    assert.match(unknown.headers.get('www-authenticate') ?? '', challenge);
    await withClock(async (advance) => {
      const token = await tokenFor('read');
      advance(3600 * SECOND - 1);
      assert.equal((await getSecret(server, token)).status, 200);
      advance(1);
      const expired = await getSecret(server, token);
      assert.equal(expired.status, 401);
      assert.match(expired.headers.get('www-authenticate') ?? '', challenge);
    });
  });

  it('refuses a second header Authorization, and so does UserInfo (section 2)', async () => {
    const token = await tokenFor('read');
    for (const path of ['/secret', '/oauth/userinfo']) {
      const { error, error_description } = JSON.parse(await sendTwice(server.issuer + path, token));
      assert.equal(error, 'invalid_request', path);
      assert.equal(error_description, 'The request has more than one header Authorization.');
    }
  });

  it('answers 403 insufficient_scope that names the scope it needs', async () => {
    const { status, headers, json } = await getSecret(server, await tokenFor('write'));
    assert.equal(status, 403);
    assert.equal(json.error, 'insufficient_scope');
    assert.match(headers.get('www-authenticate') ?? '', /error="insufficient_scope".*scope="read"/);
  });
});

describe('an authorization code (RFC 6749 section 4.1.3)', async () => {
  const server = await startServer();

  it('has one winner of 50 who redeem it at once, and what came of it goes on', async () => {
    const { exchange } = await authorizeAs(server);
    const answers = await Promise.all(Array.from({ length: 50 }, exchange));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      assert.equal(answer.json.error, 'invalid_grant');
    }
    assert.equal((await getSecret(server, won[0]?.json.access_token)).status, 200);
    const refresh = { grant_type: 'refresh_token', refresh_token: won[0]?.json.refresh_token };
    assert.equal((await requestToken(server, refresh, 'web:web-secret')).status, 200);
  });

  it('that comes again is refused, and from 15 seconds on that ends what came of it', async () => {
    await withClock(async (advance) => {
      const flow = await authorizeAs(server);
      const { json } = await flow.exchange();
      const again = async () => (await flow.exchange()).json.error;
      assert.equal(await again(), 'invalid_grant');
      advance(15 * SECOND - 1);
      assert.equal(await again(), 'invalid_grant');
      assert.equal((await getSecret(server, json.access_token)).status, 200);
      // A repetition does not begin the time anew.
      advance(1);
      assert.equal(await again(), 'invalid_grant');
      assert.equal((await getSecret(server, json.access_token)).status, 401);
      const refresh = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
      const refreshed = await requestToken(server, refresh, 'web:web-secret');
      assert.equal(refreshed.json.error, 'invalid_grant');
    });
  });

  it('that comes again ends what came of it also once it would have expired, for a day', async () => {
    const brief = await startServer({ AUTHORIZATION_CODE_TTL: '10' }, { store: server.store });
    await withClock(async (advance) => {
      const sooner = await authorizeAs(brief);
      const [later, late] = [await authorizeAs(server), await authorizeAs(server)];
      const flows = [sooner, later, late];
      const tokens = await Promise.all(flows.map(async (flow) => (await flow.exchange()).json));
      const replay = async (flow: typeof sooner, refresh_token: string) => {
        const { json } = await flow.exchange();
        assert.equal(json.error, 'invalid_grant');
        const refresh = { grant_type: 'refresh_token', refresh_token };
        return (await requestToken(server, refresh, 'web:web-secret')).status;
      };
      advance(15 * SECOND);
      assert.equal(await replay(sooner, tokens[0].refresh_token), 400);
      advance(DAY - 15 * SECOND - 1);
      assert.equal(await replay(later, tokens[1].refresh_token), 400);
      advance(1);
      assert.equal(await replay(late, tokens[2].refresh_token), 200);
    });
  });

  it('that comes again ends what came of it at once, where there was no challenge', async () => {
    const redirect_uri = 'https://legacy.example/callback?tenant=1';
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    const url = authorizeUrl(server, { client_id: 'legacy', redirect_uri, ...without });
    const code = (await new Person(server).allow(url)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri };
    const exchange = () => requestToken(server, form, 'legacy:legacy-secret');
    const { access_token } = (await exchange()).json;
    assert.equal((await getSecret(server, access_token)).status, 200);
    assert.equal((await exchange()).json.error, 'invalid_grant');
    assert.equal((await getSecret(server, access_token)).status, 401);
  });

  it('whose answer was lost after the commit, as 503, may be repeated without harm', async () => {
    const store = await emptyStore();
    let losing = true;
    const lossy = await startServer(
      {},
      {
        store: {
          ...store,
          codes: {
            ...store.codes,
            async redeem(...args) {
              const redemption = await store.codes.redeem(...args);
              if (losing) throw new StoreUnavailable('The answer to the commit was lost.');
              return redemption;
            },
          },
        },
      },
    );
    const flow = await authorizeAs(lossy);
    const [grant] = await store.grants.listByUser('alice', Date.now());
    assert.equal((await flow.exchange()).status, 503);
    losing = false;
    const again = await flow.exchange();
    assert.deepEqual([again.status, again.json.error], [400, 'invalid_grant']);
    assert.ok(await store.grants.find(grant!.id, Date.now()), 'nobody was taken for a thief');
    await store.close();
  });

  it('ends nobody’s tokens when a stranger, or one without the verifier, presents it again', async () => {
    await withClock(async (advance) => {
      const flow = await authorizeAs(server);
      const { json } = await flow.exchange();
      // Until then nobody's repetition ends anything.
      advance(15 * SECOND);
      const form = {
        grant_type: 'authorization_code',
        code: flow.code,
        redirect_uri: flow.redirectUri,
      };
      const wrong = 'w'.repeat(43);
      await requestToken(server, { ...form, code_verifier: flow.verifier, client_id: 'spa' });
      await requestToken(server, { ...form, code_verifier: wrong }, 'web:web-secret');
      await requestToken(server, form, 'web:web-secret');
      assert.equal((await getSecret(server, json.access_token)).status, 200);
    });
  });

  it('is good for a minute and not a moment longer', async () => {
    await withClock(async (advance) => {
      const [early, late] = [await authorizeAs(server), await authorizeAs(server)];
      advance(60 * SECOND - 1);
      assert.equal((await early.exchange()).status, 200);
      advance(1);
      assert.equal((await late.exchange()).json.error, 'invalid_grant');
    });
  });

  it('is refused, and not used up, once its sign-in is older than GRANT_TTL', async () => {
    const short = await startServer({ GRANT_TTL: '30' }, { store: server.store });
    await withClock(async (advance) => {
      const { code, verifier: code_verifier } = await authorizeAs(server);
      const form = { grant_type: 'authorization_code', code, code_verifier };
      advance(30 * SECOND);
      const { status, json } = await requestToken(short, form, 'web:web-secret');
      assert.deepEqual([status, json.error], [400, 'invalid_grant']);
      assert.equal((await requestToken(server, form, 'web:web-secret')).status, 200);
    });
  });

  it('is exchanged for a verifier in plain base64 too, which RFC 7636 section 4.1 does not allow', async () => {
    const redirect_uri = 'https://spa.example/callback';
    const verifiers = [`${'a+/'.repeat(14)}a=`, '+'.repeat(43), `${'/'.repeat(126)}==`];
    for (const code_verifier of [...verifiers, 'a b'.repeat(20), 'a%'.repeat(30), '='.repeat(42)]) {
      const back = await new Person(server).allow(
        authorizeUrl(server, {
          client_id: 'spa',
          redirect_uri,
          code_challenge: sha256(code_verifier),
        }),
      );
      const code = back.searchParams.get('code') ?? '';
      const form = { grant_type: 'authorization_code', client_id: 'spa', code, redirect_uri };
      const { status } = await requestToken(server, { ...form, code_verifier });
      assert.equal(status, verifiers.includes(code_verifier) ? 200 : 400, code_verifier);
    }
  });

  it('gets no refresh token for a client whose record does not have the grant', async () => {
    const flow = await authorizeAs(server, {
      client: 'phone',
      redirectUri: 'com.example.phone:/callback',
    });
    const { status, json } = await flow.exchange();
    assert.equal(status, 200);
    assert.equal(json.refresh_token, undefined);
  });

  it('needs no redirect_uri beside a verifier (OAuth 2.1), but a right one where there is one', async () => {
    const one = await authorizeAs(server);
    const form = { grant_type: 'authorization_code', code: one.code, code_verifier: one.verifier };
    const other = { ...form, redirect_uri: 'https://web.example/callback' };
    assert.equal((await requestToken(server, other, 'web:web-secret')).json.error, 'invalid_grant');
    assert.equal((await requestToken(server, form, 'web:web-secret')).status, 200);
  });

  it('that has no challenge needs its redirect_uri, unless it went to the one that is registered (section 4.1.3)', async () => {
    const legacy = (await server.store.clients.find('legacy'))!;
    const registered = 'http://127.0.0.1/callback';
    const redirectUris = [registered];
    await server.store.clients.save({ ...legacy, redirectUris, allowAnyLoopbackPort: true });
    const codeFor = async (redirect_uri: string) => {
      const none = { code_challenge: undefined, code_challenge_method: undefined };
      const params = { client_id: 'legacy', redirect_uri, ...none };
      const back = await new Person(server).allow(authorizeUrl(server, params));
      return { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '' };
    };
    const elsewhere = 'http://127.0.0.1:4711/callback';
    const code = await codeFor(elsewhere);
    for (const redirect_uri of [undefined, registered]) {
      const form = { ...code, ...(redirect_uri !== undefined && { redirect_uri }) };
      const refused = await requestToken(server, form, 'legacy:legacy-secret');
      assert.equal(refused.json.error, 'invalid_grant', redirect_uri);
    }
    const right = { ...code, redirect_uri: elsewhere };
    assert.equal((await requestToken(server, right, 'legacy:legacy-secret')).status, 200);
    const plain = await codeFor(registered);
    assert.equal((await requestToken(server, plain, 'legacy:legacy-secret')).status, 200);
    await server.store.clients.save(legacy);
  });
});

describe('a refresh token (RFC 6749 section 6, RFC 9700 section 4.14)', async () => {
  const server = await startServer();
  const strict = await startServer({ REFRESH_RETRY_WINDOW: '0' });
  const refresh = (on: typeof server, token: string, more = {}) =>
    requestToken(
      on,
      { grant_type: 'refresh_token', refresh_token: token, ...more },
      'web:web-secret',
    );
  /** Tokens of a client whose record has been changed. */
  const keepsIts = async (changes: Partial<Client>) => {
    await strict.store.clients.save({ ...(await strict.store.clients.find('web'))!, ...changes });
    return tokens(strict);
  };
  const tokens = async (on: typeof server, scope = 'read write') =>
    (await (await authorizeAs(on, { scope })).exchange()).json;

  it('is exchanged for a new access token and a successor, and works no more once that is in use', async () => {
    const first = await tokens(server);
    const second = (await refresh(server, first.refresh_token)).json;
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await getSecret(server, second.access_token)).status, 200);
    const third = (await refresh(server, second.refresh_token)).json;
    assert.equal((await refresh(server, first.refresh_token)).json.error, 'invalid_grant');
    // Two parties held it, so everything that came of the sign-in is over.
    assert.equal((await getSecret(server, third.access_token)).status, 401);
    assert.equal((await refresh(server, third.refresh_token)).json.error, 'invalid_grant');
  });

  it('gets the same successor again for a client that lost the answer, for 30 seconds', async () => {
    await withClock(async (advance) => {
      const first = await tokens(server);
      const lost = (await refresh(server, first.refresh_token)).json;
      advance(30 * SECOND - 1);
      const again = await refresh(server, first.refresh_token);
      assert.equal(again.status, 200);
      assert.equal(again.json.refresh_token, lost.refresh_token);
      assert.notEqual(again.json.access_token, lost.access_token);
      assert.equal((await getSecret(server, again.json.access_token)).status, 200);
      advance(1);
      assert.equal((await refresh(server, first.refresh_token)).json.error, 'invalid_grant');
      assert.equal((await refresh(server, lost.refresh_token)).json.error, 'invalid_grant');
    });
  });

  it('has a successor that nobody can tell from it, not even with the secret of the server', async () => {
    const SESSION_SECRET = 'a-secret-that-has-become-known-to-others';
    const servers = [await startServer({ SESSION_SECRET }), await startServer({ SESSION_SECRET })];
    // The same token at two servers with the same secret: what differs only their stores know.
    const spent = 'the-same-refresh-token-at-two-servers-000000';
    const successors: string[] = [];
    for (const [index, on] of servers.entries()) {
      const expiresAt = Date.now() + DAY;
      const grant = { ...newGrant('web', 'alice', { scope: ['read'] }), expiresAt };
      const code = { hash: sha256(`a code ${index}`), redirectUri: 'https://web.example/callback' };
      const carried = { grantId: grant.id, clientId: 'web', scope: ['read'], expiresAt };
      await on.store.codes.save({ ...code, ...carried }, grant);
      const hashes = hashesOf(spent);
      const accessToken = { ...carried, ...hashes, audience: [], issuedAt: Date.now() };
      await on.store.tokens.issue(
        { accessToken, refreshToken: { ...carried, ...hashes, salt: `salt ${index}` } },
        Date.now(),
      );
      successors.push((await refresh(on, spent)).json.refresh_token);
    }
    assert.match(successors[0]!, /^[\w-]{86}$/);
    assert.notEqual(successors[0], successors[1]);
    const key = deriveKey(SESSION_SECRET, 'refresh token successor');
    for (const successor of successors) assert.ok(!successor.endsWith(mac(key, spent)));
    // Each link of the chain has a salt of its own.
    for (const [index, on] of servers.entries()) {
      const { hash } = hashesOf(successors[index]!);
      const salt = (await on.store.refreshTokens.find(hash, Date.now()))?.token.salt;
      assert.match(salt ?? '', /^[\w-]{22}$/);
    }
  });

  it('leaves one family alive and one successor when 50 present it at once', async () => {
    const first = await tokens(server);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => refresh(server, first.refresh_token)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const successors = new Set(answers.map(({ json }) => json.refresh_token));
    assert.equal(successors.size, 1);
    assert.equal((await refresh(server, [...successors][0])).status, 200);
  });

  it('has one winner of 50 with the window at 0, and the family ends', async () => {
    const first = await tokens(strict);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => refresh(strict, first.refresh_token)),
    );
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    assert.equal((await getSecret(strict, won[0]?.json.access_token)).status, 401);
    assert.equal((await refresh(strict, won[0]?.json.refresh_token)).json.error, 'invalid_grant');
    assert.equal((await getSecret(strict, first.access_token)).status, 401);
  });

  it('narrows the scope of one access token, not of what comes after it', async () => {
    const first = await tokens(server);
    const narrow = (await refresh(server, first.refresh_token, { scope: 'read' })).json;
    assert.equal(narrow.scope, 'read');
    const wide = (await refresh(server, narrow.refresh_token)).json;
    assert.equal(wide.scope, 'read write');
  });

  it('is not used up by a request for more than was granted', async () => {
    const first = await tokens(server, 'read');
    const greedy = await refresh(server, first.refresh_token, { scope: 'read write' });
    assert.deepEqual(greedy.json, {
      error: 'invalid_scope',
      error_description: 'What was granted does not have the scope: write. It has: read.',
    });
    assert.equal((await refresh(server, first.refresh_token)).status, 200);
  });

  it('is over after two weeks without use', async () => {
    await withClock(async (advance) => {
      const first = await tokens(server);
      advance(14 * DAY - 1);
      const second = (await refresh(server, first.refresh_token)).json;
      advance(14 * DAY);
      assert.equal((await refresh(server, second.refresh_token)).json.error, 'invalid_grant');
    });
  });

  it('is over 90 days after the sign-in, however often it was refreshed', async () => {
    await withClock(async (advance) => {
      let current = await tokens(server);
      for (let week = 0; week < 12; week += 1) {
        advance(7 * DAY);
        current = (await refresh(server, current.refresh_token)).json;
      }
      advance(6 * DAY - 1 * SECOND);
      const last = await refresh(server, current.refresh_token);
      assert.equal(last.json.expires_in, 1, 'an access token does not outlive the grant');
      advance(1 * SECOND);
      assert.equal((await refresh(server, last.json.refresh_token)).json.error, 'invalid_grant');
      assert.equal((await getSecret(server, last.json.access_token)).status, 401);
    });
  });

  it('is over at once if GRANT_TTL is lowered, and is not used up by that', async () => {
    const { store } = server;
    const SESSION_SECRET = 's'.repeat(32);
    const quarter = await startServer({ SESSION_SECRET }, { store });
    const month = await startServer({ SESSION_SECRET, GRANT_TTL: `${30 * 24 * 3600}` }, { store });
    await withClock(async (advance) => {
      const first = await tokens(quarter);
      advance(10 * DAY);
      const second = (await refresh(quarter, first.refresh_token)).json;
      advance(10 * DAY);
      const third = (await refresh(quarter, second.refresh_token)).json;
      advance(10 * DAY);
      for (const { refresh_token } of [third, second]) {
        const { status, json } = await refresh(month, refresh_token);
        assert.deepEqual([status, json.error], [400, 'invalid_grant']);
        assert.match(json.error_description, /sign in again/);
      }
      assert.equal((await refresh(quarter, third.refresh_token)).status, 200);
    });
  });

  it('is kept for ever by a confidential client whose record says so, as voice assistants do', async () => {
    await withClock(async (advance) => {
      const first = await keepsIts({ rotateRefreshTokens: false });
      // Longer than two weeks without use: each use begins them anew.
      for (let days = 0; days < 80; days += 10) {
        advance(10 * DAY);
        const again = await refresh(strict, first.refresh_token);
        assert.equal(again.status, 200);
        assert.equal(again.json.refresh_token, undefined);
        assert.equal((await getSecret(strict, again.json.access_token)).status, 200);
      }
      // It is its own at the same instant, too.
      const many = await Promise.all(
        Array.from({ length: 50 }, () => refresh(strict, first.refresh_token)),
      );
      for (const { status } of many) assert.equal(status, 200);
      advance(10 * DAY);
      assert.equal((await refresh(strict, first.refresh_token)).json.error, 'invalid_grant');
    });
  });

  it('that is kept is over after two weeks without use, and when it is revoked', async () => {
    await withClock(async (advance) => {
      const idle = await keepsIts({ rotateRefreshTokens: false });
      advance(14 * DAY);
      assert.equal((await refresh(strict, idle.refresh_token)).json.error, 'invalid_grant');
      const ended = await keepsIts({ rotateRefreshTokens: false });
      const { access_token } = (await refresh(strict, ended.refresh_token)).json;
      const form = new URLSearchParams({ token: ended.refresh_token });
      const headers = { authorization: basic('web', 'web-secret') };
      await http(`${strict.issuer}/oauth/revoke`, { method: 'POST', headers, body: form });
      assert.equal((await refresh(strict, ended.refresh_token)).json.error, 'invalid_grant');
      assert.equal((await getSecret(strict, access_token)).status, 401);
    });
  });

  it('is rotated again once the record says so, and always for a public client', async () => {
    const kept = await keepsIts({ rotateRefreshTokens: false });
    assert.equal((await refresh(strict, kept.refresh_token)).status, 200);
    await strict.store.clients.save((await server.store.clients.find('web'))!);
    assert.ok((await refresh(strict, kept.refresh_token)).json.refresh_token);
    assert.equal((await refresh(strict, kept.refresh_token)).json.error, 'invalid_grant');

    const spa = (await strict.store.clients.find('spa'))!;
    await strict.store.clients.save({ ...spa, rotateRefreshTokens: false });
    const redirectUri = 'https://spa.example/callback';
    const { refresh_token } = (
      await (await authorizeAs(strict, { client: 'spa', redirectUri })).exchange()
    ).json;
    const form = { grant_type: 'refresh_token', client_id: 'spa', refresh_token };
    assert.ok((await requestToken(strict, form)).json.refresh_token);
    assert.equal((await requestToken(strict, form)).json.error, 'invalid_grant');
  });

  it('is nothing to another client', async () => {
    const first = await tokens(server);
    const form = {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
      client_id: 'spa',
    };
    assert.equal((await requestToken(server, form)).json.error, 'invalid_grant');
    assert.equal((await refresh(server, first.refresh_token)).status, 200);
  });
});

describe('the token endpoint for browsers (CORS)', async () => {
  const server = await startServer();

  it('answers the preflight of any origin, and lets its script read the answer', async () => {
    const preflight = await http(`${server.issuer}/oauth/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://spa.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,mcp-protocol-version',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(
      preflight.headers.get('access-control-allow-headers') ?? '',
      /authorization.*mcp-protocol-version/i,
    );
    const answer = await requestToken(server, { grant_type: 'client_credentials' }, 'web:wrong');
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  });

  it('allows in the preflight whatever headers are asked for, in bounds and with no cookies', async () => {
    for (const endpoint of ['oauth/token', 'oauth/revoke', 'oauth/jwks', 'secret']) {
      const preflight = async (asked: string) => {
        const { headers } = await http(`${server.issuer}/${endpoint}`, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://spa.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': asked,
          },
        });
        assert.equal(headers.get('access-control-allow-credentials'), null);
        return headers.get('access-control-allow-headers');
      };
      const usual = 'authorization,x-requested-with,sentry-trace,baggage';
      assert.equal(await preflight(usual), usual, endpoint);
      assert.equal(await preflight('x'.repeat(1025)), null);
      assert.equal(await preflight('<script>'), null);
    }
  });

  it('is the only one of the two: no script may read the authorization endpoint', async () => {
    const { headers } = await http(`${server.issuer}/oauth/authorize`, {
      headers: { origin: 'https://spa.example' },
    });
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
});
