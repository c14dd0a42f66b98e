// What a stranger registers names URLs, and an id may be one, which this server asks for what is there. None
// of them makes it ask anybody inside, and no answer says what is there.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertionClaims, KEY, signed, withAssertion } from '../../helpers/clients.ts';
import { authorizeAs, authorizeUrl, requestToken } from '../../helpers/flows.ts';
import { startServer } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { startedInside } from '../../helpers/inside.ts';
import { APP, registerClient } from '../../helpers/registering.ts';

const inside = await startedInside();
const server = await startServer({
  REGISTRATION: 'open',
  CLIENT_METADATA_DOCUMENTS: 'on',
  ALLOW_INTERNAL_URLS: 'off',
});
const { issuer } = server;

const [redirectUri = ''] = APP.redirect_uris;

/** Names, and addresses of IPv4 and IPv6: all forms of them are in test/clients/internal-addresses.test.ts. */
const HOSTS = ['localhost', '127.0.0.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]'];

/** What would tell a stranger who or what is inside. */
const TOLD = new RegExp(`:${inside.port}|ECONN|ENOTFOUND|is not a public|certificate|socket`, 'i');

/** The next event of a name. */
const next = (name: 'client_url_failed' | 'logout_failed') =>
  new Promise<{ error: unknown }>((resolve) => {
    server.events.on(name, resolve);
  });

describe('a stranger who registers a client', () => {
  for (const host of HOSTS) {
    const at = (path: string) => `https://${host}:${inside.port}/${path}`;

    it(`has nobody asked at ${host} for the document of a client`, async () => {
      const client_id = new URL(at('client.json')).href;
      const failed = next('client_url_failed');
      const { status, text } = await http(authorizeUrl(server, { client_id }));
      assert.equal(status, 503);
      assert.match(String((await failed).error), /is not a public address/);
      assert.doesNotMatch(text.replaceAll(client_id, ''), TOLD);
      assert.equal(inside.called, 0);
    });

    it(`has nobody asked at ${host} for keys`, async () => {
      const { json } = await registerClient(server, {
        ...APP,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: at('jwks'),
      });
      const assertion = await signed(assertionClaims(json.client_id, issuer), KEY);
      const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: redirectUri };
      const answer = await requestToken(server, { ...form, ...withAssertion(assertion) });
      assert.equal(answer.status, 401);
      assert.doesNotMatch(answer.text, TOLD);
      assert.equal(inside.called, 0);
    });

    it(`has nobody asked at ${host} for the list of a sector`, async () => {
      const answer = await registerClient(server, {
        ...APP,
        subject_type: 'pairwise',
        sector_identifier_uri: at('sector'),
      });
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error, 'invalid_client_metadata');
      assert.doesNotMatch(answer.text, TOLD);
      assert.equal(inside.called, 0);
    });

    it(`has nobody asked at ${host} for a picture, or told that somebody signed out`, async () => {
      const failed = next('logout_failed');
      const { json } = await registerClient(server, {
        ...APP,
        logo_uri: at('logo.png'),
        backchannel_logout_uri: at('logout'),
      });
      const person = new Person(server);
      const client = `${json.client_id}:${json.client_secret}`;
      const flow = await authorizeAs(server, { client, scope: 'openid', redirectUri, person });
      assert.equal((await flow.exchange()).status, 200);
      const logo = await http(`${issuer}/oauth/client-logo?client_id=${json.client_id}`);
      assert.equal(logo.status, 404);
      assert.doesNotMatch(logo.text, TOLD);

      const page = await person.submit(await person.visit('/logout'), {});
      assert.match(String((await failed).error), /is not a public address/);
      assert.doesNotMatch(page.text, TOLD);
      assert.equal(inside.called, 0);
    });
  }
});
