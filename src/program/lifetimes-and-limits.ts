// Settings from the environment that say how long something lasts, and how often something may fail. Their
// defaults and bounds are those of the options.

import type { Limits } from '../http/rate-limit.ts';
import { DEFAULTS } from '../option-defaults.ts';
import { BOUNDS, LIMIT_BOUNDS } from '../protocol/bounds.ts';
import type { Variables } from './variables.ts';

export function lifetimesOf(read: Variables) {
  const seconds = (name: string, option: keyof typeof BOUNDS) =>
    read.number(name, DEFAULTS[option], BOUNDS[option]);
  return {
    accessTokenTtl: seconds('ACCESS_TOKEN_TTL', 'accessTokenTtl'),
    idTokenTtl: seconds('ID_TOKEN_TTL', 'idTokenTtl'),
    refreshTokenTtl: seconds('REFRESH_TOKEN_TTL', 'refreshTokenTtl'),
    grantTtl: seconds('GRANT_TTL', 'grantTtl'),
    authorizationCodeTtl: seconds('AUTHORIZATION_CODE_TTL', 'authorizationCodeTtl'),
    refreshRetryWindow: seconds('REFRESH_RETRY_WINDOW', 'refreshRetryWindow'),
    sessionTtl: seconds('SESSION_TTL', 'sessionTtl'),
    keyRotation: seconds('KEY_ROTATION', 'keyRotation'),
  };
}

export function limitsOf(read: Variables): Limits {
  const limit = (name: string, option: keyof typeof LIMIT_BOUNDS) =>
    read.number(name, DEFAULTS.limits[option], LIMIT_BOUNDS[option]);
  return {
    enabled: read.isOn('RATE_LIMIT', true),
    window: limit('RATE_LIMIT_WINDOW', 'window'),
    loginsPerAccount: limit('LOGIN_LIMIT_PER_ACCOUNT', 'loginsPerAccount'),
    loginsPerAddress: limit('LOGIN_LIMIT_PER_ADDRESS', 'loginsPerAddress'),
    clientFailures: limit('CLIENT_LIMIT', 'clientFailures'),
    registrationsPerAddress: limit('REGISTRATION_LIMIT', 'registrationsPerAddress'),
  };
}
