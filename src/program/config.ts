// Settings from the environment: each is read here, once, and checked before anything starts.

import type { DocumentHosts } from '../clients/metadata-documents.ts';
import type { Limits } from '../http/rate-limit.ts';
import { OperatorError } from '../operator-error.ts';
import { DEFAULTS } from '../option-defaults.ts';
import { packageFile } from '../package-files.ts';
import { brandingProblems } from '../pages/branding.ts';
import { CONNECTION_BOUNDS } from '../protocol/bounds.ts';
import { type SigningAlgorithm, signingAlgorithms } from '../protocol/jwt.ts';
import { isScopeToken, parseScope } from '../protocol/scope.ts';
import { shown } from '../protocol/shown.ts';
import { CONNECTIONS } from '../store/database.ts';
import type { AccessTokenFormat } from '../types.ts';
import { lifetimesOf, limitsOf } from './lifetimes-and-limits.ts';
import {
  databaseUrlOf,
  documentHostsOf,
  type Env,
  isProduction,
  issuerOf,
  secretOf,
  type TrustProxy,
  trustProxyOf,
  Variables,
} from './variables.ts';

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly issuer: string;
  /** Outside production one is made if none is set. */
  readonly secret: string;
  /** Where everything is kept; in memory if it is absent. */
  readonly databaseUrl: string | undefined;
  /** How many connections to PostgreSQL each process opens at the most. */
  readonly databaseConnections: number;
  /** How many processes share the port. */
  readonly workers: number;
  /** Path of the seed file, if any. */
  readonly seedFile: string | undefined;
  /** Whether the seed file is the demo, shown to everybody with its secrets. */
  readonly demo: boolean;
  readonly brand: string;
  /** Path of the logo, if any. */
  readonly brandLogo: string | undefined;
  readonly helpUrl: string | undefined;
  readonly brandColor: string | undefined;
  /** Path of a folder with views of somebody's own, if any. */
  readonly views: string | undefined;
  /** Seconds, like all that end in Ttl or Window. */
  readonly accessTokenTtl: number;
  readonly idTokenTtl: number;
  readonly refreshTokenTtl: number;
  readonly grantTtl: number;
  readonly authorizationCodeTtl: number;
  readonly refreshRetryWindow: number;
  readonly sessionTtl: number;
  readonly limits: Limits;
  /** For Express's `trust proxy`. */
  readonly trustProxy: TrustProxy;
  readonly accessTokenFormat: AccessTokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly keyRotation: number;
  readonly allowInternalUrls: boolean;
  /** Who may register clients over HTTP. */
  readonly registration: 'off' | 'token' | 'open';
  /** Where the documents may be that clients are known by. */
  readonly clientMetadataDocuments: 'off' | DocumentHosts;
  /** The scopes that such clients may have; all scopes of the seed if it is absent. */
  readonly selfRegisteredScopes: readonly string[] | undefined;
  /** Seconds that the server goes on accepting after a signal has told it to stop. */
  readonly shutdownDelay: number;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DEMO_SEED = packageFile('seeds/demo.json');

/** Settings are missing or wrong; the message has a line for each of them. */
export class ConfigError extends OperatorError {}

/**
 * Reads the settings.
 *
 * @param env variables by name; an empty one counts as absent
 * @throws ConfigError with a line for each that is wrong: its name, what is wrong, and what to set
 */
export function readConfig(env: Env): Config {
  const read = new Variables(env);
  const config = configOf(read);
  if (read.problems.length > 0) {
    throw new ConfigError(
      `The settings are not right:\n${read.problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
  return config;
}

/** @param read collects the problems */
export function configOf(read: Variables): Config {
  const { problems } = read;
  const production = isProduction(read.text('NODE_ENV'), problems);
  const port = read.number('PORT', 4001, { min: 1, max: 65535 });
  const issuer = issuerOf(read.text('ISSUER'), `http://localhost:${port}`, production, problems);
  read.values.set('ISSUER', issuer);
  const databaseUrl = databaseUrlOf(read.text('DATABASE_URL'), problems);
  const seed = seedSettings(read, production);
  return {
    production,
    // The demo's passwords are public, so by default it is for this machine alone.
    host: read.text('HOST', production ? '0.0.0.0' : '127.0.0.1'),
    port,
    issuer,
    secret: secretOf(read.text('SESSION_SECRET'), { production, databaseUrl }, problems),
    databaseUrl,
    databaseConnections: read.number('DATABASE_CONNECTIONS', CONNECTIONS, CONNECTION_BOUNDS),
    workers: workersOf(read, databaseUrl),
    ...seed,
    ...appearance(read),
    ...lifetimesOf(read),
    limits: limitsOf(read),
    trustProxy: trustProxyOf(read.text('TRUST_PROXY', 'off'), problems),
    accessTokenFormat: read.oneOf(
      'ACCESS_TOKEN_FORMAT',
      ['opaque', 'jwt'],
      DEFAULTS.accessTokenFormat,
    ),
    signingAlgorithm: read.oneOf('SIGNING_ALGORITHM', signingAlgorithms, DEFAULTS.signingAlgorithm),
    allowInternalUrls: read.isOn('ALLOW_INTERNAL_URLS', !production),
    registration: read.oneOf('REGISTRATION', ['off', 'token', 'open'], DEFAULTS.registration),
    clientMetadataDocuments: documentHostsOf(
      read.text('CLIENT_METADATA_DOCUMENTS', seed.demo ? 'on' : DEFAULTS.clientMetadataDocuments),
      problems,
    ),
    selfRegisteredScopes: scopesOf(read),
    shutdownDelay: read.number('SHUTDOWN_DELAY', production ? 5 : 0, {
      min: 0,
      max: 300,
      unit: 'seconds',
    }),
    logLevel: logLevelOf(read),
  };
}

const logLevelOf = (read: Variables) => read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info');

/** The one setting that a command needs before the others are known to be right; wrong, its default. */
export function readLogLevel(env: Env): LogLevel {
  return logLevelOf(new Variables(env));
}

/**
 * The one setting that `npm run migrate` needs.
 *
 * @throws ConfigError if it is missing or wrong
 */
export function readDatabaseUrl(env: Env): string {
  const read = new Variables(env);
  const url = databaseUrlOf(read.text('DATABASE_URL'), read.problems);
  if (url !== undefined) return url;
  throw new ConfigError(
    read.problems[0] ??
      'DATABASE_URL is missing. Set it to the database whose tables are to be made.',
  );
}

function workersOf(read: Variables, databaseUrl: string | undefined): number {
  const workers = read.number('WORKERS', 1, { min: 1, max: 64, unit: 'processes' });
  if (workers > 1 && databaseUrl === undefined) {
    read.problems.push(
      `WORKERS is ${workers}, but without DATABASE_URL every process would have a memory of its own, and know nothing of the others' codes, tokens and sessions. Set DATABASE_URL, or WORKERS=1.`,
    );
  }
  return workers;
}

function scopesOf(read: Variables): string[] | undefined {
  const value = read.text('SELF_REGISTERED_SCOPES');
  const words = value === undefined ? undefined : parseScope(value);
  if (words?.every(isScopeToken) !== false) return words;
  read.problems.push(
    `SELF_REGISTERED_SCOPES is ${shown(value)}. Set it to scopes of the seed file, separated by spaces.`,
  );
  return undefined;
}

function seedSettings(read: Variables, production: boolean): Pick<Config, 'seedFile' | 'demo'> {
  const seedFile = read.text('SEED_FILE');
  const demo = read.isOn('DEMO', !production && seedFile === undefined);
  if (demo && production) {
    read.problems.push(
      'DEMO is on, but NODE_ENV is production, where everybody would know the passwords. Set DEMO=off.',
    );
  }
  if (demo && seedFile !== undefined) {
    read.problems.push(
      'DEMO is on and SEED_FILE is set. Set one of the two: the demo has its own seed file.',
    );
  }
  return { seedFile: demo ? DEMO_SEED : seedFile, demo };
}

function appearance(
  read: Variables,
): Pick<Config, 'brand' | 'brandLogo' | 'brandColor' | 'helpUrl' | 'views'> {
  const settings = {
    brandLogo: ['BRAND_LOGO', 'the path of an SVG, PNG, JPEG or WebP file'],
    brandColor: ['BRAND_COLOR', 'a colour like #095946'],
    helpUrl: ['HELP_URL', 'a page like https://example.com/help, or mailto: and an address'],
    views: ['VIEWS', 'the path of a folder with views of your own'],
  } as const;
  const options = {
    brandLogo: read.text('BRAND_LOGO'),
    brandColor: read.text('BRAND_COLOR'),
    helpUrl: read.text('HELP_URL'),
    views: read.text('VIEWS'),
  };
  for (const { option, value, what } of brandingProblems(options)) {
    const [name, advice] = settings[option];
    read.problems.push(`${name} is ${shown(value)}, which ${what}. Set it to ${advice}.`);
  }
  return { brand: read.text('BRAND', DEFAULTS.brand), ...options };
}
