// grant, session and token: what people and apps have at the moment, and its end.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { Person } from '../helpers/http-person.ts';
import { directory } from '../helpers/program.ts';
import { SEED } from '../helpers/seeds.ts';

/** What the log on standard error says, without the time, the level and the operator. */
function eventsIn(stderr: string): object[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => {
    const { level, time, operator, ...event } = JSON.parse(line);
    return event;
  });
}

describe('what is in force', async () => {
  const { server, cli } = await administered();

  const newTokens = async (login: [string, string] = ['alice', 'wonderland']) => {
    const flow = await authorizeAs(server, { login });
    return (await flow.exchange()).json as { access_token: string; refresh_token: string };
  };
  const refresh = (refresh_token: string) =>
    requestToken(server, { grant_type: 'refresh_token', refresh_token }, 'web:web-secret');
  const status = async (token: string) => (await getSecret(server, token)).status;

  it('grant list has the grants, of all or of somebody, and grant revoke ends one with its tokens', async () => {
    const one = await newTokens();
    const other = await newTokens(['bob', 'builder']);
    const { json } = await cli('grant list --user bob --json');
    assert.equal(json.length, 1);
    assert.equal(json[0].user, 'user-2');
    assert.equal(json[0].client_id, 'web');
    assert.equal((await cli('grant list --client spa --json')).json.length, 0);
    const none = await cli('grant list --client wep');
    assert.deepEqual([none.code, none.stderr], [1, 'There is no client wep. Did you mean web?\n']);
    assert.ok((await cli('grant list --client web --json')).json.length >= 2);

    assert.equal((await cli(`grant revoke ${json[0].id}`)).code, 1, 'nobody was asked');
    assert.equal((await cli(`grant revoke ${json[0].id} --yes`)).code, 0);
    assert.equal(await status(other.access_token), 401);
    assert.equal((await refresh(other.refresh_token)).json.error, 'invalid_grant');
    assert.equal(await status(one.access_token), 200);
    assert.equal((await cli(`grant revoke ${json[0].id} --yes`)).code, 1);
  });

  it('grant revoke --user --client takes back what was allowed, so that the person is asked again', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    assert.match((await person.open(authorizeUrl(server, { prompt: 'none' }))).location, /code=/);
    const { code, stderr } = await cli('grant revoke --user alice --client wbe --yes');
    assert.equal(code, 1);
    assert.match(stderr, /^alice has allowed nothing to a client wbe\. Did you mean web\?$/m);
    assert.equal((await cli('grant revoke --user alice --client web --yes')).code, 0);
    const silent = await person.open(authorizeUrl(server, { prompt: 'none' }));
    assert.match(silent.location, /error=consent_required/);
    assert.equal((await cli('grant revoke --user alice --client web --yes')).code, 1);
    assert.equal((await cli('grant revoke --yes')).code, 2);
    assert.equal((await cli('grant revoke some-id --user alice --yes')).code, 2);
  });

  it('consent list says who has allowed which app what, and when, also if no grant is left', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    const { json: grants } = await cli('grant list --user alice --json');
    for (const { id, username, created_at } of grants) {
      assert.equal(username, 'alice');
      assert.ok(created_at);
      const { json } = await cli(`grant revoke ${id} --yes --json`);
      assert.deepEqual(json, { id, revoked: true, consent_remembered: true });
    }
    const { json } = await cli('consent list --client web --user alice --json');
    assert.equal(json.length, 1);
    const { created_at, ...rest } = json[0];
    assert.deepEqual(rest, { user: 'alice', client_id: 'web', scope: 'read', username: 'alice' });
    assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000);
    assert.ok((await cli('consent list')).stdout.startsWith('username '));
    assert.equal((await cli('consent list --client wep')).code, 1);
    assert.equal((await cli('consent list --user alise')).code, 1);
  });

  it('grant revoke of one grant says that what was allowed is remembered, and how to take it back', async () => {
    await newTokens(['bob', 'builder']);
    const { json } = await cli('grant list --user bob --client web --json');
    const { stdout } = await cli(`grant revoke ${json[0].id} --yes`);
    assert.match(stdout, /is remembered/);
    const [, hint] = /(consent revoke .*)$/m.exec(stdout) ?? [];
    assert.equal(hint, 'consent revoke --user bob --client web');
    assert.equal((await cli(hint!)).code, 1, 'nobody was asked');
    const env = { LOG_LEVEL: 'info' };
    const { code, stderr } = await cli(`${hint} --yes`, { env });
    assert.equal(code, 0, stderr);
    assert.deepEqual(eventsIn(stderr), [
      { msg: 'consent_withdrawn', userId: 'user-2', clientId: 'web' },
      {
        msg: 'command_run',
        command: 'consent revoke',
        subject: 'user-2',
        userId: 'user-2',
        clientId: 'web',
        counts: { users: 1, clients: 1 },
      },
    ]);
    assert.equal((await cli('consent list --user bob --json')).json.length, 0);
  });

  for (const verb of ['grant revoke', 'consent revoke']) {
    it(`${verb} --client takes back what anybody has allowed a client, and --user what somebody has allowed any`, async () => {
      const both = [await newTokens(), await newTokens(['bob', 'builder'])];
      assert.equal((await cli(`${verb} --client web`)).code, 1, 'nobody was asked');
      assert.deepEqual(await Promise.all(both.map((one) => status(one.access_token))), [200, 200]);
      const { json } = await cli(`${verb} --client web --yes --json`);
      assert.deepEqual(json, { client_id: 'web', revoked: true, users: 2, clients: 1 });
      assert.deepEqual(await Promise.all(both.map((one) => status(one.access_token))), [401, 401]);
      assert.equal((await cli('consent list --client web --json')).json.length, 0);
      const again = await cli(`${verb} --client web --yes`);
      assert.deepEqual([again.code, again.stderr], [1, 'Nobody has allowed web anything.\n']);
      assert.equal((await cli(`${verb} --client wep --yes`)).code, 1);

      const [alices, bobs] = [await newTokens(), await newTokens(['bob', 'builder'])];
      const { stdout } = await cli(`${verb} --user alice`, { answers: ['y'] });
      assert.equal(stdout, 'No app can do anything for alice any more: 1 could.\n');
      assert.deepEqual(
        [await status(alices.access_token), await status(bobs.access_token)],
        [401, 200],
      );
      const none = await cli(`${verb} --user alice --yes`);
      assert.deepEqual([none.code, none.stderr], [1, 'alice has allowed no client anything.\n']);
    });
  }

  it('session list shows where people are signed in, and session end signs one browser out', async () => {
    const [one, other] = [new Person(server), new Person(server)];
    one.headers['user-agent'] = 'The first one';
    for (const person of [one, other]) {
      await person.signIn(await person.visit('/login'), 'bob', 'builder');
    }
    const { json } = await cli('session list --user bob --json');
    const first = json.find((session: { user_agent: string }) =>
      session.user_agent.includes('The first'),
    );
    assert.deepEqual([first.user, first.username], ['user-2', 'bob']);
    const isIn = async (person: Person) =>
      (await person.open('/login')).text.includes('name="password"') === false;
    assert.deepEqual([await isIn(one), await isIn(other)], [true, true]);
    const part = await cli(['session', 'end', first.id.slice(0, 15), '--yes']);
    assert.equal(part.code, 1);
    assert.match(part.stderr, /There is no session/);
    assert.deepEqual([await isIn(one), await isIn(other)], [true, true]);
    const env = { LOG_LEVEL: 'info' };
    const ended = await cli(`session end ${first.id} --yes`, { env });
    const logout = { msg: 'logout', userId: 'user-2' };
    const whose = { msg: 'command_run', command: 'session end', userId: 'user-2' };
    assert.deepEqual(eventsIn(ended.stderr), [logout, { ...whose, subject: first.id }]);
    assert.deepEqual([await isIn(one), await isIn(other)], [false, true]);
    assert.equal((await cli(`session end ${first.id} --yes`)).code, 1);
    const nameless = await cli(['session', 'end', '', '--yes']);
    assert.match(nameless.stderr, /^An argument is empty/, 'nothing stands for no session');
    assert.equal(await isIn(other), true);
    const all = await cli('session end --user bob --yes', { env });
    assert.deepEqual(eventsIn(all.stderr), [logout, { ...whose, subject: 'user-2' }]);
    assert.equal(await isIn(other), false);
    const nobody = await cli('session end --user bob --yes', { env });
    assert.equal(nobody.code, 0);
    assert.deepEqual(eventsIn(nobody.stderr), [], 'nobody was signed out');
    assert.equal((await cli('session list --user bob --json')).json.length, 0);
  });

  it('session list shows nothing that a cookie could be made of', async () => {
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    const { stdout } = await cli('session list --json');
    for (const value of person.cookies.values()) assert.ok(!stdout.includes(value));
  });

  it('token inspect says what a token allows, from standard input alone', async () => {
    const { access_token, refresh_token } = await newTokens();
    const { json } = await cli('token inspect --json', { input: `${access_token}\n` });
    assert.equal(json.active, true);
    assert.equal(json.kind, 'access token');
    assert.deepEqual([json.user, json.username], ['alice', 'alice']);
    assert.deepEqual(json.scope, ['read']);
    const { json: other } = await cli('token inspect --json', { input: refresh_token });
    assert.equal(other.kind, 'refresh token');
    const flow = await authorizeAs(server);
    const { json: code } = await cli('token inspect --json', { input: flow.code });
    assert.equal(code.kind, 'authorization code');
    assert.deepEqual([code.active, code.is_redeemed], [true, false]);
    await flow.exchange();
    const { json: redeemed } = await cli('token inspect --json', { input: flow.code });
    assert.deepEqual([redeemed.active, redeemed.is_redeemed], [false, true]);
    const { json: unknown } = await cli('token inspect --json', { input: 'made-up' });
    assert.deepEqual(unknown, { active: false });
    assert.equal((await cli(`token inspect ${access_token}`)).code, 2);
    assert.equal((await cli('token inspect')).code, 1);
  });

  it('token revoke ends an access token, and a whole family by its refresh token', async () => {
    const { access_token, refresh_token } = await newTokens();
    assert.equal((await cli('token revoke', { input: access_token })).code, 0);
    assert.equal(await status(access_token), 401);
    const next = (await refresh(refresh_token)).json;
    assert.equal(await status(next.access_token), 200);
    assert.equal((await cli('token revoke', { input: next.refresh_token })).code, 0);
    assert.equal(await status(next.access_token), 401);
    assert.equal((await cli('token revoke', { input: next.refresh_token })).code, 1);
  });
});

for (const format of ['opaque', 'jwt']) {
  describe(`what a client has for itself (${format})`, async () => {
    const SEED_FILE = join(directory, `own-tokens-${format}.json`);
    await writeFile(SEED_FILE, JSON.stringify(SEED));
    const { server, cli } = await administered({ ACCESS_TOKEN_FORMAT: format, SEED_FILE });
    const own = async (secret: string) =>
      (await requestToken(server, { grant_type: 'client_credentials' }, `web:${secret}`)).json
        .access_token as string;
    const status = async (token: string) => (await getSecret(server, token)).status;

    it('ends by token revoke --client, as rotate-secret --drop-old says, and nothing else does', async () => {
      const flow = await authorizeAs(server);
      const { access_token: ofAlice } = (await flow.exchange()).json;
      const before = await own('web-secret');
      const rotated = await cli('client rotate-secret web --drop-old --json');
      assert.match(rotated.stderr, /Tokens that were issued go on\./);
      for (const hint of ['token revoke --client web', 'grant revoke --client web']) {
        assert.ok(rotated.stderr.includes(hint));
      }
      assert.equal((await cli('token revoke --client web')).code, 1, 'nobody was asked');
      assert.equal(await status(before), 200);
      const env = { LOG_LEVEL: 'info' };
      const { code, stderr } = await cli('token revoke --client web --yes', { env });
      assert.equal(code, 0, stderr);
      assert.deepEqual(eventsIn(stderr), [
        { msg: 'command_run', command: 'token revoke', subject: 'web', clientId: 'web' },
      ]);
      assert.deepEqual([await status(before), await status(ofAlice)], [401, 200]);
      const after = await own(rotated.json.client_secret);
      assert.equal(await status(after), 200, 'what it gets from now on counts at once');
      for (const change of ['client update web client_name=Web', 'seed apply --yes']) {
        const done = await cli(change);
        assert.equal(done.code, 0, done.stderr);
      }
      assert.deepEqual([await status(before), await status(after)], [401, 200], 'a change is none');
      assert.ok((await cli('client show web --json')).json.own_tokens_ended_at);
      assert.equal((await cli('token revoke --client wep --yes')).code, 1);
    });
  });
}
