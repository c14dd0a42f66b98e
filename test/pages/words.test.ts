import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { bdi, code, createTranslate, link, translate } from '../../src/pages/translate.ts';
import { en } from '../../src/pages/words/en.ts';
import { type Language, languages, words } from '../../src/pages/words/languages.ts';
import type { Key, Words } from '../../src/pages/words/words.ts';
import { startDemo } from '../helpers/demo.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { type VisitedPage, visitEveryPage } from '../helpers/pages.ts';
import { randomNumbers } from '../helpers/random.ts';
import { SEED } from '../helpers/seeds.ts';

const others = languages.filter((language) => language !== 'en');
const entriesOf = (language: Language) => Object.entries(words[language]) as [Key, string][];
const placeholdersOf = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];

describe('the words of each language', () => {
  it('are in a file in src/pages/words, and no file is left out', async () => {
    const files = await readdir(new URL('../../src/pages/words/', import.meta.url));
    const expected = [...languages.map((language) => `${language}.ts`), 'languages.ts', 'words.ts'];
    assert.deepEqual(files.sort(), expected.sort());
  });

  for (const language of others) {
    it(`${language}: are there, in the order of the English ones`, () => {
      assert.deepEqual(Object.keys(words[language]), Object.keys(en));
      for (const [key, text] of entriesOf(language)) assert.match(text, /\S/, key);
    });

    it(`${language}: have the same to fill in as the English ones`, () => {
      for (const [key, text] of entriesOf(language)) {
        assert.deepEqual(placeholdersOf(text), placeholdersOf(en[key]), key);
      }
    });
  }

  it('are set as each language is set, with no typewriter quotes and no stray spaces', () => {
    for (const language of languages) {
      for (const [key, text] of entriesOf(language)) {
        assert.doesNotMatch(text, /["']|\.\.\.|^\s|\s$| {2}/, `${language} ${key}`);
      }
    }
    for (const [key, text] of entriesOf('de')) assert.doesNotMatch(text, /”|«|»/, key);
    for (const [key, text] of entriesOf('es')) {
      assert.equal(text.includes('?'), text.includes('¿'), key);
      assert.equal(text.includes('!'), text.includes('¡'), key);
    }
    for (const [key, text] of entriesOf('fr')) {
      assert.doesNotMatch(text, /[^\s\u00a0][:;?!»](?!\/)|«[^\s\u00a0]/, key);
    }
    for (const [key, text] of entriesOf('zh')) {
      assert.doesNotMatch(text, /\p{Script=Han}[,.:;?!()]/u, key);
      // A space stands between Chinese characters and Latin letters, digits or what is filled in.
      assert.doesNotMatch(text, /\p{Script=Han}[\w{]|[\w}]\p{Script=Han}/u, key);
    }
  });
});

describe('the language of a page', async () => {
  const server = await startServer();
  const ask = (acceptLanguage: string, url = '/login') =>
    http(`${server.issuer}${url}`, { headers: { 'accept-language': acceptLanguage } });
  const langOf = (page: { text: string }) => /<html lang="([^"]*)" dir="ltr">/.exec(page.text)?.[1];

  const rows: [acceptLanguage: string, language: Language, why: string][] = [
    ['de', 'de', 'it is asked for'],
    ['DE', 'de', 'case does not matter'],
    ['de-AT', 'de', 'German is what we have of it'],
    ['de-AT-1996', 'de', 'however much is said'],
    ['zh-CN', 'zh', 'the characters are the simplified ones'],
    ['zh-Hans-SG', 'zh', 'the characters are the simplified ones'],
    ['zh-TW', 'zh', 'it is nearer than English'],
    ['fr;q=0.5, es', 'es', 'it is worth more'],
    ['fr;q=0.5, es;q=0.4', 'fr', 'it is worth more'],
    ['en-US, de;q=0.9, en;q=0.8', 'en', 'American English comes first'],
    ['de-CH, fr;q=0.9, de;q=0.1', 'de', 'Swiss German comes first'],
    ['de;q=0, fr;q=0.1', 'fr', 'no German is wanted'],
    ['ja, fr;q=0.5', 'fr', 'we have no Japanese'],
    ['ja', 'en', 'we have no Japanese'],
    ['ja, *', 'en', 'anything will do'],
    ['*', 'en', 'anything will do'],
    ['', 'en', 'nothing is said'],
    ['deu', 'en', 'it is no tag of ours'],
    ['d', 'en', 'it is no tag of ours'],
    ['__proto__, constructor, toString', 'en', 'nothing inherited is a language'],
    ['de;q=high, fr;q=0.2', 'fr', 'a weight that is no number counts as none'],
    ['de_AT', 'de', 'it is how POSIX writes a language'],
    ['pt_BR, es_MX;q=0.9', 'es', 'we have no Portuguese'],
  ];
  for (const [acceptLanguage, language, why] of rows) {
    it(`is ${language} for "${acceptLanguage}": ${why}`, async () => {
      const page = await ask(acceptLanguage);
      assert.equal(langOf(page), language);
      assert.equal(page.headers.get('content-language'), language);
      assert.match(page.headers.get('vary') ?? '', /accept-language/i);
      assert.ok(page.text.includes(words[language]['login.username']));
    });
  }

  it('is English where the browser says nothing', async () => {
    // Node's own fetch would say something.
    const { port, hostname } = new URL(server.issuer);
    const socket = connect(Number(port), hostname);
    socket.write('GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(await text(socket), /<html lang="en"/);
  });

  it('is one of ours whatever stands in the header, and nothing fails', async () => {
    const failures: unknown[] = [];
    server.events.on('failure', ({ error }) => failures.push(error));
    const pieces = [
      'de',
      'fr',
      '-',
      ';',
      'q',
      '=',
      ',',
      '*',
      ' ',
      '0.',
      '1',
      '9e9',
      '"',
      '\\',
      '\xe9',
      '\t',
      '%',
      'NaN',
      '-Infinity',
      '(',
    ];
    const { below, pick } = randomNumbers();
    for (let round = 0; round < 300; round += 1) {
      const header = Array.from({ length: below(30) }, () => pick(pieces)).join('');
      const page = await ask(header.trim());
      assert.equal(page.status, 200, header);
      assert.ok(languages.includes(langOf(page) as Language), header);
    }
    assert.equal((await ask('de,'.repeat(4000))).status, 200);
    assert.deepEqual(failures, []);
  });

  it('is that of ui_locales, which counts before the browser, on login, consent and error pages', async () => {
    const person = new Person(server);
    person.headers['accept-language'] = 'fr';
    const page = await person.visit(authorizeUrl(server, { ui_locales: 'ja_JP de_AT es' }));
    assert.equal(langOf(page), 'de');
    const wrong = await person.signIn(page, 'alice', 'wrong');
    assert.equal(langOf(wrong), 'de');
    assert.ok(wrong.text.includes(words.de['login.wrong']));
    const consent = await person.signIn(page);
    assert.equal(langOf(consent), 'de');
    assert.ok(consent.text.includes(words.de['consent.allow']));
    const undecided = await person.submit(consent, { decision: 'perhaps' });
    assert.equal(langOf(undecided), 'de');
    assert.match(undecided.text, /„Abbrechen“ oder „Erlauben“/);

    const error = authorizeUrl(server, { ui_locales: 'es', client_id: 'nobody' });
    assert.equal(langOf(await person.visit(error)), 'es');
    const repeated = `${authorizeUrl(server, { ui_locales: 'es' })}&client_id=web`;
    assert.equal(langOf(await person.visit(repeated)), 'es');
    // A page without a request is in the language that the browser prefers.
    assert.equal(langOf(await person.visit('/login')), 'fr');
    assert.equal(langOf(await person.visit('/login?ui_locales=de')), 'fr');
  });

  it('is that of the browser where ui_locales names no language of ours', async () => {
    const person = new Person(server);
    person.headers['accept-language'] = 'fr';
    for (const ui_locales of ['ja ko', '', ' ', '*', '__proto__', '<b>', 'd']) {
      assert.equal(
        langOf(await person.visit(authorizeUrl(server, { ui_locales }))),
        'fr',
        ui_locales,
      );
    }
  });

  it('is in the discovery document what it is here', async () => {
    const { json } = await http(`${server.issuer}/.well-known/oauth-authorization-server`);
    assert.deepEqual(json.ui_locales_supported, languages);
    for (const ui_locales of json.ui_locales_supported) {
      assert.equal(
        langOf(await new Person(server).visit(authorizeUrl(server, { ui_locales }))),
        ui_locales,
      );
    }
  });
});

describe('the words for a scope', async () => {
  const seed = {
    ...SEED,
    scopes: {
      read: { en_GB: 'See it', de: 'Es ansehen' },
      write: 'Move <it>',
      admin: { 'de-AT': 'Alles tun' },
    },
    clients: [{ ...SEED.clients[0], scope: 'read write admin' }],
  };
  const server = await startServer({}, { seed });

  async function scopesIn(language: Language): Promise<string[]> {
    const person = new Person(server);
    person.headers['accept-language'] = language;
    const url = authorizeUrl(server, { scope: 'read write admin' });
    const page = await person.signIn(await person.visit(url));
    return [...page.text.matchAll(/<p class="scope-description"(.*?)>(.*?)<\/p>/g)].map(
      ([, attributes, text]) => `${text}${attributes}`,
    );
  }

  it('are in the language of the page, or else in English or whatever there is, marked as such', async () => {
    const german = 'Alles tun lang="de"';
    assert.deepEqual(await scopesIn('de'), ['Es ansehen', 'Move &lt;it&gt;', 'Alles tun']);
    assert.deepEqual(await scopesIn('en'), ['See it', 'Move &lt;it&gt;', german]);
    assert.deepEqual(await scopesIn('fr'), ['See it lang="en"', 'Move &lt;it&gt;', german]);
  });
});

describe('what is filled in', () => {
  const odd = `<b title="x">'&amp;{count}$&</b>`;
  const escaped = '&lt;b title=&#34;x&#34;&gt;&#39;&amp;amp;{count}$&amp;&lt;/b&gt;';

  it('is text in a text, and is not itself filled in', () => {
    const t = translate('en');
    assert.equal(t('consent.title', { client: odd }), `Allow ${odd}?`);
    assert.equal(t('consent.title'), 'Allow {client}?');
  });

  it('is escaped in HTML, unless it is HTML', () => {
    const t = translate('en');
    assert.equal(t.markup('consent.title', { client: odd }), `Allow ${escaped}?`);
    for (const [html, expected] of [
      [bdi(odd), `<bdi>${escaped}</bdi>`],
      [bdi(odd, { strong: true, ltr: true }), `<strong><bdi dir="ltr">${escaped}</bdi></strong>`],
      [code(odd), `<code dir="ltr">${escaped}</code>`],
      [link(odd, undefined), `<code dir="ltr">${escaped}</code>`],
      [link(odd, odd), `<a href="${escaped}"><bdi dir="ltr">${escaped}</bdi></a>`],
    ] as const) {
      assert.equal(t.markup('consent.title', { client: html }), `Allow ${expected}?`);
    }
    const list = t.list([code('a'), code('<'), code('c')]);
    assert.equal(
      list.html,
      '<code dir="ltr">a</code>, <code dir="ltr">&lt;</code>, and <code dir="ltr">c</code>',
    );
  });

  it('is in a list with the conjunction that a language has before it', () => {
    const listed = (...names: string[]) =>
      translate('es').list(names.map((name) => bdi(name, { strong: true }))).html;
    const made = (name: string) => `<strong><bdi>${name}</bdi></strong>`;
    assert.equal(listed('Notas', 'Ideas'), `${made('Notas')} e ${made('Ideas')}`);
    assert.equal(listed('Notas', 'Tareas'), `${made('Notas')} y ${made('Tareas')}`);
    assert.equal(listed('1', '0'), `${made('1')} y ${made('0')}`);
    assert.equal(listed('', 'Ideas'), `${made('')} e ${made('Ideas')}`);
  });

  it('is one or several as each language counts', () => {
    const minutes = (language: Language, count: number) =>
      translate(language).count('login.tooMany', count);
    assert.match(minutes('en', 1), /in a minute\./);
    assert.match(minutes('en', 2), /in 2 minutes\./);
    assert.match(minutes('de', 1), /in einer Minute/);
    assert.match(minutes('fr', 2), /dans 2 minutes/);
    assert.match(minutes('zh', 1), / 1 分钟/);
  });

  it('has as many forms as a language counts, and its direction', () => {
    const polish = {
      ...en,
      'signedOut.others.one': '{count} inna aplikacja',
      'signedOut.others.few': '{count} inne aplikacje',
      'signedOut.others.other': '{count} innych aplikacji',
    };
    const t = createTranslate('pl' as Language, polish);
    assert.deepEqual(
      [1, 3, 5].map((count) => t.count('signedOut.others', count)),
      ['1 inna aplikacja', '3 inne aplikacje', '5 innych aplikacji'],
    );
    assert.equal(t.direction, 'ltr');
    assert.equal(createTranslate('ar' as Language, en).direction, 'rtl');
  });

  it('has unbreakable spaces before it and after it in French', () => {
    const t = translate('fr');
    assert.equal(t('common.errorTitle', { title: 'x : y' }), 'Erreur\u00a0: x : y');
    assert.equal(t('consent.title', { client: 'x' }), 'Autoriser x\u202f?');
    assert.match(
      t('consent.choose', { cancel: 'a', allow: 'b' }),
      /«\u202fa\u202f» ou «\u202fb\u202f»\.$/,
    );
    assert.match(t.markup('consent.question', { client: 'x' }), /compte\u202f\?$/);
  });
});

/** The texts of a page, piece by piece, without code and without what is marked as English. */
function readPieces({ answer }: VisitedPage): string[] {
  return answer.text
    .replaceAll(/<(code|pre)\b[\s\S]*?<\/\1>/g, '\n')
    .replaceAll(/<(\w+)[^>]*\blang="en"[\s\S]*?<\/\1>/g, '\n')
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll(/&#39;/g, "'")
    .replaceAll(/&amp;/g, '&')
    .split('\n')
    .map((piece) => piece.trim())
    .filter(Boolean);
}

/** A text without what is filled in. */
const fragmentsOf = (text: string) => text.split(/\{\w+\}/).map((part) => part.trim());

describe('no English is left', () => {
  const scopes = (read: string) => ({
    read: { en: 'Read your data', de: read, es: read, fr: read, zh: read },
    write: { en: 'Change your data', de: read, es: read, fr: read, zh: read },
    admin: 'x',
  });
  const typical =
    /(?<!\p{L})(the|and|you|your|with|this|that|is|are|not|sign(ed)?|app|to|of|error|password|account)(?!\p{L})/iu;

  for (const language of others) {
    it(`on any page in ${language}, but what is for developers and marked as English`, async () => {
      const pages = await everyPage(language, { scopes: scopes('…'), env: { BRAND: '…' } });
      const seen = new Set(pages.map(({ view }) => view));
      const views = (await readdir(new URL('../../views/', import.meta.url)))
        .filter((file) => file.endsWith('.ejs') && !PARTS.includes(file))
        .map((file) => file.replace('.ejs', ''));
      views.push('playground/page');
      assert.deepEqual([...seen].sort(), views.sort(), 'every view is looked at');

      const own = new Set(Object.values<string>(words[language]).flatMap(fragmentsOf));
      const english = Object.values<string>(en)
        .flatMap(fragmentsOf)
        .filter((fragment) => /[a-z]{2}/i.test(fragment) && !own.has(fragment));
      for (const page of pages) {
        const name = `${page.view}: ${page.name}`;
        assert.equal(page.answer.headers.get('content-language'), language, name);
        assert.ok(page.answer.text.includes(`<html lang="${language}"`), name);
        for (const piece of readPieces(page)) {
          const left = english.find((fragment) =>
            fragment.length < 10 ? piece === fragment : piece.includes(fragment),
          );
          assert.equal(left, undefined, `${name}: ${piece}`);
          const theirs = piece.replace(
            /Web App|Old App|Demo App|Codecademy Tutorial|Alice Liddell/g,
            '…',
          );
          if (isDemoFact(theirs)) continue;
          const found = theirs.match(typical)?.[0];
          assert.ok(
            found === undefined || found.toLowerCase() === SHARED[language],
            `${name}: ${piece}`,
          );
        }
      }
    });
  }

  it('unsaid: every word of the dictionary is used on some page', async () => {
    const pages = await everyPage('en', { scopes: scopes('…') });
    const all = pages.map((page) => [page.answer.text, ...readPieces(page)].join('\n')).join('\n');
    const unused = (Object.entries(en as Words) as [Key, string][]).filter(
      ([key, text]) => !UNSEEN.has(key) && !fragmentsOf(text).every((part) => all.includes(part)),
    );
    assert.deepEqual(
      unused.map(([key]) => key),
      [],
    );
  });
});

/** The pages that an operator may replace, and the playground. */
async function everyPage(
  language: string,
  options: Parameters<typeof visitEveryPage>[1] = {},
): Promise<VisitedPage[]> {
  const demo = await startDemo(options.env);
  const answer = await http(`${demo}/playground`, { headers: { 'accept-language': language } });
  const playground = { view: 'playground/page', name: 'playground', answer };
  return [...(await visitEveryPage(language, options)), playground];
}

/** Views that are part of others. */
const PARTS = [
  'alert.ejs',
  'person.ejs',
  'layout.ejs',
  'app-access.ejs',
  'command.ejs',
  'client-tile.ejs',
  'client-links.ejs',
  'facts.ejs',
  'new-password.ejs',
  'scopes.ejs',
  'self-made.ejs',
];

/** A word that exists both in English and in the language. */
const SHARED: Partial<Record<Language, string>> = { de: 'app', es: 'error' };

/** A username or an address in a table of the demo. */
function isDemoFact(piece: string): boolean {
  return /^[\w.:/@-]+$/.test(piece);
}

/** Words that appear only after some time, or during an outage. */
const UNSEEN = new Set<Key>([
  'login.tooMany.one',
  'device.tooMany.one',
  'account.password.tooMany.one',
  // One form of two that were sent at the same instant.
  'account.password.meanwhile',
  'home.users.other',
  'error.tooMany.heading',
  'error.tooMany.message',
  'error.tooMany.action',
  'error.unavailable.heading',
  'error.unavailable.message',
  'error.unavailable.action',
]);
