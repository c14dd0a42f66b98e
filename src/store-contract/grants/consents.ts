// Consents: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import { unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Consents'], ['mergedConsent']);

export function consentsContract(the: Contract): void {
  describe('consents', () => {
    const scopeOf = async (userId: string, clientId: string) =>
      [...((await the.store.consents.find(userId, clientId, ''))?.scope ?? [])].sort();

    it('finds a consent by its user and its client', async () => {
      const consent = {
        userId: unique(),
        clientId: unique(),
        resource: '',
        scope: ['read', 'write'],
      };
      await the.store.consents.add(consent);
      same(await the.store.consents.find(consent.userId, consent.clientId, ''), consent);
    });

    it('finds nothing for another user or another client', async () => {
      const consent = { userId: unique(), clientId: unique(), resource: '', scope: ['read'] };
      await the.store.consents.add(consent);
      assert.equal(await the.store.consents.find(unique(), consent.clientId, ''), undefined);
      assert.equal(await the.store.consents.find(consent.userId, unique(), ''), undefined);
      assert.equal(await the.store.consents.find(consent.clientId, consent.userId, ''), undefined);
    });

    it('keeps the consents of two pairs apart whose ids read the same when joined', async () => {
      const [a, b, c] = [unique(), unique(), unique()];
      for (const joint of [' ', ':', ',', '","', '|', '/']) {
        await the.store.consents.add({
          userId: a + joint + b,
          clientId: c,
          resource: '',
          scope: ['read'],
        });
        assert.equal(await the.store.consents.find(a, b + joint + c, ''), undefined);
      }
    });

    it('keeps the consent for one resource apart from that for another', async () => {
      const [userId, clientId] = [unique(), unique()];
      const resource = 'https://api.example/';
      await the.store.consents.add({ userId, clientId, resource, scope: ['read'] });
      assert.deepEqual((await the.store.consents.find(userId, clientId, resource))?.scope, [
        'read',
      ]);
      assert.equal(await the.store.consents.find(userId, clientId, ''), undefined);
      assert.equal(
        await the.store.consents.find(userId, clientId, 'https://api.example'),
        undefined,
      );
    });

    it('adds scopes to those remembered, each of them once', async () => {
      const [userId, clientId] = [unique(), unique()];
      await the.store.consents.add({ userId, clientId, resource: '', scope: ['read', 'write'] });
      await the.store.consents.add({ userId, clientId, resource: '', scope: ['write', 'admin'] });
      assert.deepEqual(await scopeOf(userId, clientId), ['admin', 'read', 'write']);
      await the.store.consents.add({ userId, clientId, resource: '', scope: [] });
      assert.deepEqual(await scopeOf(userId, clientId), ['admin', 'read', 'write']);
    });

    it('adds the names of claims to those remembered, each of them once', async () => {
      const of = { userId: unique(), clientId: unique() };
      const consent = { ...of, resource: '', scope: ['openid'] };
      await the.store.consents.add(consent);
      assert.equal((await the.store.consents.find(of.userId, of.clientId, ''))?.claims, undefined);
      await the.store.consents.add({ ...consent, claims: ['name', 'email'] });
      await the.store.consents.add({ ...consent, claims: ['email', 'picture'] });
      const found = await the.store.consents.find(of.userId, of.clientId, '');
      assert.deepEqual([...(found?.claims ?? [])].sort(), ['email', 'name', 'picture']);
    });

    it('loses no scope of 50 callers who add at once', async () => {
      const [userId, clientId] = [unique(), unique()];
      const scopes = Array.from({ length: CALLERS }, (_, caller) => `scope-${caller}`);
      await race((caller) =>
        the.store.consents.add({
          userId,
          clientId,
          resource: '',
          scope: ['read', `scope-${caller}`],
        }),
      );
      assert.deepEqual(await scopeOf(userId, clientId), ['read', ...scopes].sort());
    });

    it('leaves a consent as it was when a caller changes the object it added or got', async () => {
      const consent = { userId: unique(), clientId: unique(), resource: '', scope: ['read'] };
      const original = structuredClone(consent);
      await the.store.consents.add(consent);
      scribble(consent);
      same(await the.store.consents.find(original.userId, original.clientId, ''), original);
      scribble(await the.store.consents.find(original.userId, original.clientId, ''));
      same(await the.store.consents.find(original.userId, original.clientId, ''), original);
    });
  });
}
