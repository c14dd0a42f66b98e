// Every page there is, over HTTP.

import { PERSON_CLAIMS } from '../../src/protocol/claims.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { startDemo } from './demo.ts';
import { askForCodes, TV } from './devices.ts';
import { authorizeAs, authorizeUrl } from './flows.ts';
import { startServer, type TestServer } from './harness.ts';
import type { Answer } from './http.ts';
import { Person, readForm } from './http-person.ts';
import { SEED } from './seeds.ts';

export interface VisitedPage {
  readonly name: string;
  /** The file in views/ that it is made with, without its ending. */
  readonly view: string;
  readonly answer: Answer;
}

/** A client that only wants to know who somebody is. */
const IDENTITY = {
  client_id: 'identity',
  client_secret: 'identity-secret',
  client_name: 'Web App',
  client_uri: 'https://identity.example/',
  logo_uri: 'https://identity.example/logo.png',
  policy_uri: 'https://identity.example/privacy',
  tos_uri: 'https://identity.example/terms',
  initiate_login_uri: 'https://identity.example/login',
  redirect_uris: ['https://identity.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email address phone groups offline_access',
};

/** All that can be known of somebody, but for the time zone. */
export const KNOWN = {
  email: 'bob@example.com',
  claims: {
    given_name: 'Bob',
    family_name: 'Builder',
    middle_name: 'B.',
    nickname: 'بوب',
    profile: 'https://example.com/bob',
    picture: `https://example.com/${'b'.repeat(200)}.jpg`,
    website: 'https://bob.example/',
    gender: 'm',
    birthdate: '1998-11-28',
    locale: 'en-GB',
    updated_at: 1_700_000_000,
    email_verified: true,
    address: { formatted: '1 Bobland Street\nSunflower Valley', country: 'UK' },
    phone_number: '+44 20 7946 0000',
    phone_number_verified: false,
    groups: ['builders', '建设者', 'Fixers'],
  },
};

/**
 * Visits every page, and each message that a page may have.
 *
 * @param scopes in words, in place of those of the seed
 * @param env settings of the servers
 */
export async function visitEveryPage(
  acceptLanguage: string,
  { scopes = SEED.scopes as object, env = {} as Record<string, string> } = {},
): Promise<VisitedPage[]> {
  const seed = { ...SEED, scopes, clients: [...SEED.clients, IDENTITY, TV] };
  const server = await startServer(
    { LOGIN_LIMIT_PER_ACCOUNT: '3', HELP_URL: 'https://help.example.com/', ...env },
    { seed },
  );
  const demoIssuer = await startDemo(env);
  const demo = { origin: demoIssuer, issuer: demoIssuer };
  const store = memoryStore();
  store.clients.find = async () => {
    throw new Error('of the store');
  };
  const broken = await startServer(env, { store });

  const pages: VisitedPage[] = [];
  const keep = (view: string, name: string, answer: Answer) => {
    pages.push({ view, name, answer });
    return answer;
  };
  const someone = (at: { origin: string; issuer: string } = server) => {
    const person = new Person(at);
    person.headers['accept-language'] = acceptLanguage;
    person.headers['accept'] = 'text/html';
    return person;
  };
  const post = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  const consentUrl = (params: Record<string, string | undefined> = {}) =>
    authorizeUrl(server, { prompt: 'consent', ...params });

  const guest = someone();
  const login = keep('login', 'login', await guest.visit(authorizeUrl(server)));
  keep('login', 'without a client', await guest.visit('/login'));
  keep('login', 'wrong password', await guest.signIn(login, 'alice', 'wrong'));
  keep('login', 'nothing entered', await guest.signIn(login, '', ''));
  keep('login', 'a username that cannot be', await guest.signIn(login, 'a\0', 'x'));
  const { action, fields } = readForm(login.text);
  keep('login', 'a form of another session', await guest.visit(action, post({ csrf_token: 'x' })));
  keep('login', 'no cookie', await someone().visit(action, post({ ...fields, username: 'alice' })));
  for (let attempt = 0; attempt < 2; attempt += 1) await guest.signIn(login, 'alice', 'wrong');
  keep('login', 'too many attempts', await guest.signIn(login, 'alice', 'wrong'));
  keep('signed-out', 'signed out', await guest.visit('/logout'));
  keep('home', 'home', await guest.visit('/'));

  const bob = someone();
  const first = await bob.visit(consentUrl());
  const asked = keep('consent', 'consent', await bob.signIn(first, 'bob', 'builder'));
  keep('consent', 'no choice', await bob.submit(asked, {}));
  keep('consent', 'out of date', await bob.submit(asked, { csrf_token: 'x', decision: 'allow' }));
  await bob.submit(asked, { decision: 'allow' });
  const resource = 'https://api.example/';
  keep('consent', 'remembered', await bob.visit(consentUrl()));
  keep('consent', 'for a resource', await bob.visit(consentUrl({ resource })));
  const identity = {
    client_id: IDENTITY.client_id,
    redirect_uri: IDENTITY.redirect_uris[0],
    scope: undefined,
  };
  keep('consent', 'no scope', await bob.visit(consentUrl(identity)));
  const openid = { ...identity, scope: 'openid profile email address phone groups offline_access' };
  keep('consent', 'who somebody is', await bob.visit(consentUrl({ ...openid, scope: 'openid' })));
  keep('consent', 'nothing known', await bob.visit(consentUrl(openid)));
  await server.store.users.save({
    ...(await server.store.users.findByUsername('bob'))!,
    ...KNOWN,
  });
  const claims = JSON.stringify({
    userinfo: { email_verified: null, phone_number_verified: null },
  });
  keep('consent', 'all that is known', await bob.visit(consentUrl(openid)));
  keep('consent', 'claims', await bob.visit(consentUrl({ ...openid, scope: 'openid', claims })));
  await bob.allow(consentUrl({ ...openid, scope: 'openid' }));
  const more = consentUrl({ ...openid, scope: 'openid email' });
  keep('consent', 'who somebody is, once more', await bob.visit(more));
  keep(
    'consent',
    'no scope, for a resource',
    await bob.visit(consentUrl({ ...identity, resource })),
  );
  const code = keep('device', 'asked', await bob.visit('/device'));
  const { user_code } = await askForCodes(server);
  keep('device', 'with a code', await bob.visit(`/device?user_code=${user_code}`));
  keep('device', 'nothing entered', await bob.submit(code, {}));
  keep('device', 'no code at all', await bob.submit(code, { user_code: 'AEIOU' }));
  const another = { user_code: 'BCDFGHJK' };
  keep('device', 'out of date', await bob.submit(code, { csrf_token: 'x' }));
  keep('device', 'a wrong code', await bob.submit(code, another));
  const review = keep('device-consent', 'asked', await bob.submit(code, { user_code }));
  keep('device-consent', 'no choice', await bob.submit(review, {}));
  keep('device-done', 'allowed', await bob.submit(review, { decision: 'allow' }));
  keep('device-done', 'over', await bob.submit(review, { decision: 'deny' }));
  for (const form of [{ resource }, { resource, scope: ' ' }]) {
    const asked = await askForCodes(server, form);
    const shown = await bob.submit(code, { user_code: asked.user_code });
    keep('device-consent', 'for a resource', shown);
    keep('device-done', 'denied', await bob.submit(shown, { decision: 'deny' }));
  }
  await bob.submit(code, another);
  keep('device', 'too many attempts', await bob.submit(code, another));
  keep('signed-in', 'signed in', await bob.visit('/login'));
  keep('signed-in', 'signing out', await bob.visit('/logout'));

  const posted = { response_mode: 'form_post' };
  keep('form-post', 'with a code', await bob.visit(authorizeUrl(server, posted)));
  keep('form-post', 'an error', await bob.visit(authorizeUrl(server, { ...posted, scope: 'x' })));

  keep('error', 'unknown client', await bob.visit(authorizeUrl(server, { client_id: 'nobody' })));
  const redirect_uri = 'https://evil.example/';
  keep('error', 'wrong redirect_uri', await bob.visit(authorizeUrl(server, { redirect_uri })));
  keep('error', 'no client_id', await bob.visit(authorizeUrl(server, { client_id: undefined })));
  keep('error', 'over', await bob.visit('/oauth/authorize?continue=over'));
  keep('error', 'nothing there', await bob.visit('/nothing'));
  keep('error', 'method', await bob.visit('/login', { method: 'PUT' }));
  keep('error', 'failure', await someone(broken).visit(authorizeUrl(broken)));

  const newcomer = someone(demo);
  keep('home', 'of the demo', await newcomer.visit('/'));
  const tried = {
    client_id: 'codecademy',
    redirect_uri: `${demoIssuer}/demo/callback`,
  };
  const demoLogin = await newcomer.visit(authorizeUrl(demo, tried));
  keep('login', 'of the demo', demoLogin);
  const demoConsent = keep('consent', 'of the demo', await newcomer.signIn(demoLogin));
  keep('callback', 'with a code', await newcomer.submit(demoConsent, { decision: 'allow' }));
  const denied = await newcomer.visit(authorizeUrl(demo, { ...tried, scope: 'admin' }));
  keep('callback', 'with an error', denied);
  keep('home', 'signed in', await newcomer.visit('/'));
  const misdirected = { ...tried, redirect_uri: 'http://localhost:3000/other' };
  keep('error', 'of the demo', await newcomer.visit(authorizeUrl(demo, misdirected)));
  await visitAccount(await startServer({ LOGIN_LIMIT_PER_ACCOUNT: '3', ...env }, { seed }), {
    someone,
    keep,
  });
  return pages;
}

/** The account page, in each of its states. */
async function visitAccount(
  server: TestServer,
  {
    someone,
    keep,
  }: {
    someone(at: TestServer): Person;
    keep(view: string, name: string, answer: Answer): Answer;
  },
): Promise<void> {
  const bob = someone(server);
  await bob.signIn(await bob.visit('/account'), 'bob', 'builder');
  keep('account', 'without apps', await bob.visit('/account'));
  const { store } = server;
  await store.users.save({ ...(await store.users.findByUsername('bob'))!, ...KNOWN });

  const resource = 'https://api.example/';
  await bob.allow(authorizeUrl(server, { resource }));
  await (await authorizeAs(server, { person: bob })).exchange();
  const identity = { redirect_uri: IDENTITY.redirect_uris[0], scope: undefined };
  await bob.allow(authorizeUrl(server, { client_id: IDENTITY.client_id, ...identity }));
  await server.store.consents.add({
    ...{ userId: 'user-2', clientId: 'legacy', resource: '', scope: ['read'] },
    claims: PERSON_CLAIMS,
    createdAt: Date.now() - 90 * 24 * 3_600_000,
  });
  await server.store.consents.add({
    ...{ userId: 'user-2', clientId: 'legacy', resource: 'https://bank.example/api', scope: [] },
  });
  const system = (name: string) => `Mozilla/5.0 (${name}) AppleWebKit/605.1.15 (KHTML, like Gecko)`;
  for (const userAgent of [`${system('iPhone')} Safari/604.1`, system('X11'), 'curl/8']) {
    const other = someone(server);
    other.headers['user-agent'] = userAgent;
    await other.signIn(await other.visit('/account'), 'bob', 'builder');
  }
  const full = keep('account', 'with apps and browsers', await bob.visit('/account'));
  const removal = keep('remove-app', 'asked', await bob.visit('/account/remove-app?client_id=web'));
  keep('remove-app', 'out of date', await bob.submit(removal, { csrf_token: 'x' }));
  keep('account', 'an app removed', await bob.submit(removal, {}));

  const signOut = (fields: Record<string, string>) =>
    bob.visit('/account/sign-out', { method: 'POST', body: new URLSearchParams(fields) });
  const [, csrf_token = '', session = ''] =
    /action="\/account\/sign-out">\s*<[^>]*value="([^"]*)">\s*<[^>]*value="([^"]*)">/.exec(
      full.text,
    ) ?? [];
  keep('account', 'out of date', await signOut({}));
  keep('account', 'a browser signed out', await signOut({ csrf_token, session }));
  keep('account', 'all others signed out', await signOut({ csrf_token }));

  const form = keep('password', 'asked', await bob.visit('/account/password'));
  const fresh = 'can we fix it, yes we can';
  const change = (current: string, next: string, again = next, more = {}) =>
    bob.submit(form, {
      current_password: current,
      new_password: next,
      new_password_again: again,
      ...more,
    });
  keep('password', 'short', await change('builder', 'short'));
  keep('password', 'easy', await change('builder', 'a'.repeat(20)));
  keep('password', 'unusable', await change('builder', `${fresh}\0`));
  keep('password', 'different', await change('builder', fresh, 'another'));
  keep('password', 'out of date', await change('builder', fresh, fresh, { csrf_token: 'x' }));
  keep('account', 'password changed', await change('builder', fresh));
  const next = await bob.visit('/account/password');
  const wrong = { current_password: 'x', new_password: 'x'.repeat(9) + fresh };
  const refuse = () => bob.submit(next, { ...wrong, new_password_again: wrong.new_password });
  keep('password', 'wrong', await refuse());
  const same = { current_password: fresh, new_password: fresh, new_password_again: fresh };
  keep('password', 'the same', await bob.submit(next, same));
  for (let attempt = 0; attempt < 2; attempt += 1) await refuse();
  keep('password', 'too many attempts', await refuse());

  const busy = { id: 'user-3', username: 'dora' };
  await store.users.save({ ...(await store.users.findByUsername('alice'))!, ...busy });
  const dora = someone(server);
  await dora.signIn(await dora.visit('/account'), busy.username);
  const consent = { userId: busy.id, resource: '', scope: ['read'] };
  const client = await store.clients.find('web');
  for (let id = 1; id <= 102; id += 1) {
    await store.clients.save({ ...client!, id: String(id), name: String(id) });
  }
  const at = (resource: string) => store.consents.add({ ...consent, clientId: '1', resource });
  const numbers = Array.from({ length: 100 }, (_, n) => String(n + 1));
  await Promise.all(numbers.map((clientId) => store.consents.add({ ...consent, clientId })));
  for (const number of numbers.slice(0, 20)) await at(`https://${number}.example/`);
  for (const [name, one] of [
    ['one more of each', '101'],
    ['more of each', '102'],
  ] as const) {
    await store.consents.add({ ...consent, clientId: one });
    if (one === '102') await at('https://102.example/');
    keep('account', name, await dora.visit('/account'));
  }
}
