// People in a table of the app's who sign in at our login page: findUser and verifyPassword.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Express } from 'express';
import { authorizeAs, authorizeUrl } from '../helpers/flows.ts';
import { withClock } from '../helpers/harness.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { basic, http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';

interface Reader {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  password: string;
  passwordChangedAt?: Date;
}

/** An app with two readers, and what its functions were asked. */
async function library(options: object = {}, before?: (app: Express) => void) {
  const readers: Reader[] = [
    { id: 7, email: 'maria@example.com', name: 'Maria Sibylla', password: 'caterpillar' },
    { id: 8, email: 'ada@example.com', name: 'Ada', password: 'engine' },
  ];
  const asked = { find: [] as string[], verify: [] as [unknown, string][] };
  const functions = {
    async findUser(typed: string) {
      asked.find.push(typed);
      const reader = readers.find(
        ({ email, name }) => email === typed.trim().toLowerCase() || name === typed,
      );
      return reader && { ...reader, username: reader.email };
    },
    verifyPassword(reader: Reader, password: string) {
      asked.verify.push([reader.id, password]);
      return reader.password === password;
    },
  };
  const host = await serveHost({ ...functions, ...options }, before);
  const failures: Error[] = [];
  host.server.events.on('failure', ({ error }) => failures.push(error as Error));
  return { host, readers, asked, failures };
}

const isIn = (page: { text: string }) => /signed in/i.test(page.text);
const account = (person: Person) => person.open('/account');

async function signedIn(host: Host, name = 'maria@example.com', password = 'caterpillar') {
  const person = new Person(host);
  assert.ok(isIn(await person.signIn(await person.visit('/login'), name, password)));
  return person;
}

describe('people in a table of the app', async () => {
  const { host, asked, failures } = await library();

  it('sign in at our login page, and their id is the sub of tokens', async () => {
    const person = new Person(host);
    const login = [' Maria@example.com', 'caterpillar'] as const;
    const flow = await authorizeAs(host, { person, login });
    const { json } = await flow.exchange();
    const headers = { authorization: `Bearer ${json.access_token}` };
    assert.equal((await http(`${host.origin}/notes`, { headers })).json.sub, '7');
    const introspected = await http(`${host.issuer}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: basic('web', 'web-secret') },
      body: new URLSearchParams({ token: json.access_token }),
    });
    assert.equal(introspected.json.sub, '7');
    assert.equal('username' in introspected.json, false);
    assert.equal(await host.store.users.find('7'), undefined);
    assert.deepEqual(failures, []);
  });

  it('see their apps and sessions on the account page, end others, and sign out', async () => {
    const [one, two] = [await signedIn(host), await signedIn(host, 'Maria Sibylla')];
    const page = await account(one);
    assert.match(page.text, /Maria Sibylla/);
    assert.match(page.text, /maria@example\.com/);
    const form = /<form[^>]*action="([^"]*sign-out[^"]*)"[\s\S]*?<\/form>/.exec(page.text);
    assert.ok(form, 'the other session can be ended');
    await one.submit({ text: form[0] } as never, {});
    assert.notEqual((await account(two)).status, 200);
    assert.equal((await account(one)).status, 200);
    const login = await one.visit('/login');
    await one.submit(login, {});
    assert.notEqual((await account(one)).status, 200);
  });

  it('change their passwords in the app: there is no such page here', async () => {
    const person = await signedIn(host);
    assert.doesNotMatch((await account(person)).text, /account\/password/);
    assert.equal((await person.open('/account/password')).status, 404);
    assert.equal((await person.open('/.well-known/change-password')).status, 404);
  });

  it('are told the same of a wrong password and of no such name, for which the app is not asked', async () => {
    asked.verify.length = 0;
    const wrong = await logIn(host, 'ada@example.com', 'motor');
    const nobody = await logIn(host, 'bob@example.com', 'motor');
    assert.deepEqual([wrong.status, nobody.status], [400, 400]);
    assert.equal(
      wrong.text.replaceAll(/value="[^"]*"/g, ''),
      nobody.text.replaceAll(/value="[^"]*"/g, ''),
    );
    assert.deepEqual(asked.verify, [[8, 'motor']]);
  });

  it('have no name that a table cannot have: the app is not asked', async () => {
    asked.find.length = 0;
    for (const typed of ['a\u0001b', 'a\u0000']) {
      assert.equal((await logIn(host, typed, 'x')).status, 400);
    }
    assert.deepEqual(asked.find, []);
  });
});

describe('a name that nobody has', () => {
  it('takes about as long as a wrong password took the app', async () => {
    const { host } = await library({
      verifyPassword: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return false;
      },
    });
    const timed = async (name: string) => {
      const person = new Person(host);
      const page = await person.visit('/login');
      const began = performance.now();
      await person.signIn(page, name, 'x');
      return performance.now() - began;
    };
    assert.ok((await timed('maria@example.com')) >= 299);
    assert.ok((await timed('nobody')) >= 290);
  });
});

describe('a person of the app who is no longer what they were', async () => {
  const { host, readers } = await library();
  const [maria] = readers as [Reader];

  it('is signed out once the password is another, if the app says when that was', async () => {
    const person = await signedIn(host);
    assert.equal((await account(person)).status, 200);
    maria.password = 'butterfly';
    maria.passwordChangedAt = new Date();
    assert.notEqual((await account(person)).status, 200);
    const again = await signedIn(host, maria.email, 'butterfly');
    assert.equal((await account(again)).status, 200);
  });

  it('is signed out once the app does not find them, or somebody else has the name', async () => {
    const first = await signedIn(host, maria.email, maria.password);
    readers.shift();
    const login = await first.visit(authorizeUrl(host));
    assert.ok(login.text.includes('name="password"'));
    assert.notEqual((await account(first)).status, 200);
    readers.push({ ...maria, id: 9 });
    assert.notEqual((await account(first)).status, 200);
    readers.splice(-1, 1, maria);
    assert.equal((await account(first)).status, 200);
  });
});

describe('the limits on sign-ins', () => {
  const limits = { loginsPerAccount: 2 };

  it('hold for a person of the app however they are named', async () => {
    const { host, asked } = await library({ limits });
    for (const name of ['maria@example.com', 'Maria Sibylla']) {
      assert.equal((await logIn(host, name, 'no')).status, 400);
    }
    asked.verify.length = 0;
    for (const name of ['MARIA@example.com', 'Maria Sibylla']) {
      assert.equal((await logIn(host, name, 'caterpillar')).status, 429);
    }
    assert.deepEqual(asked.verify, []);
  });

  it('let a known browser in while all the world guesses, until the password is another', async () => {
    const behindProxy = (app: Express) => app.set('trust proxy', 1);
    const { host, readers } = await library({ limits }, behindProxy);
    let network = 0;
    const attempt = async (person: Person, password: string) => {
      network += 1;
      person.headers['x-forwarded-for'] = `10.0.${network}.1`;
      const page = await person.visit('/login?prompt=login');
      return (await person.signIn(page, 'maria@example.com', password)).status;
    };
    const known = new Person(host);
    assert.equal(await attempt(known, 'caterpillar'), 200);
    for (let n = 0; n < 20; n += 1) await attempt(new Person(host), 'no');
    assert.equal(await attempt(new Person(host), 'caterpillar'), 429);
    assert.equal(await attempt(known, 'caterpillar'), 200);
    readers[0]!.passwordChangedAt = new Date();
    assert.equal(await attempt(known, 'caterpillar'), 429);
  });

  it('hold for names that nobody has', async () => {
    await withClock(async () => {
      const { host } = await library({ limits });
      for (let n = 0; n < 2; n += 1) assert.equal((await logIn(host, 'bob', 'no')).status, 400);
      assert.equal((await logIn(host, 'bob', 'no')).status, 429);
    });
  });
});

describe('an answer of the app that cannot be used', () => {
  const find = 'The option findUser';
  const verify = 'The option verifyPassword';
  const person = { id: 'm' };
  const fail = (): never => {
    throw new TypeError('no connection');
  };
  for (const [answers, message] of [
    [{ findUser: fail }, `${find}, a function of the app, failed: no connection`],
    [{ findUser: async () => fail() }, `${find}, a function of the app, failed: no connection`],
    [{ findUser: () => true }, `${find} answered true. It answers { id } of the person`],
    [{ findUser: () => [person] }, `${find} answered a list of 1. It`],
    [{ findUser: () => ({}) }, `${find} answered with the id undefined, which is missing. It`],
    [{ findUser: () => ({ id: 1.5 }) }, `${find} answered with the id 1.5, which is not a string`],
    [
      { findUser: () => ({ id: '山田' }) },
      `${find} answered with the id "山田", which has a character that is not ASCII: the person needs another id. It answers { id }`,
    ],
    [
      { findUser: () => ({ ...person, name: 7 }) },
      `${find} answered with the name 7, which is not`,
    ],
    [
      { findUser: () => ({ ...person, passwordChangedAt: 'today' }) },
      `${find} answered with the passwordChangedAt "today", which is not a time`,
    ],
    [
      {
        findUser: (typed: string) =>
          typed === 'maria' ? { ...person, username: 'another' } : undefined,
      },
      `${find} answered with the username "another", by which it does not find the same person`,
    ],
    [{ verifyPassword: fail }, `${verify}, a function of the app, failed: no connection`],
    [{ verifyPassword: async () => fail() }, `${verify}, a function of the app, failed: no`],
    ...[undefined, null, 1, 'yes', {}].map(
      (verdict) => [{ verifyPassword: () => verdict }, `${verify} answered `] as const,
    ),
  ] as const) {
    it(`is an error page, and the log names it: ${message}`, async () => {
      const { host, failures } = await library({
        findUser: () => person,
        verifyPassword: () => true,
        ...answers,
      });
      const page = await logIn(host, 'maria', 'x');
      assert.equal(page.status, 500);
      assert.doesNotMatch(page.text, /findUser|verifyPassword|connection/);
      assert.equal(failures.length, 1);
      assert.equal(failures[0]!.name, 'HostError');
      assert.ok(failures[0]!.message.startsWith(message), failures[0]!.message);
    });
  }

  for (const nobody of [undefined, null, false]) {
    it(`is none if it is ${nobody}: that is nobody`, async () => {
      const { host, failures } = await library({ findUser: () => nobody });
      assert.equal((await logIn(host, 'maria', 'x')).status, 400);
      assert.deepEqual(failures, []);
    });
  }
});
