// A sign-out that is sent twice: a double click sends it again with the cookies of before, and the browser
// shows what the second is answered.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from '../../helpers/harness.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import { OPENID_SEED, relyingParty, signInTo } from '../../helpers/openid.ts';
import {
  gatedServer,
  heldBefore,
  isSignedIn,
  newUser,
  PASSWORD,
  post,
  signedIn,
} from '../../helpers/people.ts';

const BYE = 'https://rp.example/bye';
const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('framed', {
      frontchannel_logout_uri: 'https://rp.example/framed',
      post_logout_redirect_uris: [BYE, `${BYE}?other`],
    }),
  ],
};
const server = await startServer({ SESSION_SECRET: 's'.repeat(32) }, { seed });

/** The same browser, with the cookies that it has now. */
function sameBrowser(person: Person, at = server): Person {
  const copy = new Person(at);
  for (const [name, value] of person.cookies) copy.cookies.set(name, value);
  return copy;
}

/** Somebody who is signed in to a client with a front-channel, in the same browser as often as asked. */
async function clicksOf(count: number, at = server) {
  const user = await newUser(at);
  const browser = await signedIn(at, user);
  const login = [user.username, PASSWORD] as const;
  const { id_token } = await signInTo(at, { client: 'framed', person: browser, login });
  const clicks = Array.from({ length: count }, () => sameBrowser(browser, at));
  return { browser, clicks, hint: id_token };
}

/** What each kind of sign-out sends, and how often it may be sent. */
const WAYS = {
  'the form of the logout page': async ({ browser }: { browser: Person }) => {
    const { action, fields } = readForm((await browser.visit('/logout')).text);
    return (person: Person) => post(person, action, fields);
  },
  'the request of a client that proves which session it means': async ({
    hint,
  }: {
    hint: string;
  }) => {
    const params = { id_token_hint: hint, post_logout_redirect_uri: BYE };
    const url = `/oauth/end-session?${new URLSearchParams(params)}`;
    return (person: Person) => person.open(url);
  },
  'the form of the page that asks whether to sign out': async ({
    browser,
  }: {
    browser: Person;
  }) => {
    const params = { client_id: 'framed', post_logout_redirect_uri: BYE };
    const page = await browser.visit(`/oauth/end-session?${new URLSearchParams(params)}`);
    const { action, fields } = readForm(page.text);
    return (person: Person) => post(person, action, { ...fields, decision: 'sign_out' });
  },
};

/** All were sent to the page that loads the frame of the client. */
async function assertTold(clicks: readonly Person[], locations: readonly string[]) {
  assert.match(locations[0]!, /^\/logout\?done=/);
  assert.equal(new Set(locations).size, 1, locations.join(' '));
  for (const person of clicks) {
    const page = await person.open(locations[0]!);
    assert.match(page.text, /<iframe[^>]* src="https:\/\/rp\.example\/framed\?iss=/);
    assert.equal(await isSignedIn(person, server), false);
  }
}

for (const [what, prepare] of Object.entries(WAYS)) {
  describe(`${what}, sent twice,`, () => {
    it('shows what came of it both times, one after the other and at once', async () => {
      for (const count of [1, 2, 5]) {
        const about = await clicksOf(2 + count);
        const send = await prepare(about);
        const [early, ...others] = about.clicks;
        const first = count === 1 ? [(await send(early!)).location] : [];
        const clicks = count === 1 ? others : about.clicks;
        const answers = await Promise.all(clicks.map(async (one) => (await send(one)).location));
        await assertTold(about.clicks, [...first, ...answers]);
      }
    });

    for (const [noun, verb] of [
      ['grants', 'listBySession'],
      ['requests', 'save'],
      ['grants', 'leaveSession'],
      ['sessions', 'delete'],
    ] as const) {
      it(`shows it if the second overtakes the first before ${noun}.${verb}`, async () => {
        const gate = await gatedServer(server, heldBefore(noun, verb));
        const about = await clicksOf(2, gate.server);
        const send = await prepare(about);
        gate.close();
        const late = send(about.clicks[0]!);
        await gate.arrived;
        const { location } = await send(about.clicks[1]!);
        gate.open();
        await assertTold(about.clicks, [(await late).location, location]);
      });
    }
  });
}

describe('the page about a sign-out', () => {
  it('is for the browser whose session ended by it, and for no other', async () => {
    const { browser, clicks } = await clicksOf(2);
    const { action, fields } = readForm((await browser.visit('/logout')).text);
    await post(clicks[0]!, action, fields);
    const forged = sameBrowser(browser);
    const name = browser.nameOf('oauth_session');
    forged.cookies.set(name, browser.cookies.get(name)!.replace(/\.[^.]*$/, '.forged'));
    for (const stranger of [new Person(server), forged]) {
      assert.equal((await post(stranger, action, fields)).location, '/logout');
    }
    assert.match((await post(clicks[1]!, action, fields)).location, /done=/);
  });

  it('keeps nobody from another place to which a client sends them', async () => {
    const { clicks, hint } = await clicksOf(3);
    const urlTo = (uri: string) =>
      `/oauth/end-session?${new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: uri })}`;
    const [first, second, third] = clicks;
    const { location } = await first!.open(urlTo(BYE));
    assert.equal((await second!.open(urlTo(`${BYE}?other`))).location, `${BYE}?other`);
    assert.equal((await third!.open(urlTo(BYE))).location, location);
  });

  it('is the plain one both times if there is nothing to say', async () => {
    const browser = await signedIn(server, await newUser(server));
    const { action, fields } = readForm((await browser.visit('/logout')).text);
    for (const click of [sameBrowser(browser), sameBrowser(browser)]) {
      assert.equal((await post(click, action, fields)).location, '/logout');
    }
  });
});
