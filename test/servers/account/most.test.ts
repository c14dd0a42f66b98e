// Lists on the account page that somebody could make long: it stays a page, and says what it leaves out.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomToken } from '../../../src/protocol/secrets.ts';
import { startServer } from '../../helpers/harness.ts';
import { account, newUser, removePage, signedIn, textOf } from '../../helpers/people.ts';

describe('the account page of a person who has much', async () => {
  const server = await startServer();
  const { sessions, consents } = server.store;

  it('shows the newest hundred sessions: a sign-in ends the oldest', async () => {
    const user = await newUser(server);
    const now = Date.now();
    const first = await signedIn(server, user);
    const [one] = await sessions.listByUser(user.id, now);
    assert.ok(one);
    for (let n = 0; n < 150; n += 1) {
      await sessions.save(randomToken(), { ...one, createdAt: one.createdAt! + 1 + n });
    }
    assert.equal((await sessions.listByUser(user.id, now)).length, 100);
    assert.match(textOf(await account(first, server)), /Username/, 'the oldest is over');
    const page = await account(await signedIn(server, user), server);
    assert.equal(page.text.match(/id="session-\d+"/g)?.length, 100);
    assert.ok(page.text.length < 200_000, `${page.text.length} characters`);
  });

  it('shows the hundred apps used last, each with twenty resources, and counts the others', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const consent = { userId: user.id, scope: ['read'] };
    const web = await server.store.clients.find('web');
    for (let n = 0; n < 130; n += 1) {
      await server.store.clients.save({ ...web!, id: `app-${n}`, name: `app-${n}` });
      await consents.add({ ...consent, clientId: `app-${n}`, resource: '', createdAt: 1000 + n });
    }
    const many = Array.from({ length: 50 }, (_, n) => `https://api.example/${n}/`);
    for (const [n, resource] of many.entries()) {
      await consents.add({ ...consent, clientId: 'web', resource, createdAt: 5000 + n });
    }
    const page = await account(person, server);
    assert.equal(page.text.match(/id="app-\d+"/g)?.length, 100);
    assert.match(textOf(page), /31 more apps, used less recently, have access/);
    assert.match(textOf(page), /It has access at 30 more addresses/);
    assert.ok(page.text.includes(many[49]!) && !page.text.includes(many[29]!), 'the newest');
    assert.ok(page.text.length < 200_000, `${page.text.length} characters`);
    // One that is not listed can be removed all the same.
    assert.match((await removePage(person, server, 'app-0')).text, /Remove access for/);
  });
});
