// What a program in JavaScript may give by mistake: each is refused where it is given, by a sentence
// with the option and its value.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuthorizationServerOptions,
  authorizationServer,
  type ClientEntry,
  createModel,
  type ModelOptions,
  memoryStore,
  Routes,
  type Store,
} from '../src/index.ts';

const issuer = 'https://shop.example';

const make = (options: unknown) => authorizationServer(options as AuthorizationServerOptions);

/** The same store without one of its verbs. */
function lacking(noun: string, verb: string): object {
  const store = memoryStore() as unknown as Record<string, Record<string, unknown>>;
  return { ...store, [noun]: { ...store[noun], [verb]: undefined } };
}

/** An endpoint of somebody's own at a path. */
const aGrant = (metadata: object) => ({ parameters: {}, handle() {}, metadata });
function anEndpoint(path: string, metadata = {}) {
  const routes = new Routes();
  routes.all(path, () => {});
  return { routes, metadata };
}

describe('authorizationServer() refuses', () => {
  for (const [options, message] of [
    [undefined, 'authorizationServer() takes an object of options, and was given undefined.'],
    ['https://shop.example', /takes an object of options, and was given "https:/],
    [{}, 'The option issuer of authorizationServer() is missing.'],
    [
      { issuerr: issuer },
      /^authorizationServer\(\) has no option issuerr\. Its options are issuer,/,
    ],
    [{ issuer, toString: 1 }, /has no option toString/],
    [{ issuer: new URL(issuer) }, /issuer .* is an object of the class URL, which is not a string/],
    [
      { issuer, store: {} },
      /store .* is an object, which has no functions clients\.find, clients\.save, .* and \d+ more\.$/,
    ],
    [
      { issuer, store: Promise.resolve() },
      /^The option store .* is an object of the class Promise, which has to be awaited first\.$/,
    ],
    [{ issuer, store: lacking('codes', 'redeem') }, /, which has no function codes\.redeem\.$/],
    [{ issuer, secret: 7 }, 'The option secret of authorizationServer() is not a string.'],
    [
      { issuer, secret: 'hunter2' },
      /^The option secret of authorizationServer\(\) has fewer than 32/,
    ],
    [{ issuer, claims: { tenant: 7 } }, /claims .* is an object, which is not a function/],
    [{ issuer, beforeConsent: '/terms' }, /beforeConsent .* is "\/terms", which is not a function/],
    [{ issuer, grants: [] }, /grants .* is a list of 0, which is not an object/],
    [
      { issuer, grants: { knock: {} } },
      /grants .* has the name "knock" in it, which is no absolute URI, or is a grant type of the server/,
    ],
    [{ issuer, grants: { refresh_token: {} } }, /has the name "refresh_token" in it, which is no/],
    [{ issuer, grants: { 'urn:a:b': {} } }, /for urn:a:b, which is not \{ parameters, handle \}/],
    [
      { issuer, grants: { 'urn:a:b': { parameters: {}, handle: 7 } } },
      /for urn:a:b, which has the handle 7, which is not a function/,
    ],
    [
      { issuer, grants: { 'urn:a:b': { parameters: { client_id: 8 }, handle() {} } } },
      /has the name "client_id" in it, which is no parameter of its own/,
    ],
    [
      { issuer, grants: { 'urn:a:b': { parameters: { knock: 0 }, handle() {} } } },
      /has 0 for knock, which is not a whole number of characters from 1 to 65536/,
    ],
    [{ issuer, tokenResponse: 'gold' }, /tokenResponse .* is "gold", which is not a function/],
    [{ issuer, scopes: ['read'] }, /scopes .* is a list of 1, which is not an object/],
    [{ issuer, scopes: { 'a b': 'A' } }, /scopes .* has the name "a b" in it, which is no scope/],
    [
      { issuer, scopes: { read: { english: 'Read' } } },
      /"english" in it, which is no tag of a language \(en, /,
    ],
    [{ issuer, scopes: { read: 7 } }, /has 7 for read, which is not an object/],
    [{ issuer, resources: { api: {} } }, /resources .* has the name "api" in it/],
    [{ issuer, resources: { 'https:api': {} } }, /resources .* has the name "https:api" in it/],
    [
      { issuer, resources: { 'https://a.example/': { format: 'jwt' } } },
      /has format, which is none/,
    ],
    [
      { issuer, accessTokenFormat: 'JWT' },
      /accessTokenFormat .* is "JWT", which is not one of opaq/,
    ],
    [{ issuer, signingAlgorithm: 'HS256' }, /signingAlgorithm .* is "HS256", which is not one of/],
    [{ issuer, production: 'true' }, /production .* is "true", which is not a boolean/],
    [
      { issuer, limits: { perHour: 7 } },
      /^The option limits of authorizationServer\(\) has perHour, which is none of enabled, window/,
    ],
    [
      { issuer, limits: { window: 0 } },
      /limits .* has the window 0, which is not a whole number of/,
    ],
    [{ issuer, authenticate: {}, loginUrl: '/in' }, /authenticate .* which is not a function/],
    [{ issuer, authenticate() {}, loginUrl: 'in' }, /loginUrl .* is "in", which is neither a path/],
    [
      { issuer, authenticate() {}, loginUrl: 'https:///in' },
      /loginUrl .* which has no \/\/ and host/,
    ],
    [{ issuer, homeUrl: 'https://good@evil.example/' }, /homeUrl .* which has a user name/],
    [{ issuer, clientMetadataDocuments: ['*'] }, /clientMetadataDocuments .* or a list of hosts/],
    [
      { issuer, authenticate() {}, loginUrl: '/in#top' },
      /loginUrl .* is "\/in#top", which has a fragment/,
    ],
    [
      { issuer, authenticate() {}, loginUrl: '/in', logoutUrl: 'out' },
      /logoutUrl .* is "out", which/,
    ],
    [{ issuer, logoutUrl: '/out' }, /^logoutUrl goes with authenticate: people who sign in here/],
    [{ issuer, findUser() {} }, 'findUser and verifyPassword go together: give both or neither.'],
    [
      { issuer, verifyPassword() {} },
      'findUser and verifyPassword go together: give both or neither.',
    ],
    [{ issuer, findUser: 'x', verifyPassword() {} }, /findUser .* which is not a function/],
    [
      { issuer, findUser() {}, verifyPassword() {}, authenticate() {}, loginUrl: '/in' },
      /The options authenticate and findUser of authorizationServer\(\) exclude each other: each says/,
    ],
    [
      { issuer, users: [], authenticate() {}, loginUrl: '/in' },
      /authenticate and users .* exclude/,
    ],
    [{ issuer, users: [], findUser() {}, verifyPassword() {} }, /findUser and users .* exclude/],
    [{ issuer, clients: {} }, /clients .* is an object, which is not a list/],
    [
      { issuer, clients: ['web', undefined] },
      /cannot be used:\n {2}- clients\[0\] must be an object\n {2}- clients\[1\] is missing$/,
    ],
    [
      // With a hole, which no loop over the list would come to.
      { issuer, clients: [{ client_id: 'web', client_secret: 's', grant_types: new Array(1) }] },
      /clients\[0\] \(web\) grant_types\[0\] is missing$/,
    ],
    [{ issuer, users: [null] }, /cannot be used:\n {2}- users\[0\] must be an object\n/],
    [{ issuer, homeUrl: 'javascript:alert(1)' }, /homeUrl .* which is neither a path/],
    ...['//evil.example', '/\\evil.example', '/in\nx', 'https:', 'https://'].map(
      (homeUrl) => [{ issuer, homeUrl }, /homeUrl .* which is neither a path/] as const,
    ),
    [{ issuer, locals: { login: 7 } }, /locals .* has 7 for login, which is not an object/],
    [{ issuer, endpoints: [] }, /endpoints .* which is not a function/],
    [{ issuer, endpoints: async () => [] }, /endpoints .* answered an object of the class Promise/],
    [
      { issuer, endpoints: () => [anEndpoint('/OAuth/token/')] },
      /^The option endpoints of authorizationServer\(\) brings the path \/oauth\/token, which another/,
    ],
    [
      { issuer, endpoints: () => [anEndpoint('/a'), anEndpoint('/a')] },
      /brings the path \/a, which another endpoint has/,
    ],
    [
      { issuer, endpoints: () => [anEndpoint('/.well-known/change-password')] },
      /brings the path \/\.well-known\/change-password, which/,
    ],
    [
      { issuer, endpoints: () => [anEndpoint('/a', { issuer: 'https://evil.example' })] },
      /brings the metadata issuer, which another endpoint has/,
    ],
    [
      { issuer, endpoints: () => [anEndpoint('/a', { token_endpoint: '/a' })] },
      /brings the metadata token_endpoint, which another endpoint has/,
    ],
    [
      { issuer, endpoints: () => [anEndpoint('/a', { a: { b: () => 1 } })] },
      /brings metadata with a function for a\.b, which JSON has no place for/,
    ],
    [
      { issuer, grants: { 'urn:a': aGrant({ jwks_uri: 'https://evil.example/' }) } },
      /^The option grants of authorizationServer\(\) brings the metadata jwks_uri, which another/,
    ],
    [
      { issuer, grants: { 'urn:a': aGrant({ a: 1 }), 'urn:b': aGrant({ a: 2 }) } },
      /brings the metadata a, which another endpoint has/,
    ],
    [{ issuer, grants: { 'urn:a': aGrant({ a: Number.NaN }) } }, /brings metadata with NaN for a/],
    [{ issuer, endpoints: () => ({}) }, /answered an object, which is not a list of \{ routes/],
    [
      { issuer, endpoints: () => [anEndpoint('/a'), {}] },
      /entry 1 has the routes undefined, which are neither new Routes\(\) nor a Router/,
    ],
    [{ issuer, endpoints: () => [null] }, /entry 0 is null, which is not \{ routes, metadata \}/],
    [
      { issuer, endpoints: () => [{ ...anEndpoint('/a'), metadata: [] }] },
      /entry 0 has the metadata a list of 0, which are not an object/,
    ],
    [{ issuer, brand: null }, /brand .* is null, which is not a string/],
  ] as const) {
    it(`${message}`, () => {
      assert.throws(() => make(options), { name: 'TypeError', message });
    });
  }

  const numbers = [
    ['accessTokenTtl', 0, 315_360_000],
    ['refreshTokenTtl', 0, 315_360_000],
    ['grantTtl', 0, 315_360_000],
    ['authorizationCodeTtl', 0, 600],
    ['refreshRetryWindow', -1, 3600],
    ['sessionTtl', 59, 315_360_000],
    ['keyRotation', 3599, 315_360_000],
  ] as const;
  for (const [name, tooLow, most] of numbers) {
    it(`the option ${name} below its least and above its most, and what is no number`, () => {
      const wrong = [tooLow, most + 1, 2 ** 53 - 1, Number.POSITIVE_INFINITY, Number.NaN, 90.5];
      for (const value of [...wrong, '60', 60n, null]) {
        assert.throws(() => make({ issuer, [name]: value }), {
          name: 'TypeError',
          message: new RegExp(
            `^The option ${name} of authorizationServer\\(\\) is .*, which is not a whole number of seconds from ${tooLow + 1} to ${most}\\.$`,
          ),
        });
      }
      void make({ issuer, [name]: most }).close();
      void make({ issuer, [name]: undefined }).close();
    });
  }
});

describe('an option that is undefined', () => {
  it('counts as left out, which the compiler says of each', async () => {
    const all: Record<keyof AuthorizationServerOptions, undefined> = Object.create(null);
    // Compiles only if every option takes `undefined`.
    const options: AuthorizationServerOptions = { ...all, issuer };
    assert.equal(options.issuer, issuer);
    const server = make({ issuer, store: undefined, limits: undefined, authenticate: undefined });
    server.protect('read', { resource: undefined, maxAge: undefined, acrValues: undefined });
    await server.close();
  });
});

describe('protect() refuses', () => {
  const { protect, close } = make({ issuer, scopes: { read: 'Read' } });
  void close();
  protect('read', 'openid', { resource: 'https://a.example' });
  const guard = protect as (...needed: unknown[]) => unknown;
  for (const [needed, message] of [
    [[['read', 'write']], /was given a list of 2, which is not a scope/],
    [[undefined], /was given undefined, which is not a scope/],
    [['read', undefined], /was given undefined, which is not a scope/],
    [['read write'], /was given "read write", which is not a scope/],
    [[''], /was given "", which is not a scope/],
    [[7], /was given 7, which is not a scope/],
    [[{ resource: 'https://a.example/' }, 'read'], /was given an object, which is not a scope/],
    [
      ['read', { resourc: 'https://a.example/' }],
      'protect() has no option resourc. Its options are resource, maxAge, acrValues.',
    ],
    [
      ['reed'],
      'protect() was given "reed", which the option scopes does not have: no token would have it.',
    ],
    [
      ['read', { resource: 7 }],
      'The option resource of protect() is 7, which is not an absolute URI without a fragment.',
    ],
    [
      ['read', { maxAge: 0 }],
      'The option maxAge of protect() is 0, which is not a whole number of seconds from 1 to 315360000.',
    ],
    [
      [{ acrValues: 'gold' }],
      'The option acrValues of protect() is "gold", which is not a list of values.',
    ],
    [
      [{ acrValues: ['two words'] }],
      /^The option acrValues of protect\(\) .* has "two words" in it, which is not made of printable/,
    ],
    [[{ acrValues: [] }], /^The option acrValues of protect\(\) is .*, which has no value in it\./],
    [
      [{ acrValues: Array.from({ length: 300 }, (_, index) => `urn:example:${index}`) }],
      /^The challenge of this route would have \d+ bytes, and may have 2480/,
    ],
  ] as const) {
    it(`${message}`, () => {
      assert.throws(() => guard(...needed), { name: 'TypeError', message });
    });
  }
});

describe('createModel() refuses', () => {
  for (const [args, message] of [
    [
      [{ accessTokenTtl: 60 }],
      /^The store of createModel\(\) is an object, which has no functions clients/,
    ],
    [[memoryStore(), { claims: 7 }], /^The option claims of createModel\(\) is 7, which is not a/],
    [[memoryStore(), { tokenResponse() {} }], /^createModel\(\) has no option tokenResponse/],
    [[memoryStore(), { ttl: 60 }], /^createModel\(\) has no option ttl\. Its options are issuer/],
    [
      [memoryStore(), { accessTokenTtl: 2 ** 53 - 1 }],
      /accessTokenTtl of createModel\(\) is 90071/,
    ],
  ] as const) {
    it(`${message}`, () => {
      assert.throws(() => createModel(...(args as unknown as [Store, ModelOptions])), {
        name: 'TypeError',
        message,
      });
    });
  }

  it('a user without an id, who would be called "undefined"', async () => {
    const model = createModel();
    const draft = {
      authorizationCode: 'c',
      expiresAt: new Date(),
      redirectUri: 'https://a.example/',
      scope: ['read'],
    };
    for (const [user, text] of [
      [{}, 'the id undefined, which is missing'],
      [{ _id: '7' }, 'the id undefined, which is missing'],
      [{ id: {} }, 'the id an object, which is not a string'],
      [
        { id: 'josé' },
        'the id "josé", which has a character that is not ASCII: the person needs another id',
      ],
    ] as const) {
      await assert.rejects(model.saveAuthorizationCode(draft, { id: 'web' }, user), {
        name: 'TypeError',
        message: `The user that authenticateHandler answered with has ${text}.`,
      });
    }
  });

  it('a token whose lifetime the library was given without an end', async () => {
    const model = createModel();
    const client = { id: 'web', grants: [] };
    for (const ms of [Number.NaN, 8.64e15]) {
      const draft = { accessToken: 't', accessTokenExpiresAt: new Date(ms), scope: ['read'] };
      await assert.rejects(model.saveToken(draft, client, {}), {
        name: 'TypeError',
        message: /^The option accessTokenLifetime of the library leads to .* 315360000 seconds/,
      });
    }
  });
});

describe('in TypeScript', () => {
  it('a secret is a string or a list of them, which the compiler says', () => {
    const clients = [
      // @ts-expect-error: the type of what a schema takes may be unknown, which allows everything.
      { client_id: 'job', client_secret: 7 } satisfies ClientEntry,
    ];
    assert.throws(() => make({ issuer, clients }), {
      message: /clients\[0\] \(job\) client_secret/,
    });
  });
});
