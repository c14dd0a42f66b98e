// npm run registration-token; docs/registration.md has it, and the test of the documents runs it.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, readConfig } from '../../src/program/config.ts';
import { makeRegistrationToken } from '../../src/program/registration-token.ts';
import { prepare } from '../../src/program/serve.ts';
import { migrateDatabase } from '../../src/store/open.ts';

describe('the command registration-token', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'registration-'));
  after(() => rm(directory, { recursive: true }));
  const DATABASE_URL = `sqlite:${directory}/oauth.db`;
  await migrateDatabase(DATABASE_URL);
  const env = { REGISTRATION: 'token', DATABASE_URL, SESSION_SECRET: 's'.repeat(32) };

  it('answers with a token', async () => {
    assert.match(await makeRegistrationToken(env, []), /^[\w-]{43}$/);
    assert.match(await makeRegistrationToken(env, ['--uses', '5', '--ttl=60']), /^[\w-]{43}$/);
  });

  const refused: [name: string, settings: object, args: string[], message: RegExp][] = [
    ['where nobody may register', { REGISTRATION: 'off' }, [], /^REGISTRATION is off\. Set it/],
    ['without a database', { DATABASE_URL: '' }, [], /^DATABASE_URL is missing\./],
    ['with a setting that is wrong', { REGISTRATION: 'all' }, [], /REGISTRATION is "all"/],
    ['for no client', {}, ['--uses', '0'], /uses .* whole number of clients from 1/],
    ['for a number that is none', {}, ['--uses', 'many'], /uses .* whole number of clients/],
    ['for no time', {}, ['--ttl', '0'], /ttl .* whole number of seconds/],
    ['with metadata that are no JSON', {}, ['--metadata', '{'], /The arguments .* not right/],
    ['with metadata that are wrong', {}, ['--metadata', '{"scope":5}'], /scope must be a string/],
    ['with an argument that there is not', {}, ['--times', '5'], /They are --uses, --ttl/],
  ];
  for (const [name, settings, args, message] of refused) {
    it(`says what to do ${name}`, async () => {
      await assert.rejects(makeRegistrationToken({ ...env, ...settings }, args), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe('SELF_REGISTERED_SCOPES', () => {
  it('is a list of scopes', () => {
    const { selfRegisteredScopes } = readConfig({ SELF_REGISTERED_SCOPES: 'read  write' });
    assert.deepEqual(selfRegisteredScopes, ['read', 'write']);
    assert.throws(() => readConfig({ SELF_REGISTERED_SCOPES: 'a"b' }), /SELF_REGISTERED_SCOPES is/);
  });

  it('has to be in the seed', async () => {
    const config = readConfig({ SELF_REGISTERED_SCOPES: 'read no-such' });
    await assert.rejects(prepare(config), {
      message:
        'SELF_REGISTERED_SCOPES has no-such, which the seed does not have. Set it to scopes of the seed file, separated by spaces.',
    });
  });
});
