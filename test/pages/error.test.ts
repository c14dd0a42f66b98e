// What an error page says to a person, and where it lets them go on to.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
