// docs/stores.md and the README of examples/lmdb-store: what they show is the example, and works in a
// project of somebody else's, from the packed file.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as rules from '../../src/store/index.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from '../../src/store-contract/index.ts';
import { opening } from '../../src/store-contract/opening.ts';
import { readBlocks } from '../helpers/document.ts';
import { requestToken } from '../helpers/flows.ts';
import { listen } from '../helpers/harness.ts';
import { compile, newProject, pack } from '../helpers/packed.ts';
import { spawned } from '../helpers/program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/lmdb-store');
const text = (path: string) => readFile(join(ROOT, path), 'utf8');

const guide = await text('docs/stores.md');
const snippets = readBlocks(guide)
  .filter(({ language }) => language === 'ts')
  .map(({ content }) => content);
/** Those that are files of their own. */
const [later = '', contract = ''] = snippets.filter((snippet) => snippet.startsWith('import'));
const [program = ''] = readBlocks(await text('examples/lmdb-store/README.md'))
  .filter(({ language }) => language === 'ts')
  .map(({ content }) => content);
const [seed = ''] = readBlocks(await text('docs/seed.md'))
  .filter(({ language }) => language === 'json')
  .map(({ content }) => content);

const sources = Object.fromEntries(
  await Promise.all(
    (await readdir(EXAMPLE))
      .filter((name) => name.endsWith('.ts'))
      .map(async (name) => [name, await readFile(join(EXAMPLE, name), 'utf8')] as const),
  ),
);

describe('docs/stores.md', () => {
  it('shows the example letter for letter', () => {
    const all = Object.values(sources).join('\n');
    const shown = snippets.filter((snippet) => !snippet.startsWith('import'));
    assert.equal(shown.length, 2);
    for (const snippet of shown) assert.ok(all.includes(snippet), snippet);
  });

  it('names every rule that there is', () => {
    for (const name of Object.keys(rules)) {
      const isNamed = new RegExp(`\\b${name}\\b`).test(guide);
      assert.ok(isNamed || ['MAX_HELD', 'CODE_REPEAT_WINDOW', 'grantIdOf'].includes(name), name);
    }
  });

  it('is about a contract that nothing of the server loads', async () => {
    for (const name of await readdir(join(ROOT, 'src'), { recursive: true })) {
      if (!name.endsWith('.ts') || name.startsWith('store-contract')) continue;
      assert.doesNotMatch(await text(`src/${name}`), /from '(?:node:test|.*store-contract)/, name);
    }
  });
});

describe('what opens stores for the contract', () => {
  it('is a function', () => {
    assert.throws(() => storeContract('a store', memoryStore() as never), {
      name: 'TypeError',
      message: 'storeContract() takes a name, and a function that opens an empty store.',
    });
  });

  it('answers a store with all verbs', async () => {
    const { purge: _, ...others } = memoryStore();
    const open = opening(async () => others as Store);
    await assert.rejects(open(), {
      name: 'TypeError',
      message: 'The store that open() answered has no function purge.',
    });
    const none = opening(async () => undefined as never);
    await assert.rejects(none(), { message: 'The store that open() answered is none.' });
  });

  it('answers another store each time, with nothing in it', async () => {
    const store = memoryStore();
    const open = opening(async () => store);
    await open();
    await assert.rejects(open(), {
      message: 'open() has to answer an empty store, and another one each time it is called.',
    });
  });
});

/** A store that looks and then writes, with others in between. */
const BROKEN = `
import { memoryStore } from 'express-authorization-server';
import { storeContract } from 'express-authorization-server/store-contract';

storeContract('a broken store', async () => {
  const store = memoryStore();
  const end = async (id: string) => {
    const grant = await store.grants.find(id, 0);
    await store.grants.end(id);
    return grant !== undefined;
  };
  return { ...store, grants: { ...store.grants, end } };
});
`;

describe('a store in a project of somebody else’s', { timeout: 120_000 }, () => {
  let project = '';
  before(async () => {
    const files = Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [
        name,
        source.replaceAll('../../src/store/index.ts', 'express-authorization-server/store'),
      ]),
    );
    const compilerOptions = {
      ...{ target: 'es2024', module: 'nodenext', strict: true, noEmit: true, types: ['node'] },
      ...{ allowImportingTsExtensions: true, skipLibCheck: true },
    };
    project = await newProject(
      await pack(),
      {
        ...files,
        'package.json': JSON.stringify({ name: 'own-store', private: true, type: 'module' }),
        'tsconfig.json': JSON.stringify({ compilerOptions }),
        'later.ts': later,
        'store.test.ts': contract,
        'broken.test.ts': BROKEN,
        'app.ts': program,
        'seed.json': seed,
      },
      {
        express: 'express',
        lmdb: 'lmdb',
        '@types/express': '@types/express',
        '@types/node': '@types/node',
      },
    );
  });

  it('compiles with the types of the package', () => compile(project));

  const test = (file: string, pattern: string) =>
    spawned(
      [process.execPath, '--test', `--test-name-pattern=${pattern}`, file],
      { TMPDIR: project },
      { cwd: project },
    );

  it('is held to the contract by node --test', async () => {
    const tests = test('store.test.ts', 'limits');
    assert.equal(await tests.exit, 0, tests.stdout);
    assert.match(tests.stdout, /✔ limits /);
  });

  it('is told what it breaks, where that is promised, and what often breaks it', async () => {
    const tests = test('broken.test.ts', '50 callers who end a grant at once');
    assert.equal(await tests.exit, 1, tests.stdout);
    assert.match(tests.stdout, /50 !== 1/);
    assert.match(
      tests.stdout,
      /Promised in the comments of Grants \(express-authorization-server\/store\)\./,
    );
    const [, advice = ''] = /^```\n(.*)\n```$/m.exec(guide) ?? [];
    assert.ok(tests.stdout.includes(`  ${advice}\n`), tests.stdout);
  });

  it('serves a server, and is closed with it', async () => {
    const probe = createServer();
    await listen(probe);
    const { port } = probe.address() as AddressInfo;
    await once(probe.close(), 'close');
    const issuer = `http://localhost:${port}`;
    await writeFile(join(project, 'app.ts'), program.replaceAll('3000', String(port)));
    const server = spawned(
      [process.execPath, 'app.ts'],
      { SESSION_SECRET: 'a secret that is long enough for a test' },
      { cwd: project },
    );
    const form = { grant_type: 'client_credentials' };
    const client = 'nightly-export:another-long-random-secret-of-32-characters-or-more';
    const ask = () => requestToken({ issuer }, form, client).catch(() => undefined);
    let answer = await ask();
    while (answer === undefined && server.child.exitCode === null) answer = await ask();
    assert.equal(answer?.status, 200, server.stderr);
    server.child.kill();
    assert.equal(await server.exit, 0, server.stderr);
  });
});
