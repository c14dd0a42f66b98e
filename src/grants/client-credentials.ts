// RFC 6749 section 4.4: the client credentials grant.

import OAuth2Server from '@node-oauth/oauth2-server';
import type { Model } from '../model.ts';
import type { Token } from '../tokens.ts';
import type { Client } from '../types.ts';

export class ClientCredentialsGrant extends OAuth2Server.AbstractGrantType {
  declare model: Model;

  async handle(request: OAuth2Server.Request, known: OAuth2Server.Client): Promise<Token> {
    const client = known as Client;
    const user = await this.model.getUserFromClient(client);
    const scope = await this.model.validateScope(user, client, this.getScope(request));
    const accessToken = await this.model.generateAccessToken();
    const accessTokenExpiresAt = this.getAccessTokenExpiresAt();
    return this.model.saveToken({ accessToken, accessTokenExpiresAt, scope }, client, user);
  }
}
