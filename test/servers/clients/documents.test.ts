// Clients that are known by the document at their id (OAuth Client ID Metadata Document), from the
// first request to the refresh: what a person is shown, what is stored, and what becomes of it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { memoryStore } from '../../../src/store/memory.ts';
import {
  assertionClaims,
  clientKey,
  KEY,
  send,
  signed,
  withAssertion,
} from '../../helpers/clients.ts';
import { readBlocks } from '../../helpers/document.ts';
import { documentHost, REDIRECT_URI } from '../../helpers/documents.ts';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { httpsMissing } from '../../helpers/https-host.ts';
import { registerClient } from '../../helpers/registering.ts';
import { SEED } from '../../helpers/seeds.ts';

const MINUTE = 60_000;
const OTHER_KEY = await clientKey('ES256');
const ON = { CLIENT_METADATA_DOCUMENTS: 'on' };

/** A person who is signed in. */
async function alice(server: TestServer): Promise<Person> {
  const person = new Person(server);
  await person.signIn(await person.visit(`${server.issuer}/login`));
  return person;
}

const asks = (server: TestServer, client_id: string, more: Record<string, string> = {}) =>
  authorizeUrl(server, { client_id, redirect_uri: REDIRECT_URI, ...more });

describe('a client that is known by its document', { skip: httpsMissing() }, async () => {
  const host = await documentHost();
  const server = await startServer(ON);

  it('signs a person in, gets tokens and refreshes them, and is stored once it is approved', async () => {
    const client = host.publish('/first.json');
    const person = await alice(server);
    const page = await person.visit(asks(server, client));
    assert.match(page.text, /Allow <bdi>Helpful Assistant<\/bdi>/);
    assert.equal(await server.store.clients.find(client), undefined, 'nobody has decided');
    const flow = await authorizeAs(server, { client, redirectUri: REDIRECT_URI, person });
    const stored = await server.store.clients.find(client);
    assert.equal(stored?.source, 'document');
    assert.ok(Math.abs(Date.now() - stored.registeredAt!) < MINUTE);
    const tokens = await flow.exchange();
    assert.equal(tokens.status, 200);
    const { access_token, refresh_token } = tokens.json as Record<string, string>;
    assert.equal((await getSecret(server, access_token!)).status, 200);
    const form = { grant_type: 'refresh_token', refresh_token: refresh_token!, client_id: client };
    assert.equal((await requestToken(server, form)).status, 200);
    assert.deepEqual(host.asked, ['/first.json']);
  });

  it('is not stored if the person refuses', async () => {
    const client = host.publish('/refused.json');
    const person = await alice(server);
    const page = await person.visit(asks(server, client));
    const { location } = await person.submit(page, { decision: 'deny' });
    assert.match(location, /error=access_denied/);
    assert.equal(await server.store.clients.find(client), undefined);
  });

  it('is shown with what is proved of it, and what it says of itself as such', async () => {
    const client = host.publish('/shown.json', {
      client_name: 'Your <Bank>',
      client_uri: 'https://bank.example/',
      redirect_uris: [REDIRECT_URI, 'http://127.0.0.1/callback', 'cursor://callback'],
    });
    const person = await alice(server);
    const page = await person.visit(asks(server, client));
    assert.match(page.text, /Do you know this app\?/);
    assert.match(page.text, /Its name is what the app says of itself\. Nobody here has checked it/);
    assert.match(
      page.text,
      new RegExp(`Published at</dt><dd><strong><bdi dir="ltr">${host.host}<`),
    );
    assert.match(page.text, /You return to<\/dt><dd><strong><bdi dir="ltr">app\.example</);
    assert.doesNotMatch(page.text, /bank\.example/, 'the address of somebody else');
    assert.doesNotMatch(page.text, /any program can pass for it/);
    for (const redirect_uri of ['http://127.0.0.1:33418/callback', 'cursor://callback']) {
      const onDevice = await person.visit(asks(server, client, { redirect_uri }));
      assert.match(onDevice.text, /any program can pass for it/);
    }
    const ofScheme = await person.visit(
      asks(server, client, { redirect_uri: 'cursor://callback' }),
    );
    assert.match(ofScheme.text, /You return to<\/dt><dd><strong><bdi dir="ltr">cursor:</);
    const known = await person.visit(authorizeUrl(server));
    assert.doesNotMatch(
      known.text,
      /Do you know this app/,
      'one that somebody here has registered',
    );
  });

  it('has its home page shown as a browser reads its address, without anything before the host', async () => {
    const path = `/\u202emoc.elgoog`;
    const client = host.publish('/reversed.json', { client_uri: `${host.origin}${path}` });
    const person = await alice(server);
    const page = await person.visit(asks(server, client));
    const shown = /client-uri">.*?<bdi dir="ltr">([^<]*)</s.exec(page.text)?.[1];
    assert.equal(shown, `${host.host}/%E2%80%AEmoc.elgoog`);
    const { store } = server;
    await person.submit(page, { decision: 'allow' });
    // Such an address is refused in a document; a record may have been written by hand.
    const stored = (await store.clients.find(client))!;
    const named = host.origin.replace('//', '//drive.google.com@');
    await store.clients.save({ ...stored, uri: `${named}/` });
    const again = await person.visit(asks(server, client, { prompt: 'consent' }));
    assert.doesNotMatch(again.text, /drive\.google\.com/);
  });

  it('that names itself by nothing that people see is called by its URL', async () => {
    const client = host.publish('/invisible.json', { client_name: '\u200b' });
    const page = await (await alice(server)).visit(asks(server, client));
    assert.match(page.text, new RegExp(`<h1[^>]*>[^/]*<bdi>${client}<`));
  });

  it('with a name that turns the text around it is refused', async () => {
    for (const client_name of ['Bank\u202e', '\u2067Bank', 'Ba\u0085nk']) {
      const client = host.publish('/turned.json', { client_name });
      const page = await new Person(server).visit(asks(server, client));
      assert.equal(page.status, 400, JSON.stringify(client_name));
      assert.match(
        page.text,
        /client_name has a character in it that changes the direction of text/,
      );
    }
  });

  it('with a user name in an address is refused', async () => {
    const client_uri = host.origin.replace('//', '//drive.google.com@');
    const client = host.publish('/user.json', { client_uri });
    const page = await new Person(server).visit(asks(server, client));
    assert.equal(page.status, 400);
    assert.match(page.text, /client_uri has a user name or password in it/);
  });

  it('has its host on the login page, its own name behind it, and both where its access is shown', async () => {
    const logo_uri = `${host.origin}/none.png`;
    const client = host.publish('/named.json', { client_uri: `${host.origin}/`, logo_uri });
    const person = new Person(server);
    const login = await person.visit(asks(server, client));
    assert.match(login.text, new RegExp(`to continue to <strong><bdi>${host.host}</bdi>`));
    assert.doesNotMatch(login.text, /Helpful Assistant/, 'nobody vouches for that');
    const page = await person.signIn(login);
    assert.match(page.text, /Helpful Assistant/);
    assert.match(page.text, /Its name and picture are what the app says of itself/);
    assert.match(page.text, new RegExp(`href="${host.origin}/"`), 'its own home page');
    const picture = /<img src="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.equal((await http(`${server.origin}${picture}`)).status, 404, 'it is asked for');
    assert.ok(host.asked.includes('/none.png'));
    await person.submit(page, { decision: 'allow' });
    for (const path of [
      '/account',
      `/account/remove-app?client_id=${encodeURIComponent(client)}`,
    ]) {
      const { text } = await person.visit(`${server.issuer}${path}`);
      assert.match(text, new RegExp(`Published at <strong><bdi dir="ltr">${host.host}<`), path);
    }
  });

  it('may have no more than what needs a person, and nothing that is for those who are trusted', async () => {
    const client = host.publish('/greedy.json', {
      grant_types: ['authorization_code', 'client_credentials', 'urn:example:other'],
      scope: 'read root',
      require_pkce: false,
      introspects: [server.issuer],
      frontchannel_logout_uri: REDIRECT_URI,
      allow_token_endpoint_audience: true,
      source: 'seed',
      anything: { else: [1, 2, 3] },
    });
    await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
    const stored = await server.store.clients.find(client);
    assert.deepEqual(stored?.grants, ['authorization_code']);
    assert.deepEqual(stored.defaultScope, ['read']);
    assert.ok(!stored.scope.includes('root'));
    assert.equal(stored.requirePkce, true);
    assert.equal(stored.introspects, undefined);
    assert.equal(stored.frontchannelLogoutUri, undefined);
    assert.equal(stored.allowTokenEndpointAudience, undefined);
    assert.equal(stored.source, 'document');
  });

  it('lets a device in, and is stored with the code of the device', async () => {
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    const client = host.publish('/device.json', { grant_types: [grant, 'authorization_code'] });
    const asked = await http(`${server.issuer}/oauth/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client, scope: 'read' }),
    });
    assert.equal(asked.status, 200);
    const codes = asked.json as { user_code: string; device_code: string };
    assert.equal((await server.store.clients.find(client))?.source, 'document');
    const person = await alice(server);
    const typed = await person.visit(`${server.issuer}/device?user_code=${codes.user_code}`);
    const review = await person.submit(typed, { user_code: codes.user_code });
    assert.match(
      review.text,
      new RegExp(`Published at</dt><dd><strong><bdi dir="ltr">${host.host}<`),
    );
    await person.submit(review, { decision: 'allow' });
    const form = { grant_type: grant, device_code: codes.device_code, client_id: client };
    assert.equal((await requestToken(server, form)).status, 200);
  });

  it('is the one that somebody here has registered under the same id, and nothing is fetched', async () => {
    const url = `${host.origin}/registered.json`;
    const registered = { ...SEED.clients[1], client_id: url, client_name: 'Registered' };
    const seed = { ...SEED, clients: [...SEED.clients, registered] };
    for (const env of [ON, {}]) {
      const other = await startServer(env, { seed });
      const redirect_uri = SEED.clients[1]!.redirect_uris![0]!;
      const page = await (await alice(other)).visit(asks(other, url, { redirect_uri }));
      assert.match(page.text, /<bdi>Registered<\/bdi>/);
    }
    assert.ok(!host.asked.includes('/registered.json'));
  });
});

describe('clients that are known by documents', { skip: httpsMissing() }, async () => {
  const host = await documentHost();

  it('are stored up to a bound, and unused ones make room first', async () => {
    const store = memoryStore();
    const server = await startServer(ON, { store });
    await withClock(async (advance) => {
      const first = host.publish('/first-of-many.json');
      const person = await alice(server);
      const flow = await authorizeAs(server, { client: first, redirectUri: REDIRECT_URI, person });
      await flow.exchange();
      const one = (await store.clients.find(first))!;
      for (let index = 1; index < 10_000; index += 1) {
        await store.clients.add({ ...one, id: `https://old.example/${index}` });
      }
      const client = host.publish('/last-of-many.json');
      const page = await person.visit(asks(server, client));
      const full = await person.submit(page, { decision: 'allow' });
      assert.equal(full.status, 503);
      assert.equal(await store.clients.find(client), undefined);
      assert.deepEqual(
        (await store.consents.listByUser('alice')).map(({ clientId }) => clientId),
        [first],
        'nothing of it is half stored',
      );
      advance(24 * 60 * MINUTE + 1);
      await authorizeAs(server, { client, redirectUri: REDIRECT_URI, person });
      assert.equal((await store.clients.find(client))?.source, 'document');
      assert.ok(await store.clients.find(first), 'it has a grant');
      assert.ok((await store.clients.countUnvouched('document', 10_000)) < 10_000);
    });
  });
});

describe('clients that are known by documents, of which devices ask for codes', {
  skip: httpsMissing(),
}, async () => {
  const host = await documentHost();

  it('leave half of the room for those that people allow', async () => {
    const store = memoryStore();
    const server = await startServer(ON, { store });
    await withClock(async (advance) => {
      const grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code'];
      const askForCodes = (path: string) =>
        http(`${server.issuer}/oauth/device_authorization`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: host.publish(path, { grant_types }) }),
        });
      assert.equal((await askForCodes('/device-1.json')).status, 200);
      const [one] = await store.clients.listBySource('document');
      for (let index = 1; index < 5000; index += 1) {
        await store.clients.add({ ...one!, id: `https://old.example/${index}` });
      }
      const refused = await askForCodes('/device-2.json');
      assert.equal(refused.status, 503);
      assert.match(refused.text, /as many clients by their documents as it has room for/);
      const client = host.publish('/allowed.json');
      const person = await alice(server);
      await (await authorizeAs(server, { client, redirectUri: REDIRECT_URI, person })).exchange();
      assert.equal((await store.clients.find(client))?.source, 'document');
      advance(31 * MINUTE);
      assert.equal((await askForCodes('/device-2.json')).status, 200);
      assert.ok(await store.clients.find(client));
    });
  });
});

describe('the documents that well-known clients publish, in shape', {
  skip: httpsMissing(),
}, async () => {
  const host = await documentHost();
  const server = await startServer(ON);
  host.answers['/keys.json'] = (_req, res) => res.end(JSON.stringify({ keys: [KEY.jwk] }));

  for (const [name, fields, redirectUri] of [
    [
      'an assistant that lists a grant type it cannot use without a key',
      {
        client_uri: 'https://claude.example',
        redirect_uris: ['https://claude.example/api/mcp/auth_callback'],
        grant_types: [
          'authorization_code',
          'refresh_token',
          'urn:ietf:params:oauth:grant-type:jwt-bearer',
        ],
      },
      'https://claude.example/api/mcp/auth_callback',
    ],
    [
      'one that signs, and has members that few know',
      {
        client_uri: 'https://chat.example/',
        redirect_uris: ['https://chat.example/connector/oauth/Ab12'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        token_endpoint_auth_signing_alg: KEY.alg,
        jwks_uri: `${host.origin}/keys.json`,
      },
      'https://chat.example/connector/oauth/Ab12',
    ],
    [
      'an editor on any port of loopback, and on a page of its own',
      {
        application_type: 'native',
        redirect_uris: [
          'http://127.0.0.1:33418/',
          'http://127.0.0.1/',
          'https://code.example/redirect',
        ],
        response_types: ['code', 'token'],
      },
      'http://127.0.0.1:51234/',
    ],
    [
      'a tool with loopback redirects that says nothing else',
      {
        redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
        grant_types: undefined,
        response_types: undefined,
        token_endpoint_auth_method: undefined,
        scope: undefined,
      },
      'http://localhost:4711/callback',
    ],
  ] as const) {
    it(`are taken: ${name}`, async () => {
      const client = host.publish(`/${encodeURIComponent(name)}.json`, fields);
      const { code, verifier } = await authorizeAs(server, { client, redirectUri });
      const form = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      };
      const assertion = await signed(assertionClaims(client, server.issuer), KEY);
      const isSigning = 'jwks_uri' in fields;
      const proof = isSigning ? withAssertion(assertion) : { client_id: client };
      assert.equal((await requestToken(server, { ...form, ...proof })).status, 200);
      if (isSigning) {
        const without = await requestToken(server, { ...form, client_id: client });
        assert.equal((without.json as Record<string, string>)['error'], 'invalid_client');
      }
    });
  }
});

describe('a client that signs, and that nobody here vouches for', {
  skip: httpsMissing(),
}, async () => {
  const host = await documentHost();
  const server = await startServer({ ...ON, REGISTRATION: 'open' });
  const token = `${server.issuer}/oauth/token`;
  const SIGNS = {
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [KEY.jwk] },
  };
  const registered = async () => {
    const { json } = await registerClient(server, { ...SIGNS, redirect_uris: [REDIRECT_URI] });
    return String(json.client_id);
  };

  for (const [kind, made] of [
    ['is known by its document', () => host.publish('/signs.json', SIGNS)],
    ['registered itself', registered],
  ] as const) {
    it(`may sign for the token endpoint, and for no other besides: one that ${kind}`, async () => {
      const client = await made();
      const { code, verifier } = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
      const codeForm = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: REDIRECT_URI,
      };
      const ask = async (aud: unknown, form: Record<string, string>, endpoint = 'token') => {
        const assertion = await signed(assertionClaims(client, aud), KEY);
        return send(server, endpoint, { ...form, ...withAssertion(assertion) });
      };
      for (const aud of [
        [server.issuer, token],
        [token, token],
        [token, 'https://other.example'],
        `${token}/`,
        `${server.issuer}/oauth/revoke`,
        'https://other.example/oauth/token',
      ]) {
        const { status, json } = await ask(aud, codeForm);
        assert.equal(status, 401, String(aud));
        assert.match(json.error_description, / or http:\S+\/oauth\/token, and one of them alone/);
      }
      const tokens = await ask(token, codeForm);
      assert.equal(tokens.status, 200, tokens.text);
      let { refresh_token } = tokens.json as { refresh_token: string };
      for (const aud of [[token], server.issuer]) {
        const refreshed = await ask(aud, { grant_type: 'refresh_token', refresh_token });
        assert.equal(refreshed.status, 200, String(aud));
        ({ refresh_token } = refreshed.json as { refresh_token: string });
      }
      assert.equal((await ask(token, { token: refresh_token }, 'revoke')).status, 200);
    });
  }

  it('signs for the issuer again once somebody here has decided something for it', async () => {
    const client = await registered();
    const ask = async (aud: string) => {
      const assertion = await signed(assertionClaims(client, aud), KEY);
      const form = {
        grant_type: 'refresh_token',
        refresh_token: 'none',
        ...withAssertion(assertion),
      };
      return (await requestToken(server, form)).json.error;
    };
    assert.equal(await ask(token), 'invalid_grant');
    const record = (await server.store.clients.find(client))!;
    await server.store.clients.save({ ...record, decided: { require_pkce: false } });
    assert.equal(await ask(token), 'invalid_client');
    assert.equal(await ask(server.issuer), 'invalid_grant');
  });
});

describe('a document that changes', { skip: httpsMissing() }, async () => {
  const host = await documentHost();
  const B = 'https://b.example/callback';

  it('takes effect: a request that waits is checked against it, and a remembered consent is over', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const client = host.publish('/flips.json', { redirect_uris: [REDIRECT_URI, B] });
      const person = await alice(server);
      await authorizeAs(server, { client, redirectUri: REDIRECT_URI, person });
      const again = await person.visit(asks(server, client));
      assert.match(again.location, /^https:\/\/app\.example\/callback\?code=/, 'it is remembered');

      const waiting = await person.visit(asks(server, client, { prompt: 'consent' }));
      host.publish('/flips.json', { redirect_uris: [B], client_name: 'Another' });
      advance(10 * MINUTE);
      const late = await person.submit(waiting, { decision: 'allow' });
      assert.equal(late.status, 400);
      assert.match(late.text, /The client or its redirect URI is no longer registered/);
      const stored = await server.store.clients.find(client);
      assert.deepEqual(stored?.redirectUris, [B], 'its row is what it says');

      const asked = await person.visit(asks(server, client, { redirect_uri: B }));
      assert.match(asked.text, /Allow <bdi>Another<\/bdi>/, 'it is asked for anew');
      const back = await person.visit(asks(server, client));
      assert.match(back.text, /redirect_uri is not one of those registered/);
    });
  });

  it('loses a key: whoever signs with the old one is refused, and with the new one is not', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const keys = (key: { jwk: object }) => ({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [key.jwk] },
      });
      const client = host.publish('/keys.json', keys(KEY));
      const { code, verifier } = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
      const signedBy = async (key: typeof KEY) =>
        withAssertion(await signed(assertionClaims(client, server.issuer), key));
      const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
      const first = await requestToken(server, {
        ...form,
        redirect_uri: REDIRECT_URI,
        ...(await signedBy(KEY)),
      });
      assert.equal(first.status, 200);
      host.publish('/keys.json', keys(OTHER_KEY));
      advance(10 * MINUTE);
      let refresh_token = (first.json as Record<string, string>)['refresh_token']!;
      for (const [key, status] of [
        [KEY, 401],
        [OTHER_KEY, 200],
      ] as const) {
        const refreshed = { grant_type: 'refresh_token', refresh_token };
        const answer = await requestToken(server, { ...refreshed, ...(await signedBy(key)) });
        assert.equal(answer.status, status);
        refresh_token = (answer.json as Record<string, string>)['refresh_token'] ?? refresh_token;
      }
      host.publish('/keys.json');
      advance(10 * MINUTE);
      const gone = { grant_type: 'refresh_token', refresh_token, ...(await signedBy(OTHER_KEY)) };
      const refused = await requestToken(server, gone);
      assert.equal((refused.json as Record<string, string>)['error'], 'invalid_client');
    });
  });

  it('names other keys at another jwks_uri: whoever signs with the old one is refused', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const keysAt = (path: string, key: typeof KEY) => {
        host.answers[path] = (_req, res) => res.end(JSON.stringify({ keys: [key.jwk] }));
        return {
          token_endpoint_auth_method: 'private_key_jwt',
          jwks_uri: `${host.origin}${path}`,
        };
      };
      const client = host.publish('/moves.json', keysAt('/old-keys', KEY));
      const { code, verifier } = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
      const send = async (form: Record<string, string>, key: typeof KEY) => {
        const assertion = await signed(assertionClaims(client, server.issuer), key);
        return requestToken(server, { ...form, ...withAssertion(assertion) });
      };
      const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
      const first = await send({ ...form, redirect_uri: REDIRECT_URI }, KEY);
      assert.equal(first.status, 200);
      host.publish('/moves.json', keysAt('/new-keys', OTHER_KEY));
      advance(10 * MINUTE);
      const { refresh_token } = first.json as { refresh_token: string };
      const refresh = { grant_type: 'refresh_token', refresh_token };
      assert.equal((await send(refresh, KEY)).status, 401);
      assert.equal((await send(refresh, OTHER_KEY)).status, 200);
    });
  });

  it('begins to sign: without its key nobody refreshes what the public client got', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const client = host.publish('/signs.json');
      const flow = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
      const { refresh_token } = (await flow.exchange()).json as { refresh_token: string };
      const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [KEY.jwk] } };
      host.publish('/signs.json', keys);
      advance(10 * MINUTE);
      host.asked.length = 0;
      const refresh = { grant_type: 'refresh_token', refresh_token };
      for (let time = 0; time < 3; time += 1) {
        assert.equal((await requestToken(server, { ...refresh, client_id: client })).status, 401);
      }
      assert.deepEqual(host.asked, ['/signs.json'], 'the document is fetched once');
      const assertion = await signed(assertionClaims(client, server.issuer), KEY);
      const answer = await requestToken(server, { ...refresh, ...withAssertion(assertion) });
      assert.equal(answer.status, 200);
    });
  });

  it('is out of order: its host is asked once a minute, however many send the client_id', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const client = host.publish('/ill.json');
      const flow = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
      const { refresh_token } = (await flow.exchange()).json as { refresh_token: string };
      host.answers['/ill.json'] = (_req, res) => res.writeHead(500).end();
      advance(10 * MINUTE);
      host.asked.length = 0;
      const form = { grant_type: 'refresh_token', client_id: client };
      for (let time = 0; time < 3; time += 1) {
        const answer = await requestToken(server, { ...form, refresh_token: 'made-up' });
        assert.equal(answer.status, 400);
      }
      assert.deepEqual(host.asked, ['/ill.json']);
      assert.equal((await requestToken(server, { ...form, refresh_token })).status, 200);
      advance(MINUTE);
      await requestToken(server, { ...form, refresh_token: 'made-up' });
      assert.deepEqual(host.asked, ['/ill.json', '/ill.json']);
    });
  });

  it('vanishes: nothing that was approved ends, and nobody approves anything new', async () => {
    const server = await startServer(ON);
    await withClock(async (advance) => {
      const client = host.publish('/vanishes.json');
      const person = await alice(server);
      const flow = await authorizeAs(server, { client, redirectUri: REDIRECT_URI, person });
      const { refresh_token } = (await flow.exchange()).json as Record<string, string>;
      const gone = (status: number) => {
        host.answers['/vanishes.json'] = (_req, res) => res.writeHead(status).end();
      };
      gone(500);
      advance(10 * MINUTE);
      const away = await person.visit(asks(server, client));
      assert.match(away.location, /code=/, 'its host is out of order');
      gone(404);
      const refused = await person.visit(asks(server, client));
      assert.equal(refused.status, 400);
      assert.match(refused.text, /We cannot find out who this app is/);
      const form = {
        grant_type: 'refresh_token',
        refresh_token: refresh_token!,
        client_id: client,
      };
      assert.equal((await requestToken(server, form)).status, 200);
      assert.match((await person.visit(`${server.issuer}/account`)).text, /Helpful Assistant/);
    });
  });

  it('is in the store for a process that starts when its host is away, if somebody has approved it', async () => {
    const client = host.publish('/restart.json');
    const server = await startServer(ON);
    await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
    host.answers['/restart.json'] = (req) => req.socket.destroy();
    const unknown = host.publish('/new.json');
    host.answers['/new.json'] = (req) => req.socket.destroy();
    const second = await startServer(ON, { store: server.store });
    const flow = await authorizeAs(second, { client, redirectUri: REDIRECT_URI });
    assert.equal((await flow.exchange()).status, 200);
    const page = await http(asks(second, unknown));
    assert.equal(page.status, 503);
    assert.match(page.text, /the document there could not be fetched/);
    assert.doesNotMatch(page.text, /ECONNRESET|hang up/);
  });

  it('counts for nobody new once documents are off, or its host is not one of those that are allowed', async () => {
    const client = host.publish('/off.json');
    const server = await startServer(ON);
    const flow = await authorizeAs(server, { client, redirectUri: REDIRECT_URI });
    const { refresh_token } = (await flow.exchange()).json as Record<string, string>;
    host.asked.length = 0;
    for (const [setting, reason] of [
      ['off', 'No client is registered with this client_id'],
      ['claude.ai, chatgpt.com', 'is not one of the hosts that this server takes clients from'],
    ] as const) {
      const env = { CLIENT_METADATA_DOCUMENTS: setting };
      const other = await startServer(env, { store: server.store });
      const page = await http(asks(other, client));
      assert.equal(page.status, 400);
      assert.ok(page.text.includes(reason), setting);
    }
    assert.deepEqual(host.asked, []);
    const off = await startServer({}, { store: server.store });
    const form = { grant_type: 'refresh_token', refresh_token: refresh_token!, client_id: client };
    const answer = await requestToken(off, form);
    assert.notEqual((answer.json as Record<string, string>)['error'], 'invalid_client');
    const allowed = await startServer({ CLIENT_METADATA_DOCUMENTS: `claude.ai, ${host.host}` });
    assert.match((await http(asks(allowed, client))).location, /^\/login/);
  });

  it('is accepted as docs/client-documents.md shows it', async () => {
    const guide = new URL('../../../docs/client-documents.md', import.meta.url);
    const [block] = readBlocks(await readFile(guide, 'utf8')).filter(
      ({ language }) => language === 'json',
    );
    const { client_id: _elsewhere, ...fields } = JSON.parse(block!.content);
    const server = await startServer(ON);
    for (const redirectUri of fields.redirect_uris) {
      const client = host.publish('/example.json', fields);
      const flow = await authorizeAs(server, { client, redirectUri });
      assert.equal((await flow.exchange()).status, 200);
    }
  });

  it('leaves a code bound to the redirect URI that it was sent to', async () => {
    const client = host.publish('/bound.json', { redirect_uris: [REDIRECT_URI, B] });
    const server = await startServer(ON);
    const { verifier, challenge } = pkce();
    const person = await alice(server);
    const back = await person.allow(asks(server, client, { code_challenge: challenge }));
    const answer = await requestToken(server, {
      grant_type: 'authorization_code',
      client_id: client,
      code: back.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: B,
    });
    assert.equal((answer.json as Record<string, string>)['error'], 'invalid_grant');
  });
});
