// People who use the account page, and what they do there.

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { after } from 'node:test';
import type { ServerEvents } from '../../src/events.ts';
import { hashPassword } from '../../src/protocol/passwords.ts';
import { randomToken } from '../../src/protocol/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import type { User } from '../../src/types.ts';
import { authorizeAs, requestToken } from './flows.ts';
import { startServer, type TestServer } from './harness.ts';
import { type Answer, basic, http } from './http.ts';
import { Person, readForm } from './http-person.ts';

export const PASSWORD = 'wonderland';
export const NEW_PASSWORD = 'through the looking glass';
/** As the server makes it: a cheaper one would be made anew at the sign-in. */
export const passwordHash = await hashPassword(PASSWORD);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const FIREFOX =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
export const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

/** A person that the server did not know before. */
export async function newUser(server: TestServer, changes: Partial<User> = {}): Promise<User> {
  const id = randomToken(8);
  const user = { id, username: `user-${id}`, name: 'Zoë', passwordHash };
  await server.store.users.save({ ...user, ...changes });
  return { ...user, ...changes };
}

export async function signedIn(
  server: TestServer,
  user: User,
  { userAgent = FIREFOX, password = PASSWORD } = {},
): Promise<Person> {
  const person = new Person(server);
  person.headers['user-agent'] = userAgent;
  const page = await person.visit(`${server.issuer}/account`);
  const answer = await person.signIn(page, user.username, password);
  assert.match(answer.text, /<h1>Your account<\/h1>/);
  return person;
}

export const account = (person: Person, server: TestServer) =>
  person.visit(`${server.issuer}/account`);

export async function isSignedIn(person: Person, server: TestServer): Promise<boolean> {
  return (await person.open(`${server.issuer}/account`)).status === 200;
}

/** The forms of a page that lead to a path. */
export function formsTo(page: Answer, path: string) {
  return page.text
    .split(/(?=<form)/)
    .filter((part) => part.startsWith('<form'))
    .map(readForm)
    .filter(({ action }) => action === path);
}

export const post = (person: Person, path: string, fields: Record<string, string>) =>
  person.open(path, { method: 'POST', body: new URLSearchParams(fields) });

/** What stands in the message of a page, if there is one. */
export function message(page: Answer, role: 'status' | 'alert'): string | undefined {
  return new RegExp(`role="${role}"[\\s\\S]*?<p>(.*?)</p>`)
    .exec(page.text)?.[1]
    ?.replaceAll(/<[^>]*>/g, '');
}

export const textOf = ({ text }: Answer) =>
  text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

/** An app that a person has allowed, with its tokens. */
export async function allowed(
  server: TestServer,
  person: Person,
  options: { client?: string; scope?: string; redirectUri?: string } = {},
) {
  const flow = await authorizeAs(server, { person, ...options });
  const { json } = await flow.exchange();
  assert.ok(json.access_token, JSON.stringify(json));
  return json as { access_token: string; refresh_token: string };
}

export const refresh = (server: TestServer, token: string, client = 'web:web-secret') =>
  requestToken(server, { grant_type: 'refresh_token', refresh_token: token }, client);

export async function isActive(server: TestServer, token: string): Promise<boolean> {
  const { json } = await http(`${server.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic('web', 'web-secret') },
    body: new URLSearchParams({ token }),
  });
  return json.active;
}

export const removePage = (person: Person, server: TestServer, clientId = 'web') =>
  person.visit(`${server.issuer}/account/remove-app?client_id=${encodeURIComponent(clientId)}`);

/** From the account page to the end of an app, as a person goes. */
export async function remove(
  person: Person,
  server: TestServer,
  clientId = 'web',
): Promise<Answer> {
  return person.submit(await removePage(person, server, clientId), {});
}

/** Everything that happens from now on until the test ends, by the name of the event. */
export function record(server: TestServer, ...names: (keyof ServerEvents)[]) {
  const heard: [string, unknown][] = [];
  const events = server.events as EventEmitter;
  for (const name of names) {
    const listener = (details: unknown) => heard.push([name, details]);
    events.on(name, listener);
    // Tests share a server: with all their listeners node:events would warn of a leak.
    after(() => events.off(name, listener));
  }
  return heard;
}

/**
 * A server on the same store, which waits before a verb until it is told to go on.
 *
 * @param wrap puts `wait` before a verb of the store
 */
export async function gatedServer(
  server: TestServer,
  wrap: (store: Store, wait: () => Promise<void>) => Partial<Store>,
) {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isClosed = false;
  const wait = async () => {
    if (!isClosed) return;
    isClosed = false;
    arrived.resolve();
    await gate.promise;
  };
  const store = { ...server.store, ...wrap(server.store, wait) };
  return {
    server: await startServer({ SESSION_SECRET: 's'.repeat(32) }, { store }),
    /** From now on the first call waits. */
    close: () => {
      isClosed = true;
    },
    arrived: arrived.promise,
    open: gate.resolve,
  };
}

/** For `gatedServer`: waits before this verb. */
export const heldBefore =
  (noun: keyof Store, verb: string) =>
  (given: Store, wait: () => Promise<void>): Partial<Store> => {
    const verbs = given[noun] as unknown as Record<string, (...args: unknown[]) => unknown>;
    const held = async (...args: unknown[]) => {
      await wait();
      return verbs[verb]!(...args);
    };
    return { [noun]: { ...verbs, [verb]: held } };
  };

/** Where somebody is sent who comes to the page for the password and is not signed in. */
export const LOGIN = '/login?to=password';

export function passwords(fresh = NEW_PASSWORD): Record<string, string> {
  return { current_password: PASSWORD, new_password: fresh, new_password_again: fresh };
}

export async function changePassword(person: Person, server: TestServer): Promise<void> {
  const form = await person.visit(`${server.issuer}/account/password`);
  const answer = await person.submit(form, passwords());
  assert.match(message(answer, 'status') ?? '', /password has been changed/);
}
