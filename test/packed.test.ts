// The package from the file that npm packs: in fresh projects, and in other frameworks, by the
// programs of docs/embedding.md.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { languages, words } from '../src/pages/words/languages.ts';
import { readBlocks } from './helpers/document.ts';
import { authorizeAs } from './helpers/flows.ts';
import { freePort } from './helpers/free-port.ts';
import { http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { compile, newProject, pack } from './helpers/packed.ts';
import { quickHash } from './helpers/passwords.ts';
import { spawned, startProgram } from './helpers/program.ts';

const guide = await readFile(new URL('../docs/embedding.md', import.meta.url), 'utf8');

let packed = '';
before(async () => {
  packed = await pack();
});

const manifest = (type: string) => JSON.stringify({ name: 'fresh', private: true, type });

/** A server and an API in one app, which gets itself a token: what it prints is what the API says. */
const BODY = `
const scopes = { read: 'Read your notes' };
const job = { client_id: 'job', client_secret: 'the-secret-of-the-job', grant_types: ['client_credentials'] };

async function start(issuer: string) {
  const resource = \`\${issuer}/api\`;
  const store = memoryStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify({ scopes, clients: [job] }), false));
  const server = authorizationServer({
    issuer,
    store,
    scopes,
    resources: { [resource]: { accessTokenFormat: 'jwt' } },
  });
  app.use(server.handler);
  app.use(resourceMetadata({ issuer, resource, scope: 'read' }));
  app.get('/own', server.protect('read'), (_req, res) => {
    res.json(res.locals['oauth'].token.client.id);
  });
  app.get('/api', requireToken({ issuer, resource, scope: 'read' }), (_req, res) => {
    const token: ResourceToken = res.locals['oauth'].token;
    res.json({ client: token.client.id, scope: token.scope });
  });
  const answer = await fetch(\`\${issuer}/oauth/token\`, {
    method: 'POST',
    headers: { authorization: \`Basic \${btoa('job:the-secret-of-the-job')}\` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  const api = await fetch(resource, { headers: { authorization: \`Bearer \${access_token}\` } });
  console.log(api.status, await api.text());
  process.exit();
}

const listener = app.listen(0, '127.0.0.1', () => {
  const { port } = listener.address() as AddressInfo;
  void start(\`http://127.0.0.1:\${port}\`);
});
`;

const IMPORTS = `import type { AddressInfo } from 'node:net';
import express from 'express';
import { applySeed, authorizationServer, memoryStore, parseSeed } from 'express-authorization-server';
import { type ResourceToken, requireToken, resourceMetadata } from 'express-authorization-server/resource-server';

const app = express();
`;

const REQUIRES = `const express = require('express');
const { applySeed, authorizationServer, memoryStore, parseSeed } = require('express-authorization-server');
const { requireToken, resourceMetadata } = require('express-authorization-server/resource-server');

const app = express();
`;

/** What an app may export of its server, for other modules of its own. */
const EXPORTS = `
import {
  authorizationServer, createApp, createModel, memoryStore, openStore, readConfig, Routes, wordsFor,
} from 'express-authorization-server';
import type { AuthorizationServerOptions, Context } from 'express-authorization-server';
import { requireToken, resourceMetadata } from 'express-authorization-server/resource-server';
type Options = Required<AuthorizationServerOptions>;

export const oauth = authorizationServer({ issuer: 'http://localhost:1' });
export const protect = oauth.protect;
export const { events, clients, users, signOut, handler, registrationTokens } = oauth;
export const store = memoryStore();
export const lasting = await openStore('sqlite:./oauth.db');
export const model = createModel(store, { issuer: 'http://localhost:1' });
export const guard = requireToken({ issuer: 'https://a.example', resource: 'https://b.example' });
export const metadata = resourceMetadata({ issuer: 'https://a.example', resource: 'https://b.example' });
export const route = new Routes().route('/x');
export const config = () => readConfig({});
export const app = (...all: Parameters<typeof createApp>) => createApp(...all);
export const words = wordsFor;
export const parts = (context: Context) => ({ ...context });
export const ofContext = ({ site, people, pages, oauth, clients, sessionEnds, protect }: Context) =>
  [site, people, pages, pages.render, oauth, clients, sessionEnds, protect] as const;
export const options = (all: Options) => ({ ...all });
export const one = ({ limits, resources, authenticate, findUser, verifyPassword, ...all }: Options) =>
  [limits, resources, authenticate, findUser, verifyPassword, { ...all }] as const;
export const two = ({ users, clients, grants, endpoints, claims, tokenResponse, signingAlgorithm }: Options) =>
  [users, clients, grants, endpoints, claims, tokenResponse, signingAlgorithm] as const;
export const three = ({ clientMetadataDocuments, userClaims, beforeConsent, scopes }: Options) =>
  [clientMetadataDocuments, userClaims, beforeConsent, scopes] as const;
`;

/** What is given to an app of Express, and to node:http: each guard in each, and what is read of a token. */
const GUARDS = `
import { createServer } from 'node:http';
import express from 'express';
import { authorizationServer } from 'express-authorization-server';
import { type Middleware, requireToken, tokenOf } from 'express-authorization-server/resource-server';

const oauth = authorizationServer({ issuer: 'http://localhost:1' });
const own: Middleware = oauth.protect('openid');
const other: Middleware = requireToken({ issuer: 'https://a.example', resource: 'https://b.example' });

const app = express();
for (const guard of [own, other, oauth.protect()]) {
  app.use('/all', guard);
  app.get('/one', guard, (_req, res) => {
    const id: string | undefined = tokenOf(res).user.id;
    res.json({ id, client: tokenOf(res).client.id.length, exp: tokenOf(res).claims['exp'] });
  });
  createServer((req, res) => {
    guard(req, res, (error) => {
      res.end(error ? String(error) : tokenOf(res).scope.join(' '));
    });
  });
  type Done = <E extends Error = Error & { statusCode?: number }>(error?: E) => void;
  const hook = (req: never, res: never, done: Done) => guard(req, res, done);
  hook satisfies unknown;
}
`;

const SAYS = '200 {"client":"job","scope":["read"]}\n';

describe('A fresh project, from the packed file', { timeout: 120_000 }, () => {
  it('of TypeScript on Express 5 compiles, strictly, and gets a token', async () => {
    const files = { 'package.json': manifest('module'), 'app.ts': IMPORTS + BODY };
    const types = { '@types/express': '@types/express', '@types/node': '@types/node' };
    const project = await newProject(packed, files, { express: 'express', ...types });
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024'];
    const checked = [...strict, '--types', 'node', 'app.ts'];
    // Once with the types of the package themselves, which skipLibCheck would leave out.
    const nodenext = ['--module', 'nodenext', '--noPropertyAccessFromIndexSignature'];
    await compile(project, ...nodenext, '--skipLibCheck', 'false', ...checked);
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];
    await compile(project, ...bundler, '--skipLibCheck', ...checked);
    const run = spawned([process.execPath, 'app.ts'], {}, { cwd: project });
    assert.equal(await run.exit, 0, run.stderr);
    assert.equal(run.stdout, SAYS);
  });

  it('has guards that are middleware of node:http, and reads their tokens without any', async () => {
    const files = { 'package.json': manifest('module'), 'app.ts': GUARDS };
    const types = { '@types/express': '@types/express', '@types/node': '@types/node' };
    const project = await newProject(packed, files, { express: 'express', ...types });
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024'];
    const how = [...strict, '--module', 'nodenext', '--skipLibCheck', '--types', 'node', 'app.ts'];
    await compile(project, ...how);
  });

  it('compiles to declarations, whatever part of the server it exports', async () => {
    const files = { 'package.json': manifest('module'), 'app.ts': EXPORTS };
    const types = ['express', 'express-serve-static-core', 'node'];
    const packages = Object.fromEntries(types.map((name) => [`@types/${name}`, `@types/${name}`]));
    const project = await newProject(packed, files, { express: 'express', ...packages });
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2024'];
    const emitting = ['--declaration', '--emitDeclarationOnly', '--outDir', 'out'];
    const how = [...strict, ...emitting, '--module', 'nodenext', '--types', 'node', 'app.ts'];
    await compile(project, '--skipLibCheck', 'false', ...how);
    assert.ok(existsSync(join(project, 'out/app.d.ts')));
  });

  it('has the guides with what they link to', async () => {
    const project = await newProject(packed, {}, {});
    const guides = join(project, 'node_modules/express-authorization-server/docs');
    for (const name of ['embedding', 'extending', 'resource-servers', 'seed', 'stores']) {
      const guide = await readFile(join(guides, `${name}.md`), 'utf8');
      for (const [, link = ''] of guide.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.ok(existsSync(join(guides, link)), `${name}.md: ${link}`);
      }
    }
  });

  it('has the commands', async () => {
    const project = await newProject(packed, {}, {});
    const bin = join(project, 'node_modules/.bin');
    const start = join(project, 'node_modules/express-authorization-server/dist/start.js');
    await mkdir(bin);
    await chmod(start, 0o755);
    await symlink(start, join(bin, 'express-authorization-server'));
    const env = {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      DATABASE_URL: 'sqlite:./oauth.db',
      SESSION_SECRET: 's'.repeat(32),
      LOG_LEVEL: 'silent',
    };
    const npx = async (...words: string[]) => {
      const command = ['npx', '--no', 'express-authorization-server', ...words];
      const run = spawned(command, env, { cwd: project });
      assert.equal(await run.exit, 0, run.stderr);
      return run.stdout;
    };
    await npx('migrate');
    await npx('client', 'create', '--id', 'job', '--grant', 'client_credentials');
    assert.match(await npx('client', 'list'), /^job +job +command +client_credentials$/m);
  });

  it('starts as a demo, with all that is loaded once somebody asks for it', async (t) => {
    const project = await newProject(packed, {}, {});
    const start = join(project, 'node_modules/express-authorization-server/dist/start.js');
    const server = await startProgram(
      { DEMO: 'on', REGISTRATION: 'open', SELF_REGISTERED_SCOPES: 'read' },
      (env) => spawned([process.execPath, start], env, { cwd: project }),
    );
    t.after(() => server.stop());
    const { origin } = server;
    for (const language of languages) {
      const headers = { 'accept-language': language };
      const home = await http(`${origin}/`, { headers });
      assert.match(home.text, new RegExp(`<html lang="${language}"`));
      assert.ok(home.text.includes(words[language]['home.tryButton']));
    }
    assert.equal((await http(`${origin}/playground`)).status, 200);
    const registered = await http(`${origin}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://app.example/callback'], scope: 'read' }),
    });
    assert.equal(registered.status, 201, registered.text);
  });

  it('of CommonJS on Express 4 gets a token', async () => {
    const body = BODY.replace('issuer: string', 'issuer')
      .replace(/ as (AddressInfo|\{.*?\})/g, '')
      .replace('token: ResourceToken', 'token');
    const files = { 'package.json': manifest('commonjs'), 'app.js': REQUIRES + body };
    const project = await newProject(packed, files, { express: 'express4' });
    const run = spawned([process.execPath, 'app.js'], {}, { cwd: project });
    assert.equal(await run.exit, 0, run.stderr);
    assert.equal(run.stdout, SAYS);
  });
});

/** The file `oauth` that the programs of the guide have beside them. */
const oauthFile = (issuer: string, start: string, end: string) => `
const { applySeed, authorizationServer, memoryStore, parseSeed } = ${start};
const scopes = { read: 'Read your notes' };
const client = {
  client_id: 'web',
  client_secret: 'web-secret',
  redirect_uris: ['http://127.0.0.1:9/callback'],
  grant_types: ['authorization_code'],
  scope: 'read',
};
// With a hash nothing takes time, so this is done before the first request.
const users = [{ username: 'alice', password_hash: '${quickHash('wonderland')}' }];
const store = memoryStore();
void applySeed(store, parseSeed('the seed', JSON.stringify({ scopes, clients: [client], users }), false));
const oauth = authorizationServer({ issuer: '${issuer}', store, scopes });
${end} { oauth };
`;

/** What a person and a client do with an app: the code flow, and a route that wants a token. */
async function tryOut(origin: string): Promise<void> {
  const server = { origin, issuer: origin };
  const person = new Person(server);
  const flow = await authorizeAs(server, { person });
  const { json } = await flow.exchange();
  const headers = { authorization: `Bearer ${json.access_token}` };
  const notes = await http(`${origin}/notes`, { headers });
  assert.equal(notes.status, 200, notes.text);
  assert.ok(notes.json.notesOf);
  // However the path is written, nobody gets by.
  for (const path of ['/notes', '/%6eotes', '/NOTES', '/notes/', '//notes', '/notes?x']) {
    const { status, text } = await http(`${origin}${path}`);
    assert.ok([401, 404].includes(status), `${path}: ${status} ${text}`);
  }
  const none = await http(`${origin}/notes`);
  assert.match(none.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
  assert.equal((await http(`${origin}/nothing`)).status, 404);
  assert.equal((await person.open('/account')).status, 200);
}

describe('The programs of docs/embedding.md, from the packed file', { timeout: 120_000 }, () => {
  const programs = readBlocks(guide).filter(({ content }) => content.includes("'./oauth.js'"));

  it('are three', () => {
    assert.equal(programs.length, 3);
  });

  for (const [framework, marker, packages] of [
    ['Express 4, in CommonJS', "require('express')", { express: 'express4' }],
    [
      'Fastify',
      "from 'fastify'",
      {
        fastify: 'fastify',
        '@fastify/express': '@fastify/express',
        '@types/express': '@types/express',
        '@types/node': '@types/node',
      },
    ],
    [
      'NestJS',
      '@nestjs/core',
      {
        '@nestjs/common': '@nestjs/common',
        '@nestjs/core': '@nestjs/core',
        '@types/express': '@types/express',
        '@types/node': '@types/node',
      },
    ],
  ] as const) {
    it(`serve people and clients in ${framework}`, async () => {
      const { language, content } = programs.find((one) => one.content.includes(marker))!;
      const isCommonJs = content.includes('require(');
      const origin = `http://127.0.0.1:${await freePort()}`;
      const oauth = isCommonJs
        ? oauthFile(origin, "require('express-authorization-server')", 'module.exports =')
        : oauthFile(origin, "await import('express-authorization-server')", 'export');
      const program = content.replaceAll('4001', new URL(origin).port);
      const files = {
        'package.json': manifest(isCommonJs ? 'commonjs' : 'module'),
        [`oauth.${language}`]: oauth,
        [`app.${language}`]: program,
      };
      const project = await newProject(packed, files, packages);
      if (language === 'ts') {
        const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata'];
        const how = ['--strict', '--target', 'es2024', '--module', 'nodenext', '--skipLibCheck'];
        await compile(project, ...decorators, ...how, '--types', 'node', 'app.ts');
      }
      const run = spawned([process.execPath, 'app.js'], {}, { cwd: project });
      after(() => run.child.kill());
      await until(origin, run.exit);
      await tryOut(origin);
      if (framework === 'Fastify') {
        const { status, headers } = await http(`${origin}/notes`);
        assert.equal(status, 401);
        const theirs = headers.get('access-control-allow-origin');
        assert.equal(theirs, 'https://notes.example', 'a script of the app can read the refusal');
      }
      run.child.kill();
      await run.exit;
      assert.equal(run.stderr, '');
    });
  }
});

/** Waits until somebody answers; fails if the program ends first. */
async function until(origin: string, exit: Promise<unknown>): Promise<void> {
  let ended = false;
  void exit.then(() => {
    ended = true;
  });
  for (;;) {
    const answer = await http(origin).catch(() => undefined);
    if (answer !== undefined) return;
    assert.ok(!ended, 'the program has ended');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
