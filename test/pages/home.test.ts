// The home page of a server that is no demo: customers come here by the brand's link and from a page
// that is not there.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDemo } from '../helpers/demo.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

describe('the home page', () => {
  it('of a server that is no demo speaks to people: the brand, and the way in or out', async () => {
    const server = await startServer({ BRAND: 'Book & Shop' }, { path: '/auth' });
    const person = new Person(server);
    const home = `${server.issuer}/`;
    const guest = await person.visit(home);
    assert.match(guest.text, /<h1>Book &amp; Shop<\/h1>/);
    assert.match(guest.text, /<a [^>]*href="\/auth\/login">Sign in<\/a>/);
    await person.signIn(await person.visit(`${server.issuer}/login`));
    const known = await person.visit(home);
    assert.match(known.text, /<h1>Book &amp; Shop<\/h1>[\s\S]*alice/);
    assert.match(known.text, /<a [^>]*href="\/auth\/account">Your account<\/a>/);
    assert.doesNotMatch(known.text, /href="\/auth\/login"/);
    for (const { text } of [guest, known]) {
      const words = text.replaceAll(/<(?!table)[^>]*>/g, '');
      assert.doesNotMatch(words, /OAuth|OpenID|token|endpoint|client|<table/i);
    }
    const out = await person.submit(known, {});
    assert.match(out.text, /You are signed out/);
  });

  it('of a demo says what the server is, and lists its endpoints', async () => {
    const { text } = await http(`${await startDemo()}/`);
    assert.match(text, /This is an OAuth 2\.0 authorization server/);
    assert.match(text, /<table class="endpoints"[\s\S]*\/oauth\/token/);
  });
});
