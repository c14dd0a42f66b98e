import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Routes } from '../../src/http/routes.ts';
import { authorizationServer } from '../../src/server.ts';
import { csrfToken } from '../../src/sign-in/own-forms.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { visitEveryPage } from '../helpers/pages.ts';

const ours = new URL('../../views/', import.meta.url);
const directory = await mkdtemp(join(tmpdir(), 'views-'));
after(() => rm(directory, { recursive: true }));

let folders = 0;

/** A folder with these views. */
async function folderOf(views: Record<string, string>): Promise<string> {
  folders += 1;
  const folder = join(directory, String(folders));
  await mkdir(folder);
  for (const [name, content] of Object.entries(views)) await writeFile(join(folder, name), content);
  return folder;
}

describe('a folder with views of one’s own', () => {
  it('has its login view used in a real sign-in, and ours for the rest', async () => {
    const VIEWS = await folderOf({
      'login.ejs': `<h1>Come in, <%= locals.clientName ?? 'stranger' %></h1>
        <% if (locals.error) { %><p role="alert"><%= error %></p><% } %>
        <form method="post" action="<%= action %>">
          <input type="hidden" name="csrf_token" value="<%= csrfToken %>">
          <input type="hidden" name="continue" value="<%= locals.continue %>">
          <input name="username" value="<%= username %>"><input name="password" type="password">
          <button><%= t('login.submit') %></button>
        </form>`,
    });
    const server = await startServer({ VIEWS });
    const person = new Person(server);
    person.headers['accept-language'] = 'de';
    const page = await person.visit(authorizeUrl(server));
    assert.match(page.text, /<html lang="de"[\s\S]*<h1>Come in, Web App<\/h1>[\s\S]*Anmelden/);
    const wrong = await person.signIn(page, 'alice', 'wrong');
    assert.match(wrong.text, /Come in[\s\S]*role="alert">Benutzername oder Passwort/);
    const consent = await person.signIn(wrong);
    assert.match(consent.text, /class="button button-primary"[^>]*>Erlauben/);
    const back = await person.submit(consent, { decision: 'allow' });
    assert.ok(new URL(back.location).searchParams.get('code'));
  });

  it('has its layout and its stylesheet used, with the colour of the brand', async () => {
    const VIEWS = await folderOf({
      'layout.ejs':
        '<!doctype html><title><%= title %></title><main><%- body %></main><%= styleUrl %>',
      'style.css': 'main { color: var(--accent); }',
    });
    const server = await startServer({ VIEWS, BRAND_COLOR: '#00f' });
    const { text } = await http(`${server.issuer}/login`);
    assert.match(text, /^<!doctype html><title>Sign in<\/title><main><div class="card stack">/);
    const [, styleUrl = ''] = /<\/main>(.*)$/.exec(text) ?? [];
    const style = await http(new URL(styleUrl, server.origin).href);
    assert.match(style.text, /^main \{ color: var\(--accent\); \}\n:root\{--accent:#0000ff;/);
  });

  for (const [what, views] of Object.entries({
    'a view that cannot be read': { 'login.ejs': '<% if (' },
    'a view that asks for what is not there': { 'login.ejs': '<%= there.is.nothing %>' },
    'a layout with an error in it': { 'layout.ejs': '<%= there.is.nothing %>' },
    'a view and a page for errors with an error in each': {
      'login.ejs': '<%= there.is.nothing %>',
      'error.ejs': '<%= nor.here %>',
    },
    'a view that throws nothing that is an error': { 'login.ejs': '<% throw "a string" %>' },
  })) {
    it(`with ${what} gets our plain page, and the log the reason`, async () => {
      const server = await startServer({ VIEWS: await folderOf(views) });
      const failures: { requestId: string; error: unknown }[] = [];
      server.events.on('failure', (failure) => failures.push(failure));
      const { status, text, headers } = await http(`${server.issuer}/login`);
      assert.equal(status, 500);
      assert.match(headers.get('content-type') ?? '', /^text\/html/);
      assert.match(text, /<html lang="en"[\s\S]*<h1[^>]*>Something went wrong on our side<\/h1>/);
      assert.doesNotMatch(text, /there\.is|ReferenceError|\.ejs|node_modules|&gt;&gt;/);
      assert.ok(failures.length > 0);
      for (const { requestId } of failures) assert.ok(text.includes(requestId));
    });
  }

  it('with a page for errors that has an error in it gets ours, with the status of the first', async () => {
    const server = await startServer({ VIEWS: await folderOf({ 'error.ejs': '<%= no.such %>' }) });
    const failures: { requestId: string; error: unknown }[] = [];
    server.events.on('failure', (failure) => failures.push(failure));
    const { status, text } = await http(authorizeUrl(server, { client_id: 'nobody' }));
    assert.equal(status, 400);
    assert.match(text, /We do not know this app/);
    assert.equal(failures.length, 1, 'the log says what is wrong with theirs');
    assert.ok(text.includes(failures[0]!.requestId));
  });

  it('with a stylesheet that is no text is refused at the start', async () => {
    const VIEWS = await folderOf({});
    await writeFile(join(VIEWS, 'style.css'), Buffer.from('/* B\xfccherei */', 'latin1'));
    await assert.rejects(startServer({ VIEWS }), {
      message: /VIEWS is .*, which has a style\.css that is not text in UTF-8: save it as UTF-8/,
    });
  });

  it('is read as it is meant, in whatever encoding an editor has written it', async () => {
    const VIEWS = await folderOf({});
    await writeFile(
      join(VIEWS, 'login.ejs'),
      Buffer.from('\ufeff<h1>Zoë’s <%= brand %></h1>', 'utf16le'),
    );
    const server = await startServer({ VIEWS, BRAND: 'Club' });
    assert.match((await http(`${server.issuer}/login`)).text, /<h1>Zoë’s Club<\/h1>/);
  });

  for (const [NODE_ENV, seen] of [
    ['', 'a <b>new</b> part'],
    ['production', 'an <b>old</b> part'],
  ] as const) {
    it(`is read ${NODE_ENV === '' ? 'for each page' : 'once in production'}, and so is what its views include`, async (t) => {
      const before = process.env['NODE_ENV'];
      t.after(() => {
        if (before === undefined) delete process.env['NODE_ENV'];
        else process.env['NODE_ENV'] = before;
      });
      process.env['NODE_ENV'] = NODE_ENV;
      const views = await folderOf({
        'login.ejs': "<p><%- include('part', { name: 'part' }) %></p>",
        'part.ejs': 'an <b>old</b> <%= name %>',
      });
      const { server, origin } = await openServer();
      server.on('request', authorizationServer({ issuer: origin, views }).handler);
      assert.match((await http(`${origin}/login`)).text, /<p>an <b>old<\/b> part<\/p>/);
      await writeFile(join(views, 'part.ejs'), 'a <b>new</b> <%= name %>');
      assert.ok((await http(`${origin}/login`)).text.includes(`<p>${seen}</p>`));
    });
  }

  it('has what it includes looked for beside the view, then in the folder, then among ours', async () => {
    const VIEWS = await folderOf({
      'login.ejs': "<%- include('parts/title') %><%- include('command', { command: 'ls' }) %>",
      'title.ejs': 'of the folder',
    });
    await mkdir(join(VIEWS, 'parts'));
    await writeFile(join(VIEWS, 'parts', 'title.ejs'), "<%- include('text') %>");
    await writeFile(
      join(VIEWS, 'parts', 'text.ejs'),
      "beside the view, <%- include('../title') %>",
    );
    const server = await startServer({ VIEWS });
    const { text } = await http(`${server.issuer}/login`);
    assert.match(text, /beside the view, of the folder/);
    assert.match(text, /<code[^>]*>ls<\/code>/, 'the command is among ours');
  });

  it('that is not there is said at the start, and the server does not start', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../src/main.ts', import.meta.url))],
      {
        cwd: directory,
        env: { VIEWS: './no-views', BRAND_COLOR: 'red', BRAND_LOGO: 'logo.svg' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [said, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    assert.equal(code, 1);
    assert.equal(said, '');
    assert.deepEqual(complaint.trimEnd().split('\n'), [
      'The settings are not right:',
      '  - BRAND_LOGO is "logo.svg", which cannot be read (ENOENT). Set it to the path of an SVG, PNG, JPEG or WebP file.',
      '  - BRAND_COLOR is "red", which is not a hex colour. Set it to a colour like #095946.',
      '  - VIEWS is "./no-views", which is not a folder. Set it to the path of a folder with views of your own.',
    ]);
  });
});

describe('what docs/pages.md says that a view gets', async () => {
  const document = await readFile(new URL('../../docs/pages.md', import.meta.url), 'utf8');
  const [, reference = ''] = document.split('\n## What each view gets\n');
  const [common = '', ...sections] = reference.split('\n### ');
  const localsIn = (section: string) =>
    [...section.matchAll(/^\| `(\w+)`( \?)? \| .*\.(?: |$)/gm)].map(([, name = '', optional]) => ({
      name,
      optional: optional !== undefined,
    }));
  const documented = new Map(
    sections.map((section) => [section.split('.ejs', 1)[0]!, localsIn(section)]),
  );

  it('is said of every view', async () => {
    const views = (await readdir(ours)).filter((name) => name.endsWith('.ejs'));
    assert.deepEqual([...documented.keys()].sort(), views.map((name) => name.slice(0, -4)).sort());
  });

  it('is what it gets on every page, no more and no less', async () => {
    // Each view says what it was given; the forms are still there, to go from page to page.
    const probe = (name: string, own: string) =>
      `<!--PROBE ${name} <%- JSON.stringify(Object.fromEntries(Object.entries(locals).map(([name, value]) => [name, value !== undefined]))) %>-->${own}`;
    const views: Record<string, string> = {};
    for (const name of documented.keys()) {
      const own = await readFile(new URL(`${name}.ejs`, ours), 'utf8');
      views[`${name}.ejs`] = name === 'layout' ? own : probe(name, own);
    }
    const pages = await visitEveryPage('en', { env: { VIEWS: await folderOf(views) } });
    const seen = new Map<string, Map<string, Set<boolean>>>();
    for (const { view, name, answer } of pages) {
      const [, probed, json = '{}'] = /<!--PROBE (\S+) (.*?)-->/.exec(answer.text) ?? [];
      assert.equal(probed, view, name);
      const locals = seen.get(view) ?? new Map<string, Set<boolean>>();
      seen.set(view, locals);
      for (const [local, isThere] of Object.entries<boolean>(JSON.parse(json))) {
        locals.set(local, (locals.get(local) ?? new Set()).add(isThere));
      }
    }
    const always = localsIn(common);
    assert.ok(always.length > 8);
    for (const [view, locals] of seen) {
      const expected = [...always, ...documented.get(view)!];
      const given = [...locals.keys()].filter((name) => !OF_EXPRESS_AND_EJS.has(name));
      assert.deepEqual(given.sort(), expected.map(({ name }) => name).sort(), view);
      for (const { name, optional } of expected) {
        if (!optional) assert.ok(!locals.get(name)?.has(false), `${view}: ${name} is always there`);
      }
    }
  });
});

/** What Express gives every view of its own accord, and what every view of EJS has. */
const OF_EXPRESS_AND_EJS = new Set(['settings', '_locals', 'cache', 'include']);

describe('a page of an endpoint of one’s own', () => {
  it('is refused a promise, which would be drawn as [object Promise]', async () => {
    const { server, origin } = await openServer();
    const { handler, events } = authorizationServer({
      issuer: origin,
      views: await folderOf({ 'terms.ejs': '<%= csrfToken %>' }),
      endpoints({ pages }) {
        const routes = new Routes();
        routes.all('/terms', pages.browser, (req, res) => {
          pages.render(res, 'terms', { title: 'Terms', csrfToken: csrfToken(req, 'terms') });
        });
        return [{ routes }];
      },
    });
    server.on('request', handler);
    const failures: unknown[] = [];
    events.on('failure', ({ error }) => failures.push(String(error)));
    const { status } = await http(`${origin}/terms`);
    assert.equal(status, 500);
    assert.deepEqual(failures, [
      'TypeError: The view terms is given a promise as csrfToken: await it first.',
    ]);
  });
});
