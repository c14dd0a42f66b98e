import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { errorCodes } from '../../src/errors.ts';
import type { ServerEvents } from '../../src/events.ts';
import { documentOf } from '../../src/pages/troubleshooting.ts';
import { en } from '../../src/pages/words/en.ts';
import { logEvents } from '../../src/program/log.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { startDemo } from '../helpers/demo.ts';
import { authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

/** What is logged from now on, as it is written. */
function logOf(server: TestServer, level = 'info'): () => Record<string, unknown>[] {
  const stream = new PassThrough();
  logEvents(pino({ level, base: null }, stream), server.events);
  return () =>
    String(stream.read() ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
}

const asBrowser = { headers: { accept: 'text/html' } };

/** The rows of the technical part: what, and the values beside it. */
function factsOf(html: string): [string, string[]][] {
  return [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, name = '', value = '']) => [
    name,
    [...value.matchAll(/<code[^>]*>(.*?)<\/code>/gs)].map(([, text = '']) => text),
  ]);
}

const sentIn = (html: string) =>
  factsOf(html).flatMap(([name, values]) => (name === 'Sent' ? values : []));

const fact = (html: string, wanted: string) => factsOf(html).find(([name]) => name === wanted)?.[1];

describe('an error page', async () => {
  const server = await startServer();
  const readLog = logOf(server);

  const rows: [what: string, url: string, status: number, error: string, heading: RegExp][] = [
    [
      'an unknown client',
      authorizeUrl(server, { client_id: 'nobody' }),
      400,
      'invalid_client',
      /do not know this app/,
    ],
    [
      'a redirect URI of somebody else',
      authorizeUrl(server, { redirect_uri: 'https://evil.example/' }),
      400,
      'invalid_request',
      /cannot send you back/,
    ],
    [
      'no client_id',
      authorizeUrl(server, { client_id: undefined }),
      400,
      'invalid_request',
      /cannot continue/,
    ],
    [
      'no redirect_uri where there are several',
      authorizeUrl(server, { redirect_uri: undefined }),
      400,
      'invalid_request',
      /cannot continue/,
    ],
    [
      'a parameter sent twice',
      `${authorizeUrl(server)}&state=x`,
      400,
      'invalid_request',
      /cannot continue/,
    ],
    [
      'a request that is over',
      `${server.issuer}/oauth/authorize?continue=over`,
      400,
      'invalid_request',
      /is over/,
    ],
    ['nothing at the URL', `${server.issuer}/nothing`, 404, 'invalid_request', /nothing here/],
  ];
  for (const [what, url, status, error, heading] of rows) {
    it(`for ${what} says what happened and what to do, with an id that the log has`, async () => {
      readLog();
      const page = await http(url, asBrowser);
      assert.equal(page.status, status);
      assert.match(/<h1[^>]*>(.*?)<\/h1>/.exec(page.text)?.[1] ?? '', heading);
      const [requestId = ''] = fact(page.text, 'Request ID') ?? [];
      assert.match(requestId, /^[\w-]{12}$/);
      const lines = readLog();
      assert.equal(lines.length, 1);
      const [line] = lines;
      assert.deepEqual(
        {
          level: line?.['level'],
          msg: line?.['msg'],
          requestId: line?.['requestId'],
          status: line?.['status'],
          error: line?.['error'],
        },
        { level: 30, msg: 'error_answered', requestId, status, error },
      );
      // If nobody can change anything, nothing is shown to a developer.
      if (status === 404) return;
      assert.deepEqual(fact(page.text, 'Error'), [error]);
      assert.match(page.text, /For the developer of the app/);
      assert.match(page.text, /docs\/troubleshooting\.md/);
    });
  }

  it('is in the log with the page, the caller, and which client has sent what', async () => {
    const redirect_uri = 'https://web.example/other';
    const about = async (path: string, params: Record<string, string>) => {
      readLog();
      await http(`${server.issuer}${path}?${new URLSearchParams(params)}`, asBrowser);
      const [{ path: told, address, sent } = {}] = readLog();
      assert.deepEqual([told, address], [path, '127.0.0.1']);
      return sent;
    };
    const [authorize, endSession] = ['/oauth/authorize', '/oauth/end-session'];
    assert.deepEqual(await about(authorize, { client_id: 'x' }), { client_id: 'x' });
    const wrong = { client_id: 'web', redirect_uri };
    assert.deepEqual(await about(authorize, { ...wrong, state: 'secret' }), wrong);
    const bye = { client_id: 'web', post_logout_redirect_uri: redirect_uri };
    assert.deepEqual(await about(endSession, { ...bye, state: 'secret' }), bye);
    assert.deepEqual(await about('/nothing', { token: 'secret' }), {});
  });

  it('has another id for each request', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () =>
        fact((await http(authorizeUrl(server, { client_id: 'x' }))).text, 'Request ID')?.join(),
      ),
    );
    assert.equal(new Set(ids).size, 20);
  });

  it('shows what was sent, escaped and cut, and never what is registered', async () => {
    const attack = '<script>alert(1)</script>"\'&';
    for (const [name, url] of [
      ['client_id', authorizeUrl(server, { client_id: attack })],
      ['redirect_uri', authorizeUrl(server, { redirect_uri: attack })],
    ] as const) {
      const { text } = await http(url);
      const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;';
      assert.equal(sentIn(text).at(-1), `${name}=${escaped}`);
      assert.doesNotMatch(text, /<script|127\.0\.0\.1:9|web\.example|Registered/);
    }
    const long = `https://evil.example/${'x'.repeat(1000)}`;
    const { text } = await http(authorizeUrl(server, { redirect_uri: long }));
    assert.deepEqual(sentIn(text), ['client_id=web', `redirect_uri=${long.slice(0, 200)}…`]);
  });

  it('in another language keeps what is for developers in English, and says so', async () => {
    const { text } = await http(authorizeUrl(server, { client_id: 'nobody', ui_locales: 'de' }));
    assert.match(text, /<html lang="de"/);
    assert.match(text, /<p lang="en" dir="ltr">No client is registered with this client_id/);
    assert.match(text, /Was jeder Fehler bedeutet/);
    assert.ok(fact(text, 'Anfrage-ID'));
  });

  it('in a demo shows what is registered, to learn from', async () => {
    const demo = await startDemo();
    const misdirected = { client_id: 'codecademy', redirect_uri: 'http://localhost:3000/other' };
    const { text } = await http(authorizeUrl({ issuer: demo }, misdirected));
    assert.deepEqual(fact(text, 'Registered'), [
      'http://localhost:3000/callback',
      'http://127.0.0.1:3000/callback',
      `${demo}/demo/callback`,
    ]);
    const { text: unsaid } = await http(
      authorizeUrl({ issuer: demo }, { client_id: 'codecademy', redirect_uri: undefined }),
    );
    assert.equal(fact(unsaid, 'Registered')?.length, 3);
    assert.equal(fact(unsaid, 'Sent'), undefined);
  });

  it('does not tell the client in a redirect what is for the person alone', async () => {
    const answer = await http(authorizeUrl(server, { code_challenge: undefined }));
    assert.equal(answer.status, 303);
    const sent = new URL(answer.location).searchParams;
    assert.deepEqual([...sent.keys()], ['error', 'error_description', 'state', 'iss']);
    assert.match(
      sent.get('error_description') ?? '',
      /Send code_challenge and code_challenge_method=S256\.$/,
    );
  });
});

describe('an error that a client is sent through the browser', async () => {
  const server = await startServer();
  const readLog = logOf(server, 'debug');
  const inForm = { response_mode: 'form_post' };

  for (const [how, extra] of Object.entries({ redirect: {}, form: inForm })) {
    it(`is in the log with the client and the words, for the library may show neither: by a ${how}`, async () => {
      readLog();
      await http(authorizeUrl(server, { scope: 'admin', ...extra }), asBrowser);
      assert.deepEqual(
        readLog().map(({ time, ...line }) => line),
        [
          {
            level: 40,
            msg: 'authorization_refused',
            clientId: 'web',
            error: 'invalid_scope',
            description: 'This client may not ask for the scope: admin. It may have: read write.',
          },
        ],
      );
    });
  }

  it('is in the log with the remedy that only the operator has, which the client is not told', async () => {
    const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
    readLog();
    const { location } = await http(authorizeUrl(server, withoutPkce));
    const [line] = readLog();
    assert.match(String(line?.['remedy']), /"require_pkce": false/);
    assert.match(String(line?.['remedy']), /docs\/troubleshooting\.md/);
    assert.doesNotMatch(location, /require_pkce/);
    // A public client has nothing but PKCE.
    const publicClient = { client_id: 'spa', redirect_uri: 'https://spa.example/callback' };
    await http(authorizeUrl(server, { ...publicClient, ...withoutPkce }));
    const [ofPublic] = readLog();
    assert.equal(ofPublic?.['clientId'], 'spa');
    assert.equal(ofPublic?.['remedy'], undefined);
    // And of this one the record says it already.
    const exempt = {
      client_id: 'legacy',
      redirect_uri: 'https://legacy.example/callback?tenant=1',
    };
    await http(authorizeUrl(server, { ...exempt, scope: 'read', code_challenge: undefined }));
    const [ofExempt] = readLog();
    assert.equal(ofExempt?.['clientId'], 'legacy');
    assert.equal(ofExempt?.['remedy'], undefined);
  });

  it('is no warning if it is the ordinary answer to prompt=none, or a Cancel', async () => {
    readLog();
    await http(authorizeUrl(server, { prompt: 'none' }));
    const [silent] = readLog();
    assert.deepEqual(
      [silent?.['level'], silent?.['msg'], silent?.['error']],
      [20, 'authorization_refused', 'login_required'],
    );
    const person = new Person(server);
    const consent = await person.signIn(await person.visit(authorizeUrl(server)));
    await person.submit(consent, { decision: 'deny' });
    const lines = readLog().filter(({ msg }) => msg === 'authorization_refused');
    assert.deepEqual(
      lines.map(({ level, error }) => [level, error]),
      [[20, 'access_denied']],
    );
  });

  it('is a short line, whatever was sent', async () => {
    readLog();
    for (const extra of [{ scope: 'x'.repeat(2000) }, { prompt: 'y'.repeat(2000) }]) {
      await http(authorizeUrl(server, extra));
    }
    const lines = readLog();
    assert.equal(lines.length, 2);
    for (const line of lines) assert.ok(JSON.stringify(line).length < 600);
  });
});

describe('a fault of ours', () => {
  /** A server with a store that throws this, and what its answers say. */
  async function answersOf(error: Error) {
    const store = memoryStore();
    const server = await startServer({}, { store });
    const fail = async () => {
      throw error;
    };
    for (const noun of [store.clients, store.accessTokens]) Object.assign(noun, { find: fail });
    const readLog = logOf(server);
    const questions = {
      page: () => http(authorizeUrl(server), asBrowser),
      token: () => requestToken(server, { grant_type: 'client_credentials' }, 'web:web-secret'),
      introspect: () =>
        http(`${server.issuer}/oauth/introspect`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: 'web', client_secret: 'x', token: 'x' }),
        }),
      secret: () => getSecret(server, 'x'),
    };
    const said = [];
    for (const [name, ask] of Object.entries(questions)) {
      readLog();
      const answer = await ask();
      const ids = new Set(
        readLog()
          .map((line) => line['requestId'])
          .filter((id) => id !== undefined),
      );
      said.push({ name, answer, ids: [...ids].map(String) });
    }
    return said;
  }

  it('that nobody foresaw is 500 with an id that the log has, once, as a page and as JSON', async () => {
    for (const { name, answer, ids } of await answersOf(new Error('SELECT secret'))) {
      assert.equal(answer.status, 500, name);
      assert.doesNotMatch(answer.text, /SELECT/);
      assert.equal(ids.length, 1, `${name}: one id for one request`);
      assert.ok(answer.text.includes(ids[0]!), name);
      if (name === 'page') {
        assert.match(answer.text, /went wrong on our side/);
        assert.doesNotMatch(answer.text, /For the developer/);
      } else {
        assert.match(answer.json.error_description, /Its id in the log is [\w-]{12}\.$/);
      }
    }
  });

  it('for a database that is away is 503; only a page has an id, for the log has one line for all', async () => {
    for (const { name, answer, ids } of await answersOf(new StoreUnavailable('away'))) {
      assert.equal(answer.status, 503, name);
      assert.equal(ids.length, name === 'page' ? 1 : 0, name);
      if (name === 'page') {
        assert.match(answer.text, /try again in a moment/i);
        assert.ok(answer.text.includes(ids[0]!), name);
        assert.doesNotMatch(answer.text, /For the developer/);
      }
    }
  });

  it('has no id where the fault is not ours: there is nothing about it in the log', async () => {
    const server = await startServer();
    const { status, json } = await requestToken(server, { grant_type: 'x' }, 'web:web-secret');
    assert.equal(status, 400);
    assert.doesNotMatch(json.error_description, /log/);
  });

  it('is told to whoever listens with the same id, however many things go wrong', async () => {
    const store = memoryStore();
    const server = await startServer({}, { store });
    store.clients.find = async () => {
      throw new Error('first');
    };
    const events: ServerEvents['failure'][0][] = [];
    const answered: ServerEvents['error_answered'][0][] = [];
    server.events.on('failure', (event) => events.push(event));
    server.events.on('error_answered', (event) => answered.push(event));
    await new Person(server).visit(authorizeUrl(server));
    assert.equal(events.length, 1);
    assert.deepEqual(
      answered.map(({ requestId }) => requestId),
      events.map(({ requestId }) => requestId),
    );
  });
});

describe('docs/troubleshooting.md', async () => {
  const document = await readFile(
    new URL('../../docs/troubleshooting.md', import.meta.url),
    'utf8',
  );

  it('explains every code there is, and every page', async () => {
    for (const code of errorCodes) assert.ok(document.includes(`\`${code}\``), code);
    // The others need no explanation.
    const plain = ['error.tooMany.heading', 'error.notFound.heading'];
    for (const [key, text] of Object.entries(en)) {
      if (!/^error\..*\.heading$/.test(key) || plain.includes(key)) continue;
      assert.ok(document.includes(`| ${text} |`), text);
    }
  });
});

describe('where a document of the project is', () => {
  const name = 'docs/troubleshooting.md';
  const url = `https://github.com/someone/a-server/blob/HEAD/${name}`;
  const rows: [repository: unknown, url: string | undefined][] = [
    [undefined, undefined],
    ['https://github.com/someone/a-server', url],
    ['git+https://github.com/someone/a-server.git', url],
    [{ type: 'git', url: 'git+https://github.com/someone/a-server.git' }, url],
    [{ type: 'git' }, undefined],
    ['javascript:alert(1)', undefined],
    ['https://github.com/someone/a-server"><b>', undefined],
    ['https://git.example/someone/a-server', undefined],
  ];
  for (const [repository, expected] of rows) {
    it(`is ${expected === undefined ? 'not known' : 'at GitHub'} for ${JSON.stringify(repository)}`, () => {
      assert.deepEqual(
        documentOf(name, { repository }),
        expected === undefined ? { name } : { name, url: expected },
      );
    });
  }
});
