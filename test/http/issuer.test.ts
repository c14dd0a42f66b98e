// The issuer is one string, wherever it is said: clients compare it letter for letter, and a slash that
// somebody adds is another issuer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { authorizeAs, authorizeUrl, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const [web, ...others] = SEED.clients;

for (const path of ['', '/as', '/a/b']) {
  describe(`the issuer with the path ${path || '/'}`, async () => {
    const seed = {
      ...SEED,
      clients: [{ ...web, scope: 'openid read' }, ...others],
    };
    const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' }, { seed, path });
    const { origin, issuer } = server;

    it('has no slash added anywhere that it is said', async () => {
      const said: Record<string, unknown> = {};
      const at = async (wellKnown: string) =>
        (await http(`${origin}/.well-known/${wellKnown}`)).json;
      said['RFC 8414 metadata'] = (await at(`oauth-authorization-server${path}`)).issuer;
      said['OpenID metadata'] = (await at(`openid-configuration${path}`)).issuer;
      const resource = await at(`oauth-protected-resource${path}`);
      [said['protected resource metadata']] = resource.authorization_servers;
      said['the resource itself'] = resource.resource;

      const refused = await http(`${issuer}/secret`);
      [, said['challenge']] = /realm="([^"]*)"/.exec(
        refused.headers.get('www-authenticate') ?? '',
      )!;

      const person = new Person(server);
      const allowed = await person.allow(authorizeUrl(server, { scope: 'openid read' }));
      said['authorization response'] = allowed.searchParams.get('iss');
      const failed = await person.allow(authorizeUrl(server, { scope: 'unknown' }));
      assert.equal(failed.searchParams.get('error'), 'invalid_scope');
      said['error response'] = failed.searchParams.get('iss');

      const { json: tokens } = await (
        await authorizeAs(server, { scope: 'openid read', person })
      ).exchange();
      const { iss, aud } = decodeJwt(tokens.access_token);
      Object.assign(said, { 'access token': iss, 'its audience': aud });
      said['ID token'] = decodeJwt(tokens.id_token).iss;

      const { json: own } = await requestToken(
        server,
        { grant_type: 'client_credentials', scope: 'read' },
        'web:web-secret',
      );
      said['token of a client'] = decodeJwt(own.access_token).iss;

      for (const [where, value] of Object.entries(said)) assert.equal(value, issuer, where);
    });
  });
}
