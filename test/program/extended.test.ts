// examples/extended in a folder outside, on the packed file alone: what it adds to the server is there,
// and its types are those of the package.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { curlMissing, readBlocks, sh } from '../helpers/document.ts';
import { authorizeUrl, pkce, requestToken } from '../helpers/flows.ts';
import { freePort } from '../helpers/free-port.ts';
import { basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { compile, newProject, pack } from '../helpers/packed.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/extended', import.meta.url));
const CLIENT = 'rehearsal:a-secret-for-this-example';
const MAIL_CODE = 'urn:example:choir:mail-code';

const compilerOptions = {
  ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2024', types: ['node'] },
  ...{ allowImportingTsExtensions: true, skipLibCheck: true, exactOptionalPropertyTypes: true },
};
const files = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.ts'] }),
};
const installed = ['express', '@types/express', '@types/node'];
const packages = Object.fromEntries(installed.map((name) => [name, name]));
const project = await newProject(await pack(), files, packages);
await cp(EXAMPLE, project, { recursive: true });
const port = String(await freePort());
const issuer = `http://localhost:${port}`;

describe('examples/extended, on the packed file alone', { timeout: 120_000 }, () => {
  let output = '';
  let child: ChildProcess;
  let ended: Promise<never>;
  before(async () => {
    child = spawn(process.execPath, ['app.ts'], {
      cwd: project,
      env: { PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout!.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
    ended = once(child, 'exit').then(() => Promise.reject(new Error('The example has ended.')));
    ended.catch(() => {});
    await said(/The choir is at (.*)\n/);
  });
  after(() => child.kill());

  /** What the program has written, as soon as it has. */
  async function said(wanted: RegExp): Promise<string> {
    for (;;) {
      const [, found] = wanted.exec(output) ?? [];
      if (found !== undefined) return found;
      await Promise.race([once(child.stdout!, 'data'), ended]);
    }
  }

  const post = (path: string, form: Record<string, string>) =>
    http(`${issuer}${path}`, {
      method: 'POST',
      headers: { authorization: basic('rehearsal', 'a-secret-for-this-example') },
      body: new URLSearchParams(form),
    });

  const exchange = (form: Record<string, string>) =>
    requestToken({ issuer }, { grant_type: MAIL_CODE, ...form }, CLIENT);

  /** A code that was sent to somebody, and the id that the client has of it. */
  async function sentTo(username: string) {
    output = '';
    const { json } = await post('/mail_code', { username });
    const mail_code = await said(/ is (\d{6})\.\n/);
    return { mail_code_id: String(json.mail_code_id), mail_code };
  }

  it('has the types of the package, strict', async () => {
    await compile(project);
  });

  it('brings tokens once for a code that was sent by mail, to one of many requests', async () => {
    const sent = await sentTo('maria');
    const answers = await Promise.all(Array.from({ length: 5 }, () => exchange(sent)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, answers.map(({ text }) => text).join('\n'));
    const [{ json }] = won as [(typeof won)[0]];
    assert.deepEqual([json.name, json.scope], ['Maria', 'scores']);
    assert.ok(json.refresh_token);
    assert.equal((await exchange(sent)).json.error, 'invalid_grant');

    const scores = await http(`${issuer}/api/scores`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    assert.deepEqual(scores.json, { scores: ['Magnificat, alto'] });
    const { json: told } = await post('/oauth/introspect', { token: json.access_token });
    assert.deepEqual([told.sub, told.voice], ['maria', 'alto']);
  });

  it('lets nobody guess a code, or learn who is in the choir', async () => {
    const sent = await sentTo('georg');
    const wrong = { ...sent, mail_code: sent.mail_code === '000000' ? '111111' : '000000' };
    for (let guess = 1; guess <= 5; guess += 1) {
      assert.equal((await exchange(wrong)).json.error, 'invalid_grant');
    }
    assert.equal(
      (await exchange(sent)).json.error,
      'invalid_grant',
      'five guesses, and it is over',
    );
    const { status, json } = await post('/mail_code', { username: 'nobody' });
    assert.deepEqual([status, Object.keys(json)], [200, ['mail_code_id', 'expires_in']]);
  });

  it('has commands in its README that work one after the other', {
    skip: curlMissing(),
  }, async () => {
    const [, ...blocks] = readBlocks(await readFile(join(EXAMPLE, 'README.md'), 'utf8'));
    const commands = blocks.flatMap(({ content }) => content.trim().split('\n'));
    assert.equal(commands.length, 3);
    const values: Record<string, string> = {};
    output = '';
    for (const command of commands) {
      const filled = command
        .replace('http://localhost:4002', issuer)
        .replace(/<(\w+)>/g, (_, name) => values[name] ?? '');
      const answer = JSON.parse(await sh(filled, project));
      Object.assign(values, answer, { token: answer.access_token });
      if (answer.mail_code_id !== undefined) values['code'] = await said(/ is (\d{6})\.\n/);
      if (command === commands.at(-1)) assert.deepEqual(answer.scores, ['Magnificat, alto']);
    }
  });

  it('has its grant type and its endpoint in the discovery document', async () => {
    const { json } = await http(`${issuer}/.well-known/oauth-authorization-server`);
    assert.ok(json.grant_types_supported.includes(MAIL_CODE));
    assert.equal(json.mail_code_endpoint, `${issuer}/mail_code`);
  });

  it('shows its terms before consent, in the layout of the server, and goes on after them', async () => {
    const person = new Person({ origin: issuer, issuer });
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(
      { issuer },
      {
        client_id: 'rehearsal',
        redirect_uri: 'http://localhost:4003/callback',
        scope: 'scores',
        code_challenge: challenge,
      },
    );
    const terms = await person.signIn(await person.visit(url), 'maria', 'caterpillar');
    assert.match(terms.text, /<title>The terms of the choir · Choir<\/title>/);
    const forged = await person.open('/terms', { method: 'POST', body: new URLSearchParams() });
    assert.equal(forged.status, 403);
    const consent = await person.submit(terms, {});
    assert.match(consent.text, /See the scores of the choir/);
    const back = await person.submit(consent, { decision: 'allow' });
    const code = new URL(back.location).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
    assert.equal((await requestToken({ issuer }, form, CLIENT)).json.name, 'Maria');
  });

  it('takes the lines that its README says', async () => {
    const readme = await readFile(join(EXAMPLE, 'README.md'), 'utf8');
    const [app, mail, terms, view] = await Promise.all(
      ['app.ts', 'mail-code.ts', 'terms.ts', 'views/terms.ejs'].map((file) =>
        readFile(join(EXAMPLE, file), 'utf8'),
      ),
    );
    const lines = (text = '') => text.split('\n').length - 1;
    const part = (text = '', start: RegExp) => lines(`${start.exec(text)?.[0]}\n`);
    const rows = [...readme.matchAll(/^\| .* \| .* \| (\d+)(?: and (\d+))? \|$/gm)];
    const numbers = rows.flatMap(([, ...found]) => found.filter((one) => one !== undefined));
    assert.deepEqual(numbers.map(Number), [
      ...['claims', 'userClaims', 'tokenResponse', 'beforeConsent'].map((option) =>
        part(app, new RegExp(`^    ${option}: .*,$`, 'm')),
      ),
      part(terms, /^export function termsEndpoint[\s\S]*?^}$/m),
      lines(view),
      part(mail, /^export const mailCodeGrant[\s\S]*?^};$/m),
      part(mail, /^export function mailCodeEndpoint[\s\S]*?^}$/m),
    ]);
  });
});
