// Files that people edit: .env and the seed, as editors and shells of other systems write them.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError } from '../../src/program/config.ts';
import { loadEnvFile } from '../../src/program/env-file.ts';
import { parseSeed, readSeed, SeedError } from '../../src/program/seed.ts';
import { requestToken } from '../helpers/flows.ts';
import { http } from '../helpers/http.ts';
import { directory, refusal, run, running, settings } from '../helpers/program.ts';
import { SEED } from '../helpers/seeds.ts';

const windows = (text: string) => text.replaceAll('\n', '\r\n');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** How a text may lie in a file. */
const WAYS: [string, (text: string) => Buffer][] = [
  ['as here', (text) => Buffer.from(text)],
  ['with line ends of Windows', (text) => Buffer.from(windows(text))],
  ['with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['with both', (text) => Buffer.from(`\ufeff${windows(text)}`)],
  ['in UTF-16, as PowerShell redirects it', (text) => utf16(windows(text))],
  ['in UTF-16 with the bytes the other way round', (text) => utf16(windows(text)).swap16()],
];

const folder = () => mkdtempSync(join(directory, 'text-'));
const LATIN_1 = Buffer.from('BRAND=Bücherei\n', 'latin1');

describe('A file that people edit', () => {
  const seed = { ...SEED, users: [{ ...SEED.users[0], name: 'Zoë 爱丽丝' }] };
  const env = '# Settings\nBRAND="Zoë\'s shop" # her own\nPORT=4002\n\nHOST=::1\n';

  for (const [how, write] of WAYS) {
    it(`is read ${how}: the seed`, async () => {
      const path = join(folder(), 'seed.json');
      writeFileSync(path, write(JSON.stringify(seed, null, 2)));
      assert.equal((await readSeed(path)).users[0]?.name, 'Zoë 爱丽丝');
    });

    it(`is read ${how}: .env`, async () => {
      const path = join(folder(), '.env');
      writeFileSync(path, write(env));
      const settled: NodeJS.ProcessEnv = { HOST: '127.0.0.1' };
      await loadEnvFile(path, settled);
      assert.deepEqual(settled, { HOST: '127.0.0.1', BRAND: "Zoë's shop", PORT: '4002' });
    });
  }

  it('may have been read by the program around the server, mark and all', () => {
    const read = `\ufeff${windows(JSON.stringify(seed, null, 2))}`;
    assert.equal(parseSeed('the seed', read).clients.length, SEED.clients.length);
  });

  it('is refused if it is no UTF-8, before half of it is taken', async () => {
    const path = join(folder(), 'seed.json');
    writeFileSync(path, Buffer.from('{"scopes":{"read":"Bücher"}}', 'latin1'));
    const message = `${path} is not text in UTF-8: save it as UTF-8`;
    await assert.rejects(readSeed(path), new SeedError(message));
    const file = join(folder(), '.env');
    writeFileSync(file, LATIN_1);
    const settled = {};
    await assert.rejects(
      () => loadEnvFile(file, settled),
      new ConfigError(`${file} is not text in UTF-8: save it as UTF-8`),
    );
    assert.deepEqual(settled, {});
  });

  it('is refused if a # in a value would end it, if it is .env', async () => {
    const path = join(folder(), '.env');
    const cut = {
      DATABASE_URL: 'postgres://user:12#34@127.0.0.1/oauth',
      BRAND_COLOR: '#7c3aed',
      HELP_URL: ' https://help.example/faq#sign-in # ours',
      BRAND: 'Club\nBRAND=C# Club',
    };
    for (const [name, value] of Object.entries(cut)) {
      writeFileSync(path, `PORT=4002\nexport ${name}=${value}\n`);
      const settled = {};
      await assert.rejects(
        () => loadEnvFile(path, settled),
        new ConfigError(
          `${path} has a # in the value of ${name}, and what comes after it would be lost: write the value in quotes.`,
        ),
      );
      assert.deepEqual(settled, {});
    }
    writeFileSync(path, `A="#1" # one\nB='C# Club'\nC= # nothing\nD=4 # four#\n# E=#5\n`);
    const settled = {};
    await loadEnvFile(path, settled);
    assert.deepEqual(settled, { A: '#1', B: 'C# Club', C: '', D: '4' });
  });

  it('need not be there, if it is .env; a folder by that name is none', async () => {
    const path = join(folder(), '.env');
    await loadEnvFile(path, {});
    mkdirSync(path);
    await loadEnvFile(path, {});
  });
});

describe('npm start', { timeout: 60_000 }, () => {
  it('takes .env and the seed as Windows writes them', async () => {
    const cwd = folder();
    const { PORT, ...env } = await settings({ SEED_FILE: 'seed.json', BRAND: 'Zoë' });
    const lines = Object.entries({ ...env, PORT }).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(cwd, '.env'), utf16(`${lines.join('\r\n')}\r\n`));
    writeFileSync(join(cwd, 'seed.json'), `\ufeff${windows(JSON.stringify(SEED, null, 2))}`);
    const server = await running(run({}, undefined, { cwd }), { PORT: PORT! });
    const form = { grant_type: 'client_credentials' };
    assert.equal((await requestToken(server, form, 'web:web-secret')).status, 200);
    assert.match((await http(`${server.issuer}/login`)).text, /Zoë/);
    await server.stop();
  });

  it('says in a sentence that .env is no text', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, '.env'), LATIN_1);
    for (const command of [undefined, 'migrate']) {
      const said = await refusal(run({}, command, { cwd }));
      assert.equal(said, '.env is not text in UTF-8: save it as UTF-8\n');
    }
  });
});
