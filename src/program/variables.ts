// What a variable of the environment has to look like, for each kind of value. Which variables there
// are, and their defaults, is in config.ts.

import { isIP } from 'node:net';
import type { DocumentHosts } from '../clients/metadata-documents.ts';
import { type Bounds, inWords, isWithin } from '../protocol/bounds.ts';
import { isHost } from '../protocol/document-url.ts';
import { issuerProblem } from '../protocol/issuer.ts';
import { randomToken } from '../protocol/secrets.ts';
import { shown } from '../protocol/shown.ts';
import { databaseUrlProblem } from '../store/database-url.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Reads variables, and collects what is wrong with them. One that is wrong reads as its default. */
export class Variables {
  readonly #env: Env;
  /** What each variable that was asked for is, or was taken for; absent if there is nothing to go by. */
  readonly values = new Map<string, string | undefined>();
  /** A line for each variable that is wrong: its name, what is wrong, and what to set. */
  readonly problems: string[] = [];

  constructor(env: Env) {
    this.#env = env;
  }

  /** The value without spaces around it; an empty one counts as absent. */
  text(name: string): string | undefined;
  text(name: string, standard: string): string;
  text(name: string, standard?: string): string | undefined {
    const value = this.#env[name]?.trim() || standard;
    this.values.set(name, value);
    return value;
  }

  number(name: string, standard: number, bounds: Bounds): number {
    const value = this.text(name, String(standard));
    const parsed = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (isWithin(parsed, bounds)) return parsed;
    this.problems.push(`${name} is ${shown(value)}. Set it to ${inWords(bounds)}.`);
    return standard;
  }

  oneOf<Word extends string>(name: string, allowed: readonly Word[], standard: Word): Word {
    const value = this.text(name, standard);
    if ((allowed as readonly string[]).includes(value)) return value as Word;
    this.problems.push(`${name} is ${shown(value)}. Set it to one of: ${allowed.join(', ')}.`);
    return standard;
  }

  /** `on` or `off` */
  isOn(name: string, standard: boolean): boolean {
    return this.oneOf(name, ['on', 'off'], standard ? 'on' : 'off') === 'on';
  }
}

/** NODE_ENV. Somebody who writes `prod` means the strict mode, and would get the other. */
export function isProduction(value: string | undefined, problems: string[]): boolean {
  if (value !== undefined && value !== 'production' && /^prod/i.test(value)) {
    problems.push(
      `NODE_ENV is ${shown(value)}, which is not production mode. Set it to production.`,
    );
  }
  return value === 'production';
}

/** ISSUER, without a slash at its end. */
export function issuerOf(
  value: string | undefined,
  standard: string,
  production: boolean,
  problems: string[],
): string {
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
      `ISSUER is ${shown(value)}, which ${problem}. Set it to an https URL without query, fragment and user name.`,
    );
    return standard;
  }
  const url = new URL(issuer);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (production && url.protocol === 'http:' && !loopback) {
    problems.push(
      `ISSUER is ${shown(value)}, which is http. Set it to an https URL: passwords and tokens would travel in the clear.`,
    );
  }
  return issuer;
}

export function databaseUrlOf(value: string | undefined, problems: string[]): string | undefined {
  const problem = value && databaseUrlProblem(value);
  if (!problem) return value;
  // Not quoted: there may be a password in it.
  problems.push(
    `DATABASE_URL ${problem}. Set it to sqlite:./data/oauth.db or postgres://user:password@host:5432/database.`,
  );
  return undefined;
}

export function documentHostsOf(value: string, problems: string[]): 'off' | DocumentHosts {
  if (value === 'off' || value === 'on') return value;
  const hosts = value.split(/ *, */);
  if (hosts.every(isHost)) return hosts;
  problems.push(
    `CLIENT_METADATA_DOCUMENTS is ${shown(value)}. Set it to on or off, or to the hosts whose documents clients may be known by: claude.ai, chatgpt.com.`,
  );
  return 'off';
}

/** SESSION_SECRET, or one that lasts until the server stops. */
export function secretOf(
  value: string | undefined,
  { production, databaseUrl }: { production: boolean; databaseUrl: string | undefined },
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
    // A short one is good enough to try things out, but authorizationServer takes none under 32.
    return value.padEnd(32, '.');
  }
  if (production && new Set(value).size < 10) {
    problems.push(`SESSION_SECRET is weak: it is a few characters over and over. ${advice}`);
  }
  return value;
}

/** For Express's `trust proxy`. */
export type TrustProxy = number | string[] | false;

export function trustProxyOf(value: string | undefined, problems: string[]): TrustProxy {
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
    `TRUST_PROXY is ${shown(value)}. Set it to the number of proxies in front of this server, or to their addresses: 1, or loopback, 10.0.0.0/8.`,
  );
  return false;
}
