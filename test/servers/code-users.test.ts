// Users that an app lists in its options, or registers while the server runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizationServer, SubjectTaken, UsernameTaken } from '../../src/index.ts';
import { authorizeAs } from '../helpers/flows.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';
import { quickHash } from '../helpers/passwords.ts';

const SECRET = 'the-secret-of-every-server-in-this-file';
const MARIA = { username: 'maria', password_hash: quickHash('caterpillar'), name: 'Maria' };

const isIn = (page: { text: string }) => /signed in/i.test(page.text);

async function signedIn(host: Host, username: string, password: string): Promise<Person> {
  const person = new Person(host);
  await person.signIn(await person.visit('/login'), username, password);
  return person;
}

const account = async (person: Person) => (await person.open('/account')).status;

describe('a user whom the options list', async () => {
  const host = await serveHost({ secret: SECRET, users: [MARIA], clients: [] });

  it('signs in at the first request, and once more after a restart with the password of their own', async () => {
    assert.ok(isIn(await logIn(host, 'maria', 'caterpillar')));
    const { passwordHash } = (await host.store.users.find('maria'))!;
    const hash = quickHash('a password of her own');
    assert.equal(await host.store.users.changePassword('maria', passwordHash!, hash, 1), true);
    const again = authorizationServer({
      issuer: host.issuer,
      store: host.store,
      secret: SECRET,
      users: [MARIA],
    });
    await again.close();
    await again.ready();
    assert.equal((await host.store.users.find('maria'))?.source, 'options');
    assert.ok(isIn(await logIn(host, 'maria', 'a password of her own')));
    assert.equal(isIn(await logIn(host, 'maria', 'caterpillar')), false);
  });

  it('is removed from the list first', async () => {
    await assert.rejects(host.server.users.remove('maria'), {
      message: 'The user maria is in the option users: take it out there.',
    });
    const later = authorizationServer({ issuer: host.issuer, store: host.store, secret: SECRET });
    await later.close();
    assert.equal(await later.users.remove('maria'), true);
    assert.equal(isIn(await logIn(host, 'maria', 'a password of her own')), false);
  });
});

describe('a user who is registered while the server runs', async () => {
  const host = await serveHost();
  const { users } = host.server;

  it('gets an id that nobody had, signs in at once, and the password is told nobody', async () => {
    const made = await users.register({ username: 'rosa', password: 'marigold in a row' });
    assert.match(made.id, /^[\w-]{22}$/);
    assert.deepEqual(made, { id: made.id, username: 'rosa', name: 'rosa' });
    assert.deepEqual(await users.find(made.id), made);
    assert.ok(isIn(await logIn(host, 'rosa', 'marigold in a row')));
    assert.equal((await host.store.users.find(made.id))?.source, 'code');
    await users.remove(made.id);
    assert.notEqual((await users.register({ username: 'rosa', password: 'x' })).id, made.id);
  });

  it('may have any letters in the username, for the id is random, or is given in ASCII', async () => {
    const made = await users.register({ username: 'josé', password: 'x' });
    assert.match(made.id, /^[\w-]{22}$/);
    assert.equal((await users.update(made.id, { username: '山田' }))?.username, '山田');
    await assert.rejects(users.register({ id: 'josé', username: 'jose', password: 'x' }), {
      name: 'TypeError',
      message:
        'The user cannot be registered:\n  - id has a character that is not ASCII: the person needs another id',
    });
  });

  it('is refused with all that is wrong, and under a name or an id that is taken', async () => {
    await assert.rejects(users.register({ username: '', email: 'x' }), {
      name: 'TypeError',
      message:
        'The user cannot be registered:\n  - username must not be empty\n  - email must be an e-mail address\n  - needs either password or password_hash',
    });
    await assert.rejects(users.register({ username: 'alice', password: 'x' }), UsernameTaken);
    for (const id of ['alice', 'web']) {
      await assert.rejects(users.register({ id, username: 'zoe', password: 'x' }), SubjectTaken);
    }
    for (const id of [undefined, 7.5]) {
      for (const verb of ['find', 'update', 'remove'] as const) {
        await assert.rejects(users[verb](id as never, {}), { name: 'TypeError' });
      }
    }
  });

  it('keeps the password and the session through a new name, and loses the session with the password', async () => {
    const { id } = await users.register({ username: 'ada', password: 'an engine', name: 'Ada' });
    const person = await signedIn(host, 'ada', 'an engine');
    const named = await users.update(id, {
      username: 'countess',
      name: null,
      email: 'a@b.example',
    });
    assert.deepEqual(named, { id, username: 'countess', name: 'countess', email: 'a@b.example' });
    assert.deepEqual(await users.update(id, { email: undefined, password: undefined }), named);
    assert.equal(await account(person), 200);
    await users.update(id, { password_hash: quickHash('another engine') });
    assert.notEqual(await account(person), 200);
    assert.ok(isIn(await logIn(host, 'countess', 'another engine')));
    await users.update(id, { password: 'a third engine' });
    assert.ok(isIn(await logIn(host, 'countess', 'a third engine')));
    await assert.rejects(users.update(id, { password: 'x', password_hash: MARIA.password_hash }), {
      message: `The user ${id} cannot be changed:\n  - needs either password or password_hash`,
    });
    await assert.rejects(users.update(id, { id: 'other' } as never), {
      message: `The user ${id} cannot be changed:\n  - id stays what it is`,
    });
    await assert.rejects(users.update(id, { username: 'alice' }), UsernameTaken);
    assert.equal(await users.update('nobody', { name: 'x' }), undefined);
  });

  it('has the claims of OpenID Connect, by their names, and a new address is not a verified one', async () => {
    const known = { email: 'ada@b.example', email_verified: true, groups: ['engines'] };
    const address = { locality: 'London', country: 'UK' };
    const given = { username: 'lovelace', password: 'x', ...known, address, updated_at: 1 };
    const { id } = await users.register(given);
    const all = { id, username: 'lovelace', name: 'lovelace', ...known, address, updated_at: 1 };
    assert.deepEqual(await users.find(id), all);
    assert.deepEqual((await host.store.users.find(id))?.claims, {
      email_verified: true,
      groups: ['engines'],
      address,
      updated_at: 1,
    });
    const { address: _none, ...without } = all;
    assert.deepEqual(await users.update(id, { address: null, email: known.email }), without);
    const { email_verified: _old, ...unverified } = without;
    const email = 'countess@b.example';
    assert.deepEqual(await users.update(id, { email }), { ...unverified, email });
    const verified = { ...unverified, email: 'ada@c.example', email_verified: true };
    assert.deepEqual(
      await users.update(id, { email: 'ada@c.example', email_verified: true }),
      verified,
    );
    await assert.rejects(
      users.update(id, { birthdate: '10.12.1815', address: { city: 'London' } as never }),
      {
        message: `The user ${id} cannot be changed:\n  - birthdate is not a date such as 1865-11-26, or a year\n  - address has city, which is none of formatted, street_address, locality, region, postal_code, country`,
      },
    );
    await assert.rejects(users.update(id, { groups: Array(500).fill('engines') }), {
      message: `The user ${id} cannot be changed:\n  - has 5049 bytes of claims, and may have 4096`,
    });
  });

  it('loses nothing to 10 changes at once, not even a password that the person changes', async () => {
    const { id } = await users.register({ username: 'many', password_hash: quickHash('before') });
    const { passwordHash } = (await host.store.users.find(id))!;
    const fresh = quickHash('fresh');
    const changes = Array.from({ length: 10 }, (_, n) =>
      users.update(id, n % 2 === 0 ? { name: 'Many' } : { email: 'many@b.example' }),
    );
    const [changed] = await Promise.all([
      host.store.users.changePassword(id, passwordHash!, fresh, 1),
      ...changes,
    ]);
    assert.equal(changed, true);
    const now = await host.store.users.find(id);
    assert.deepEqual([now?.name, now?.email, now?.passwordHash], ['Many', 'many@b.example', fresh]);
  });

  it('takes sessions and tokens along when removed', async () => {
    const { id } = await users.register({ username: 'gone', password_hash: quickHash('by now') });
    const person = await signedIn(host, 'gone', 'by now');
    const { json } = await (await authorizeAs(host as never, { person })).exchange();
    const notes = () =>
      http(`${host.origin}/notes`, { headers: { authorization: `Bearer ${json.access_token}` } });
    assert.equal((await notes()).json.sub, id);
    assert.equal(await users.remove(id), true);
    assert.equal((await notes()).status, 401);
    assert.notEqual(await account(person), 200);
    assert.equal(await users.remove(id), false);
  });
});

describe('a server whose people are those of the app', () => {
  it('has no users of its own, and says so', async () => {
    const { server } = await serveHost({ authenticate: () => undefined, loginUrl: '/in' });
    const message =
      'The users of this server are those of the app around it: it has authenticate or findUser. users.remove() ends all that one of them has here.';
    for (const verb of ['register', 'find', 'update', 'createResetLink'] as const) {
      await assert.rejects(server.users[verb]({} as never, {}), { name: 'TypeError', message });
    }
  });
});
