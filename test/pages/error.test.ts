// What an error page says to a person, and where it lets them go on to.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';
import { newUser, signedIn, textOf } from '../helpers/people.ts';

describe('the page for a sign-out with an error', async () => {
  const server = await startServer();
  const url = '/oauth/end-session?client_id=nobody';

  it('says that nobody is signed in, if nobody is, and offers nothing to sign out of', async () => {
    const page = await new Person(server).visit(url);
    assert.equal(page.status, 400);
    assert.match(page.text, /<h1[^>]*>You are not signed in here<\/h1>/);
    assert.doesNotMatch(page.text, /href="\/oauth\/end-session"|have not been signed out/);
    assert.match(textOf(page), /For the developer of the app .*client_id/);
  });

  it('offers to sign out to somebody who is signed in', async () => {
    const person = await signedIn(server, await newUser(server));
    const page = await person.visit(url);
    assert.match(page.text, /you have not been signed out here/);
    assert.match(page.text, /href="\/oauth\/end-session"/);
  });
});

describe('the page for an error that no app has caused', async () => {
  const server = await startServer({}, { path: '/auth' });
  const long = { method: 'POST', body: new URLSearchParams({ username: 'x'.repeat(300_000) }) };

  for (const [path, init, status] of [
    ['/login', long, 413],
    ['/account', { method: 'PUT' }, 405],
    ['/account/password', { method: 'DELETE' }, 405],
    ['/device', { method: 'PUT' }, 405],
  ] as const) {
    it(`accuses none, and leads to the account: ${init.method} ${path}, ${status}`, async () => {
      const page = await new Person(server).visit(`/auth${path}`, init);
      assert.equal(page.status, status);
      assert.match(page.text, /<h1[^>]*>That did not work<\/h1>/);
      assert.doesNotMatch(page.text, /The app|For the developer/);
      assert.match(page.text, /<a class="button[^>]* href="\/auth\/account">Your account</);
    });
  }

  it('is not shown for what an app has sent', async () => {
    const url = authorizeUrl(server, { response_type: 'token', redirect_uri: undefined });
    for (const [sent, init] of [
      [url.replace('client_id=', 'no_client='), {}],
      ['/auth/oauth/authorize', long],
    ] as const) {
      const page = await new Person(server).visit(sent, init);
      assert.match(page.text, /The app that sent you here/, sent);
    }
  });
});
