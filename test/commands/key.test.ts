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
  const kidsInList = async (): Promise<string[]> =>
    (await cli('key list --json')).json.map(({ kid }: { kid: string }) => kid);
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

  it('revoke ends what a key has signed, within a second, and another signs in its place', async () => {
    await withClock(async (advance) => {
      const before = await newToken();
      const kid = kidOf(before);
      assert.equal((await cli(['key', 'revoke', kid])).code, 1, 'nobody was asked');
      assert.equal(await status(before), 200);
      const { json } = await cli(['key', 'revoke', kid, '--yes', '--json']);
      const [{ successor }] = json.revoked;
      assert.deepEqual(json, { revoked: [{ kid, alg: 'ES256', successor }] });
      advance(1000);
      assert.equal(await status(before), 401);
      const after = await newToken();
      assert.equal(kidOf(after), successor);
      assert.equal(await status(after), 200);
      assert.ok(!(await published()).includes(kid));
    });
  });

  it('revoke ends what a key has signed that signs no more, and leaves the rest in force', async () => {
    await withClock(async (advance) => {
      const before = await newToken();
      await cli('key rotate');
      advance(1000);
      const after = await newToken();
      const { stdout } = await cli(['key', 'revoke', kidOf(before), '--yes']);
      assert.match(stdout, new RegExp(`^What ${kidOf(before)} has signed is no longer valid\\.`));
      advance(1000);
      assert.deepEqual([await status(before), await status(after)], [401, 200]);
      assert.equal(kidOf(await newToken()), kidOf(after));
    });
  });

  it('revoke --all ends what was ever signed, and leaves no key that was there', async () => {
    await withClock(async (advance) => {
      const before = await newToken();
      const known: { kid: string }[] = (await cli('key list --json')).json;
      const { json } = await cli('key revoke --all --yes --json');
      assert.deepEqual(
        json.revoked.map(({ kid }: { kid: string }) => kid).toSorted(),
        known.map(({ kid }) => kid).toSorted(),
      );
      advance(1000);
      assert.equal(await status(before), 401);
      assert.equal(await status(await newToken()), 200);
      const kids = [...(await published()), ...(await kidsInList())];
      assert.ok(known.every(({ kid }) => !kids.includes(kid)));
    });
  });

  it('revoke ends nothing if one of the keys is not there, or none is named', async () => {
    const before = await newToken();
    const kid = kidOf(before);
    const mistyped = `${kid.slice(0, -1)}~`;
    const unknown = await cli(['key', 'revoke', kid, mistyped, '--yes']);
    assert.equal(unknown.code, 1);
    assert.equal(unknown.stderr, `There is no key ${mistyped}. Did you mean ${kid}?\n`);
    for (const words of [[], [kid, '--all']]) {
      const { code, stderr } = await cli(['key', 'revoke', ...words, '--yes']);
      assert.deepEqual([code, stderr], [2, 'Name the keys to revoke, or say --all.\n']);
    }
    assert.equal(await status(before), 200);
  });

  it('revoke brings one key in the place of another, of however many who revoke it at once', async () => {
    const kid = kidOf(await newToken());
    const done = await Promise.all(
      [1, 2, 3].map(() => cli(['key', 'revoke', kid, '--yes', '--json'])),
    );
    const successors = done.filter(({ code }) => code === 0).map(({ json }) => json.revoked);
    const kids = await kidsInList();
    assert.ok(!kids.includes(kid));
    const brought = successors.flat().map(({ successor }: { successor: string }) => successor);
    assert.equal(brought.filter((one) => kids.includes(one)).length, 1);
  });

  it('list does not say that the key in the place of a revoked one was created when that one was', async () => {
    const { json: before } = await cli('key list --json');
    await cli(['key', 'revoke', before[0].kid, '--yes']);
    const { json: after } = await cli('key list --json');
    assert.ok(after.some(({ since }: { since: string }) => since === before[0].since));
    for (const key of after) assert.equal('created_at' in key, false);
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
  it('before it signs leaves its period to another, which is published until then', async () => {
    const period = 2 * 3600_000;
    const { server, cli } = await administered({ ...JWT, KEY_ROTATION: '7200' });
    const published = async (): Promise<{ kid: string; alg: string }[]> =>
      (await http(`${server.issuer}/oauth/jwks`)).json.keys;
    const start = Math.ceil(Date.now() / period) * period;
    await withClock(async (advance) => {
      const signs = kidOf(await newTokenOf(server));
      advance(period / 2 + 1000);
      const next = (await published()).find(({ alg, kid }) => alg === 'ES256' && kid !== signs)!;
      const { json } = await cli(['key', 'revoke', next.kid, '--yes', '--json']);
      const [{ successor }] = json.revoked;
      advance(1000);
      const kids = (await published()).map(({ kid }) => kid);
      assert.ok(kids.includes(successor) && kids.includes(signs) && !kids.includes(next.kid));
      assert.equal(kidOf(await newTokenOf(server)), signs);
      advance(period / 2);
      assert.equal(kidOf(await newTokenOf(server)), successor);
    }, start);
  });

  it('leaves its place to the new one at once, however long other algorithms are known', async () => {
    const { server, cli } = await administered(JWT);
    await withClock(async (advance) => {
      const before = await newTokenOf(server);
      // Here RS256 comes into the key set, too.
      await http(`${server.issuer}/oauth/jwks`);
      advance(4 * 3600_000);
      const { json } = await cli(['key', 'revoke', kidOf(before), '--yes', '--json']);
      advance(1000);
      assert.equal(kidOf(await newTokenOf(server)), json.revoked[0].successor);
    });
  });
});
