import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { informationOf } from '../../src/clients/client-information.ts';
import { toClient } from '../../src/clients/client-record.ts';
import { clientFields, readClientMetadata } from '../../src/clients/metadata.ts';
import type { ClientRules } from '../../src/clients/metadata-rules.ts';
import { sha256 } from '../../src/protocol/secrets.ts';
import { CLIENT, HMAC, PUBLIC, SIGNING } from '../helpers/client-entries.ts';

/** The same with a secret that production takes. */
const LONG = { ...CLIENT, client_secret: 's'.repeat(32) };

/** And one whose keys are somewhere else. */
const FETCHED = {
  ...SIGNING,
  jwks: undefined,
  jwks_uri: 'https://app.example/jwks.json',
};

const HASH = sha256('secret');

/** One whose secret nobody here knows. */
const HASHED = { ...CLIENT, client_secret: undefined, client_secret_hash: HASH };

const API = 'https://api.example.com/';

/** One that signs people out, and is told when they sign out elsewhere. */
const SIGNING_OUT = {
  ...LONG,
  scope: 'openid',
  post_logout_redirect_uris: ['https://app.example/bye?from=here'],
  backchannel_logout_uri: 'https://inside.example:8443/logout?client=app',
  backchannel_logout_session_required: true,
  frontchannel_logout_uri: 'https://app.example/frame?of=app',
  frontchannel_logout_session_required: true,
};

const RULES: ClientRules = {
  grantTypes: ['authorization_code', 'client_credentials', 'refresh_token'],
  scopes: ['read', 'write'],
  resources: [],
  production: false,
};

/** What is wrong with a client: the field, and the sentence. */
function problems(client: unknown, rules: Partial<ClientRules> = {}): string[] {
  // As it comes from JSON, where nothing is undefined.
  const plain = JSON.parse(JSON.stringify(client));
  const read = readClientMetadata(plain, { ...RULES, ...rules });
  assert.equal(read.value === undefined, read.problems.length > 0);
  return read.problems.map(({ field, problem }) => `${field} ${problem}`.trim());
}

/** The record of a client whose metadata is right. */
function recordOf(client: object, scopes = RULES.scopes, secret?: string) {
  const { value } = readClientMetadata(client, RULES);
  assert.ok(value);
  return toClient(value, scopes, secret);
}

/** A number of so many bytes, in base64url. */
const base64 = (bytes: number) => Buffer.alloc(bytes, 255).toString('base64url');

describe('metadata that is right', () => {
  it('has defaults for all a client leaves out', () => {
    assert.deepEqual(readClientMetadata(CLIENT, RULES), {
      value: {
        ...CLIENT,
        client_secret: ['secret'],
        client_secret_hash: [],
        grant_types: ['authorization_code'],
        require_pkce: true,
      },
      problems: [],
    });
  });

  const right: [string, object, boolean?][] = [
    ['a public client', PUBLIC],
    ['the hash of a secret, in production too', HASHED, true],
    ['the hashes of two', { ...HASHED, client_secret_hash: [HASH, sha256('other')] }],
    ['an old client that cannot do PKCE', { ...CLIENT, require_pkce: false }],
    [
      'a client without a redirect URI that needs none',
      { client_id: 'job', client_secret: 's', grant_types: ['client_credentials'] },
    ],
    [
      'RFC 7591 metadata that says nothing to this server',
      { ...CLIENT, logo_uri: 'https://app.example/logo', contacts: ['a@b.example'] },
    ],
    ['response_types code', { ...CLIENT, response_types: ['code'] }],
    [
      'http on loopback in production',
      { ...PUBLIC, redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]:8/'] },
      true,
    ],
    [
      'the scheme of an app in production',
      { ...PUBLIC, redirect_uris: ['com.example.app:/callback'] },
      true,
    ],
    ['http outside production', { ...CLIENT, redirect_uris: ['http://app.example/'] }],
    [
      'a client that signs for the token endpoint, as old ones do',
      { ...SIGNING, allow_token_endpoint_audience: true },
    ],
    ['and one that signs with its secret', { ...HMAC, allow_token_endpoint_audience: true }],
    [
      'any port on loopback, though it has a secret',
      {
        ...LONG,
        redirect_uris: ['http://127.0.0.1/callback'],
        allow_any_loopback_port: true,
      },
      true,
    ],
    [
      'any port on loopback, having none',
      { ...PUBLIC, allow_any_loopback_port: true, redirect_uris: ['http://[::1]/'] },
    ],
    [
      'refresh tokens that are not rotated, if it has a secret',
      { ...LONG, rotate_refresh_tokens: false },
      true,
    ],
    [
      'refresh tokens that are not rotated, if it has a key',
      { ...SIGNING, rotate_refresh_tokens: false },
    ],
    ['no such exception', { ...CLIENT, allow_token_endpoint_audience: false }],
    ['secrets of 32 characters in production', LONG, true],
    [
      'two of them in production',
      { ...LONG, client_secret: ['l'.repeat(32), 'm'.repeat(255)] },
      true,
    ],
    ['two secrets for a change-over', { ...CLIENT, client_secret: ['old', 'new'] }],
    ['a client that signs with its private key', SIGNING, true],
    ['a client whose keys are to be fetched', FETCHED, true],
    [
      'http for those keys outside production',
      { ...FETCHED, jwks_uri: 'http://localhost:9/jwks.json' },
    ],
    ['a client that signs with its secret', HMAC],
    [
      'resources of its own if the server lists none',
      { ...CLIENT, resources: [API], introspects: [API] },
    ],
    [
      'a client that does nothing but introspect',
      { client_id: 'api', client_secret: 's', grant_types: [], introspects: [API] },
    ],
    ['all that logout needs, in production too', SIGNING_OUT, true],
    [
      'people sent to an app of theirs once they are signed out, in production too',
      {
        ...PUBLIC,
        post_logout_redirect_uris: ['com.example.app:/bye', 'http://127.0.0.1:8080/bye'],
      },
      true,
    ],
    ['nowhere that they are sent to', { ...CLIENT, post_logout_redirect_uris: [] }],
    [
      'sessions that it does not need to be told of',
      {
        ...CLIENT,
        backchannel_logout_session_required: false,
        frontchannel_logout_session_required: false,
      },
    ],
    [
      'http for logout outside production',
      {
        ...CLIENT,
        redirect_uris: ['http://app.example/callback'],
        post_logout_redirect_uris: ['http://app.example/bye'],
        backchannel_logout_uri: 'http://app:8080/logout',
        frontchannel_logout_uri: 'http://app.example/frame',
      },
    ],
    [
      'a frame on the person’s own machine, as its redirect URI is, in production',
      {
        ...LONG,
        redirect_uris: ['https://app.example/callback', 'http://127.0.0.1:8080/callback'],
        frontchannel_logout_uri: 'http://127.0.0.1:8080/frame',
      },
      true,
    ],
    [
      'a second URL in the query of one, and a comma in its path',
      {
        ...CLIENT,
        redirect_uris: [
          'https://app.example/a,b',
          'https://app.example/cb?from=https://a.example,https://b.example',
        ],
      },
    ],
    ['a client with the id __proto__', { ...CLIENT, client_id: '__proto__' }],
  ];
  for (const [what, client, production = false] of right) {
    it(`may have ${what}`, () => assert.deepEqual(problems(client, { production }), []));
  }

  it('may name resources that the server lists', () => {
    const client = { ...CLIENT, resources: [API], introspects: [API], access_token_format: 'jwt' };
    assert.deepEqual(problems(client, { resources: [API] }), []);
  });

  it('is not changed by being read', () => {
    const client = Object.freeze({ ...CLIENT, logo_uri: 'https://app.example/logo' });
    assert.deepEqual(problems(client), []);
    assert.equal(readClientMetadata(client, RULES).problems.length, 0);
  });
});

describe('metadata that is wrong: the message names the field', () => {
  const anId = 'must be 1 to 255 letters, digits and -._~ and the like, without spaces';
  const wrong: [unknown, string, boolean?][] = [
    [
      { ...HASHED, client_secret_hash: 'secret' },
      'client_secret_hash must be the SHA-256 of a secret in base64url, which has 43 characters, or a list of two',
    ],
    [
      { ...CLIENT, client_secret_hash: HASH },
      'client_secret_hash is there beside client_secret: give one of them',
    ],
    [
      { ...PUBLIC, client_secret_hash: HASH },
      'client_secret_hash is there, but "token_endpoint_auth_method" is "none"',
    ],
    [
      { ...SIGNING, client_secret_hash: HASH },
      'client_secret_hash must be left out: the client signs with its private key',
    ],
    [
      { ...HMAC, client_secret: undefined, client_secret_hash: HASH },
      'client_secret_hash is there, but client_secret_jwt needs the secret itself',
    ],
    ['app', 'must be an object'],
    [null, 'must be an object'],
    [[CLIENT], 'must be an object'],
    [{ ...CLIENT, client_id: undefined }, 'client_id is missing'],
    [{ ...CLIENT, client_id: 7 }, 'client_id must be a string'],
    [{ ...CLIENT, client_id: '' }, `client_id ${anId}`],
    [{ ...CLIENT, client_id: 'a b' }, `client_id ${anId}`],
    ...[7, ' ab', 'ab ', ' ', 'a\tb', '', 'x'.repeat(256), [], ['one', 'two', 'three']].map(
      (value): [object, string] => [
        { ...CLIENT, client_secret: value },
        'client_secret must be a string of 1 to 255 printable ASCII characters without a space at either end, or a list of two',
      ],
    ),
    [
      { ...CLIENT, client_secret: ['one', 'a '] },
      'client_secret[1] must be a string of 1 to 255 printable ASCII characters without a space at either end, or a list of two',
    ],
    [
      { ...CLIENT, client_secret: undefined },
      'client_secret is missing; for a public client say "token_endpoint_auth_method": "none"',
    ],
    [
      { ...CLIENT, token_endpoint_auth_method: 'none' },
      'client_secret is there, but "token_endpoint_auth_method" is "none"',
    ],
    [
      { ...CLIENT, token_endpoint_auth_method: 'tls_client_auth' },
      'token_endpoint_auth_method must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none',
    ],
    [{ ...SIGNING, jwks: undefined }, 'jwks is missing: private_key_jwt needs it, or jwks_uri'],
    [
      { ...SIGNING, client_secret: 'secret' },
      'client_secret must be left out: the client signs with its private key',
    ],
    [
      { ...FETCHED, jwks: SIGNING.jwks },
      'jwks_uri is there beside jwks: give one of them (RFC 7591 section 2)',
    ],
    [
      { ...CLIENT, token_endpoint_auth_signing_alg: 'ES256' },
      'token_endpoint_auth_signing_alg is there, but the client does not sign',
    ],
    ...['none', 'ES256K'].map((alg): [object, string] => [
      { ...SIGNING, token_endpoint_auth_signing_alg: alg },
      'token_endpoint_auth_signing_alg must be one of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, Ed25519, HS256, HS384, HS512',
    ]),
    [
      { ...SIGNING, token_endpoint_auth_signing_alg: 'HS256' },
      'token_endpoint_auth_signing_alg must be one of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, Ed25519 for private_key_jwt',
    ],
    [
      { ...HMAC, token_endpoint_auth_signing_alg: 'ES256' },
      'token_endpoint_auth_signing_alg must be one of HS256, HS384, HS512 for client_secret_jwt',
    ],
    [
      { ...CLIENT, jwks: SIGNING.jwks },
      'jwks is there, but "token_endpoint_auth_method" is not "private_key_jwt"',
    ],
    [{ ...SIGNING, jwks: { keys: [] } }, 'jwks.keys must have a key'],
    [
      { ...SIGNING, jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } },
      'jwks.keys[0].kty must be EC, RSA or OKP',
    ],
    [
      { ...SIGNING, jwks: { keys: [{ kty: 'RSA', n: base64(513), e: 'AQAB' }] } },
      'jwks.keys[0] is an RSA key of more than 4096 bits, or with an exponent of more than 32',
    ],
    [
      { ...SIGNING, jwks: { keys: [{ kty: 'RSA', n: base64(256), e: base64(5) }] } },
      'jwks.keys[0] is an RSA key of more than 4096 bits, or with an exponent of more than 32',
    ],
    [
      { ...SIGNING, jwks: { keys: [{ kty: 'OKP', d: 'AAAA' }] } },
      'jwks.keys[0] is a private key: keep it with the client',
    ],
    [{ ...FETCHED, jwks_uri: 'file:///etc/keys.json' }, 'jwks_uri must be an https URL'],
    [{ ...FETCHED, jwks_uri: 'http://app.example/jwks.json' }, 'jwks_uri is http: use https', true],
    [{ ...CLIENT, initiate_login_uri: 'app:/login' }, 'initiate_login_uri must be an https URL'],
    [
      { ...CLIENT, initiate_login_uri: 'https://app.example/login#a' },
      'initiate_login_uri must not have a fragment',
    ],
    [
      { ...CLIENT, client_secret: 's'.repeat(32), initiate_login_uri: 'http://app.example/login' },
      'initiate_login_uri is http: use https',
      true,
    ],
    [
      { ...CLIENT, post_logout_redirect_uris: 'https://app.example/' },
      'post_logout_redirect_uris must be a list',
    ],
    [
      { ...CLIENT, post_logout_redirect_uris: Array(101).fill('https://app.example/') },
      'post_logout_redirect_uris has more than 100',
    ],
    ...(
      [
        ['/bye', 'is not an absolute URI'],
        ['https://app.example/bye#x', 'has a fragment'],
        ['javascript:alert(1)', 'has the scheme javascript:, which runs code'],
        ['data:text/html,x', 'has the scheme data:, which runs code'],
        ['https://a:b@app.example/', 'has a user name or password in it'],
        ['http://app.example/bye', 'is http for a host that is not loopback: use https', true],
      ] as const
    ).map(([uri, problem, production = false]): [object, string, boolean] => [
      { ...LONG, post_logout_redirect_uris: ['https://app.example/bye', uri] },
      `post_logout_redirect_uris[1] ${problem}: ${uri}`,
      production,
    ]),
    ...['backchannel_logout_uri', 'frontchannel_logout_uri'].flatMap((field) =>
      [
        ['/logout', 'is not an absolute URI'],
        ['https://app.example/logout#', 'has a fragment'],
        ['https://app.example/log out', 'has a space or a control character'],
        ['https://a:b@app.example/logout', 'has a user name or password in it'],
        ['javascript:alert(1)', 'is not http or https'],
        ['com.example.app:/logout', 'is not http or https'],
        [`https://app.example/${'x'.repeat(1005)}`, 'is longer than 1024 characters'],
      ].map(([uri, problem]): [object, string] => [
        { ...CLIENT, [field]: uri },
        `${field} ${problem}: ${uri}`,
      ]),
    ),
    [{ ...CLIENT, backchannel_logout_uri: 7 }, 'backchannel_logout_uri must be a string'],
    [
      { ...LONG, backchannel_logout_uri: 'http://127.0.0.1:8080/logout' },
      'backchannel_logout_uri is http: use https',
      true,
    ],
    ...[
      'https://other.example/frame',
      'https://sub.app.example/frame',
      'https://app.example:8443/frame',
      'http://app.example/frame',
    ].map((uri): [object, string] => [
      { ...CLIENT, frontchannel_logout_uri: uri },
      `frontchannel_logout_uri does not have the scheme, host and port of any redirect URI (OpenID Connect Front-Channel Logout section 2): ${uri}`,
    ]),
    ...['backchannel', 'frontchannel'].flatMap((channel): [object, string][] => [
      [
        { ...CLIENT, [`${channel}_logout_session_required`]: true },
        `${channel}_logout_session_required is there, but ${channel}_logout_uri is not`,
      ],
      [
        { ...CLIENT, scope: 'read', [`${channel}_logout_uri`]: 'https://app.example/logout' },
        `${channel}_logout_uri is there, but scope has no openid, so the client does not know who signs in`,
      ],
    ]),
    ...Object.entries({
      post_logout_redirect_uris: ['https://app.example/bye'],
      backchannel_logout_uri: 'https://app.example/logout',
      frontchannel_logout_uri: 'https://app.example/logout',
    }).map(([field, value]): [object, string] => [
      { ...CLIENT, grant_types: ['client_credentials'], [field]: value },
      `${field} needs the grant type authorization_code: without it nobody signs in`,
    ]),
    [
      { ...HMAC, client_secret: 'short' },
      'client_secret must have 32 characters or more to sign with (RFC 7518 section 3.2)',
    ],
    ...['s'.repeat(31), ['s'.repeat(31), 'l'.repeat(32)], ['l'.repeat(32), 's']].map(
      (client_secret): [object, string, boolean] => [
        { ...CLIENT, client_secret },
        `client_secret is too short for production: make one of 32 random characters or more, with node -p "crypto.randomBytes(32).toString('base64url')"`,
        true,
      ],
    ),
    [
      { ...CLIENT, allow_token_endpoint_audience: true },
      'allow_token_endpoint_audience is there, but the client does not sign',
    ],
    [
      { ...SIGNING, allow_token_endpoint_audience: 'yes' },
      'allow_token_endpoint_audience must be true or false',
    ],
    [{ ...CLIENT, access_token_format: 'JWT' }, 'access_token_format must be opaque or jwt'],
    ...['api', '/api', `${API}#x`].map((value): [object, string] => [
      { ...CLIENT, resources: [value] },
      'resources[0] must be an absolute URI without a fragment',
    ]),
    [
      { ...CLIENT, introspects: ['api'] },
      'introspects[0] must be an absolute URI without a fragment',
    ],
    [{ ...CLIENT, client_name: '' }, 'client_name must not be empty'],
    [{ ...CLIENT, client_name: 'x'.repeat(257) }, 'client_name is too long'],
    [{ ...CLIENT, client_uri: 'javascript:alert(1)' }, 'client_uri must be an http or https URL'],
    [{ ...CLIENT, redirect_uris: 'https://app.example/' }, 'redirect_uris must be a list'],
    [{ ...CLIENT, redirect_uris: [7] }, 'redirect_uris[0] must be a string'],
    ...['redirect_uris', 'post_logout_redirect_uris', 'resources', 'introspects'].flatMap((field) =>
      ['https://a.example/cb,https://b.example/cb', 'https://a.example/cb,HTTP://b.example?c'].map(
        (two): [object, string] => [
          { ...CLIENT, [field]: ['https://app.example/', two] },
          `${field}[1] has two URLs in it: each is an entry of its own (in a command the field is repeated)`,
        ],
      ),
    ),
    ...[
      'client_uri',
      'logo_uri',
      'policy_uri',
      'tos_uri',
      'initiate_login_uri',
      'sector_identifier_uri',
    ]
      .concat('backchannel_logout_uri', 'frontchannel_logout_uri')
      .map((field): [object, string] => [
        { ...CLIENT, [field]: 'https://a.example/x,https://b.example/x' },
        `${field} has two URLs in it, and can have one`,
      ]),
    [
      { ...FETCHED, jwks_uri: 'https://a.example/x,https://b.example/x' },
      'jwks_uri has two URLs in it, and can have one',
    ],
    [
      { ...CLIENT, redirect_uris: Array(101).fill('https://app.example/') },
      'redirect_uris has more than 100',
    ],
    [
      { ...CLIENT, redirect_uris: [`https://app.example/${'x'.repeat(1005)}`] },
      `redirect_uris[0] is longer than 1024 characters: https://app.example/${'x'.repeat(1005)}`,
    ],
    [{ ...CLIENT, resources: Array(101).fill(API) }, 'resources has more than 100'],
    [
      { ...CLIENT, scope: Array.from({ length: 101 }, (_, n) => n).join(' ') },
      'scope has more than 100',
    ],
    [{ ...CLIENT, jwks: { keys: Array(33).fill({ kty: 'EC' }) } }, 'jwks.keys has more than 32'],
    [
      { ...CLIENT, redirect_uris: undefined },
      'redirect_uris is missing: the grant type authorization_code needs one',
    ],
    ...(
      [
        ['/callback', 'is not an absolute URI'],
        ['https://app.example/#x', 'has a fragment'],
        ['https://app.example/ x', 'has a space or a control character'],
        ['https://a:b@app.example/', 'has a user name or password in it'],
        [
          'urn:ietf:wg:oauth:2.0:oob',
          'is not a place to be sent to: an app on the person’s machine uses http://127.0.0.1 instead, with any port (RFC 8252 section 7.3)',
        ],
        ['javascript:alert(1)', 'has the scheme javascript:, which runs code'],
        ['data:text/html,x', 'has the scheme data:, which runs code'],
      ] as const
    ).map(([uri, problem]): [object, string] => [
      { ...CLIENT, redirect_uris: ['https://app.example/', uri] },
      `redirect_uris[1] ${problem}: ${uri}`,
    ]),
    [
      { ...LONG, redirect_uris: ['http://app.example/'] },
      'redirect_uris[0] is http for a host that is not loopback: use https: http://app.example/',
      true,
    ],
    [
      { ...CLIENT, grant_types: ['password'] },
      'grant_types[0] must be one of authorization_code, client_credentials, refresh_token',
    ],
    [{ ...CLIENT, grant_types: 'authorization_code' }, 'grant_types must be a list'],
    [
      { ...PUBLIC, grant_types: ['client_credentials'] },
      'grant_types has client_credentials, which needs a client_secret (RFC 6749 section 4.4)',
    ],
    [{ ...CLIENT, response_types: ['token'] }, 'response_types[0] must be code'],
    [{ ...CLIENT, scope: ['read'] }, 'scope must be a string of words separated by spaces'],
    [
      { ...CLIENT, scope: 'read,write' },
      'scope has read,write, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option): words are separated by spaces',
    ],
    [
      { ...CLIENT, scope: 'read all' },
      'scope has all, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
    ],
    [{ ...CLIENT, require_pkce: 'no' }, 'require_pkce must be true or false'],
    [
      { ...PUBLIC, require_pkce: false },
      'require_pkce must be true for a public client (RFC 9700 section 2.1.1)',
    ],
    [
      { ...PUBLIC, rotate_refresh_tokens: false },
      'rotate_refresh_tokens must be true for a public client (RFC 9700 section 2.2.2)',
    ],
    [{ ...CLIENT, rotate_refresh_tokens: 0 }, 'rotate_refresh_tokens must be true or false'],
    [
      { ...PUBLIC, allow_any_loopback_port: false },
      'allow_any_loopback_port must be true for a public client (RFC 8252 section 7.3)',
    ],
    [
      { ...CLIENT, allow_any_loopback_port: true },
      'allow_any_loopback_port is there, but no redirect URI is on loopback: http://127.0.0.1, http://[::1] or http://localhost',
    ],
    [{ ...CLIENT, access_token_ttl: 0 }, 'access_token_ttl must be more than 0'],
    [
      { ...CLIENT, access_token_ttl: Number.MAX_SAFE_INTEGER },
      'access_token_ttl must be at most 315360000, which is ten years',
    ],
    [
      { ...CLIENT, refresh_token_ttl: 315_360_001 },
      'refresh_token_ttl must be at most 315360000, which is ten years',
    ],
    [{ ...CLIENT, refresh_token_ttl: '60' }, 'refresh_token_ttl must be a whole number of seconds'],
    [
      { ...CLIENT, redirect_uri: 'https://app.example/', secret: 'x' },
      'has an unknown field: redirect_uri, secret',
    ],
  ];
  for (const [client, message, production = false] of wrong) {
    it(message, () => assert.deepEqual(problems(client, { production }), [message]));
  }

  it('resources has urn:other, which "resources" does not list', () => {
    assert.deepEqual(problems({ ...CLIENT, resources: ['urn:other'] }, { resources: [API] }), [
      'resources has urn:other, which "resources" does not list',
    ]);
  });

  it('a grant type that this server does not have', () => {
    const client = { ...CLIENT, grant_types: ['authorization_code', 'refresh_token'] };
    assert.deepEqual(problems(client, { grantTypes: ['authorization_code'] }), [
      'grant_types[1] must be one of authorization_code',
    ]);
  });

  it('every mistake is a problem of its own', () => {
    assert.deepEqual(problems({ ...CLIENT, redirect_uris: ['x', 'y'], scope: 'admin' }), [
      'redirect_uris[0] is not an absolute URI: x',
      'redirect_uris[1] is not an absolute URI: y',
      'scope has admin, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
    ]);
  });
});

describe('the record of a client', () => {
  it('has no secret, only its hash', () => {
    const client = recordOf(CLIENT);
    assert.equal(client.secretHashes.length, 1);
    assert.doesNotMatch(JSON.stringify(client), /"secret"/);
  });

  it('is told in the names of the metadata, with every field that was given', () => {
    const { client_secret: _, ...signingOut } = SIGNING_OUT;
    const all = {
      ...signingOut,
      client_name: 'App',
      client_uri: 'https://app.example/',
      logo_uri: 'https://app.example/logo.png',
      policy_uri: 'https://app.example/policy',
      tos_uri: 'https://app.example/terms',
      redirect_uris: ['https://app.example/callback', 'http://127.0.0.1/callback'],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid read',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES384',
      jwks_uri: 'https://app.example/jwks.json',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'EdDSA',
      introspection_signed_response_alg: 'Ed25519',
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://app.example/sector.json',
      default_max_age: 0,
      require_auth_time: true,
      initiate_login_uri: 'https://app.example/login',
      resources: [API],
      introspects: [API],
      access_token_format: 'jwt',
      require_pkce: false,
      allow_token_endpoint_audience: true,
      allow_any_loopback_port: true,
      rotate_refresh_tokens: false,
      access_token_ttl: 60,
      refresh_token_ttl: 61,
      id_token_ttl: 62,
      id_token_claims: true,
    };
    assert.deepEqual(informationOf(recordOf(all)), all);
    const missing = clientFields.filter((name) => !(name in all));
    assert.deepEqual(missing, ['client_secret', 'client_secret_hash', 'jwks']);
  });

  it('has the same hash if that is given in the place of the secret', () => {
    assert.deepEqual(recordOf(HASHED), recordOf(CLIENT));
  });

  it('has the scopes that are given and those of OpenID Connect if the metadata names none', () => {
    const openid = ['openid', 'profile', 'email', 'address', 'phone', 'groups'];
    assert.deepEqual(recordOf(CLIENT, ['read']).scope, ['read', ...openid]);
    const grant_types = ['authorization_code', 'refresh_token'];
    const { scope } = recordOf({ ...CLIENT, grant_types }, ['read']);
    assert.deepEqual(scope, ['read', ...openid, 'offline_access']);
    assert.deepEqual(recordOf({ ...CLIENT, scope: 'write read' }, ['read']).scope, [
      'write',
      'read',
    ]);
    assert.deepEqual(recordOf({ ...CLIENT, scope: '' }, ['read']).scope, []);
  });

  it('keeps the secrets of a client that signs with them, but encrypted', () => {
    assert.throws(() => recordOf(HMAC), {
      name: 'TypeError',
      message:
        "The client app signs with its secret, which is encrypted with the server's: pass the server's secret as well.",
    });
    const client = recordOf(HMAC, [], 's'.repeat(32));
    assert.equal(client.encryptedSecrets?.length, 1);
    assert.equal(client.secretHashes.length, 1);
    assert.doesNotMatch(JSON.stringify(client), /forty-characters/);
  });

  it('keeps what a client may ask tokens for, introspects and signs with', () => {
    const client = recordOf({
      ...SIGNING,
      resources: [API],
      introspects: [API],
      access_token_format: 'jwt',
      access_token_ttl: 60,
    });
    assert.deepEqual(client.resources, [API]);
    assert.deepEqual(client.introspects, [API]);
    assert.equal(client.accessTokenFormat, 'jwt');
    assert.equal(client.accessTokenLifetime, 60);
    assert.deepEqual(client.jwks, SIGNING.jwks);
    assert.deepEqual(client.secretHashes, []);
  });
});
