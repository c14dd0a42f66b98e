import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { authorizeUrl, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { quickHash } from '../helpers/passwords.ts';
import { SEED } from '../helpers/seeds.ts';

/** A person behind a proxy, with their own address. */
function from(server: ConstructorParameters<typeof Person>[0], address: string): Person {
  const person = new Person(server);
  person.headers['x-forwarded-for'] = address;
  return person;
}

async function tryPassword(person: Person, password: string, username = 'alice') {
  return person.signIn(await person.visit('/login?prompt=login'), username, password);
}

describe('the login page', async () => {
  const server = await startServer();

  it('says the same of a wrong password and an unknown username, and keeps the username', async () => {
    const wrong = await tryPassword(new Person(server), 'wrong');
    const unknown = await tryPassword(new Person(server), 'wrong', 'nobody');
    const alert = (text: string) => /role="alert"[\s\S]*?<p>(.*?)<\/p>/.exec(text)?.[1];
    assert.equal(wrong.status, 400);
    assert.equal(unknown.status, 400);
    assert.ok(alert(wrong.text));
    assert.equal(alert(wrong.text), alert(unknown.text));
    assert.match(wrong.text, /value="alice"/);
    assert.doesNotMatch(wrong.text, /value="wrong"/);
  });

  it('says what a person signs in for whom no client sent, also after a wrong password', async () => {
    for (const [url, purpose] of [
      ['/account', 'to see your account'],
      ['/account/password', 'to change your password'],
      ['/account/remove-app?client_id=web', 'to remove an app’s access'],
      ['/device?user_code=BCDF-GHJK', 'to connect a device'],
    ] as const) {
      const person = new Person(server);
      const asked = await person.visit(url);
      assert.match(asked.text, new RegExp(`<p class="lede">${purpose}</p>`), url);
      const wrong = await person.signIn(asked, 'alice', 'wrong');
      assert.match(wrong.text, new RegExp(`<p class="lede">${purpose}</p>`), url);
    }
  });

  it('asks for what is missing', async () => {
    const answer = await tryPassword(new Person(server), '');
    assert.equal(answer.status, 400);
    assert.match(answer.text, /enter your username and your password/);
  });

  it('takes a form of its own session only, and lets the person try again', async () => {
    const person = new Person(server);
    await person.visit('/login');
    const form = new URLSearchParams({
      username: 'alice',
      password: 'wonderland',
      csrf_token: 'x'.repeat(43),
    });
    const forged = await person.visit('/login', { method: 'POST', body: form });
    assert.equal(forged.status, 403);
    assert.match((await person.signIn(forged)).text, /signed in/i);
  });

  it('makes the tokens of forms anew: who knew that of before a sign-in knows none after it', async () => {
    const person = new Person(server);
    const page = await person.visit('/login');
    const { csrf_token = '' } = readForm(page.text).fields;
    await person.signIn(page);
    const body = new URLSearchParams({ csrf_token });
    await person.visit('/logout', { method: 'POST', body });
    assert.match((await person.visit('/login')).text, /You are signed in/);
  });

  it('takes a form from the browser that it was shown to, and from no other', async () => {
    const [person, other] = [new Person(server), new Person(server)];
    const page = await person.visit('/login');
    await other.visit('/login');
    assert.equal((await other.signIn(page)).status, 403);
    other.cookies.set(other.nameOf('oauth_login'), '');
    assert.equal((await other.signIn(page)).status, 403);
    // Tabs of one browser share what proves it.
    const tab = await person.visit('/login');
    assert.match((await person.signIn(page)).text, /signed in/i);
    assert.match((await person.signIn(tab)).text, /signed in/i);
  });

  it('says so where the browser sends no cookie', async () => {
    const page = await new Person(server).visit('/login');
    const answer = await new Person(server).submit(page, {
      username: 'alice',
      password: 'wonderland',
    });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /cookie/);
  });

  it('answers forms with 303, so that no browser sends the password on (RFC 9700 section 4.12)', async () => {
    const person = new Person(server);
    const post = (text: string, more: Record<string, string>) => {
      const { action, fields } = readForm(text);
      return person.open(action, {
        method: 'POST',
        body: new URLSearchParams({ ...fields, ...more }),
      });
    };
    const login = await person.visit(authorizeUrl(server));
    const signedIn = await post(login.text, { username: 'alice', password: 'wonderland' });
    assert.equal(signedIn.status, 303);
    const consent = await person.visit(signedIn.location);
    const allowed = await post(consent.text, { decision: 'allow' });
    assert.equal(allowed.status, 303);
    assert.ok(new URL(allowed.location).searchParams.get('code'));
  });

  it('leads nowhere else: a return address from outside is not even read', async () => {
    const person = new Person(server);
    const page = await person.visit('/login?return_to=https://evil.example/&continue=');
    const answer = await person.open('/login', {
      method: 'POST',
      body: new URLSearchParams({
        ...Object.fromEntries(
          [...page.text.matchAll(/name="(csrf_token)" value="([^"]*)"/g)].map(([, name, value]) => [
            name,
            value,
          ]),
        ),
        username: 'alice',
        password: 'wonderland',
        return_to: 'https://evil.example/',
      }),
    });
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/login');
  });
});

describe('what a person types', async () => {
  const server = await startServer({ RATE_LIMIT: 'off' });

  it('may have capitals and spaces around the name that are not in the username', async () => {
    for (const typed of [
      'alice ',
      'alice\t',
      '\u200balice',
      ' Alice',
      'alice\u00a0',
      'ALICE',
      '\u3000alice',
    ]) {
      const person = new Person(server);
      assert.match((await tryPassword(person, 'wonderland', typed)).text, /Alice Liddell/, typed);
      const account = await person.open('/account');
      assert.equal(account.status, 200);
    }
  });

  it('is the exact username first, and nobody’s if two have it but for the spelling', async () => {
    const user = (id: string, username: string, password: string) => ({
      id,
      username,
      name: `Somebody called ${username}`,
      passwordHash: quickHash(password),
    });
    await server.store.users.save(user('carol-1', 'carol', 'one'));
    await server.store.users.save(user('carol-2', 'Carol', 'two'));
    const said = async (password: string, typed: string) =>
      (await tryPassword(new Person(server), password, typed)).text;
    assert.match(await said('one', 'carol'), /called carol/);
    assert.match(await said('two', 'Carol'), /called Carol/);
    for (const password of ['one', 'two']) {
      assert.match(await said(password, 'CAROL'), /role="alert"/);
    }
    assert.match(await said('two', 'carol'), /role="alert"/);
  });

  it('is a password whose accents may come apart, and is otherwise what it is', async () => {
    const passwordHash = quickHash('crème brûlée'.normalize('NFC'));
    await server.store.users.save({ id: 'd', username: 'dora', name: 'Dora', passwordHash });
    const status = async (password: string) =>
      (await tryPassword(new Person(server), password, 'dora')).status;
    assert.equal(await status('crème brûlée'.normalize('NFD')), 200);
    assert.equal(await status('crème brûlée'.normalize('NFC')), 200);
    for (const other of ['creme brulee', 'crème brûlée ', 'Crème brûlée']) {
      assert.equal(await status(other), 400, other);
    }
  });
});

describe('limits on failed logins', async () => {
  const env = { TRUST_PROXY: '1', LOGIN_LIMIT_PER_ACCOUNT: '3', LOGIN_LIMIT_PER_ADDRESS: '8' };

  it('stop one who guesses the password of an account, with 429 and when to come back', async () => {
    const server = await startServer(env);
    const attacker = from(server, '203.0.113.1');
    for (let guess = 0; guess < 3; guess += 1)
      assert.equal((await tryPassword(attacker, 'no')).status, 400);
    const stopped = await tryPassword(attacker, 'wonderland');
    assert.equal(stopped.status, 429);
    assert.match(stopped.headers.get('retry-after') ?? '', /^\d+$/);
    assert.match(stopped.text, /try again in 15 minutes/);
    assert.match((await tryPassword(from(server, '203.0.113.2'), 'wonderland')).text, /signed in/i);
  });

  it('let no more than that many through of 50 at once', async () => {
    const server = await startServer(env);
    const attacker = from(server, '203.0.113.1');
    const page = await attacker.visit('/login');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => attacker.signIn(page, 'alice', 'no')),
    );
    assert.equal(answers.filter(({ status }) => status === 400).length, 3);
    assert.equal(answers.filter(({ status }) => status === 429).length, 47);
  });

  it('stop an address that tries many accounts', async () => {
    const server = await startServer(env);
    const attacker = from(server, '2001:db8:1:2::1');
    for (let account = 0; account < 8; account += 1) {
      // Another address, but of the same network of an IPv6 customer.
      attacker.headers['x-forwarded-for'] = `2001:db8:1:2:${account}::9`;
      assert.equal((await tryPassword(attacker, 'no', `user-${account}`)).status, 400);
    }
    assert.equal((await tryPassword(attacker, 'no', 'alice')).status, 429);
    assert.equal((await tryPassword(from(server, '2001:db8:1:3::1'), 'no')).status, 400);
  });

  it('are the same however the name is typed, of somebody and of nobody', async () => {
    const answers = [];
    for (const name of ['alice', 'nobody']) {
      const server = await startServer(env);
      const attacker = from(server, '203.0.113.1');
      const spellings = [name, name.toUpperCase(), `${name} `, `\u00a0${name}`, ` ${name}`];
      const statuses = [];
      for (const typed of spellings) {
        statuses.push((await tryPassword(attacker, 'no', typed)).status);
      }
      answers.push(statuses);
    }
    assert.deepEqual(answers, Array(2).fill([400, 400, 400, 429, 429]));
  });

  it('do not shut out the owner, on a browser that has signed in before', async () => {
    const server = await startServer(env);
    const owner = from(server, '198.51.100.7');
    assert.match((await tryPassword(owner, 'wonderland')).text, /signed in/i);
    for (let address = 0; address < 10; address += 1) {
      for (let guess = 0; guess < 3; guess += 1) {
        await tryPassword(from(server, `203.0.113.${address}`), 'no');
      }
    }
    const stranger = from(server, '203.0.113.200');
    assert.equal(
      (await tryPassword(stranger, 'wonderland')).status,
      429,
      'the whole account is under attack',
    );
    assert.match((await tryPassword(owner, 'wonderland')).text, /signed in/i);
    assert.match((await tryPassword(owner, 'wonderland', 'Alice ')).text, /signed in/i);
    const other = from(server, '203.0.113.201');
    for (const [name, value] of owner.cookies) {
      if (name === owner.nameOf('oauth_browser')) other.cookies.set(name, value);
    }
    assert.equal(
      (await tryPassword(other, 'no', 'bob')).status,
      400,
      'the cookie is for one account',
    );
  });

  it('do not count a login that succeeds', async () => {
    const server = await startServer(env);
    for (let login = 0; login < 20; login += 1) {
      assert.match(
        (await tryPassword(from(server, '203.0.113.1'), 'wonderland')).text,
        /signed in/i,
      );
    }
  });

  it('end with their window', async () => {
    const server = await startServer({ ...env, RATE_LIMIT_WINDOW: '60' });
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      const person = from(server, '203.0.113.1');
      for (let guess = 0; guess < 3; guess += 1) await tryPassword(person, 'no');
      assert.equal((await tryPassword(person, 'wonderland')).status, 429);
      mock.timers.setTime(Date.now() + 60_000);
      assert.match((await tryPassword(person, 'wonderland')).text, /signed in/i);
    } finally {
      mock.timers.reset();
    }
  });

  it('are off with RATE_LIMIT=off', async () => {
    const server = await startServer({ ...env, RATE_LIMIT: 'off' });
    for (let guess = 0; guess < 10; guess += 1) {
      assert.equal((await tryPassword(new Person(server), 'no')).status, 400);
    }
  });

  it('take the word of no header where there is no proxy', async () => {
    const server = await startServer({ LOGIN_LIMIT_PER_ACCOUNT: '2' });
    assert.equal((await tryPassword(from(server, '203.0.113.1'), 'no')).status, 400);
    assert.equal((await tryPassword(from(server, '203.0.113.2'), 'no')).status, 400);
    assert.equal((await tryPassword(from(server, '203.0.113.3'), 'no')).status, 429);
  });
});

describe('limits on failed client authentication', async () => {
  const grant = { grant_type: 'client_credentials' };

  it('stop one who guesses a secret, and not the client at its own address', async () => {
    const server = await startServer({ CLIENT_LIMIT: '5' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => requestToken(server, grant, 'web:no')),
    );
    assert.equal(answers.filter(({ status }) => status === 401).length, 5);
    const limited = answers.find(({ status }) => status === 429);
    assert.ok(Number(limited?.headers.get('retry-after')) > 0);
    assert.equal((await requestToken(server, grant, 'web:web-secret')).status, 429);
    assert.equal((await requestToken(server, grant, 'basic-only:a+b%20c/d')).status, 200);
  });

  it('do not count what succeeds', async () => {
    const server = await startServer({ CLIENT_LIMIT: '1' });
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await requestToken(server, grant, 'web:web-secret')).status, 200);
    }
  });

  it('are off with RATE_LIMIT=off', async () => {
    const server = await startServer({ CLIENT_LIMIT: '1', RATE_LIMIT: 'off' }, { seed: SEED });
    for (let count = 0; count < 5; count += 1) {
      assert.equal((await requestToken(server, grant, 'web:no')).status, 401);
    }
  });
});
