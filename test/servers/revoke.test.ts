import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { as, send } from '../helpers/clients.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const WEB = 'web:web-secret';

/** No hint, hints that are right for one kind of token, and unknown ones. */
const HINTS = [undefined, 'access_token', 'refresh_token', 'id_token', 'constructor'];

const shown = (hint?: string) => `with the hint ${hint ?? 'left out'}`;

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A server, and what the tests do on it. */
async function started(env: Record<string, string> = {}) {
  const server = await startServer(env);
  const person = new Person(server);
  return {
    server,
    signIn: async (scope = 'read'): Promise<Tokens> =>
      (await (await authorizeAs(server, { person, scope })).exchange()).json,
    /** A client that has no secret, and its redirect URI. */
    signInToSpa: async (): Promise<Tokens> => {
      const redirectUri = 'https://spa.example/callback';
      const flow = await authorizeAs(server, { client: 'spa', redirectUri, person });
      return (await flow.exchange()).json;
    },
    ownToken: async (): Promise<string> =>
      (await requestToken(server, { grant_type: 'client_credentials' }, WEB)).json.access_token,
    revoke: (token: string, hint?: string, client = WEB) =>
      send(server, 'revoke', { token, ...(hint && { token_type_hint: hint }) }, as(client)),
    refresh: (token: string): Promise<Answer> =>
      requestToken(server, { grant_type: 'refresh_token', refresh_token: token }, WEB),
    works: async (token: string): Promise<boolean> => {
      const { status } = await getSecret(server, token);
      assert.ok(status === 200 || status === 401, String(status));
      return status === 200;
    },
  };
}

/** RFC 7009 section 2.2, and a type for clients that read the body. */
function assertDone(answer: Answer, message?: string): void {
  assert.equal(answer.status, 200, message);
  assert.equal(answer.text, '{}', message);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
}

for (const format of ['opaque', 'jwt']) {
  describe(`revocation where access tokens are ${format} (RFC 7009 section 2.1)`, async () => {
    const { server, signIn, signInToSpa, ownToken, revoke, refresh, works } = await started({
      ACCESS_TOKEN_FORMAT: format,
    });

    it('ends an access token and nothing else, whatever the hint', async () => {
      for (const hint of HINTS) {
        const { access_token, refresh_token } = await signIn();
        const sibling = (await refresh(refresh_token)).json;
        assert.ok(await works(access_token));
        assertDone(await revoke(access_token, hint), shown(hint));
        assert.equal(await works(access_token), false, shown(hint));
        assert.ok(await works(sibling.access_token), shown(hint));
        assert.equal((await refresh(sibling.refresh_token)).status, 200, shown(hint));
      }
    });

    it('ends the token of a client that acts for itself', async () => {
      const [one, other] = [await ownToken(), await ownToken()];
      assertDone(await revoke(one));
      assert.equal(await works(one), false);
      assert.ok(await works(other));
    });

    it('ends a refresh token with its whole family, whatever the hint', async () => {
      const bystander = await signIn();
      for (const hint of HINTS) {
        const first = await signIn();
        const second = (await refresh(first.refresh_token)).json;
        assertDone(await revoke(second.refresh_token, hint), shown(hint));
        assert.equal(await works(first.access_token), false, shown(hint));
        assert.equal(await works(second.access_token), false, shown(hint));
        assert.equal((await refresh(second.refresh_token)).json.error, 'invalid_grant');
      }
      assert.ok(await works(bystander.access_token), 'another sign-in of the same person');
      assert.equal((await refresh(bystander.refresh_token)).status, 200);
    });

    it('ends the family of a refresh token that was exchanged before', async () => {
      const first = await signIn();
      const second = (await refresh(first.refresh_token)).json;
      const third = (await refresh(second.refresh_token)).json;
      assertDone(await revoke(first.refresh_token));
      assert.equal(await works(third.access_token), false);
      assert.equal((await refresh(third.refresh_token)).json.error, 'invalid_grant');
    });

    it('is for public clients too, by their client_id', async () => {
      const tokens = await signInToSpa();
      const form = { client_id: 'spa' };
      assertDone(await send(server, 'revoke', { ...form, token: tokens.access_token }));
      assert.equal(await works(tokens.access_token), false);
      assertDone(await send(server, 'revoke', { ...form, token: tokens.refresh_token }));
      const refreshed = await requestToken(server, {
        ...form,
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
      });
      assert.equal(refreshed.json.error, 'invalid_grant');
    });

    it('leaves the token of another client alone, and says so', async () => {
      const first = await signIn();
      const second = (await refresh(first.refresh_token)).json;
      const all = [first.refresh_token, second.access_token, second.refresh_token];
      for (const token of [...all, await ownToken()]) {
        for (const hint of HINTS) {
          const answers = [
            await revoke(token, hint, 'legacy:legacy-secret'),
            await send(server, 'revoke', { token, client_id: 'spa' }),
          ];
          for (const { status, json } of answers) {
            assert.equal(status, 400);
            assert.equal(json.error, 'invalid_grant');
          }
        }
      }
      assert.ok(await works(second.access_token));
      assert.equal((await refresh(second.refresh_token)).status, 200);
    });

    it('does as much for 50 who ask at once as for one', async () => {
      const tokens = await signIn();
      for (const token of [tokens.access_token, tokens.refresh_token]) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => revoke(token)));
        for (const answer of answers) assertDone(answer);
      }
      assert.equal(await works(tokens.access_token), false);
      assert.equal((await refresh(tokens.refresh_token)).json.error, 'invalid_grant');
    });

    it('leaves nothing alive of a family that is being refreshed at the same instant', async () => {
      const { refresh_token } = await signIn();
      const asked = Array.from({ length: 40 }, (_, index) =>
        index === 20 ? revoke(refresh_token) : refresh(refresh_token),
      );
      for (const { status, json } of await Promise.all(asked)) {
        assert.ok(status === 200 || json.error === 'invalid_grant', json.error);
        if (json.access_token === undefined) continue;
        assert.equal(await works(json.access_token), false);
        assert.equal((await refresh(json.refresh_token)).json.error, 'invalid_grant');
      }
    });

    it('lasts until the token would have expired, though the store forgets what is over', async () => {
      const now = Date.now();
      mock.timers.enable({ apis: ['Date'], now });
      try {
        const token = await ownToken();
        await revoke(token);
        for (const later of [1, 60_000, 3_599_999]) {
          mock.timers.setTime(now + later);
          await server.store.purge(now + later, 1000);
          assert.equal(await works(token), false, `${later} ms later`);
        }
      } finally {
        mock.timers.reset();
      }
    });

    it('takes a token that has expired, or was revoked before, for one that is unknown', async () => {
      const now = Date.now();
      mock.timers.enable({ apis: ['Date'], now });
      try {
        const token = await ownToken();
        assertDone(await revoke(token));
        assertDone(await revoke(token));
        const other = await ownToken();
        mock.timers.setTime(now + 3_600_000);
        assertDone(await revoke(other));
      } finally {
        mock.timers.reset();
      }
    });
  });
}

describe('the answer of the revocation endpoint (RFC 7009 section 2.2)', async () => {
  const { server, ownToken, revoke, works } = await started({ RATE_LIMIT: 'off' });

  it('is 200 for a token that nobody knows, with any hint', async () => {
    const unknown = [
      'x',
      'x'.repeat(43),
      'eyJhbGciOiJub25lIn0.e30.',
      'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.e30.AAAA',
      'ey..',
      '../../etc/passwd',
      "' OR 1=1 --",
      'Ünïcödé',
      '{"$ne":null}',
      'x'.repeat(16 * 1024),
    ];
    for (const token of unknown) {
      for (const hint of HINTS) assertDone(await revoke(token, hint), token.slice(0, 60));
    }
  });

  it('is invalid_request where the token is missing or empty', async () => {
    const forms = [{}, { token: '' }, { token_type_hint: 'access_token' }];
    for (const form of forms as Record<string, string>[]) {
      const { status, json } = await send(server, 'revoke', form, as(WEB));
      assert.equal(status, 400);
      assert.equal(json.error, 'invalid_request');
    }
  });

  it('is 401 where the client does not authenticate, and the token goes on working', async () => {
    const token = await ownToken();
    const attempts = [
      send(server, 'revoke', { token }),
      send(server, 'revoke', { token }, as('web:wrong')),
      send(server, 'revoke', { token }, as('nobody:web-secret')),
      send(server, 'revoke', { token, client_id: 'web' }),
      send(server, 'revoke', { token, client_id: 'web', client_secret: 'wrong' }),
      send(server, 'revoke', { token }, { authorization: `Bearer ${token}` }),
    ];
    for (const { status, headers, json } of await Promise.all(attempts)) {
      assert.equal(status, 401);
      assert.equal(json.error, 'invalid_client');
      assert.match(headers.get('www-authenticate') ?? '', /^Basic realm=/);
      assert.equal(headers.get('cache-control'), 'no-store');
    }
    assert.ok(await works(token));
  });

  it('is 405 for all methods but POST, and the token goes on working', async () => {
    const token = await ownToken();
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await http(`${server.issuer}/oauth/revoke?token=${token}`, {
        method,
        headers: as(WEB),
      });
      assert.equal(status, 405, method);
      assert.equal(headers.get('allow'), 'POST');
    }
    assert.ok(await works(token));
  });

  it('may be read by the script of any origin, with the preflight before it (section 2.3)', async () => {
    const preflight = await http(`${server.issuer}/oauth/revoke`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://spa.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
    for (const answer of [await revoke('x'), await revoke('x', undefined, 'web:wrong')]) {
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    }
  });

  it('is an error of the client’s for every malformed request, never one of the server’s', async () => {
    const token = await ownToken();
    const url = `${server.issuer}/oauth/revoke`;
    const type = 'application/x-www-form-urlencoded';
    const bad: [string, number, string, string][] = [
      ['JSON', 400, 'application/json', JSON.stringify({ token })],
      ['no type', 400, '', `token=${token}`],
      ['multipart', 400, 'multipart/form-data; boundary=x', `--x\r\n\r\n${token}\r\n--x--`],
      ['a charset nobody has', 415, `${type}; charset=klingon`, `token=${token}`],
      ['the token twice', 400, type, `token=${token}&token=${token}`],
      ['the hint twice', 400, type, `token=${token}&token_type_hint=a&token_type_hint=b`],
      ['an array', 400, type, `token[]=${token}`],
      ['an object', 400, type, `token[$ne]=${token}`],
      ['a NUL', 400, type, `token=${token}%00`],
      ['a line break', 400, type, `token=${token}%0a`],
      ['no UTF-8', 400, type, 'token=%ff%fe'],
      ['a token over 16 kB', 400, type, `token=${'x'.repeat(16 * 1024 + 1)}`],
      ['a token of 100 kB', 413, type, `token=${'x'.repeat(100_000)}`],
      ['an empty body', 400, type, ''],
      ['a secret in two places', 400, type, `token=${token}&client_secret=web-secret`],
      ['another client_id', 400, type, `token=${token}&client_id=spa`],
    ];
    for (const [what, expected, contentType, body] of bad) {
      const { status, json } = await http(url, {
        method: 'POST',
        headers: { ...as(WEB), 'content-type': contentType },
        body,
      });
      assert.equal(status, expected, what);
      assert.equal(json.error, 'invalid_request', what);
    }
    const inUrl = await http(`${url}?client_id=web&client_secret=web-secret`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    assert.equal(inUrl.json.error, 'invalid_request');
    assert.ok(await works(token));
  });

  it('is heard of by listeners where a token was ended, and then only, without the token', async () => {
    const heard: unknown[] = [];
    server.events.on('token_revoked', (details) => heard.push(details));
    const token = await ownToken();
    await revoke('x'.repeat(43));
    await revoke(token, undefined, 'legacy:legacy-secret');
    await revoke(token, undefined, 'web:wrong');
    assert.deepEqual(heard, []);
    await revoke(token);
    assert.deepEqual(heard, [{ clientId: 'web' }]);
  });
});

describe('a revoked JWT on a server of several processes (RFC 7009)', () => {
  it('is refused by each of them at the next request', async () => {
    const env = {
      ACCESS_TOKEN_FORMAT: 'jwt',
      SESSION_SECRET: 'one and the same for all processes',
    };
    const one: TestServer = await startServer({ ...env, ISSUER: 'http://as.example' });
    const other = await startServer({ ...env, ISSUER: 'http://as.example' }, { store: one.store });
    const at = ({ origin }: TestServer) => ({ issuer: origin });
    const form = { grant_type: 'client_credentials' };
    const token = (await requestToken(at(one), form, WEB)).json.access_token;
    assert.equal((await getSecret(at(other), token)).status, 200);
    assert.equal((await send(at(other), 'revoke', { token }, as(WEB))).status, 200);
    assert.equal((await getSecret(at(one), token)).status, 401);
    assert.equal((await getSecret(at(other), token)).status, 401);
  });
});
