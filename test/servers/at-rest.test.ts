import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256 } from '../../src/protocol/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

/** The same store, and all that it is given, as text. */
function overheard(store: Store): { store: Store; given: string[] } {
  const given: string[] = [];
  const nouns = Object.entries(store).map(([noun, verbs]) => {
    if (typeof verbs !== 'object') return [noun, verbs];
    const noting = Object.entries(verbs as object).map(([verb, run]) => [
      verb,
      (...args: unknown[]) => {
        given.push(JSON.stringify(args));
        return run(...args);
      },
    ]);
    return [noun, Object.fromEntries(noting)];
  });
  return { store: { ...store, ...Object.fromEntries(nouns) }, given };
}

describe('what the store is given', () => {
  it('has no code, token, session id, password or secret in it', async () => {
    const { store, given } = overheard(await emptyStore());
    const server = await startServer({}, { store });
    const person = new Person(server);
    const flow = await authorizeAs(server, { person });
    const { json: first } = await flow.exchange();
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { json: second } = await requestToken(server, form, 'web:web-secret');
    const cookie = decodeURIComponent(person.cookies.get(person.nameOf('oauth_session')) ?? '');
    const [, sessionId = ''] = /^s:([\w-]+)\./.exec(cookie) ?? [];

    const link = await server.users.createResetLink('alice');
    const fresh = 'through the looking glass';
    const page = await person.visit(link!.url);
    await person.submit(page, { new_password: fresh, new_password_again: fresh });
    const token = new URL(link!.url).searchParams.get('token');

    const all = given.join('\n');
    const hashed = [
      flow.code,
      first.access_token,
      first.refresh_token,
      second.access_token,
      second.refresh_token,
      sessionId,
      'web-secret',
    ];
    for (const secret of [...hashed, flow.verifier, 'wonderland', token, fresh]) {
      assert.ok(secret && !all.includes(secret), 'it is not there as it is');
    }
    for (const secret of hashed) assert.ok(all.includes(sha256(secret)), 'its hash is');
  });
});
