// The store of examples/lmdb-store.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lmdbStore } from '../../examples/lmdb-store/store.ts';
import { StoreUnavailable } from '../../src/store/index.ts';
import { storeContract } from '../../src/store-contract/index.ts';
import { aClient, aCode, aGrant, NOW, someTokens } from '../../src/store-contract/records.ts';
import { same } from '../../src/store-contract/same.ts';
import { COMPILED } from '../helpers/compiled.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';

// In memory if there is such a place: each write waits for the disk.
const SHM = '/dev/shm';
const directory = mkdtempSync(join(existsSync(SHM) ? SHM : tmpdir(), 'lmdb-store-'));
after(() => rmSync(directory, { recursive: true }));

let opened = 0;
function freshFolder(): string {
  opened += 1;
  return join(directory, `store.${opened}`);
}

storeContract(
  'the store in LMDB',
  async () => lmdbStore(freshFolder()),
  () => {
    const folder = freshFolder();
    return async () => lmdbStore(folder);
  },
);

describe('the store in LMDB', () => {
  it('keeps everything in a folder of this user, until it is opened again', async () => {
    const folder = freshFolder();
    const store = lmdbStore(folder);
    const client = aClient();
    await store.clients.save(client);
    await store.close();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const again = lmdbStore(folder);
    same(await again.clients.find(client.id), client);
    await again.close();
  });

  it('cannot answer once it is closed, and says so', async () => {
    const store = lmdbStore(freshFolder());
    await store.close();
    await assert.rejects(store.ping(), StoreUnavailable);
    await assert.rejects(store.clients.remove('web'), StoreUnavailable);
  });

  it('serves a server: sign-in, code flow, refresh and revocation', async () => {
    const server = await startServer({}, { store: lmdbStore(freshFolder()) });
    const flow = await authorizeAs(server);
    const { json } = await flow.exchange();
    assert.equal((await getSecret(server, json.access_token)).status, 200);
    const refresh = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
    const refreshed = await requestToken(server, refresh, 'web:web-secret');
    assert.equal(refreshed.status, 200, refreshed.text);
    assert.equal((await flow.exchange()).json.error, 'invalid_grant');
    await server.store.consents.withdraw('alice', 'web');
    assert.equal((await getSecret(server, refreshed.json.access_token)).status, 401);
    await server.close();
    await server.store.close();
  });

  it('is shared by processes: each code is redeemed once, and for good if one is killed', async () => {
    const folder = freshFolder();
    const store = lmdbStore(folder);
    const grant = aGrant();
    await store.clients.save(aClient({ id: grant.clientId }));
    const hashes = Array.from({ length: 40 }, (_, n) => `code ${n}`);
    for (const hash of hashes) await store.codes.save(aCode(grant, { hash }), grant);

    const processes = [1, 2].map(() => redeemer(folder, hashes));
    await Promise.all(processes.map(({ started }) => started));
    for (const { child } of processes) child.stdin.end();
    const won = await Promise.all(processes.map(({ won }) => won));
    assert.deepEqual(won.flat().sort(), hashes.toSorted());
    for (const hash of hashes) {
      const { outcome } = await store.codes.redeem(hash, NOW, someTokens(grant));
      assert.equal(outcome, 'repeated');
    }
    await store.close();
  });
});

/** A process that redeems codes, says which it was told to have redeemed, and is killed at once. */
function redeemer(folder: string, hashes: readonly string[]) {
  const module = fileURLToPath(new URL('../../examples/lmdb-store/store.ts', import.meta.url));
  const code = `
    import { lmdbStore } from ${JSON.stringify(module)};
    const store = lmdbStore(${JSON.stringify(folder)});
    process.stdout.write('started\\n');
    for await (const _ of process.stdin);
    const hashes = ${JSON.stringify(hashes)};
    const answers = await Promise.all(hashes.map((hash) => store.codes.redeem(hash, ${NOW})));
    const won = hashes.filter((_, n) => answers[n].outcome === 'redeemed');
    process.stdout.write(JSON.stringify(won), () => process.kill(process.pid, 'SIGKILL'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...COMPILED },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
  });
  const won = once(child, 'close').then(
    () => JSON.parse(said.replace('started\n', '')) as string[],
  );
  return { child, started: once(child.stdout, 'data'), won };
}
