// Users who are disabled: everything of theirs ends at once, in every process, nothing begins until they
// are enabled, and only who knows the password learns of it. Two servers on one store stand for processes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CustomGrantCall } from '../../src/index.ts';
import { DEVICE_CODE } from '../../src/oauth/device-codes.ts';
import type { Store } from '../../src/store/store.ts';
import type { User } from '../../src/types.ts';
import { askForCodes, TV } from '../helpers/devices.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { serveHost } from '../helpers/host.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { askAs, refreshAs, signInTo, signInUrl, userInfo } from '../helpers/openid.ts';
import {
  gatedServer,
  isSignedIn,
  message,
  newUser,
  PASSWORD,
  passwords,
  post,
  record,
  signedIn,
} from '../helpers/people.ts';
import { SIGN_OUT_SEED, toldOf } from '../helpers/sign-outs.ts';

const SECRET = 's'.repeat(32);
const SEED = { ...SIGN_OUT_SEED, clients: [...SIGN_OUT_SEED.clients, TV] };
const OFFLINE = { scope: 'openid read offline_access', prompt: 'consent' };

const one = await startServer({ SESSION_SECRET: SECRET }, { seed: SEED });
const other = await startServer(
  { SESSION_SECRET: SECRET, ISSUER: one.issuer },
  { seed: SEED, store: one.store },
);
/** The same issuer, asked at the other server. */
const elsewhere: TestServer = { ...other, issuer: other.origin };

const disable = ({ id }: User) => elsewhere.users!.update(id, { disabled: true });
const enable = ({ id }: User) => elsewhere.users!.update(id, { disabled: false });

/** What a browser is told at the login page. */
async function signIn(user: User, password = PASSWORD, person = new Person(one)): Promise<Answer> {
  return person.signIn(await person.visit('/login?to=account'), user.username, password);
}

/** A code of a client that is not redeemed yet. */
async function aCode(user: User, client: string, person = new Person(one)): Promise<string> {
  const back = await person.allow(
    signInUrl(one, client, { scope: 'openid read' }),
    user.username,
    PASSWORD,
  );
  return back.searchParams.get('code') ?? '';
}

const redeem = (server: TestServer, client: string, code: string) =>
  askAs(server, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://rp.example/callback',
  });

const collect = (server: TestServer, deviceCode: string) =>
  requestToken(server, {
    grant_type: DEVICE_CODE,
    device_code: deviceCode,
    client_id: TV.client_id,
  });

/** Lets a device in. @returns what the last page said */
async function allowDevice(person: Person, server: TestServer, userCode: string): Promise<Answer> {
  const page = await person.visit(`${server.origin}/device?user_code=${userCode}`);
  const asked = await person.submit(page, { user_code: userCode });
  return person.submit(asked, { decision: 'allow' });
}

/** Whether a client is told that its token is active. */
async function isActiveTo(
  server: { issuer: string },
  client: string,
  token: string,
): Promise<boolean> {
  const { json } = await http(`${server.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic(client, `${client}-secret`) },
    body: new URLSearchParams({ token }),
  });
  return json.active;
}

const errorOf = ({ status, json }: Answer) => [status, json.error];
const REFUSED = [400, 'invalid_grant'];

for (const client of ['rp', 'rp-jwt']) {
  describe(`a user who is disabled, and the tokens of ${client}`, () => {
    it('are signed out, refused and inactive at the next request to any server, and stay so once the user is enabled', async () => {
      const user = await newUser(one);
      const person = await signedIn(one, user);
      const login = [user.username, PASSWORD] as const;
      const tokens = await signInTo(one, { client, person, params: OFFLINE, login });
      const code = await aCode(user, client, person);
      const device = await askForCodes(one);
      await allowDevice(person, one, device.user_code);
      const atOther = new Person(elsewhere);
      for (const [name, value] of person.cookies) atOther.cookies.set(name, value);
      for (const server of [one, elsewhere]) {
        assert.equal((await getSecret(server, tokens.access_token)).status, 200);
        assert.equal(await isActiveTo(server, client, tokens.access_token), true);
      }

      const isOver = async () => {
        for (const server of [one, elsewhere]) {
          const { access_token, refresh_token } = tokens;
          assert.equal((await getSecret(server, access_token)).status, 401);
          assert.equal((await userInfo(server, access_token)).status, 401);
          assert.equal(await isActiveTo(server, client, access_token), false);
          assert.deepEqual(errorOf(await refreshAs(server, client, refresh_token)), REFUSED);
          assert.deepEqual(errorOf(await redeem(server, client, code)), REFUSED);
          assert.deepEqual(errorOf(await collect(server, device.device_code)), REFUSED);
        }
        for (const [browser, server] of [
          [person, one],
          [atOther, elsewhere],
        ] as const) {
          for (const path of ['/account', '/account/password', '/device']) {
            const { status, location } = await browser.open(path);
            assert.deepEqual([status, /\/login\?/.test(location)], [303, true], path);
          }
          const silent = await browser.open(
            signInUrl(server, client, { prompt: 'none', scope: 'openid read' }),
          );
          assert.equal(new URL(silent.location).searchParams.get('error'), 'login_required');
        }
      };
      await disable(user);
      await isOver();
      await enable(user);
      await isOver();

      // What they had allowed is remembered: nobody is asked again.
      const again = new Person(one);
      const page = await again.visit(signInUrl(one, client, { scope: 'openid read' }));
      const { location } = await again.signIn(page, user.username, PASSWORD);
      assert.notEqual(new URL(location).searchParams.get('code'), null);
    });
  });
}

describe('a user who is disabled, at the login page', () => {
  const WORDS = {
    en: 'This account has been disabled. Please ask whoever manages it.',
    de: 'Dieses Konto ist deaktiviert. Bitte wenden Sie sich an die Person, die es verwaltet.',
    fr: 'Ce compte a été désactivé. Adressez-vous à la personne qui le gère.',
    es: 'Esta cuenta está desactivada. Diríjase a la persona que la administra.',
    zh: '此账号已被停用，请联系管理员。',
  };

  it('is told so after the right password, and only then', async () => {
    const [user, other] = [await newUser(one), await newUser(one)];
    await disable(user);
    const heard = record(one, 'login_failed', 'login_succeeded');
    const right = await signIn(user);
    assert.deepEqual([right.status, message(right, 'alert')], [403, WORDS.en]);
    const [wrong, ofOther] = [await signIn(user, 'not it'), await signIn(other, 'not it')];
    assert.deepEqual(
      [wrong.status, message(wrong, 'alert')],
      [ofOther.status, message(ofOther, 'alert')],
    );
    const address = '127.0.0.1';
    assert.deepEqual(heard, [
      ['login_failed', { userId: user.id, address, reason: 'disabled' }],
      ['login_failed', { userId: user.id, address }],
      ['login_failed', { userId: other.id, address }],
    ]);
    await enable(user);
    assert.match((await signIn(user)).text, /<h1>Your account<\/h1>/);
  });

  for (const [language, words] of Object.entries(WORDS)) {
    it(`is told so in the language ${language}, beside the request that they came with`, async () => {
      const user = await newUser(one, { disabledAt: Date.now() });
      const person = new Person(one);
      person.headers['accept-language'] = language;
      const page = await person.visit(signInUrl(one));
      const answer = await person.signIn(page, user.username, PASSWORD);
      assert.equal(message(answer, 'alert'), words);
      assert.match(answer.text, /Client rp/);
    });
  }

  it('is not kept out by having tried often', async () => {
    const user = await newUser(one, { disabledAt: Date.now() });
    for (let times = 0; times < 15; times += 1) assert.equal((await signIn(user)).status, 403);
    await enable(user);
    assert.equal((await signIn(user)).status, 200);
  });
});

describe('a user who is disabled at the very moment', () => {
  /** A verb that waits, and what a person does meanwhile. */
  const BESIDE: Record<
    string,
    {
      wrap(store: Store, wait: () => Promise<void>): Partial<Store>;
      begin(server: TestServer, user: User, person: Person): Promise<() => Promise<Answer>>;
      isRefused(answer: Answer): boolean;
    }
  > = {
    'in which a sign-in is stored whose password was checked before': {
      wrap: ({ sessions }, wait) => ({
        sessions: { ...sessions, save: (...args) => wait().then(() => sessions.save(...args)) },
      }),
      async begin(server, user) {
        const fresh = new Person(server);
        const page = await fresh.visit('/login?to=account');
        return () => fresh.signIn(page, user.username, PASSWORD);
      },
      isRefused: ({ text }) => text.includes('name="password"'),
    },
    'in which an approval is stored': {
      wrap: ({ codes }, wait) => ({
        codes: { ...codes, save: (...args) => wait().then(() => codes.save(...args)) },
      }),
      async begin(server, _user, person) {
        const page = await person.visit(signInUrl(server, 'rp', { scope: 'openid read' }));
        return () => person.submit(page, { decision: 'allow' });
      },
      isRefused: ({ text }) => text.includes('name="password"'),
    },
    'in which a code is redeemed': {
      wrap: ({ codes }, wait) => ({
        codes: { ...codes, redeem: (...args) => wait().then(() => codes.redeem(...args)) },
      }),
      async begin(server, user, person) {
        const code = await aCode(user, 'rp', person);
        return () => redeem(server, 'rp', code);
      },
      isRefused: ({ json }) => json.error === 'invalid_grant',
    },
    'in which a token is refreshed': {
      wrap: ({ refreshTokens }, wait) => ({
        refreshTokens: {
          ...refreshTokens,
          rotate: (...args) => wait().then(() => refreshTokens.rotate(...args)),
        },
      }),
      async begin(server, _user, person) {
        const { refresh_token } = await signInTo(server, { person, params: OFFLINE });
        return () => refreshAs(server, 'rp', refresh_token);
      },
      isRefused: ({ json }) => json.error === 'invalid_grant',
    },
    'in which a device is let in': {
      wrap: ({ tickets }, wait) => ({
        tickets: { ...tickets, change: (...args) => wait().then(() => tickets.change(...args)) },
      }),
      async begin(server, _user, person) {
        const { user_code } = await askForCodes(server);
        return () => allowDevice(person, server, user_code);
      },
      isRefused: ({ text }) => text.includes('This request is over'),
    },
    'in which a device comes for its tokens': {
      wrap: ({ tokens }, wait) => ({
        tokens: { ...tokens, issue: (...args) => wait().then(() => tokens.issue(...args)) },
      }),
      async begin(server, _user, person) {
        const { user_code, device_code } = await askForCodes(server);
        await allowDevice(person, server, user_code);
        return () => collect(server, device_code);
      },
      isRefused: ({ json }) => json.error === 'invalid_grant',
    },
    'in which they change the password': {
      wrap: ({ users }, wait) => ({
        users: {
          ...users,
          changePassword: (...args) => wait().then(() => users.changePassword(...args)),
        },
      }),
      async begin(_server, _user, person) {
        const page = await person.visit('/account/password');
        return () => person.submit(page, passwords());
      },
      isRefused: ({ status }) => status === 400,
    },
  };
  for (const [moment, { wrap, begin, isRefused }] of Object.entries(BESIDE)) {
    it(`${moment} has nothing of it, then or later`, async () => {
      const gate = await gatedServer(one, wrap);
      const server = { ...gate.server, issuer: gate.server.origin };
      const user = await newUser(server);
      const person = await signedIn(server, user);
      const go = await begin(server, user, person);
      gate.close();
      const answer = go();
      const first = await Promise.race([gate.arrived, answer]);
      assert.equal(first, undefined, 'it was answered without a wait');
      await disable(user);
      gate.open();
      const answered = await answer;
      assert.ok(isRefused(answered), `${answered.status} ${answered.location} ${answered.text}`);
      const now = Date.now();
      assert.deepEqual(await one.store.grants.listByUser(user.id, now), []);
      assert.deepEqual(await one.store.sessions.listByUser(user.id, now), []);
      await enable(user);
      assert.equal(await isSignedIn(person, server), false);
      assert.match((await signIn(user)).text, /<h1>Your account<\/h1>/);
    });
  }

  it('of a form to change the password is sent to the login page', async () => {
    const user = await newUser(one);
    const person = await signedIn(one, user);
    const page = await person.visit('/account/password');
    await disable(user);
    const token = /name="csrf_token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const { status, location } = await post(person, '/account/password', {
      csrf_token: token,
      ...passwords(),
    });
    assert.deepEqual([status, location], [303, '/login?to=password']);
  });
});

describe('the apps of a user who is disabled', () => {
  it('are told by their back-channels, those with offline_access too, and once', async () => {
    const user = await newUser(one);
    const person = await signedIn(one, user);
    const login = [user.username, PASSWORD] as const;
    await signInTo(one, { client: 'agenda', person, login });
    await signInTo(one, { client: 'board', person, login, params: OFFLINE });
    const heard = record(elsewhere, 'user_disabled', 'user_enabled');
    await Promise.all([disable(user), disable(user), disable(user)]);
    await disable(user);
    const told = await toldOf(one.store, user.id);
    assert.deepEqual(
      told.map((line) => line.split(' ')[0]),
      ['agenda', 'board'],
    );
    await enable(user);
    await enable(user);
    const { id: userId } = user;
    assert.deepEqual(heard, [
      ['user_disabled', { userId }],
      ['user_enabled', { userId }],
    ]);
  });
});

describe('the field disabled', () => {
  it('is found, stays through other changes, and is taken away by false and by null', async () => {
    const given = { username: 'dora', password: PASSWORD };
    const made = await one.users!.register({ ...given, disabled: true });
    const { id } = made;
    assert.deepEqual(made, { id, username: 'dora', name: 'dora', disabled: true });
    const { disabledAt } = (await one.store.users.find(id))!;
    assert.ok(disabledAt);
    const renamed = await one.users!.update(id, { name: 'Dora', password: 'another one' });
    assert.deepEqual(renamed, { id, username: 'dora', name: 'Dora', disabled: true });
    assert.equal((await one.store.users.find(id))?.disabledAt, disabledAt);
    for (const enabled of [false, null]) {
      await one.users!.update(id, { disabled: true });
      assert.equal((await one.users!.update(id, { disabled: enabled }))?.disabled, undefined);
      assert.equal((await one.store.users.find(id))?.disabledAt, undefined);
    }
    await assert.rejects(one.users!.update(id, { disabled: 'yes' as never }), {
      message: `The user ${id} cannot be changed:\n  - disabled must be true or false`,
    });
  });

  it('keeps a user of a seed out', async () => {
    const users = [...SEED.users, { username: 'dodo', password: PASSWORD, disabled: true }];
    const server = await startServer({}, { seed: { ...SEED, users } });
    const person = new Person(server);
    const answer = await person.signIn(await person.visit('/login'), 'dodo', PASSWORD);
    assert.equal(answer.status, 403);
  });
});

describe('a grant type of an app that names a user who is disabled', async () => {
  const NAME = 'urn:example:params:oauth:grant-type:knock';
  let meanwhile = async (_store: Store) => {};
  const host = await serveHost({
    grants: {
      [NAME]: {
        parameters: {},
        async handle(call: CustomGrantCall) {
          const issued = call.issue({ user: { id: 'alice' } });
          await meanwhile(call.store);
          return issued;
        },
      },
    },
  });
  const client = (await host.store.clients.find('web'))!;
  await host.store.clients.save({ ...client, grants: [...client.grants, NAME] });
  const knock = () => requestToken(host, { grant_type: NAME }, 'web:web-secret');

  it('issues nothing, and what it issued before is over', async () => {
    const { json } = await knock();
    assert.equal(await isActiveTo(host, 'web', json.access_token), true);
    await host.server.users.update('alice', { disabled: true });
    assert.deepEqual(errorOf(await knock()), REFUSED);
    assert.equal(await isActiveTo(host, 'web', json.access_token), false);
    await host.server.users.update('alice', { disabled: false });
    meanwhile = async (store) => {
      const alice = (await store.users.find('alice'))!;
      await store.users.save({ ...alice, disabledAt: Date.now() });
    };
    const { status, json: late } = await knock();
    if (status === 200) assert.equal(await isActiveTo(host, 'web', late.access_token), false);
    else assert.equal(late.error, 'invalid_grant');
  });
});
