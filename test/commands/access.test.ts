// grant, session and token: what people and apps have at the moment, and its end.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { administered } from '../helpers/administered.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { Person } from '../helpers/http-person.ts';

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
    assert.equal((await cli('grant revoke --user alice --yes')).code, 2);
  });

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
    assert.equal(first.user, 'user-2');
    const isIn = async (person: Person) =>
      (await person.open('/login')).text.includes('name="password"') === false;
    assert.deepEqual([await isIn(one), await isIn(other)], [true, true]);
    const part = await cli(['session', 'end', first.id.slice(0, 15), '--yes']);
    assert.equal(part.code, 1);
    assert.match(part.stderr, /There is no session/);
    assert.deepEqual([await isIn(one), await isIn(other)], [true, true]);
    assert.equal((await cli(`session end ${first.id} --yes`)).code, 0);
    assert.deepEqual([await isIn(one), await isIn(other)], [false, true]);
    assert.equal((await cli(`session end ${first.id} --yes`)).code, 1);
    const nameless = await cli(['session', 'end', '', '--yes']);
    assert.match(nameless.stderr, /^An argument is empty/, 'nothing stands for no session');
    assert.equal(await isIn(other), true);
    assert.equal((await cli('session end --user bob --yes')).code, 0);
    assert.equal(await isIn(other), false);
    assert.equal((await cli('session list --user bob --json')).json.length, 0);
  });

  it('session list shows nothing that a cookie could be made of', async () => {
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    const { stdout } = await cli('session list --json');
    for (const value of person.cookies.values()) assert.ok(!stdout.includes(value));
  });

  it('token inspect says what a token is worth, from standard input alone', async () => {
    const { access_token, refresh_token } = await newTokens();
    const { json } = await cli('token inspect --json', { input: `${access_token}\n` });
    assert.equal(json.active, true);
    assert.equal(json.kind, 'access token');
    assert.equal(json.user, 'alice');
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
