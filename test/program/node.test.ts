// An old Node, or one without SQLite: a sentence says which Node is needed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freshSqlite } from '../helpers/databases.ts';
import { refusal, run, running, settings, spawned } from '../helpers/program.ts';

const ROOT = new URL('../../', import.meta.url);
const START = fileURLToPath(new URL('src/start.js', ROOT));
const NODE = process.execPath;

/** Node, as if it were of another version. */
const asNode = (version: string) => {
  const versions = `{ ...process.versions, node: '${version}' }`;
  const code = `Object.defineProperty(process, 'versions', { value: ${versions} });`;
  return [NODE, '--import', `data:text/javascript,${encodeURIComponent(code)}`];
};

describe('npm start', { timeout: 60_000 }, () => {
  it('runs a script that an old Node can read, and so do npm run migrate and the package', () => {
    const { scripts, bin, engines } = JSON.parse(
      readFileSync(new URL('package.json', ROOT), 'utf8'),
    );
    assert.equal(scripts.start, 'node src/start.js');
    assert.equal(scripts.migrate, 'node src/start.js migrate');
    assert.deepEqual(bin, { 'express-authorization-server': 'dist/start.js' });
    assert.equal(engines.node, '>=24');
    // What is imported by name is loaded before the first statement runs.
    assert.doesNotMatch(readFileSync(START, 'utf8'), /^\s*(import|export) /m);
  });

  for (const version of ['18.20.8', '20.20.2', '22.4.0', '23.11.1']) {
    it(`says on Node ${version} which is needed, before it looks at anything`, async () => {
      const all = await settings({ PORT: 'none', DATABASE_URL: 'nothing' });
      for (const command of [[], ['migrate']]) {
        const said = await refusal(spawned([...asNode(version), START, ...command], all));
        assert.equal(
          said,
          `This server needs Node 24 or newer, and this is Node ${version}: ${NODE}\n`,
        );
      }
    });
  }

  it('starts on a newer one', async () => {
    const all = await settings({});
    const server = await running(spawned([...asNode('26.0.0'), START], all), all);
    await server.stop();
  });

  it('says that SQLite is missing, if it is asked for', async () => {
    const env = { ...(await settings({ DATABASE_URL: freshSqlite() })) };
    const withoutSqlite = { ...env, NODE_OPTIONS: '--no-experimental-sqlite' };
    const said = await refusal(run(withoutSqlite));
    assert.equal(
      said,
      `SQLite comes with Node 24 or newer, and this Node ${process.versions.node} has none or was started without it: ${NODE}\n`,
    );
  });
});

describe('A program that embeds the server', () => {
  it('says on an old Node which is needed', async () => {
    const index = new URL('src/index.ts', ROOT).href;
    const code = `await import('${index}').catch(({ message }) => console.log(message))`;
    const embedding = spawned([...asNode('22.20.0'), '--input-type=module', '-e', code], {});
    assert.equal(await embedding.exit, 0, embedding.stderr);
    assert.equal(
      embedding.stdout,
      `express-authorization-server needs Node 24 or newer, and this is Node 22.20.0: ${NODE}\n`,
    );
  });
});
