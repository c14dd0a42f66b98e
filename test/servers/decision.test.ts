// The decision of a person about an authorization request: made once, whatever comes twice.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer, withClock } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { newUser, PASSWORD, post, record } from '../helpers/people.ts';

/** What the client finds in the query of its redirect URI. */
const answerOf = ({ location }: Answer): Record<string, string> =>
  Object.fromEntries(new URL(location).searchParams);

describe('an authorization request that a person answers', async () => {
  const server = await startServer();

  it('is decided once: the ten seconds begin with the first answer, however often it is repeated', async () => {
    for (const decision of ['allow', 'deny']) {
      await withClock(async (advance) => {
        const person = new Person(server);
        const page = await person.signIn(
          await person.visit(authorizeUrl(server, { prompt: 'consent' })),
        );
        for (const wait of [0, 4000, 4000, 1999]) {
          advance(wait);
          assert.ok((await person.submit(page, { decision })).location, `${wait} ms later`);
        }
        advance(1);
        assert.match((await person.submit(page, { decision })).text, /This sign-in is over/);
      });
    }
  });

  it('is not decided by a sign-in that is too old, and such a person is not even asked', async () => {
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    const { location } = await person.open(authorizeUrl(server, { prompt: 'login' }));
    const handle = new URL(location, server.issuer).searchParams.get('continue')!;
    for (const decision of ['allow', 'deny', 'neither']) {
      const form = { continue: handle, csrf_token: 'made-up', decision };
      const answer = await post(person, '/oauth/authorize', form);
      assert.match(answer.location, /^\/login\?continue=[^&]+&prompt=login$/);
    }
  });

  it('is told of as allowed once, and as allowed before if the same form comes again', async () => {
    const user = await newUser(server);
    const person = new Person(server);
    const login = await person.visit(authorizeUrl(server));
    const page = await person.signIn(login, user.username, PASSWORD);
    const heard = record(server, 'consent_allowed');
    for (let click = 0; click < 2; click += 1) await person.submit(page, { decision: 'allow' });
    const told = heard as unknown as [string, { remembered: boolean }][];
    assert.deepEqual(
      told.map(([, { remembered }]) => remembered),
      [false, true],
    );
  });

  it('is decided once: of Cancel and Allow at the same instant one wins, and it alone is remembered', async () => {
    for (let round = 0; round < 4; round += 1) {
      const user = await newUser(server);
      const person = new Person(server);
      const page = await person.signIn(
        await person.visit(authorizeUrl(server)),
        user.username,
        PASSWORD,
      );
      const decisions = Array.from({ length: 8 }, (_, n) => (n % 2 < 1 ? 'allow' : 'deny'));
      if (round % 2 === 1) decisions.reverse();
      const answers = await Promise.all(
        decisions.map((decision) => person.submit(page, { decision })),
      );
      const told = answers.filter(({ location }) => location !== '').map(answerOf);
      assert.equal(told.length, 4, 'the other four are told that it is over');
      const isAllowed = told[0]?.['code'] !== undefined;
      for (const one of told) assert.equal(one['code'] !== undefined, isAllowed);
      const consents = await server.store.consents.listByUser(user.id);
      assert.equal(consents.length, isAllowed ? 1 : 0);
    }
  });

  it('brings nothing back that was taken away since, by a form or by a page that is sent again', async () => {
    const user = await newUser(server);
    const person = new Person(server);
    const page = await person.signIn(
      await person.visit(authorizeUrl(server)),
      user.username,
      PASSWORD,
    );
    assert.ok(answerOf(await person.submit(page, { decision: 'allow' }))['code']);
    await server.store.consents.withdraw(user.id, 'web');
    const again = answerOf(await person.submit(page, { decision: 'allow' }));
    assert.deepEqual([again['error'], again['code']], ['access_denied', undefined]);

    await person.allow(authorizeUrl(server));
    const login = await person.visit(authorizeUrl(server, { prompt: 'login' }));
    const silent = await person.signIn(login, user.username, PASSWORD);
    assert.ok(answerOf(silent)['code'], 'it is remembered');
    await server.store.consents.withdraw(user.id, 'web');
    const { continue: handle } = readForm(login.text).fields;
    const reloaded = await person.open(`/oauth/authorize?continue=${handle}`);
    assert.match(reloaded.text, /This sign-in is over/);

    assert.deepEqual(await server.store.consents.listByUser(user.id), []);
    assert.deepEqual(await server.store.grants.listByUser(user.id, Date.now()), []);
  });
});
