// An operator's program allows a client in a person's name, so that nobody is asked.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

describe('a consent that a program has stored beforehand', async () => {
  const server = await startServer();
  const { store } = server;
  await store.consents.add({ userId: 'user-2', clientId: 'web', resource: '', scope: ['read'] });

  /** Where bob gets to by signing in, and whether he is asked first. */
  async function signIn(params = {}) {
    const person = new Person(server);
    const login = await person.visit(authorizeUrl(server, params));
    const { location, text } = await person.signIn(login, 'bob', 'builder');
    return { hasCode: /[?&]code=/.test(location), isAsked: text.includes('name="decision"') };
  }

  it('is as good as one that the person gave: they sign in, and the client gets its code', async () => {
    assert.deepEqual(await signIn(), { hasCode: true, isAsked: false });
  });

  it('does not cover another scope, or a client that wants the person to be asked', async () => {
    for (const params of [{ scope: 'read write' }, { prompt: 'consent' }]) {
      assert.deepEqual(await signIn(params), { hasCode: false, isAsked: true }, params.scope);
    }
  });
});
