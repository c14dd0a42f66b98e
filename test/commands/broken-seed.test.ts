// Commands where the seed file of the server cannot be used.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { authorizeAs, getSecret } from '../helpers/flows.ts';

describe('with a seed file that cannot be used, a command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'broken-seed-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'seed.json');
  writeFileSync(file, JSON.stringify({ clients: [], users: [{ username: 'mallory' }] }));
  const { server, cli } = await administered();

  /** Types a command that says what is wrong with the file. @returns its exit code and what it said */
  async function type(typed: string, env = {}) {
    const { code, stderr } = await cli(typed, { env: { SEED_FILE: file, ...env } });
    assert.match(stderr, /users\[0\]/, typed);
    return { code, stderr };
  }

  it('shuts somebody out, removes a client and replaces a key, and says what is wrong with the file', async () => {
    const { access_token } = (await (await authorizeAs(server)).exchange()).json;
    for (const typed of [
      'user list',
      'client delete spa --yes',
      'key rotate',
      'user disable alice',
    ]) {
      const { code, stderr } = await type(typed);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /This command needs no seed file and goes on without it\./, typed);
    }
    assert.equal((await getSecret(server, access_token)).status, 401);
  });

  it('that needs the scopes is refused, and changes nothing', async () => {
    for (const typed of [
      'client create --id another --grant client_credentials --scope read',
      'client update web scope=read',
      'seed apply --yes',
      'seed diff',
    ]) {
      assert.equal((await type(typed)).code, 1, typed);
    }
    assert.equal((await cli('client show another')).code, 1);
  });

  it('goes on without it where SELF_REGISTERED_SCOPES names its scopes, too', async () => {
    const { code, stderr } = await type('user enable alice', { SELF_REGISTERED_SCOPES: 'read' });
    assert.equal(code, 0, stderr);
  });

  it('changes the secret of a client over, whatever its scopes are', async () => {
    for (const typed of ['client rotate-secret web', 'client drop-secret web']) {
      const { code, stderr } = await type(typed);
      assert.equal(code, 0, stderr);
    }
    const { json } = await cli('client show web --json');
    assert.deepEqual([json.scope, json.secrets], ['read write', 1]);
  });
});

describe('with SELF_REGISTERED_SCOPES that the seed file does not have, a command', async () => {
  const { cli } = await administered();
  const env = { SELF_REGISTERED_SCOPES: 'read foo' };
  const SENTENCE =
    'SELF_REGISTERED_SCOPES has read and foo, which the seed does not have. Set it to scopes of the seed file, separated by spaces.\n';

  it('that needs no scopes says so, and goes on', async () => {
    for (const typed of ['user disable alice', 'key list', 'client show web']) {
      const { code, stderr } = await cli(typed, { env });
      assert.equal(code, 0, stderr);
      assert.equal(
        stderr,
        `${SENTENCE}This command needs none of them and goes on without the setting.\n`,
      );
    }
  });

  it('that needs them is refused with the sentence that a start has', async () => {
    for (const typed of ['client update web client_name=Other', 'registration-token create']) {
      const { code, stderr } = await cli(typed, { env });
      assert.deepEqual([code, stderr], [1, SENTENCE]);
    }
  });

  it('of the demo finds what it is about all the same', async () => {
    const demo = { ...env, DEMO: 'on', SELF_REGISTERED_SCOPES: 'foo' };
    const { code, stderr } = await cli('user list', { env: demo });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /SELF_REGISTERED_SCOPES has foo/);
  });
});
