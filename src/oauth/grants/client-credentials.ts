// RFC 6749 section 4.4: the client credentials grant.

import { assertConfidential } from '../../protocol/client.ts';
import { grantScope, scopeWithoutPerson } from '../../protocol/scope.ts';
import type { GrantType } from '../grant-type.ts';
import type { Issuing } from '../issuing.ts';

export function clientCredentials(issuing: Issuing): GrantType {
  return {
    parameters: { scope: 2048, resource: 2048 },
    async handle({ client, params }) {
      assertConfidential(client);
      const scope = grantScope(params.get('scope'), scopeWithoutPerson(client));
      const resource = issuing.resourcesFor(params.getAll('resource'), client);
      return issuing.issueToClient({ scope, resource, grantType: 'client_credentials' }, client);
    },
  };
}
