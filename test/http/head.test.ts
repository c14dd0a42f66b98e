// HEAD (RFC 9110 section 9.3.2): what GET says, without the content.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDemo } from '../helpers/demo.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import {
  account,
  allowed,
  formsTo,
  message,
  newUser,
  post,
  removePage,
  signedIn,
} from '../helpers/people.ts';

/** What may be another at the next request. */
const CHANGING = ['date', 'set-cookie', 'connection', 'keep-alive'];

describe('HEAD', async () => {
  const server = await startServer();
  const person = await signedIn(server, await newUser(server));
  const { access_token } = await allowed(server, person);
  const authorization = `Bearer ${access_token}`;

  for (const path of [
    '/',
    '/login',
    '/logout',
    '/account',
    '/account/password',
    '/account/remove-app?client_id=web',
    '/account/sign-out',
    '/secret',
    '/health',
    '/oauth/jwks',
    '/oauth/style.css',
    '/.well-known/oauth-authorization-server',
    '/.well-known/change-password',
  ]) {
    it(`of ${path} has the status and the headers of GET, and nothing else`, async () => {
      const ask = (method: string) => person.open(path, { method, headers: { authorization } });
      const [get, head] = [await ask('GET'), await ask('HEAD')];
      const headersOf = (answer: typeof get) =>
        Object.fromEntries([...answer.headers].filter(([name]) => !CHANGING.includes(name)));
      assert.ok(get.status < 400, String(get.status));
      assert.equal(head.status, get.status);
      assert.deepEqual(headersOf(head), headersOf(get));
      assert.equal(head.text, '');
    });
  }

  it('leaves the notice of the account page to the page', async () => {
    const page = await removePage(person, server);
    const [form] = formsTo(page, '/account/remove-app');
    await post(person, form!.action, form!.fields);
    assert.equal((await person.open('/account', { method: 'HEAD' })).status, 200);
    assert.match(message(await account(person, server), 'status') ?? '', /no longer has access/);
  });

  it('of the authorization endpoint is 405: GET has an effect there', async () => {
    const { status, headers } = await person.open(authorizeUrl(server), { method: 'HEAD' });
    assert.deepEqual([status, headers.get('allow')], [405, 'GET, POST']);
  });

  it('is answered by the pages of the demo, too', async () => {
    const demo = await startDemo();
    for (const path of ['/', '/playground', '/demo/callback?code=x&state=y']) {
      assert.equal((await http(`${demo}${path}`, { method: 'HEAD' })).status, 200, path);
    }
  });
});
