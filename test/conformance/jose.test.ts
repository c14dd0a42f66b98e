// jose, with which an API in Node verifies access tokens by the server's key set, knowing nothing
// else of the server.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as jose from 'jose';
import type { SigningAlgorithm } from '../../src/protocol/jwt.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { SEED } from '../helpers/seeds.ts';

const API = 'https://api.example.com/v1';

const ALGORITHMS: [SigningAlgorithm, { kty: string; crv?: string }][] = [
  ['ES256', { kty: 'EC', crv: 'P-256' }],
  ['RS256', { kty: 'RSA' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
];

for (const [alg, shape] of ALGORITHMS) {
  describe(`RFC 9068 with ${alg}, by jose`, async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt', SIGNING_ALGORITHM: alg });
    const metadata = await http(`${server.origin}/.well-known/oauth-authorization-server`);
    const keySet = jose.createRemoteJWKSet(new URL(metadata.json.jwks_uri));

    const verify = (token: string, audience = server.issuer) =>
      jose.jwtVerify<Record<string, unknown>>(token, keySet, {
        issuer: server.issuer,
        audience,
        typ: 'at+jwt',
        algorithms: [alg],
        requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'scope', 'jti'],
      });
    const issue = async (form: Record<string, string> = {}): Promise<string> => {
      const grant = { grant_type: 'client_credentials', ...form };
      return (await requestToken(server, grant, 'web:web-secret')).json.access_token;
    };

    it('verifies a token of a client that acts for itself', async () => {
      const { payload, protectedHeader } = await verify(await issue({ scope: 'read' }));
      assert.equal(protectedHeader.alg, alg);
      assert.equal(payload.sub, 'web');
      assert.equal(payload['client_id'], 'web');
      assert.equal(payload['scope'], 'read');
    });

    it('verifies a token of a person, and after a refresh the next', async () => {
      const { exchange } = await authorizeAs(server, { scope: 'read write' });
      const first = (await exchange()).json;
      const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
      const second = (await requestToken(server, form, 'web:web-secret')).json;
      const claims = [];
      for (const { access_token } of [first, second]) {
        const { payload } = await verify(access_token);
        assert.equal(payload.sub, 'alice');
        assert.equal(payload['scope'], 'read write');
        claims.push(payload);
      }
      assert.notEqual(claims[0]?.jti, claims[1]?.jti);
      assert.equal(claims[0]?.['auth_time'], claims[1]?.['auth_time']);
    });

    it('finds in the key set what RFC 7517 and RFC 7518 ask for, and no private part', async () => {
      const { json, headers } = await http(metadata.json.jwks_uri);
      assert.match(headers.get('content-type') ?? '', /^application\/json/);
      const own = json.keys.filter((key: jose.JWK) => key.kty === shape.kty);
      assert.ok(own.length > 0);
      for (const key of own) assert.deepEqual({ ...key, ...shape }, key);
      // The others are for ID tokens.
      const expected = [...new Set([shape.kty, 'RSA'])];
      assert.deepEqual([...new Set(json.keys.map((key: jose.JWK) => key.kty))], expected);
      for (const key of json.keys) {
        const { kid, use } = key;
        assert.equal(use, 'sig');
        assert.ok(kid);
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.ok(!(secret in key));
        const imported = (await jose.importJWK(key, key.alg ?? 'EdDSA')) as CryptoKey;
        assert.equal(imported.type, 'public');
      }
    });

    it('refuses a token for another audience', async () => {
      const token = await issue({ resource: API });
      assert.equal((await verify(token, API)).payload.aud, API);
      await assert.rejects(verify(token), { claim: 'aud' });
      assert.equal((await getSecret(server, token)).status, 401);
    });

    it('refuses a token whose signature was changed', async () => {
      const token = await issue();
      const [head, body, signature = ''] = token.split('.');
      const bytes = Buffer.from(signature, 'base64url');
      bytes[10] = bytes[10]! ^ 1;
      const forged = `${head}.${body}.${bytes.toString('base64url')}`;
      await assert.rejects(verify(forged), jose.errors.JWSSignatureVerificationFailed);
      assert.equal((await getSecret(server, forged)).status, 401);
    });

    it('makes nothing that the server takes without its key', async () => {
      const claims = jose.decodeJwt(await issue());
      const { kid = '' } = jose.decodeProtectedHeader(await issue());
      const [published = {}] = (await http(metadata.json.jwks_uri)).json.keys;
      const forgeries = [
        new jose.UnsecuredJWT(claims).encode(),
        // The public key as if it were a secret.
        await new jose.SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
          .sign(Buffer.from(JSON.stringify(published))),
        await new jose.SignJWT(claims)
          .setProtectedHeader({ alg, typ: 'at+jwt', kid })
          .sign((await jose.generateKeyPair(alg)).privateKey),
      ];
      for (const token of forgeries) assert.equal((await getSecret(server, token)).status, 401);
    });
  });
}

describe('RFC 7523, an assertion that jose signed', () => {
  it('authenticates a client, with any algorithm that discovery names', async () => {
    const made = await Promise.all(
      ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
        .concat('EdDSA', 'Ed25519')
        .map(async (alg) => ({ alg, ...(await jose.generateKeyPair(alg)) })),
    );
    const client = {
      client_id: 'signs',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: {
        keys: await Promise.all(
          made.map(async ({ alg, publicKey }) => ({
            ...(await jose.exportJWK(publicKey)),
            kid: alg,
          })),
        ),
      },
    };
    const server = await startServer({}, { seed: { scopes: SEED.scopes, clients: [client] } });
    const { json } = await http(`${server.origin}/.well-known/oauth-authorization-server`);
    const asymmetric = json.token_endpoint_auth_signing_alg_values_supported.filter(
      (alg: string) => !alg.startsWith('HS'),
    );
    assert.deepEqual(made.map(({ alg }) => alg).sort(), asymmetric.sort());
    for (const { alg, privateKey } of made) {
      const assertion = await new jose.SignJWT()
        .setProtectedHeader({ alg, kid: alg })
        .setIssuer('signs')
        .setSubject('signs')
        .setAudience(json.issuer)
        .setJti(alg)
        .setIssuedAt()
        .setExpirationTime('1 min')
        .sign(privateKey);
      const answer = await requestToken(server, {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      assert.equal(answer.status, 200, `${alg}: ${answer.text}`);
    }
  });
});
