// RFC 6749 section 4.4: the client credentials grant.

import { assertConfidential } from '../../protocol/client.ts';
import { grantScopeWithoutPerson } from '../../protocol/scope.ts';
import type { GrantParts, GrantType } from '../grant-type.ts';

export function clientCredentials({ issuing }: GrantParts): GrantType {
  return {
    parameters: { scope: 2048, resource: 2048 },
    comparesClient: !issuing.asksApp,
    async handle({ client, params, isClientRemembered }) {
      assertConfidential(client);
      const scope = grantScopeWithoutPerson(params.get('scope'), client);
      const resource = issuing.resourcesFor(params.getAll('resource'), client);
      const wanted = { scope, resource, grantType: 'client_credentials' };
      return isClientRemembered
        ? issuing.issueIfUnchanged(wanted, client)
        : issuing.issueToClient(wanted, client);
    },
  };
}
