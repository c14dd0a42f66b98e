// RFC 6749 section 4.4: the client credentials grant.

import OAuth2Server from '@node-oauth/oauth2-server';
import type { Client } from '../../types.ts';
import type { Model } from '../model.ts';
import type { Token, TokenParams } from '../tokens.ts';

export class ClientCredentialsGrant extends OAuth2Server.AbstractGrantType {
  declare model: Model;

  async handle(request: OAuth2Server.Request, known: OAuth2Server.Client): Promise<Token> {
    const client = known as Client;
    const params: TokenParams = request.body;
    const user = await this.model.getUserFromClient(client);
    const scope = await this.model.validateScope(user, client, this.getScope(request));
    return this.model.issueClientToken(
      {
        accessTokenExpiresAt: this.getAccessTokenExpiresAt(),
        scope,
        resource: this.model.validateResource(params.resource, client),
      },
      client,
    );
  }
}
