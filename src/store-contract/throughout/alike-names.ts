// Names that differ in one letter's case, form or a space at the end, and what is as long as it may be:
// databases often compare, fold or cut text by rules of their own. See index.ts.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { aClient, aCode, aGrant, aTicket, aUser, HOUR, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Store']);

export function alikeNamesContract(the: Contract): void {
  describe('names that are nearly the same', () => {
    /** The second and third look alike: their last letter is one character, or two. */
    const alike = () => {
      const name = `a${unique()}`;
      return ['e', 'é', 'e\u0301', 'E', 'e '].map((end) => name + end);
    };
    const session = (data: string) => ({ data, expiresAt: NOW + HOUR });

    it('are those of different clients', async () => {
      const clients = alike().map((id) => aClient({ id, name: id }));
      for (const client of clients) assert.equal(await the.store.clients.add(client), true);
      for (const client of clients) same(await the.store.clients.find(client.id), client);
    });

    it('are those of different users, as ids and as usernames', async () => {
      // Ids of users are ASCII, and have no space at an end.
      const name = unique();
      const ids = ['e', 'E', ' e'].map((end) => name + end);
      const users = [
        ...ids.map((id) => aUser({ id })),
        ...alike().map((username) => aUser({ username })),
      ];
      for (const user of users) assert.equal(await the.store.users.add(user), true);
      for (const user of users) {
        same(await the.store.users.find(user.id), user);
        same(await the.store.users.findByUsername(user.username), user);
      }
    });

    it('are resources of different consents', async () => {
      const [userId, clientId] = [unique(), unique()];
      const consents = alike().map((resource, n) => ({
        ...{ userId, clientId, resource },
        scope: [`read-${n}`],
      }));
      for (const consent of consents) await the.store.consents.add(consent);
      for (const consent of consents) {
        same(await the.store.consents.find(userId, clientId, consent.resource), consent);
      }
    });

    it('are hashes of different sessions, requests and tickets', async () => {
      const hashes = alike();
      for (const hash of hashes) {
        await the.store.sessions.save(hash, session(hash));
        assert.equal(await the.store.requests.add(hash, session(hash), NOW), undefined);
        const ticket = aTicket({ hash, payload: { hash } });
        assert.equal(await the.store.tickets.create(ticket, NOW), true);
      }
      for (const hash of hashes) {
        assert.equal((await the.store.sessions.find(hash, NOW))?.data, hash);
        assert.equal((await the.store.requests.find(hash, NOW))?.data, hash);
        same((await the.store.tickets.take('device_code', hash, NOW))?.payload, { hash });
      }
    });

    it('are each claimed, counted and kept by itself', async () => {
      for (const name of alike()) {
        assert.equal(await the.store.replays.claim('jti', name, NOW + HOUR, NOW), true);
        assert.equal((await the.store.limits.take(name, 1, HOUR, NOW)).allowed, true);
        assert.equal(await the.store.constants.ensure(name, name), name);
      }
    });

    it('are each claimed and counted by itself, also if no text of a database may have them', async () => {
      const name = unique();
      for (const end of ['', '\0', '\ud800', '\ud801', '\udc00', '\ufffd']) {
        assert.equal(await the.store.replays.claim('jti', name + end, NOW + HOUR, NOW), true);
        assert.equal((await the.store.limits.take(name + end, 1, HOUR, NOW)).allowed, true);
      }
    });

    it('may have the same letters in a row: a kind and an id are two names', async () => {
      const [a, b, c] = [unique(), unique(), unique()];
      for (const between of [':', ' ', '"', '\\', '/', '|', ',', '","']) {
        const [first, last] = [`${a}${between}${b}`, `${b}${between}${c}`];
        assert.equal(await the.store.replays.claim(first, c, NOW + HOUR, NOW), true);
        assert.equal(await the.store.replays.claim(a, last, NOW + HOUR, NOW), true);
        const payload = { first };
        await the.store.tickets.create(aTicket({ kind: first, hash: c, payload }), NOW);
        assert.equal(await the.store.tickets.find(a, last, NOW), undefined);
      }
    });
  });

  describe('what is as long as it may be', () => {
    const long = (length: number) => randomBytes(length).toString('base64url').slice(0, length);
    const butterflies = (count: number) => '🦋'.repeat(count);

    it('comes back whole: ids, names, resources, redirect URIs and nonces', async () => {
      const client = aClient({ id: `${long(253)}🦋`, name: butterflies(128) });
      const user = aUser({ id: long(255), username: `${long(254)}🦋`, name: butterflies(128) });
      await the.store.clients.save(client);
      await the.store.users.save(user);
      same(await the.store.clients.find(client.id), client);
      same(await the.store.users.find(user.id), user);
      same(await the.store.users.findByUsername(user.username), user);

      const of = { userId: user.id, clientId: client.id };
      const resource = `https://api.example/${long(492)}`;
      const consent = { ...of, resource, scope: [long(1000)] };
      const other = { ...of, resource: `${resource.slice(0, -1)}~`, scope: ['read'] };
      await the.store.consents.add(consent, other);
      same(await the.store.consents.find(user.id, client.id, resource), consent);
      same(await the.store.consents.find(user.id, client.id, other.resource), other);

      const grant = aGrant({ ...of, resource: [resource] });
      const redirectUri = `https://client.example/${long(1001)}`;
      const code = aCode(grant, { redirectUri, nonce: long(2048) });
      assert.equal(await the.store.codes.save(code, grant, [consent]), true);
      same(await the.store.codes.find(code.hash, NOW), { code, grant });
    });

    it('comes back whole: data, constants and keys', async () => {
      const [hash, owner] = [
        unique(),
        { userId: unique(), createdAt: NOW, seenAt: NOW, userAgent: butterflies(256) },
      ];
      const document = { data: JSON.stringify(butterflies(8000)), expiresAt: NOW + HOUR };
      await the.store.sessions.save(hash, { ...document, ...owner });
      same(await the.store.sessions.find(hash, NOW), { ...document, ...owner });
      await the.store.requests.save(hash, document);
      same(await the.store.requests.find(hash, NOW), document);

      const [name, value] = [long(255), long(4096)];
      assert.equal(await the.store.constants.ensure(name, value), value);
      assert.equal(await the.store.constants.ensure(name, 'another'), value);
      // In a period of its own: one store serves all tests.
      const key = { alg: 'RS256', period: 1_000_000, kid: unique(), createdAt: NOW };
      const stored = { ...key, encryptedPrivateKey: long(8192), expiresAt: NOW + HOUR };
      same(await the.store.keys.ensure(stored), stored);
      same(await the.store.keys.ensure({ ...stored, kid: unique() }), stored);
    });

    it('is not cut: replays and limits whose last characters differ', async () => {
      const name = long(1000);
      for (const end of ['a', 'b']) {
        assert.equal(await the.store.replays.claim('jti', name + end, NOW + HOUR, NOW), true);
        assert.equal((await the.store.limits.take(name + end, 1, HOUR, NOW)).allowed, true);
        assert.equal(await the.store.replays.claim('jti', name + end, NOW + HOUR, NOW), false);
        assert.equal((await the.store.limits.take(name + end, 1, HOUR, NOW)).allowed, false);
      }
    });
  });
}
