// What the documents say is so: their commands are run, their tables compared with the code.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hashRawSync } from '@node-rs/argon2';
import dotenv from 'dotenv';
import { DEFAULTS } from '../src/option-defaults.ts';
import { readConfig } from '../src/program/config.ts';
import { parseSeed } from '../src/program/seed.ts';
import { BOUNDS, type Bounds, CONNECTION_BOUNDS, LIMIT_BOUNDS } from '../src/protocol/bounds.ts';
import { verifyPassword } from '../src/protocol/passwords.ts';
import { sha256 } from '../src/protocol/secrets.ts';
import { COMPILED } from './helpers/compiled.ts';
import { freshPostgres } from './helpers/databases.ts';
import {
  Answers,
  type Block,
  commandsOf,
  curlMissing,
  readBlocks,
  sh,
} from './helpers/document.ts';
import { getSecret, requestToken } from './helpers/flows.ts';
import { GREETED } from './helpers/greeting.ts';
import { listen } from './helpers/harness.ts';
import { http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { postgresMissing } from './helpers/postgres.ts';
import { APP, bearer, registerClient } from './helpers/registering.ts';
import { seedFields } from './helpers/seed-fields.ts';

/** A package in the lock file. */
interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ORIGIN = 'http://localhost:4001';

const text = (path: string) => readFile(join(ROOT, path), 'utf8');
const readme = await text('README.md');
const tour = await text('docs/tour.md');
const seedGuide = await text('docs/seed.md');
const settings = await text('docs/settings.md');
const embedding = await text('docs/embedding.md');
const signOutGuide = await text('docs/sign-out.md');
const registrationGuide = await text('docs/registration.md');

/** In the order in which a person reads them; what one command answered, a later one may need. */
const blocks = [
  readme,
  tour,
  seedGuide,
  settings,
  embedding,
  signOutGuide,
  registrationGuide,
].flatMap(readBlocks);
const readmesProgram = readBlocks(readme).find(({ language }) => language === 'ts')!.content;
const seedExample = blocks.find(({ content }) => content.includes('"clients"'))?.content ?? '';

interface Started {
  readonly greeting: string;
  stop(): Promise<number | null>;
}

/** Starts the server as `npm start` would, or another script, with these settings and no others. */
async function start(
  env: Record<string, string>,
  cwd: string,
  script = 'src/start.js',
  greeting = GREETED,
): Promise<Started> {
  const child = spawn(process.execPath, [resolve(ROOT, script)], {
    cwd,
    env: { ...COMPILED, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const greeted = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      if (greeting.test(stdout)) resolve();
    });
  });
  const stop = () => {
    child.kill();
    return exit;
  };
  await Promise.race([greeted, exit]);
  assert.equal(child.exitCode, null, `The server did not start. ${stderr}`);
  return { greeting: stdout, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await listen(probe);
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Saves the README's program as it says, on another port, and runs it until it answers. */
async function startReadmesProgram(directory: string): Promise<{ issuer: string } & Started> {
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'seed.json'), seedExample);
  const issuer = `http://localhost:${await freePort()}`;
  const program = readmesProgram
    .replaceAll('3000', new URL(issuer).port)
    .replace('express-authorization-server', pathToFileURL(join(ROOT, 'src/index.ts')).href);
  await writeFile(join(directory, 'app.mjs'), `${program}\nconsole.log('listening');\n`);
  const server = await start({}, directory, join(directory, 'app.mjs'), /listening/);
  while ((await http(issuer).catch(() => undefined)) === undefined);
  return { issuer, ...server };
}

describe('every command in the README and the guides', { timeout: 120_000 }, () => {
  const answers = new Answers();
  let directory = '';
  let server: Started;
  let program: Awaited<ReturnType<typeof startReadmesProgram>> | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'documents-'));
    await writeFile(join(directory, 'seed.json'), seedExample);
    // The port that they name; if it is taken, this fails and says so.
    server = await start({}, directory);
  });
  after(async () => {
    await server?.stop();
    await program?.stop();
    await rm(directory, { recursive: true });
  });

  /** The commands there are, and how each is run. */
  const kinds: {
    pattern: RegExp;
    needsCurl?: true;
    run: (command: string, block: Block) => Promise<void>;
  }[] = [
    {
      // The two that take a fresh machine from nothing to everything: this test is a part of them.
      pattern: /^npm (?:ci && npm (?:start|test)|run test:fast)$/,
      async run(command) {
        const { scripts } = JSON.parse(await text('package.json'));
        assert.ok(scripts[command.split(' ').at(-1)!]);
        assert.equal(scripts.start, 'node src/start.js');
      },
    },
    {
      // The demo once more, on the same port.
      pattern: /^(?:ACCESS_TOKEN_FORMAT=jwt|REGISTRATION=open) npm start$/,
      async run(command) {
        const [name = '', value = ''] = command.split(/[= ]/);
        await server.stop();
        server = await start({ [name]: value }, directory);
      },
    },
    {
      pattern: /^npm run cli -- --help$/,
      async run() {
        const { scripts } = JSON.parse(await text('package.json'));
        assert.equal(scripts.cli, 'node src/start.js');
        assert.match(await sh(`node ${ROOT}src/start.js --help`, directory), /^Usage: /);
      },
    },
    {
      pattern: /^npm run cli -- registration-token create /,
      async run(command) {
        const { scripts } = JSON.parse(await text('package.json'));
        assert.equal(scripts.cli, 'node src/start.js');
        const DATABASE_URL = `sqlite:${directory}/registration.db`;
        const env = {
          PORT: String(await freePort()),
          DATABASE_URL,
          REGISTRATION: 'token',
          SESSION_SECRET: 's'.repeat(32),
        };
        const running = await start(env, directory);
        const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
        const args = command.slice('npm run cli -- '.length);
        const made = `${variables.join(' ')} LOG_LEVEL=silent node ${ROOT}src/start.js ${args}`;
        const token = (await sh(made, directory)).trim();
        const answer = await registerClient(
          { issuer: `http://localhost:${env.PORT}` },
          APP,
          bearer(token),
        );
        await running.stop();
        assert.equal(answer.status, 201, answer.text);
        assert.equal(answer.json.require_pkce, args.includes('require_pkce') ? false : undefined);
      },
    },
    {
      // On a database that the seed above has been put into.
      pattern: /^npm run cli -- seed \w+/,
      async run(command) {
        const { scripts } = JSON.parse(await text('package.json'));
        assert.equal(scripts.cli, 'node src/start.js');
        const env = {
          PORT: String(await freePort()),
          DATABASE_URL: `sqlite:${directory}/seeded.db`,
          SEED_FILE: `${directory}/seed.json`,
          SESSION_SECRET: 's'.repeat(32),
        };
        await (await start(env, directory)).stop();
        const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
        const args = command.slice('npm run cli -- '.length);
        const said = await sh(`${variables.join(' ')} node ${ROOT}src/start.js ${args}`, directory);
        if (args === 'seed export') assert.equal(JSON.parse(said).clients.length, 3);
        else assert.match(said, /as the seed file says|nothing to be done/);
      },
    },
    {
      // In the place of the server, and on the same port.
      pattern: /^(?:VERIFY=introspection )?npm run examples$/,
      async run(command) {
        await server.stop();
        const env: Record<string, string> = command.startsWith('VERIFY')
          ? { VERIFY: 'introspection' }
          : {};
        server = await start(env, directory, 'examples/run.ts', /Ctrl-C ends all three\.\n\n$/);
        assert.ok(tour.includes('sign in as `alice` with the password `wonderland`'));
        assert.match(server.greeting, /alice with password wonderland/);
      },
    },
    {
      pattern: /DATABASE_URL=\S+ npm start$/,
      async run(command) {
        const [, secret = '', shown = ''] = /SECRET=(\S+) DATABASE_URL=(\S+)/.exec(command) ?? [];
        const isFile = shown.startsWith('sqlite:');
        const env = {
          SESSION_SECRET: answers.fillIn(secret),
          DATABASE_URL: isFile ? shown : await freshPostgres(),
        };
        const form = { grant_type: 'client_credentials' };
        const port = await freePort();
        const at = { PORT: String(port), ...env };
        const issuer = `http://localhost:${port}`;
        const first = await start(at, directory);
        const { json } = await requestToken({ issuer }, form, 'codecademy:codec@demy');
        await first.stop();
        const second = await start(at, directory);
        assert.equal((await getSecret({ issuer }, json.access_token)).status, 200);
        await second.stop();
        if (isFile) assert.ok(existsSync(join(directory, 'data/oauth.db')));
      },
    },
    {
      pattern: /^(?:[A-Z_]+=\S+ )+npm start$/,
      async run(command) {
        const given = Object.fromEntries(
          answers
            .fillIn(command)
            .split(' ')
            .slice(0, -2)
            .map((pair) => pair.split('=', 2)),
        );
        const port = await freePort();
        const own = await start({ HOST: '127.0.0.1', PORT: String(port), ...given }, directory);
        assert.equal(await own.stop(), 0);
        const issuer = given['ISSUER'] ?? `http://localhost:${port}`;
        assert.ok(own.greeting.includes(`is running at ${issuer}\n`), own.greeting);
        assert.match(own.greeting, /Clients: 3, users: 1, from seed\.json/);
      },
    },
    {
      pattern: /^node -p "Buffer\.from\('<(?:id_)?token>'/,
      // Its token is the answer to a curl command.
      needsCurl: true,
      async run(command, { below }) {
        const claims = JSON.parse(await sh(answers.fillIn(command), directory));
        assert.ok(below, 'the tour shows the claims');
        answers.compare(claims, JSON.parse(below.content));
      },
    },
    {
      pattern: /^node -p .*crypto\.hash/,
      async run(command) {
        const [, secret = '', hash = ''] =
          /'([\w-]{43})', *\n? *'([\w-]{43})'/.exec(await sh(command, directory)) ?? [];
        assert.equal(hash, sha256(secret));
      },
    },
    {
      pattern: /^openssl dgst .* secret\.txt/,
      async run(command) {
        await writeFile(join(directory, 'secret.txt'), 'a secret of ours');
        assert.equal(
          (await sh(`cd ${directory} && ${command}`, directory)).trim(),
          sha256('a secret of ours'),
        );
      },
    },
    {
      pattern: /^node -p .*randomBytes/,
      async run(command) {
        const secret = (await sh(command, directory)).trim();
        assert.match(secret, /^[\w-]{43}$/);
        answers.values.set('secret', secret);
      },
    },
    {
      // The program above it, which is saved and run.
      pattern: /^curl http:\/\/localhost:3000\//,
      needsCurl: true,
      async run(command, block) {
        program ??= await startReadmesProgram(directory);
        const there = command.replace('http://localhost:3000', program.issuer);
        answers.compareCurl(command, await sh(answers.fillIn(there), directory), block);
      },
    },
    {
      pattern: /^curl /,
      needsCurl: true,
      async run(command, block) {
        if (command.includes('<code>')) answers.values.set('code', await codeOfTheLink(command));
        const isDevice = command.includes('<device_code>');
        if (isDevice && block.below?.content.includes('access_token')) await allowDevice();
        answers.compareCurl(command, await sh(answers.fillIn(command), directory), block);
      },
    },
  ];

  for (const block of blocks.filter(({ language }) => language === 'sh')) {
    for (const command of commandsOf(block)) {
      const kind = kinds.find(({ pattern }) => pattern.test(command));
      const skip =
        (kind?.needsCurl === true && curlMissing()) ||
        (command.includes('DATABASE_URL=postgres:') && postgresMissing());
      it(command.replace(/\s*\\\n\s*/g, ' '), { skip }, async () => {
        assert.ok(kind, 'this test has to be told how to run it');
        await kind.run(command, block);
      });
    }
  }

  it('is run: no other block looks like a command', () => {
    for (const { language, content } of blocks) {
      if (language === 'sh') continue;
      assert.ok(['json', 'http', 'ts', 'js', ''].includes(language), language);
      assert.doesNotMatch(content, /^(?:\$ )?(?:npm|npx|curl|node) (?!start:|run bench$)/m);
    }
  });

  /** Lets the tour's device in, as a person would. */
  async function allowDevice(): Promise<void> {
    const person = new Person({ origin: ORIGIN, issuer: ORIGIN });
    const page = await person.signIn(await person.visit('/device'));
    const user_code = answers.fillIn('<user_code>');
    await person.submit(await person.submit(page, { user_code }), { decision: 'allow' });
  }

  const links = [...tour.matchAll(/^<(http:.*)>$/gm)].map(([, link = '']) => link);
  assert.ok(links.length > 1);

  /** Follows the tour's next link as a person would, to the code on the page at its end. */
  async function codeOfTheLink(command: string): Promise<string> {
    const link = links.shift() ?? '';
    const isPrinted = server.greeting.includes(`  ${link}\n`);
    assert.equal(isPrinted, !link.includes('openid'), 'the first is the one the server prints');
    const [, username = '', password] = /as `(\w+)` with the password `(\w+)`/.exec(tour) ?? [];
    const person = new Person({ origin: ORIGIN, issuer: ORIGIN });
    const login = await person.visit(link);
    const consent = await person.signIn(login, username, password);
    const callback = await person.submit(consent, { decision: 'allow' });
    const read = callback.text.replaceAll(/<[^>]*>/g, '');
    const [, code = ''] = /-d code=([\w-]+)/.exec(read) ?? [];
    assert.ok(
      read.includes(command.replace('<code>', code)),
      'the page shows the command of the tour',
    );
    return code;
  }
});

describe('docs/settings.md and the settings', async () => {
  const rows = [...settings.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$/gm)].map(
    ([, name = '', standard = '', sentence = '']) => ({
      name,
      /** The default, if it is a fixed value. */
      standard: /`(.*?)`/.exec(standard)?.[1],
      sentence,
    }),
  );
  const examples = [
    ...(await text('.env.example')).matchAll(/^# .*[.:,]\n(?:# .*\n)*?# ([A-Z_]+)=(.*)$/gm),
  ];

  /** Every variable that is asked for. */
  const asked = new Set<string>();
  readConfig(
    new Proxy<Record<string, string>>(
      {},
      {
        get(_, name) {
          asked.add(String(name));
          return undefined;
        },
      },
    ),
  );

  it('have the same names: in src/program/config.ts, in the table and in .env.example', () => {
    const names = [...asked].sort();
    assert.ok(names.length > 15);
    assert.deepEqual(rows.map(({ name }) => name).sort(), names);
    assert.deepEqual(examples.map(([, name]) => name).sort(), names);
  });

  for (const { name, standard, sentence } of rows) {
    it(`have ${name} with the default that it has`, () => {
      assert.match(sentence, /\.$/);
      if (standard === undefined) return;
      // Where none is set, the secret is another one each time.
      const secret = { SESSION_SECRET: 'the same for both, and long enough' };
      assert.deepEqual(readConfig({ ...secret, [name]: standard }), readConfig(secret));
      const example = examples.find(([, other]) => other === name);
      assert.equal(example?.[2], standard, '.env.example');
    });
  }

  it('.env.example changes nothing as it stands', async () => {
    assert.deepEqual(dotenv.parse(await text('.env.example')), {});
  });
});

describe('docs/settings.md and the options', async () => {
  const rows = new Map(
    [...settings.matchAll(/^\| ((?:`[a-z][\w.]*`(?:, )?)+) \| .* \| (.*) \|$/gm)].flatMap(
      ([, names = '', sentence = '']) =>
        [...names.matchAll(/`(.*?)`/g)].map(([, name = '']): [string, string] => [name, sentence]),
    ),
  );

  it('have the same names: in src/options.ts and in the table', async () => {
    const source = await text('src/options.ts');
    const options = source.slice(source.indexOf('interface'), source.indexOf('\n}'));
    const names = [...options.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name);
    assert.ok(names.length > 40);
    const limits = Object.keys(DEFAULTS.limits).map((name) => `limits.${name}`);
    const all = [...names.filter((name) => name !== 'limits'), ...limits];
    assert.deepEqual([...rows.keys()].sort(), all.sort());
  });

  it('have the same ranges', () => {
    const limits = Object.entries(LIMIT_BOUNDS).map(([name, bounds]) => [`limits.${name}`, bounds]);
    const all = { ...BOUNDS, ...Object.fromEntries(limits), store: CONNECTION_BOUNDS };
    for (const [name, { min, max }] of Object.entries<Bounds>(all)) {
      const range = `${min} to ${max.toLocaleString('en')}`;
      assert.ok(rows.get(name)?.includes(range), `${name}: ${range}`);
    }
  });
});

describe('docs/seed.md and the seed file', () => {
  it('has an example that can be used, also in production', () => {
    const seed = parseSeed('docs/seed.md', seedExample, true);
    assert.equal(seed.clients.length, 3);
    assert.equal(seed.users.length, 1);
  });

  it('has a page for each client in docs/clients, with an entry for production', async () => {
    const index = await text('docs/clients/README.md');
    const rows = [...index.matchAll(/^\| \[.+\]\(([\w-]+\.md)\) \| .* \| (.+) \|$/gm)];
    assert.deepEqual(
      rows.map(([, page]) => page).sort(),
      (await readdir(join(ROOT, 'docs/clients'))).filter((page) => page !== 'README.md').sort(),
    );
    const whole = readBlocks(index).find(({ language }) => language === 'json')!.content;
    assert.equal(parseSeed('docs/clients/README.md', whole, true).clients.length, 1);
    for (const [, page = '', tried = ''] of rows) {
      const content = await text(`docs/clients/${page}`);
      const [entry, ...theirs] = readBlocks(content);
      assert.equal(entry?.language, 'json', page);
      const plain = JSON.parse(entry!.content);
      parseSeed(page, JSON.stringify({ ...JSON.parse(whole), clients: [plain] }), true);
      const settings = theirs.map((block) => block.content).join('\n');
      // Both sides have to say the same.
      const theirId = new RegExp(`(?:client[_-]?id|identifier)\\W+${plain.client_id}\\W*$`, 'im');
      assert.match(settings, theirId, page);
      for (const scope of plain.scope.split(' ')) assert.ok(content.split(scope).length > 2, page);
      assert.ok(content.includes(`\n**Tried:** ${tried.replace(/, but .*/, '.')}`), page);
    }
  });

  it('turns what Keycloak exports into hashes that the server verifies', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'keycloak-'));
    const salt = Buffer.from('a salt of 16 byt');
    const entry = (username: string, secret: Buffer, credentialData: object) => ({
      username,
      credentials: [
        {
          type: 'password',
          secretData: JSON.stringify({
            value: secret.toString('base64'),
            salt: salt.toString('base64'),
            additionalParameters: {},
          }),
          credentialData: JSON.stringify(credentialData),
        },
      ],
    });
    const pbkdf2 = (digest: string) => pbkdf2Sync('wonderland', salt, 27500, 64, digest);
    const argon2 = hashRawSync('wonderland', { salt, memoryCost: 7168, timeCost: 5 });
    const users = [
      entry('old', pbkdf2('sha1'), { hashIterations: 27500, algorithm: 'pbkdf2' }),
      entry('usual', pbkdf2('sha256'), {
        hashIterations: 27500,
        algorithm: 'pbkdf2-sha256',
        additionalParameters: {},
      }),
      entry('new', argon2, {
        hashIterations: 5,
        algorithm: 'argon2',
        additionalParameters: {
          hashLength: ['32'],
          memory: ['7168'],
          type: ['id'],
          version: ['1.3'],
          parallelism: ['1'],
        },
      }),
      { username: 'nobody', credentials: [] },
    ];
    await writeFile(join(directory, 'realm.json'), JSON.stringify({ users }));
    const script = readBlocks(seedGuide).find(({ language }) => language === 'ts')!.content;
    await writeFile(join(directory, 'keycloak.mjs'), script);
    const said = (await sh(`node ${join(directory, 'keycloak.mjs')}`, directory))
      .trim()
      .split('\n');
    assert.deepEqual(
      said.map((line) => line.split(' ')[0]),
      ['old', 'usual', 'new'],
    );
    for (const line of said) {
      const hash = line.split(' ')[1]!;
      assert.equal(await verifyPassword(hash, 'wonderland', []), true, line);
    }
    await rm(directory, { recursive: true });
  });

  it('explains every field there is, and no other', () => {
    const rows = [...seedGuide.matchAll(/^\| ((?:`[\w[\].]+`(?:, )?)+) \| .* \|$/gm)];
    const explained = rows.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
    assert.ok(seedFields.length > 15);
    assert.deepEqual(explained.sort(), [...seedFields].sort());
  });
});

describe('docs/conformance.md', () => {
  it('has a plan for the clients, the person and the server that it has', async () => {
    const found = readBlocks(await text('docs/conformance.md'));
    const [seed = '', settings = '', plan = ''] = found.map(({ content }) => content);
    const { clients, users } = JSON.parse(seed);
    assert.equal(parseSeed('suite.json', seed, true).clients.length, 5);
    const { issuer } = readConfig(dotenv.parse(settings));
    const { alias, server, browser, ...planned } = JSON.parse(plan);
    assert.equal(server.discoveryUrl, `${issuer}/.well-known/openid-configuration`);
    const roles = [
      planned.client,
      planned.client2,
      planned.client_secret_post,
      ...Object.values<{ client?: object }>(planned.override).flatMap(({ client = [] }) => client),
    ];
    for (const [at, { client_id, client_secret, redirect_uris }] of clients.entries()) {
      assert.deepEqual({ client_id, client_secret }, roles[at]);
      assert.match(redirect_uris[0], new RegExp(`/test/a/${alias}/callback$`));
      assert.ok(browser[0].tasks.at(-1).match.startsWith(redirect_uris[0]));
    }
    const [, , , more = '', command = ''] = found.map(({ content }) => content);
    assert.equal(readConfig(dotenv.parse(`${settings}${more}`)).registration, 'token');
    assert.match(
      command,
      /^npm run cli -- registration-token create --uses 100 --metadata '\{.*\}'\n$/,
    );
    const typed = browser[0].tasks[0].commands.filter(([what]: string[]) => what === 'text');
    const { username, password } = users[0];
    assert.deepEqual(Object.fromEntries(typed.map((it: string[]) => it.slice(2))), {
      username,
      password,
    });
  });
});

describe('the program in the README', () => {
  it('is whole: it runs, and protects its route', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'program-'));
    const program = await startReadmesProgram(directory);
    const client = 'nightly-export:another-long-random-secret-of-32-characters-or-more';
    const { json } = await requestToken(program, { grant_type: 'client_credentials' }, client);
    const notes = `${program.issuer}/api/notes`;
    const { json: answer } = await http(notes, { headers: bearer(json.access_token) });
    assert.deepEqual(answer, { notesFor: 'nightly-export' });
    assert.equal((await http(notes)).status, 401);
    await program.stop();
    await rm(directory, { recursive: true });
  });
});

/** A document without its code blocks. */
const prose = (content: string) => content.replace(/^```[\s\S]*?^```/gm, '');

/** Whether a line is the heading of an anchor, as GitHub makes them. */
const isHeading = (anchor: string) => (line: string) =>
  /^#+ /.test(line) &&
  line
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-') === anchor;

describe('the documents', () => {
  it('show the example in examples/embed, letter for letter', async () => {
    const example = (await text('examples/embed/app.ts')).replace(/^ {2}/gm, '');
    // Those that import something are programs, which have tests of their own.
    const snippets = readBlocks(embedding).filter(
      ({ language, content }) => language === 'ts' && !content.startsWith('import '),
    );
    assert.equal(snippets.length, 1);
    for (const { content } of snippets) assert.ok(example.includes(content));
  });

  it('show examples/extended, letter for letter', async () => {
    const files = await Promise.all(
      ['app.ts', 'mail-code.ts', 'terms.ts'].map((file) => text(`examples/extended/${file}`)),
    );
    const snippets = readBlocks(await text('docs/extending.md'));
    assert.ok(snippets.length > 4);
    for (const { content } of snippets) {
      assert.ok(
        files.some((file) => file.includes(content)),
        content,
      );
    }
  });

  it('show how examples/client-app signs out, letter for letter', async () => {
    const example = await text('examples/client-app/sign-out.ts');
    const snippets = readBlocks(signOutGuide).filter(({ language }) => language === 'ts');
    assert.ok(snippets.length > 2);
    for (const { content } of snippets) assert.ok(example.includes(content), content);
  });

  for (const file of [
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'docs/architecture.md',
    'docs/client-documents.md',
    'docs/coming-from-keycloak.md',
    'docs/commands.md',
    'docs/decisions.md',
    'docs/deployment.md',
    'docs/embedding.md',
    'docs/extending.md',
    'docs/mcp.md',
    'docs/pages.md',
    'docs/performance.md',
    'docs/questions.md',
    'docs/registration.md',
    'docs/resource-servers.md',
    'docs/seed.md',
    'docs/settings.md',
    'docs/sign-out.md',
    'docs/stores.md',
    'docs/tour.md',
    'docs/troubleshooting.md',
    'examples/README.md',
    'examples/client-app/README.md',
    'examples/embed/README.md',
    'examples/extended/README.md',
    'examples/lmdb-store/README.md',
    'examples/mcp-server/README.md',
    'examples/resource-server/README.md',
  ]) {
    it(`name only files that are there: ${file}`, async () => {
      const content = await text(file);
      const links = [...content.matchAll(/(?:\]\(|src=")(?!https?:|#)([^)"#]+)/g)];
      for (const [, path = ''] of links)
        assert.ok(existsSync(join(ROOT, dirname(file), path)), path);
      const mentions = [...content.matchAll(/`((?:src|test|examples|docs|views)\/[\w./-]+)`/g)];
      for (const [, path = ''] of mentions) assert.ok(existsSync(join(ROOT, path)), path);
    });
  }

  for (const file of ['docs/performance.md', 'bench/README.md']) {
    it(`${file} names commands and options of the benchmark that there are`, async () => {
      const { scripts } = JSON.parse(await text('package.json'));
      const options = await text('bench/options.ts');
      const commands = (await text(file)).matchAll(/^npm run (\S+)(?: -- (.*?))? *(?:#.*)?$/gm);
      let count = 0;
      for (const [, script = '', given = ''] of commands) {
        count += 1;
        assert.match(scripts[script] ?? '', /^node bench\//, script);
        for (const [, option = ''] of given.matchAll(/--(\w+)/g)) {
          assert.ok(options.includes(`${option}: { type`), option);
        }
      }
      assert.ok(count >= 5);
    });
  }

  it('docs/architecture.md lays out the folders that there are', async () => {
    const all = readBlocks(await text('docs/architecture.md'));
    const tree = all.find(({ content }) => content.startsWith('src/\n'))?.content ?? '';
    const paths = [...tree.matchAll(/^( *)([\w./-]+)/gm)].map(([, indent, name]) =>
      indent ? `src/${name}` : name,
    );
    assert.ok(paths.length > 10);
    for (const path of paths) assert.ok(existsSync(join(ROOT, path ?? '')), path);
  });

  it('are all in the table of the README', async () => {
    const guides = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
    const listed = [...readme.matchAll(/^\| \[docs\/([\w-]+\.md)\]/gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), guides.sort());
  });

  it('show no picture that is not in the package', async () => {
    const { files } = JSON.parse(await text('package.json'));
    const isPacked = (picture: string) =>
      files.some((file: string) => picture === file || picture.startsWith(`${file}/`));
    for await (const path of glob(['README.md', 'docs/**/*.md'], { cwd: ROOT })) {
      for (const [, picture = ''] of (await text(path)).matchAll(/src="([^"]+)"/g))
        assert.ok(isPacked(join(dirname(path), picture)), `${path}: ${picture}`);
    }
  });

  it('link to pages, headings and pictures that there are', async () => {
    const wrong: string[] = [];
    for await (const path of glob(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: ROOT })) {
      const content = prose(await text(path));
      for (const [, link = ''] of content.matchAll(/(?:\]\(|src=")(?!https?:)([^)"\s]+)/g)) {
        const [file, heading] = link.split('#');
        const target = file ? join(dirname(path), file) : path;
        const isThere =
          existsSync(join(ROOT, target)) &&
          (heading === undefined ||
            prose(await text(target))
              .split('\n')
              .some(isHeading(heading)));
        if (!isThere) wrong.push(`${path}: ${link}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('count lines as they are, to the tenth', async () => {
    const lines = async (folder: string, without?: string) => {
      let sum = 0;
      for await (const path of glob(`${folder}/**/*.ts`, { cwd: ROOT })) {
        if (!without || !path.startsWith(without)) sum += (await text(path)).split('\n').length;
      }
      return sum;
    };
    const counts: [string, RegExp, number][] = [
      ['README.md', /About ([\d,]+) lines/, await lines('src', 'src/store-contract')],
      ['docs/stores.md', /about ([\d,]+) lines/, await lines('examples/lmdb-store')],
    ];
    for (const [path, pattern, counted] of counts) {
      const said = Number((await text(path)).match(pattern)?.[1]?.replace(',', ''));
      assert.ok(Math.abs(said - counted) < counted / 10, `${path}: ${counted}, not ${said}`);
    }
  });

  it('number decisions once each, in their order', async () => {
    const decisions = await text('docs/decisions.md');
    const numbers = [...decisions.matchAll(/^### (\d+)\./gm)].map(([, number]) => Number(number));
    assert.ok(numbers.length > 200);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });
});

describe('package-lock.json', () => {
  // Without its build for this system npm does not notice; without those for others `npm ci` refuses.
  it('has what every package asks for, also on other systems', async () => {
    const { packages } = JSON.parse(await text('package-lock.json'));
    const missing: string[] = [];
    for (const [place, { dependencies, optionalDependencies }] of Object.entries<Locked>(
      packages,
    )) {
      const parents = place.split(/(?<=^|\/)node_modules\//);
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
        const found = parents.some((_, index) => {
          const parent = parents.slice(0, index + 1).join('node_modules/');
          return `${parent && `${parent.replace(/\/$/, '')}/`}node_modules/${name}` in packages;
        });
        if (!found) missing.push(`${place}: ${name}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});
