// What is forgotten, and the end of a store: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { AccessToken, RefreshToken } from '../../issued.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import {
  aClient,
  aClientsOwnToken,
  aConsent,
  aLogout,
  anAccessToken,
  aSuccessor,
  aTicket,
  aUser,
  DAY,
  HOUR,
  NOW,
  SECOND,
  someTokens,
  type UnusedRefreshToken,
  unique,
  WINDOW,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Store']);

export function purgeContract(the: Contract): void {
  describe('a store', () => {
    it('answers a ping, and that it can be written to', async () => {
      assert.deepEqual(await the.store.ping(), { isWritable: true });
    });

    it('may be closed twice', async () => {
      const other = await the.open();
      await other.clients.save(aClient());
      await other.close();
      await other.close();
    });
  });

  // What a store forgets it may forget a little late, so each of these leaves it a day. They run last
  // and far from NOW, because they forget everything that is over.

  describe('purge', () => {
    const YEAR = 365 * DAY;
    const session = (expiresAt: number) => ({ data: '{}', expiresAt });

    it('forgets all that is over, of every kind, and then has nothing to forget', async () => {
      await the.drain(NOW + YEAR);
      const left = await the.savedCode();
      const leaving = { grantId: left.grant.id, stays: false, logout: aLogout(left.grant) };
      await the.store.grants.leaveSession([leaving], NOW);
      // A code, a grant, an access and a refresh token; a code and a logout before them.
      const { grant } = await the.savedFamily();
      await the.store.tokens.issue({ accessToken: aClientsOwnToken() }, NOW);
      await the.store.accessTokens.revoke(unique(), NOW + HOUR);
      // Of an opaque token that is revoked nothing is left.
      const gone = aClientsOwnToken();
      await the.store.tokens.issue({ accessToken: gone }, NOW);
      await the.store.accessTokens.revoke(gone.hash, gone.expiresAt);
      await the.store.replays.claim('jti', unique(), NOW + HOUR, NOW);
      await the.store.limits.take(unique(), 1, HOUR, NOW);
      await the.store.sessions.save(unique(), session(NOW + HOUR));
      await the.store.requests.save(unique(), session(NOW + HOUR));
      await the.store.tickets.create(aTicket(), NOW);
      const kept = { createdAt: NOW, encryptedPrivateKey: unique(), expiresAt: NOW + HOUR };
      await the.store.keys.ensure({ kid: unique(), alg: 'ES256', period: 0, ...kept });
      assert.equal(await the.drain(NOW + YEAR), 14);
      assert.equal(await the.store.purge(NOW + YEAR, 1000), 0);

      const ended = await the.savedFamily();
      await the.store.grants.end(ended.grant.id);
      assert.equal(await the.drain(NOW + YEAR), 3);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('leaves a redeemed code for a day, so that whoever brings it again is noticed', async () => {
      await the.drain(NOW + YEAR);
      const { code, grant } = await the.savedCode();
      const accessToken = anAccessToken(grant, { expiresAt: NOW + 2 * DAY });
      await the.store.codes.redeem(code.hash, NOW, { accessToken });
      assert.equal(await the.drain(NOW + DAY - 1), 0);
      const again = await the.store.codes.redeem(code.hash, NOW + DAY - 1);
      assert.equal(again.outcome, 'already_redeemed');
      assert.equal(await the.drain(NOW + YEAR), 3);
    });

    it('forgets at most as many as it was told, and goes on where it stopped', async () => {
      await the.drain(NOW + YEAR);
      for (let count = 0; count < 10; count += 1) {
        await the.store.sessions.save(unique(), session(NOW + HOUR));
      }
      assert.equal(await the.store.purge(NOW + DAY, 0), 0);
      assert.equal(await the.store.purge(NOW + DAY, 3), 3);
      assert.equal(await the.store.purge(NOW + DAY, 3), 3);
      assert.equal(await the.store.purge(NOW + DAY, 3), 3);
      assert.equal(await the.store.purge(NOW + DAY, 3), 1);
      assert.equal(await the.store.purge(NOW + DAY, 3), 0);
    });

    it('counts to one limit over all kinds', async () => {
      await the.drain(NOW + YEAR);
      await the.store.sessions.save(unique(), session(NOW + HOUR));
      await the.store.limits.take(unique(), 1, HOUR, NOW);
      await the.store.tokens.issue({ accessToken: aClientsOwnToken() }, NOW);
      for (let step = 0; step < 3; step += 1) assert.equal(await the.store.purge(NOW + DAY, 1), 1);
      assert.equal(await the.store.purge(NOW + DAY, 1), 0);
    });

    it('forgets nothing before it is over', async () => {
      const family = await the.savedFamily();
      const own = aClientsOwnToken();
      await the.store.tokens.issue({ accessToken: own }, NOW);
      const [id, key] = [unique(), unique()];
      await the.store.sessions.save(id, session(NOW + HOUR));
      await the.store.limits.take(key, 1, HOUR, NOW);
      await the.savedCode({ expiresAt: NOW + SECOND });

      await the.drain(NOW + HOUR - 1);
      const now = NOW + HOUR - 1;
      assert.ok(await the.store.accessTokens.find(family.accessToken.hash, now));
      assert.ok(await the.store.refreshTokens.find(family.refreshToken.hash, now));
      assert.ok(await the.store.grants.find(family.grant.id, now));
      assert.ok(await the.store.accessTokens.find(own.hash, now));
      assert.ok(await the.store.sessions.find(id, now));
      assert.equal((await the.store.limits.take(key, 1, HOUR, now)).allowed, false);
    });

    it('loses no grant that was extended, nor what carries its id', async () => {
      const { code, grant } = await the.savedCode();
      const first = someTokens(grant);
      await the.store.codes.redeem(code.hash, NOW, first);
      await the.drain(NOW + DAY - 1);
      assert.ok(await the.store.refreshTokens.find(first.refreshToken.hash, NOW + DAY - 1));

      const second = {
        accessToken: anAccessToken(grant, { expiresAt: NOW + DAY + HOUR }),
        refreshToken: aSuccessor(first.refreshToken, grant, { expiresAt: NOW + 2 * DAY }),
      };
      await rotateAt(first.refreshToken, NOW + DAY - 1, second);
      await the.drain(NOW + 2 * DAY - 1);
      assert.ok(await the.store.refreshTokens.find(second.refreshToken.hash, NOW + 2 * DAY - 1));

      await the.drain(NOW + 3 * DAY);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('keeps a session that was saved again for its new time, and no longer', async () => {
      await the.drain(NOW + YEAR);
      const [longer, shorter] = [unique(), unique()];
      await the.store.sessions.save(longer, session(NOW + HOUR));
      await the.store.sessions.save(longer, session(NOW + 3 * DAY));
      await the.store.sessions.save(shorter, session(NOW + 3 * DAY));
      await the.store.sessions.save(shorter, session(NOW + HOUR));
      assert.equal(await the.drain(NOW + DAY), 1);
      assert.ok(await the.store.sessions.find(longer, NOW + DAY));
      assert.equal(await the.drain(NOW + 4 * DAY), 1);
    });

    it('remembers a rotated token for as long as its family lives', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      await rotateAt(refreshToken, NOW, {
        accessToken: anAccessToken(grant),
        refreshToken: aSuccessor(refreshToken, grant, { expiresAt: NOW + 2 * DAY }),
      });
      const now = refreshToken.expiresAt + 1;
      await the.drain(now);
      const answer = await rotateAt(refreshToken, now, someTokens(grant, refreshToken));
      same(answer, { outcome: 'reused', grantId: grant.id });
    });

    it('forgets what was over before it came, and what comes from a clock set back', async () => {
      await the.drain(NOW + YEAR);
      await the.store.sessions.save(unique(), session(0));
      await the.store.sessions.save(unique(), session(NOW - YEAR));
      await the.store.sessions.save(unique(), session(NOW + HOUR));
      assert.equal(await the.drain(NOW), 2);
      assert.equal(await the.drain(NOW + DAY), 1);
    });

    it('forgets no client, no user and no consent', async () => {
      const [client, user] = [aClient(), aUser()];
      const consent = aConsent({ userId: user.id, clientId: client.id });
      await the.store.clients.save(client);
      await the.store.users.save(user);
      await the.store.consents.add(consent);
      await the.drain(NOW + 100 * YEAR);
      same(await the.store.clients.find(client.id), client);
      same(await the.store.users.findByUsername(user.username), user);
      same(await the.store.consents.find(user.id, client.id, ''), consent);
    });

    it('forgets each record once when 50 callers purge at once', async () => {
      await the.drain(NOW + YEAR);
      for (let count = 0; count < 2 * CALLERS; count += 1) {
        await the.store.sessions.save(unique(), session(NOW + HOUR));
      }
      const answers = await race(() => the.store.purge(NOW + DAY, 3));
      for (const forgotten of answers) assert.ok(forgotten <= 3);
      const total = answers.reduce((sum, forgotten) => sum + forgotten, 0);
      assert.equal(total + (await the.drain(NOW + DAY)), 2 * CALLERS);
    });

    const rotateAt = (
      token: UnusedRefreshToken,
      now: number,
      tokens: { accessToken: AccessToken; refreshToken: RefreshToken },
    ) => the.store.refreshTokens.rotate(token, now, WINDOW, tokens);
  });
}
