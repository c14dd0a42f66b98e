// A program around the server signs people out: by signOut(), and by what it does to its users.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import type { ServerEvents } from '../../../src/events.ts';
import type { AppPerson } from '../../../src/index.ts';
import { authorizeAs, requestToken } from '../../helpers/flows.ts';
import { type Host, serveHost } from '../../helpers/host.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { ALL_SCOPES, refreshAs, signInTo, type Tokens, userInfo } from '../../helpers/openid.ts';
import { quickHash } from '../../helpers/passwords.ts';
import { toldOf, toldParty } from '../../helpers/sign-outs.ts';

const SECRET = 'the-secret-of-every-server-in-this-file';
const CLIENTS = [
  toldParty('agenda', { scope: ALL_SCOPES }),
  toldParty('board', { scope: ALL_SCOPES }),
];
const OFFLINE = { scope: 'openid offline_access' };

const logoutOf = (client: string, { id_token }: Tokens) =>
  `${client} ${decodeJwt(id_token)['sid']}`;

const works = async (host: Host, { access_token }: Tokens) =>
  (await userInfo(host, access_token)).status === 200;

const notesOf = ({ origin }: Host, token: string) =>
  http(`${origin}/notes`, { headers: { authorization: `Bearer ${token}` } });

function heardBy({ server }: Host) {
  const heard: ServerEvents['logout'][0][] = [];
  server.events.on('logout', (told) => heard.push(told));
  return heard;
}

describe('signOut() of an app that keeps people and sessions', async () => {
  /** By the cookie `who`. */
  const sessions: Record<string, AppPerson> = {};
  const host = await serveHost({
    secret: SECRET,
    allowInternalUrls: true,
    clients: CLIENTS,
    authenticate: ({ headers }: { headers: { cookie?: string } }) =>
      sessions[/who=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? ''],
    loginUrl: '/in',
  });
  const { server, store } = host;

  /** A browser in which somebody is signed in to the app. */
  function browser(who: string, id: number, sid?: string): Person {
    sessions[who] = { id, name: `Number ${id}`, ...(sid !== undefined && { sid }) };
    const person = new Person(host);
    person.cookies.set('who', who);
    return person;
  }

  it('ends one session by the sid that the app said, and no other', async () => {
    const [first, second] = [browser('a', 7, 'sid-a'), browser('b', 7, 'sid-b')];
    const tokens = await signInTo(host, { client: 'agenda', person: first });
    const offline = await signInTo(host, { client: 'board', person: first, params: OFFLINE });
    const others = await signInTo(host, { client: 'agenda', person: second });
    const heard = heardBy(host);
    assert.deepEqual(await server.signOut({ sid: 'sid-a' }), { clients: 2 });
    assert.deepEqual(heard, [{ userId: '7' }]);
    const told = [logoutOf('agenda', tokens), logoutOf('board', offline)];
    assert.deepEqual(await toldOf(store, '7'), told.sort());
    assert.equal(await works(host, tokens), false);
    assert.equal(await works(host, others), true);
    assert.equal((await refreshAs(host, 'board', offline.refresh_token)).status, 200);
    assert.deepEqual(await server.signOut({ sid: 'sid-a' }), { clients: 0 });
    assert.deepEqual(await server.signOut({ sid: 'nobody' }), { clients: 0 });
    assert.equal(heard.length, 1);
  });

  for (const id of [8, 9n, '10']) {
    it(`ends every session by the id of the person: ${typeof id} ${id}`, async () => {
      const [first, second] = [browser('c', Number(id)), browser('d', Number(id), `sid-d${id}`)];
      const one = await signInTo(host, { client: 'agenda', person: first });
      const two = await signInTo(host, { client: 'agenda', person: second });
      const stranger = await signInTo(host, { client: 'agenda', person: browser('e', 11) });
      assert.deepEqual(await server.signOut({ userId: id }), { clients: 1 });
      const told = [logoutOf('agenda', one), logoutOf('agenda', two)];
      assert.deepEqual(await toldOf(store, String(id)), told.sort());
      assert.deepEqual([await works(host, one), await works(host, two)], [false, false]);
      assert.equal(await works(host, stranger), true);
    });
  }

  it('asked for many times at once ends and counts each client once', async () => {
    const tokens = await signInTo(host, { client: 'agenda', person: browser('f', 12, 'sid-f') });
    const calls = Array.from({ length: 8 }, () => server.signOut({ sid: 'sid-f' }));
    const counts = (await Promise.all(calls)).map(({ clients }) => clients);
    assert.deepEqual(counts.sort(), [0, 0, 0, 0, 0, 0, 0, 1]);
    assert.deepEqual(await toldOf(store, '12'), [logoutOf('agenda', tokens)]);
  });

  for (const [given, message] of [
    [undefined, 'signOut() takes an object of options, and was given undefined.'],
    ['7', 'signOut() takes an object of options, and was given "7".'],
    [{}, /^signOut\(\) takes either the sid .*: \{ sid \} or \{ userId \}\.$/],
    [{ sid: 's', userId: '7' }, /^signOut\(\) takes either the sid /],
    [{ sid: '' }, 'The option sid of signOut() is "", which is empty.'],
    [{ sid: 7 }, 'The option sid of signOut() is 7, which is not a string.'],
    [{ sid: null }, 'The option sid of signOut() is null, which is not a string.'],
    [{ userId: 1.5 }, 'The option userId of signOut() is 1.5, which is not a string.'],
    [{ userId: '' }, 'The option userId of signOut() is "", which is empty.'],
    [{ userId: 'josé' }, /^The option userId of signOut\(\) is "josé", which .* not ASCII/],
    [{ userId: 'a\0' }, /^The option userId .*, which has a control character in it\.$/],
    [{ user: '7' }, 'signOut() has no option user. Its options are sid, userId.'],
  ] as const) {
    it(`is refused if it cannot be meant: ${message}`, async () => {
      const signOut = server.signOut as (given: unknown) => Promise<unknown>;
      await assert.rejects(signOut(given), { name: 'TypeError', message });
    });
  }
});

describe('signOut() where people sign in at this server', async () => {
  const users = [
    { id: 'maria', username: 'maria', password_hash: quickHash('caterpillar') },
    { id: 'carl', username: 'carl', password_hash: quickHash('flora') },
  ];
  const host = await serveHost({
    secret: SECRET,
    allowInternalUrls: true,
    clients: CLIENTS,
    users,
  });

  it('ends all sessions of the person, and those of nobody else', async () => {
    const [first, second, stranger] = [new Person(host), new Person(host), new Person(host)];
    const login = ['maria', 'caterpillar'] as const;
    const one = await signInTo(host, { client: 'agenda', person: first, login });
    const two = await signInTo(host, { client: 'board', person: second, login });
    const theirs = await signInTo(host, {
      ...{ client: 'agenda', person: stranger },
      login: ['carl', 'flora'],
    });
    const heard = heardBy(host);
    assert.deepEqual(await host.server.signOut({ userId: 'maria' }), { clients: 2 });
    assert.deepEqual(heard, [{ userId: 'maria' }]);
    const told = [logoutOf('agenda', one), logoutOf('board', two)];
    assert.deepEqual(await toldOf(host.store, 'maria'), told);
    for (const person of [first, second]) {
      assert.equal((await person.open('/account')).location, '/login?to=account');
    }
    assert.equal((await stranger.open('/account')).status, 200);
    assert.equal(await works(host, theirs), true);
  });

  it('takes no sid, because nobody was told one', async () => {
    await assert.rejects(host.server.signOut({ sid: 'anything' }), {
      name: 'TypeError',
      message: /takes no sid where people sign in at this server: \{ userId \} ends all/,
    });
  });
});

describe('what a program does to a user', async () => {
  const host = await serveHost({ secret: SECRET, allowInternalUrls: true, clients: CLIENTS });
  const { users } = host.server;

  /** A user who has signed in to a client. */
  async function signedInUser(params = {}) {
    const { id, username } = await users.register({
      username: `user-${Math.random()}`,
      password_hash: quickHash('caterpillar'),
    });
    const person = new Person(host);
    const login = [username, 'caterpillar'] as const;
    const tokens = await signInTo(host, { client: 'agenda', person, login, params });
    return { id, person, tokens };
  }

  it('tells clients of a new password, and ends the sessions for good', async () => {
    const { id, person, tokens } = await signedInUser();
    await users.update(id, { name: 'Maria Sibylla' });
    assert.deepEqual(await toldOf(host.store, id), []);
    assert.equal(await works(host, tokens), true);
    await users.update(id, { password: 'a new one that is long' });
    assert.deepEqual(await toldOf(host.store, id), [logoutOf('agenda', tokens)]);
    assert.equal(await works(host, tokens), false);
    assert.equal((await person.open('/account')).location, '/login?to=account');
    assert.deepEqual(await host.store.sessions.listByUser(id, Date.now()), []);
  });

  it('tells clients of a user who is removed, also those that had offline_access', async () => {
    const { id, tokens } = await signedInUser(OFFLINE);
    assert.equal(await users.remove(id), true);
    assert.deepEqual(await toldOf(host.store, id), [logoutOf('agenda', tokens)]);
    assert.equal(await works(host, tokens), false);
    assert.equal((await refreshAs(host, 'agenda', tokens.refresh_token)).status, 400);
    assert.equal(await users.remove(id), false);
  });
});

describe('users.remove() where people are those of the app', async () => {
  const sign = { name: 'maria', password: 'caterpillar' };
  const hosts = {
    authenticate: await serveHost({
      secret: SECRET,
      allowInternalUrls: true,
      clients: CLIENTS,
      authenticate: ({ headers }: { headers: { cookie?: string } }) => {
        const id = Number(/who=(\d+)/.exec(headers.cookie ?? '')?.[1]);
        return id ? { id, name: `Number ${id}`, sid: `sid-${id}` } : undefined;
      },
      loginUrl: '/in',
    }),
    findUser: await serveHost({
      secret: SECRET,
      allowInternalUrls: true,
      clients: CLIENTS,
      findUser: (typed: string) => ({ id: Number(typed.replace(sign.name, '')), username: typed }),
      verifyPassword: (_person: unknown, password: string) => password === sign.password,
    }),
  };

  for (const [option, host] of Object.entries(hosts)) {
    const { server, store } = host;
    const isKept = option === 'findUser';

    /** Tokens of a person: of a sign-in, of one with `offline_access`, and of what is no sign-in. */
    async function allOf(id: number) {
      const person = new Person(host);
      person.cookies.set('who', String(id));
      const login = [`${sign.name}${id}`, sign.password] as const;
      const signIn = await signInTo(host, {
        ...{ client: 'agenda', person },
        ...(isKept && { login }),
      });
      const offline = await signInTo(host, { client: 'board', person, params: OFFLINE });
      const { json: plain } = await (await authorizeAs(host, { person })).exchange();
      const state = async () => [
        await works(host, signIn),
        (await notesOf(host, plain.access_token)).status === 200,
        (await refreshAs(host, 'board', offline.refresh_token)).status === 200,
        (await store.consents.listByUser(String(id))).length > 0,
        (await person.open('/account')).status === 200,
      ];
      return { state, plain, told: [logoutOf('agenda', signIn), logoutOf('board', offline)] };
    }

    it(`ends all access of a person of ${option}, tells their clients, and leaves others alone`, async () => {
      const [closed, other] = [await allOf(20), await allOf(21)];
      // A refresh token is rotated by each look.
      assert.equal(await server.users.remove(20), true);
      assert.deepEqual(await closed.state(), [false, false, false, false, !isKept]);
      const form = { grant_type: 'refresh_token', refresh_token: closed.plain.refresh_token };
      assert.equal((await requestToken(host, form, 'web:web-secret')).status, 400);
      assert.deepEqual(await toldOf(store, '20'), closed.told.sort());
      assert.equal(await server.users.remove('20'), false);
      assert.deepEqual(await other.state(), [true, true, true, true, true]);
      assert.deepEqual(await toldOf(store, '21'), []);
    });

    it(`is refused for what is no id of ${option}`, async () => {
      await assert.rejects(server.users.remove(1.5), {
        name: 'TypeError',
        message: 'users.remove() was given 1.5 for an id, which is not a string.',
      });
    });
  }
});

describe('signOut() where people are in a table of the app’s', async () => {
  const people = [{ id: 7, username: 'maria', password: 'caterpillar', passwordChangedAt: 1 }];
  const host = await serveHost({
    secret: SECRET,
    allowInternalUrls: true,
    clients: CLIENTS,
    findUser: (typed: string) => people.find(({ username }) => username === typed),
    verifyPassword: (person: (typeof people)[number], password: string) =>
      person.password === password,
  });
  const login = ['maria', 'caterpillar'] as const;

  it('ends sessions and tells clients at once, which a password that changed alone does not', async () => {
    const person = new Person(host);
    const tokens = await signInTo(host, { client: 'agenda', person, login });
    people[0]!.passwordChangedAt = 2;
    assert.equal((await person.open('/account')).location, '/login?to=account');
    assert.deepEqual(await toldOf(host.store, '7'), []);
    assert.deepEqual(await host.server.signOut({ userId: 7 }), { clients: 1 });
    assert.deepEqual(await toldOf(host.store, '7'), [logoutOf('agenda', tokens)]);
    assert.equal(await works(host, tokens), false);
    assert.deepEqual(await host.store.sessions.listByUser('7', Date.now()), []);
  });

  it('is made up for at the next sign-in in the same browser', async () => {
    const person = new Person(host);
    const tokens = await signInTo(host, { client: 'board', person, login });
    people[0]!.passwordChangedAt = 3;
    const again = await signInTo(host, { client: 'board', person, login });
    const all = await toldOf(host.store, '7');
    assert.ok(all.includes(logoutOf('board', tokens)), String(all));
    assert.notEqual(logoutOf('board', again), logoutOf('board', tokens));
    assert.equal(await works(host, tokens), false);
    assert.equal(await works(host, again), true);
  });
});
