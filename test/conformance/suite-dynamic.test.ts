// The modules of the plan Dynamic OP, whose clients register themselves.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { clientKey } from '../helpers/clients.ts';
import { withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { httpsHost, httpsMissing } from '../helpers/https-host.ts';
import { LOGO } from '../helpers/logos.ts';
import { type Arrival, REDIRECT_URI, SEED, startProvider } from '../helpers/suite.ts';
import { assertError, assertInvalidGrant } from '../helpers/suite-assertions.ts';
import { assertNotRegistered, DynamicModule, RSA_KEY, waysTo } from '../helpers/suite-dynamic.ts';

const server = await startProvider({ REGISTRATION: 'open' }, { users: SEED.users });
const ways = await waysTo(server);
const FIRST_KEY = await clientKey('RS256', 'first');
const SECOND_KEY = await clientKey('RS256', 'second');

/** What the suite itself serves. */
const published = new Map<string, unknown>();
const host = httpsMissing()
  ? undefined
  : await httpsHost((req, res) => {
      if (req.url === '/images/openid.png') res.end(LOGO);
      else if (!published.has(req.url ?? '')) res.writeHead(404).end();
      else
        res
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify(published.get(req.url ?? '')));
    });
const skip = httpsMissing();

/** Core section 3.1.2.1, RFC 6749 section 4.1.2.1: the person is told, and nobody is sent anywhere. */
function assertErrorPage({ callback, page, seen }: Arrival): void {
  assert.deepEqual([callback, page.location, seen], [undefined, '', []]);
  assert.equal(page.status, 400);
  assert.match(page.text, /redirect_uri/);
}

for (const way of ways) {
  /** A test of the name of a module: what it asserts, and what all of them do in the end. */
  const test = (
    name: string,
    run: (module: DynamicModule) => Promise<void>,
    options: { skip?: string | false } = {},
  ) =>
    it(name, options, async () => {
      const module = new DynamicModule(server, way);
      await run(module);
      await module.end();
    });

  describe(`Dynamic OP, ${way.name}: what is signed`, () => {
    test('oidcc-server: a client registers itself, and the tokens of a plain sign-in are right', async (module) => {
      const client_id = await module.register();
      const { response, idToken } = await module.complete(module.request({ client_id }));
      assert.ok(response.expires_in > 0);
      assert.ok(!('name' in idToken.payload));
    });

    test('oidcc-idtoken-rs256: ID tokens are signed with RS256 if the client asks for that, and name the key', async (module) => {
      const client_id = await module.register({ id_token_signed_response_alg: 'RS256' });
      const { idToken } = await module.complete(module.request({ client_id }));
      assert.equal(idToken.protectedHeader.alg, 'RS256');
      assert.ok(idToken.protectedHeader.kid);
    });

    test('oidcc-idtoken-unsigned: none is not offered, and a client that asks for it is not registered', async (module) => {
      const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
      assert.ok(!json.id_token_signing_alg_values_supported.includes('none'));
      const answer = await module.ask({ id_token_signed_response_alg: 'none' });
      assertNotRegistered(answer, 'invalid_client_metadata');
    });

    test('oidcc-userinfo-rs256: UserInfo is a JWT signed with RS256, for the client and without a nonce', async (module) => {
      const discovery = await http(`${server.issuer}/.well-known/openid-configuration`);
      assert.ok(discovery.json.userinfo_signing_alg_values_supported.includes('RS256'));
      const client_id = await module.register({ userinfo_signed_response_alg: 'RS256' });
      const tokens = await module.complete(module.request({ client_id }));
      const answer = await module.userInfo(tokens.response.access_token);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/jwt(?:;|$)/);
      const keys = createLocalJWKSet((await http(`${server.issuer}/oauth/jwks`)).json);
      const { payload, protectedHeader } = await jwtVerify(answer.text, keys, {
        issuer: server.issuer,
        audience: client_id,
      });
      assert.equal(protectedHeader.alg, 'RS256');
      assert.equal(payload.sub, tokens.idToken.payload.sub);
      assert.ok(!('nonce' in payload));
    });
  });

  describe(`Dynamic OP, ${way.name}: redirect URIs`, () => {
    test('oidcc-ensure-redirect-uri-in-authorization-request: without redirect_uri a client with two gets an error page', async (module) => {
      const redirect_uris = [REDIRECT_URI, 'https://example.org/redirect'];
      const client_id = await module.register({ redirect_uris });
      assertErrorPage(await module.send(module.request({ client_id, redirect_uri: undefined })));
    });

    const WITH_QUERY = `${REDIRECT_URI}?bar=foo`;

    test('oidcc-redirect-uri-query-OK: a redirect URI may have a query, which stays', async (module) => {
      const client_id = await module.register({ redirect_uris: [WITH_QUERY] });
      const request = module.request({ client_id, redirect_uri: WITH_QUERY });
      await module.complete(request, { more: { redirect_uri: WITH_QUERY } });
      const { callback } = await module.authorize(request);
      assert.equal(callback?.['bar'], 'foo');
    });

    test('oidcc-redirect-uri-query-mismatch: another query is an error page', async (module) => {
      const client_id = await module.register({ redirect_uris: [WITH_QUERY] });
      const redirect_uri = `${REDIRECT_URI}?foo=bar`;
      assertErrorPage(await module.send(module.request({ client_id, redirect_uri })));
    });

    test('oidcc-redirect-uri-query-added: a query that was not registered is an error page', async (module) => {
      const client_id = await module.register();
      const redirect_uri = `${REDIRECT_URI}?foo=bar`;
      assertErrorPage(await module.send(module.request({ client_id, redirect_uri })));
    });

    test('oidcc-redirect-uri-regfrag: a redirect URI with a fragment cannot be registered', async (module) => {
      const answer = await module.ask({ redirect_uris: [`${REDIRECT_URI}#foobar`] });
      assertNotRegistered(answer, 'invalid_redirect_uri');
    });

    test('oidcc-ensure-request-object-with-redirect-uri: beside a request object too, another redirect URI is an error page', async (module) => {
      const client_id = await module.register();
      const request = module.request({ client_id, redirect_uri: `${REDIRECT_URI}_invalid` });
      assertErrorPage(await module.send({ ...request, request: 'e30.e30.' }));
    });
  });

  describe(`Dynamic OP, ${way.name}: what a client tells people`, () => {
    test(
      'oidcc-registration-logo-uri: whoever is asked for consent sees the picture',
      async (module) => {
        const client_id = await module.register({ logo_uri: `${host?.origin}/images/openid.png` });
        const page = await visit(module, client_id);
        const [, picture = ''] = /<img src="([^"]+)" alt="">/.exec(page) ?? [];
        const shown = await fetch(new URL(picture.replaceAll('&amp;', '&'), server.origin));
        assert.deepEqual(Buffer.from(await shown.arrayBuffer()), LOGO);
      },
      { skip },
    );

    for (const [name, field] of [
      ['policy', 'policy_uri'],
      ['tos', 'tos_uri'],
    ] as const) {
      test(`oidcc-registration-${name}-uri: whoever is asked for consent has the link`, async (module) => {
        const url = new URL('/login.html', REDIRECT_URI).href;
        const client_id = await module.register({ [field]: url });
        assert.ok((await visit(module, client_id)).includes(`href="${url}"`));
      });
    }

    /** The page that asks for consent to what a client wants. */
    async function visit(module: DynamicModule, client_id: string): Promise<string> {
      const { person } = module;
      const params = new URLSearchParams(module.request({ client_id }));
      const login = await person.visit(`${server.issuer}/oauth/authorize?${params}`);
      assert.ok(login.text.includes('name="password"'));
      const { text } = await person.signIn(login);
      assert.ok(text.includes('name="decision"'));
      return text;
    }
  });

  describe(`Dynamic OP, ${way.name}: a client's documents`, { skip }, () => {
    const origin = host?.origin ?? '';
    const sector = {
      subject_type: 'pairwise',
      sector_identifier_uri: `${origin}/redirect_uris.json`,
    };

    test('oidcc-registration-jwks-uri: a client may publish its keys', async (module) => {
      published.set('/client1_jwks', { keys: [FIRST_KEY.jwk] });
      const jwks_uri = `${origin}/client1_jwks`;
      const client_id = await module.register({ jwks: undefined, jwks_uri }, FIRST_KEY);
      await module.complete(module.request({ client_id }));
    });

    test('oidcc-registration-sector-uri: a sector whose document has the redirect URI', async (module) => {
      published.set('/redirect_uris.json', [REDIRECT_URI]);
      await module.register(sector);
    });

    test('oidcc-registration-sector-bad: a sector whose document has another one by now', async (module) => {
      published.set('/redirect_uris.json', ['https://example.com/op']);
      assertNotRegistered(await module.ask(sector), 'invalid_client_metadata');
    });

    test('oidcc-refresh-token-rp-key-rotation: a client that has changed its key is known a minute later', async (module) => {
      await withClock(async (advance) => {
        const path = `/rotated_${way.isStrict}`;
        published.set(path, { keys: [FIRST_KEY.jwk] });
        const grant_types = ['authorization_code', 'refresh_token'];
        const jwks = { jwks: undefined, jwks_uri: `${origin}${path}` };
        const client_id = await module.register({ ...jwks, grant_types }, FIRST_KEY);
        const scope = 'openid offline_access';
        const request = module.request({ client_id, scope, prompt: 'consent' });
        const { idToken, response } = await module.complete(request);

        published.set(path, { keys: [SECOND_KEY.jwk] });
        module.change(client_id, SECOND_KEY);
        advance(60_000);
        const { refresh_token } = response;
        const form = { grant_type: 'refresh_token', refresh_token };
        const answer = await module.askForTokens(form, client_id);
        assert.equal(answer.status, 200, answer.text);
        const { payload } = await module.checkIdToken(answer.json.id_token, client_id);
        for (const claim of ['sub', 'auth_time', 'azp']) {
          assert.equal(payload[claim], idToken.payload[claim], claim);
        }
        assert.equal(payload.iat, idToken.payload.iat! + 60);
        assert.equal((await module.userInfo(answer.json.access_token)).status, 200);
      });
    });
  });

  describe(`Dynamic OP, ${way.name}: tokens`, () => {
    test('oidcc-refresh-token: a refresh token is for the client that got it', async (module) => {
      const grant_types = ['authorization_code', 'refresh_token'];
      const refreshTokens: string[] = [];
      const ids = [await module.register({ grant_types }), await module.register({ grant_types })];
      for (const client_id of ids) {
        const scope = 'openid offline_access';
        const request = module.request({ client_id, scope, prompt: 'consent' });
        const { response } = await module.complete(request);
        const { refresh_token } = response;
        const form = { grant_type: 'refresh_token', refresh_token, scope };
        const answer = await module.askForTokens(form, client_id);
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
        refreshTokens.push(answer.json.refresh_token);
      }
      const form = { grant_type: 'refresh_token', refresh_token: refreshTokens[1]! };
      assertInvalidGrant(await module.askForTokens(form, ids[0]!));
    });

    test('oidcc-ensure-client-assertion-with-iss-aud-succeeds: the issuer is an audience of assertions', async (module) => {
      const client_id = await module.register();
      const { callback } = await module.authorize(module.request({ client_id }));
      const form = {
        grant_type: 'authorization_code',
        code: callback!['code']!,
        redirect_uri: REDIRECT_URI,
      };
      const answer = await module.askForTokens(form, client_id, server.issuer);
      assert.equal(answer.status, 200, answer.text);
    });
  });

  describe(`Dynamic OP, ${way.name}: what is not supported`, () => {
    const request_uris = ['https://localhost:8443/test/a/express/requri/AbCdEf#1234'];

    test('oidcc-request-uri-unsigned: a client may register what the server does not do, and is told when it asks for it', async (module) => {
      const client_id = await module.register({ request_uris });
      const request = module.request({ client_id });
      const arrival = await module.send({ ...request, request_uri: request_uris[0]! });
      assertError(arrival, request, 'request_uri_not_supported');
    });

    test('oidcc-request-uri-signed-rs256: the same of a signed one, and of one in the request', async (module) => {
      const client_id = await module.register({
        request_uris,
        request_object_signing_alg: 'RS256',
      });
      const request = module.request({ client_id });
      const signed = new SignJWT(request).setProtectedHeader({ alg: 'RS256' });
      const inside = { request: await signed.sign(RSA_KEY.privateKey) };
      const first = await module.send({ ...request, request_uri: request_uris[0]! });
      assertError(first, request, 'request_uri_not_supported');
      assertError(await module.send({ ...request, ...inside }), request, 'request_not_supported');
    });
  });
}

describe('Dynamic OP: the server', () => {
  it('oidcc-discovery-endpoint-verification: the document names the endpoint of registration, and none of the flows without a code', async () => {
    const issuer = 'https://op.example';
    const other = await startProvider({ ISSUER: issuer, REGISTRATION: 'open' });
    const { json } = await http(`${other.origin}/.well-known/openid-configuration`);
    assert.equal(json.registration_endpoint, `${issuer}/oauth/register`);
    assert.deepEqual(json.response_types_supported, ['code']);
    assert.ok(!json.grant_types_supported.includes('implicit'));
    assert.equal(json.request_parameter_supported, false);
    assert.equal(json.request_uri_parameter_supported, false);
  });

  it('oidcc-server-rotate-keys: in time there is a new key, and the old one beside it', async () => {
    await withClock(async (advance) => {
      const rotation = 3600;
      const rotating = await startProvider({ KEY_ROTATION: `${rotation}`, REGISTRATION: 'open' });
      const kids = async () => {
        const { json } = await http(`${rotating.issuer}/oauth/jwks`);
        return json.keys.map(({ kid }: { kid: string }) => kid);
      };
      const before = await kids();
      advance(rotation * 1000);
      const now = await kids();
      assert.ok(now.some((kid: string) => !before.includes(kid)));
      assert.ok(before.some((kid: string) => now.includes(kid)));
    });
  });
});
