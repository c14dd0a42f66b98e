// ${NAME} and ${file:...} in a seed file.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what this is about

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseSeed, readSeed, SeedError } from '../../src/program/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'seed-values-'));
after(() => rmSync(folder, { recursive: true }));
const NAME = join(folder, 'seed.json');

const client = (fields: object) => ({
  clients: [
    {
      client_id: 'app',
      client_secret: 'a-secret',
      redirect_uris: ['https://app.example/callback'],
      ...fields,
    },
  ],
});

const read = (content: unknown, env = {}) =>
  parseSeed(NAME, JSON.stringify(content), false, [], env);

/** The lines that say what is wrong. */
function problems(content: unknown, env = {}): string {
  try {
    read(content, env);
  } catch (error) {
    assert.ok(error instanceof SeedError);
    return error.message.replace(/^.*cannot be used:\n/, '');
  }
  throw new Error('nothing is wrong');
}

describe('a value of a seed file', () => {
  it('may come from the environment, as a whole or in a part, in any string', () => {
    const env = { SECRET: 'from-outside', HOST: 'app.example', WORDS: 'Read "it"\\' };
    const seed = read(
      {
        scopes: { read: '${WORDS}' },
        ...client({
          client_secret: ['${SECRET}', 'x-${SECRET}-${HOST}'],
          redirect_uris: ['https://${HOST}/'],
        }),
      },
      env,
    );
    assert.deepEqual(seed.clients[0]!.client_secret, [
      'from-outside',
      'x-from-outside-app.example',
    ]);
    assert.deepEqual(seed.clients[0]!.redirect_uris, ['https://app.example/']);
    assert.equal(seed.scopes['read'], 'Read "it"\\');
  });

  it('may come from a file beside the seed file or anywhere, whose last line break does not count', () => {
    mkdirSync(join(folder, 'secrets'));
    for (const [name, end] of [
      ['unix', '\n'],
      ['windows', '\r\n'],
      ['bare', ''],
    ]) {
      writeFileSync(join(folder, 'secrets', name!), `of-a-file${end}`);
      for (const path of [`secrets/${name}`, join(folder, 'secrets', name!)]) {
        const { clients } = read(client({ client_secret: `\${file:${path}}` }));
        assert.deepEqual(clients[0]!.client_secret, ['of-a-file']);
      }
    }
    writeFileSync(join(folder, 'secrets', 'two'), 'one\n\n');
    assert.equal(read({ scopes: { read: '${file:secrets/two}' } }).scopes['read'], 'one\n');
  });

  it('is not looked through for further references, and $${ is ${ itself', () => {
    const env = { A: '${B}', B: 'no' };
    assert.equal(
      read({ scopes: { read: '${A} $${B} $$${B} $ {B} $1' } }, env).scopes['read'],
      '${B} ${B} $${B} $ {B} $1',
    );
  });

  it('is wrong if it is nowhere, and the message names field and variable or path', () => {
    writeFileSync(join(folder, 'empty'), '\n');
    assert.equal(
      problems(
        {
          ...client({ client_secret: '${NO_SUCH}', redirect_uris: ['https://${EMPTY}/'] }),
          users: [
            { username: 'alice', password: '${file:nowhere}' },
            { username: 'bob', password: '${file:empty}' },
            { username: 'carol', password: '${file:.}' },
            { username: 'dan', password: 'a${b' },
            { username: 'eve', password: '${not a name}' },
          ],
        },
        { EMPTY: '' },
      ),
      [
        '  - clients[0].client_secret takes its value from NO_SUCH, which is not set in the environment',
        '  - clients[0].redirect_uris[0] takes its value from EMPTY, which is not set in the environment',
        `  - users[0].password takes its value from ${folder}/nowhere, which cannot be read: there is no such file (ENOENT)`,
        `  - users[1].password takes its value from ${folder}/empty, which is empty`,
        `  - users[2].password takes its value from ${folder}, which cannot be read: it is a folder (EISDIR)`,
        ...['users[3]', 'users[4]'].map(
          (user) =>
            `  - ${user}.password has \${ in it, and no name follows: write \${NAME} for a variable of the environment, \${file:/path} for a file, and $\${ for \${ itself`,
        ),
      ].join('\n'),
    );
  });

  it('is never in the message of another problem', () => {
    assert.equal(
      problems(client({ redirect_uris: ['${HUSH}'], scope: '${HUSH}' }), { HUSH: 'hush-hush' }),
      [
        '  - clients[0] (app) redirect_uris[0] is not an absolute URI: ${HUSH}',
        '  - clients[0] (app) scope has ${HUSH}, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
      ].join('\n'),
    );
    for (const json of ['{"clients":\n[{"client_secret": hush-hush}]}', '{"a": hush-hush, ']) {
      assert.throws(
        () => parseSeed(NAME, json),
        (error: Error) => {
          assert.match(
            error.message,
            /seed\.json is not JSON: something in line [12] is out of place$/,
          );
          return true;
        },
      );
    }
  });

  it('is hidden only where a message quotes it, so that no message tells it by a gap', () => {
    assert.equal(
      problems(
        client({
          client_id: '${ID}',
          client_secret: '${SECRET}',
          redirect_uris: ['${WORD}'],
          scope: '${TWO} ${WORD}',
          token_endpoint_auth_method: 'client_secret_jwt',
        }),
        { ID: 'must', SECRET: 'characters', WORD: 'absolute', TWO: 'one two' },
      ),
      [
        '  - clients[0] (${ID}) client_secret must have 32 characters or more to sign with (RFC 7518 section 3.2)',
        '  - clients[0] (${ID}) redirect_uris[0] is not an absolute URI: ${WORD}',
        '  - clients[0] (${ID}) scope has ${TWO}, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
        '  - clients[0] (${ID}) scope has ${TWO}, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
        '  - clients[0] (${ID}) scope has ${WORD}, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
      ].join('\n'),
    );
    const other = {
      ...client({ client_id: 'notes', client_name: '${NAME}', redirect_uris: ['x'] }),
    };
    assert.equal(
      problems(other, { NAME: 'notes' }),
      '  - clients[0] (notes) redirect_uris[0] is not an absolute URI: x',
    );
  });

  it('comes from the environment of the process in an app that embeds the server', async () => {
    process.env['SEED_VALUE_OF_A_TEST'] = 'from-outside';
    writeFileSync(NAME, JSON.stringify(client({ client_secret: '${SEED_VALUE_OF_A_TEST}' })));
    assert.deepEqual((await readSeed(NAME)).clients[0]!.client_secret, ['from-outside']);
  });
});
