// Every grant type of this server, by its name. A new one is its file and a line here.

import { type CustomGrant, customGrant } from '../custom-grant.ts';
import { DEVICE_CODE } from '../device-codes.ts';
import type { GrantParts, GrantType } from '../grant-type.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import { refreshToken } from './refresh-token.ts';

const ALL = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  [DEVICE_CODE]: deviceCode,
} as const satisfies Record<string, (parts: GrantParts) => GrantType>;

/** Every `grant_type` of this server; a client may be registered for those of the app besides. */
export const grantTypes: readonly string[] = Object.keys(ALL);

/**
 * The grant types by their names.
 *
 * @param custom those of the app around this server
 */
export function makeGrantTypes(
  parts: GrantParts,
  custom: Readonly<Record<string, CustomGrant>> = {},
): ReadonlyMap<string, GrantType> {
  return new Map([
    ...Object.entries(ALL).map(([name, make]) => [name, make(parts)] as const),
    ...Object.entries(custom).map(
      ([name, grant]) => [name, customGrant(name, grant, parts)] as const,
    ),
  ]);
}
