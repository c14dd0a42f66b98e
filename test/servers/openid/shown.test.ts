// What the pages say to a person about what an app learns of them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../../src/pages/words/en.ts';
import { authorizeUrl } from '../../helpers/flows.ts';
import { startServer } from '../../helpers/harness.ts';
import { Person } from '../../helpers/http-person.ts';
import { OPENID_SEED, relyingParty } from '../../helpers/openid.ts';

const SCOPE = 'write offline_access groups email read openid profile';
const CLAIMS = JSON.stringify({ userinfo: { birthdate: null, given_name: null } });

describe('what an app learns', async () => {
  const client = relyingParty('shown', { scope: SCOPE });
  const server = await startServer({}, { seed: { ...OPENID_SEED, clients: [client] } });
  const urlFor = (scope: string, claims?: string) =>
    authorizeUrl(server, {
      client_id: 'shown',
      redirect_uri: client.redirect_uris[0],
      scope,
      prompt: 'consent',
      claims,
    });
  const scopesOn = (text: string) =>
    [...text.matchAll(/class="scope-name" dir="ltr">([^<]*)</g)].map(([, name]) => name);

  it('stands in one order on the consent page and on the account page: what it learns, what it does, for how long', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(urlFor(SCOPE)));
    const order = ['openid', 'profile', 'email', 'groups', 'read', 'write', 'offline_access'];
    assert.deepEqual(scopesOn(page.text), order);
    await person.submit(page, { decision: 'allow' });
    assert.deepEqual(scopesOn((await person.visit('/account')).text), order);
  });

  it('by the names of claims stands before what the app does, in the order of OpenID Connect Core', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(urlFor('read openid', CLAIMS)));
    assert.deepEqual(scopesOn(page.text), ['openid', 'claims', 'read']);
    assert.ok(page.text.indexOf(en['claim.given_name']) < page.text.indexOf(en['claim.birthdate']));
  });

  it('is not said to be nothing, if the person cancels, of an app that knows something already', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(urlFor('openid')), 'bob', 'builder');
    assert.match(page.text, /the app learns nothing about you/);
    await person.submit(page, { decision: 'allow' });
    const again = await person.visit(urlFor('openid email'));
    assert.match(again.text, /the app learns nothing new about you/);
  });
});
