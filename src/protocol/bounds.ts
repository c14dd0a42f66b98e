// The least and the most that each number of the settings may be. A time is added to a date, put into
// an answer and kept in a database: one of them fails if a number has no end.

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** What is counted, if that has a name. */
  readonly unit?: string;
}

const DAY = 24 * 3600;

/** Ten years, in seconds. */
export const MAX_TTL = 10 * 365 * DAY;

/** A time in seconds. */
const seconds = (min: number, max = MAX_TTL): Bounds => ({ min, max, unit: 'seconds' });

/** How often something may fail. */
const times = (unit: string): Bounds => ({ min: 1, max: 1e6, unit });

/** How long the tokens of a server, or of one client, may last. */
export const LIFETIME = seconds(1);

/** How long a link may work by which a person sets a new password. */
export const RESET_LINK_LIFETIME = seconds(60, 7 * DAY);

/** By the names of the options. */
export const BOUNDS = {
  accessTokenTtl: LIFETIME,
  idTokenTtl: LIFETIME,
  refreshTokenTtl: LIFETIME,
  grantTtl: LIFETIME,
  authorizationCodeTtl: seconds(1, 600),
  refreshRetryWindow: seconds(0, 3600),
  sessionTtl: seconds(60),
  // A key stays published for a day at least: with shorter periods there would be too many at once.
  keyRotation: seconds(3600),
} as const;

/** By the names of the option `limits`. */
export const LIMIT_BOUNDS = {
  window: seconds(1, DAY),
  loginsPerAccount: times('failed logins'),
  loginsPerAddress: times('failed logins'),
  clientFailures: times('failed authentications'),
  registrationsPerAddress: times('registrations'),
} as const;

/** How many clients may be registered by one initial access token. */
export const REGISTRATION_USES: Bounds = { min: 1, max: 1e6, unit: 'clients' };

/** The longest that a parameter of a grant type of somebody's own may be: a form is not longer either. */
export const PARAMETER_LENGTH: Bounds = { min: 1, max: 65_536, unit: 'characters' };

/** Connections of a process to PostgreSQL: one for reads and one for the rest at the least. */
export const CONNECTION_BOUNDS: Bounds = { min: 2, max: 1000, unit: 'connections' };

/** How the bounds read in a sentence: `a whole number of seconds from 1 to 600`. */
export function inWords({ min, max, unit }: Bounds): string {
  return `a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`;
}

/** Whether a value is a whole number within bounds, both included. */
export function isWithin(value: unknown, { min, max }: Bounds): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** What keeps a value from being within bounds, as the end of the sentence "it ...", or `undefined`. */
export function boundsProblem(value: unknown, bounds: Bounds): string | undefined {
  return isWithin(value, bounds) ? undefined : `is not ${inWords(bounds)}`;
}
