// npm run examples, and what the folders in examples/ say of themselves.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseSeed } from '../src/program/seed.ts';
import { findPlaces, type Program, run, startExamples, until } from './helpers/examples.ts';
import { http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFile(join(ROOT, path), 'utf8');

/** npm run examples, with these settings and no others; it is gone when the test ends. */
function runAll(env: Record<string, string>): Program {
  const program = run('examples/run.ts', env);
  after(async () => {
    program.child.kill();
    await program.exit;
  });
  return program;
}

const options = { timeout: 60_000 };

describe('npm run examples', options, () => {
  it('is the script that is tested here', async () => {
    const { scripts } = JSON.parse(await text('package.json'));
    assert.equal(scripts.examples, 'node examples/run.ts');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`starts all three, says where to go and who to be, and ends them on ${signal} with 0`, async () => {
      const places = await findPlaces();
      const program = runAll({ ...places });
      await until(program, /Ctrl-C/);
      for (const line of [
        `Open ${places.APP_URL} and sign in:`,
        '  alice with password wonderland',
        '  maria with password caterpillar',
        `  Client application     ${places.APP_URL}`,
        `  Authorization server   ${places.ISSUER}`,
        `  Resource server        ${places.RESOURCE}/appointments`,
      ]) {
        assert.ok(program.stdout.split('\n').includes(line), line);
      }
      const home = await http(places.APP_URL);
      assert.equal(home.status, 200);
      assert.ok(home.text.includes(new URL(places.ISSUER).host), 'they know of each other');
      assert.equal((await http(`${places.ISSUER}/oauth/jwks`)).status, 200);
      const metadata = '/.well-known/oauth-protected-resource/api';
      const { json } = await http(new URL(metadata, places.RESOURCE).href);
      assert.deepEqual(json.authorization_servers, [places.ISSUER]);

      program.child.kill(signal);
      assert.equal(await program.exit, 0);
      assert.equal(program.stderr, '');
      for (const url of [places.APP_URL, places.ISSUER, places.RESOURCE]) {
        await assert.rejects(http(url), url);
      }
    });
  }

  for (const [name, place] of [
    ['authorization server', 'ISSUER'],
    ['resource server', 'RESOURCE'],
    ['client application', 'APP_URL'],
  ] as const) {
    it(`says so and ends with 1 where the port of the ${name} is in use`, async () => {
      const places = await findPlaces();
      const { port } = new URL(places[place]);
      const taker = createServer().listen(Number(port), '127.0.0.1');
      await once(taker, 'listening');
      after(() => taker.close());
      const program = runAll({ ...places });
      assert.equal(await program.exit, 1);
      assert.equal(program.stdout, '');
      const [why = '', what] = program.stderr.trim().split('\n');
      assert.ok(why.startsWith(`[${name}] Port ${port} on 127.0.0.1 is in use`), why);
      assert.equal(what, `The ${name} did not start, so the others do not either.`);
      for (const other of ['ISSUER', 'RESOURCE', 'APP_URL'] as const) {
        if (other !== place) await assert.rejects(http(places[other]), other);
      }
    });
  }

  it('ends with 1, and the others with it, where one of them ends', {
    skip: process.platform !== 'linux' && 'it is found by what ps says on Linux',
  }, async () => {
    const places = await findPlaces();
    const program = runAll({ ...places });
    await until(program, /Ctrl-C/);
    const parent = String(program.child.pid);
    const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,args=', '--ppid', parent]);
    const [, pid] = /^ *(\d+) .*resource-server/m.exec(stdout) ?? [];
    process.kill(Number(pid));
    assert.equal(await program.exit, 1);
    assert.equal(program.stderr, 'The resource server has ended, so the others end as well.\n');
    await assert.rejects(http(places.APP_URL));
  });
});

describe('the command line of the examples', options, () => {
  it('shows a code, and once a person has entered it what the API has for them', async () => {
    const places = await findPlaces();
    await until(runAll({ ...places }), /Ctrl-C/);
    const program = run('examples/device-client/main.ts', { ...places });
    after(program.stop);
    await until(program, /\n.*user_code=/);
    const [, uri = '', user_code = ''] = /^Open (\S+) and enter (\S+)$/m.exec(program.stdout) ?? [];
    const person = new Person({ origin: places.ISSUER, issuer: places.ISSUER });
    const page = await person.signIn(await person.visit(uri));
    const review = await person.submit(page, { user_code });
    assert.match(review.text, /Agenda for the command line/);
    await person.submit(review, { decision: 'allow' });
    assert.equal(await program.exit, 0, program.stderr);
    assert.match(program.stdout, /^\d{4}-.* {2}Tea with the Hatter, .+$/m);
  });

  it('has forty lines', async () => {
    const lines = (await text('examples/device-client/main.ts')).trimEnd().split('\n');
    assert.ok(lines.length <= 40, `${lines.length}`);
  });
});

describe('the client application of the examples', options, () => {
  it('sets a Secure cookie where its URL is https, behind a proxy that says so', async () => {
    const { APP_URL } = await startExamples({ APP_URL: 'https://agenda.example' });
    const { headers } = await http(`${APP_URL}/login`, {
      headers: { 'x-forwarded-proto': 'https' },
    });
    assert.match(
      headers.get('set-cookie') ?? '',
      /^agenda_session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const location = new URL(headers.get('location') ?? '');
    assert.equal(location.searchParams.get('redirect_uri'), 'https://agenda.example/callback');
  });
});

describe('the API of the examples', options, () => {
  it('does not start with a VERIFY that it does not know', async () => {
    const program = run('examples/resource-server/main.ts', { VERIFY: 'hope' });
    assert.equal(await program.exit, 1);
    assert.equal(program.stderr, 'VERIFY is "hope". Set it to jwks or introspection.\n');
  });
});

describe('the examples', () => {
  it('have a seed file that can be used', async () => {
    parseSeed('examples/seed.json', await text('examples/seed.json'), false);
  });

  for (const folder of ['client-app', 'resource-server', 'device-client', 'mcp-server']) {
    it(`have in ${folder}/README.md every setting there is, with its default, and no other`, async () => {
      const files = await readdir(join(ROOT, 'examples', folder));
      const sources = await Promise.all(
        files
          // Those two are programs by themselves, without settings.
          .filter((file) => /(?<!^protect|^one-app)\.ts$/.test(file))
          .map((file) => text(`examples/${folder}/${file}`)),
      );
      const found = sources
        .flatMap((source) => [...source.matchAll(/env\['(\w+)'\] \?\? (?:'([^']*)'|(\d+))?/g)])
        .map(([, name = '', word, number]) => [name, word ?? number]);
      const readme = await text(`examples/${folder}/README.md`);
      const rows = [...readme.matchAll(/^\| `(\w+)` \| (.*?) \| .*\. \|$/gm)].map(
        ([, name = '', standard = '']) => [name, /^`(.*)`$/.exec(standard)?.[1]],
      );
      assert.ok(found.length > 2);
      assert.deepEqual(rows.map(([name]) => name).sort(), found.map(([name]) => name).sort());
      for (const [name, standard] of found) {
        if (standard === undefined) continue;
        assert.equal(rows.find(([other]) => other === name)?.[1], standard, name);
      }
    });
  }

  it('have a README each, which the one above them names', async () => {
    const index = await text('examples/README.md');
    for (const entry of await readdir(join(ROOT, 'examples'), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      await text(`examples/${entry.name}/README.md`);
      assert.ok(index.includes(`(${entry.name})`), entry.name);
    }
  });
});
