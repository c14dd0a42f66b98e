// A new password by a link, over HTTP.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { authorizationServer } from '../../../src/server.ts';
import type { Ticket } from '../../../src/types.ts';
import { getSecret } from '../../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import {
  allowed,
  changePassword,
  gatedServer,
  HOUR,
  isSignedIn,
  MINUTE,
  message,
  NEW_PASSWORD,
  newUser,
  record,
  refresh,
  signedIn,
  textOf,
} from '../../helpers/people.ts';

const ENV = { SESSION_SECRET: 's'.repeat(32) };

const twice = (fresh = NEW_PASSWORD) => ({ new_password: fresh, new_password_again: fresh });

async function linkFor(server: TestServer, id: string, ttl?: number): Promise<string> {
  const link = await server.users.createResetLink(id, ttl === undefined ? {} : { ttl });
  return link!.url;
}

const tokenOf = (url: string) => new URL(url).searchParams.get('token')!;

function postTo(server: TestServer, token: string, fresh = NEW_PASSWORD) {
  return http(`${server.issuer}/account/reset-password`, {
    method: 'POST',
    body: new URLSearchParams({ token, ...twice(fresh) }),
  });
}

describe('a link to set a new password', async () => {
  const server = await startServer(ENV);

  /** Whether the page of a link asks for a password; otherwise it says that the link does not work. */
  async function works(url: string): Promise<boolean> {
    const { status, text } = await http(url);
    assert.equal(/name="new_password"/.test(text), status === 200);
    if (status !== 200)
      assert.deepEqual([status, /This link does not work/.test(text)], [404, true]);
    return status === 200;
  }

  it('sets it: sessions are over, the old password is worth nothing, and the person signs in', async () => {
    const user = await newUser(server);
    const elsewhere = await signedIn(server, user);
    const tokens = await allowed(server, elsewhere);
    const heard = record(server, 'password_reset_link_created', 'password_reset');
    const { url, expiresAt } = (await server.users.createResetLink(user.id))!;
    assert.ok(url.startsWith(`${server.issuer}/account/reset-password?token=`));
    assert.ok(Math.abs(expiresAt - Date.now() - HOUR) < MINUTE);

    const person = new Person(server);
    const page = await person.visit(url);
    assert.match(page.text, /<h1>Set a new password<\/h1>/);
    assert.ok(page.text.includes(`value="${user.username}"`), 'they may have forgotten that, too');
    assert.match(textOf(page), /You will be signed out everywhere\./);
    assert.equal(await isSignedIn(elsewhere, server), true, 'to look changes nothing');
    const login = await person.submit(page, twice());
    assert.equal(message(login, 'status'), 'Your new password is set. Please sign in with it.');
    const { address: _address, ...told } = heard[1]![1] as Record<string, unknown>;
    assert.deepEqual(
      [heard[0], [heard[1]![0], told]],
      [
        ['password_reset_link_created', { userId: user.id, expiresAt }],
        ['password_reset', { userId: user.id }],
      ],
    );

    assert.equal(await isSignedIn(elsewhere, server), false);
    assert.equal(
      (await getSecret(server, tokens.access_token)).status,
      200,
      'it outlasts sessions',
    );
    assert.equal((await refresh(server, tokens.refresh_token)).status, 200);
    assert.equal((await person.signIn(login, user.username)).status, 400, 'with the old one');
    const account = await person.signIn(login, user.username, NEW_PASSWORD);
    assert.match(account.text, /<h1>Your account<\/h1>/);
    assert.match(textOf(account), /Last changed just now/);
    assert.equal(message(account, 'status'), undefined, 'said once');
    assert.equal(await works(url), false);
  });

  it('says whose it is to nobody once it works no more, whatever became of it', async () => {
    const user = await newUser(server);
    const other = await newUser(server);
    const used = await linkFor(server, user.id);
    assert.equal((await postTo(server, tokenOf(used))).status, 303);
    const replaced = await linkFor(server, other.id);
    await linkFor(server, other.id);
    const removed = await linkFor(server, (await newUser(server)).id);
    const { users } = server.store;
    const gone = await newUser(server);
    const ofGone = await linkFor(server, gone.id);
    await users.remove(gone.id);
    const at = (token: string) => `${server.issuer}/account/reset-password?token=${token}`;
    const token = tokenOf(removed);
    const changed = `${token.slice(0, -3)}${token.endsWith('AAA') ? 'BBB' : 'AAA'}`;
    const answers = [];
    for (const url of [
      used,
      replaced,
      ofGone,
      at(changed),
      at(''),
      at('%00'),
      at('x'.repeat(3000)),
      at('x'),
      `${at('a')}&token=b`,
      `${server.issuer}/account/reset-password`,
    ]) {
      assert.equal(await works(url), false, url);
      const { text, headers } = await http(url);
      assert.equal(headers.get('set-cookie'), null);
      answers.push(text);
      const answer = await postTo(
        server,
        new URL(url).searchParams.get('token') ?? '',
        'x'.repeat(9),
      );
      assert.deepEqual([answer.status, answer.text], [404, text], url);
    }
    assert.equal(new Set(answers).size, 1);
    assert.equal(await works(removed), true);
  });

  it('works for an hour, or for as long as was said', async () => {
    const user = await newUser(server);
    await withClock(async (advance) => {
      const url = await linkFor(server, user.id);
      advance(HOUR - 1);
      assert.equal(await works(url), true);
      advance(1);
      assert.equal(await works(url), false);
      assert.equal((await postTo(server, tokenOf(url))).status, 404);
      const brief = await linkFor(server, user.id, 60);
      advance(MINUTE);
      assert.equal(await works(brief), false);
      const long = await linkFor(server, user.id, 604_800);
      advance(7 * 24 * HOUR - 1);
      assert.equal(await works(long), true);
    });
    for (const ttl of [59, 604_801, 1.5, '3600', Number.NaN, null]) {
      await assert.rejects(
        server.users.createResetLink(user.id, { ttl: ttl as number }),
        /^TypeError: The option ttl .* a whole number of seconds from 60 to 604800\.$/,
      );
    }
    await assert.rejects(
      server.users.createResetLink(user.id, { seconds: 60 } as object),
      /has no option seconds/,
    );
  });

  it('is used by one of fifty who post at once', async () => {
    const user = await newUser(server);
    const url = await linkFor(server, user.id);
    const heard = record(server, 'password_reset');
    const fresh = Array.from({ length: 50 }, (_, n) => `${n} of fifty passwords`);
    const answers = await Promise.all(fresh.map((one) => postTo(server, tokenOf(url), one)));
    const won = answers.flatMap(({ status }, n) => (status === 303 ? [fresh[n]!] : []));
    assert.equal(won.length, 1);
    // What found no place in the line was told to come again, before anything was used up.
    assert.ok(answers.every(({ status }) => [303, 404, 503].includes(status)));
    assert.deepEqual(heard.length, 1);
    await signedIn(server, user, { password: won[0]! });
  });

  it('is ended by a new one, also if fifty are made at once', async () => {
    const user = await newUser(server);
    const urls = await Promise.all(Array.from({ length: 50 }, () => linkFor(server, user.id)));
    assert.equal(new Set(urls).size, 50);
    const working = [];
    for (const url of urls) if (await works(url)) working.push(url);
    assert.equal(working.length, 1);
  });

  it('takes a form that comes twice for one, and another password for another', async () => {
    const user = await newUser(server);
    await withClock(async (advance) => {
      const token = tokenOf(await linkFor(server, user.id));
      const heard = record(server, 'password_reset');
      const [one, two] = await Promise.all([postTo(server, token), postTo(server, token)]);
      assert.deepEqual([one.status, two.status], [303, 303], 'a double click');
      assert.equal((await postTo(server, token)).status, 303);
      assert.equal(heard.length, 1);
      assert.equal((await postTo(server, token, 'quite another password')).status, 404);
      advance(10_000);
      assert.equal((await postTo(server, token)).status, 404);
    });
    await signedIn(server, user, { password: NEW_PASSWORD });
  });

  it('sets the password though the process died once it was used', async () => {
    const user = await newUser(server);
    const dying = await startServer(ENV, {
      store: {
        ...server.store,
        users: {
          ...server.store.users,
          changePassword: async () => {
            throw new Error('the process ends here');
          },
        },
      },
    });
    const token = tokenOf(await linkFor(server, user.id));
    assert.equal((await postTo(dying, token)).status, 500);
    assert.equal((await postTo(server, token, 'quite another password')).status, 404);
    assert.equal((await postTo(server, token)).status, 303);
    await signedIn(server, user, { password: NEW_PASSWORD });
  });

  it('is not used up by a slip, nor by programs that look at what is behind it', async () => {
    const user = await newUser(server, { name: 'Wilhelmina Featherstone' });
    const url = await linkFor(server, user.id);
    for (let look = 0; look < 3; look += 1) {
      await http(url);
      assert.equal((await http(url, { method: 'HEAD' })).status, 200);
    }
    const person = new Person(server);
    for (const [entered, problem, field] of [
      [twice('x1y2z3'), /at least 15 characters/, 'new-password'],
      [twice(''), /at least 15 characters/, 'new-password'],
      [twice('WilhelminaFeatherstone1'), /easy to guess/, 'new-password'],
      [twice('a\tb'.repeat(10)), /cannot be used/, 'new-password'],
      [twice(`${NEW_PASSWORD} `.repeat(60)), /cannot be used/, 'new-password'],
      [
        { ...twice(), new_password_again: `${NEW_PASSWORD}!` },
        /do not match/,
        'new-password-again',
      ],
    ] as const) {
      const answer = await person.submit(await person.visit(url), { ...entered });
      assert.equal(answer.status, 400);
      assert.match(message(answer, 'alert') ?? '', problem);
      assert.match(answer.text, /<title>Error: Set a new password/);
      const invalid = /<input(?:(?!>).)*aria-invalid="true"(?:(?!>).)*>/s.exec(answer.text)?.[0];
      assert.ok(invalid?.includes(`id="${field}"`), invalid);
      for (const typed of Object.values(entered)) {
        assert.ok(typed === '' || !answer.text.includes(typed), 'no password comes back');
      }
    }
    const form = await person.submit(await person.visit(url), twice('short'));
    const done = await person.submit(form, twice());
    assert.match(
      message(done, 'status') ?? '',
      /new password is set/,
      'from the page with an error',
    );
  });

  it('ends with any other change of the password, and with the person', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const first = await linkFor(server, user.id);
    await changePassword(person, server);
    assert.equal(await works(first), false);
    const second = await linkFor(server, user.id);
    await server.users.update(user.id, { name: 'Somebody' });
    assert.equal(await works(second), true);
    await server.users.update(user.id, { password: 'given by an operator' });
    assert.equal(await works(second), false);
    const third = await linkFor(server, user.id);
    const now = await server.store.users.find(user.id);
    await server.store.users.save({ ...now!, disabledAt: Date.now() });
    assert.equal(await works(third), false);
    assert.equal((await postTo(server, tokenOf(third))).status, 404);
    await assert.rejects(server.users.createResetLink(user.id), /is disabled/);
    await server.store.users.save({ ...now!, disabledAt: undefined });
    assert.equal(await works(third), false, 'nor does it come back');
  });

  it('sets nothing for a person who is disabled while they type', async () => {
    const user = await newUser(server);
    const gated = await gatedServer(server, ({ users }, wait) => ({
      users: {
        ...users,
        async find(id: string) {
          const found = await users.find(id);
          await wait();
          return found;
        },
      },
    }));
    const token = tokenOf(await linkFor(server, user.id));
    gated.close();
    const answer = postTo(gated.server, token);
    await gated.arrived;
    await server.store.users.save({ ...user, disabledAt: 1 });
    gated.open();
    assert.equal((await answer).status, 404);
    assert.equal((await server.store.users.find(user.id))?.passwordHash, user.passwordHash);
  });

  it('is not made for a person who is disabled meanwhile', async () => {
    const user = await newUser(server);
    const gated = await gatedServer(server, ({ tickets }, wait) => ({
      tickets: {
        ...tickets,
        async create(ticket: Ticket, now: number) {
          await wait();
          return tickets.create(ticket, now);
        },
      },
    }));
    gated.close();
    const made = gated.server.users.createResetLink(user.id);
    await gated.arrived;
    await server.store.users.save({ ...user, disabledAt: 1 });
    gated.open();
    await assert.rejects(made, /is disabled/);
    await server.store.users.save(user);
    await linkFor(server, user.id);
  });

  it('goes on if the hash was made anew meanwhile: it is the same password', async () => {
    const user = await newUser(server);
    const { users } = server.store;
    const hash = user.passwordHash!;
    let isFirst = true;
    const store = {
      ...server.store,
      users: {
        ...users,
        async changePassword(...change: Parameters<typeof users.changePassword>) {
          if (!isFirst) return users.changePassword(...change);
          isFirst = false;
          return false;
        },
      },
    };
    const busy = await startServer(ENV, { store });
    const token = tokenOf(await linkFor(server, user.id));
    assert.equal((await postTo(busy, token)).status, 303);
    assert.notEqual((await users.find(user.id))?.passwordHash, hash);
    await signedIn(server, user, { password: NEW_PASSWORD });
  });

  it('is known to the store by a hash alone, and to nobody by its look', async () => {
    const user = await newUser(server);
    const kept: Ticket[] = [];
    const { tickets } = server.store;
    const store = {
      ...server.store,
      tickets: {
        ...tickets,
        async create(ticket: Ticket, now: number) {
          kept.push(ticket);
          return tickets.create(ticket, now);
        },
      },
    };
    const watched = await startServer(ENV, { store });
    const url = await linkFor(watched, user.id);
    const token = tokenOf(url);
    const text = Buffer.from(token, 'base64url').toString('latin1');
    assert.ok(!text.includes(user.id) && !url.includes(user.id));
    assert.equal(kept.length, 1);
    assert.ok(!JSON.stringify(kept).includes(token));
    assert.equal(kept[0]!.userId, user.id, 'so it ends with them');
    const another = await startServer({ SESSION_SECRET: 't'.repeat(32) }, { store: server.store });
    const there = url.replace(watched.issuer, another.issuer);
    assert.equal((await http(there)).status, 404, 'a server with another secret');
  });

  it('is told to no other site, and kept by no cache', async () => {
    const { headers, text } = await http(await linkFor(server, (await newUser(server)).id));
    assert.equal(headers.get('referrer-policy'), 'strict-origin');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    for (const [, url = ''] of text.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      assert.ok(!url.includes('token='), url);
    }
  });

  it('leads to the sign-in though somebody else is signed in here, who is told nothing', async () => {
    const user = await newUser(server);
    const other = await signedIn(server, await newUser(server));
    const page = await other.visit(await linkFor(server, user.id));
    const answer = await other.submit(page, twice());
    assert.match(message(answer, 'status') ?? '', /new password is set/);
    assert.equal(await isSignedIn(other, server), true);

    const third = await signedIn(server, await newUser(server));
    const token = tokenOf(await linkFor(server, (await newUser(server)).id));
    const sent = await third.open('/account/reset-password', {
      method: 'POST',
      body: new URLSearchParams({ token, ...twice() }),
    });
    assert.equal(sent.location, '/login?to=account&prompt=login');
    const account = await third.visit('/account');
    assert.deepEqual([account.status, message(account, 'status')], [200, undefined]);
  });

  it('lets a person in who has tried everything before, and whoever guesses no further', async () => {
    const strict = await startServer(
      { ...ENV, LOGIN_LIMIT_PER_ACCOUNT: '3' },
      { store: server.store },
    );
    const user = await newUser(strict);
    await withClock(async (advance) => {
      const person = new Person(strict);
      const page = await person.visit('/login');
      const guess = async (password = 'a guess') =>
        (await person.signIn(page, user.username, password)).status;
      const limited = [await guess(), await guess(), await guess(), await guess()];
      assert.deepEqual(limited, [400, 400, 400, 429]);
      const url = await linkFor(strict, user.id);
      const login = await person.submit(await person.visit(url), twice());
      // What was refused is remembered for a moment.
      advance(10_000);
      const account = await person.signIn(login, user.username, NEW_PASSWORD);
      assert.match(account.text, /<h1>Your account<\/h1>/);
      const again = [await guess(), await guess(), await guess(), await guess()];
      assert.deepEqual(again, [400, 400, 400, 429]);
      assert.equal(await guess(NEW_PASSWORD), 429);
    });
  });

  it('is for any id, at an issuer with a path', async () => {
    const below = await startServer(ENV, { store: server.store, path: '/auth' });
    for (const id of ['u/e?&#%', '~'.repeat(255), 'a b', '{}']) {
      const user = await newUser(below, { id });
      const url = await linkFor(below, id);
      assert.ok(url.startsWith(`${below.issuer}/account/reset-password?token=`), url);
      const person = new Person(below);
      const done = await person.submit(await person.visit(url), twice());
      assert.match(message(done, 'status') ?? '', /new password is set/, id);
      assert.match(
        (await person.signIn(done, user.username, NEW_PASSWORD)).text,
        /<h1>Your account<\/h1>/,
      );
    }
  });

  it('is not made for nobody, nor for people without a password here', async () => {
    assert.equal(await server.users.createResetLink('nobody'), undefined);
    const foreign = await newUser(server, { passwordHash: undefined });
    await assert.rejects(server.users.createResetLink(foreign.id), /has no password here/);
    await assert.rejects(server.users.createResetLink(7 as never), TypeError);
  });
});

describe('a server whose people are those of an app around it', () => {
  it('makes no links, and has no page for them', async () => {
    const own = { authenticate: () => undefined, loginUrl: '/sign-in' };
    const { users, close } = authorizationServer({ issuer: 'http://127.0.0.1:1', ...own });
    after(close);
    await assert.rejects(users.createResetLink('alice'), /are those of the app around it/);
  });
});
