// Settings from the environment: each read here, once, and checked before anything starts.

import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../http/rate-limit.ts';
import { DEFAULTS } from '../options.ts';
import { type BrandingOptions, brandingProblems } from '../pages/branding.ts';
import { issuerProblem } from '../protocol/issuer.ts';
import { type SigningAlgorithm, signingAlgorithms } from '../protocol/jwt.ts';
import { randomToken } from '../protocol/secrets.ts';
import { databaseUrlProblem } from '../store/open.ts';
import type { AccessTokenFormat } from '../types.ts';

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly issuer: string;
  /** Outside production one is made where none is set. */
  readonly secret: string;
  /** Where everything is kept; in memory where it is absent. */
  readonly databaseUrl: string | undefined;
  /** How many processes share the port. */
  readonly workers: number;
  /** Path of the seed file, if any. */
  readonly seedFile: string | undefined;
  /** Whether the seed file is the demo, shown to everybody with its secrets. */
  readonly demo: boolean;
  readonly brand: string;
  /** Path of the logo, if any. */
  readonly brandLogo: string | undefined;
  readonly brandColor: string | undefined;
  /** Path of a folder with views of somebody's own, if any. */
  readonly views: string | undefined;
  /** Seconds, like all that end in Ttl or Window. */
  readonly accessTokenTtl: number;
  readonly refreshTokenTtl: number;
  readonly grantTtl: number;
  readonly authorizationCodeTtl: number;
  readonly refreshRetryWindow: number;
  readonly sessionTtl: number;
  readonly limits: Limits;
  /** For Express's `trust proxy`. */
  readonly trustProxy: number | string[] | false;
  readonly accessTokenFormat: AccessTokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly keyRotation: number;
  readonly allowInternalUrls: boolean;
  /** Seconds that the server goes on accepting after a signal has told it to stop. */
  readonly shutdownDelay: number;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DEMO_SEED = fileURLToPath(new URL('../../seeds/demo.json', import.meta.url));

const DAY = 24 * 3600;

export class ConfigError extends Error {}

/**
 * Reads the settings.
 *
 * @param env variables by name; an empty one counts as absent
 * @throws ConfigError with a line for each that is wrong: its name, what is wrong, what to set
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const get = (name: string) => env[name]?.trim() || undefined;

  const number = (
    name: string,
    standard: number,
    least: number,
    most: number,
    unit: string,
  ): number => {
    const value = get(name);
    if (value === undefined) return standard;
    const parsed = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= least && parsed <= most) return parsed;
    problems.push(
      `${name} is ${quoted(value)}. Set it to a whole number${unit && ` of ${unit}`} from ${least} to ${most}.`,
    );
    return standard;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[], standard: T): T => {
    const value = get(name);
    if (value === undefined) return standard;
    if ((allowed as readonly string[]).includes(value)) return value as T;
    problems.push(`${name} is ${quoted(value)}. Set it to one of: ${allowed.join(', ')}.`);
    return standard;
  };
  const ttl = (name: string, standard: number, least = 1) =>
    number(name, standard, least, 10 * 365 * DAY, 'seconds');

  const production = get('NODE_ENV') === 'production';
  const port = number('PORT', 4001, 1, 65535, '');
  const issuer = readIssuer(get('ISSUER'), port, production, problems);
  const databaseUrl = checkDatabaseUrl(get('DATABASE_URL'), problems);
  const secret = readSecret(get('SESSION_SECRET'), { production, databaseUrl }, problems);
  const workers = number('WORKERS', 1, 1, 64, 'processes');
  if (workers > 1 && databaseUrl === undefined) {
    problems.push(
      `WORKERS is ${workers}, but without DATABASE_URL every process would have a memory of its own, and know nothing of the others' codes, tokens and sessions. Set DATABASE_URL, or WORKERS=1.`,
    );
  }
  const seedFile = get('SEED_FILE');
  const demo =
    oneOf('DEMO', ['on', 'off'], production || seedFile !== undefined ? 'off' : 'on') === 'on';
  if (demo && production) {
    problems.push(
      'DEMO is on, but NODE_ENV is production, where everybody would know the passwords. Set DEMO=off.',
    );
  }
  if (demo && seedFile !== undefined) {
    problems.push(
      'DEMO is on and SEED_FILE is set. Set one of the two: the demo has its own seed file.',
    );
  }

  const look = checkBranding(
    { brandLogo: get('BRAND_LOGO'), brandColor: get('BRAND_COLOR'), views: get('VIEWS') },
    problems,
  );

  const config: Config = {
    production,
    // The demo's passwords are public, so by default it is for this machine alone.
    host: get('HOST') ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port,
    issuer,
    secret,
    databaseUrl,
    workers,
    seedFile: demo ? DEMO_SEED : seedFile,
    demo,
    brand: get('BRAND') ?? DEFAULTS.brand,
    ...look,
    accessTokenTtl: ttl('ACCESS_TOKEN_TTL', DEFAULTS.accessTokenTtl),
    refreshTokenTtl: ttl('REFRESH_TOKEN_TTL', DEFAULTS.refreshTokenTtl),
    grantTtl: ttl('GRANT_TTL', DEFAULTS.grantTtl),
    authorizationCodeTtl: number(
      'AUTHORIZATION_CODE_TTL',
      DEFAULTS.authorizationCodeTtl,
      1,
      600,
      'seconds',
    ),
    refreshRetryWindow: number(
      'REFRESH_RETRY_WINDOW',
      DEFAULTS.refreshRetryWindow,
      0,
      3600,
      'seconds',
    ),
    sessionTtl: ttl('SESSION_TTL', DEFAULTS.sessionTtl, 60),
    limits: {
      enabled: oneOf('RATE_LIMIT', ['on', 'off'], 'on') === 'on',
      window: number('RATE_LIMIT_WINDOW', DEFAULTS.limits.window, 1, DAY, 'seconds'),
      loginsPerAccount: number(
        'LOGIN_LIMIT_PER_ACCOUNT',
        DEFAULTS.limits.loginsPerAccount,
        1,
        1e6,
        'failed logins',
      ),
      loginsPerAddress: number(
        'LOGIN_LIMIT_PER_ADDRESS',
        DEFAULTS.limits.loginsPerAddress,
        1,
        1e6,
        'failed logins',
      ),
      clientFailures: number(
        'CLIENT_LIMIT',
        DEFAULTS.limits.clientFailures,
        1,
        1e6,
        'failed authentications',
      ),
    },
    trustProxy: readTrustProxy(get('TRUST_PROXY'), problems),
    accessTokenFormat: oneOf('ACCESS_TOKEN_FORMAT', ['opaque', 'jwt'], DEFAULTS.accessTokenFormat),
    signingAlgorithm: oneOf('SIGNING_ALGORITHM', signingAlgorithms, DEFAULTS.signingAlgorithm),
    keyRotation: ttl('KEY_ROTATION', DEFAULTS.keyRotation, 60),
    allowInternalUrls:
      oneOf('ALLOW_INTERNAL_URLS', ['on', 'off'], production ? 'off' : 'on') === 'on',
    shutdownDelay: number('SHUTDOWN_DELAY', production ? 5 : 0, 0, 300, 'seconds'),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (problems.length > 0) {
    throw new ConfigError(
      `The settings are not right:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
  return config;
}

function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}

function readIssuer(
  value: string | undefined,
  port: number,
  production: boolean,
  problems: string[],
): string {
  const standard = `http://localhost:${port}`;
  if (value === undefined) {
    if (production)
      problems.push(
        'ISSUER is missing. Set it to the https URL that browsers and clients reach this server by.',
      );
    return standard;
  }
  const issuer = value.replace(/\/+$/, '');
  const problem = issuerProblem(issuer);
  if (problem !== undefined) {
    problems.push(
      `ISSUER is ${quoted(value)}, which ${problem}. Set it to an https URL without query, fragment and user name.`,
    );
    return standard;
  }
  const url = new URL(issuer);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (production && url.protocol === 'http:' && !loopback) {
    problems.push(
      `ISSUER is ${quoted(value)}, which is http. Set it to an https URL: passwords and tokens would travel in the clear.`,
    );
  }
  return issuer;
}

/**
 * The one setting that `npm run migrate` needs.
 *
 * @throws ConfigError where it is missing or wrong
 */
export function readDatabaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  const problems: string[] = [];
  const url = checkDatabaseUrl(env['DATABASE_URL']?.trim() || undefined, problems);
  if (url !== undefined) return url;
  throw new ConfigError(
    problems[0] ?? 'DATABASE_URL is missing. Set it to the database whose tables are to be made.',
  );
}

function checkDatabaseUrl(value: string | undefined, problems: string[]): string | undefined {
  const problem = value && databaseUrlProblem(value);
  if (!problem) return value;
  // Not quoted: there may be a password in it.
  problems.push(
    `DATABASE_URL ${problem}. Set it to sqlite:./data/oauth.db or postgres://user:password@host:5432/database.`,
  );
  return undefined;
}

function checkBranding<T extends BrandingOptions>(options: T, problems: string[]): T {
  const settings = {
    brandLogo: ['BRAND_LOGO', 'the path of an SVG, PNG, JPEG or WebP file'],
    brandColor: ['BRAND_COLOR', 'a colour like #095946'],
    views: ['VIEWS', 'the path of a folder with views of your own'],
  } as const;
  for (const { option, value, what } of brandingProblems(options)) {
    const [name, advice] = settings[option];
    problems.push(`${name} is ${quoted(value)}, which ${what}. Set it to ${advice}.`);
  }
  return options;
}

function readSecret(
  value: string | undefined,
  { production, databaseUrl }: Pick<Config, 'production' | 'databaseUrl'>,
  problems: string[],
): string {
  const advice =
    'Set it to at least 32 random characters: node -p "crypto.randomBytes(32).toString(\'base64url\')".';
  if (value === undefined) {
    if (production) problems.push(`SESSION_SECRET is missing. ${advice}`);
    else if (databaseUrl !== undefined) {
      problems.push(
        `SESSION_SECRET is missing. What DATABASE_URL keeps can only be used again with the same one. ${advice}`,
      );
    }
    return randomToken();
  }
  if (value.length < 32) {
    if (production)
      problems.push(`SESSION_SECRET is weak: it has only ${value.length} characters. ${advice}`);
    // A short one is good enough to try things out; the server itself takes none under 32.
    return value.padEnd(32, '.');
  }
  if (production && new Set(value).size < 10) {
    problems.push(`SESSION_SECRET is weak: it is a few characters over and over. ${advice}`);
  }
  return value;
}

function readTrustProxy(value: string | undefined, problems: string[]): Config['trustProxy'] {
  if (value === undefined || value === 'off' || value === 'false') return false;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const list = value.split(/ *, */);
  const known = (entry: string) => {
    const [, address = '', bits = '0'] = /^([\da-f.:]+)(?:\/([1-9]\d{0,2}))?$/i.exec(entry) ?? [];
    const longest = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
    return ['loopback', 'linklocal', 'uniquelocal'].includes(entry) || Number(bits) <= longest;
  };
  if (list.every(known)) return list;
  problems.push(
    `TRUST_PROXY is ${quoted(value)}. Set it to the number of proxies in front of this server, or to their addresses: 1, or loopback, 10.0.0.0/8.`,
  );
  return false;
}
