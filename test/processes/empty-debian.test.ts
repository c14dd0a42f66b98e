// docs/deployment.md, from an empty Debian to the first sign-in. Its commands are run as they stand there,
// in a folder that stands for the machine. What would change this machine is left out: packages of Debian,
// users, owners of files, and the service manager, in whose place the test starts what the unit says.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { COMPILED } from '../helpers/compiled.ts';
import { commandsOf, curlMissing, readBlocks } from '../helpers/document.ts';
import { pkce, requestToken } from '../helpers/flows.ts';
import { freePort } from '../helpers/free-port.ts';
import { openServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';
import { directory, running, spawned } from '../helpers/program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const guide = await readFile(join(ROOT, 'docs/deployment.md'), 'utf8');
const [, section = ''] = guide.split(/\n## (?:From an empty Debian.*|Where the data are)\n/);
const blocks = readBlocks(section);
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

/** The block of the guide that has this in it. */
function block(pattern: RegExp): string {
  const found = blocks.filter(({ content }) => pattern.test(content));
  assert.equal(found.length, 1, `${pattern} is in one block`);
  return found[0]!.content;
}

const unit = block(/^\[Unit\]/);
const named = (setting: string) => new RegExp(`^${setting}=(.+)$`, 'm').exec(unit)?.[1] ?? '';

/** What stands in for programs that would change this machine. */
const STAND_INS = {
  'apt-get': 'exit 0',
  useradd: 'exit 0',
  systemctl: 'exit 0',
  // runuser -u oauth -- command
  runuser: 'shift 3; exec "$@"',
  // install with the mode, but not with the owner, who does not exist.
  install: `args=
while [ $# -gt 0 ]; do
  case $1 in -o|-g) shift ;; *) args="$args '$1'" ;; esac
  shift
done
eval "exec /usr/bin/install $args"`,
};

/** The package as it would be installed, with the code that is here. */
const PACKAGE = 'node_modules/express-authorization-server';
const START = `await import(${JSON.stringify(join(ROOT, 'src/start.js'))});\n`;

/** A folder that stands for the machine, and what is called there. */
async function emptyMachine() {
  const home = mkdtempSync(join(directory, 'debian-'));
  for (const name of ['bin', 'root', 'srv', 'usr/local', 'var/lib', 'etc/caddy', 'node/bin']) {
    mkdirSync(join(home, name), { recursive: true });
  }
  const program = (name: string, script: string) => {
    writeFileSync(
      join(home, 'bin', name),
      `#!/bin/sh\necho "${name} $*" >> ${home}/called\n${script}\n`,
    );
    chmodSync(join(home, 'bin', name), 0o755);
  };
  for (const [name, script] of Object.entries(STAND_INS)) program(name, script);
  program(
    'npm',
    `mkdir -p ${PACKAGE}/dist node_modules/.bin
printf '%s' '{ "type": "module" }' > ${PACKAGE}/package.json
printf '%s' '${START}' > ${PACKAGE}/dist/start.js
printf '#!/bin/sh\\nexec node ${home}/srv/oauth/${PACKAGE}/dist/start.js "$@"\\n' > node_modules/.bin/express-authorization-server
chmod +x node_modules/.bin/express-authorization-server`,
  );
  writeFileSync(join(home, `root/express-authorization-server-${manifest.version}.tgz`), '');
  const mirror = await nodeMirror(join(home, 'node'));
  const port = await freePort();
  const places = new Map([
    ['https://nodejs.org/dist', mirror],
    ['http://127.0.0.1:4001', `http://127.0.0.1:${port}`],
    ...['/srv/oauth', '/var/lib', '/usr/local', '/etc/caddy'].map(
      (path) => [path, home + path] as const,
    ),
  ]);
  const here = (text: string) => {
    let changed = text;
    for (const [there, instead] of places) changed = changed.replaceAll(there, instead);
    return changed;
  };
  const PATH = [join(home, 'bin'), join(home, 'usr/local/bin'), process.env['PATH']].join(
    delimiter,
  );
  return {
    home,
    port,
    here,
    called: () => readFileSync(join(home, 'called'), 'utf8').trimEnd().split('\n'),
    /** Runs commands one after the other, as somebody who types them. @returns what they print */
    async type(commands: string, folder: string): Promise<string> {
      const { stdout } = await promisify(execFile)('sh', ['-e', '-c', here(commands)], {
        cwd: join(home, folder),
        env: { PATH, HOME: join(home, 'root'), ...COMPILED },
      });
      return stdout;
    },
  };
}

/** Where Node can be had: an archive in which this one stands for it. */
async function nodeMirror(folder: string): Promise<string> {
  const version = `v${manifest.devDependencies.node}`;
  const name = `node-${version}-linux-x64`;
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  const archive = join(folder, `${name}.tar.xz`);
  execFileSync('tar', ['-cJf', archive, `--transform=s,^,${name}/,S`, '-C', folder, 'bin']);
  const sums = execFileSync('sha256sum', [`${name}.tar.xz`], { cwd: folder, encoding: 'utf8' });
  const files = new Map<string, string | Buffer>([
    [`/${version}/${name}.tar.xz`, readFileSync(archive)],
    [`/${version}/SHASUMS256.txt`, sums + sums.replaceAll('linux-x64', 'linux-arm64')],
  ]);
  const { server, origin } = await openServer();
  server.on('request', (req, res) => {
    const file = files.get(req.url ?? '');
    res.statusCode = file === undefined ? 404 : 200;
    res.end(file);
  });
  return origin;
}

describe('from an empty Debian to the first sign-in', {
  skip: curlMissing() || (process.platform !== 'linux' && 'only Linux is like Debian'),
  timeout: 60_000,
}, () => {
  it('has a unit whose folders are those that its settings name', () => {
    assert.equal(named('Environment=NODE_COMPILE_CACHE'), `/var/cache/${named('CacheDirectory')}`);
    const database = /^DATABASE_URL=sqlite:(.+)$/m.exec(section)?.[1] ?? '';
    assert.equal(dirname(database), `/var/lib/${named('StateDirectory')}`);
  });

  it('has a unit that systemd understands', {
    skip: process.platform !== 'linux' && 'only Linux has systemd',
  }, async (t) => {
    const folder = mkdtempSync(join(directory, 'unit-'));
    const file = join(folder, 'oauth.service');
    // What it names is elsewhere on this machine.
    const content = unit
      .replace('/usr/local/bin/node', process.execPath)
      .replace('/srv/oauth', folder)
      .replace('User=oauth', 'User=root');
    writeFileSync(file, content);
    const { error, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    // It comes with systemd alone, which a container does not have. To install that for this test would
    // give the machine a service manager, with users and an id. The test before needs none.
    if ((error as { code?: string } | undefined)?.code === 'ENOENT') {
      return t.skip('no systemd-analyze found');
    }
    assert.ifError(error);
    // It also speaks of other units, and of a setting that it does not know without a failure.
    assert.doesNotMatch(stderr, /oauth\.service/);
  });

  it('works as the guide has it', async () => {
    const machine = await emptyMachine();
    const { home, port, type } = machine;
    await type(block(/nodejs\.org/), 'root');
    await type(block(/^useradd/), 'root');
    assert.match(machine.called().at(-1) ?? '', /^npm install --omit=dev \.\/express-auth/);
    await type(block(/^install .*\.env/), 'srv/oauth');
    const env = await readFile(join(home, 'srv/oauth/.env'), 'utf8');
    assert.match(env, /^SESSION_SECRET=[\w-]{43}$/m);

    const printed = await type(block(/ migrate$/m), 'srv/oauth');
    const secret = /client_secret[^\w-]+([\w-]{32,})/.exec(printed)?.[1] ?? '';
    const link = /https:\/\/auth\.example\.com\/account\/reset-password\?token=\S+/.exec(
      printed,
    )?.[0];
    assert.ok(secret !== '' && link !== undefined, printed);

    const service = block(/^systemctl/);
    const [reload = '', enable = '', health = '', ...others] = commandsOf({
      language: 'sh',
      content: service,
    });
    assert.deepEqual(others, []);
    await type(`${reload}\n${enable}`, 'srv/oauth');
    assert.deepEqual(machine.called().slice(-2), [
      'systemctl daemon-reload',
      'systemctl enable --now oauth',
    ]);
    const start = machine.here(named('ExecStart')).split(' ');
    const settings = { PORT: String(port), SHUTDOWN_DELAY: '0', LOG_LEVEL: 'silent' };
    const cwd = machine.here(named('WorkingDirectory'));
    const server = await running(spawned(start, settings, { cwd }), settings);
    assert.equal(JSON.parse(await type(health, 'srv/oauth')).status, 'ok');
    await type(block(/Caddyfile/), 'srv/oauth');
    assert.equal(
      await readFile(join(home, 'etc/caddy/Caddyfile'), 'utf8'),
      'auth.example.com {\n  reverse_proxy 127.0.0.1:4001\n}\n',
    );

    // The proxy says that the browser came by https.
    const at = { origin: server.origin, issuer: 'https://auth.example.com' };
    const maria = new Person(at);
    const page = await maria.visit(link.replace(at.issuer, ''));
    const fresh = 'a caterpillar becomes a moth';
    const login = await maria.submit(page, { new_password: fresh, new_password_again: fresh });
    assert.match(login.text, /Your new password is set/);
    const account = await maria.signIn(login, 'maria', fresh);
    assert.match(account.text, /<h1>Your account<\/h1>/);

    const { verifier, challenge } = pkce();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'notes-web',
      redirect_uri: 'https://notes.example.com/callback',
      scope: 'openid profile email',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const back = await maria.allow(`/oauth/authorize?${query}`, 'maria', fresh);
    const { status, json } = await requestToken(
      { issuer: server.origin },
      {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: 'https://notes.example.com/callback',
        code_verifier: verifier,
      },
      `notes-web:${secret}`,
    );
    assert.equal(status, 200);
    assert.equal(typeof json.id_token, 'string');
    await server.stop();
  });

  it('names the Node that the tests run on, and the file that npm pack makes', () => {
    assert.match(block(/nodejs\.org/), new RegExp(`/v${manifest.devDependencies.node}/node-v`));
    assert.match(block(/^useradd/), new RegExp(`^npm .*-${manifest.version}\\.tgz$`, 'm'));
  });
});
