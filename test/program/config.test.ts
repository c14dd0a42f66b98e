import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { type Config, ConfigError, readConfig } from '../../src/program/config.ts';

type Env = Record<string, string>;

const STRONG = 'Vb3kQ9-this-is-strong-enough-7fXzLw';

const PRODUCTION: Env = {
  NODE_ENV: 'production',
  ISSUER: 'https://auth.example.com',
  SESSION_SECRET: STRONG,
};

/** The lines that say what is wrong. */
function problems(env: Env): string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    const [title, ...lines] = error.message.split('\n');
    assert.equal(title, 'The settings are not right:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
}

describe('without any setting', () => {
  const config = readConfig({});

  it('it is a demo for this machine alone', () => {
    assert.equal(config.production, false);
    assert.equal(config.demo, true);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.port, 4001);
    assert.equal(config.issuer, 'http://localhost:4001');
    assert.equal(config.trustProxy, false);
    assert.equal(config.allowInternalUrls, true);
    assert.equal(config.logLevel, 'info');
  });

  it('its seed file is the demo that comes with the project', async () => {
    const seed = JSON.parse(await readFile(config.seedFile!, 'utf8'));
    assert.equal(seed.clients[0].client_id, 'codecademy');
  });

  it('tokens, codes and sessions have the lifetimes the README says', () => {
    assert.equal(config.accessTokenTtl, 3600);
    assert.equal(config.refreshTokenTtl, 14 * 24 * 3600);
    assert.equal(config.grantTtl, 90 * 24 * 3600);
    assert.equal(config.authorizationCodeTtl, 60);
    assert.equal(config.refreshRetryWindow, 30);
    assert.equal(config.sessionTtl, 7 * 24 * 3600);
  });

  it('the limits are on', () => {
    assert.equal(config.limits.enabled, true);
  });

  it('access tokens are opaque, and what is signed is signed with ES256 for a month', () => {
    assert.equal(config.accessTokenFormat, 'opaque');
    assert.equal(config.signingAlgorithm, 'ES256');
    assert.equal(config.keyRotation, 30 * 24 * 3600);
  });

  it('it has a secret that is random, and another one at each start', () => {
    assert.match(config.secret, /^[\w-]{43}$/);
    assert.notEqual(readConfig({}).secret, config.secret);
  });
});

describe('in production', () => {
  it('it answers on every address, without a demo and without a seed', () => {
    const config = readConfig(PRODUCTION);
    assert.equal(config.production, true);
    assert.equal(config.host, '0.0.0.0');
    assert.equal(config.demo, false);
    assert.equal(config.seedFile, undefined);
    assert.equal(config.secret, STRONG);
  });

  it('it fetches nothing from a network that is not public, unless it is told to', () => {
    assert.equal(readConfig(PRODUCTION).allowInternalUrls, false);
    assert.equal(readConfig({ ...PRODUCTION, ALLOW_INTERNAL_URLS: 'on' }).allowInternalUrls, true);
  });

  it('everything that is missing is said at once', () => {
    assert.deepEqual(
      problems({ NODE_ENV: 'production' }).map((line) => line.split(' ')[0]),
      ['ISSUER', 'SESSION_SECRET'],
    );
  });
});

describe('a setting that is right is used', () => {
  const right: [Env, Partial<Config>][] = [
    [{ PORT: '8080' }, { port: 8080, issuer: 'http://localhost:8080' }],
    [{ PORT: ' 8080 ' }, { port: 8080 }],
    [{ PORT: '' }, { port: 4001 }],
    [{}, { databaseConnections: 10 }],
    [{ DATABASE_CONNECTIONS: '2' }, { databaseConnections: 2 }],
    [{ PORT: '   ' }, { port: 4001 }],
    [{ PORT: '8080', ISSUER: 'http://localhost' }, { issuer: 'http://localhost' }],
    [{ HOST: '::' }, { host: '::' }],
    [{ ISSUER: 'https://auth.example.com/' }, { issuer: 'https://auth.example.com' }],
    [{ ISSUER: 'https://example.com/auth//' }, { issuer: 'https://example.com/auth' }],
    [{ ISSUER: 'http://192.0.2.1:4001' }, { issuer: 'http://192.0.2.1:4001' }],
    [{ ...PRODUCTION, ISSUER: 'http://localhost:4001' }, { issuer: 'http://localhost:4001' }],
    [{ ...PRODUCTION, ISSUER: 'http://127.0.0.1' }, { issuer: 'http://127.0.0.1' }],
    [{ ...PRODUCTION, ISSUER: 'http://[::1]:81' }, { issuer: 'http://[::1]:81' }],
    [{ SESSION_SECRET: STRONG }, { secret: STRONG }],
    [{ SEED_FILE: 'mine.json' }, { seedFile: 'mine.json', demo: false }],
    [
      { ...PRODUCTION, SEED_FILE: 'mine.json' },
      { seedFile: 'mine.json', demo: false },
    ],
    [{ DEMO: 'off' }, { demo: false, seedFile: undefined }],
    [{ BRAND: 'Bookshop' }, { brand: 'Bookshop' }],
    [{ BRAND_COLOR: '#7C3AED' }, { brandColor: '#7C3AED' }],
    [{ BRAND_COLOR: '#fc0' }, { brandColor: '#fc0' }],
    [{ BRAND_COLOR: ' ' }, { brandColor: undefined }],
    [{ VIEWS: 'views' }, { views: 'views' }],
    [{ ACCESS_TOKEN_TTL: '60' }, { accessTokenTtl: 60 }],
    [{ REFRESH_TOKEN_TTL: '60' }, { refreshTokenTtl: 60 }],
    [{ GRANT_TTL: '60' }, { grantTtl: 60 }],
    [{ AUTHORIZATION_CODE_TTL: '600' }, { authorizationCodeTtl: 600 }],
    [{ REFRESH_RETRY_WINDOW: '0' }, { refreshRetryWindow: 0 }],
    [{ SESSION_TTL: '60' }, { sessionTtl: 60 }],
    [{ TRUST_PROXY: '1' }, { trustProxy: 1 }],
    [{ TRUST_PROXY: '0' }, { trustProxy: 0 }],
    [{ TRUST_PROXY: 'off' }, { trustProxy: false }],
    [{ TRUST_PROXY: 'false' }, { trustProxy: false }],
    [
      { TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::/8, 192.0.2.7' },
      { trustProxy: ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.7'] },
    ],
    [{ ACCESS_TOKEN_FORMAT: 'jwt' }, { accessTokenFormat: 'jwt' }],
    [{ SIGNING_ALGORITHM: 'RS256' }, { signingAlgorithm: 'RS256' }],
    [{ SIGNING_ALGORITHM: 'EdDSA' }, { signingAlgorithm: 'EdDSA' }],
    [{ KEY_ROTATION: '3600' }, { keyRotation: 3600 }],
    [{ ALLOW_INTERNAL_URLS: 'off' }, { allowInternalUrls: false }],
    [{ SHUTDOWN_DELAY: '30' }, { shutdownDelay: 30 }],
    [{ LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
  ];
  for (const [env, expected] of right) {
    it(JSON.stringify(env), () => {
      const config: Record<string, unknown> = { ...readConfig(env) };
      for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(config[name], value, name);
      }
    });
  }

  it('each of the limits', () => {
    const { limits } = readConfig({
      RATE_LIMIT: 'off',
      RATE_LIMIT_WINDOW: '1',
      LOGIN_LIMIT_PER_ACCOUNT: '2',
      LOGIN_LIMIT_PER_ADDRESS: '3',
      CLIENT_LIMIT: '4',
      REGISTRATION_LIMIT: '5',
    });
    assert.deepEqual(limits, {
      enabled: false,
      window: 1,
      loginsPerAccount: 2,
      loginsPerAddress: 3,
      clientFailures: 4,
      registrationsPerAddress: 5,
    });
  });

  it('a short secret is good enough to try things out, and is made long enough', () => {
    const { secret } = readConfig({ SESSION_SECRET: 'short' });
    assert.ok(secret.length >= 32);
    assert.ok(secret.startsWith('short'));
  });
});

describe('a setting that is wrong is named, with what to set', () => {
  const anIssuer = 'Set it to an https URL without query, fragment and user name.';
  const aProxy =
    'Set it to the number of proxies in front of this server, or to their addresses: 1, or loopback, 10.0.0.0/8.';
  const aSecret =
    'Set it to at least 32 random characters: node -p "crypto.randomBytes(32).toString(\'base64url\')".';
  const years = 10 * 365 * 24 * 3600;
  const wrong: [Env, string][] = [
    ...['http', '0', '-1', '65536', '80.5', '0x50', '1e3', '4001 4002'].map(
      (value): [Env, string] => [
        { PORT: value },
        `PORT is "${value}". Set it to a whole number from 1 to 65535.`,
      ],
    ),
    ...['0', '1', '1001', 'all'].map((value): [Env, string] => [
      { DATABASE_CONNECTIONS: value },
      `DATABASE_CONNECTIONS is "${value}". Set it to a whole number of connections from 2 to 1000.`,
    ]),
    ...(
      [
        ['auth.example.com', 'is not an http or https URL'],
        ['ftp://auth.example.com', 'is not an http or https URL'],
        ['https://', 'is not an http or https URL'],
        ['https://auth.example.com?x', 'has a query or a fragment'],
        ['https://auth.example.com/#x', 'has a query or a fragment'],
        ['https://user:password@auth.example.com', 'has a user name or password in it'],
        [
          'https://a.example/x y',
          'is not written as it should be, which is https://a.example/x%20y',
        ],
        [
          'https://A.example/b/../c',
          'is not written as it should be, which is https://a.example/c',
        ],
        ['https://a.example:443', 'is not written as it should be, which is https://a.example'],
        ['https://a.example//evil.example', 'has a path that begins with two slashes'],
        ['https://x;sandbox', 'has a host that is no name and no address'],
      ] as const
    ).map(([value, problem]): [Env, string] => [
      { ISSUER: value },
      `ISSUER is "${value}", which ${problem}. ${anIssuer}`,
    ]),
    [
      { ...PRODUCTION, ISSUER: 'http://auth.example.com' },
      'ISSUER is "http://auth.example.com", which is http. Set it to an https URL: passwords and tokens would travel in the clear.',
    ],
    [
      { ...PRODUCTION, ISSUER: 'http://localhost.example.com' },
      'ISSUER is "http://localhost.example.com", which is http. Set it to an https URL: passwords and tokens would travel in the clear.',
    ],
    [
      { ...PRODUCTION, ISSUER: '' },
      'ISSUER is missing. Set it to the https URL that browsers and clients reach this server by.',
    ],
    [{ ...PRODUCTION, SESSION_SECRET: '' }, `SESSION_SECRET is missing. ${aSecret}`],
    [
      { ...PRODUCTION, SESSION_SECRET: 'short' },
      `SESSION_SECRET is weak: it has only 5 characters. ${aSecret}`,
    ],
    [
      { ...PRODUCTION, SESSION_SECRET: 'a'.repeat(64) },
      `SESSION_SECRET is weak: it is a few characters over and over. ${aSecret}`,
    ],
    ...['red', '095946', '#12345', '#gggggg', '#fff;}'].map((value): [Env, string] => [
      { BRAND_COLOR: value },
      `BRAND_COLOR is "${value}", which is not a hex colour. Set it to a colour like #095946.`,
    ]),
    [
      { BRAND_LOGO: 'no-such-logo.svg' },
      'BRAND_LOGO is "no-such-logo.svg", which cannot be read (ENOENT). Set it to the path of an SVG, PNG, JPEG or WebP file.',
    ],
    ...['javascript:alert(1)', 'https:help.example.com'].map((value): [Env, string] => [
      { HELP_URL: value },
      `HELP_URL is "${value}", which is not an http, https or mailto URL. Set it to a page like https://example.com/help, or mailto: and an address.`,
    ]),
    [
      { BRAND_LOGO: 'package.json' },
      'BRAND_LOGO is "package.json", which is not an SVG, PNG, JPEG or WebP. Set it to the path of an SVG, PNG, JPEG or WebP file.',
    ],
    [
      { VIEWS: 'package.json' },
      'VIEWS is "package.json", which is not a folder. Set it to the path of a folder with views of your own.',
    ],
    ...['prod', 'Production'].map((mode): [Record<string, string>, string] => [
      { NODE_ENV: mode },
      `NODE_ENV is "${mode}", which is not production mode. Set it to production.`,
    ]),
    [{ DEMO: 'yes' }, 'DEMO is "yes". Set it to one of: on, off.'],
    [
      { ...PRODUCTION, DEMO: 'on' },
      'DEMO is on, but NODE_ENV is production, where everybody would know the passwords. Set DEMO=off.',
    ],
    [
      { DEMO: 'on', SEED_FILE: 'mine.json' },
      'DEMO is on and SEED_FILE is set. Set one of the two: the demo has its own seed file.',
    ],
    ...['ACCESS_TOKEN_TTL', 'REFRESH_TOKEN_TTL', 'GRANT_TTL'].flatMap((name) =>
      ['0', '1h', '-5', String(years + 1)].map((value): [Env, string] => [
        { [name]: value },
        `${name} is "${value}". Set it to a whole number of seconds from 1 to ${years}.`,
      ]),
    ),
    [
      { AUTHORIZATION_CODE_TTL: '601' },
      'AUTHORIZATION_CODE_TTL is "601". Set it to a whole number of seconds from 1 to 600.',
    ],
    [
      { REFRESH_RETRY_WINDOW: '3601' },
      'REFRESH_RETRY_WINDOW is "3601". Set it to a whole number of seconds from 0 to 3600.',
    ],
    [
      { SESSION_TTL: '59' },
      `SESSION_TTL is "59". Set it to a whole number of seconds from 60 to ${years}.`,
    ],
    [{ RATE_LIMIT: 'On' }, 'RATE_LIMIT is "On". Set it to one of: on, off.'],
    [
      { RATE_LIMIT_WINDOW: '0' },
      'RATE_LIMIT_WINDOW is "0". Set it to a whole number of seconds from 1 to 86400.',
    ],
    [
      { LOGIN_LIMIT_PER_ACCOUNT: '0' },
      'LOGIN_LIMIT_PER_ACCOUNT is "0". Set it to a whole number of failed logins from 1 to 1000000.',
    ],
    [
      { LOGIN_LIMIT_PER_ADDRESS: 'many' },
      'LOGIN_LIMIT_PER_ADDRESS is "many". Set it to a whole number of failed logins from 1 to 1000000.',
    ],
    [
      { CLIENT_LIMIT: '1000001' },
      'CLIENT_LIMIT is "1000001". Set it to a whole number of failed authentications from 1 to 1000000.',
    ],
    ...['true', '10.0.0.0/33', '10.0.0.0/0', 'fd00::/129', '300.0.0.1', 'abc', '1.2.3', '100'].map(
      (value): [Env, string] => [{ TRUST_PROXY: value }, `TRUST_PROXY is "${value}". ${aProxy}`],
    ),
    [{ TRUST_PROXY: 'loopback,' }, `TRUST_PROXY is "loopback,". ${aProxy}`],
    [
      { ACCESS_TOKEN_FORMAT: 'JWT' },
      'ACCESS_TOKEN_FORMAT is "JWT". Set it to one of: opaque, jwt.',
    ],
    ...['HS256', 'none', 'es256'].map((value): [Env, string] => [
      { SIGNING_ALGORITHM: value },
      `SIGNING_ALGORITHM is "${value}". Set it to one of: ES256, RS256, EdDSA.`,
    ]),
    [
      { KEY_ROTATION: '3599' },
      `KEY_ROTATION is "3599". Set it to a whole number of seconds from 3600 to ${years}.`,
    ],
    [{ ALLOW_INTERNAL_URLS: 'yes' }, 'ALLOW_INTERNAL_URLS is "yes". Set it to one of: on, off.'],
    [
      { LOG_LEVEL: 'verbose' },
      'LOG_LEVEL is "verbose". Set it to one of: trace, debug, info, warn, error, fatal, silent.',
    ],
  ];
  for (const [env, message] of wrong) {
    it(JSON.stringify(env), () => assert.deepEqual(problems(env), [message]));
  }

  it('a value of any length is shown as its beginning', () => {
    const [line = ''] = problems({ PORT: '1'.repeat(5000) });
    assert.ok(line.length < 200);
  });

  it('two mistakes are two lines', () => {
    assert.equal(problems({ PORT: 'x', LOG_LEVEL: 'x' }).length, 2);
  });

  it('a secret is never shown', () => {
    const secret = 'aaaaabbbbbaaaaabbbbbaaaaabbbbbaaaaabbbbb';
    assert.doesNotMatch(problems({ ...PRODUCTION, SESSION_SECRET: secret }).join(), /aaaaabbbbb/);
  });
});
