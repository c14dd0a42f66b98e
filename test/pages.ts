// Every page there is, over HTTP.

import { memoryStore } from '../src/store/memory.ts';
import { type Answer, authorizeUrl, Person, readForm, SEED, startServer } from './harness.ts';
import { startDemo } from './journeys/servers.ts';

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
  redirect_uris: ['https://identity.example/callback'],
  scope: '',
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
  const seed = { ...SEED, scopes, clients: [...SEED.clients, IDENTITY] };
  const server = await startServer({ LOGIN_LIMIT_PER_ACCOUNT: '3', ...env }, { seed });
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
  keep('signed-in', 'signed in', await bob.visit('/login'));
  keep('signed-in', 'signing out', await bob.visit('/logout'));

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
  return pages;
}
