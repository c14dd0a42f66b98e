// What people's sign-in does under attack: what a refusal costs, how much is hashed at a time, and who
// is let in all the same.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash } from '@node-rs/argon2';
import { Refusals } from '../../src/http/refusals.ts';
import { TODAYS_KIND } from '../../src/protocol/passwords.ts';
import { PLACES } from '../../src/sign-in/waiting-line.ts';
import type { Store } from '../../src/store/store.ts';
import type { User } from '../../src/types.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { FOREIGN_HASHES } from '../helpers/foreign-hashes.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { NEW_PASSWORD, PASSWORD, passwords } from '../helpers/people.ts';

/** A person behind a proxy, with their own address. */
function from(server: TestServer, address: string): Person {
  const person = new Person(server);
  person.headers['x-forwarded-for'] = address;
  return person;
}

async function tryPassword(
  person: Person,
  password: string,
  username = 'alice',
  path = '/login?prompt=login',
) {
  return person.signIn(await person.visit(path), username, password);
}

/** The same store, which notes every call by its name and its first argument. */
function watched(store: Store): { store: Store; calls: [verb: string, first: unknown][] } {
  const calls: [string, unknown][] = [];
  const nouns = Object.entries(store).map(([noun, verbs]) => {
    if (typeof verbs !== 'object') return [noun, verbs];
    const noting = Object.entries(verbs as object).map(([verb, run]) => [
      verb,
      (...args: unknown[]) => {
        calls.push([`${noun}.${verb}`, args[0]]);
        return run(...args);
      },
    ]);
    return [noun, Object.fromEntries(noting)];
  });
  return { store: { ...store, ...Object.fromEntries(nouns) }, calls };
}

/** Wherever a browser may come from, with what it has in common with no other. */
let hosts = 0;
const nextAddress = () => {
  hosts += 1;
  return `198.18.${hosts >> 8}.${hosts & 255}`;
};

describe('a login that is refused', async () => {
  const env = {
    TRUST_PROXY: '1',
    LOGIN_LIMIT_PER_ACCOUNT: '2',
    LOGIN_LIMIT_PER_ADDRESS: '5',
  };

  it('asks the store for nothing: one from an address that has failed too often', async () => {
    const { store, calls } = watched(await emptyStore());
    const server = await startServer(env, { store });
    const attacker = from(server, '203.0.113.1');
    for (let n = 0; n < 6; n += 1) await tryPassword(attacker, 'no', `user-${n}`);
    calls.length = 0;
    for (let n = 10; n < 30; n += 1) {
      const refused = await tryPassword(attacker, 'no', `user-${n}`);
      assert.equal(refused.status, 429);
      assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    }
    assert.deepEqual(calls, []);
  });

  it('asks the store for nothing: one for an account that had too many, in the middle of an authorization', async () => {
    const { store, calls } = watched(await emptyStore());
    const server = await startServer(env, { store });
    for (const username of ['alice', 'nobody']) {
      const attacker = from(server, nextAddress());
      const page = await attacker.visit(authorizeUrl(server, { ui_locales: 'de' }));
      for (let n = 0; n < 3; n += 1) await attacker.signIn(page, username, 'no');
      calls.length = 0;
      const refused = await attacker.signIn(page, username, 'no');
      assert.equal(refused.status, 429);
      assert.match(refused.text, /lang="de"/);
      assert.deepEqual(calls, [], username);
    }
  });

  it('is paid for by the address also where it is the account that refuses', async () => {
    const server = await startServer(env);
    const attacker = from(server, '203.0.113.1');
    const statuses = [];
    for (const username of ['alice', 'alice', 'alice', 'a', 'b', 'c']) {
      statuses.push((await tryPassword(attacker, 'no', username)).status);
    }
    assert.deepEqual(statuses, [400, 400, 429, 400, 400, 429]);
  });

  it('leaves as many rows as there are buckets for names that nobody has, and does not tell them', async () => {
    const { store, calls } = watched(await emptyStore());
    const server = await startServer(env, { store });
    const answers: Record<string, string[]> = {};
    for (const username of ['alice', 'nobody']) {
      calls.length = 0;
      const attacker = from(server, nextAddress());
      answers[username] = [];
      for (let n = 0; n < 4; n += 1) {
        const { status, text, headers } = await tryPassword(attacker, 'no', username);
        const [alert] = /role="alert"[\s\S]*?<p>(.*?)<\/p>/.exec(text) ?? [];
        answers[username].push(`${status} ${headers.get('retry-after')} ${alert}`);
      }
      const keys = calls.filter(([verb]) => verb === 'limits.take').map(([, key]) => String(key));
      const buckets = keys.flatMap((key) => /^login:nobody:(\d+)(?=:|$)/.exec(key)?.[1] ?? []);
      assert.equal(new Set(buckets).size, username === 'alice' ? 0 : 1);
      for (const bucket of buckets) assert.ok(Number(bucket) < 65_536);
    }
    assert.deepEqual(answers['alice'], answers['nobody']);
  });

  it('is not refused for longer than the attempts that filled the limit turn out wrong', async () => {
    await withClock(async (advance) => {
      const kept = await emptyStore();
      let isHeld = true;
      const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const limits: Store['limits'] = {
        ...kept.limits,
        async giveBack(key, now) {
          if (isHeld) held.resolve();
          if (isHeld) await release.promise;
          await kept.limits.giveBack(key, now);
        },
      };
      const strict = { ...env, LOGIN_LIMIT_PER_ACCOUNT: '1', SESSION_SECRET: 's'.repeat(32) };
      const server = await startServer(strict, { store: { ...kept, limits } });
      const other = await startServer(strict, { store: kept });
      const first = tryPassword(from(server, '203.0.113.1'), 'wonderland');
      await held.promise;
      isHeld = false;
      for (const at of [server, other]) {
        assert.equal((await tryPassword(from(at, '203.0.113.1'), 'wonderland')).status, 429);
      }
      release.resolve();
      assert.match((await first).text, /signed in/i);
      assert.match(
        (await tryPassword(from(server, '203.0.113.1'), 'wonderland')).text,
        /signed in/i,
      );
      // Another process does not hear of it, and looks again.
      advance(10_000);
      assert.match(
        (await tryPassword(from(other, '203.0.113.1'), 'wonderland')).text,
        /signed in/i,
      );
      await server.close();
      await other.close();
    });
  });
});

describe('the refusals that a process remembers', () => {
  it('end when the store would allow it again, and are looked at again before where that is asked', () => {
    const refusals = new Refusals();
    refusals.remember('short', 1000);
    refusals.remember('long', 60_000, 1000);
    assert.equal(refusals.find('short', 999), 1000);
    assert.equal(refusals.find('long', 999), 60_000);
    for (const key of ['short', 'long', 'never']) assert.equal(refusals.find(key, 1000), undefined);
  });

  it('are 10,000 at the most: the oldest is forgotten', () => {
    const refusals = new Refusals();
    for (let n = 0; n < 10_001; n += 1) refusals.remember(`key-${n}`, 1000);
    assert.equal(refusals.find('key-0', 0), undefined);
    assert.equal(refusals.find('key-1', 0), 1000);
    refusals.remember('key-1', 2000);
    refusals.remember('one more', 1000);
    assert.equal(refusals.find('key-1', 0), 2000, 'it is the newest but one now');
    assert.equal(refusals.find('key-2', 0), undefined);
  });
});

/** A server whose store keeps those waiting who look for the user `stranger`, until it is opened. */
async function crowded() {
  const { store: kept, calls } = watched(await emptyStore());
  const gate = Promise.withResolvers<void>();
  let arrived = () => {};
  const users: Store['users'] = {
    ...kept.users,
    async findByTypedName(username) {
      if (username === 'stranger') {
        arrived();
        await gate.promise;
      }
      return kept.users.findByTypedName(username);
    },
  };
  const server = await startServer({ TRUST_PROXY: '1' }, { store: { ...kept, users } });

  /** As many at once, each from an address of its own; by then they wait or have been refused. */
  async function flood(count: number) {
    const all = Promise.withResolvers<void>();
    let left = count;
    arrived = () => {
      left -= 1;
      if (left === 0) all.resolve();
    };
    const refused: Answer[] = [];
    const logins = Array.from({ length: count }, async () => {
      const answer = await tryPassword(from(server, nextAddress()), 'no', 'stranger');
      if (answer.status === 503) {
        refused.push(answer);
        arrived();
      }
      return answer.status;
    });
    await all.promise;
    return { refused: [...refused], logins: Promise.all(logins) };
  }
  return { server, calls, flood, open: gate.resolve };
}

describe('logins that come all at once', () => {
  it('are looked at as far as there are places; the others get a page with 503 before anything is counted', async () => {
    const { server, calls, flood, open } = await crowded();
    const { refused, logins } = await flood(PLACES + 40);
    const counted = calls.filter(([verb]) => verb.startsWith('limits.'));
    open();
    assert.equal(refused.length, 40);
    assert.equal(counted.length, PLACES, 'each of those with a place has been counted once so far');
    for (const answer of refused) {
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
      assert.match(answer.headers.get('content-type') ?? '', /html/);
      assert.match(answer.text, /Please try again in a moment/);
    }
    assert.equal((await logins).filter((status) => status === 400).length, PLACES);
    const later = await tryPassword(from(server, nextAddress()), 'wonderland');
    assert.match(later.text, /signed in/i, 'their places are free again');
  });

  it('leave places for browsers that have signed in before', async () => {
    const { server, flood, open } = await crowded();
    const owner = from(server, nextAddress());
    await tryPassword(owner, 'wonderland');
    const { logins } = await flood(PLACES);
    const newcomer = await tryPassword(from(server, nextAddress()), 'wonderland');
    const known = await tryPassword(owner, 'wonderland');
    open();
    assert.equal(newcomer.status, 503);
    assert.match(known.text, /signed in/i);
    await logins;
  });

  it('leave a password unchanged that was to be changed, and say so', async () => {
    const { server, flood, open } = await crowded();
    const person = from(server, nextAddress());
    await tryPassword(person, 'wonderland');
    const before = await server.store.users.findByUsername('alice');
    person.cookies.delete(person.nameOf('oauth_browser'));
    const form = await person.visit('/account/password');
    const { logins } = await flood(PLACES);
    const answer = await person.submit(form, passwords());
    open();
    assert.equal(answer.status, 503);
    assert.match(answer.text, /Please try again in a moment/);
    await logins;
    assert.deepEqual(await server.store.users.findByUsername('alice'), before);
    assert.equal((await person.submit(form, passwords())).status, 200);
  });
});

describe('an IPv6 neighbourhood', () => {
  it('is a /48, which may fail ten times as often as one address', async () => {
    const server = await startServer({ TRUST_PROXY: '1', LOGIN_LIMIT_PER_ADDRESS: '1' });
    const attempt = async (address: string) =>
      (await tryPassword(from(server, address), 'no', 'nobody-in-particular')).status;
    for (let network = 0; network < 10; network += 1) {
      assert.equal(await attempt(`2001:db8:7:${network.toString(16)}::1`), 400);
    }
    assert.equal(await attempt('2001:db8:7:ffff::1'), 429);
    assert.equal(await attempt('2001:db8:8::1'), 400);
  });
});

describe('a password that was hashed elsewhere', async () => {
  const imported = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1, algorithm: 1 });
  const importing = { id: 'maria', username: 'maria', name: 'Maria', passwordHash: imported };

  /** A server with such a person, who can be asked for. */
  async function withImported(env = {}) {
    const server = await startServer({ SESSION_SECRET: 's'.repeat(32), ...env });
    await server.store.users.save(importing);
    const found = async () => (await server.store.users.find('maria')) as User;
    const signIn = async (at: TestServer = server) => {
      const person = from(at, nextAddress());
      await tryPassword(person, PASSWORD, 'maria');
      return person;
    };
    const isIn = async (person: Person) => (await person.open('/account')).status === 200;
    return { server, found, signIn, isIn };
  }

  it('is hashed as new ones are at the sign-in, and has not been changed by that', async () => {
    const { found, signIn, isIn } = await withImported();
    const person = await signIn();
    const { passwordHash, passwordChangedAt } = await found();
    assert.ok(passwordHash?.startsWith(TODAYS_KIND), passwordHash);
    assert.equal(passwordChangedAt, undefined);
    assert.equal(await isIn(person), true);
    assert.equal(await isIn(await signIn()), true, 'it is the same password');
    assert.equal((await found()).passwordHash, passwordHash);
  });

  it('is right in every form that other servers have, and replaced at the first sign-in', async () => {
    const { server } = await withImported();
    const known = Object.entries(FOREIGN_HASHES);
    for (const [index, [form, passwordHash]] of known.entries()) {
      const user = { id: `import-${index}`, username: `import-${index}`, name: form, passwordHash };
      await server.store.users.save(user);
      const first = from(server, nextAddress());
      assert.equal((await tryPassword(first, 'no', user.username)).status, 400, form);
      await tryPassword(first, 'wonderland', user.username);
      const kept = (await server.store.users.find(user.id))?.passwordHash;
      assert.ok(kept?.startsWith(TODAYS_KIND), form);
      assert.equal((await first.open('/account')).status, 200, form);
      const again = from(server, nextAddress());
      await tryPassword(again, 'wonderland', user.username);
      assert.equal((await again.open('/account')).status, 200, form);
    }
    assert.deepEqual(await server.store.users.passwordKinds().then((kinds) => kinds.length), 3);
  });

  it('keeps sessions and known browsers when it is hashed anew', async () => {
    const { server, found, signIn, isIn } = await withImported({
      TRUST_PROXY: '1',
      LOGIN_LIMIT_PER_ACCOUNT: '1',
    });
    const first = await signIn();
    const { passwordHash } = await found();
    // As it was before the first sign-in, with what was begun by it.
    assert.equal(await server.store.users.changePassword('maria', passwordHash!, imported), true);
    assert.equal(await isIn(first), true);
    await signIn();
    assert.equal((await found()).passwordHash, passwordHash);
    assert.equal(await isIn(first), true);
    for (let n = 0; n < 11; n += 1) {
      await tryPassword(from(server, nextAddress()), 'no', 'maria');
    }
    assert.equal((await tryPassword(from(server, nextAddress()), PASSWORD, 'maria')).status, 429);
    assert.match((await tryPassword(first, PASSWORD, 'maria')).text, /signed in/i);
  });

  it('is not hashed anew where it was changed at that moment', async () => {
    const { server, found, signIn, isIn } = await withImported();
    const changed = await hash(NEW_PASSWORD, { memoryCost: 1024, timeCost: 1 });
    const store: Store = {
      ...server.store,
      users: {
        ...server.store.users,
        async changePassword(...args) {
          await server.store.users.save({ ...importing, passwordHash: changed });
          return server.store.users.changePassword(...args);
        },
      },
    };
    const at = await startServer({ SESSION_SECRET: 's'.repeat(32) }, { store });
    const late = await signIn(at);
    assert.equal((await found()).passwordHash, changed);
    assert.equal(await isIn(late), false, 'what the old one opens is over');
  });
});

describe('the device cookie', async () => {
  const env = { TRUST_PROXY: '1', LOGIN_LIMIT_PER_ACCOUNT: '2' };
  const device = (person: Person) => person.cookies.get(person.nameOf('oauth_browser'));

  /** Failures from everywhere, until only known browsers are let in. */
  async function besiege(server: TestServer) {
    for (let n = 0; n < 20; n += 1) await tryPassword(from(server, nextAddress()), 'no');
    const stranger = await tryPassword(from(server, nextAddress()), 'wonderland');
    assert.equal(stranger.status, 429);
  }

  it('is another on every browser, and of one account', async () => {
    const server = await startServer(env);
    const [one, two] = [from(server, nextAddress()), from(server, nextAddress())];
    for (const person of [one, two]) await tryPassword(person, 'wonderland');
    assert.ok(device(one));
    assert.notEqual(device(one), device(two));
    await besiege(server);
    const bobs = from(server, nextAddress());
    await tryPassword(bobs, 'builder', 'bob');
    assert.equal((await tryPassword(bobs, 'wonderland')).status, 429);
    const [id, ...rest] = device(one)!.split('.');
    for (const forged of [`x${id}.${rest.join('.')}`, `${id}..${rest[1]}`, id!, '..', '']) {
      const forger = from(server, nextAddress());
      const page = await forger.visit('/login');
      forger.cookies.set(forger.nameOf('oauth_browser'), forged);
      assert.equal((await forger.signIn(page)).status, 429, forged);
    }
    for (const person of [one, two]) {
      assert.match((await tryPassword(person, 'wonderland')).text, /signed in/i);
    }
  });

  it('is worth nothing once the password is another', async () => {
    const server = await startServer(env);
    const [owner, thief] = [from(server, nextAddress()), from(server, nextAddress())];
    for (const person of [owner, thief]) await tryPassword(person, 'wonderland');
    await owner.submit(await owner.visit('/account/password'), passwords());
    for (let n = 0; n < 20; n += 1) await tryPassword(from(server, nextAddress()), 'no');
    assert.equal((await tryPassword(thief, 'no')).status, 429);
    assert.match((await tryPassword(owner, NEW_PASSWORD)).text, /signed in/i);
  });

  it('that was stolen gives as many guesses as one browser has, from wherever', async () => {
    const server = await startServer(env);
    const [owner, other] = [from(server, nextAddress()), from(server, nextAddress())];
    for (const person of [owner, other]) await tryPassword(person, 'wonderland');
    await besiege(server);
    const guess = async (password: string) => {
      const thief = from(server, nextAddress());
      const page = await thief.visit('/login');
      thief.cookies.set(thief.nameOf('oauth_browser'), device(owner)!);
      return (await thief.signIn(page, 'alice', password)).status;
    };
    assert.deepEqual([await guess('no'), await guess('no')], [400, 400]);
    assert.equal(await guess('wonderland'), 429);
    assert.match((await tryPassword(other, 'wonderland')).text, /signed in/i);
  });
});
