// Signing out of this server: what it ends, and the page that says what came of that.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createSignOutReports } from '../../../src/logout/sign-out-report.ts';
import { sidFor } from '../../../src/protocol/subject.ts';
import type { PendingLogout } from '../../../src/types.ts';
import { emptyStore } from '../../helpers/databases.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { type Answer, http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { askAs, OPENID_SEED, relyingParty, signInUrl } from '../../helpers/openid.ts';

const told = (id: string, more: object = {}) =>
  relyingParty(id, { backchannel_logout_uri: `https://rp.example/${id}`, ...more });
const framed = (id: string, uri = `https://rp.example/${id}`) =>
  relyingParty(id, { frontchannel_logout_uri: uri });
const MANY = Array.from({ length: 100 }, (_, n) => `app-${String(n).padStart(2, '0')}`);

const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    told('agenda', { client_name: 'Agenda' }),
    told('notes', { client_name: 'دفتر <i>' }),
    framed('framed'),
    framed('query', 'https://rp.example/out?tenant=1'),
    ...MANY.map((id) => told(id)),
  ],
};

/** A server whose clients hear of nothing until a test says so. */
async function start() {
  const store = await emptyStore();
  after(() => store.close());
  const claim = store.logouts.claim.bind(store.logouts);
  store.logouts.claim = async () => [];
  const server = await startServer({}, { seed, store });
  return {
    server,
    store,
    pending: (): Promise<readonly PendingLogout[]> => claim(1000, Date.now(), Date.now(), []),
  };
}

type Server = Awaited<ReturnType<typeof start>>['server'];

/** Signs a person in to a client. @returns what the token endpoint answered */
async function signInTo(server: Server, person: Person, client: string, scope = 'openid') {
  const back = await person.allow(signInUrl(server, client, { scope }));
  return askAs(server, client, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code')!,
    redirect_uri: 'https://rp.example/callback',
  });
}

const signOut = async (person: Person) => person.submit(await person.visit('/logout'), {});

/** Signs out, and answers with the redirect. */
async function redirectOf(person: Person): Promise<Answer> {
  const [, csrf_token = ''] = /name="csrf_token" value="([^"]*)"/.exec(
    (await person.visit('/logout')).text,
  )!;
  const body = new URLSearchParams({ csrf_token });
  return person.open('/logout', { method: 'POST', body });
}

/** What a page says, without its elements. */
const read = ({ text }: Answer) =>
  text.replaceAll(/<(style|svg)[\s\S]*?<\/\1>|<[^>]*>/g, '').replaceAll(/\s+/g, ' ');

const refresh = (server: Server, client: string, tokens: Answer) =>
  askAs(server, client, { grant_type: 'refresh_token', refresh_token: tokens.json.refresh_token });

describe('signing out', () => {
  it('ends what clients have for as long as the session, and leaves what outlasts it', async () => {
    const { server } = await start();
    const person = new Person(server);
    const ends = await signInTo(server, person, 'agenda');
    const lasts = await signInTo(server, person, 'rp', 'openid offline_access');
    const noSignIn = await signInTo(server, person, 'rp-post', 'read');
    await signOut(person);
    assert.equal((await refresh(server, 'rp', lasts)).status, 200);
    assert.equal((await refresh(server, 'rp-post', noSignIn)).status, 200);
    const headers = { authorization: `Bearer ${ends.json.access_token}` };
    assert.equal((await fetch(`${server.issuer}/oauth/userinfo`, { headers })).status, 401);
  });

  it('is told of by one event, and ends nothing in another browser', async () => {
    const { server, pending } = await start();
    const events: object[] = [];
    server.events.on('logout', (event) => events.push(event));
    const [person, elsewhere] = [new Person(server), new Person(server)];
    await signInTo(server, person, 'agenda');
    const there = await signInTo(server, elsewhere, 'notes', 'openid offline_access');
    await signOut(person);
    assert.deepEqual(events, [{ userId: 'alice' }]);
    assert.deepEqual(
      (await pending()).map(({ clientId }) => clientId),
      ['agenda'],
    );
    assert.equal((await refresh(server, 'notes', there)).status, 200);
  });

  it('twice at once tells each client once, and both end on the signed-out page', async () => {
    const { server, pending } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    const page = await person.visit('/logout');
    const answers = await Promise.all([person.submit(page, {}), person.submit(page, {})]);
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.match(read(answer), /You are signed out/);
    }
    assert.equal((await pending()).length, 1);
  });

  it('goes to the plain page if there is nothing to say', async () => {
    const { server } = await start();
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    assert.equal((await redirectOf(person)).location, '/logout');
  });
});

describe('the signed-out page', () => {
  it('says which apps are being told, have been, could not be and keep their access', async () => {
    const { server, store, pending } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    await signInTo(server, person, 'notes', 'openid offline_access');
    const { location } = await redirectOf(person);
    const first = await person.visit(location);
    assert.match(read(first), /We are telling Agenda and دفتر &lt;i&gt; that you signed out\./);
    assert.match(read(first), /دفتر &lt;i&gt; keeps its access to your account\./);
    assert.equal(first.headers.get('refresh'), '2');

    for (const logout of await pending()) {
      if (logout.clientId === 'agenda') await store.logouts.remove(logout);
      else await store.logouts.postpone(logout, 1, Date.now() + 10_000);
    }
    const then = await person.visit(location);
    assert.match(read(then), /You are also signed out of Agenda\./);
    assert.match(read(then), /دفتر &lt;i&gt; could not be reached yet\./);
    assert.match(then.text, /<bdi>دفتر &lt;i&gt;<\/bdi>/, 'a name may run from right to left');
    assert.doesNotMatch(read(then), /We are telling/);
    assert.equal(then.headers.get('refresh'), null, 'nothing is under way any more');
  });

  it('says of an app that has not answered in a moment that it could not be reached', async () => {
    const { server } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    await withClock(async (advance) => {
      const { location } = await redirectOf(person);
      assert.match(read(await person.visit(location)), /We are telling Agenda/);
      advance(2000);
      const page = await person.visit(location);
      assert.match(read(page), /Agenda could not be reached yet\./);
      assert.doesNotMatch(read(page), /We are telling/);
      assert.equal(page.headers.get('refresh'), null);
    });
  });

  it('says of an app that refused to be told where the person may still be signed in', async () => {
    const { server, store, pending } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    const { location } = await redirectOf(person);
    const [logout] = (await pending()) as [PendingLogout];
    await store.logouts.postpone(logout, 1, logout.expiresAt);
    const page = read(await person.visit(location));
    assert.match(page, /You may still be signed in to Agenda\. Please sign out there as well\./);
    assert.doesNotMatch(page, /yet|also signed out/);
  });

  it('does not send a person back to the app that signed them out', async () => {
    const { server, store } = await start();
    const person = new Person(server);
    const clients = ['rp', 'rp-post'].map((id) => store.clients.find(id));
    const left = (await Promise.all(clients)).map((client) => ({
      ...{ clientId: client!.id, userId: 'alice', client, keepsAccess: true },
    }));
    const outcomes = createSignOutReports(store, server.issuer);
    const handle = 'a-handle';
    await outcomes.keep(handle, outcomes.of(left, {}, 'rp'));
    const page = read(await person.visit(`/logout?done=${handle}`));
    assert.match(page, /You may still be signed in to Client rp-post\./);
    assert.match(page, /Client rp and Client rp-post keep their access/);
  });

  it('says which apps nobody can tell, or only by a frame that may have no effect', async () => {
    const { server } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'rp');
    await signInTo(server, person, 'framed');
    const page = await signOut(person);
    assert.match(read(page), /You may still be signed in to Client framed and Client rp\./);
    assert.doesNotMatch(read(page), /also signed out|telling/);
  });

  it('names four of a hundred apps and counts the rest, as each language counts', async () => {
    const { server, store, pending } = await start();
    const person = new Person(server);
    for (const id of MANY) await person.allow(signInUrl(server, id));
    const { location } = await redirectOf(person);
    const all = await pending();
    assert.equal(all.length, 100);
    const names = ['00', '01', '02', '03'].map((n) => `Client app-${n}`).join(', ');
    assert.ok(read(await person.visit(location)).includes(`telling ${names}, and 96 other apps`));
    const late = all.filter(({ clientId }) => Number(clientId.slice(4)) < 5);
    for (const logout of all) {
      if (late.includes(logout)) await store.logouts.postpone(logout, 1, 0);
      else await store.logouts.remove(logout);
    }
    for (const [language, said] of [
      ['en', `${names}, and 1 other app could not be reached yet.`],
      ['de', `${names} und 1 weitere App waren noch nicht erreichbar.`],
      ['fr', `joindre ${names} et 1 autre application.`],
    ] as const) {
      person.headers['accept-language'] = language;
      assert.ok(read(await person.visit(location)).includes(said), language);
    }
    person.headers['accept-language'] = 'de';
    const more = 'Client app-05, Client app-06, Client app-07, Client app-08 und 91 weitere Apps';
    assert.ok(
      read(await person.visit(location)).includes(`${more} haben Sie ebenfalls abgemeldet`),
    );
  });

  it('is the plain one for a handle that is unknown, sent twice or too long', async () => {
    const { server } = await start();
    const person = new Person(server);
    const plain = await person.visit('/logout');
    for (const query of ['done=', 'done=x', 'done=x&done=y', `done=${'x'.repeat(9999)}`]) {
      const page = await person.visit(`/logout?${query}`);
      assert.equal(page.status, 200, query);
      assert.equal(page.text, plain.text, query);
    }
  });

  it('asks whoever is signed in, whatever came of an earlier sign-out', async () => {
    const { server } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    const { location } = await redirectOf(person);
    await person.signIn(await person.visit('/login'));
    assert.match(read(await person.visit(location)), /You are signed in/);
  });
});

describe('the account page', () => {
  it('says of each app whether it keeps its access once the person signs out', async () => {
    const { server } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'agenda');
    await signInTo(server, person, 'notes', 'openid offline_access');
    await signInTo(server, person, 'rp', 'read');
    const page = await person.visit('/account');
    const said = (name: string) => {
      const entry = page.text.split('<h3 id="app-').find((part) => part.includes(`<bdi>${name}<`));
      return /It has access until|It keeps its access after/.exec(entry ?? '')?.[0];
    };
    assert.equal(said('Agenda'), 'It has access until');
    assert.equal(said('دفتر &lt;i&gt;'), 'It keeps its access after');
    assert.equal(said('Client rp'), 'It keeps its access after');
    await signOut(person);
    const then = await person.signIn(await person.visit('/account'));
    assert.match(read(then), /Agenda .*? It has no access at the moment/);
  });
});

describe('the frames of the signed-out page', () => {
  const framesOf = ({ text }: Answer) =>
    [...text.matchAll(/<iframe src="([^"]*)" sandbox="([^"]*)" hidden><\/iframe>/g)].map(
      ([, src = '', sandbox]) => ({ src: src.replaceAll('&amp;', '&'), sandbox }),
    );

  it('have iss and sid, are sandboxed, and only their origins may be framed', async () => {
    const { server, store } = await start();
    const person = new Person(server);
    await signInTo(server, person, 'framed');
    await signInTo(server, person, 'query');
    const [session] = await store.sessions.listByUser('alice', Date.now());
    const { sid } = JSON.parse(session!.data).oauth.user;
    const page = await signOut(person);
    const query = (client: string) =>
      new URLSearchParams({ iss: server.issuer, sid: sidFor(sid, client) });
    const sandbox = 'allow-scripts allow-same-origin';
    assert.deepEqual(
      framesOf(page).sort((a, b) => (a.src < b.src ? -1 : 1)),
      [
        { src: `https://rp.example/framed?${query('framed')}`, sandbox },
        { src: `https://rp.example/out?tenant=1&${query('query')}`, sandbox },
      ],
    );
    const policy = page.headers.get('content-security-policy')!;
    assert.match(policy, /; frame-src https:\/\/rp\.example$/);
    assert.doesNotMatch(policy, /script-src/);
    assert.doesNotMatch(page.text, /<script/);
    const plain = await person.visit('/logout');
    assert.doesNotMatch(plain.headers.get('content-security-policy')!, /frame-src/);
  });

  it('are never of a page that lacks the origin of a redirect URI', async () => {
    const { server, store } = await start();
    const person = new Person(server);
    const client = (await store.clients.find('framed'))!;
    const bad = [
      'https://other.example/out',
      'http://rp.example/out',
      'https://rp.example:8443/out',
    ];
    for (const [n, frontchannelLogoutUri] of bad.entries()) {
      const id = `bad-${n}`;
      const redirectUris = [...client.redirectUris, 'com.example.app:/callback'];
      await store.clients.save({ ...client, id, redirectUris, frontchannelLogoutUri });
      await person.allow(signInUrl(server, id));
    }
    const withOrigin = (id: string, origin: string) => ({
      ...{ ...client, id, frontchannelLogoutUri: `${origin}/out` },
      redirectUris: [...client.redirectUris, `${origin}/callback`],
    });
    for (const origin of ['https://a;script-src', 'https://a,b']) {
      await assert.rejects(store.clients.save(withOrigin('odd', origin)), /host that is no name/);
    }
    // No policy can name it.
    await store.clients.save(withOrigin('address', 'https://[2001:db8::1]'));
    await person.allow(signInUrl(server, 'address'));
    const page = await signOut(person);
    assert.deepEqual(framesOf(page), []);
    assert.doesNotMatch(page.headers.get('content-security-policy')!, /frame-src/);
  });

  it('are at most twenty, and no more origins than a header has room for', async () => {
    const { server, store } = await start();
    const client = (await store.clients.find('framed'))!;
    for (const [host, most] of [
      [() => 'rp', 20],
      [(n: number) => `${n}.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}`, 7],
    ] as const) {
      const person = new Person(server);
      for (let n = 0; n < 25; n += 1) {
        const origin = `https://${host(n)}.example`;
        const redirectUris = ['https://rp.example/callback', `${origin}/callback`];
        const id = `${most}-${n}`;
        await store.clients.save({
          ...{ ...client, id, redirectUris, frontchannelLogoutUri: `${origin}/out` },
        });
        await person.allow(signInUrl(server, id));
      }
      const page = await signOut(person);
      assert.equal(framesOf(page).length, most);
      assert.ok(page.headers.get('content-security-policy')!.length < 2000);
    }
  });
});

describe('discovery', () => {
  it('says that clients are told by frames, with the session', async () => {
    const { server } = await start();
    const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
    assert.equal(json.frontchannel_logout_supported, true);
    assert.equal(json.frontchannel_logout_session_supported, true);
  });
});
