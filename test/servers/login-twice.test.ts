// A form that signs a person in, sent twice: a double click sends it again with the cookies of before, and
// the browser has those that either answer brings.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { startServer, withClock } from '../helpers/harness.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { signInTo, type Tokens, userInfo } from '../helpers/openid.ts';
import {
  gatedServer,
  heldBefore,
  isSignedIn,
  newUser,
  PASSWORD,
  passwords,
  post,
  signedIn,
} from '../helpers/people.ts';
import { SIGN_OUT_SEED, toldOf } from '../helpers/sign-outs.ts';

const SECRET = 's'.repeat(32);
const server = await startServer({ SESSION_SECRET: SECRET }, { seed: SIGN_OUT_SEED });
const { store } = server;

const sidOf = ({ id_token }: Tokens) => String(decodeJwt(id_token)['sid']);
const sessionsOf = async ({ id }: { readonly id: string }) =>
  (await store.sessions.listByUser(id, Date.now())).map(({ hash }) => hash);
const cookieOf = (person: Person) => person.cookies.get(person.nameOf('oauth_session'));
const signOut = async (person: Person) => person.submit(await person.visit('/logout'), {});

/** The same browser, with the cookies that it has now. */
function sameBrowser(person: Person, at = server): Person {
  const copy = new Person(at);
  for (const [name, value] of person.cookies) copy.cookies.set(name, value);
  return copy;
}

/** The login form in a browser, and what is to be sent. @param by the browser */
async function loginForm(by: Person, username: string, password = PASSWORD) {
  const { action, fields } = readForm((await by.visit('/login?to=account&prompt=login')).text);
  const form = { ...fields, username, password };
  return async (person: Person, entered: Record<string, string> = {}) => {
    const answer = await post(person, action, { ...form, ...entered });
    return answer.location;
  };
}

/** Somebody who is signed in to an app, and in whose browser the login page is open again. */
async function aboutToSignInAgain(at = server) {
  const user = await newUser(at);
  const browser = await signedIn(at, user);
  const tokens = await signInTo(at, { client: 'agenda', person: browser });
  return { user, browser, tokens, send: await loginForm(browser, user.username) };
}

/** Whatever comes of it, there is one session, in which the app is; its end is the end of it all. */
async function assertOneSession(
  { user, tokens }: Pick<Awaited<ReturnType<typeof aboutToSignInAgain>>, 'user' | 'tokens'>,
  clicks: readonly Person[],
  at = server,
) {
  assert.equal((await sessionsOf(user)).length, 1);
  for (const person of clicks) assert.equal(await isSignedIn(person, at), true);
  const again = await signInTo(at, { client: 'agenda', person: clicks.at(-1)! });
  assert.equal(sidOf(again), sidOf(tokens));
  await signOut(clicks.at(-1)!);
  assert.deepEqual(await toldOf(store, user.id), [`agenda ${sidOf(tokens)}`]);
  assert.equal((await userInfo(at, tokens.access_token)).status, 401);
  assert.deepEqual(await sessionsOf(user), []);
}

describe('a login form that is sent twice where the person is signed in', () => {
  it('goes on with the session, so that a sign-out ends what belongs to it', async () => {
    const about = await aboutToSignInAgain();
    const clicks = [sameBrowser(about.browser), sameBrowser(about.browser)];
    for (const click of clicks) assert.equal(await about.send(click), '/account');
    await assertOneSession(about, clicks);
  });

  it('does so if both arrive at once, or five', async () => {
    for (const count of [2, 5]) {
      const about = await aboutToSignInAgain();
      const clicks = Array.from({ length: count }, () => sameBrowser(about.browser));
      const answers = await Promise.all(clicks.map((click) => about.send(click)));
      assert.deepEqual(new Set(answers), new Set(['/account']));
      await assertOneSession(about, clicks);
    }
  });

  for (const [noun, verb] of [
    ['sessions', 'find'],
    ['sessions', 'delete'],
    ['sessions', 'save'],
    ['requests', 'add'],
    ['grants', 'prolongSession'],
  ] as const) {
    it(`does so if the second overtakes the first before ${noun}.${verb}`, async () => {
      const gate = await gatedServer(server, heldBefore(noun, verb));
      const about = await aboutToSignInAgain(gate.server);
      const clicks = [1, 2].map(() => sameBrowser(about.browser, gate.server));
      gate.close();
      const late = about.send(clicks[0]!);
      await gate.arrived;
      assert.equal(await about.send(clicks[1]!), '/account');
      gate.open();
      assert.equal(await late, '/account');
      await assertOneSession(about, clicks, gate.server);
    });
  }

  it('does so if it is that for a new password, too', async () => {
    const user = await newUser(server);
    const browser = await signedIn(server, user);
    const tokens = await signInTo(server, { client: 'agenda', person: browser });
    const { action, fields } = readForm((await browser.visit('/account/password')).text);
    const clicks = [sameBrowser(browser), sameBrowser(browser)];
    for (const click of clicks) {
      const { location } = await post(click, action, { ...fields, ...passwords() });
      assert.equal(location, '/account');
    }
    await assertOneSession({ user, tokens }, clicks);
  });
});

describe('a login form that is sent twice where nobody is signed in', () => {
  it('begins one session, one after the other or at once', async () => {
    for (const atOnce of [false, true]) {
      const user = await newUser(server);
      const browser = new Person(server);
      const send = await loginForm(browser, user.username);
      const clicks = Array.from({ length: 3 }, () => sameBrowser(browser));
      if (atOnce) await Promise.all(clicks.map((click) => send(click)));
      else for (const click of clicks) await send(click);
      assert.equal((await sessionsOf(user)).length, 1);
      for (const click of clicks) assert.equal(await isSignedIn(click, server), true);
    }
  });

  it('begins another one if that has ended in between, which does not come back', async () => {
    const user = await newUser(server);
    const browser = new Person(server);
    const send = await loginForm(browser, user.username);
    const tokens: Tokens[] = [];
    const cookies: (string | undefined)[] = [];
    for (let times = 0; times < 3; times += 1) {
      const click = sameBrowser(browser);
      await send(click);
      const copy = sameBrowser(click);
      cookies.push(cookieOf(click));
      tokens.push(await signInTo(server, { client: 'agenda', person: click }));
      await signOut(click);
      assert.equal(await isSignedIn(copy, server), false);
    }
    assert.equal(new Set(cookies).size, 3);
    assert.equal(new Set(tokens.map(sidOf)).size, 3);
  });

  it('begins another one after ten seconds', async () => {
    await withClock(async (advance) => {
      const user = await newUser(server);
      const browser = new Person(server);
      const send = await loginForm(browser, user.username);
      for (const pause of [0, 9999, 1]) {
        advance(pause);
        await send(sameBrowser(browser));
        assert.equal((await sessionsOf(user)).length, pause === 1 ? 2 : 1);
      }
    });
  });

  it('gives nothing to who has the cookies and not the password, or a password of their own', async () => {
    const [user, other] = [await newUser(server), await newUser(server)];
    const browser = new Person(server);
    const send = await loginForm(browser, user.username);
    const [person, guesser, neighbour] = [browser, browser, browser].map((one) => sameBrowser(one));
    await send(person!);
    await send(guesser!, { password: 'a guess' });
    assert.equal(cookieOf(guesser!), undefined);
    await send(neighbour!, { username: other.username });
    assert.notEqual(cookieOf(neighbour!), cookieOf(person!));
    assert.equal((await sessionsOf(user)).length, 1);
    assert.equal((await sessionsOf(other)).length, 1);
  });
});
