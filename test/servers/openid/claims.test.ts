// What a client is told of a person, and how the person is shown that: before they allow it, and on the
// account page.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askForCodes, TV } from '../../helpers/devices.ts';
import { startServer } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import type { Answer } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { OPENID_SEED, relyingParty, signInTo, signInUrl, userInfo } from '../../helpers/openid.ts';
import { record, textOf } from '../../helpers/people.ts';

const ALICE = {
  email: 'alice@example.com',
  email_verified: true,
  given_name: 'Alice',
  nickname: '<i>Al</i>',
  picture: `https://example.com/${'a'.repeat(100)}.jpg`,
  address: { formatted: 'Deanery\r\nOxford', locality: 'Oxford', country: 'UK' },
  groups: Array.from({ length: 25 }, (_, n) => `group-${n}`),
  updated_at: 1_700_000_000,
};

const SEED = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-both', { id_token_claims: true }),
    { ...TV, scope: 'openid email' },
  ],
  users: OPENID_SEED.users.map((user) =>
    user.username === 'alice' ? { ...user, ...ALICE } : user,
  ),
};

const ALL = 'openid profile email address phone groups';

/** What the page lists under a scope. */
function listed(page: Answer, scope: string): string {
  const item = page.text.split('<li>').find((one) => one.includes(`"ltr">${scope}</code>`));
  return textOf({ text: item?.split('</code>')[1]?.split('</li>')[0] } as Answer).trim();
}

describe('the consent page', async () => {
  const server = await startServer({}, { seed: SEED });
  const alice = new Person(server);
  await alice.signIn(await alice.visit('/login'));
  const bob = new Person(server);
  await bob.signIn(await bob.visit('/login'), 'bob', 'builder');
  const ask = (person: Person, params: Record<string, string>) =>
    person.visit(signInUrl(server, 'rp', { prompt: 'consent', ...params }));

  it('shows what each scope tells of the person', async () => {
    const page = await ask(alice, { scope: ALL });
    assert.match(page.text, /<h1[^>]*>Let <bdi>Client rp<\/bdi> know who you are\?</);
    assert.equal(listed(page, 'email'), 'alice@example.com confirmed');
    assert.equal(listed(page, 'address'), 'Deanery , Oxford , UK');
    const profile = listed(page, 'profile');
    assert.match(profile, /^Name Alice Liddell Nickname &lt;i&gt;Al&lt;\/i&gt; Username alice/);
    assert.match(profile, / Picture example\.com\/a{48}… Last changed Nov 14, 2023$/);
    assert.equal(listed(page, 'openid'), '');
  });

  it('cuts what is long, and loads no picture', async () => {
    const page = await ask(alice, { scope: ALL });
    assert.match(listed(page, 'groups'), /^group-0 , .*group-19 , and 5 more$/);
    assert.doesNotMatch(page.text, /<img[^>]*example\.com|src="https?:/);
  });

  it('says so if nothing is known, for what is known later is told, too', async () => {
    const page = await ask(bob, { scope: ALL });
    for (const scope of ['email', 'address', 'phone', 'groups']) {
      assert.equal(listed(page, scope), 'Nothing saved yet', scope);
    }
    assert.equal(listed(page, 'profile'), 'Name Bob Username bob');
  });

  it('shows the claims that are asked for one by one, known or not', async () => {
    const claims = JSON.stringify({
      userinfo: { email: { essential: true }, given_name: null },
      id_token: { email_verified: null, phone_number: null, groups: { value: ['x'] } },
    });
    const page = await ask(bob, { scope: 'openid groups', claims });
    assert.equal(listed(page, 'groups'), 'Nothing saved yet');
    const expected = [
      'First name Nothing saved yet',
      'E-mail address Nothing saved yet',
      'Phone number Nothing saved yet',
    ];
    assert.equal(listed(page, 'claims'), expected.join(' '));
    const known = listed(await ask(alice, { scope: 'openid', claims }), 'claims');
    assert.match(known, /^First name Alice E-mail address alice@example\.com confirmed /);
  });

  it('says that an app with the scope openid alone learns that somebody signed in', async () => {
    const page = await ask(alice, { scope: 'openid' });
    assert.match(textOf(page), /The app will learn that you signed in here/);
    assert.doesNotMatch(page.text, /scopes-heading/);
    const more = await ask(alice, { scope: 'openid offline_access' });
    assert.match(textOf(more), /use your account\?.*Keep this access when you are not using/);
  });

  it('of a device shows the same', async () => {
    const { user_code } = await askForCodes(server, { scope: 'openid email' });
    const code = await alice.visit('/device');
    const page = await alice.submit(code, { user_code });
    assert.equal(listed(page, 'email'), 'alice@example.com confirmed');
  });
});

describe('the account page', async () => {
  it('shows what each app is told, as it is now, and the page that removes one does not', async () => {
    const server = await startServer({}, { seed: SEED });
    const person = new Person(server);
    const claims = JSON.stringify({ userinfo: { given_name: null } });
    await signInTo(server, { person, params: { scope: 'openid email read', claims } });
    const user = (await server.store.users.findByUsername('alice'))!;
    await server.store.users.save({ ...user, email: 'new@example.com' });
    const page = await person.visit('/account');
    const app = textOf(page);
    assert.match(app, /See your e-mail address email new@example\.com confirmed/);
    assert.match(app, /See these details about you claims First name Alice/);
    const removal = textOf(await person.visit('/account/remove-app?client_id=rp'));
    assert.match(removal, /See your e-mail address email/);
    assert.doesNotMatch(removal, /new@example\.com/);
  });
});

describe('UserInfo and the ID token', async () => {
  const server = await startServer({}, { seed: SEED });
  const told = async (client: string, params: Record<string, string>) => {
    const tokens = await signInTo(server, { client, params });
    const [, payload = ''] = tokens.id_token.split('.');
    const idToken = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return { idToken, userInfo: (await userInfo(server, tokens.access_token)).json };
  };

  it('say what the person has allowed: the scopes in UserInfo, single claims where they are asked for', async () => {
    const claims = JSON.stringify({
      id_token: { given_name: null, email: { value: 'bob@example.com' }, phone_number: null },
    });
    const { idToken, userInfo } = await told('rp', { scope: 'openid email address', claims });
    const { email, email_verified, address } = ALICE;
    assert.deepEqual(userInfo, { sub: 'alice', email, email_verified, address });
    assert.equal(idToken.given_name, 'Alice');
    assert.ok(!('email' in idToken || 'address' in idToken || 'phone_number' in idToken));
  });

  it('say the same with id_token_claims', async () => {
    const { idToken, userInfo } = await told('rp-both', { scope: ALL });
    for (const [name, value] of Object.entries(userInfo)) {
      assert.deepEqual(idToken[name], value, name);
    }
    assert.equal(Object.keys(userInfo).length, 11);
  });
});

describe('people of an app around the server', () => {
  const people = { id: 7, name: 'Maria', claims: { email: 'maria@example.com', groups: [] } };
  const clients = [relyingParty('rp', { scope: 'openid email phone' })];
  const open = (options: object) =>
    serveHost({ authenticate: () => people, loginUrl: '/in', clients, ...options });

  it('are shown and told as it knew them when they approved, and as userClaims knows them now', async () => {
    let phone = '1';
    const asked: unknown[] = [];
    const host = await open({
      userClaims: async (user: object, scopes: string[]) => {
        asked.push([user, scopes]);
        return { phone_number: phone, locale: 'de' };
      },
    });
    const person = new Person(host);
    const page = await person.visit(signInUrl(host, 'rp', { scope: 'openid email phone' }));
    assert.equal(listed(page, 'email'), 'maria@example.com');
    assert.equal(listed(page, 'phone'), '1');
    assert.deepEqual(asked, [[{ id: '7' }, ['email', 'phone']]]);
    const tokens = await signInTo(host, { person, params: { scope: 'openid email phone' } });
    people.claims.email = 'other@example.com';
    phone = '2';
    const { json } = await userInfo(host, tokens.access_token);
    people.claims.email = 'maria@example.com';
    assert.deepEqual(json, { sub: '7', email: 'maria@example.com', phone_number: '2' });
  });

  it('can take access back even if the app cannot say what is known of them', async () => {
    let isAway = false;
    const host = await open({
      userClaims: () => {
        if (isAway) throw new Error('away');
        return {};
      },
    });
    const person = new Person(host);
    await signInTo(host, { person, params: { scope: 'openid email' } });
    isAway = true;
    const failures = record(
      { ...host, events: host.server.events } as unknown as Parameters<typeof record>[0],
      'failure',
    );
    const page = await person.visit('/account');
    assert.equal(page.status, 200);
    assert.match(textOf(page), /See your e-mail address/);
    assert.equal(failures.length, 1);
    const asked = await person.visit(
      signInUrl(host, 'rp', { prompt: 'consent', scope: 'openid email' }),
    );
    assert.equal(asked.status, 500);
    await person.submit(await person.visit('/account/remove-app?client_id=rp'), {});
    assert.match(textOf(await person.visit('/account')), /No app has access/);
  });
});
