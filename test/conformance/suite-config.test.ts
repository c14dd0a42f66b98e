// The module of the plan Config OP.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http } from '../helpers/http.ts';
import { startProvider } from '../helpers/suite.ts';

const ISSUER = 'https://op.example';

/** OpenID Connect Discovery section 3, RFC 8414 section 2, and what extends them. */
const KNOWN = new Set(
  `issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri registration_endpoint
   scopes_supported response_types_supported response_modes_supported grant_types_supported
   acr_values_supported subject_types_supported id_token_signing_alg_values_supported
   userinfo_signing_alg_values_supported token_endpoint_auth_methods_supported
   token_endpoint_auth_signing_alg_values_supported display_values_supported claim_types_supported
   claims_supported claims_locales_supported ui_locales_supported claims_parameter_supported
   request_parameter_supported request_uri_parameter_supported require_request_uri_registration
   service_documentation op_policy_uri op_tos_uri prompt_values_supported
   authorization_response_iss_parameter_supported code_challenge_methods_supported
   revocation_endpoint revocation_endpoint_auth_methods_supported
   revocation_endpoint_auth_signing_alg_values_supported introspection_endpoint
   introspection_endpoint_auth_methods_supported
   introspection_endpoint_auth_signing_alg_values_supported introspection_signing_alg_values_supported
   device_authorization_endpoint protected_resources end_session_endpoint
   backchannel_logout_supported backchannel_logout_session_supported
   frontchannel_logout_supported frontchannel_logout_session_supported`.split(/\s+/),
);

describe('Config OP', async () => {
  const server = await startProvider({ ISSUER });
  const answer = await http(`${server.origin}/.well-known/openid-configuration`);
  const { json: metadata } = answer;
  const { json: jwks } = await http(`${server.origin}${new URL(metadata.jwks_uri).pathname}`);

  it('oidcc-discovery-endpoint-verification: the document is JSON and of the issuer that it is found at', () => {
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
    assert.equal(metadata.issuer, ISSUER);
  });

  it('oidcc-discovery-endpoint-verification: what has to be there is there', () => {
    assert.ok(metadata.response_types_supported.includes('code'));
    assert.ok(metadata.grant_types_supported.includes('authorization_code'));
    assert.ok(metadata.grant_types_supported.includes('refresh_token'));
    assert.ok(metadata.subject_types_supported.includes('public'));
    assert.ok(metadata.id_token_signing_alg_values_supported.includes('RS256'));
    assert.ok(metadata.scopes_supported.includes('openid'));
    assert.ok(metadata.claims_supported.includes('sub'));
    assert.ok(Array.isArray(metadata.code_challenge_methods_supported));
    for (const method of ['client_secret_basic', 'client_secret_post'])
      assert.ok(metadata.token_endpoint_auth_methods_supported.includes(method));
  });

  it('oidcc-discovery-endpoint-verification: every endpoint and the key set are at https URLs', () => {
    for (const required of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint'])
      assert.ok(metadata[required], required);
    const urls = Object.entries(metadata).filter(([name]) => /_(?:endpoint|uri)$/.test(name));
    for (const [name, url] of urls) assert.equal(new URL(String(url)).protocol, 'https:', name);
  });

  it('oidcc-discovery-endpoint-verification: no member is unknown, and none is an empty list', () => {
    for (const [name, value] of Object.entries(metadata)) {
      assert.ok(KNOWN.has(name), name);
      assert.notDeepEqual(value, [], name);
    }
    for (const scope of metadata.scopes_supported)
      assert.match(scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/);
    for (const locale of metadata.ui_locales_supported)
      assert.deepEqual(Intl.getCanonicalLocales(locale), [locale]);
  });

  it('oidcc-discovery-endpoint-verification: it says that there are no request objects', () => {
    assert.equal(metadata.request_parameter_supported ?? false, false);
    // True if it is left out (Discovery section 3).
    assert.equal(metadata.request_uri_parameter_supported, false);
    assert.equal(metadata.claims_parameter_supported, true);
  });

  it('oidcc-discovery-endpoint-verification: the key set has public keys alone, each with an id of its own', () => {
    const ids = jwks.keys.map(({ kid }: { kid: string }) => kid);
    assert.ok(ids.every((kid: unknown) => typeof kid === 'string' && kid !== ''));
    assert.equal(new Set(ids).size, ids.length);
    const members: Record<string, string[]> = {
      RSA: ['n', 'e'],
      EC: ['crv', 'x', 'y'],
      OKP: ['crv', 'x'],
    };
    for (const key of jwks.keys) {
      for (const member of members[key.kty]!) assert.match(key[member], /^[\w-]+$/);
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
        assert.ok(!(secret in key));
    }
    assert.ok(
      jwks.keys.some(
        ({ alg, kty }: { alg: string; kty: string }) => alg === 'RS256' && kty === 'RSA',
      ),
    );
  });
});
