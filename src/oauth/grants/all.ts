// Every grant type of this server, by its name. A new one is its file and a line here.

import type { GrantType } from '../grant-type.ts';
import type { Issuing } from '../issuing.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { DEVICE_CODE, deviceCode } from './device-code.ts';
import { refreshToken } from './refresh-token.ts';

const ALL = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  [DEVICE_CODE]: deviceCode,
} as const satisfies Record<string, (issuing: Issuing) => GrantType>;

/** Every `grant_type` that a client may be registered for. */
export const grantTypes: readonly string[] = Object.keys(ALL);

export function makeGrantTypes(issuing: Issuing): ReadonlyMap<string, GrantType> {
  return new Map(Object.entries(ALL).map(([name, make]) => [name, make(issuing)]));
}
