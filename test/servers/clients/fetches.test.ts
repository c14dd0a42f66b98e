// How often strangers make this server ask other hosts, by the URLs of clients that they register and change.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { versionOf } from '../../../src/pages/shown-client.ts';
import { assertionClaims, KEY, send, signed, withAssertion } from '../../helpers/clients.ts';
import { withClock } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import { http } from '../../helpers/http.ts';
import { httpsHost, httpsMissing } from '../../helpers/https-host.ts';
import { LOGO } from '../../helpers/logos.ts';
import {
  APP,
  bearer,
  manageClient,
  registerClient,
  sendMetadata,
} from '../../helpers/registering.ts';

const MINUTE = 60_000;

/** More than a minute allows for one host, which is 60. */
const MANY = 65;

/** More than may be under way to one host at once, which is 32. */
const TOO_MANY = 40;

/** What the host has, by the beginning of the path: it takes no notice of the query. */
const CONTENTS: Record<string, string | Buffer> = {
  '/sector': JSON.stringify(APP.redirect_uris),
  '/keys': JSON.stringify({ keys: [KEY.jwk] }),
  '/logo': LOGO,
};

describe('a stranger who names one URL of a host after the other', {
  skip: httpsMissing(),
}, async () => {
  /** The answers that the host keeps back. */
  const held: (() => void)[] = [];
  const host = await httpsHost((req, res) => {
    const [path = ''] = req.url!.split('?');
    if (path === '/silent') {
      held.push(() => res.writeHead(404).end());
      return;
    }
    const content = CONTENTS[path];
    res.writeHead(content === undefined ? 404 : 200).end(content);
  });
  const open = (limits = {}) =>
    serveHost({
      registration: 'open',
      allowInternalUrls: true,
      limits: { registrationsPerAddress: 10_000, ...limits },
    });
  type Server = Awaited<ReturnType<typeof open>>;

  /** A client that registers, and then changes as often as it likes. */
  async function changing(server: Server, metadata: object) {
    let client = (await registerClient(server, { ...APP, ...metadata })).json;
    return {
      id: client.client_id as string,
      async change(fields: object) {
        const { client_id } = client;
        const answer = await manageClient(client, 'PUT', {
          ...APP,
          ...metadata,
          client_id,
          ...fields,
        });
        if (answer.status === 200) client = answer.json;
        return answer;
      },
    };
  }

  /** The ways to have the server ask at a URL, each with the status if there is what it asks for, and if not. */
  const WAYS: Record<string, { path: string; statuses: [there: number, absent: number] }> = {
    sector_identifier_uri: { path: '/sector', statuses: [200, 400] },
    jwks_uri: { path: '/keys', statuses: [200, 401] },
    logo_uri: { path: '/logo', statuses: [200, 404] },
  };

  /** A stranger who has the server ask at a URL: the answer says what came of it. */
  async function stranger(server: Server, field: string) {
    const isSector = field === 'sector_identifier_uri';
    const client = await changing(server, isSector ? {} : metadataFor(field));
    return async (uri: string) => {
      const changed = await client.change({ ...metadataFor(field), [field]: uri });
      if (isSector) return changed;
      assert.equal(changed.status, 200);
      return outcomeFor(server, field, { client_id: client.id, [field]: uri });
    };
  }

  function metadataFor(field: string): object {
    if (field === 'sector_identifier_uri') return { subject_type: 'pairwise' };
    if (field === 'logo_uri') return {};
    return { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${host.origin}/keys` };
  }

  /** Has the server ask for what a registered client names: its keys, or its picture. */
  async function outcomeFor(server: Server, field: string, client: Record<string, string>) {
    const id = client['client_id']!;
    if (field !== 'logo_uri') return authenticated(server, id);
    const query = new URLSearchParams({ client_id: id, v: versionOf(client[field]!) });
    return http(`${server.issuer}/oauth/client-logo?${query}`);
  }

  /** The answer to a client that authenticates by its keys. */
  async function authenticated(server: Server, clientId: string) {
    const assertion = await signed(assertionClaims(clientId, server.issuer), KEY);
    return send(server, 'revoke', { token: 'x', ...withAssertion(assertion) });
  }

  for (const [field, { path, statuses }] of Object.entries(WAYS)) {
    it(`has it asked 60 times a minute, and is then to come again: ${field}`, async () => {
      const server = await open();
      await withClock(async (advance) => {
        const ask = await stranger(server, field);
        host.asked.length = 0;
        for (let index = 0; index < MANY; index += 1) {
          const answer = await ask(`${host.origin}/none?${index}`);
          assert.equal(answer.status, index < 60 ? statuses[1] : 503, `${index}: ${answer.text}`);
        }
        assert.equal(host.asked.length, 60);
        const refused = await ask(`${host.origin}${path}`);
        assert.equal(refused.status, 503);
        assert.ok(Number(refused.headers.get('retry-after')) > 0);
        assert.match(refused.text, /Too much was fetched for clients in this minute/);
        advance(MINUTE);
        // What was refused is not taken for a URL that does not work.
        assert.equal((await ask(`${host.origin}${path}`)).status, statuses[0]);
      });
    });
  }

  it('keeps no client out whose keys were there, nor one that somebody here has registered', async () => {
    const server = await open();
    await withClock(async (advance) => {
      const keys = {
        token_endpoint_auth_method: 'private_key_jwt' as const,
        jwks_uri: `${host.origin}/keys?a`,
      };
      const { id } = await changing(server, keys);
      assert.equal((await authenticated(server, id)).status, 200);
      advance(10 * MINUTE);
      const ask = await stranger(server, 'jwks_uri');
      for (let index = 0; index < MANY; index += 1) await ask(`${host.origin}/none?b${index}`);
      assert.equal((await authenticated(server, id)).status, 200);
      const ours = await server.server.clients.register({
        ...APP,
        client_id: 'ours',
        ...keys,
        jwks_uri: `${host.origin}/keys?ours`,
      });
      assert.equal((await authenticated(server, ours.client_id)).status, 200);
    });
  });

  for (const [field, { path, statuses }] of Object.entries(WAYS)) {
    it(`keeps no client out that somebody here vouches for, though nothing is answered: ${field}`, async () => {
      const server = await open();
      const asks = await Promise.all(
        Array.from({ length: TOO_MANY }, () => stranger(server, field)),
      );
      held.length = 0;
      const waiting = asks.map((ask, index) => ask(`${host.origin}/silent?${index}`));
      const refused = await Promise.race(waiting);
      assert.equal(refused.status, 503);
      assert.match(refused.text, /Too much is fetched for clients at once/);
      const token = await server.server.registrationTokens.create();
      const registered = await registerClient(
        server,
        { ...APP, ...metadataFor(field), [field]: `${host.origin}${path}?vouched` },
        bearer(token),
      );
      assert.equal(registered.status, 201, registered.text);
      if (field !== 'sector_identifier_uri') {
        const there = await outcomeFor(server, field, registered.json);
        assert.equal(there.status, statuses[0], there.text);
      }
      for (const answer of held) answer();
      await Promise.all(waiting);
    });
  }

  it('has as many changes by which it asks elsewhere as registrations, in an hour from one address', async () => {
    const server = await serveHost(
      { registration: 'open', allowInternalUrls: true, limits: { registrationsPerAddress: 4 } },
      (app) => app.set('trust proxy', 1),
    );
    await withClock(async (advance) => {
      const from = (address: string) => ({ 'x-forwarded-for': address });
      const { json: client } = await registerClient(server, APP, from('192.0.2.1'));
      let token = client.registration_access_token;
      const change = async (fields: object, address = '192.0.2.1') => {
        const headers = { authorization: `Bearer ${token}`, ...from(address) };
        const body = { ...APP, client_id: client.client_id, ...fields };
        const answer = await sendMetadata(client.registration_client_uri, 'PUT', body, headers);
        if (answer.status === 200) token = answer.json.registration_access_token;
        return answer;
      };
      const sector = (query: string) => ({
        subject_type: 'pairwise',
        sector_identifier_uri: `${host.origin}/none?${query}`,
      });
      host.asked.length = 0;
      assert.equal((await change(sector('1'))).status, 400);
      assert.equal((await change({ logo_uri: `${host.origin}/logo` })).status, 200);
      for (let times = 0; times < 9; times += 1) {
        const same = { logo_uri: `${host.origin}/logo`, client_name: `Name ${times}` };
        assert.equal((await change(same)).status, 200, 'it asks nowhere else');
      }
      assert.equal((await change(sector('2'))).status, 400);
      const told: unknown[] = [];
      server.server.events.on('registration_limited', (event) => told.push(event));
      for (const fields of [sector('3'), { logo_uri: `${host.origin}/logo?2` }]) {
        const refused = await change(fields);
        assert.equal(refused.status, 429);
        assert.ok(Number(refused.headers.get('retry-after')) > 3000);
      }
      assert.deepEqual(host.asked, ['/none?1', '/none?2']);
      assert.deepEqual(told, Array(2).fill({ address: '192.0.2.1' }));
      assert.equal((await change({ logo_uri: `${host.origin}/logo?2` }, '192.0.2.2')).status, 200);
      assert.equal((await registerClient(server, APP, from('192.0.2.1'))).status, 429);
      advance(60 * MINUTE + 1);
      assert.equal((await change(sector('3'))).status, 400);
    });
  });
});
