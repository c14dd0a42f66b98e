// A client that nobody here vouches for: anybody may have registered it, so nobody is sent to it without
// having decided that (RFC 9700 section 4.11.2, OpenID Connect RP-Initiated Logout 1.0 section 3).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeUrl } from '../../helpers/flows.ts';
import { withClock } from '../../helpers/harness.ts';
import { type Host, serveHost } from '../../helpers/host.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import { APP, registerClient } from '../../helpers/registering.ts';

const CALLBACK = 'https://phish.example/callback';
const BYE = 'https://phish.example/bye';

async function registerStranger(host: Host): Promise<string> {
  const { json } = await registerClient(host, {
    ...APP,
    client_name: 'Your Bank',
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: [BYE],
  });
  return json.client_id;
}

describe('a client that nobody here vouches for', async () => {
  const host = await serveHost({ registration: 'open', scopes: { read: 'Read' } });
  const client_id = await registerStranger(host);
  const asks = (params: Record<string, string> = {}) =>
    authorizeUrl(host, { client_id, redirect_uri: CALLBACK, scope: 'read', ...params });
  const linkTo = (text: string) => /<a class="button[^>]* href="([^"]*)"><span>/.exec(text)?.[1];

  it('is sent nobody by a request that is wrong or silent: a page names the place, and has the way there', async () => {
    for (const params of [{ response_type: 'bogus' }, { prompt: 'none' }]) {
      const page = await new Person(host).visit(asks(params));
      assert.equal(page.status, 400);
      assert.equal(page.headers.get('location'), null);
      assert.match(page.text, /Continue to <bdi dir="ltr">phish\.example<\/bdi>/);
      const url = new URL(linkTo(page.text)!.replaceAll('&amp;', '&'));
      assert.equal(`${url.origin}${url.pathname}`, CALLBACK);
      assert.equal(url.searchParams.get('iss'), host.issuer);
      assert.ok(url.searchParams.get('error'));
    }
  });

  it('is sent the error by a form if it asks for one', async () => {
    const person = new Person(host);
    const page = await person.visit(asks({ response_mode: 'form_post', response_type: 'bogus' }));
    const { action, fields } = readForm(page.text);
    assert.equal(action, CALLBACK);
    assert.equal(fields['error'], 'unsupported_response_type');
    assert.doesNotMatch(page.text, /<script src=/, 'nothing sends it by itself');
  });

  it('has made no mistake if it asks for a person who is not signed in, or has not allowed it', async () => {
    const person = new Person(host);
    const asked = [asks({ prompt: 'none' }), asks({ prompt: 'none', ui_locales: 'de' })];
    const [out, german] = [await person.visit(asked[0]!), await person.visit(asked[1]!)];
    assert.match(out.text, /<h1[^>]*>You need to sign in first</);
    assert.match(german.text, /<h1[^>]*>Sie müssen sich zuerst anmelden</);
    await person.signIn(await person.visit('/login'));
    const page = await person.visit(asked[0]!);
    assert.equal(page.status, 400);
    assert.match(page.text, /<h1[^>]*>The app cannot continue without you</);
    for (const { text } of [out, page]) assert.doesNotMatch(text, /made a mistake|try again/);
  });

  it('is told at once that somebody is not signed in as it asks, or has not allowed it all, if they have allowed it something', async () => {
    const person = new Person(host);
    await person.allow(asks(), 'bob', 'builder');
    const more = asks({ prompt: 'none', scope: 'openid read' });
    const again = asks({ prompt: 'none', max_age: '0', login_hint: 'x' });
    const wrong = asks({ response_type: 'bogus' });
    assert.match((await person.visit(more)).location, /^https:\/\/phish.*error=consent_required/);
    await withClock(async (advance) => {
      advance(1000);
      assert.match((await person.visit(again)).location, /^https:\/\/phish.*error=login_required/);
    });
    assert.equal((await person.visit(wrong)).location, '', 'a mistake is a page');
    const alice = new Person(host);
    await alice.signIn(await alice.visit('/login'));
    assert.equal((await alice.visit(more)).location, '', 'somebody else has not decided');
    const client = (await host.store.clients.find(client_id))!;
    const other = { ...client, redirectUris: [...client.redirectUris, 'https://other.example/'] };
    await host.store.clients.save(other);
    assert.equal((await person.visit(more)).location, '', 'it is no longer the client that it was');
    await host.store.clients.save(client);
  });

  it('is told of an error at once in a frame, which takes nobody anywhere', async () => {
    const person = new Person(host);
    person.headers['sec-fetch-dest'] = 'iframe';
    assert.match((await person.visit(asks({ prompt: 'none' }))).location, /error=login_required/);
  });

  it('is sent whoever has just decided', async () => {
    const person = new Person(host);
    const page = await person.signIn(await person.visit(asks()));
    const denied = await person.submit(page, { decision: 'deny' });
    assert.match(denied.location, /^https:\/\/phish\.example\/callback\?error=access_denied/);
    assert.match(String(await person.allow(asks())), /^https:\/\/phish\.example\/callback\?code=/);
  });

  it('is not named beside the password', async () => {
    const login = await new Person(host).visit(asks());
    assert.match(login.text, /name="password"/);
    assert.doesNotMatch(login.text, /Your Bank/);
  });

  it('is sent nobody by a link to sign out who is not signed in', async () => {
    const params = { client_id, post_logout_redirect_uri: BYE };
    const url = `${host.issuer}/oauth/end-session?${new URLSearchParams(params)}`;
    const page = await new Person(host).visit(url);
    assert.equal(page.status, 200);
    assert.match(page.text, /You are signed out/);
    assert.equal(linkTo(page.text), BYE);
    assert.doesNotMatch(page.text, /<script src=/, 'nothing goes on by itself');
  });

  it('is sent whoever has just signed out for it', async () => {
    const person = new Person(host);
    await person.signIn(await person.visit('/login'), 'bob', 'builder');
    const params = { client_id, post_logout_redirect_uri: BYE };
    const asked = await person.visit(`/oauth/end-session?${new URLSearchParams(params)}`);
    assert.equal((await person.submit(asked, { decision: 'sign_out' })).location, BYE);
  });
});

describe('a client that somebody here has registered', async () => {
  const host = await serveHost();

  it('is told of an error at once', async () => {
    const { location } = await new Person(host).visit(authorizeUrl(host, { response_type: 'x' }));
    assert.match(location, /^http:\/\/127\.0\.0\.1:9\/callback\?error=unsupported_response_type/);
  });
});
