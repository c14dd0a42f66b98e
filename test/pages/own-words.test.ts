// Words of the operator in the place of ours, by the option `words` and by files beside their views.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type AuthorizationServerOptions, authorizationServer } from '../../src/index.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const directory = await mkdtemp(join(tmpdir(), 'own-words-'));
after(() => rm(directory, { recursive: true }));

let folders = 0;

/** A folder of views with these files of words, and no view. */
async function viewsWith(files: Record<string, string | Buffer>): Promise<string> {
  folders += 1;
  const views = join(directory, String(folders));
  await mkdir(join(views, 'words'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(views, 'words', name), text);
  return views;
}

const pageIn = (language: string, url: string) =>
  http(url, { headers: { 'Accept-Language': language, Accept: 'text/html' } });

const labelIn = ({ text }: { text: string }) =>
  /<label for="username">(.*?)<\/label>/.exec(text)?.[1];

describe('words of one’s own', () => {
  it('stand on the pages in their language, and ours everywhere else', async () => {
    const VIEWS = await viewsWith({
      'en.json': JSON.stringify({
        'login.username': 'E-mail <address>',
        'login.wrong': 'Incorrect e-mail address or password.',
        'claim.preferred_username': 'E-mail address',
        'error.notFound.heading': 'Nothing to see',
      }),
      'de.json': Buffer.from('\ufeff{ "login.username": "E-Mail-Adresse" }', 'utf16le'),
      'readme.txt': 'not words',
    });
    const server = await startServer({ VIEWS });
    const login = `${server.issuer}/login`;
    assert.equal(labelIn(await pageIn('en', login)), 'E-mail &lt;address&gt;');
    assert.equal(labelIn(await pageIn('de-AT', login)), 'E-Mail-Adresse');
    assert.equal(labelIn(await pageIn('fr', login)), 'Nom d’utilisateur');
    assert.match((await pageIn('en', login)).text, /<label for="password">Password</);
    const person = new Person(server);
    const wrong = await person.signIn(await person.visit(login), 'alice', 'wrong');
    assert.match(wrong.text, /Incorrect e-mail address or password\./);
    const missing = await pageIn('en', `${server.issuer}/no-such-page`);
    assert.match(missing.text, /<h1[^>]*>Nothing to see</, 'an error page has them, too');
  });

  it('are in docs/pages.md for people who sign in with an e-mail address, and all that is needed', async () => {
    const document = await readFile(new URL('../../docs/pages.md', import.meta.url), 'utf8');
    const [, section = ''] = document.split('\n## Words of your own\n');
    const [, json = ''] = /```json\n([^`]*)```/.exec(section) ?? [];
    const server = await startServer({ VIEWS: await viewsWith({ 'en.json': json }) });
    const person = new Person(server);
    const pages = [await person.visit(`${server.issuer}/login`)];
    for (const name of ['alice', '', 'a'.repeat(300)]) {
      pages.push(await person.signIn(pages[0]!, name, name === '' ? '' : 'wrong'));
    }
    for (const { text } of pages) assert.doesNotMatch(text.replaceAll(/<[^>]*>/g, ''), /username/i);
    assert.equal(labelIn(pages[0]!), 'E-mail address');
  });

  it('are those of their own server, if there are two in one process', async () => {
    const [one, other] = [await openServer(), await openServer()];
    const words = { en: { 'login.username': 'E-mail address', 'login.help': undefined } };
    one.server.on('request', authorizationServer({ issuer: one.origin, words }).handler);
    other.server.on('request', authorizationServer({ issuer: other.origin }).handler);
    assert.equal(labelIn(await pageIn('en', `${one.origin}/login`)), 'E-mail address');
    assert.equal(labelIn(await pageIn('en', `${other.origin}/login`)), 'Username');
  });

  it('of the option count before those of a file', async () => {
    const { server, origin } = await openServer();
    const views = await viewsWith({
      'en.json': '{ "login.username": "Card", "login.password": "PIN" }',
    });
    const words = { en: { 'login.username': 'Number' } };
    server.on('request', authorizationServer({ issuer: origin, views, words }).handler);
    const page = await pageIn('en', `${origin}/login`);
    assert.equal(labelIn(page), 'Number');
    assert.match(page.text, /<label for="password">PIN</);
  });

  const issuer = 'https://shop.example';
  for (const [words, message] of [
    [7, /words .* is 7, which is not an object/],
    [
      { it: {} },
      /has the name "it" in it, which is no language of the pages \(en, de, es, fr, zh\)/,
    ],
    [
      { en: 'E-mail' },
      /has words for en of which one is wrong: it is not an object of keys and words/,
    ],
    [
      { en: { 'login.usernam': 'E-mail' } },
      /it has the key "login\.usernam", which the pages do not have \(did you mean "login\.username"\?\)/,
    ],
    [{ en: { toString: 'x' } }, /it has the key "toString", which the pages do not have/],
    [
      { de: { 'login.username': 7 } },
      /words for de .* it has 7 for login\.username, which is not a str/,
    ],
    [{ de: { 'login.username': ' ' } }, /which is empty/],
    [
      { en: { 'login.toContinue': 'to go on' } },
      /it has "to go on" for login\.toContinue, which has to have \{client\} in it, and no other/,
    ],
    [
      { en: { 'login.username': 'Name of {client}' } },
      /which cannot have \{client\} in it: there is nothing to fill in/,
    ],
  ] as const) {
    it(`are refused if they are ${JSON.stringify(words)}`, () => {
      assert.throws(
        () => authorizationServer({ issuer, words } as unknown as AuthorizationServerOptions),
        { name: 'TypeError', message },
      );
    });
  }

  it('in files are refused at the start, each file that is wrong by its name', async () => {
    const VIEWS = await viewsWith({
      'en.json': '{ "login.usernam": "E-mail" }',
      'de.json': '{ "login.username": }',
      'it.json': '{}',
    });
    await assert.rejects(startServer({ VIEWS }), ({ message }: Error) => {
      assert.match(
        message,
        /VIEWS is .*, which has a words\/en\.json that has the key "login\.usernam"/,
      );
      assert.match(message, /VIEWS is .*, which has a words\/de\.json that is not JSON/);
      assert.match(
        message,
        /has a words\/it\.json, but the languages of the pages are en, de, es, fr, zh/,
      );
      return true;
    });
  });
});
