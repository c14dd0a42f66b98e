import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import type { IssuedTokens } from '../../src/issued.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { parseSeed } from '../../src/program/seed.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import type { Redemption, Rotation } from '../../src/store/store-grants.ts';
import { CALLERS, tally, trues } from '../../src/store-contract/race.ts';
import {
  aClient,
  aCode,
  aGrant,
  aHash,
  aLogout,
  anAccessToken,
  aRefreshToken,
  aSuccessor,
  aUser,
  DAY,
  HOUR,
  NOW,
  someTokens,
  unique,
  WINDOW,
} from '../../src/store-contract/records.ts';
import { registering } from '../../src/store-contract/registering.ts';
import { same } from '../../src/store-contract/same.ts';
import type { StoredKey } from '../../src/types.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import type { Order, Outcome } from '../helpers/process.ts';
import { SEED } from '../helpers/seeds.ts';

const PROCESSES = 4;

const PROCESS = new URL('../helpers/process.ts', import.meta.url);

interface OneOfThem {
  readonly child: ChildProcess;
  /** When it has ended. */
  readonly ended: Promise<unknown>;
}
const processes: OneOfThem[] = [];

/** The next message of a process; one that ends instead has failed, and is not waited for. */
async function answerOf({ child, ended }: OneOfThem): Promise<Outcome[]> {
  const failed = ended.then((code) => assert.fail(`a process ended with ${code}`));
  const [outcomes] = await Promise.race([once(child, 'message'), failed]);
  return outcomes;
}

before(async () => {
  for (let count = 0; count < PROCESSES; count += 1) {
    const child = fork(PROCESS, { serialization: 'advanced', execArgv: [] });
    processes.push({ child, ended: once(child, 'exit') });
  }
  await Promise.all(processes.map(answerOf));
});

after(async () => {
  for (const { child } of processes) if (child.connected) child.disconnect();
  await Promise.all(processes.map(({ ended }) => ended));
});

/** Gives every process its order at the same moment. */
async function tell(orderOf: (index: number) => Order): Promise<Outcome[][]> {
  const answers = processes.map(answerOf);
  for (const [index, { child }] of processes.entries()) child.send(orderOf(index));
  return await Promise.all(answers);
}

/** Calls a verb 50 times at once from among the processes; answers by caller. */
async function race(verb: string, argsOf: (caller: number) => unknown[]): Promise<Outcome[]> {
  const outcomes = await tell((index) => {
    const callers = Array.from({ length: CALLERS }, (_, caller) => caller);
    return { verb, calls: callers.filter((n) => n % PROCESSES === index).map(argsOf) };
  });
  return Array.from(
    { length: CALLERS },
    (_, caller) => outcomes[caller % PROCESSES]![Math.floor(caller / PROCESSES)]!,
  );
}

/** The same, but no call may fail. */
async function raceAll<T>(verb: string, argsOf: (caller: number) => unknown[]): Promise<T[]> {
  const outcomes = await race(verb, argsOf);
  assert.deepEqual(new Set(outcomes.map(({ error }) => error)), new Set([undefined]));
  return outcomes.map(({ answer }) => answer as T);
}

for (const [name, fresh, skip] of [
  ['SQLite', async () => freshSqlite(), false],
  ['PostgreSQL', freshPostgres, postgresMissing()],
] as const) {
  describe(`four processes on one store in ${name}`, { skip }, () => {
    let store: Store;

    it('open it all at once where there is nothing yet, time and again', async () => {
      for (let round = 0; round < 10; round += 1) {
        const url = await fresh();
        const opened = await tell(() => ({ url }));
        for (const [{ error } = {}] of opened) assert.equal(error, undefined);
        await store?.close();
        store = registering(await openStore(url, { migrate: false }));
      }
    });

    after(() => store?.close());

    async function savedCode() {
      const grant = aGrant();
      const code = aCode(grant);
      await store.codes.save(code, grant);
      return { code, grant };
    }

    async function savedFamily() {
      const { code, grant } = await savedCode();
      const tokens = someTokens(grant);
      await store.codes.redeem(code.hash, NOW, tokens);
      return { grant, ...tokens };
    }

    const isStored = async ({ accessToken, refreshToken }: IssuedTokens) => {
      const access = await store.accessTokens.find(accessToken.hash, NOW);
      const { hash, tokenHash } = refreshToken!;
      const refresh = (await store.refreshTokens.find(hash, NOW))?.token;
      assert.equal(access !== undefined, refresh?.tokenHash === tokenHash, 'both or neither');
      return access !== undefined;
    };

    /** The tokens of those callers are stored who were told so, and nobody else's. */
    async function assertStored(
      answers: readonly { outcome: string }[],
      brought: readonly IssuedTokens[],
      outcome: string,
    ): Promise<void> {
      for (const [caller, answer] of answers.entries()) {
        assert.equal(await isStored(brought[caller]!), answer.outcome === outcome);
      }
    }

    it('redeem a code once', async () => {
      const { code, grant } = await savedCode();
      const brought = Array.from({ length: CALLERS }, () => someTokens(grant));
      const answers = await raceAll<Redemption>('codes.redeem', (caller) => [
        code.hash,
        NOW,
        brought[caller],
      ]);
      assert.deepEqual(tally(answers), { redeemed: 1, repeated: CALLERS - 1 });
      await assertStored(answers, brought, 'redeemed');
    });

    it('rotate a refresh token once, and tell all others it is a retry', async () => {
      const { grant, refreshToken } = await savedFamily();
      const successor = aSuccessor(refreshToken, grant);
      const brought = Array.from({ length: CALLERS }, () => anAccessToken(grant));
      const answers = await raceAll<Rotation>('refreshTokens.rotate', (caller) => [
        refreshToken,
        NOW,
        WINDOW,
        { accessToken: brought[caller], refreshToken: successor },
      ]);
      assert.deepEqual(tally(answers), { rotated: 1, retried: CALLERS - 1 });
      for (const answer of answers) {
        if (answer.outcome !== 'retried') continue;
        same(answer.successor, { ...successor, previous: answer.successor.previous });
      }
      for (const token of brought) assert.ok(await store.accessTokens.find(token.hash, NOW));
    });

    it('rotate a refresh token once where there is no window, and store one successor', async () => {
      const { grant, refreshToken } = await savedFamily();
      const brought = Array.from({ length: CALLERS }, () => someTokens(grant, refreshToken));
      const answers = await raceAll<Rotation>('refreshTokens.rotate', (caller) => [
        refreshToken,
        NOW,
        0,
        brought[caller],
      ]);
      assert.deepEqual(tally(answers), { rotated: 1, reused: CALLERS - 1 });
      await assertStored(answers, brought, 'rotated');
    });

    it('retire a refresh token once', async () => {
      const { refreshToken } = await savedFamily();
      const answers = await raceAll<boolean>('refreshTokens.retire', () => [refreshToken, NOW]);
      assert.equal(trues(answers), 1);
    });

    it('end a grant once', async () => {
      const { grant } = await savedFamily();
      assert.equal(trues(await raceAll<boolean>('grants.end', () => [grant.id])), 1);
    });

    it('take a grant out of its session once, and its client is told once', async () => {
      const session = unique();
      const grants = Array.from({ length: 10 }, () => aGrant({ session }));
      for (const grant of grants) await store.codes.save(aCode(grant), grant);
      const logouts = grants.map((grant) => aLogout(grant));
      const answers = await raceAll<string[]>('grants.leaveSession', (caller) => {
        const leaving = grants.map(({ id }, n) => ({
          ...{ grantId: id, stays: caller % 2 === 0, logout: { ...logouts[n], attempts: caller } },
        }));
        return [caller % 3 === 0 ? leaving : leaving.toReversed(), NOW];
      });
      same(answers.flat().toSorted(), grants.map(({ id }) => id).toSorted());
      const ids = logouts.map(({ id }) => id);
      const told = await store.logouts.find(ids, NOW);
      assert.equal(told.length, grants.length);
      for (const [n, { id }] of grants.entries()) {
        const winner = answers.findIndex((left) => left.includes(id));
        assert.equal((await store.grants.find(id, NOW)) !== undefined, winner % 2 === 0);
        assert.equal(told.find((logout) => logout.id === ids[n])?.attempts, winner);
      }

      const claim = () =>
        raceAll<{ id: string }[]>('logouts.claim', () => [3, NOW, NOW + HOUR, []]);
      const claimed = (await claim()).flat();
      // Some may have been passed over while another process had them in hand.
      claimed.push(...(await store.logouts.claim(100, NOW, NOW + HOUR, [])));
      same(claimed.map(({ id }) => id).toSorted(), ids.toSorted());
      assert.equal(trues(await raceAll<boolean>('logouts.remove', () => [claimed[0]])), 1);
    });

    it('issue under a grant while it ends, and leave nothing of it alive', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { grant, refreshToken } = await savedFamily();
        const brought = Array.from({ length: CALLERS }, () => ({
          accessToken: anAccessToken(grant),
          refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY }),
        }));
        const outcomes = await tell((index) => {
          const mine = brought.filter((_, caller) => caller % PROCESSES === index);
          switch (index) {
            case 0:
              return { verb: 'grants.end', calls: [[grant.id]] };
            case 1:
              return {
                verb: 'refreshTokens.rotate',
                calls: mine.map((tokens) => [refreshToken, NOW, WINDOW, tokens]),
              };
            default:
              return { verb: 'tokens.issue', calls: mine.map((tokens) => [tokens, NOW]) };
          }
        });
        assert.deepEqual(outcomes[0], [{ answer: true }]);
        for (const { error } of outcomes.flat()) assert.equal(error, undefined);
        for (const tokens of brought) assert.equal(await isStored(tokens), false);
        assert.equal(await store.grants.find(grant.id, NOW), undefined);
      }
    });

    it('issue under a grant, and all of it lasts for the longest', async () => {
      const { grant } = await savedCode();
      const brought = Array.from({ length: CALLERS }, (_, caller) => ({
        accessToken: anAccessToken(grant),
        refreshToken: aRefreshToken(grant, { expiresAt: NOW + DAY + caller * HOUR }),
      }));
      const answers = await raceAll<boolean>('tokens.issue', (caller) => [brought[caller], NOW]);
      assert.equal(trues(answers), CALLERS);
      for (const tokens of brought) assert.ok(await isStored(tokens));
      assert.ok(await store.grants.find(grant.id, NOW + DAY + (CALLERS - 1) * HOUR - 1));
    });

    it('claim an id once', async () => {
      const id = unique();
      const claim = (now: number) =>
        raceAll<boolean>('replays.claim', () => ['jti', id, now + HOUR, now]);
      assert.equal(trues(await claim(NOW)), 1);
      assert.equal(trues(await claim(NOW + HOUR - 1)), 0);
      assert.equal(trues(await claim(NOW + HOUR)), 1, 'anew once the first has expired');
    });

    it('agree on one key', async () => {
      const period = 4711;
      const answers = await raceAll<StoredKey>('keys.ensure', () => {
        const kept = { createdAt: NOW, encryptedPrivateKey: unique(), expiresAt: NOW + DAY };
        return [{ kid: unique(), alg: 'ES256', period, ...kept }];
      });
      assert.equal(new Set(answers.map(({ kid }) => kid)).size, 1);
      assert.equal(new Set(answers.map((key) => key.encryptedPrivateKey)).size, 1);
      const listed = await store.keys.list(NOW);
      assert.equal(listed.filter((key) => key.period === period).length, 1);
    });

    it('count the attempts under one key', async () => {
      const key = unique();
      const take = async (now: number) => {
        const args = [key, 7, HOUR, now];
        const answers = await raceAll<{ allowed: boolean; resetAt: number }>(
          'limits.take',
          () => args,
        );
        for (const { resetAt } of answers) assert.equal(resetAt, now + HOUR);
        return trues(answers.map(({ allowed }) => allowed));
      };
      assert.equal(await take(NOW), 7);
      assert.equal(await take(NOW + HOUR), 7, 'and in the next window');
      await raceAll('limits.giveBack', () => [key, NOW + HOUR]);
      assert.equal(await take(NOW + HOUR), 7, 'and when they were given back');
    });

    it('give a username to one user, and tell the others that it is taken', async () => {
      const username = unique();
      const users = Array.from({ length: CALLERS }, () => aUser({ username }));
      const outcomes = await race('users.save', (caller) => [users[caller]]);
      const refused = outcomes.filter(({ error }) => error !== undefined);
      assert.equal(refused.length, CALLERS - 1);
      for (const { error } of refused) assert.equal(error, 'UsernameTaken');
      const winner = users[outcomes.findIndex(({ error }) => error === undefined)];
      same(await store.users.findByUsername(username), winner);
    });

    it('add a user once, and keep the password of the one who did', async () => {
      for (const there of [undefined, aUser({ source: 'demo' })]) {
        if (there !== undefined) await store.users.save(there);
        const { id, username } = there ?? aUser();
        const users = Array.from({ length: CALLERS }, () =>
          aUser({ id, username, passwordHash: aHash(), source: 'seed' }),
        );
        const added = await raceAll<boolean>('users.add', (caller) => [users[caller]]);
        assert.equal(trues(added), 1);
        same(await store.users.find(id), users[added.indexOf(true)]);
      }
    });

    it('give an id to a client or to a user, and not to both', async () => {
      const id = unique();
      const outcomes = await tell((index) =>
        index % 2 === 0
          ? { verb: 'clients.save', calls: [[aClient({ id })], [aClient({ id })]] }
          : { verb: 'users.add', calls: [[aUser({ id })], [aUser({ id })]] },
      );
      const [client, user] = [await store.clients.find(id), await store.users.find(id)];
      assert.equal((client === undefined) !== (user === undefined), true);
      const refused = outcomes.filter((_, index) => (index % 2 === 0) === (user !== undefined));
      for (const { error } of refused.flat()) assert.equal(error, 'SubjectTaken');
    });

    it('seed a new database at once, and all of them start from the same users', async () => {
      for (let round = 0; round < 5; round += 1) {
        const url = await fresh();
        await openStore(url).then((made) => made.close());
        const stores = await Promise.all(processes.map(() => openStore(url)));
        const seed = parseSeed('the seed', JSON.stringify(SEED), false);
        const seen = await Promise.all(
          stores.map(async (one) => {
            await applySeed(one, seed);
            return Promise.all(['alice', 'user-2'].map((id) => one.users.find(id)));
          }),
        );
        for (const users of seen) same(users, seen[0]);
        same(
          await Promise.all(['alice', 'user-2'].map((id) => stores[0]!.users.find(id))),
          seen[0],
        );
        for (const one of stores) await one.close();
      }
    });

    it('lose no scope of a consent', async () => {
      const [userId, clientId, resource] = [unique(), unique(), ''];
      const scopes = Array.from({ length: CALLERS }, (_, caller) => `scope-${caller}`);
      await store.clients.save(aClient({ id: clientId }));
      await raceAll('consents.add', (caller) => [
        { userId, clientId, resource, scope: [scopes[caller]] },
      ]);
      const found = await store.consents.find(userId, clientId, resource);
      assert.deepEqual([...(found?.scope ?? [])].sort(), [...scopes].sort());
    });

    it('forget each record once', async () => {
      while ((await store.purge(NOW + 100 * DAY, 1000)) > 0);
      for (let count = 0; count < 2 * CALLERS; count += 1) {
        await store.sessions.save(unique(), { data: '{}', expiresAt: NOW });
      }
      const purge = () => raceAll<number>('purge', () => [NOW + DAY, 3]);
      let total = 0;
      for (let round = 0; round < 10; round += 1) {
        for (const forgotten of await purge()) {
          assert.ok(forgotten <= 3);
          total += forgotten;
        }
      }
      for (let step = -1; step !== 0; total += step) step = await store.purge(NOW + DAY, 1000);
      assert.equal(total, 2 * CALLERS);
    });
  });
}
