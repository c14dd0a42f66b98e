// The one place where the default of each option stands.

import type { Limits } from './http/rate-limit.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { randomToken } from './protocol/secrets.ts';

const DAY = 24 * 3600;

/** What an option is if it is left out. Times are in seconds. */
export const DEFAULTS = {
  brand: 'Authorization Server',
  registration: 'off',
  clientMetadataDocuments: 'off',
  accessTokenFormat: 'opaque',
  signingAlgorithm: 'ES256',
  keyRotation: 30 * DAY,
  accessTokenTtl: 3600,
  idTokenTtl: 3600,
  refreshTokenTtl: 14 * DAY,
  grantTtl: 90 * DAY,
  authorizationCodeTtl: 60,
  refreshRetryWindow: 30,
  sessionTtl: 7 * DAY,
  limits: {
    enabled: true,
    window: 15 * 60,
    loginsPerAccount: 10,
    loginsPerAddress: 100,
    clientFailures: 60,
    registrationsPerAddress: 100,
  },
} as const satisfies Partial<AuthorizationServerOptions>;

/** The options, with a value for each that has a default; the secret is random. */
export type Settings = AuthorizationServerOptions & {
  readonly [Name in keyof typeof DEFAULTS]-?: NonNullable<AuthorizationServerOptions[Name]>;
} & { readonly secret: string; readonly limits: Limits };

/** What is given of some options: one that is `undefined` counts as left out. */
export function given<Options extends object>(
  options: Options,
): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as ReturnType<typeof given<Options>>;
}

/** Fills in what was left out, or is `undefined`. */
export function withDefaults(options: AuthorizationServerOptions): Settings {
  const limits = { ...DEFAULTS.limits, ...options.limits };
  const secret = options.secret ?? randomToken();
  return { ...DEFAULTS, ...given(options), secret, limits };
}
