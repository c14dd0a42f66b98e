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

  it('is marked as new if it was not allowed before, though something was, in words that are read out', async () => {
    const person = new Person(server);
    const userId = (await server.store.users.findByUsername('bob'))!.id;
    await server.store.consents.withdraw(userId, 'shown');
    const claims = JSON.stringify({ userinfo: { given_name: null } });
    const fresh = await person.signIn(
      await person.visit(urlFor('openid email', claims)),
      'bob',
      'builder',
    );
    assert.doesNotMatch(fresh.text, />New</, 'nothing was allowed before');
    await person.submit(fresh, { decision: 'allow' });
    const news = async (url: string) => {
      const { text } = await person.visit(url);
      return [
        ...text.matchAll(
          /<(?:p class="scope-description"|dt)[^>]*>([^<]*)(?:<\/p>)?\s*<span [^>]*>New</g,
        ),
      ].map(([, what]) => what!.trim());
    };
    assert.deepEqual(await news(urlFor('openid email groups read', CLAIMS)), [
      en['scope.groups'],
      en['claim.birthdate'],
      'Read your data',
    ]);
    assert.deepEqual(await news(`${urlFor('openid email', claims)}`), []);
    assert.deepEqual(
      await news(`${urlFor('openid email')}&resource=https://api.example`),
      [],
      'nothing was allowed there',
    );
    const both = '&resource=https://api.example&resource=https://other.example';
    await server.store.consents.add({
      ...{ userId, clientId: 'shown', resource: 'https://api.example' },
      scope: ['openid', 'email'],
    });
    assert.deepEqual(
      await news(`${urlFor('openid email')}${both}`),
      [en['scope.openid'], en['scope.email']],
      'only at one of the two',
    );
  });

  it('is counted in every language where it is too much to show: of 30 groups 20, and 10 more', async () => {
    const groups = Array.from({ length: 30 }, (_, index) => `group-${index}`);
    const users = [{ username: 'carol', password: 'carol-of-many-groups', groups }];
    const many = await startServer({}, { seed: { ...OPENID_SEED, clients: [client], users } });
    const asked = authorizeUrl(many, {
      client_id: 'shown',
      redirect_uri: client.redirect_uris[0],
      scope: 'openid groups',
    });
    const person = new Person(many);
    await person.signIn(
      await person.visit(`${many.issuer}/login`),
      'carol',
      'carol-of-many-groups',
    );
    for (const [language, more] of [
      ['en', 'and 10 more'],
      ['de', '10 weitere'],
      ['es', 'y 10 más'],
      ['fr', 'et 10 autres'],
      ['zh', '另外 10 项'],
    ] as const) {
      const { text } = await person.visit(asked, { headers: { 'Accept-Language': language } });
      assert.match(text, new RegExp(`<bdi>group-19</bdi>, <bdi>${more}</bdi>`), language);
      assert.doesNotMatch(text, /group-20/);
    }
  });
});
