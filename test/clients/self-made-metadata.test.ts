import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSelfMadeMetadata } from '../../src/clients/self-made-metadata.ts';
import type { SelfMadeRules } from '../../src/clients/self-made-rules.ts';

const SECRET = 's'.repeat(43);

const RULES: SelfMadeRules = {
  grantTypes: ['authorization_code', 'refresh_token'],
  scopes: ['read', 'write'],
  resources: [],
  production: true,
  clientId: 'https://assistant.example/client.json?v=1',
  secretFor: () => ({ client_secret: SECRET }),
};

const URIS = { redirect_uris: ['https://assistant.example/callback'] };

type From = 'registration' | 'document';

function read(plain: unknown, from: From = 'registration', rules: Partial<SelfMadeRules> = {}) {
  const secretFor = from === 'registration' ? RULES.secretFor : undefined;
  const all = { ...RULES, ...(secretFor === undefined && { secretFor: () => ({}) }), ...rules };
  return readSelfMadeMetadata(JSON.parse(JSON.stringify(plain)), all, from);
}

/** What is left of metadata that is taken. */
function left(plain: unknown, from?: From, rules?: Partial<SelfMadeRules>) {
  const { value, problems } = read(plain, from, rules);
  assert.deepEqual(problems, []);
  return value!;
}

function problems(plain: unknown, from?: From): string[] {
  const { value, problems } = read(plain, from);
  assert.equal(value === undefined, problems.length > 0);
  return problems.map(({ field, problem }) => `${field} ${problem}`.trim());
}

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };

describe('metadata as strangers send them', () => {
  const documents = {
    'an assistant’s, with a grant type of other servers and no secret': {
      client_id: RULES.clientId,
      client_name: 'Assistant',
      client_uri: 'https://assistant.example',
      redirect_uris: [
        'https://assistant.example/api/callback',
        'http://localhost:33418/',
        'http://127.0.0.1/callback',
      ],
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
      ],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    'a chat’s, with members that nobody knows and keys of its own': {
      client_id: RULES.clientId,
      client_name: 'Chat',
      'client_name#de': 'Plauderei',
      application_type: 'web',
      ...URIS,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://assistant.example/keys.json',
      token_endpoint_auth_signing_alg: 'ES256',
      authorization_details_types: [{ anything: { deep: [null] } }],
    },
  };
  for (const [name, plain] of Object.entries(documents)) {
    it(`are taken as a document: ${name}`, () => {
      const value = left(plain, 'document');
      assert.equal(value.client_id, RULES.clientId);
      assert.deepEqual(value.redirect_uris, plain.redirect_uris);
      assert.deepEqual(value.client_secret, []);
      assert.ok(!value.grant_types.some((grant) => grant.startsWith('urn:')));
    });
  }

  it('are taken from an editor, with a scheme of its own and loopback beside https', () => {
    const redirect_uris = [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'http://127.0.0.1:33418/',
      'http://[::1]/',
      ...URIS.redirect_uris,
    ];
    const value = left({
      redirect_uris,
      client_name: '助手 🤖',
      scope: '',
      logo_uri: '',
      tos_uri: null,
    });
    assert.deepEqual(value.redirect_uris, redirect_uris);
    assert.deepEqual(value.grant_types, ['authorization_code']);
    assert.equal(value.scope, undefined);
    assert.deepEqual(value.client_secret, [SECRET]);
  });

  it('lose what the client could not use, and nothing else', () => {
    const value = left({
      ...URIS,
      grant_types: ['implicit', 'authorization_code', 'client_credentials'],
      response_types: ['code', 'code id_token'],
      scope: 'openid admin  read read',
      jwks: { keys: [key] },
      contacts: ['a@assistant.example'],
    });
    assert.deepEqual(value.grant_types, ['authorization_code']);
    assert.deepEqual(value.response_types, ['code']);
    assert.equal(value.scope, 'openid read');
    assert.equal(value.jwks, undefined);
    assert.equal(left({ ...URIS, scope: 'admin' }).scope, undefined, 'as if it had named none');
    const unsigned = { ...URIS, token_endpoint_auth_signing_alg: 'RS256' };
    assert.equal(left(unsigned).token_endpoint_auth_signing_alg, undefined);
  });

  it('have any port on loopback if the client is native, though it has a secret', () => {
    const loopback = { redirect_uris: ['http://127.0.0.1/cb'] };
    const native = { application_type: 'native' };
    assert.equal(left({ ...loopback, ...native }).allow_any_loopback_port, true);
    assert.equal(left(loopback).allow_any_loopback_port, undefined);
    assert.equal(left({ ...URIS, ...native }).allow_any_loopback_port, undefined);
  });

  it('give way to what somebody here has decided', () => {
    const decided = { require_pkce: false, scope: 'read' };
    const value = left({ ...URIS, scope: 'write' }, 'registration', { decided });
    assert.equal(value.require_pkce, false);
    assert.equal(value.scope, 'read');
  });

  it('have keys without anything deep in them, and without lists of what nobody reads', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100; level += 1) deep = [deep];
    const { jwks } = left({
      ...URIS,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: {
        keys: [
          {
            ...key,
            key_ops: ['verify', ...Array(1000).fill(''), 'verify'],
            deep,
            more: { deep: 1 },
            x5c: Array(1000).fill(''),
          },
        ],
        more: 1,
      },
    });
    assert.deepEqual(jwks, { keys: [{ ...key, key_ops: ['verify'] }] });
  });
});

describe('metadata of strangers have nothing of ours:', () => {
  const ours = {
    require_pkce: false,
    allow_token_endpoint_audience: true,
    allow_any_loopback_port: true,
    rotate_refresh_tokens: false,
    introspects: ['https://api.example.com/'],
    resources: ['https://api.example.com/'],
    access_token_format: 'jwt',
    access_token_ttl: 1e6,
    refresh_token_ttl: 1e6,
    id_token_ttl: 1e6,
    id_token_claims: true,
    client_secret_hash: 'x',
    frontchannel_logout_uri: 'https://assistant.example/frame',
    frontchannel_logout_session_required: true,
  };
  for (const [name, said] of Object.entries(ours)) {
    it(name, () => {
      assert.deepEqual(left({ ...URIS, [name]: said }), left(URIS));
    });
  }
});

describe('metadata of strangers are refused', () => {
  const URI = 'redirect_uris[0]';
  const refused: Record<string, [plain: unknown, problem: RegExp, from?: From]> = {
    'a list': [[], /^must be an object$/],
    nothing: [null, /^must be an object$/],
    'no redirect URI': [{}, /^redirect_uris is missing/],
    'a redirect URI that is javascript:': [
      { redirect_uris: ['javascript:alert(1)'] },
      /^redirect_uris\[0\] has the scheme javascript:/,
    ],
    'one that is data:': [{ redirect_uris: ['data:text/html,x'] }, /scheme data:/],
    'one with a fragment': [{ redirect_uris: ['https://a.example/#x'] }, /has a fragment/],
    'one with a wildcard': [{ redirect_uris: ['https://*.a.example/'] }, /there are no wildcards/],
    'one that is http beyond loopback': [{ redirect_uris: ['http://a.example/'] }, /use https/],
    'one with a user': [{ redirect_uris: ['https://u:p@a.example/'] }, /user name or password/],
    'one without //, which a browser takes for a path of this host': [
      { redirect_uris: ['https:/transfer?to=mallory'] },
      /^redirect_uris\[0\] has no \/\/ and host after its scheme/,
    ],
    'one whose host is more than a host': [
      { redirect_uris: ['https://x;sandbox/cb'] },
      /host that is no name/,
    ],
    'one with a wildcard, however it is written': [
      { redirect_uris: ['https://%2a/cb'] },
      /host that is no name/,
    ],
    'a home page with a user': [
      { ...URIS, client_uri: 'https://good.example@a.example/' },
      /^client_uri has a user name or password in it$/,
    ],
    'keys at a URL without //': [
      {
        ...URIS,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: 'https:a.example/keys',
      },
      /^jwks_uri must be an https URL$/,
    ],
    'no grant type that is left': [
      { ...URIS, grant_types: ['password'] },
      /^grant_types has none that this client may have here, which are authorization_code/,
    ],
    'no response type that is left': [
      { ...URIS, response_types: ['token'] },
      /^response_types has no code/,
    ],
    'an application type that is none': [
      { ...URIS, application_type: 'robot' },
      /^application_type must be web or native/,
    ],
    'an unsigned ID token': [
      { ...URIS, id_token_signed_response_alg: 'none' },
      /^id_token_signed_response_alg must be/,
    ],
    'a private key': [
      {
        ...URIS,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...key, d: 'd' }] },
      },
      /is a private key/,
    ],
    'refresh tokens that nothing brings': [
      { ...URIS, grant_types: ['refresh_token'] },
      /^grant_types has refresh_token alone/,
    ],
    'a long URL': [
      { ...URIS, logo_uri: `https://a.example/${'x'.repeat(1024)}` },
      /^logo_uri is longer/,
    ],
    'a name with a line end': [{ ...URIS, client_name: 'a\nb' }, /^client_name has a control/],
    'a document with another id': [
      { ...URIS, client_id: 'https://assistant.example/client.json' },
      /^client_id is not, letter for letter/,
      'document',
    ],
    'a document with a secret': [
      { ...URIS, client_id: RULES.clientId, client_secret: 'x' },
      /^client_secret is there/,
      'document',
    ],
    'a document whose method is for a secret': [
      { ...URIS, client_id: RULES.clientId, token_endpoint_auth_method: 'client_secret_post' },
      /^token_endpoint_auth_method is for a secret/,
      'document',
    ],
  };
  for (const [name, [plain, problem, from]] of Object.entries(refused)) {
    it(`for ${name}`, () => {
      const [first, ...more] = problems(plain, from);
      assert.match(first ?? '', problem);
      assert.deepEqual(more, []);
    });
  }

  it('for too many redirect URIs, in one line', () => {
    const redirect_uris = Array.from({ length: 1000 }, (_, at) => `https://a.example/#${at}`);
    assert.deepEqual(problems({ redirect_uris }), ['redirect_uris has more than 50']);
  });

  it('for each field that is wrong, once', () => {
    const found = problems({
      redirect_uris: [1, 'x'],
      scope: 5,
      jwks_uri: [],
      default_max_age: '1',
    });
    assert.deepEqual(
      found.map((line) => line.split(' ')[0]),
      [URI, 'scope', 'jwks_uri', 'default_max_age'],
    );
  });
});
