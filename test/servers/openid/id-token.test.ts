import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { DEVICE_GRANT, TV } from '../../helpers/devices.ts';
import { authorizeAs, requestToken } from '../../helpers/flows.ts';
import { periodStart } from '../../helpers/forge.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import {
  askAs,
  OPENID_SEED,
  refreshAs,
  relyingParty,
  signInTo,
  signInUrl,
  verified,
} from '../../helpers/openid.ts';

const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-machine', { grant_types: ['client_credentials'] }),
    relyingParty('rp-never', { scope: 'read' }),
    relyingParty('rp-lasting', { id_token_ttl: 60 * 24 * 3600 }),
    { ...TV, scope: 'openid profile read', id_token_claims: true },
  ],
};

/** A moment in the past, so that what is issued now and after a step of the clock differs. */
const START = Date.now() - (Date.now() % 1000);

describe('the ID token of a code (OpenID Connect Core section 2)', async () => {
  const server = await startServer({}, { seed });

  it('has its claims, is signed with RS256 by a published key, and its times are of this sign-in', async () => {
    const before = Math.floor(Date.now() / 1000);
    const tokens = await signInTo(server);
    const header = decodeProtectedHeader(tokens.id_token);
    assert.deepEqual([header.alg, header.typ], ['RS256', 'JWT']);
    const { iat, exp, auth_time, at_hash, sid, ...claims } = await verified(
      server,
      tokens.id_token,
    );
    assert.deepEqual(claims, {
      iss: server.issuer,
      sub: 'alice',
      aud: 'rp',
      azp: 'rp',
      nonce: 'some-nonce',
      acr: '1',
      amr: ['pwd'],
    });
    for (const time of [iat, auth_time] as number[]) {
      assert.ok(Number.isInteger(time) && time >= before && time <= before + 60, `${time}`);
    }
    assert.equal(exp, iat! + 3600);
    assert.match(sid as string, /^[\w-]{43}$/);
    assert.equal(at_hash, halfHash('sha256', tokens.access_token));
  });

  for (const [id, alg, named, hash] of [
    ['rp', 'RS256', 'RS256', 'sha256'],
    ['rp-es256', 'ES256', 'ES256', 'sha256'],
    ['rp-eddsa', 'EdDSA', 'EdDSA', 'sha512'],
    ['rp-ed25519', 'EdDSA', 'Ed25519', 'sha512'],
  ] as const) {
    it(`is signed with ${named} for the client ${id} (id_token_signed_response_alg), and at_hash with its hash`, async () => {
      const { id_token, access_token } = await signInTo(server, { client: id });
      const { alg: header, kid } = decodeProtectedHeader(id_token);
      assert.equal(header, named);
      const { at_hash } = await verified(server, id_token, id, { algorithms: [named] });
      assert.equal(at_hash, halfHash(hash, access_token));
      const { keys } = (await http(`${server.issuer}/oauth/jwks`)).json;
      const key = keys.find((one: { kid: string }) => one.kid === kid);
      // One key for two names (RFC 9864): a name in the key would refuse one of the clients.
      assert.equal(key.alg, alg === 'EdDSA' ? undefined : alg);
    });
  }

  it('has no nonce if the request had none', async () => {
    const { id_token } = await signInTo(server, { params: { nonce: undefined } });
    assert.ok(!('nonce' in (await verified(server, id_token))));
  });

  it('says the nonce letter for letter, and a longer one than 1,024 characters is refused', async () => {
    const nonce = 'é"\\ /+-._~'.repeat(100);
    const { id_token } = await signInTo(server, { params: { nonce } });
    assert.equal((await verified(server, id_token))['nonce'], nonce);
    const back = await new Person(server).visit(
      signInUrl(server, 'rp', { nonce: 'n'.repeat(1025) }),
    );
    assert.equal(new URL(back.location).searchParams.get('error'), 'invalid_request');
  });

  it('knows the session by a sid of the client’s own, which a second sign-in of the same person keeps', async () => {
    const person = new Person(server);
    const sidOf = async (options: object) =>
      decodeJwt((await signInTo(server, { person, ...options })).id_token)['sid'];
    const first = await sidOf({});
    assert.equal(await sidOf({}), first);
    assert.equal(await sidOf({ params: { prompt: 'login' } }), first);
    assert.notEqual(await sidOf({ client: 'rp-post' }), first);
    const cookies = [...person.cookies.values()].join(' ');
    assert.ok(!cookies.includes(String(first)));
    assert.notEqual(await sidOf({ person: new Person(server) }), first);
  });

  it('is the person’s: of two in one browser, each has a sub and a sid of their own', async () => {
    const person = new Person(server);
    const one = decodeJwt((await signInTo(server, { person })).id_token);
    const login = ['bob', 'builder'] as const;
    const params = { prompt: 'login' };
    const other = decodeJwt((await signInTo(server, { person, params, login })).id_token);
    assert.deepEqual([one.sub, other.sub], ['alice', 'user-2']);
    assert.notEqual(one['sid'], other['sid']);
  });

  it('has what the scopes profile and email stand for if the client’s record says so (id_token_claims)', async () => {
    const params = { scope: 'openid profile email' };
    const { id_token } = await signInTo(server, { params, client: 'rp-claims' });
    const claims = await verified(server, id_token, 'rp-claims');
    assert.equal(claims['name'], 'Alice Liddell');
    assert.equal(claims['email'], 'alice@example.com');
    const plain = await verified(server, (await signInTo(server, { params })).id_token);
    assert.ok(!('name' in plain) && !('email' in plain));
  });

  it('lasts as long as the client’s record says (id_token_ttl), or the setting', async () => {
    const { id_token } = await signInTo(server, { client: 'rp-claims' });
    const { exp, iat } = await verified(server, id_token, 'rp-claims');
    assert.equal(exp! - iat!, 60);
    const short = await startServer({ ID_TOKEN_TTL: '120' }, { seed });
    const claims = decodeJwt((await signInTo(short)).id_token);
    assert.equal(claims.exp! - claims.iat!, 120);
  });

  it('lasts no longer than the key that verifies it is published', async () => {
    await withClock(async (advance) => {
      const own = await startServer({ KEY_ROTATION: '3600' }, { seed });
      const { id_token } = await signInTo(own, { client: 'rp-lasting' });
      const { exp = 0, iat = 0 } = decodeJwt(id_token);
      // To the end of the key's hour, and a day more.
      assert.equal(exp - iat, 25 * 3600);
      advance((exp - iat - 1) * 1000);
      assert.equal((await verified(own, id_token, 'rp-lasting')).sub, 'alice');
    }, periodStart(3600));
  });

  it('stands beside a JWT access token, and neither passes for the other', async () => {
    const tokens = await signInTo(server, { client: 'rp-jwt', params: { scope: 'openid read' } });
    const claims = await verified(server, tokens.id_token, 'rp-jwt');
    assert.equal(claims['at_hash'], halfHash('sha256', tokens.access_token));
    const at = (token: string) =>
      http(`${server.issuer}/secret`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await at(tokens.access_token)).status, 200);
    assert.equal((await at(tokens.id_token)).status, 401);
  });

  it('is there only if openid is among the scopes, and not for a client that acts for itself', async () => {
    const params = { scope: 'profile read' };
    assert.ok(!('id_token' in (await signInTo(server, { params }))));
    const own = { grant_type: 'client_credentials' };
    const { json } = await askAs(server, 'rp-machine', own);
    assert.deepEqual([json.scope, 'id_token' in json], ['read', false]);
    const refused = await askAs(server, 'rp-machine', { ...own, scope: 'openid' });
    assert.equal(refused.json.error, 'invalid_scope');
  });

  it('is refused to a client whose record does not have the scope openid', async () => {
    const back = await new Person(server).visit(signInUrl(server, 'rp-never'));
    assert.equal(new URL(back.location).searchParams.get('error'), 'invalid_scope');
  });

  it('comes by a device code, too, without a nonce, and without a session: the device is not in it', async () => {
    const person = new Person(server);
    const form = { client_id: 'tv', scope: 'openid profile' };
    const codes = await http(`${server.issuer}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { device_code, user_code } = codes.json;
    await person.signIn(await person.visit('/login'));
    const review = await person.submit(await person.visit('/device'), { user_code });
    await person.submit(review, { decision: 'allow' });
    const { json } = await requestToken(server, {
      grant_type: DEVICE_GRANT,
      device_code,
      client_id: 'tv',
    });
    const claims = await verified(server, json.id_token, 'tv');
    const { sub, name, acr, nonce, sid } = claims as Record<string, unknown>;
    assert.deepEqual(
      [sub, name, acr, nonce, sid],
      ['alice', 'Alice Liddell', '1', undefined, undefined],
    );
    const refreshed = await requestToken(server, {
      grant_type: 'refresh_token',
      refresh_token: json.refresh_token,
      client_id: 'tv',
    });
    assert.equal((await verified(server, refreshed.json.id_token, 'tv')).sub, 'alice');
  });

  it('takes openid-client’s word for it: discovery, code, PKCE, nonce, ID token and UserInfo', async () => {
    const config = await client.discovery(
      new URL(server.issuer),
      'rp',
      {},
      client.ClientSecretBasic('rp-secret'),
      { execute: [client.allowInsecureRequests] },
    );
    client.enableNonRepudiationChecks(config);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const [expectedNonce, expectedState] = [client.randomNonce(), client.randomState()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: 'https://rp.example/callback',
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: expectedNonce,
      state: expectedState,
      max_age: '600',
    });
    const back = await new Person(server).allow(url.href);
    const tokens = await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier,
      expectedNonce,
      expectedState,
      maxAge: 600,
      idTokenExpected: true,
    });
    const { sub } = tokens.claims()!;
    const info = await client.fetchUserInfo(config, tokens.access_token, sub);
    assert.deepEqual([sub, info.email], ['alice', 'alice@example.com']);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);
    assert.equal(refreshed.claims()?.sub, 'alice');
  });

  it('takes oauth4webapi’s word for it with Ed25519, which it checks by the client’s metadata', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(server.issuer);
    const as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecure }),
    );
    const rp: oauth.Client = {
      client_id: 'rp-ed25519',
      id_token_signed_response_alg: 'Ed25519',
    };
    const back = await new Person(server).allow(signInUrl(server, 'rp-ed25519'));
    const params = oauth.validateAuthResponse(as, rp, back, 'some-state');
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      rp,
      oauth.ClientSecretBasic('rp-ed25519-secret'),
      params,
      'https://rp.example/callback',
      oauth.nopkce,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, rp, response, {
      expectedNonce: 'some-nonce',
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, 'alice');
  });
});

describe('the key set', () => {
  /** There are two of each shortly before the next ones sign. */
  const typesAt = async ({ issuer }: { readonly issuer: string }) => {
    const { json } = await http(`${issuer}/oauth/jwks`);
    return new Set(json.keys.map(({ kty }: { kty: string }) => kty));
  };

  it('has a key for what each client of the seed wants signed, before one has signed in', async () => {
    const ofSeed = await startServer({}, { seed: OPENID_SEED });
    await ofSeed.ready();
    assert.deepEqual(await typesAt(ofSeed), new Set(['EC', 'OKP', 'RSA']));
    const clients = OPENID_SEED.clients.filter(({ client_id }) => client_id === 'rp');
    const without = await startServer({}, { seed: { ...OPENID_SEED, clients } });
    await without.ready();
    assert.deepEqual(await typesAt(without), new Set(['EC', 'RSA']));
  });

  it('has it once such a client is listed or registered in code, or changed to be one', async () => {
    const client = { redirect_uris: ['https://rp.example/callback'] };
    const listed = await serveHost({
      clients: [
        { ...client, client_id: 'listed', client_secret: 's'.repeat(43) },
        {
          ...client,
          client_id: 'eddsa',
          client_secret: 's'.repeat(43),
          userinfo_signed_response_alg: 'EdDSA',
        },
      ],
    });
    assert.deepEqual(await typesAt(listed), new Set(['EC', 'OKP', 'RSA']));
    const host = await serveHost();
    const { clients } = host.server;
    const { client_id } = await clients.register(client);
    assert.deepEqual(await typesAt(host), new Set(['EC', 'RSA']));
    await clients.update(client_id, { id_token_signed_response_alg: 'Ed25519' });
    assert.deepEqual(await typesAt(host), new Set(['EC', 'OKP', 'RSA']));
  });
});

describe('a refreshed ID token (OpenID Connect Core section 12.2)', async () => {
  const server = await startServer({}, { seed });

  it('has the same iss, sub, aud, azp, auth_time, sid, acr and amr, a new iat and at_hash, and no nonce', async () => {
    await withClock(async (advance) => {
      const tokens = await signInTo(server);
      advance(90_000);
      const refreshed = (await refreshAs(server, 'rp', tokens.refresh_token)).json;
      const before = await verified(server, tokens.id_token);
      const after = await verified(server, refreshed.id_token);
      const { iat, exp, at_hash, nonce, ...same } = before;
      assert.equal(nonce, 'some-nonce');
      assert.deepEqual(after, {
        ...same,
        iat: iat! + 90,
        exp: exp! + 90,
        at_hash: halfHash('sha256', refreshed.access_token),
      });
    }, START);
  });

  it('is absent where the scope was narrowed to one without openid, and back at the next refresh', async () => {
    const client = 'rp-claims';
    const tokens = await signInTo(server, { client, params: { scope: 'openid profile read' } });
    const narrow = (await refreshAs(server, client, tokens.refresh_token, { scope: 'read' })).json;
    assert.deepEqual([narrow.scope, 'id_token' in narrow], ['read', false]);
    const wide = (await refreshAs(server, client, narrow.refresh_token)).json;
    const claims = await verified(server, wide.id_token, client);
    assert.equal(claims['name'], 'Alice Liddell');
    const { json } = await refreshAs(server, client, wide.refresh_token, { scope: 'openid' });
    assert.ok(
      !('name' in (await verified(server, json.id_token, client))),
      'the scope of this token',
    );
  });

  it('comes once more, for the same person, if the answer was lost', async () => {
    const tokens = await signInTo(server);
    const first = (await refreshAs(server, 'rp', tokens.refresh_token)).json;
    const again = (await refreshAs(server, 'rp', tokens.refresh_token)).json;
    assert.equal(again.refresh_token, first.refresh_token);
    assert.equal(
      (await verified(server, again.id_token))['at_hash'],
      halfHash('sha256', again.access_token),
    );
  });
});

describe('a request without openid', async () => {
  const server = await startServer({}, { seed });

  it('has no key made for an ID token', async () => {
    const flow = await authorizeAs(server);
    assert.equal((await flow.exchange()).status, 200);
    assert.deepEqual(await server.store.keys.list(Date.now()), []);
  });
});

function halfHash(hash: string, token: string): string {
  const digest = createHash(hash).update(token).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
