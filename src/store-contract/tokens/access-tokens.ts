// Access tokens, and those that end one by one: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { AccessToken } from '../../issued.ts';
import { aJwt, aJwtOf, type Contract, isInForce, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import {
  aClientsOwnToken,
  aCode,
  aGrant,
  anAccessToken,
  aUser,
  DAY,
  HOUR,
  NOW,
  SECOND,
  unique,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['AccessTokens', 'Tokens'], ['isHeld', 'issueIn']);

export function accessTokensContract(the: Contract): void {
  describe('access tokens', () => {
    it('finds a token until the moment it expires, with a grant or without', async () => {
      const { grant, accessToken } = await the.savedFamily();
      assert.ok(grant.expiresAt < accessToken.expiresAt);
      const own = aClientsOwnToken();
      await the.store.tokens.issue({ accessToken: own }, NOW);
      for (const token of [accessToken, own]) {
        same((await the.store.accessTokens.find(token.hash, token.expiresAt - 1))?.token, token);
        assert.equal(await the.store.accessTokens.find(token.hash, token.expiresAt), undefined);
      }
    });

    it('finds with a token what the app around the server has added to it, letter for letter', async () => {
      const claims = '{"tenant":"Zoë \\u0000 \\"山田\\"","roles":[1.5,null,{"a":true}]}';
      const own = aClientsOwnToken({ claims });
      await the.store.tokens.issue({ accessToken: own }, NOW);
      same((await the.store.accessTokens.find(own.hash, NOW))?.token, own);
      same(await the.store.accessTokens.findWithPerson(own.hash, NOW), { token: own });
    });

    it('finds with a token how its person signed in, as far as that is known', async () => {
      const signIns = [
        { authTime: NOW - HOUR, acr: 'gold', amr: ['pwd', 'otp'] },
        { authTime: NOW - DAY, acr: undefined, amr: undefined },
        { authTime: undefined, acr: undefined, amr: undefined },
      ];
      const grants = signIns.map((signIn) => aGrant(signIn));
      for (const grant of grants) await the.savedCode({}, grant);
      const tokens = [...grants.map((grant) => anAccessToken(grant)), aClientsOwnToken()];
      for (const accessToken of tokens) await the.store.tokens.issue({ accessToken }, NOW);
      const found = await Promise.all(
        tokens.map(({ hash }) => the.store.accessTokens.find(hash, NOW)),
      );
      const said = found.map((one) => {
        const { authTime, acr, amr } = one?.grant ?? {};
        return one?.grant && { authTime, acr, amr };
      });
      assert.deepEqual(said, [...signIns, undefined]);
    });

    it('finds nothing under a hash that nobody stored', async () => {
      assert.equal(await the.store.accessTokens.find(unique(), NOW), undefined);
    });

    it('finds no access token under the hash of a code or of a refresh token', async () => {
      const { code, refreshToken } = await the.savedFamily();
      assert.equal(await the.store.accessTokens.find(code.hash, NOW), undefined);
      assert.equal(await the.store.accessTokens.find(refreshToken.hash, NOW), undefined);
    });

    it('leaves a token as it was when a caller changes the object it stored or got', async () => {
      const token = aClientsOwnToken();
      const original = structuredClone(token);
      await the.store.tokens.issue({ accessToken: token }, NOW);
      scribble(token);
      same((await the.store.accessTokens.find(original.hash, NOW))?.token, original);
      scribble((await the.store.accessTokens.find(original.hash, NOW))?.token);
      same((await the.store.accessTokens.find(original.hash, NOW))?.token, original);
    });
  });

  describe('tokens that end one by one', () => {
    it('forgets a token that is revoked, and no other of its grant', async () => {
      const grant = aGrant({ expiresAt: NOW + DAY });
      const [gone, kept] = [anAccessToken(grant), anAccessToken(grant)];
      await the.store.codes.save(aCode(grant), grant);
      await the.store.tokens.issue({ accessToken: gone }, NOW);
      await the.store.tokens.issue({ accessToken: kept }, NOW);
      await the.store.accessTokens.revoke(gone.hash, gone.expiresAt);
      assert.equal(await the.store.accessTokens.find(gone.hash, NOW), undefined);
      same((await the.store.accessTokens.find(kept.hash, NOW))?.token, kept);
    });

    it('finds with an access token its grant, and its user if there is one, for as long as the token', async () => {
      const find = ({ hash }: AccessToken, now = NOW) =>
        the.store.accessTokens.findWithPerson(hash, now);
      const user = aUser({ email: 'zoe@example.com' });
      await the.store.users.save(user);
      for (const userId of [user.id, unique()]) {
        const { code, grant } = await the.savedCode({}, aGrant({ userId }));
        const token = anAccessToken(grant);
        await the.store.codes.redeem(code.hash, NOW, { accessToken: token });
        const known = await the.store.grants.find(grant.id, NOW);
        same(await find(token), { token, grant: known, ...(userId === user.id && { user }) });
        assert.equal(await find(token, token.expiresAt), undefined);
        await the.store.grants.end(grant.id);
        assert.equal(await find(token), undefined);
      }
      const own = aClientsOwnToken();
      await the.store.tokens.issue({ accessToken: own }, NOW);
      same(await find(own), { token: own });
      await the.store.clients.remove(own.clientId);
      assert.equal(await find(own), undefined);
    });

    it('does not keep a JWT of a client that acts for itself', async () => {
      const [jwt, opaque] = [aClientsOwnToken({ jti: unique() }), aClientsOwnToken()];
      const answers = [jwt, opaque].map((accessToken) =>
        the.store.tokens.issue({ accessToken }, NOW),
      );
      assert.deepEqual(await Promise.all(answers), [true, true]);
      assert.equal(await the.store.accessTokens.find(jwt.hash, NOW), undefined);
      await the.assertStored({ accessToken: opaque });
    });

    it('does not keep a JWT, but lets its grant last as long', async () => {
      const grant = aGrant();
      const jwt = anAccessToken(grant, { jti: unique(), expiresAt: NOW + DAY });
      await the.store.codes.save(aCode(grant), grant);
      assert.equal(await the.store.tokens.issue({ accessToken: jwt }, NOW), true);
      assert.equal(await the.store.accessTokens.find(jwt.hash, NOW), undefined);
      assert.ok(await the.store.grants.find(grant.id, NOW + DAY - 1));
    });

    it('has a JWT in force until it is revoked, with or without a grant', async () => {
      const grant = aGrant({ expiresAt: NOW + DAY });
      await the.store.codes.save(aCode(grant), grant);
      for (const grantId of [grant.id, undefined]) {
        const [gone, kept] = [aJwt({ ...grant, grantId }), aJwt({ ...grant, grantId })];
        assert.equal(await isInForce(the.store, gone, NOW), true);
        await the.store.accessTokens.revoke(gone.hash, NOW + HOUR);
        assert.equal(await isInForce(the.store, gone, NOW), false);
        assert.equal(await isInForce(the.store, gone, NOW + HOUR - 1), false);
        assert.equal(await isInForce(the.store, kept, NOW), true);
      }
    });

    it('knows whose a JWT is by its grant, whatever else asks at the same moment', async () => {
      const grants = await Promise.all(
        Array.from({ length: 5 }, async () => (await the.savedCode()).grant),
      );
      const own = aJwt({ ...grants[0]!, grantId: undefined });
      const owners = await Promise.all(
        [own, ...grants.map(aJwtOf)].map((jwt) => the.store.accessTokens.findOwner(jwt, NOW)),
      );
      assert.deepEqual(
        owners.map((owner) => owner?.userId),
        [undefined, ...grants.map(({ userId }) => userId)],
      );
      assert.notEqual(owners[0], undefined);
    });

    it('has what a client got for itself end with all of that, and nothing of its grants or what it gets later', async () => {
      const { grant, accessToken } = await the.savedFamily();
      const { clientId } = grant;
      const client = (await the.store.clients.find(clientId))!;
      const old = aClientsOwnToken({ clientId });
      await the.store.tokens.issue({ accessToken: old }, NOW);
      assert.equal(await isInForce(the.store, aJwt({ clientId }), NOW), true);
      const ended = { ...client, ownTokensEndedAt: NOW + SECOND };
      assert.equal(await the.store.clients.change(client, ended), true);
      const [late, own] = [1, 2].map((n) =>
        aClientsOwnToken({ clientId, issuedAt: NOW + n * SECOND }),
      ) as [AccessToken, AccessToken];
      for (const one of [late, own]) await the.store.tokens.issue({ accessToken: one }, NOW);
      for (const { hash, issuedAt } of [old, late]) {
        assert.equal(await the.store.accessTokens.find(hash, NOW), undefined);
        assert.equal(await the.store.accessTokens.findWithPerson(hash, NOW), undefined);
        assert.equal(await isInForce(the.store, aJwt({ clientId, issuedAt }), NOW), false);
      }
      assert.equal((await the.store.clients.find(clientId))?.ownTokensEndedAt, NOW + SECOND);
      same((await the.store.accessTokens.find(own.hash, NOW))?.token, own);
      assert.equal(
        await isInForce(the.store, aJwt({ clientId, issuedAt: own.issuedAt }), NOW),
        true,
      );
      same((await the.store.accessTokens.find(accessToken.hash, NOW))?.token, accessToken);
    });

    it('keeps a revocation for as long as it was last asked to', async () => {
      const { grant } = await the.savedCode();
      const own = aJwt({ ...grant, grantId: undefined });
      await the.store.accessTokens.revoke(own.hash, NOW + HOUR);
      await the.store.accessTokens.revoke(own.hash, NOW + DAY);
      assert.equal(await isInForce(the.store, own, NOW + DAY - 1), false);
      assert.equal(await isInForce(the.store, own, NOW + DAY), true);
    });

    it('has a JWT in force no longer than its grant', async () => {
      const grant = aGrant({ expiresAt: NOW + DAY });
      await the.store.codes.save(aCode(grant), grant);
      assert.equal(await isInForce(the.store, aJwtOf(grant), NOW + DAY), false);
      await the.store.grants.end(grant.id);
      assert.equal(await isInForce(the.store, aJwtOf(grant), NOW), false);
    });
  });
}
