// Every page there is, over HTTP.

import { memoryStore } from '../../src/store/memory.ts';
import { visitAccount } from './account-pages.ts';
import { startDemo } from './demo.ts';
import { askForCodes, TV } from './devices.ts';
import { authorizeUrl } from './flows.ts';
import { startServer } from './harness.ts';
import type { Answer } from './http.ts';
import { Person, readForm } from './http-person.ts';
import { IDENTITY, KNOWN } from './identity.ts';
import { signedOutPath } from './outcomes.ts';
import { quickHash } from './passwords.ts';
import { SEED } from './seeds.ts';

export interface VisitedPage {
  readonly name: string;
  /** The file in views/ that it is made with, without its ending. */
  readonly view: string;
  readonly answer: Answer;
}

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
    {
      LOGIN_LIMIT_PER_ACCOUNT: '3',
      HELP_URL: 'https://help.example.com/',
      CLIENT_METADATA_DOCUMENTS: 'on',
      ...env,
    },
    { seed },
  );
  const demoIssuer = await startDemo(env);
  const demo = { origin: demoIssuer, issuer: demoIssuer };
  const store = memoryStore();
  const broken = await startServer(env, { store });
  store.clients.find = async () => {
    throw new Error('of the store');
  };

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
  for (const to of ['account', 'device', 'password', 'remove_app']) {
    keep('login', `to go to ${to}`, await guest.visit(`/login?to=${to}`));
  }
  keep('login', 'wrong password', await guest.signIn(login, 'alice', 'wrong'));
  const passwordHash = quickHash('looking glass');
  const dodo = { id: 'dodo', username: 'dodo', name: 'Dodo', passwordHash, disabledAt: Date.now() };
  await server.store.users.save(dodo);
  keep('login', 'disabled', await guest.signIn(login, 'dodo', 'looking glass'));
  keep('login', 'nothing entered', await guest.signIn(login, '', ''));
  keep('login', 'a username that cannot be', await guest.signIn(login, 'a\0', 'x'));
  const { action, fields } = readForm(login.text);
  keep('login', 'a form of another session', await guest.visit(action, post({ csrf_token: 'x' })));
  keep('login', 'no cookie', await someone().visit(action, post({ ...fields, username: 'alice' })));
  for (let attempt = 0; attempt < 2; attempt += 1) await guest.signIn(login, 'alice', 'wrong');
  keep('login', 'too many attempts', await guest.signIn(login, 'alice', 'wrong'));
  keep('signed-out', 'signed out', await guest.visit('/logout'));
  const names = Array.from({ length: 6 }, (_, n) => `… ${n}`);
  const [one = '', ...others] = names;
  for (const [name, left] of [
    ['of several apps', { told: names, underWay: others, missed: others, unknown: others }],
    ['of one', { told: [one], underWay: [one], missed: [one], unknown: [one], keeping: [one] }],
    ['of apps that keep their access', { told: names, keeping: others }],
  ] as const) {
    keep('signed-out', name, await guest.visit(await signedOutPath(server, left)));
  }
  const target = 'https://web.example/';
  keep(
    'signed-out',
    'on the way back',
    await guest.visit(await signedOutPath(server, { told: [one] }, { target })),
  );
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
  // Its host is away, so it is what is stored of it.
  const known = { id: 'https://127.0.0.1:9/client.json', name: '…', source: 'document' } as const;
  const stored = { ...(await server.store.clients.find('native'))!, ...known };
  await server.store.clients.save(stored);
  const redirects = { client_id: known.id, redirect_uri: 'http://127.0.0.1/callback' };
  keep('consent', 'known by a document', await bob.visit(consentUrl(redirects)));
  await server.store.clients.save({ ...stored, logoUri: 'https://127.0.0.1:9/logo.png' });
  keep('consent', 'known by a document, with a picture', await bob.visit(consentUrl(redirects)));
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

  const leaving = await bob.visit('/oauth/end-session?client_id=web');
  keep('end-session', 'asked by a client', leaving);
  keep('end-session', 'asked by nobody known', await bob.visit('/oauth/end-session'));
  keep('end-session', 'no choice', await bob.submit(leaving, {}));
  keep('end-session', 'out of date', await bob.submit(leaving, { csrf_token: 'x' }));
  const wrongSignOut = '/oauth/end-session?client_id=nobody';
  keep('error', 'a sign-out of nobody', await someone().visit(wrongSignOut));
  keep('error', 'a sign-out that is wrong', await bob.visit('/oauth/end-session?client_id=nobody'));

  const posted = { response_mode: 'form_post' };
  keep('form-post', 'with a code', await bob.visit(authorizeUrl(server, posted)));
  keep('form-post', 'an error', await bob.visit(authorizeUrl(server, { ...posted, scope: 'x' })));

  const silent = consentUrl({ ...redirects, prompt: 'none' });
  keep('error', 'not signed in, for a client that nobody vouches for', await guest.visit(silent));
  keep('error', 'not allowed, to a client that nobody vouches for', await bob.visit(silent));
  keep('error', 'unknown client', await bob.visit(authorizeUrl(server, { client_id: 'nobody' })));
  const noDocument = { client_id: 'https://app.example/' };
  keep('error', 'no document', await bob.visit(authorizeUrl(server, noDocument)));
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
