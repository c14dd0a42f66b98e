// What is looked up while the client is: nobody is told of it who does not turn out to be the client.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { emptyStore } from '../helpers/databases.ts';
import { startServer } from '../helpers/harness.ts';
import { type Answer, basic, http } from '../helpers/http.ts';

const SECRET = 'a secret for the tests of 32 characters';

const FORMS = {
  'a token at introspection': ['introspect', { token: 'unknown' }],
  'a code': ['token', { grant_type: 'authorization_code', code: 'unknown' }],
  'a refresh token': ['token', { grant_type: 'refresh_token', refresh_token: 'unknown' }],
} as const;

describe('what a request names, before its client has authenticated,', async () => {
  const asked: string[] = [];
  let isAway = false;
  const store = await emptyStore();
  const watched: Store = {
    ...store,
    clients: {
      ...store.clients,
      async find(id) {
        asked.push('client');
        return store.clients.find(id);
      },
    },
    accessTokens: { ...store.accessTokens, findWithPerson: found('access token') },
    refreshTokens: { ...store.refreshTokens, find: found('refresh token') },
    codes: { ...store.codes, find: found('code') },
    keys: {
      ...store.keys,
      async list(now) {
        asked.push('keys');
        return store.keys.list(now);
      },
    },
  };
  function found(what: string) {
    return async () => {
      asked.push(what);
      if (isAway) throw new StoreUnavailable('The store is away.');
      return undefined;
    };
  }
  const server = await startServer({ SESSION_SECRET: SECRET }, { store: watched });

  /** The answer to a form, and what the store was asked for it. */
  async function send(path: string, form: Record<string, string>, credentials?: string) {
    asked.length = 0;
    const answer: Answer = await http(`${server.issuer}/oauth/${path}`, {
      method: 'POST',
      headers: credentials === undefined ? {} : { authorization: credentials },
      body: new URLSearchParams(form),
    });
    return { answer, asked: [...asked] };
  }

  for (const [what, [path, form]] of Object.entries(FORMS)) {
    it(`is looked up once, and it is not told whether that failed: ${what}`, async () => {
      const unheard: unknown[] = [];
      const hear = (error: unknown) => unheard.push(error);
      process.on('unhandledRejection', hear);
      const wrong = basic('web', 'wrong-secret');
      const there = await send(path, form, wrong);
      isAway = true;
      const away = await send(path, form, wrong);
      const right = await send(path, form, basic('web', 'web-secret'));
      isAway = false;
      await nextTurn();
      process.off('unhandledRejection', hear);

      assert.equal(there.asked.length, 2, `${there.asked}`);
      assert.equal(away.answer.status, 401);
      assert.equal(away.answer.text, there.answer.text);
      assert.equal(right.answer.status, 503);
      assert.deepEqual(unheard, []);
    });

    it(`is not looked up if the request does not say who sends it: ${what}`, async () => {
      const { answer, asked } = await send(path, form);
      assert.equal(answer.status, 401);
      assert.deepEqual(asked, []);
    });
  }

  it('is no JWT that has to be verified', async () => {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const token = `${part({ alg: 'ES256', kid: 'new' })}.${part({ sub: 'a' })}.c2lnbmF0dXJl`;
    const { answer, asked } = await send('introspect', { token }, basic('web', 'wrong-secret'));
    assert.equal(answer.status, 401);
    assert.deepEqual(asked, ['client']);
  });
});
