// user reset-link: a new password for somebody who has forgotten theirs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { commandLine } from '../helpers/commands.ts';
import { startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';
import { HOUR, MINUTE, message, NEW_PASSWORD, newUser } from '../helpers/people.ts';

describe('user reset-link', async () => {
  const cli = await commandLine();
  const store = await openStore(cli.env['DATABASE_URL']!);
  const server = await startServer({ SESSION_SECRET: cli.env['SESSION_SECRET']! }, { store });
  const at = { ISSUER: server.issuer };

  it('prints a link, and nothing beside it, that works at the server', async () => {
    const user = await newUser(server);
    const { code, stdout, stderr } = await cli(`user reset-link -- ${user.id}`, { env: at });
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      new RegExp(`password of ${user.username}\\. It works once, until 2\\d{3}-`),
    );
    const person = new Person(server);
    const page = await person.visit(stdout.trimEnd());
    const fresh = { new_password: NEW_PASSWORD, new_password_again: NEW_PASSWORD };
    assert.match(message(await person.submit(page, fresh), 'status') ?? '', /password is set/);
  });

  it('is for a user by id or by username, for as long as was said, and as JSON', async () => {
    const user = await newUser(server);
    const words = ['user', 'reset-link', user.username, '--ttl', '86400', '--json'];
    const { json, stderr } = await cli(words, { env: at });
    assert.equal(stderr, '');
    assert.deepEqual(Object.keys(json), ['id', 'url', 'expires_at']);
    assert.equal(json.id, user.id);
    assert.ok(Math.abs(Date.parse(json.expires_at) - Date.now() - 24 * HOUR) < MINUTE);
    assert.equal((await new Person(server).open(json.url)).status, 200);
    // Nobody gets the link of another, whose id is their username.
    await newUser(server, { username: user.id });
    const unclear = await cli(['user', 'reset-link', '--json', '--', user.id], { env: at });
    assert.deepEqual([unclear.code, unclear.stdout], [1, '']);
    const clear = await cli(['user', 'reset-link', '--json', `id=${user.id}`], { env: at });
    assert.equal(clear.json.id, user.id);
  });

  it('is told to the log with who did it, and without the link', async () => {
    const user = await newUser(server);
    const words = ['user', 'reset-link', '--operator', 'grace', '--', user.id];
    const { stdout, stderr } = await cli(words, { env: { ...at, LOG_LEVEL: 'info' } });
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    const told = lines.map((line) => JSON.parse(line));
    const [run] = told.filter(({ msg }) => msg === 'command_run');
    assert.deepEqual(
      [run?.operator, run?.command, run?.subject],
      ['grace', 'user reset-link', user.id],
    );
    assert.ok(told.some(({ msg }) => msg === 'password_reset_link_created'));
    assert.ok(!stderr.includes(new URL(stdout).search));
  });

  it('says what is wrong, and prints no link', async () => {
    const disabled = await newUser(server, { disabledAt: 1 });
    const foreign = await newUser(server, { passwordHash: undefined });
    const { username } = await newUser(server);
    for (const [typed, status, complaint] of [
      [['nobody-at-all'], 1, /^There is no user nobody-at-all\.\n$/],
      [[username.slice(0, -1)], 1, new RegExp(`Did you mean ${username}\\?`)],
      [['--', disabled.id], 1, /is disabled\.\n$/],
      [['--', foreign.id], 1, /has no password here/],
      [[username, '--ttl', '59'], 2, /a whole number of seconds from 60 to 604800/],
      [[username, '--ttl', ''], 2, /a whole number of seconds from 60 to 604800/],
      [[username, '--ttl', '604801'], 2, /a whole number of seconds/],
      [[], 2, /missing required argument 'user'/i],
      [[username, 'another'], 2, /too many arguments/i],
    ] as const) {
      const { code, stdout, stderr } = await cli(['user', 'reset-link', ...typed], { env: at });
      assert.deepEqual([code, stdout], [status, ''], stderr);
      assert.match(stderr, complaint);
    }
  });
});
