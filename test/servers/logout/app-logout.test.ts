// People of an app around the server, whom a client sends to sign out: the app signs them out, at its own
// page.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Express, Request } from 'express';
import { cookieOf } from '../../../src/http/cookies.ts';
import type { AuthorizationServer } from '../../../src/index.ts';
import { type AnyOptions, type Host, serveAround } from '../../helpers/host.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { relyingParty, signInTo, signInUrl, userInfo } from '../../helpers/openid.ts';
import { textOf } from '../../helpers/people.ts';
import { APP, registerClient } from '../../helpers/registering.ts';

const BYE = 'https://rp.example/bye';
const AGENDA = relyingParty('agenda', {
  client_name: 'Agenda',
  scope: 'openid',
  post_logout_redirect_uris: [BYE],
});

/** An app whose people sign in by a link, and out at /sign-out, unless they change their mind there. */
async function startApp(options: AnyOptions = {}) {
  const sessions = new Map<string, string>();
  const sidOf = (req: Request) => cookieOf(req, 'app');
  const seen: (string | undefined)[] = [];
  const pages = (app: Express, server: AuthorizationServer) => {
    app.get('/in', (req, res) => {
      const sid = randomBytes(16).toString('hex');
      sessions.set(sid, String(req.query['as'] ?? 'maria'));
      res.setHeader('Set-Cookie', `app=${sid}; Path=/`);
      res.redirect(303, String(req.query['return_to'] ?? '/'));
    });
    app.get('/sign-out', async (req, res) => {
      const back = req.query['return_to'] as string | undefined;
      seen.push(back);
      const sid = sidOf(req);
      if (req.query['stay'] === undefined && sid !== undefined) {
        sessions.delete(sid);
        await server.signOut({ sid });
      }
      if (back === undefined) res.send('Bye from the app');
      else res.redirect(303, back);
    });
  };
  const host = await serveAround(
    (app, server) => {
      pages(app, server);
      app.use(server.handler);
    },
    {
      clients: [AGENDA],
      authenticate: (req: Request) => {
        const sid = sidOf(req) ?? '';
        const id = sessions.get(sid);
        return id && { id, name: `Person ${id}`, sid, authTime: Date.now() };
      },
      loginUrl: '/in',
      logoutUrl: '/sign-out',
      ...options,
    },
  );
  const isSignedIn = async (person: Person) => {
    const { location } = await person.open(signInUrl(host, 'agenda', { prompt: 'none' }));
    return new URL(location).searchParams.get('error') !== 'login_required';
  };
  return { host, seen, isSignedIn };
}

const urlOf = (host: Host, params: Record<string, string> = {}) =>
  `${host.issuer}/oauth/end-session?${new URLSearchParams(params)}`;

async function someone(host: Host) {
  const person = new Person(host);
  const tokens = await signInTo(host, { client: 'agenda', person });
  const isActive = async () => (await userInfo(host, tokens.access_token)).status === 200;
  return { person, hint: tokens.id_token, isActive };
}

describe('an app that has a page that signs people out', async () => {
  const { host, seen, isSignedIn } = await startApp();
  const bye = { post_logout_redirect_uri: BYE, state: 'x' };

  it('gets those whose client proves which session it means, and sends them back by return_to', async () => {
    const { person, hint, isActive } = await someone(host);
    const sent = await person.open(urlOf(host, { id_token_hint: hint, ...bye }));
    const page = new URL(sent.location, host.origin);
    assert.equal(page.pathname, '/sign-out');
    assert.match(page.searchParams.get('return_to')!, /^\/oauth\/end-session\?continue=[\w-]+$/);
    assert.equal(await isSignedIn(person), true, 'the server leaves that to the app');
    assert.equal(await isActive(), true);
    assert.equal((await person.visit(sent.location)).location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person), false);
    assert.equal(await isActive(), false);
  });

  it('gets others once they have said that they want to sign out', async () => {
    const { person } = await someone(host);
    const page = await person.visit(urlOf(host, { client_id: 'agenda', ...bye }));
    assert.match(textOf(page), /Agenda asks you to sign out.*Signed in as Person maria maria/);
    assert.equal((await person.submit(page, { decision: 'stay' })).location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person), true);
    assert.equal((await person.submit(page, { decision: 'sign_out' })).location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person), false);
  });

  it('says itself that they are signed out if there is nowhere to go back to', async () => {
    const { person, hint } = await someone(host);
    const page = await person.visit(urlOf(host, { id_token_hint: hint }));
    assert.equal(page.text, 'Bye from the app');
    assert.equal(seen.at(-1), undefined);
    assert.equal(await isSignedIn(person), false);
    assert.equal((await person.visit(urlOf(host))).text, 'Bye from the app');
  });

  it('is not asked for those who are not signed in: they come straight back', async () => {
    const { hint } = await someone(host);
    const visits = seen.length;
    const { location } = await new Person(host).open(urlOf(host, { id_token_hint: hint, ...bye }));
    assert.equal(location, `${BYE}?state=x`);
    assert.equal(seen.length, visits);
  });

  it('may keep somebody signed in, who then gets back to the client, and is not sent in circles', async () => {
    const { host, isSignedIn } = await startApp({ logoutUrl: '/sign-out?stay=1' });
    const { person, hint } = await someone(host);
    const { location } = await person.visit(urlOf(host, { id_token_hint: hint, ...bye }));
    assert.equal(location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person), true);
  });

  it('has nobody sent to a client that no one vouches for, by a way back that somebody else has made', async () => {
    const { host, seen, isSignedIn } = await startApp({ registration: 'open' });
    const evil = 'https://evil.example/phish';
    const { json } = await registerClient(host, { ...APP, post_logout_redirect_uris: [evil] });
    const stranger = new Person(host);
    await stranger.open(`${host.origin}/in?as=eve`);
    const sought = { client_id: json.client_id, post_logout_redirect_uri: evil };
    await stranger.submit(await stranger.visit(urlOf(host, sought)), { decision: 'sign_out' });
    const wayBack = seen.at(-1)!;

    const signedOut = await new Person(host).open(`${host.origin}${wayBack}`);
    assert.equal(signedOut.status, 200);
    assert.match(signedOut.text, /You are signed out/);
    assert.match(signedOut.text, /href="https:\/\/evil\.example\/phish"/);
    assert.match(signedOut.text, /href="\/in\?return_to=%2Faccount"/);

    const { person } = await someone(host);
    const asked = await person.open(`${host.origin}${wayBack}`);
    assert.equal(asked.status, 200);
    assert.match(textOf(asked), /asks you to sign out/);
    assert.equal(await isSignedIn(person), true);
  });

  it('has people without a session of their own asked, because nobody can say which one is meant', async () => {
    const authenticate = () => ({ id: 'maria', name: 'Maria' });
    const { host } = await startApp({ authenticate });
    const { person, hint } = await someone(host);
    const page = await person.open(urlOf(host, { id_token_hint: hint, ...bye }));
    assert.match(textOf(page), /Agenda asks you to sign out/);
  });

  it('has the endpoint in the metadata, and without its page there is none', async () => {
    const { host: without } = await startApp({ logoutUrl: undefined });
    for (const [one, expected] of [
      [host, `${host.issuer}/oauth/end-session`],
      [without, undefined],
    ] as const) {
      const { json } = await http(`${one.issuer}/.well-known/openid-configuration`);
      assert.equal(json.end_session_endpoint, expected);
    }
    assert.equal((await http(urlOf(without))).status, 404);
  });
});
