import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { type TestServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;

const JWT = { ACCESS_TOKEN_FORMAT: 'jwt' };

async function newTokenOf(server: TestServer): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'read' };
  return (await requestToken(server, form, 'web:web-secret')).json.access_token;
}

describe('key', async () => {
  const { server, cli } = await administered(JWT);
  const newToken = () => newTokenOf(server);
  const published = async (): Promise<string[]> =>
    (await http(`${server.issuer}/oauth/jwks`)).json.keys.map(({ kid }: { kid: string }) => kid);
  const status = async (token: string) => (await getSecret(server, token)).status;

  it('rotate has a running server sign with another key within a second, and the old one goes on verifying', async () => {
    await withClock(async (advance) => {
      const before = await newToken();
      const { json } = await cli('key rotate --json');
      assert.equal(json.old, kidOf(before));
      advance(1000);
      const after = await newToken();
      assert.equal(kidOf(after), json.kid);
      const keys = await published();
      assert.ok(keys.includes(json.kid) && keys.includes(json.old));
      assert.deepEqual([await status(before), await status(after)], [200, 200]);
    });
  });

  it('rotate --revoke ends what the old key has signed, within a second', async () => {
    await withClock(async (advance) => {
      const before = await newToken();
      assert.equal((await cli('key rotate --revoke')).code, 1, 'nobody was asked');
      const { json } = await cli('key rotate --revoke --yes --json');
      advance(1000);
      assert.equal(await status(before), 401);
      const after = await newToken();
      assert.equal(kidOf(after), json.kid);
      assert.equal(await status(after), 200);
      assert.ok(!(await published()).includes(json.old));
    });
  });

  it('list says which key signs, and shows no private key', async () => {
    const { json, stdout } = await cli('key list --json');
    assert.equal(json.filter(({ signs }: { signs: boolean }) => signs).length, 2);
    assert.doesNotMatch(stdout, /private|BEGIN/i);
    const { stdout: table } = await cli('key list');
    assert.match(table, /^kid +alg +signs/);
  });

  it('rotate leaves one key that signs if several rotate at once', async () => {
    const done = await Promise.all([1, 2, 3].map(() => cli('key rotate --json')));
    for (const { code, stderr } of done) assert.equal(code, 0, stderr);
    const { json } = await cli('key list --json');
    assert.equal(json.filter(({ signs }: { signs: boolean }) => signs).length, 2);
  });
});

describe('a key that is revoked', () => {
  it('leaves its place to the new one at once, however long other algorithms are known', async () => {
    const { server, cli } = await administered(JWT);
    await withClock(async (advance) => {
      const before = await newTokenOf(server);
      // Here RS256 comes into the key set, too.
      await http(`${server.issuer}/oauth/jwks`);
      advance(4 * 3600_000);
      const { json } = await cli('key rotate --revoke --yes --json');
      assert.equal(json.old, kidOf(before));
      advance(1000);
      assert.equal(kidOf(await newTokenOf(server)), json.kid);
    });
  });
});
