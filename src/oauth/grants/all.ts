// Every grant type of this server, by its name. A new one is its file and a line here.

import type { ReadScope } from '../../protocol/scope.ts';
import { type CustomGrant, type CustomGrantParts, customGrant } from '../custom-grant.ts';
import { DEVICE_CODE } from '../device-codes.ts';
import type { GrantType } from '../grant-type.ts';
import type { Issuing } from '../issuing.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import { refreshToken } from './refresh-token.ts';

const ALL = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  [DEVICE_CODE]: deviceCode,
} as const satisfies Record<string, (issuing: Issuing, readScope: ReadScope) => GrantType>;

/** Every `grant_type` of this server; a client may be registered for those of the app besides. */
export const grantTypes: readonly string[] = Object.keys(ALL);

/**
 * The grant types by their names.
 *
 * @param custom those of the app around this server
 */
export function makeGrantTypes(
  { issuing, readScope }: { readonly issuing: Issuing; readonly readScope: ReadScope },
  custom: Readonly<Record<string, CustomGrant>> = {},
  parts: CustomGrantParts,
): ReadonlyMap<string, GrantType> {
  return new Map([
    ...Object.entries(ALL).map(([name, make]) => [name, make(issuing, readScope)] as const),
    ...Object.entries(custom).map(
      ([name, grant]) => [name, customGrant(name, grant, issuing, parts)] as const,
    ),
  ]);
}
