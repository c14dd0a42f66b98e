// Agenda, the client of the examples: what it does when a logout token comes. The tokens are signed with the
// server's own keys, so that only what a test changes is wrong with them.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createApp } from '../../../examples/client-app/app.ts';
import type { SigningKey } from '../../../src/protocol/jwt.ts';
import { encoded, forge, SECRET, signingKeys } from '../../helpers/forge.ts';
import { openServer, startServer } from '../../helpers/harness.ts';
import { type Answer, http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { quickHash } from '../../helpers/passwords.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const { server: listener, origin: app } = await openServer();
const server = await startServer(
  { SESSION_SECRET: SECRET },
  {
    seed: {
      scopes: { read: 'See your appointments' },
      resources: { 'http://127.0.0.1:9/api': {} },
      clients: [
        {
          client_id: 'agenda',
          client_secret: 'the-secret-of-agenda',
          redirect_uris: [`${app}/callback`],
          post_logout_redirect_uris: [`${app}/signed-out`],
          grant_types: ['authorization_code', 'refresh_token'],
          scope: 'openid profile email read',
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      users: ['alice', 'maria'].map((username) => ({
        username,
        id: `id-of-${username}`,
        password_hash: quickHash('wonderland'),
      })),
    },
  },
);
listener.on(
  'request',
  createApp({
    host: '127.0.0.1',
    port: 0,
    appUrl: app,
    issuer: server.issuer,
    resource: 'http://127.0.0.1:9/api',
    clientId: 'agenda',
    clientSecret: 'the-secret-of-agenda',
    sessionSecret: 'a secret of Agenda, for its cookies',
  }),
);

interface Visitor {
  readonly person: Person;
  /** What the app knows the server's session by. */
  readonly sid: string;
}

/** Somebody in a browser of their own, signed in to the app. */
async function arrive(username = 'alice'): Promise<Visitor> {
  const person = new Person(server);
  const known = new Set(await sids(username));
  const { location } = await person.open(`${app}/login`);
  const back = await person.allow(location, username);
  assert.equal((await person.open(back.href)).location, '/appointments');
  const sid = (await sids(username)).find((one) => !known.has(one))!;
  assert.ok(await isSignedIn({ person, sid }));
  return { person, sid };
}

/** What the server signs with; it is made with the first ID token. */
let key: SigningKey;
before(async () => {
  await arrive('maria');
  key = (await signingKeys(server.store)).find(({ alg }) => alg === 'RS256')!;
});

async function sids(username: string): Promise<string[]> {
  const grants = await server.store.grants.listByUser(`id-of-${username}`, Date.now());
  return grants.map(({ openid }) => openid!.sid!);
}

async function isSignedIn({ person }: Visitor): Promise<boolean> {
  return (await person.open(`${app}/`)).text.includes('Good day');
}

let count = 0;

/** A logout token of the server, with some of its claims changed. */
function logoutToken(claims: object, header: object = {}): string {
  const iat = Math.floor(Date.now() / 1000);
  count += 1;
  return forge(
    key,
    { alg: 'RS256', kid: key.kid, typ: 'logout+jwt', ...header },
    {
      iss: server.issuer,
      aud: 'agenda',
      iat,
      exp: iat + 120,
      jti: `jti-${count}`,
      events: { [EVENT]: {} },
      ...claims,
    },
  );
}

function post(body: URLSearchParams | string, type = 'application/x-www-form-urlencoded') {
  const headers = { 'content-type': type };
  return http(`${app}/backchannel-logout`, { method: 'POST', headers, body });
}

const tell = (token: string): Promise<Answer> => post(new URLSearchParams({ logout_token: token }));

describe('Agenda, told that a session has ended', () => {
  it('ends that session of its own, and no other of the person', async () => {
    const [here, elsewhere] = [await arrive(), await arrive()];
    const answer = await tell(logoutToken({ sub: 'id-of-alice', sid: here.sid }));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(await isSignedIn(here), false);
    assert.equal(await isSignedIn(elsewhere), true);
    assert.equal((await here.person.open(`${app}/appointments`)).location, '/');
  });

  it('ends all sessions of a person if none is named, and nobody else’s', async () => {
    const [one, other, maria] = [await arrive(), await arrive(), await arrive('maria')];
    assert.equal((await tell(logoutToken({ sub: 'id-of-alice' }))).status, 200);
    assert.deepEqual(await Promise.all([one, other, maria].map(isSignedIn)), [false, false, true]);
  });

  it('takes a token once', async () => {
    const token = logoutToken({ sub: 'id-of-alice' });
    assert.equal((await tell(token)).status, 200);
    const again = await arrive();
    const answer = await tell(token);
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      error: 'invalid_request',
      error_description: 'The token was taken before.',
    });
    assert.equal(await isSignedIn(again), true);
  });

  const sub = 'id-of-alice';
  const refused: Record<string, () => string> = {
    'that is an ID token': () => logoutToken({ sub }, { typ: 'JWT' }),
    'without a type': () => logoutToken({ sub }, { typ: undefined }),
    'of another issuer': () => logoutToken({ sub, iss: 'https://other.example' }),
    'for another client': () => logoutToken({ sub, aud: 'other' }),
    'that has expired': () => logoutToken({ sub, exp: 1 }),
    'that never expires': () => logoutToken({ sub, exp: undefined }),
    'without iat': () => logoutToken({ sub, iat: undefined }),
    'without jti': () => logoutToken({ sub, jti: undefined }),
    'without events': () => logoutToken({ sub, events: undefined }),
    'of another event': () => logoutToken({ sub, events: { 'https://other.example/': {} } }),
    'with an event that is no object': () => logoutToken({ sub, events: { [EVENT]: 'yes' } }),
    'with a nonce': () => logoutToken({ sub, nonce: 'some-nonce' }),
    'that names nobody': () => logoutToken({}),
    'with a sid that is no string': () => logoutToken({ sub, sid: 1 }),
    'without a signature': () => {
      const [, claims] = logoutToken({ sub }).split('.');
      return `${encoded({ alg: 'none', typ: 'logout+jwt' })}.${claims}.`;
    },
    'that was changed': () => {
      const [header, , signature] = logoutToken({ sub: 'id-of-maria' }).split('.');
      return `${header}.${logoutToken({ sub }).split('.')[1]}.${signature}`;
    },
    'signed with the secret that it shares with the server': () => {
      const signed = `${encoded({ alg: 'HS256', typ: 'logout+jwt' })}.${logoutToken({ sub }).split('.')[1]}`;
      return `${signed}.${createHmac('sha256', 'the-secret-of-agenda').update(signed).digest('base64url')}`;
    },
    'of an unknown key': () => logoutToken({ sub }, { kid: 'unknown' }),
    'that is none': () => 'nothing of the kind',
  };

  it('refuses with 400 what is no logout token for it, and ends nothing', async (t) => {
    const alice = await arrive();
    for (const [what, make] of Object.entries(refused)) {
      await t.test(`a token ${what}`, async () => {
        const answer = await tell(make());
        assert.equal(answer.status, 400, answer.text);
        assert.equal(answer.json.error, 'invalid_request');
        assert.ok(answer.json.error_description.length > 0);
      });
    }
    assert.equal(await isSignedIn(alice), true);
    assert.equal(
      (await tell(logoutToken({ sub }))).status,
      200,
      'nothing else was wrong with them',
    );
    assert.equal(await isSignedIn(alice), false);
  });

  it('refuses forms without a token, with two, or too large', async () => {
    for (const body of ['', 'logout_token=a&logout_token=b', 'logout_token']) {
      assert.equal((await post(body)).status, 400, body);
    }
    assert.equal((await post('{"logout_token":"a"}', 'application/json')).status, 400);
    assert.equal((await post(`logout_token=${'a'.repeat(20_000)}`)).status, 413);
  });
});
