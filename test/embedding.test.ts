// The whole programs in docs/embedding.md: each is run in this process, and asked what the text promises.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readBlocks } from './helpers/document.ts';
import { authorizeUrl, pkce, requestToken } from './helpers/flows.ts';
import { freePort } from './helpers/free-port.ts';
import { http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { userInfo } from './helpers/openid.ts';

const document = await readFile(new URL('../docs/embedding.md', import.meta.url), 'utf8');
const programs = readBlocks(document)
  .filter(({ language, content }) => language === 'ts' && content.startsWith('import '))
  .map(({ content }) => content);
const directory = await mkdtemp(join(tmpdir(), 'embedding-'));
after(() => rm(directory, { recursive: true }));

/** Runs the program that has a certain text in it, on a port of its own; it ends with the tests. */
async function run(text: string): Promise<{ origin: string; issuer: string }> {
  const [program = '', ...others] = programs.filter((one) => one.includes(text));
  assert.deepEqual(others, []);
  const port = await freePort();
  const index = new URL('../src/index.ts', import.meta.url).href;
  const file = join(directory, `${port}.ts`);
  const placed = program
    .replaceAll('3000', String(port))
    .replace("'express-authorization-server'", `'${index}'`)
    .replace("'express'", `'${import.meta.resolve('express')}'`);
  await writeFile(file, placed);
  await import(pathToFileURL(file).href);
  const origin = `http://localhost:${port}`;
  while ((await http(`${origin}/login`).catch(() => undefined)) === undefined);
  return { origin, issuer: origin };
}

/** From the sign-in of a person to the token of the public client. */
async function tokenFor(
  site: { origin: string; issuer: string },
  username: string,
  { person = new Person(site), scope = 'read' } = {},
) {
  const { verifier, challenge } = pkce();
  const client = { client_id: 'notes-desktop', redirect_uri: 'http://127.0.0.1/callback' };
  const url = authorizeUrl(site, { ...client, scope, code_challenge: challenge });
  const back = await person.allow(url, username, 'caterpillar');
  const code = back.searchParams.get('code') ?? '';
  const form = { ...client, grant_type: 'authorization_code', code, code_verifier: verifier };
  return (await requestToken(site, form)).json.access_token;
}

describe('the programs in docs/embedding.md', () => {
  it('list a client and a user, and register a client that works at once', async () => {
    const site = await run('oauth.clients.register');
    assert.ok(await tokenFor(site, 'maria'));
    const { status, json } = await http(`${site.origin}/clients`, { method: 'POST' });
    assert.equal(status, 201);
    assert.equal(json.client_name, 'Nightly export');
    const client = `${json.client_id}:${json.client_secret}`;
    const token = await requestToken(site, { grant_type: 'client_credentials' }, client);
    assert.equal(token.json.scope, 'read');
  });

  it('sign people in who are in a table of the app', async () => {
    const site = await run('verifyPassword');
    const token = await tokenFor(site, 'Maria@example.com');
    const headers = { authorization: `Bearer ${token}` };
    assert.deepEqual((await http(`${site.origin}/api/notes`, { headers })).json, { notesOf: '7' });
  });

  it('sign people out of apps when they sign out of the program', async () => {
    const site = await run('oauth.signOut');
    const person = new Person(site);
    const other = await tokenFor(site, '', { scope: 'openid' });
    const token = await tokenFor(site, '', { person, scope: 'openid' });
    const isActive = async (one: string) => (await userInfo(site, one)).status === 200;
    assert.deepEqual([await isActive(token), await isActive(other)], [true, true]);
    assert.equal((await person.visit('/sign-out')).text, 'You are signed out.');
    assert.deepEqual([await isActive(token), await isActive(other)], [false, true]);
  });

  it('sign people out who are sent by an app, and send them back', async () => {
    const site = await run('oauth.signOut');
    const person = new Person(site);
    const token = await tokenFor(site, '', { person, scope: 'openid' });
    const uri = 'http://127.0.0.1/bye';
    const params = { client_id: 'notes-desktop', post_logout_redirect_uri: uri };
    const page = await person.visit(`/oauth/end-session?${new URLSearchParams(params)}`);
    assert.equal((await person.submit(page, { decision: 'sign_out' })).location, uri);
    assert.equal((await userInfo(site, token)).status, 401);
  });
});
