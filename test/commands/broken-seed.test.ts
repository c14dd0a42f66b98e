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
  async function type(typed: string) {
    const { code, stderr } = await cli(typed, { env: { SEED_FILE: file } });
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
      'client rotate-secret web',
      'seed apply --yes',
      'seed diff',
    ]) {
      assert.equal((await type(typed)).code, 1, typed);
    }
    assert.equal((await cli('client show another')).code, 1);
  });
});
