// Clients that registered themselves or are known by a document, and that nobody uses: they are
// removed. See index.ts. It asks the bare store, where a client that was removed stays so.

import assert from 'node:assert/strict';
import { beforeEach, describe } from 'node:test';
import type { Client, Source } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aConsent,
  aGrant,
  aLogout,
  aTicket,
  DAY,
  HOUR,
  NOW,
  SECOND,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Clients']);

/**
 * When an unused client was last used, and the first moment at which a client does not count as unused.
 */
const LONG_AGO = NOW - 100 * DAY;
const BEFORE = NOW - 90 * DAY;

export function unusedClientsContract(the: Contract): void {
  describe('clients.removeUnused', () => {
    const removeUnused = (source: Source = 'registration', limit = 1000, now = NOW) =>
      the.bare.clients.removeUnused(source, BEFORE, now, limit);
    const isThere = async (id: string) => (await the.bare.clients.find(id)) !== undefined;

    async function saved(changes: Partial<Client> = {}): Promise<Client> {
      const client = aClient({ source: 'registration', registeredAt: LONG_AGO, ...changes });
      await the.bare.clients.save(client);
      return client;
    }
    const saveMany = () => Promise.all(Array.from({ length: CALLERS }, () => saved()));

    /** Has somebody allow a client something. @returns whether it was stored */
    async function opened({ id }: Client, expiresAt = NOW + HOUR): Promise<boolean> {
      const grant = aGrant({ clientId: id, createdAt: NOW - DAY, expiresAt });
      return the.bare.codes.save(aCode(grant), grant);
    }

    beforeEach(async () => {
      for (const source of ['registration', 'document'] as const) await removeUnused(source);
    });

    it('removes clients that were last used before a time, and answers which', async () => {
      const [unused, edge] = [await saved(), await saved({ registeredAt: BEFORE })];
      same(await removeUnused(), [unused.id]);
      assert.deepEqual([await isThere(unused.id), await isThere(edge.id)], [false, true]);
      same(await removeUnused(), []);
      await the.bare.clients.remove(edge.id);
    });

    it('removes all that belongs to them, and nothing of anybody else', async () => {
      const [unused, other] = [await saved(), await saved({ registeredAt: NOW - SECOND })];
      const of = async ({ id: clientId }: Client) => {
        const consent = aConsent({ clientId });
        await the.bare.consents.add(consent);
        const grant = aGrant({ clientId, userId: consent.userId, expiresAt: NOW });
        await the.bare.codes.save(aCode(grant), grant);
        const logout = aLogout(grant);
        const leaving = [{ grantId: grant.id, stays: true, logout }];
        await the.bare.grants.leaveSession(leaving, NOW - HOUR);
        const ticket = aTicket({ clientId });
        await the.bare.tickets.create(ticket, NOW);
        const own = aClientsOwnToken({ clientId });
        await the.bare.tokens.issue({ accessToken: own }, NOW);
        return async () => [
          (await the.bare.consents.listByUser(consent.userId)).length,
          // Still there, by the clock.
          (await the.bare.grants.listByUser(consent.userId, NOW - 1)).length,
          (await the.bare.logouts.find([logout.id], NOW)).length,
          (await the.bare.tickets.find(ticket.kind, ticket.hash, NOW)) === undefined ? 0 : 1,
          (await the.bare.accessTokens.find(own.hash, NOW)) === undefined ? 0 : 1,
        ];
      };
      const [ofUnused, ofOther] = [await of(unused), await of(other)];
      same(await ofUnused(), [1, 1, 1, 1, 1]);
      same(await removeUnused(), [unused.id]);
      same(await ofUnused(), [0, 0, 0, 0, 0]);
      same(await ofOther(), [1, 1, 1, 1, 1]);
    });

    it('leaves a client whose use was noted since', async () => {
      const [noted, late] = [await saved(), await saved()];
      await the.bare.clients.note(noted.id, BEFORE);
      await the.bare.clients.note(late.id, BEFORE - 1);
      same(await removeUnused(), [late.id]);
      // Another process may have a clock that is behind.
      await the.bare.clients.note(noted.id, LONG_AGO);
      same(await removeUnused(), []);
      assert.equal(await isThere(noted.id), true);
    });

    it('leaves a client that was stored since with a later `registeredAt`, and no other change counts', async () => {
      const [renewed, changed] = [await saved(), await saved()];
      await the.bare.clients.save({ ...renewed, registeredAt: BEFORE });
      await the.bare.clients.save({ ...renewed, registeredAt: LONG_AGO });
      assert.equal(await the.bare.clients.change(changed, { ...changed, name: 'Another' }), true);
      same(await removeUnused(), [changed.id]);
    });

    it('leaves a client whose last use nobody knows', async () => {
      const [nobodys] = [await saved({ registeredAt: undefined })];
      same(await removeUnused(), []);
      // A new client with an id does not inherit the use of the one before it, or a use that was noted
      // for none.
      const [early, heir] = [aClient({ source: 'registration' }), await saved()];
      await the.bare.clients.note(early.id, LONG_AGO);
      await the.bare.clients.save(early);
      await the.bare.clients.remove(heir.id);
      await the.bare.clients.save({ ...heir, registeredAt: undefined });
      same(await removeUnused(), []);
      for (const { id } of [nobodys, early, heir]) {
        await the.bare.clients.note(id, LONG_AGO);
      }
      same((await removeUnused()).toSorted(), [nobodys.id, early.id, heir.id].toSorted());
    });

    it('leaves the clients of other sources', async () => {
      const sources = ['demo', 'seed', 'options', 'code', undefined] as const;
      const others = await Promise.all(sources.map((source) => saved({ source })));
      const known = await saved({ source: 'document' });
      same(await removeUnused(), []);
      same(await removeUnused('document'), [known.id]);
      for (const { id } of others) assert.equal(await isThere(id), true);
    });

    it('removes clients sooner of which no use was noted since they were registered', async () => {
      const sooner = BEFORE + DAY;
      const [never, used, edge] = [
        await saved({ registeredAt: BEFORE }),
        await saved({ registeredAt: LONG_AGO }),
        await saved({ registeredAt: sooner }),
      ];
      await the.bare.clients.note(used.id, BEFORE);
      const early = await saved({ registeredAt: BEFORE });
      await the.bare.clients.note(early.id, LONG_AGO);
      const held = await saved({ registeredAt: BEFORE });
      assert.equal(await opened(held), true);
      same(await removeUnused(), []);
      const removed = await the.bare.clients.removeUnused('registration', BEFORE, NOW, 10, sooner);
      same(removed.toSorted(), [never.id, early.id].toSorted());
      for (const { id } of [used, edge, held]) assert.equal(await isThere(id), true);
      for (const { id } of [used, edge, held]) await the.bare.clients.remove(id);
    });

    it('leaves a client for which something was decided, at first or later', async () => {
      const [stranger, changed] = [await saved(), await saved()];
      const known = await saved({ decided: {} });
      const to = { ...changed, decided: { client_name: 'Known' } };
      assert.equal(await the.bare.clients.change(changed, to), true);
      same(await removeUnused(), [stranger.id]);
      for (const { id } of [changed, known]) assert.equal(await isThere(id), true);
    });

    it('leaves a client that has a grant in force, until that is over', async () => {
      const [held, over] = [await saved(), await saved()];
      assert.equal(await opened(held, NOW + 1), true);
      assert.equal(await opened(over, NOW), true);
      same(await removeUnused(), [over.id]);
      same(await removeUnused('registration', 1000, NOW + 1), [held.id]);
    });

    it('removes no more than it was asked to, and passes over those that stay', async () => {
      const all = await saveMany();
      for (const client of all.slice(0, 3)) await opened(client);
      const removed: string[] = [];
      for (;;) {
        const some = await removeUnused('registration', 20);
        assert.ok(some.length <= 20, `${some.length}`);
        if (some.length === 0) break;
        removed.push(...some);
      }
      same(
        removed.toSorted(),
        all
          .slice(3)
          .map(({ id }) => id)
          .toSorted(),
      );
      for (const { id } of all.slice(0, 3)) await the.bare.clients.remove(id);
    });

    it('removes nobody under a name that a stranger made up', async () => {
      for (const made of ['', 'a\0b', 'a\ud83d', '__proto__', 'x'.repeat(10_000)]) {
        await the.bare.clients.note(made, LONG_AGO);
      }
      same(await removeUnused(), []);
    });

    it('lets one of 50 callers remove each, by this verb or by `remove`', async () => {
      const all = await saveMany();
      const removed = await race(async (caller) => {
        const one = all[caller]!.id;
        if (caller % 2 === 0) return removeUnused('registration', 10);
        return (await the.bare.clients.remove(one)) ? [one] : [];
      });
      removed.push(await removeUnused());
      same(removed.flat().toSorted(), all.map(({ id }) => id).toSorted());
    });

    it('removes no client that is allowed something or noted at the same moment', async () => {
      for (const isFirst of [false, true]) await removesBeside(isFirst);
    });

    /** @param isFirst whether it begins to remove before anything is allowed */
    async function removesBeside(isFirst: boolean): Promise<void> {
      const all = await saveMany();
      const allowed = all.filter((_, n) => n % 2 === 0);
      const noted = all.filter((_, n) => n % 2 === 1);
      const early = isFirst ? [removeUnused('registration', 5)] : [];
      const [saves, ...removed] = await Promise.all([
        Promise.all(allowed.map((client) => opened(client))),
        ...early,
        removeUnused('registration', 5),
        removeUnused('registration', 5),
        ...noted.map(async ({ id }) => {
          await the.bare.clients.note(id, NOW);
          return [];
        }),
        removeUnused('registration', 5),
      ]);
      const gone = new Set(removed.flat());
      for (const [n, { id }] of allowed.entries()) {
        assert.equal(saves[n], !gone.has(id), 'either it is removed, or it was allowed something');
      }
      for (const { id } of all) assert.equal(await isThere(id), !gone.has(id));
      // Once its use is noted, a client that was not removed yet stays.
      same(await removeUnused(), []);
      assert.equal(trues(saves), allowed.filter(({ id }) => !gone.has(id)).length);
      for (const { id } of all) await the.bare.clients.remove(id);
    }
  });
}
