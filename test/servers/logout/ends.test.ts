// What ends sessions, beside the logout page: the clients that people signed in to there are told, and what
// they were granted without offline_access ends.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { StoreUnavailable } from '../../../src/store/store.ts';
import type { User } from '../../../src/types.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import { refreshAs, signInTo, signInUrl, type Tokens, userInfo } from '../../helpers/openid.ts';
import {
  account,
  allowed,
  changePassword,
  formsTo,
  gatedServer,
  HOUR,
  isActive,
  isSignedIn,
  newUser,
  PASSWORD,
  passwords,
  post,
  record,
  remove,
  signedIn,
} from '../../helpers/people.ts';
import { SIGN_OUT_SEED, toldOf } from '../../helpers/sign-outs.ts';

const SECRET = 's'.repeat(32);
const OFFLINE = { scope: 'openid offline_access' };

const sidOf = ({ id_token }: Tokens) => String(decodeJwt(id_token)['sid']);

/** What a client is to be told of the session of its tokens. */
const logoutOf = (client: string, tokens: Tokens) => `${client} ${sidOf(tokens)}`;

const works = async (server: TestServer, { access_token }: Tokens) =>
  (await userInfo(server, access_token)).status === 200;

const endOthers = async (person: Person, server: TestServer) => {
  const { action, fields } = formsTo(await account(person, server), '/account/sign-out').at(-1)!;
  return post(person, action, fields);
};

/** Two browsers of a person, each signed in to a client that is told and one that is not. */
async function twoBrowsers(server: TestServer) {
  const user = await newUser(server);
  const [here, there] = [await signedIn(server, user), await signedIn(server, user)];
  const signInHere = (client: string) => signInTo(server, { client, person: here });
  const signInThere = (client: string) => signInTo(server, { client, person: there });
  const ofHere = { agenda: await signInHere('agenda'), rp: await signInHere('rp') };
  const ofThere = { agenda: await signInThere('agenda'), rp: await signInThere('rp') };
  return { user, here, there, ofHere, ofThere };
}

describe('a session that ends', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed: SIGN_OUT_SEED });
  const { store } = server;

  it('in another browser ends what was signed in to there, and nothing else', async () => {
    const { user, here, there, ofHere, ofThere } = await twoBrowsers(server);
    const offline = await signInTo(server, { client: 'board', person: there, params: OFFLINE });
    const plain = await allowed(server, there);
    const [form] = formsTo(await account(here, server), '/account/sign-out');
    await post(here, form!.action, form!.fields);
    assert.equal(await isSignedIn(there, server), false);
    const told = [logoutOf('agenda', ofThere.agenda), logoutOf('board', offline)];
    assert.deepEqual(await toldOf(store, user.id), told.sort());
    assert.equal(await works(server, ofThere.agenda), false);
    assert.equal(await works(server, ofThere.rp), false);
    const refreshed = await refreshAs(server, 'agenda', ofThere.agenda.refresh_token);
    assert.deepEqual([refreshed.status, refreshed.json.error], [400, 'invalid_grant']);
    // It outlasts the session, and says no more of which one it was.
    const goesOn = await refreshAs(server, 'board', offline.refresh_token);
    assert.equal(goesOn.status, 200);
    assert.equal(decodeJwt(goesOn.json.id_token)['sid'], undefined);
    // No sign-in, though it was allowed there.
    assert.equal(await isActive(server, plain.access_token), true);
    assert.equal(await works(server, ofHere.agenda), true);
    assert.equal(await works(server, ofHere.rp), true);
  });

  it('everywhere else leaves what was signed in to here', async () => {
    const { user, here, there, ofHere, ofThere } = await twoBrowsers(server);
    await endOthers(here, server);
    assert.deepEqual(
      [await isSignedIn(here, server), await isSignedIn(there, server)],
      [true, false],
    );
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', ofThere.agenda)]);
    assert.equal(await works(server, ofThere.rp), false);
    assert.equal(await works(server, ofHere.rp), true);
  });

  it('with the password leaves what was signed in to where the password was changed', async () => {
    const { user, here, ofHere, ofThere } = await twoBrowsers(server);
    await changePassword(here, server);
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', ofThere.agenda)]);
    assert.equal(await works(server, ofThere.rp), false);
    assert.equal(await works(server, ofHere.agenda), true);
    // The session is the same for the clients: signing in again brings the same sid.
    const again = await signInTo(server, { client: 'agenda', person: here });
    assert.equal(sidOf(again), sidOf(ofHere.agenda));
  });

  it('with the password by a link leaves nothing, in this browser neither', async () => {
    const { user, here, there, ofHere, ofThere } = await twoBrowsers(server);
    const link = await server.users.createResetLink(user.id);
    await here.submit(await here.visit(link!.url), passwords());
    const told = [ofHere.agenda, ofThere.agenda].map((tokens) => logoutOf('agenda', tokens));
    assert.deepEqual(await toldOf(store, user.id), told.sort());
    for (const person of [here, there]) assert.equal(await isSignedIn(person, server), false);
    for (const tokens of [ofHere.rp, ofThere.rp]) assert.equal(await works(server, tokens), false);
  });

  it('tells nobody if the current password was wrong', async () => {
    const { user, here, ofThere } = await twoBrowsers(server);
    const form = await here.visit('/account/password');
    await here.submit(form, { ...passwords(), current_password: 'a guess of somebody' });
    assert.deepEqual(await toldOf(store, user.id), []);
    assert.equal(await works(server, ofThere.agenda), true);
  });

  it('with the password by a double click leaves what the first click has left', async () => {
    const { user, here, ofHere, ofThere } = await twoBrowsers(server);
    // The second click is sent with the cookies of before, as the browser has no others yet.
    const second = new Person(server);
    for (const [name, value] of here.cookies) second.cookies.set(name, value);
    const { action, fields } = readForm((await here.visit('/account/password')).text);
    await post(here, action, { ...fields, ...passwords() });
    assert.equal((await post(second, action, { ...fields, ...passwords() })).location, '/account');
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', ofThere.agenda)]);
    assert.equal(await works(server, ofHere.agenda), true);
  });

  it('for one app, which is removed, tells that app of every session, though it had offline_access', async () => {
    const { user, here, ofHere, ofThere } = await twoBrowsers(server);
    const offline = await signInTo(server, { client: 'board', person: here, params: OFFLINE });
    await remove(here, server, 'agenda');
    const told = [logoutOf('agenda', ofHere.agenda), logoutOf('agenda', ofThere.agenda)].sort();
    assert.deepEqual(await toldOf(store, user.id), told);
    assert.equal(await works(server, ofHere.rp), true);
    await remove(here, server, 'board');
    assert.deepEqual(await toldOf(store, user.id), [...told, logoutOf('board', offline)]);
    assert.equal((await refreshAs(server, 'board', offline.refresh_token)).status, 400);
  });
});

describe('a sign-in in a browser in which somebody is signed in', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed: SIGN_OUT_SEED });
  const { store } = server;
  const signInAgain = async (person: Person, { username }: User, password = PASSWORD) =>
    person.signIn(await person.visit('/login?to=account&prompt=login'), username, password);
  const grantsOf = async ({ id }: User) => store.grants.listByUser(id, Date.now());

  it('by the same person is the same session, and what was signed in to lasts as long', async () => {
    const user = await newUser(server);
    await withClock(async (advance) => {
      const person = await signedIn(server, user);
      const tokens = await signInTo(server, { client: 'agenda', person });
      const [before] = await grantsOf(user);
      advance(24 * HOUR);
      await signInAgain(person, user);
      const [after] = await grantsOf(user);
      assert.equal(after!.sessionEndsAt! - before!.sessionEndsAt!, 24 * HOUR);
      assert.deepEqual(await toldOf(store, user.id), []);
      const again = await signInTo(server, { client: 'agenda', person });
      assert.equal(sidOf(again), sidOf(tokens));
    });
  });

  it('by another person ends the session of the first, and their clients are told', async () => {
    const [first, second] = [await newUser(server), await newUser(server)];
    const person = await signedIn(server, first);
    const tokens = await signInTo(server, { client: 'agenda', person });
    await signInAgain(person, second);
    assert.deepEqual(await toldOf(store, first.id), [logoutOf('agenda', tokens)]);
    assert.equal(await works(server, tokens), false);
    const own = await signInTo(server, { client: 'agenda', person });
    assert.notEqual(sidOf(own), sidOf(tokens));
    assert.deepEqual(await toldOf(store, second.id), []);
    assert.deepEqual(await store.sessions.listByUser(first.id, Date.now()), []);
  });
});

describe('the end of a session', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed: SIGN_OUT_SEED });
  const { store } = server;
  /** A server that waits before it stores a code. */
  const beforeSave = () =>
    gatedServer(server, ({ codes }, wait) => ({
      codes: {
        ...codes,
        async save(...code) {
          await wait();
          return codes.save(...code);
        },
      },
    }));

  it('is told once though it is asked for several times at once', async () => {
    const { user, here, there, ofThere } = await twoBrowsers(server);
    const third = await signedIn(server, user);
    const board = await signInTo(server, { client: 'board', person: third });
    const heard = record(server, 'sessions_ended');
    const [form] = formsTo(await account(here, server), '/account/sign-out').slice(-1);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(here, form!.action, form!.fields)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
    const told = [logoutOf('agenda', ofThere.agenda), logoutOf('board', board)];
    assert.deepEqual(await toldOf(store, user.id), told.sort());
    assert.deepEqual(heard, [['sessions_ended', { userId: user.id, count: 2 }]]);
    assert.equal(await isSignedIn(there, server), false);
  });

  it('that fails half way can be asked for again, and nobody is told twice', async () => {
    const user = await newUser(server);
    let isAway = false;
    const failing = {
      ...store,
      sessions: {
        ...store.sessions,
        async end(hash: string, userId: string, now: number) {
          if (isAway) throw new StoreUnavailable('The store is away.');
          return store.sessions.end(hash, userId, now);
        },
      },
    };
    const weak = await startServer(
      { SESSION_SECRET: SECRET },
      { seed: SIGN_OUT_SEED, store: failing },
    );
    const [here, there] = [await signedIn(weak, user), await signedIn(weak, user)];
    const tokens = await signInTo(weak, { client: 'agenda', person: there });
    const [form] = formsTo(await account(here, weak), '/account/sign-out');
    isAway = true;
    assert.equal((await post(here, form!.action, form!.fields)).status, 503);
    // What is to be told is there before the session is gone.
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', tokens)]);
    assert.equal(await isSignedIn(there, weak), true);
    isAway = false;
    assert.equal((await post(here, form!.action, form!.fields)).status, 303);
    assert.equal(await isSignedIn(there, weak), false);
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', tokens)]);
  });

  it('also ends what was signed in to while it was on its way', async () => {
    const slow = await gatedServer(server, ({ sessions }, wait) => ({
      sessions: {
        ...sessions,
        async endOthers(...which) {
          await wait();
          return sessions.endOthers(...which);
        },
      },
    }));
    const user = await newUser(server);
    const [here, there] = [await signedIn(slow.server, user), await signedIn(slow.server, user)];
    slow.close();
    const ending = endOthers(here, slow.server);
    await slow.arrived;
    const tokens = await signInTo(slow.server, { client: 'agenda', person: there });
    slow.open();
    assert.equal((await ending).status, 303);
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', tokens)]);
    assert.equal(await works(slow.server, tokens), false);
  });

  it('by a password is told even if nobody hears that the password was changed', async () => {
    let isLost = true;
    const losing = {
      ...store,
      users: {
        ...store.users,
        async changePassword(...change: Parameters<typeof store.users.changePassword>) {
          const isChanged = await store.users.changePassword(...change);
          if (isLost) throw new StoreUnavailable('The answer of the store was lost.');
          return isChanged;
        },
      },
    };
    const weak = await startServer(
      { SESSION_SECRET: SECRET },
      { seed: SIGN_OUT_SEED, store: losing },
    );
    const { user, here, ofHere, ofThere } = await twoBrowsers(weak);
    const form = await here.visit('/account/password');
    assert.equal((await here.submit(form, passwords())).status, 503);
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', ofThere.agenda)]);
    assert.equal(await works(weak, ofThere.rp), false);
    isLost = false;
    assert.match((await here.submit(form, passwords())).text, /password has been changed/);
    assert.equal(await works(weak, ofHere.agenda), true);
    assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', ofThere.agenda)]);
  });

  it('beside an approval leaves no code, and the person signs in for the same request', async () => {
    const slow = await beforeSave();
    const user = await newUser(server);
    const [here, there] = [await signedIn(slow.server, user), await signedIn(slow.server, user)];
    const url = signInUrl(slow.server, 'agenda');
    const { action, fields } = readForm((await there.visit(url)).text);
    slow.close();
    const approving = post(there, action, { ...fields, decision: 'allow' });
    await slow.arrived;
    await endOthers(here, slow.server);
    slow.open();
    const { status, location } = await approving;
    assert.equal(status, 303);
    assert.match(location, /^\/oauth\/authorize\?continue=/);
    assert.deepEqual(await store.grants.listByUser(user.id, Date.now()), []);
    const login = await there.visit(location);
    assert.match(login.text, /Client agenda/);
    const back = await there.signIn(login, user.username, PASSWORD);
    const answer = new URL(back.location).searchParams;
    assert.ok(answer.get('code'), 'allowed before, so nobody is asked again');
    assert.equal(answer.get('state'), 'some-state');
  });

  it('beside an approval without a question is login_required for a client that wants none', async () => {
    const slow = await beforeSave();
    const user = await newUser(server);
    const [here, there] = [await signedIn(slow.server, user), await signedIn(slow.server, user)];
    await signInTo(slow.server, { client: 'agenda', person: there });
    slow.close();
    const params = { prompt: 'none' };
    const silent = signInTo(slow.server, { client: 'agenda', person: there, params });
    await slow.arrived;
    await endOthers(here, slow.server);
    slow.open();
    await assert.rejects(silent, /error=login_required/);
    assert.deepEqual(await store.grants.listByUser(user.id, Date.now()), []);
  });

  for (const [what, verb] of [
    ['the redemption of a code', 'redeem'],
    ['a refresh', 'rotate'],
  ] as const) {
    it(`beside ${what} leaves no tokens`, async () => {
      const slow = await gatedServer(server, ({ codes, refreshTokens }, wait) => ({
        codes: {
          ...codes,
          async redeem(...code) {
            if (verb === 'redeem') await wait();
            return codes.redeem(...code);
          },
        },
        refreshTokens: {
          ...refreshTokens,
          async rotate(...token) {
            if (verb === 'rotate') await wait();
            return refreshTokens.rotate(...token);
          },
        },
      }));
      const user = await newUser(server);
      const [here, there] = [await signedIn(slow.server, user), await signedIn(slow.server, user)];
      const signIn = () => signInTo(slow.server, { client: 'agenda', person: there });
      const before = await signIn();
      slow.close();
      const late =
        verb === 'redeem'
          ? signIn().then(String, String)
          : refreshAs(slow.server, 'agenda', before.refresh_token).then(({ text }) => text);
      await slow.arrived;
      await endOthers(here, slow.server);
      slow.open();
      assert.match(await late, /invalid_grant/);
      assert.deepEqual(await store.grants.listByUser(user.id, Date.now()), []);
      assert.deepEqual(await toldOf(store, user.id), [logoutOf('agenda', before)]);
    });
  }

  it('by a password that is changed beside a sign-in elsewhere leaves no grant of the old one', async () => {
    const slow = await beforeSave();
    const user = await newUser(server);
    const [here, there] = [await signedIn(slow.server, user), await signedIn(slow.server, user)];
    await signInTo(slow.server, { client: 'agenda', person: there });
    slow.close();
    const late = signInTo(slow.server, { client: 'board', person: there }).then(String, String);
    await slow.arrived;
    await changePassword(here, slow.server);
    slow.open();
    assert.match(await late, /name="password"/, 'the login page');
    assert.deepEqual(await store.grants.listByUser(user.id, Date.now()), []);
  });
});
