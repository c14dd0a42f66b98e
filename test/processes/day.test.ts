// A day in the life of whoever runs the server: from an empty database in PostgreSQL on, with two
// processes that serve it all day long. Nothing is done but by commands.

import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { freshPostgres } from '../helpers/databases.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { directory } from '../helpers/program.ts';
import { type Env, SETTINGS, type Site, seedFile, startSite } from '../helpers/running.ts';

const ISSUER = 'https://auth.example.com';
const CATERPILLAR = 'a caterpillar becomes a moth';
const MOTH = 'and lays its eggs on the leaf';

/** A person and a client that the seed has from the beginning. */
const SEED_FILE = seedFile({
  scopes: { read: 'Read your notes', write: 'Change your notes' },
  clients: [
    {
      client_id: 'board',
      client_name: 'Board',
      client_secret: 'a-long-secret-of-the-board-in-the-seed',
      grant_types: ['client_credentials'],
      scope: 'read',
    },
  ],
  users: [{ username: 'sam', password: 'the password of sam', name: 'Sam' }],
});

/** What another server has exported, with one person in it. */
function realmFile(): string {
  const salt = randomBytes(16);
  const hash = pbkdf2Sync('ada counts with engines', salt, 1000, 64, 'sha512');
  const path = join(directory, 'realm.json');
  const credential = {
    type: 'password',
    secretData: JSON.stringify({ value: hash.toString('base64'), salt: salt.toString('base64') }),
    credentialData: JSON.stringify({ hashIterations: 1000, algorithm: 'pbkdf2-sha512' }),
  };
  const user = { username: 'ada', enabled: true, firstName: 'Ada', lastName: 'Lovelace' };
  const id = '0d8b7c2e-6a3f-4a39-9d5e-8f5b1c2d3e4f';
  const realm = { realm: 'engines', users: [{ id, ...user, credentials: [credential] }] };
  writeFileSync(path, JSON.stringify(realm));
  return path;
}

describe('a day in the life of an operator', {
  skip: postgresMissing(),
  timeout: 180_000,
}, () => {
  let env: Env;
  /** In this process, so that each is in another one than the servers. */
  let cli: CommandLine;
  let site: Site;
  let secret = '';
  /** The two processes, each as if it were the only one. */
  let one: { origin: string; issuer: string };
  let two: { origin: string; issuer: string };

  /** A command that succeeds. @returns what it has printed */
  async function done(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await cli(args, { input });
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  const json = async (args: readonly string[]) => JSON.parse(await done([...args, '--json']));

  async function start(): Promise<void> {
    site = await startSite(2, env);
    const [first = '', second = ''] = site.origins;
    one = { origin: first, issuer: first };
    two = { origin: second, issuer: second };
  }

  /** A person signs in at one process, and Notes gets its tokens there. */
  async function tokensOf(username: string, password: string, at = one) {
    const client = `notes:${secret}`;
    const login = [username, password] as const;
    const flow = await authorizeAs(at, { client, scope: 'read write', login });
    const { status, json: tokens } = await flow.exchange();
    assert.equal(status, 200, JSON.stringify(tokens));
    return tokens as { access_token: string; refresh_token: string };
  }

  async function signIn(username: string, password: string, at = two) {
    const person = new Person(at);
    const page = await person.visit(`${at.origin}/login?to=account`);
    return person.signIn(page, username, password);
  }

  async function mayEnter(username: string, password: string): Promise<boolean> {
    return /<h1>Your account<\/h1>/.test((await signIn(username, password)).text);
  }

  before(async () => {
    // The same after a restart, though the ports are others.
    env = { ...SETTINGS, ISSUER, DATABASE_URL: await freshPostgres(), SEED_FILE };
    cli = await commandLine({ ...env, OPERATOR: 'grace' });
  });

  it('begins with an empty database, which gets its tables, a person and a client', async () => {
    const early = await cli('client list');
    assert.equal(early.code, 1);
    assert.match(early.stderr, /migrate/);
    await done(['migrate']);
    const client = await json([
      ...['client', 'create', '--id', 'notes', '--name', 'Notes'],
      ...['--redirect-uri', 'http://127.0.0.1:9/callback', '--scope', 'read write'],
      ...['--grant', 'authorization_code', '--grant', 'refresh_token'],
    ]);
    secret = client.client_secret;
    assert.ok(secret.length >= 32);
    const person = ['user', 'create', 'maria', 'name=Maria Sibylla', '--password-stdin'];
    await done(person, `${CATERPILLAR}\n`);
    await start();
  });

  it('lets the person sign in, at one process, and another takes the token', async () => {
    const { access_token } = await tokensOf('maria', CATERPILLAR);
    assert.equal((await getSecret(two, access_token)).status, 200);
  });

  it('changes a secret over: both are good until the old one is dropped', async () => {
    const before = secret;
    const tokens = await tokensOf('maria', CATERPILLAR);
    ({ client_secret: secret } = await json(['client', 'rotate-secret', 'notes']));
    assert.notEqual(secret, before);
    const refresh = (client: string, at = two) =>
      requestToken(
        at,
        { grant_type: 'refresh_token', refresh_token: tokens.refresh_token },
        `notes:${client}`,
      );
    for (const at of [one, two]) {
      for (const known of [before, secret]) assert.equal((await refresh(known, at)).status, 200);
    }
    await done(['client', 'drop-secret', 'notes']);
    assert.equal((await refresh(before)).json.error, 'invalid_client');
  });

  it('disables a person, whose token fails at the next request, and lets them in again', async () => {
    const { access_token, refresh_token } = await tokensOf('maria', CATERPILLAR);
    const told = await cli('user disable maria', { env: { LOG_LEVEL: 'info' } });
    assert.match(told.stderr, /"operator":"grace","command":"user disable"/);
    assert.equal((await getSecret(two, access_token)).status, 401);
    assert.equal((await getSecret(one, access_token)).status, 401);
    const form = { grant_type: 'refresh_token', refresh_token };
    assert.equal((await requestToken(two, form, `notes:${secret}`)).json.error, 'invalid_grant');
    assert.equal(await mayEnter('maria', CATERPILLAR), false);
    await done(['user', 'enable', 'maria']);
    assert.equal((await getSecret(two, access_token)).status, 401, 'what has ended has ended');
    assert.equal(await mayEnter('maria', CATERPILLAR), true);
  });

  it('helps a person who has forgotten the password', async () => {
    const { url } = await json(['user', 'reset-link', 'maria']);
    const person = new Person(one);
    const page = await person.visit(url.replace(ISSUER, one.origin));
    const login = await person.submit(page, { new_password: MOTH, new_password_again: MOTH });
    assert.match(login.text, /Your new password is set/);
    assert.equal(await mayEnter('maria', CATERPILLAR), false);
    assert.equal(await mayEnter('maria', MOTH), true);
  });

  it('deletes a person, who does not come back with the seed that has them', async () => {
    const { access_token } = await tokensOf('sam', 'the password of sam');
    await done(['user', 'delete', 'sam', '--yes']);
    assert.equal((await getSecret(two, access_token)).status, 401);
    assert.deepEqual(await site.stop(), [0, 0]);
    await start();
    assert.equal(await mayEnter('sam', 'the password of sam'), false);
    assert.match((await cli('seed diff')).stdout, /sam/);
    const people = await json(['user', 'list']);
    assert.deepEqual(
      people.map(({ username }: { username: string }) => username),
      ['maria'],
    );
  });

  it('imports people from elsewhere, who sign in with the password that they had', async () => {
    const realm = realmFile();
    await done(['import', 'keycloak', realm]);
    assert.equal(await mayEnter('ada', 'ada counts with engines'), false, 'nothing is written');
    await done(['import', 'keycloak', realm, '--apply']);
    assert.equal(await mayEnter('ada', 'ada counts with engines'), true);
  });

  it('purges what has expired, and leaves what has not', async () => {
    const { access_token } = await tokensOf('maria', MOTH);
    // The servers purge, too: once they have stopped, what expires stays.
    assert.deepEqual(await site.stop(), [0, 0]);
    const store = await openStore(env['DATABASE_URL']!);
    const now = Date.now();
    const old = { kind: 'day', payload: {}, expiresAt: now - 1 };
    await store.tickets.create({ ...old, hash: 'of yesterday' }, now - 2);
    assert.notEqual(await store.tickets.find('day', 'of yesterday', now - 2), undefined);
    await done(['purge']);
    assert.equal(await store.tickets.find('day', 'of yesterday', now - 2), undefined);
    await store.close();
    await start();
    assert.equal((await getSecret(two, access_token)).status, 200);
    assert.equal((await http(`${one.origin}/health`)).status, 200);
    assert.deepEqual(await site.stop(), [0, 0]);
  });
});
