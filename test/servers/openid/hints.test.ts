// What counts as an ID token of this server that comes back as a hint (OpenID Connect Core section 3.1.2.1).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forge, SECRET, signingKeys } from '../../helpers/forge.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { Person } from '../../helpers/http-person.ts';
import { OPENID_SEED, signInTo, signInUrl, userInfo, verified } from '../../helpers/openid.ts';

const DAY = 24 * 3600_000;

/** What the client is told that asks for the person of a hint without a page. */
async function ask(
  server: { origin: string; issuer: string },
  person: Person,
  hint: string,
  client = 'rp',
) {
  const params = { prompt: 'none', id_token_hint: hint };
  const { location } = await person.open(signInUrl(server, client, params));
  const told = new URL(location).searchParams;
  return told.get('error') ?? (told.has('code') ? 'code' : location);
}

describe('an ID token as a hint', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed: OPENID_SEED });

  it('is one of any algorithm, and each time of the person who is signed in', async () => {
    const person = new Person(server);
    for (const client of ['rp', 'rp-es256', 'rp-eddsa', 'rp-ed25519']) {
      const { id_token } = await signInTo(server, { client, person });
      assert.equal(await ask(server, person, id_token, client), 'code', client);
    }
  });

  it('is good long after it has expired, and after the key that signed it is published no more', async () => {
    const own = await startServer(
      { SESSION_TTL: `${60 * 24 * 3600}`, KEY_ROTATION: `${24 * 3600}` },
      { seed: OPENID_SEED },
    );
    await withClock(async (advance) => {
      const person = new Person(own);
      const { id_token } = await signInTo(own, { person });
      advance(29 * DAY);
      assert.equal(await ask(own, person, id_token), 'code');
      await assert.rejects(verified(own, id_token), /no applicable key/);
    });
  });

  it('is nothing else that this server signs, and nothing that it does not', async () => {
    const person = new Person(server);
    const { id_token } = await signInTo(server, { person });
    const params = { scope: 'openid read' };
    const jwt = await signInTo(server, { client: 'rp-jwt', person, params });
    const signed = await signInTo(server, { client: 'rp-signed', person });
    const answer = await userInfo(server, signed.access_token);
    const elsewhere = await startServer({}, { seed: OPENID_SEED });
    const [head, body, signature] = id_token.split('.') as [string, string, string];
    const key = (await signingKeys(server.store)).find(({ alg }) => alg === 'RS256')!;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const header = { alg: 'RS256', kid: key.kid };
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const hints: Record<string, readonly [hint: string, client?: string]> = {
      'a JWT access token': [jwt.access_token, 'rp-jwt'],
      'a signed answer of UserInfo': [answer.text, 'rp-signed'],
      'an ID token of another client': [id_token, 'rp-post'],
      'an ID token of another server': [(await signInTo(elsewhere)).id_token],
      'an ID token without its signature': [`${unsigned}.${body}.`],
      'an ID token with that of another': [`${head}.${body}.${signature.slice(0, -4)}AAAA`],
      'a genuine signature under a type of its own': [
        forge(key, { ...header, typ: 'logout+jwt' }, claims),
      ],
      'a genuine signature of another issuer': [
        forge(key, { ...header, typ: 'JWT' }, { ...claims, iss: 'https://other.example' }),
      ],
      'a word': ['x'],
    };
    for (const [what, [hint, client]] of Object.entries(hints)) {
      assert.equal(await ask(server, person, hint, client), 'invalid_request', what);
    }
    const genuine = forge(key, { ...header, typ: 'JWT' }, claims);
    assert.equal(await ask(server, person, genuine), 'code', 'the forger knows its trade');
  });
});
