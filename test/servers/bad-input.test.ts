// Bad input: for every row a correct OAuth error with a sentence that helps, never a 5xx, never a
// stack trace, and nothing consumed that should not be.
//
// A row is what is sent, and the RFC section or the bug somewhere that taught it.

import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { describe, it, mock } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { sha256 } from '../../src/protocol/secrets.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { type Answer, basic } from '../helpers/http.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { randomNumbers } from '../helpers/random.ts';
import { SEED } from '../helpers/seeds.ts';

const server = await startServer({ RATE_LIMIT: 'off' });
const demo = await startServer({ RATE_LIMIT: 'off', DEMO: 'on' });
const failures: unknown[] = [];
for (const { events } of [server, demo]) {
  events.on('failure', ({ error }) => failures.push(error));
}
const alice = new Person(server);

const issued = async (scope: string): Promise<string> => {
  const form = { grant_type: 'client_credentials', scope };
  return (await requestToken(server, form, 'web:web-secret')).json.access_token;
};
const ACCESS = await issued('read');
const WRITE_ONLY = await issued('write');

// What is sent, and what comes back.

interface Sent {
  readonly method?: string;
  /** As it goes over the wire, query and all. */
  readonly path: string;
  /** One that is `undefined` is left out. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly location: string;
}

/** One request, without the tidying that `fetch` does. */
function send(to: TestServer, { method = 'GET', path, headers = {}, body }: Sent): Promise<Got> {
  const all: OutgoingHttpHeaders = { ...headers };
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body);
  for (const name in all) if (all[name] === undefined) delete all[name];
  return new Promise((resolve, reject) => {
    const req = request(`${to.origin}/`, { method, path, headers: all }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text: Buffer.concat(chunks).toString(),
          location: res.headers.location ?? '',
        }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** Bytes that no HTTP client would send. Answers what came back before the server hung up. */
function sendRaw(to: TestServer, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(to.origin).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    // A client that is still sending when the server closes gets a reset after the answer.
    socket.on('error', (error) => answer === '' && reject(error));
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

const FORM = 'application/x-www-form-urlencoded';
const WEB = basic('web', 'web-secret');
const CC = 'grant_type=client_credentials';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const CALLBACK = 'http://127.0.0.1:9/callback';

/** A token request of the client `web`, but for the headers given. */
function token(body: string | Buffer, headers: OutgoingHttpHeaders = {}, path = '/oauth/token') {
  const all = { authorization: WEB, 'content-type': FORM, ...headers };
  return { method: 'POST', path, headers: all, body } satisfies Sent;
}

/** A token request without an Authorization header. */
const bare = (body: string) => token(body, { authorization: undefined });

/** A valid authorization request of `web` with some parameters changed; `raw` is appended. */
function authorize(params: Record<string, string | undefined> = {}, raw = ''): Sent {
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'web',
    redirect_uri: CALLBACK,
    scope: 'read',
    state: 'the-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...params,
  };
  const query = Object.entries(all)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return { path: `/oauth/authorize?${query.join('&')}${raw}` };
}

const post = (path: string, body: string | Buffer, headers: OutgoingHttpHeaders = {}): Sent => ({
  method: 'POST',
  path,
  headers: { 'content-type': FORM, ...headers },
  body,
});

const encode = (form: Record<string, string>) => String(new URLSearchParams(form));

const cookiesOf = (person: Person) =>
  [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const got = (answer: Answer): Got => ({
  status: answer.status,
  headers: Object.fromEntries(answer.headers),
  text: answer.text,
  location: answer.location,
});

/** The value with one bit changed, in the same alphabet. */
function flip(value: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${alphabet[alphabet.indexOf(value[0]!) ^ 1]}${value.slice(1)}`;
}

const swapCase = (text: string) =>
  text.replaceAll(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

// What every answer has to be.

const LEAKS = [
  /\bat .+:\d+:\d+/,
  /node_modules/,
  /node:internal/,
  /file:\/\//,
  /[\w/.-]\.(ts|js|ejs|cjs|mjs):\d+/,
  new RegExp(process.cwd()),
  /(Type|Reference|Range|Syntax|URI)Error/,
  /\[object Object\]|\bundefined\b|\bNaN\b/,
];

const REGISTERED = SEED.clients.flatMap((client) => client.redirect_uris ?? []);

/** Has to hold for every request. */
function assertHarmless(answer: Got): void {
  assert.deepEqual(failures.splice(0), [], 'nothing fails for a reason that is ours');
  assert.ok(answer.status < 500, `${answer.status}: ${answer.text}`);
  const text = answer.text.replaceAll(/<svg[\s\S]*?<\/svg>/g, '');
  for (const leak of LEAKS) assert.doesNotMatch(text, leak);
  assert.equal(answer.headers['x-powered-by'], undefined);
  if (answer.location === '') return;

  const isOwnPage = /^\/(login|logout|account|oauth\/authorize|)(\?|$)/.test(answer.location);
  const isRegistered = REGISTERED.some(
    (uri) =>
      answer.location.startsWith(uri) &&
      /^[?&#](code|error)=/.test(answer.location.slice(uri.length)),
  );
  // RFC 8252 section 7.3: any port, for a public client that registered loopback.
  const isLoopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?\/callback\?(code|error)=/;
  assert.ok(
    isOwnPage || isRegistered || isLoopback.test(answer.location),
    `a redirect to ${answer.location}`,
  );
}

/** RFC 6749 section 5.2: printable ASCII without " and \; and words that help a developer. */
function assertSentence(description: unknown): void {
  assert.match(String(description), /^[A-Z][\x20\x21\x23-\x5b\x5d-\x7e]{10,}[.>)]$/);
}

function assertJsonError(answer: Got, error: string): void {
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  const body = JSON.parse(answer.text);
  assert.deepEqual(Object.keys(body).sort(), ['error', 'error_description']);
  assert.equal(body.error, error);
  assertSentence(body.error_description);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['set-cookie'], undefined, 'a machine needs no cookie');
  assert.equal(answer.location, '');
  if (answer.status === 401) {
    assert.match(answer.headers['www-authenticate'] ?? '', /^(Basic|Bearer) realm="/);
  }
}

function assertErrorPage(answer: Got, error?: string): void {
  assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
  assert.equal(answer.location, '');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/);
  assert.doesNotMatch(answer.text, /<script/i);
  assert.match(answer.text, /<h1/);
  // The code is for a developer; a page about a problem that only the person can solve has none.
  if (error !== undefined && answer.text.includes('For the developer')) {
    assert.match(answer.text, new RegExp(`<code dir="ltr">${error}</code>`));
  }
}

function assertErrorRedirect(answer: Got, error: string): void {
  assert.ok(answer.location.startsWith('http'), answer.location);
  const { searchParams, hash } = new URL(answer.location);
  const params = hash === '' ? searchParams : new URLSearchParams(hash.slice(1));
  assert.equal(params.get('error'), error);
  assertSentence(params.get('error_description'));
  assert.equal(params.get('iss'), server.issuer);
  assert.deepEqual(params.getAll('state'), ['the-state']);
  assert.equal(params.has('code'), false);
  assert.equal(answer.headers['cache-control'], 'no-store');
}

// The table.

interface Expected {
  readonly status: number;
  readonly error?: string;
  /** JSON of RFC 6749 section 5.2, a page for the person, back to the client, or no error. */
  readonly goes: 'json' | 'page' | 'redirect' | 'fine';
  readonly also?: (answer: Got) => void;
  readonly to?: TestServer;
}

type Row = readonly [what: string, why: string, send: Sent, also?: (answer: Got) => void];

function rows(expected: Expected, table: readonly Row[]): void {
  const { status, error = '', goes, also, to = server } = expected;
  for (const [what, why, sent, alsoThis] of table) {
    it(`${what} (${why})`, async () => {
      const answer = await send(to, sent);
      assert.equal(answer.status, status, `${answer.status} ${answer.location} ${answer.text}`);
      assertHarmless(answer);
      if (sent.method !== 'HEAD') {
        if (goes === 'json') assertJsonError(answer, error);
        if (goes === 'page') assertErrorPage(answer, error);
        if (goes === 'redirect') assertErrorRedirect(answer, error);
      }
      also?.(answer);
      alsoThis?.(answer);
    });
  }
}

const badRequest = { status: 400, error: 'invalid_request', goes: 'json' } as const;
const badScope = { status: 400, error: 'invalid_scope', goes: 'json' } as const;
const badClient = { status: 401, error: 'invalid_client', goes: 'json' } as const;
const tooLarge = { status: 413, error: 'invalid_request', goes: 'json' } as const;
const fine = { status: 200, goes: 'fine' } as const;

const OBJECT = 'a plain object for a table finds what is on every object';
const QS = 'CVE-2022-24999 in qs';
const NOSQL = 'NoSQL injection by {"$ne": ""}';
const POLLUTION = 'CVE-2026-9689 in Keycloak: two parsers, two readings';
const CASELESS = 'a database that compares without case';
const HASH = 'what is stored must not be what is sent';
const TOO_LARGE = 'RFC 9110 section 15.5.14; CVE-2024-45590 in body-parser';

// The token endpoint.

describe('The token endpoint refuses parameters that', () => {
  // biome-ignore format: a row is a line
  rows(badRequest, [
    ['are there twice', 'RFC 6749 section 3.2', token(`${CC}&${CC}`)],
    ['are there twice, one of them empty', 'RFC 6749 section 3.2', token(`${CC}&scope=&scope=read`)],
    ['are there twice, though nobody knows them', 'RFC 6749 section 3.2', token(`${CC}&foo=1&foo=2`)],
    ['are there twice, in another encoding', POLLUTION, token(`${CC}&scope=read&sc%6Fpe=write`)],
    ['name the client twice', 'RFC 6749 section 3.2', token(`${CC}&client_id=web&client_id=spa`)],
    ['hold two secrets', 'RFC 6749 section 3.2', bare(`${CC}&client_id=web&client_secret=x&client_secret=web-secret`)],
    ['are an array in the syntax of qs', QS, token('grant_type[]=client_credentials')],
    ['are an array by index', QS, token('grant_type[0]=client_credentials')],
    ['set a prototype', QS, token('__proto__[grant_type]=client_credentials')],
    ['are an object where a code is due', NOSQL, token('grant_type=authorization_code&code[$ne]=x')],
    ['are an object where a refresh token is due', NOSQL, token('grant_type=refresh_token&refresh_token[$ne]=')],
    ['hold a NUL byte', 'RFC 6749 appendix A: VSCHAR', token(`${CC}&scope=read%00write`)],
    ['hold a line break', 'RFC 6749 appendix A; CWE-113 and CWE-117', token(`${CC}&scope=read%0d%0aSet-Cookie:%20a=b`)],
    ['are not UTF-8', 'RFC 6749 appendix B', token(`${CC}&scope=%ff%fe`)],
    ['are longer than any should be', 'denial of service by what has to be hashed and kept', token(`${CC}&scope=${'x'.repeat(3000)}`)],
    ['leave out the grant type', 'RFC 6749 section 5.2', token('scope=read')],
    ['leave the grant type empty', 'RFC 6749 section 3.2: empty is absent', token('grant_type=')],
    ['leave out the code', 'RFC 6749 section 4.1.3', token('grant_type=authorization_code')],
    ['leave out the refresh token', 'RFC 6749 section 6', token('grant_type=refresh_token')],
  ]);
  // biome-ignore format: a row is a line
  rows(badScope, [
    ['ask for a scope in broken percent-encoding', 'WHATWG URL section 5.1: %zz is just that', token(`${CC}&scope=%zz`)],
    ['ask for a scope of characters no scope has', 'RFC 6749 section 3.3', token(`${CC}&scope=%22%5c`)],
    ['ask for a scope the client may not have', 'RFC 6749 section 3.3', token(`${CC}&scope=read+admin`)],
    ['ask for a scope in another case', 'RFC 6749 section 3.3: case-sensitive', token(`${CC}&scope=READ`)],
    ['ask for a scope of every object', OBJECT, token(`${CC}&scope=constructor+__proto__+toString`)],
  ]);
});

describe('The token endpoint is not confused by', () => {
  const whole = (answer: Got) => assert.equal(JSON.parse(answer.text).scope, 'read write');
  const forwarded = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.9',
    'x-original-url': '/secret',
    'x-rewrite-url': '/secret',
    forwarded: 'host=evil.example',
  };
  // biome-ignore format: a row is a line
  rows(fine, [
    ['parameters it does not know', 'RFC 6749 section 3.2', token(`${CC}&__proto__=x&constructor=y&hasOwnProperty=z&toString=`), whole],
    ['parameters in the syntax of qs', 'RFC 6749 section 3.2', token(`${CC}&scope[a]=b&__proto__[admin]=1&constructor[prototype][admin]=1`), whole],
    ['an empty scope, which is an absent one', 'RFC 6749 section 3.2', token(`${CC}&scope=`), whole],
    ['a scope of nothing but spaces, which is an absent one too', 'RFC 6749 section 3.3', token(`${CC}&scope=+++`), whole],
    ['a scope that says a word twice', 'RFC 6749 section 3.3', token(`${CC}&scope=write++read+write`)],
    ['the case of the content type', 'RFC 9110 section 8.3.1', token(CC, { 'content-type': 'Application/X-WWW-Form-URLEncoded; charset="UTF-8"' }), whole],
    ['a body in gzip', 'RFC 9110 section 8.4', token(gzipSync(CC), { 'content-encoding': 'gzip' }), whole],
    ['what a proxy says where there is none', 'RFC 7239 section 8.1; CVE-2018-14773 in Symfony', token(CC, forwarded), whole],
    ['basic in lower case', 'RFC 9110 section 11.1', token(CC, { authorization: WEB.replace('B', 'b') }), whole],
    ['Basic with the same client_id in the body', 'RFC 6749 section 3.2.1', token(`${CC}&client_id=web`), whole],
    ['Base64 without its padding', 'RFC 4648 section 3.2', token(CC, { authorization: WEB.replace(/=+$/, '') }), whole],
    ['_method=DELETE', 'RFC 9110 section 9.1', token(`${CC}&_method=DELETE`, { 'x-http-method-override': 'DELETE' }), whole],
  ]);

  it('a prototype in any of them, which stays as it was (CVE-2022-24999 in qs)', () => {
    assert.equal(({} as Record<string, unknown>)['admin'], undefined);
    assert.equal(({} as Record<string, unknown>)['grant_type'], undefined);
  });
});

describe('The token endpoint refuses a body that', () => {
  const json = { 'content-type': 'application/json' };
  const multipart = '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nx\r\n--b--';
  const bomb = `foo=${'x'.repeat(20_000_000)}`;
  // biome-ignore format: a row is a line
  rows(badRequest, [
    ['is JSON', 'RFC 6749 section 3.2', token('{"grant_type":"client_credentials"}', json)],
    ['is JSON and says it is a form', 'RFC 6749 section 3.2', token('{"grant_type":"client_credentials"}')],
    ['is JSON that sets a prototype', 'CWE-1321', token('{"__proto__":{"grant_type":"client_credentials"}}', json)],
    ['is a form and says it is text', 'RFC 6749 section 3.2', token(CC, { 'content-type': 'text/plain' })],
    ['is multipart', 'RFC 6749 section 3.2', token(multipart, { 'content-type': 'multipart/form-data; boundary=b' })],
    ['has no content type', 'RFC 9110 section 8.3', token(CC, { 'content-type': undefined })],
    ['has a content type that is none', 'RFC 9110 section 8.3', token(CC, { 'content-type': ';;;' })],
    ['has two content types', 'RFC 9110 section 8.3', token(CC, { 'content-type': `application/json, ${FORM}` })],
    ['is not there', 'RFC 6749 section 4.4.2', { method: 'POST', path: '/oauth/token', headers: { authorization: WEB } }],
    ['is nothing but separators', 'WHATWG URL section 5.1', token('&&==&=&')],
    ['says it is gzip and is not', 'RFC 9110 section 8.4', token(CC, { 'content-encoding': 'gzip' })],
    ['is gzip cut short', 'RFC 9110 section 8.4', token(gzipSync(CC).subarray(0, 20), { 'content-encoding': 'gzip' })],
  ]);
  // biome-ignore format: a row is a line
  rows(tooLarge, [
    ['is over its limit', TOO_LARGE, token(`${CC}&foo=${'x'.repeat(70_000)}`)],
    ['is over its limit once unpacked', 'the zip bomb, CWE-409', token(gzipSync(bomb), { 'content-encoding': 'gzip' })],
    ['is over its limit once inflated', 'the zip bomb, CWE-409', token(deflateSync(bomb), { 'content-encoding': 'deflate' })],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...badRequest, status: 415 }, [
    ['has an encoding nobody knows', 'RFC 9110 section 15.5.16', token(CC, { 'content-encoding': 'rot13' })],
    ['has two encodings', 'RFC 9110 section 15.5.16', token(CC, { 'content-encoding': 'gzip, gzip' })],
    ['has a charset nobody knows', 'RFC 6749 appendix B', token(CC, { 'content-type': `${FORM}; charset=klingon` })],
  ]);
});

describe('The token endpoint does not know the grant type', () => {
  const of = (grantType: string) =>
    token(encode({ grant_type: grantType, username: 'alice', password: 'wonderland' }));
  // biome-ignore format: a row is a line
  rows({ status: 400, error: 'unsupported_grant_type', goes: 'json' }, [
    ['password', 'RFC 9700 section 2.4', of('password')],
    ['implicit', 'RFC 9700 section 2.1.2', of('implicit')],
    ['token', 'RFC 9700 section 2.1.2', of('token')],
    ['CLIENT_CREDENTIALS', 'RFC 6749 section 4.4.2: case-sensitive', of('CLIENT_CREDENTIALS')],
    ['client_credentials with a space', 'RFC 6749 section 4.4.2', of('client_credentials ')],
    ['of two, with a comma', 'RFC 6749 section 4.4.2', of('client_credentials,refresh_token')],
    ['of JWT assertions', 'RFC 7523 section 2.1', of('urn:ietf:params:oauth:grant-type:jwt-bearer')],
    ['__proto__', OBJECT, of('__proto__')],
    ['constructor', OBJECT, of('constructor')],
    ['toString', OBJECT, of('toString')],
    ['hasOwnProperty', OBJECT, of('hasOwnProperty')],
    ['../../etc/passwd', 'CWE-22', of('../../etc/passwd')],
    ['☃', 'RFC 6749 appendix A.10', of('☃')],
  ]);
});

describe('The token endpoint refuses a client that', () => {
  const assertion = `client_assertion=e30.e30.&client_assertion_type=${encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')}`;
  // biome-ignore format: a row is a line
  rows(badClient, [
    ['nobody registered', 'RFC 6749 section 5.2', bare(`${CC}&client_id=nobody`)],
    ['is called __proto__', OBJECT, bare(`${CC}&client_id=__proto__&client_secret=x`)],
    ['is called constructor', OBJECT, bare(`${CC}&client_id=constructor&client_secret=x`)],
    ['is called hasOwnProperty', OBJECT, token(CC, { authorization: basic('hasOwnProperty', 'x') })],
    ['is called toString', OBJECT, token(CC, { authorization: basic('toString', 'x') })],
    ['writes its id in another case', CASELESS, token(CC, { authorization: basic('WEB', 'web-secret') })],
    ['does not say who it is', 'RFC 6749 section 3.2.1', bare(CC)],
    ['leaves its id empty', 'RFC 6749 section 3.2: empty is absent', bare(`${CC}&client_id=&client_secret=web-secret`)],
    ['has a secret and does not send it', 'RFC 6749 section 2.3', bare(`${CC}&client_id=web`)],
    ['has a secret and sends an empty one', 'RFC 6749 section 2.3.1', bare(`${CC}&client_id=web&client_secret=`)],
    ['has a secret and sends an empty one in Basic', 'RFC 6749 section 2.3.1', token(CC, { authorization: basic('web', '') })],
    ['has a secret and sends its hash', HASH, token(CC, { authorization: basic('web', sha256('web-secret')) })],
    ['sends its secret with a character more', 'comparison up to the shorter of two', token(CC, { authorization: basic('web', 'web-secretx') })],
    ['sends its secret with a character less', 'comparison up to the shorter of two', token(CC, { authorization: basic('web', 'web-secre') })],
    ['sends its secret in another case', CASELESS, token(CC, { authorization: basic('web', 'Web-Secret') })],
    ['sends the secret of another', 'RFC 6749 section 2.3', token(CC, { authorization: basic('web', 'legacy-secret') })],
    ['has no secret and sends one', 'RFC 6749 section 2.3', bare('grant_type=refresh_token&refresh_token=x&client_id=spa&client_secret=x')],
    ['is registered for Basic and uses the body', 'RFC 7591 section 2', bare(`${CC}&client_id=basic-only&client_secret=${encodeURIComponent('a+b%20c/d')}`)],
    ['is registered for the body and uses Basic', 'RFC 7591 section 2', token(CC, { authorization: basic('post-only', 'post-secret') })],
    ['sends an assertion and no secret', 'RFC 7523 section 2.2', bare(`${CC}&client_id=web&${assertion}`)],
  ]);
  // biome-ignore format: a row is a line
  rows({ status: 400, error: 'unauthorized_client', goes: 'json' }, [
    ['is public and asks for a token of its own', 'RFC 6749 section 4.4; CVE-2026-44476 in doorkeeper-openid_connect', bare(`${CC}&client_id=spa`)],
    ['is not registered for the grant type', 'RFC 6749 section 5.2', token('grant_type=refresh_token&refresh_token=x', { authorization: basic('legacy', 'legacy-secret') })],
  ]);
  // biome-ignore format: a row is a line
  rows(badRequest, [
    ['authenticates in Basic and in the body', 'RFC 6749 section 2.3', token(`${CC}&client_id=web&client_secret=web-secret`)],
    ['authenticates as another in the body', 'RFC 6749 section 2.3', token(`${CC}&client_id=post-only&client_secret=post-secret`)],
    ['names another in the body than in Basic', 'RFC 6749 section 3.2.1', token(`${CC}&client_id=spa`)],
    ['puts its id in the query', 'RFC 6749 section 2.3.1', token(CC, {}, '/oauth/token?client_id=web')],
    ['puts its secret in the query', 'RFC 6749 section 2.3.1', token(CC, {}, '/oauth/token?client_secret=web-secret')],
    ['puts the grant type in the query', 'RFC 6749 section 3.2', token(CC, {}, `/oauth/token?${CC}`)],
    ['puts everything in the query', 'RFC 6749 section 2.3.1', token('x=y', { authorization: undefined }, `/oauth/token?${CC}&client_id=web&client_secret=web-secret`)],
    ['puts the code in the query', POLLUTION, token('grant_type=authorization_code', {}, '/oauth/token?code=x')],
  ]);
});

describe('The token endpoint refuses an Authorization header', () => {
  const header = (authorization: string) => token(CC, { authorization });
  const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  const also = (answer: Got) =>
    assert.match(
      answer.headers['www-authenticate'] ?? '',
      /^Basic realm="[^"]+", charset="UTF-8"$/,
    );
  // biome-ignore format: a row is a line
  rows({ ...badClient, also }, [
    ['of nothing but the scheme', 'RFC 7617 section 2', header('Basic')],
    ['with nothing after the scheme', 'RFC 7617 section 2', header('Basic ')],
    ['that is not Base64', 'RFC 7617 section 2', header('Basic %%%%')],
    ['in Base64 with a space in it', 'RFC 7617 section 2', header(`Basic d2Vi OndlYi1zZWNyZXQ=`)],
    ['with two credentials and a comma', 'RFC 9110 section 11.6.2', header(`${WEB}, ${WEB}`)],
    ['without a colon', 'RFC 7617 section 2', header(`Basic ${base64('web')}`)],
    ['of nothing but a colon', 'RFC 7617 section 2', header(`Basic ${base64(':')}`)],
    ['without an id', 'RFC 7617 section 2', header(`Basic ${base64(':web-secret')}`)],
    ['that is not UTF-8', 'RFC 7617 section 2.1', header(`Basic ${base64('\xff\xfe:a')}`)],
    ['with a NUL byte', 'RFC 7617 section 2: no control characters', header(`Basic ${base64('web:web\0-secret')}`)],
    ['with a NUL byte in percent-encoding', 'RFC 6749 section 2.3.1; PostgreSQL takes no NUL', header(`Basic ${base64('web%00:web-secret')}`)],
    ['with a line break', 'RFC 7617 section 2: no control characters', header(`Basic ${base64('web:web\r\n-secret')}`)],
    ['far too long', 'denial of service', header(`Basic ${base64(`web:${'x'.repeat(3000)}`)}`)],
    ['in the form of Digest', 'RFC 7616 section 3.4', header('Basic username="web", password="web-secret"')],
    ['of the scheme Bearer', 'RFC 6749 section 2.3.1', header('Bearer web-secret')],
    ['of the scheme Digest', 'RFC 7616', header('Digest username="web"')],
    ['without a scheme', 'RFC 9110 section 11.4', header(base64('web:web-secret'))],
    ['of a scheme that starts like Basic', 'RFC 9110 section 11.1', header(`Basically ${base64('web:web-secret')}`)],
    ['that is empty', 'RFC 9110 section 11.6.2', header('')],
  ]);
});

describe('The token endpoint refuses, and does not use up, a code', () => {
  type Form = Record<string, string>;
  type CodeRow = [
    what: string,
    why: string,
    change: (sound: Form) => Record<string, string | undefined>,
    client?: string | undefined,
    error?: string,
  ];
  const nobody = '';
  // biome-ignore format: a row is a line
  const table: CodeRow[] = [
    ['with a bit changed', 'RFC 6749 section 10.10', ({ code }) => ({ code: flip(code!) })],
    ['with a character more', 'RFC 6749 section 10.10', ({ code }) => ({ code: `${code}x` })],
    ['in another case', CASELESS, ({ code }) => ({ code: swapCase(code!) })],
    ['that is its own hash', HASH, ({ code }) => ({ code: sha256(code!) })],
    ['of another client', 'RFC 6749 section 4.1.3', () => ({}), 'legacy:legacy-secret'],
    ['of another client, a public one', 'RFC 6749 section 4.1.3; CVE-2017-18924 in oauth2-server', () => ({ client_id: 'spa' }), nobody],
    ['with the verifier and without the secret', '@node-oauth/oauth2-server takes a code_verifier for a secret', () => ({ client_id: 'web' }), nobody, 'invalid_client'],
    ['with another verifier', 'RFC 7636 section 4.6; CVE-2017-18924 in oauth2-server', () => ({ code_verifier: pkce().verifier })],
    ['with the verifier in another case', 'RFC 7636 section 4.6', ({ code_verifier }) => ({ code_verifier: swapCase(code_verifier!) })],
    ['with the challenge for a verifier', 'RFC 7636 section 7.2: no downgrade to plain', ({ code_verifier }) => ({ code_verifier: sha256(code_verifier!) })],
    ['without a verifier', 'RFC 9700 section 4.8.2: no PKCE downgrade', () => ({ code_verifier: undefined })],
    ['with an empty verifier', 'RFC 9700 section 4.8.2: no PKCE downgrade', () => ({ code_verifier: '' })],
    ['with a verifier that is too short', 'RFC 7636 section 4.1', ({ code_verifier }) => ({ code_verifier: code_verifier!.slice(1) })],
    ['with a verifier that is too long', 'RFC 7636 section 4.1', ({ code_verifier }) => ({ code_verifier: code_verifier!.padEnd(129, 'a') }), undefined, 'invalid_request'],
    ['with a verifier of other characters', 'RFC 7636 section 4.1', ({ code_verifier }) => ({ code_verifier: `${code_verifier}=` })],
    ['with another redirect URI of the client', 'RFC 6749 section 4.1.3', () => ({ redirect_uri: 'https://web.example/callback' })],
    ['with a redirect URI of nobody', 'RFC 6749 section 4.1.3', () => ({ redirect_uri: 'https://evil.example/' })],
    ['with a redirect URI that is none', 'RFC 6749 section 4.1.3', () => ({ redirect_uri: 'no uri' })],
    ['where a refresh token is due', 'kinds are not mixed up', ({ code }) => ({ grant_type: 'refresh_token', refresh_token: code })],
    ['with a grant type nobody knows', 'RFC 6749 section 5.2', () => ({ grant_type: 'password' }), undefined, 'unsupported_grant_type'],
  ];
  for (const [what, why, change, client = 'web:web-secret', error = 'invalid_grant'] of table) {
    it(`${what} (${why})`, async () => {
      const flow = await authorizeAs(server, { person: alice });
      const sound = {
        grant_type: 'authorization_code',
        code: flow.code,
        redirect_uri: flow.redirectUri,
        code_verifier: flow.verifier,
      };
      const form = Object.entries({ ...sound, ...change(sound) }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const answer = got(await requestToken(server, form, client || undefined));
      assertHarmless(answer);
      assertJsonError(answer, error);
      assert.equal((await flow.exchange()).status, 200, 'the code must still work');
    });
  }

  it('that was sent twice in one request (RFC 6749 section 3.2)', async () => {
    const flow = await authorizeAs(server, { person: alice });
    const form = `grant_type=authorization_code&code=${flow.code}&code_verifier=${flow.verifier}`;
    assertJsonError(await send(server, token(`${form}&code=x`)), 'invalid_request');
    assert.equal((await flow.exchange()).status, 200);
  });
});

describe('A code that was used', () => {
  it('is refused, and ends what came of it (RFC 6749 section 4.1.2; oauthjs/node-oauth2-server issue 637)', async () => {
    await withClock(async (advance) => {
      const flow = await authorizeAs(server, { person: alice });
      const { json } = await flow.exchange();
      assert.equal((await getSecret(server, json.access_token)).status, 200);
      advance(15_000);
      assertJsonError(got(await flow.exchange()), 'invalid_grant');
      assert.equal((await getSecret(server, json.access_token)).status, 401);
      assert.equal((await refresh(json.refresh_token)).status, 400);
    });
  });

  it('ends nothing for one who is not its client or has not the verifier (RFC 6749 section 10.5)', async () => {
    await withClock(async (advance) => {
      const flow = await authorizeAs(server, { person: alice });
      const { json } = await flow.exchange();
      // Until then nobody's repetition ends anything.
      advance(15_000);
      const form = { grant_type: 'authorization_code', code: flow.code };
      const verifier = { code_verifier: flow.verifier };
      for (const [more, client] of [
        [{ ...verifier, client_id: 'spa' }, undefined],
        [{ ...verifier, client_id: 'web' }, undefined],
        [verifier, 'web:wrong'],
        [verifier, 'legacy:legacy-secret'],
        [{ code_verifier: pkce().verifier }, 'web:web-secret'],
        [{}, 'web:web-secret'],
        [{ ...verifier, redirect_uri: 'https://evil.example/' }, 'web:web-secret'],
      ] as const) {
        assert.ok((await requestToken(server, { ...form, ...more }, client)).status >= 400);
      }
      assert.equal((await getSecret(server, json.access_token)).status, 200);
      assert.equal((await refresh(json.refresh_token)).status, 200);
    });
  });
});

function refresh(value: string, more: Record<string, string> = {}, client = 'web:web-secret') {
  const form = { grant_type: 'refresh_token', refresh_token: value, ...more };
  return requestToken(server, form, client || undefined);
}

describe('The token endpoint refuses, and does not use up, a refresh token', () => {
  type RefreshRow = [
    what: string,
    why: string,
    change: (value: string) => Record<string, string>,
    error?: string,
    client?: string,
  ];
  const nobody = '';
  // biome-ignore format: a row is a line
  const table: RefreshRow[] = [
    ['with a bit changed', 'RFC 6749 section 10.4', (value) => ({ refresh_token: flip(value) })],
    ['cut short', 'RFC 6749 section 10.4', (value) => ({ refresh_token: value.slice(1) })],
    ['in another case', CASELESS, (value) => ({ refresh_token: swapCase(value) })],
    ['that is its own hash', HASH, (value) => ({ refresh_token: sha256(value) })],
    ['of another client', 'RFC 6749 section 6', () => ({ client_id: 'spa' }), 'invalid_grant', nobody],
    ['without the secret of its client', 'RFC 6749 section 6', () => ({ client_id: 'web' }), 'invalid_client', nobody],
    ['with the wrong secret', 'RFC 6749 section 6', () => ({}), 'invalid_client', 'web:wrong'],
    ['with a scope the person did not allow', 'RFC 6749 section 6', () => ({ scope: 'read write' }), 'invalid_scope'],
    ['with a scope nobody knows', 'RFC 6749 section 6', () => ({ scope: 'admin' }), 'invalid_scope'],
    ['with a scope that is none', 'RFC 6749 section 3.3', () => ({ scope: '"' }), 'invalid_scope'],
    ['where a code is due', 'kinds are not mixed up', (value) => ({ grant_type: 'authorization_code', code: value })],
    ['with a grant type nobody knows', 'RFC 6749 section 5.2', () => ({ grant_type: 'password' }), 'unsupported_grant_type'],
  ];
  for (const [what, why, change, error = 'invalid_grant', client = 'web:web-secret'] of table) {
    it(`${what} (${why})`, async () => {
      const { json } = await (await authorizeAs(server, { person: alice })).exchange();
      const answer = got(await refresh(json.refresh_token, change(json.refresh_token), client));
      assertHarmless(answer);
      assertJsonError(answer, error);
      assert.equal((await refresh(json.refresh_token)).status, 200, 'it must still work');
    });
  }

  it('that is an access token, nor takes it for one (kinds are not mixed up)', async () => {
    const { json } = await (await authorizeAs(server, { person: alice })).exchange();
    assertJsonError(got(await refresh(json.access_token)), 'invalid_grant');
    assertJsonError(got(await getSecret(server, json.refresh_token)), 'invalid_token');
  });
});

// The authorization endpoint.

const toPerson = { status: 400, error: 'invalid_request', goes: 'page' } as const;
const toClient = { status: 303, error: 'invalid_request', goes: 'redirect' } as const;

const SIMPLE = 'RFC 9700 section 4.1.3: simple string comparison';

describe('The authorization endpoint sends nobody to a redirect URI that', () => {
  const to = (redirect_uri: string) => authorize({ redirect_uri });
  // biome-ignore format: a row is a line
  rows(toPerson, [
    ['nobody registered', 'RFC 6749 section 10.15', to('https://evil.example/')],
    ['has a fragment', 'RFC 6749 section 3.1.2; oauthjs/node-oauth2-server issue 637', to(`${CALLBACK}#x`)],
    ['has an empty fragment', 'RFC 6749 section 3.1.2', to(`${CALLBACK}#`)],
    ['has a user in it', 'CVE-2026-7504 in Keycloak', to('https://evil@web.example/callback')],
    ['has the host for a user', 'CVE-2026-7504 in Keycloak', to('https://web.example@evil.example/callback')],
    ['has several users', 'CVE-2026-7504 in Keycloak', to('https://web.example@@evil.example/callback')],
    ['has host and port for a user', 'RFC 3986 section 3.2.1', to('http://127.0.0.1:9@evil.example/callback')],
    ['has the scheme in another case', SIMPLE, to('HTTPS://web.example/callback')],
    ['has the host in another case', SIMPLE, to('https://WEB.example/callback')],
    ['has the path in another case', 'CVE-2020-15234 in fosite', to('https://web.example/Callback')],
    ['goes up a directory', 'CVE-2024-1132 in Keycloak', to('https://web.example/x/../callback')],
    ['goes up from the path', 'CVE-2024-1132 in Keycloak', to('https://web.example/callback/../evil')],
    ['goes up in percent-encoding', 'CVE-2024-1132 in Keycloak', to('https://web.example/callback/%2e%2e/evil')],
    ['goes up with a path parameter', 'CVE-2026-3872 in Keycloak', to('https://web.example/callback/..;/evil')],
    ['has a dot segment', 'RFC 3986 section 6.2.2.3', to('https://web.example/./callback')],
    ['has a slash at its end', SIMPLE, to('https://web.example/callback/')],
    ['has two slashes', SIMPLE, to('https://web.example//callback')],
    ['has a longer path', 'CVE-2019-11269 in Spring Security OAuth', to('https://web.example/callback/more')],
    ['has a longer last segment', 'redirectUris as a string match substrings', to('https://web.example/callbackx')],
    ['is the beginning of a registered one', 'redirectUris as a string match substrings', to('https://web.example/')],
    ['has a query', 'CVE-2020-15233 in fosite', to('https://web.example/callback?x=y')],
    ['has an empty query', SIMPLE, to('https://web.example/callback?')],
    ['has the default port', SIMPLE, to('https://web.example:443/callback')],
    ['has another port', SIMPLE, to('https://web.example:8443/callback')],
    ['has another port on loopback, for a confidential client', 'RFC 8252 section 7.3 is for native apps', to('http://127.0.0.1:10/callback')],
    ['has another scheme', SIMPLE, to('http://web.example/callback')],
    ['has a dot behind the host', 'RFC 3986 section 3.2.2', to('https://web.example./callback')],
    ['is on a subdomain', 'RFC 9700 section 4.1.1', to('https://evil.web.example/callback')],
    ['is on a host that ends alike', 'RFC 9700 section 4.1.1', to('https://evilweb.example/callback')],
    ['is on a host that starts alike', 'RFC 9700 section 4.1.1', to('https://web.example.evil.example/callback')],
    ['has a backslash behind the host', 'WHATWG URL: browsers read \\ as /', to('https://web.example\\@evil.example/callback')],
    ['has a backslash for a slash', 'WHATWG URL: browsers read \\ as /', to('https://web.example\\callback')],
    ['is encoded once more', 'RFC 3986 section 2.4', to(encodeURIComponent('https://web.example/callback'))],
    ['has a letter encoded', 'RFC 3986 section 6.2.2.2', to('https://web.example/call%62ack')],
    ['has an encoded NUL byte', SIMPLE, to('https://web.example/callback%00')],
    ['has a NUL byte', SIMPLE, to('https://web.example/callback\0')],
    ['has a line break', 'CWE-113', to('https://web.example/callback\r\nSet-Cookie: a=b')],
    ['has a tab in it', 'WHATWG URL: browsers drop it', to('https://web.example/\tcallback')],
    ['has a space before it', 'WHATWG URL: browsers drop it', to(' https://web.example/callback')],
    ['has a space behind it', 'WHATWG URL: browsers drop it', to('https://web.example/callback ')],
    ['has no scheme', 'RFC 6749 section 3.1.2: absolute', to('//web.example/callback')],
    ['is a path', 'RFC 6749 section 3.1.2: absolute', to('/callback')],
    ['runs a script', 'CVE-2020-26938 in oauth2-server', to('javascript:alert(1)//https://web.example/callback')],
    ['is a page in itself', 'CVE-2020-26938 in oauth2-server', to('data:text/html,<script>alert(1)</script>')],
    ['is two with a space', 'RFC 6749 section 3.1.2', to('https://web.example/callback https://evil.example/')],
    ['is two with a comma', 'RFC 6749 section 3.1.2', to('https://web.example/callback,https://evil.example/')],
    ['is a wildcard', 'RFC 9700 section 4.1.1', to('https://web.example/*')],
    ['only looks like it', 'RFC 3986 section 7.6: that е is Cyrillic', to('https://wеb.example/callback')],
    ['is longer than any', 'denial of service', to(`https://web.example/callback?${'x'.repeat(3000)}`)],
  ]);
});

describe('The authorization endpoint sends nobody, for a public client on loopback, to', () => {
  const to = (redirect_uri: string) => authorize({ client_id: 'native', redirect_uri });
  // biome-ignore format: a row is a line
  rows(toPerson, [
    ['a port that is none', 'RFC 8252 section 7.3', to('http://127.0.0.1:99999/callback')],
    ['a port that is a name', 'RFC 8252 section 7.3', to('http://127.0.0.1:http/callback')],
    ['another path', 'CVE-2020-15233 in fosite', to('http://127.0.0.1:4000/evil')],
    ['a query that was not registered', 'CVE-2020-15233 in fosite', to('http://127.0.0.1:4000/callback?x=y')],
    ['a fragment', 'RFC 6749 section 3.1.2', to('http://127.0.0.1:4000/callback#x')],
    ['a host behind a user', 'CVE-2024-8883 in Keycloak', to('http://127.0.0.1:4000@evil.example/callback')],
    ['a host that starts alike', 'CVE-2024-8883 in Keycloak', to('http://127.0.0.1.evil.example/callback')],
    ['a host that starts like localhost', 'CVE-2024-8883 in Keycloak', to('http://localhost.evil.example/callback')],
    ['another address of loopback', 'RFC 8252 section 7.3', to('http://127.0.0.2:4000/callback')],
    ['loopback as one number', 'RFC 8252 section 7.3', to('http://2130706433:4000/callback')],
    ['loopback in short', 'RFC 8252 section 7.3', to('http://127.1:4000/callback')],
    ['every address', 'RFC 8252 section 8.3', to('http://0.0.0.0:4000/callback')],
    ['https', 'RFC 8252 section 7.3', to('https://127.0.0.1:4000/callback')],
  ]);
});

describe('The authorization endpoint tells the person, and nobody else, of', () => {
  const waiting = (handle: string) => ({
    path: `/oauth/authorize?continue=${encodeURIComponent(handle)}`,
  });
  const twice = authorize().path.replace('?', '?redirect_uri=https://evil.example/&');
  const HANDLE = 'return_to is never a URL from outside';
  // biome-ignore format: a row is a line
  rows(toPerson, [
    ['no client', 'RFC 6749 section 4.1.2.1', authorize({ client_id: undefined })],
    ['an empty client', 'RFC 6749 section 3.1: empty is absent', authorize({ client_id: '' })],
    ['no parameters at all', 'RFC 6749 section 4.1.2.1', { path: '/oauth/authorize' }],
    ['two clients', 'RFC 6749 section 3.1', authorize({}, '&client_id=spa')],
    ['the same client twice', 'RFC 6749 section 3.1', authorize({}, '&client_id=web')],
    ['a client in the syntax of qs', QS, authorize({ client_id: undefined }, '&client_id[]=web')],
    ['two redirect URIs', POLLUTION, authorize({}, '&redirect_uri=https://evil.example/')],
    ['two redirect URIs, the wrong one first', POLLUTION, { path: twice }],
    ['no redirect URI where several are registered', 'RFC 6749 section 3.1.2.3', authorize({ redirect_uri: undefined })],
    ['an empty redirect URI where several are registered', 'RFC 6749 section 3.1.2.3', authorize({ redirect_uri: '' })],
    ['a client with no redirect URI', 'RFC 6749 section 3.1.2.2', authorize({ client_id: 'post-only', redirect_uri: undefined })],
    ['two states, for which would go back?', 'RFC 6749 section 3.1', authorize({}, '&state=other')],
    ['a state with a line break', 'RFC 6749 appendix A.5; CWE-113', authorize({ state: 'a\r\nSet-Cookie: a=b' })],
    ['a state with a NUL byte', 'RFC 6749 appendix A.5', authorize({ state: 'a\0b' })],
    ['a state that could not go back as it came', 'RFC 6749 section 4.1.2: the exact value', authorize({ state: undefined }, '&state=%ff%fe')],
    ['a state of 5 kB', 'a URL has to pass every proxy on its way back', authorize({ state: 'x'.repeat(5000) })],
    ['a handle that was guessed', HANDLE, waiting('AAAAAAAAAAAAAAAAAAAAAA')],
    ['a handle called __proto__', OBJECT, waiting('__proto__')],
    ['a handle called constructor', OBJECT, waiting('constructor')],
    ['a handle that is a URL', HANDLE, waiting('https://evil.example/')],
    ['a handle that is a path', 'CWE-22', waiting('../../x')],
    ['a handle that is not ASCII', HANDLE, waiting('\u{1F600}')],
    ['two handles', 'RFC 6749 section 3.1', { path: '/oauth/authorize?continue=x&continue=y' }],
    ['a handle beside a request of its own', POLLUTION, authorize({}, '&continue=x')],
  ]);
  const of = (client_id: string) => authorize({ client_id, redirect_uri: 'https://evil.example/' });
  // biome-ignore format: a row is a line
  rows({ ...toPerson, error: 'invalid_client' }, [
    ['a client nobody registered', 'RFC 6749 section 4.1.2.1', of('nobody')],
    ['a client called __proto__', OBJECT, of('__proto__')],
    ['a client called constructor', OBJECT, of('constructor')],
    ['a client called hasOwnProperty', OBJECT, of('hasOwnProperty')],
    ['a client in another case', CASELESS, of('WEB')],
    ['a client with a space', 'nothing is trimmed', of('web ')],
    ['a client that is SQL', 'CWE-89', of("web' OR '1'='1")],
    ['a client that is HTML', 'CWE-79', of('<script>alert(1)</script>')],
  ]);
});

describe('The authorization endpoint tells the client of', () => {
  const legacy = {
    client_id: 'legacy',
    redirect_uri: 'https://legacy.example/callback?tenant=1',
    code_challenge: undefined,
  };
  const OIDC = 'OpenID Connect Core section 3.1.2.1';
  // biome-ignore format: a row is a line
  rows(toClient, [
    ['no response type', 'RFC 6749 section 4.1.2.1', authorize({ response_type: undefined })],
    ['an empty response type', 'RFC 6749 section 3.1', authorize({ response_type: '' })],
    ['two response types', 'RFC 6749 section 3.1', authorize({}, '&response_type=code')],
    ['two scopes', 'RFC 6749 section 3.1', authorize({}, '&scope=write')],
    ['a parameter nobody knows, twice', 'RFC 6749 section 3.1', authorize({}, '&foo=1&foo=2')],
    ['a parameter with a NUL byte', 'RFC 6749 appendix A', authorize({}, '&nonce=%00')],
    ['a parameter that is not UTF-8', 'RFC 6749 appendix B', authorize({}, '&nonce=%c0%ae')],
    ['a request object with a NUL byte', 'not passed over in silence', authorize({}, '&request=%00')],
    ['no code challenge', 'RFC 9700 section 2.1.1', authorize({ code_challenge: undefined })],
    ['an empty code challenge', 'RFC 9700 section 2.1.1', authorize({ code_challenge: '' })],
    ['two code challenges', 'RFC 9700 section 4.8', authorize({}, `&code_challenge=${CHALLENGE}`)],
    ['a code challenge that is too short', 'RFC 7636 section 4.2', authorize({ code_challenge: CHALLENGE.slice(1) })],
    ['a code challenge that is too long', 'RFC 7636 section 4.2', authorize({ code_challenge: `${CHALLENGE}A` })],
    ['a code challenge with padding', 'RFC 7636 section 4.2', authorize({ code_challenge: `${CHALLENGE.slice(1)}=` })],
    ['a code challenge in plain Base64', 'RFC 7636 section 4.2', authorize({ code_challenge: CHALLENGE.replace('-', '+') })],
    ['the method plain', 'RFC 9700 section 2.1.1', authorize({ code_challenge_method: 'plain' })],
    ['no method, which would be plain', 'RFC 7636 section 4.3', authorize({ code_challenge_method: undefined })],
    ['a method in another case', 'RFC 7636 section 4.3', authorize({ code_challenge_method: 's256' })],
    ['a method called constructor', OBJECT, authorize({ code_challenge_method: 'constructor' })],
    ['a method without a challenge', 'RFC 7636 section 4.4.1', authorize(legacy)],
    ['a prompt nobody knows', OIDC, authorize({ prompt: 'please' })],
    ['prompt=none beside another', OIDC, authorize({ prompt: 'none login' })],
    ['a max_age of -1', OIDC, authorize({ max_age: '-1' })],
    ['a max_age of 1.5', OIDC, authorize({ max_age: '1.5' })],
    ['a max_age of 1e3', OIDC, authorize({ max_age: '1e3' })],
    ['a max_age of 0x10', OIDC, authorize({ max_age: '0x10' })],
    ['a max_age longer than history', OIDC, authorize({ max_age: '99999999999' })],
    ['the response mode form_post.jwt', 'not supported, and not passed over in silence', authorize({ response_mode: 'form_post.jwt' })],
  ]);
  const ofType = (response_type: string) => authorize({ response_type });
  // biome-ignore format: a row is a line
  rows({ ...toClient, error: 'unsupported_response_type' }, [
    ['the response type token', 'RFC 9700 section 2.1.2: no implicit', ofType('token')],
    ['the response type code token', 'RFC 9700 section 2.1.2: no hybrid', ofType('code token')],
    ['the response type id_token', 'RFC 6749 section 4.1.2.1', ofType('id_token')],
    ['the response type CODE', 'RFC 6749 section 3.1.1: case-sensitive', ofType('CODE')],
    ['the response type code with a space', 'RFC 6749 section 3.1.1', ofType('code ')],
    ['the response type __proto__', OBJECT, ofType('__proto__')],
    ['the response type toString', OBJECT, ofType('toString')],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...toClient, error: 'invalid_scope' }, [
    ['a scope the client may not have', 'RFC 6749 section 3.3', authorize({ scope: 'read admin' })],
    ['a scope nobody knows', 'RFC 6749 section 3.3', authorize({ scope: 'openid' })],
    ['a scope in another case', 'RFC 6749 section 3.3: case-sensitive', authorize({ scope: 'READ' })],
    ['a scope with a quote', 'RFC 6749 section 3.3', authorize({ scope: 'read"' })],
    ['a scope with a backslash', 'RFC 6749 section 3.3', authorize({ scope: 'read\\' })],
    ['a scope that is HTML', 'CWE-79', authorize({ scope: '<script>alert(1)</script>' })],
    ['a scope of 1.5 kB', 'RFC 6749 section 3.3', authorize({ scope: 'x'.repeat(1500) })],
    ['a scope called __proto__', OBJECT, authorize({ scope: '__proto__ constructor' })],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...toClient, error: 'request_not_supported' }, [
    ['a request object', 'OpenID Connect Core section 6: not passed over in silence', authorize({ request: 'e30.e30.' })],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...toClient, error: 'request_uri_not_supported' }, [
    ['a request object by reference, which is not fetched', 'RFC 9101 section 10.4.1, CWE-918', authorize({ request_uri: 'http://169.254.169.254/' })],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...toClient, error: 'login_required' }, [
    ['prompt=none where nobody is signed in', 'OpenID Connect Core section 3.1.2.6', authorize({ prompt: 'none' })],
  ]);
});

describe('The authorization endpoint is not confused by', () => {
  const also = (answer: Got) => {
    assert.match(answer.location, /^\/login\?continue=[\w-]+$/);
    assert.equal(answer.headers['set-cookie'], undefined, 'no session without a person');
  };
  const headers = (more: OutgoingHttpHeaders) => ({ ...authorize(), headers: more });
  const session = alice.nameOf('oauth_session');
  const cookie = `${session}=%; ${session}=s%3Aabc.def; __proto__=x; =;;`;
  // biome-ignore format: a row is a line
  rows({ status: 303, goes: 'fine', also }, [
    ['parameters it does not know', 'RFC 6749 section 3.1', authorize({}, '&nonce=x&__proto__=x&constructor=y&scope[admin]=1')],
    ['a NUL byte in what it does not know', 'RFC 6749 section 3.1', authorize({}, '&foo=a%00b&claims_locales=a%0Ab')],
    ['what is not UTF-8 in what it does not know', 'RFC 6749 section 3.1', authorize({}, '&foo=%c0%ae')],
    ['broken percent-encoding in what it does not know', 'WHATWG URL section 5.1', authorize({}, '&foo=%zz&%=%')],
    ['a state in broken percent-encoding', 'WHATWG URL section 5.1', authorize({ state: undefined }, '&state=%zz')],
    ['an access token in the query', 'RFC 6750 section 2.3', authorize({ access_token: 'x' })],
    ['a client that authenticates', 'RFC 6749 section 3.1', headers({ authorization: WEB })],
    ['cookies that are none', 'RFC 6265 section 5.4', headers({ cookie })],
    ['another host', 'the issuer is a setting: no link is made of the Host header', headers({ host: 'evil.example', 'x-forwarded-host': 'evil.example' })],
    ['a method override', 'RFC 9110 section 9.1', headers({ 'x-http-method-override': 'POST' })],
  ]);
});

/** A consent form that waits for alice's decision. */
async function consentForm() {
  let page = await alice.visit(authorizeUrl(server, { prompt: 'consent' }));
  if (page.text.includes('name="password"')) page = await alice.signIn(page);
  const { fields } = readForm(page.text);
  const all = { ...fields, decision: 'allow' };
  const send = (body: Record<string, string> | string, headers: OutgoingHttpHeaders = {}) => {
    const text = typeof body === 'string' ? body : encode(body);
    return post('/oauth/authorize', text, { cookie: cookiesOf(alice), ...headers });
  };
  return { fields, all, send };
}

describe('A decision is not taken from', () => {
  type Make = (form: Awaited<ReturnType<typeof consentForm>>) => Sent;
  // biome-ignore format: a row is a line
  const table: [what: string, why: string, make: Make, status?: number][] = [
    ['JSON', 'CWE-352', ({ all, send }) => send(JSON.stringify(all), { 'content-type': 'application/json' })],
    ['text/plain, which another site may post', 'CWE-352', ({ all, send }) => send(all, { 'content-type': 'text/plain' })],
    ['a form without a token', 'CWE-352', ({ fields, send }) => send({ continue: fields['continue']!, decision: 'allow' })],
    ['a form with an empty token', 'CWE-352', ({ all, send }) => send({ ...all, csrf_token: '' })],
    ['a form with a token that has a bit changed', 'CWE-352', ({ all, fields, send }) => send({ ...all, csrf_token: flip(fields['csrf_token']!) })],
    ['a form with two tokens', 'CWE-352', ({ all, send }) => send(`${encode(all)}&csrf_token=x`)],
    ['a form with two decisions', 'RFC 6749 section 3.1', ({ fields, send }) => send(`${encode(fields)}&decision=deny&decision=allow`)],
    ['a form with no decision', 'an unknown decision approves nothing', ({ fields, send }) => send(fields)],
    ['a form with another decision', 'an unknown decision approves nothing', ({ all, send }) => send({ ...all, decision: 'ALLOW' })],
    ['a form with a decision in the syntax of qs', QS, ({ fields, send }) => send({ ...fields, 'decision[]': 'allow' })],
    ['a form with allowed=true, as the library has it', '@node-oauth/oauth2-server', ({ fields, send }) => send({ ...fields, allowed: 'true' })],
    ['a form for no request', 'CWE-352', ({ fields, send }) => send({ csrf_token: fields['csrf_token']!, decision: 'allow' })],
    ['a form for a request called __proto__', OBJECT, ({ all, send }) => send({ ...all, continue: '__proto__' })],
    ['the query', POLLUTION, ({ all, send }) => ({ ...send('x=y'), path: `/oauth/authorize?${encode(all)}` })],
    ['a form that asks anew as well', 'a request and a decision are two forms', ({ all, send }) => send(`${authorize().path.split('?')[1]!}&${encode(all)}`)],
    ['a body over its limit', TOO_LARGE, ({ all, send }) => send({ ...all, foo: 'x'.repeat(70_000) }), 413],
    ['a body in a charset nobody knows', 'RFC 9110 section 15.5.16', ({ all, send }) => send(all, { 'content-type': `${FORM}; charset=klingon` }), 415],
  ];
  for (const [what, why, make, status = 400] of table) {
    it(`${what}, and the form still works (${why})`, async () => {
      const form = await consentForm();
      const answer = await send(server, make(form));
      assert.equal(answer.status, status, `${answer.status} ${answer.location} ${answer.text}`);
      assertHarmless(answer);
      assertErrorPage(answer);
      const after = await send(server, form.send(form.all));
      assert.match(after.location, /^http:\/\/127\.0\.0\.1:9\/callback\?code=/);
    });
  }

  it('somebody who is not signed in, who is asked to sign in first (CWE-352)', async () => {
    const form = await consentForm();
    const answer = await send(server, form.send(form.all, { cookie: undefined }));
    assert.match(answer.location, /^\/login\?continue=[\w-]+$/);
  });

  it('somebody else who is signed in and knows the form (CWE-639)', async () => {
    const form = await consentForm();
    const bob = new Person(server);
    await bob.signIn(await bob.visit('/login'), 'bob', 'builder');
    const answer = await send(server, form.send(form.all, { cookie: cookiesOf(bob) }));
    assert.equal(answer.status, 400);
    assert.match(answer.text, /Bob/, 'he is asked himself');
  });
});

// Login and logout.

/** The login form of a browser that has just come. */
async function loginForm(path = '/login') {
  const person = new Person(server);
  const { fields } = readForm((await person.visit(path)).text);
  const all = { ...fields, username: 'alice', password: 'wonderland' };
  const send = (body: Record<string, string> | string, headers: OutgoingHttpHeaders = {}) => {
    const text = typeof body === 'string' ? body : encode(body);
    return post('/login', text, { cookie: cookiesOf(person), ...headers });
  };
  return { person, fields, all, send };
}

describe('Nobody is signed in by', () => {
  type Make = (form: Awaited<ReturnType<typeof loginForm>>) => Sent;
  const CSRF = 'CWE-352, login CSRF';
  // biome-ignore format: a row is a line
  const table: [what: string, why: string, make: Make, status?: number][] = [
    ['JSON', CSRF, ({ all, send }) => send(JSON.stringify(all), { 'content-type': 'application/json' })],
    ['text/plain', CSRF, ({ all, send }) => send(all, { 'content-type': 'text/plain' })],
    ['no content type', 'RFC 9110 section 8.3', ({ all, send }) => send(all, { 'content-type': undefined })],
    ['the form of another site', CSRF, ({ send }) => send({ username: 'alice', password: 'wonderland' }), 403],
    ['a token that was made up', CSRF, ({ all, send }) => send({ ...all, csrf_token: sha256('x') }), 403],
    ['a form without its cookie', CSRF, ({ all, send }) => send(all, { cookie: undefined }), 403],
    ['two usernames', POLLUTION, ({ all, send }) => send(`${encode(all)}&username=bob`)],
    ['two passwords', POLLUTION, ({ all, send }) => send(`${encode(all)}&password=x`)],
    ['a password in the syntax of qs', NOSQL, ({ fields, send }) => send({ ...fields, username: 'alice', 'password[$ne]': 'x' })],
    ['a username in the syntax of qs', NOSQL, ({ fields, send }) => send({ ...fields, 'username[$ne]': 'x', password: 'wonderland' })],
    ['a username with a NUL byte behind it', 'CWE-158', ({ all, send }) => send({ ...all, username: 'alice\0' })],
    ['a password with a NUL byte behind it', 'CWE-158: bcrypt stops reading there', ({ all, send }) => send({ ...all, password: 'wonderland\0' })],
    ['a username that is not UTF-8', 'RFC 3629 section 10', ({ fields, send }) => send(`${encode(fields)}&username=%ff&password=wonderland`)],
    ['a password of 2 kB', 'denial of service by a slow hash', ({ all, send }) => send({ ...all, password: 'x'.repeat(2000) })],
    ['a body over its limit', TOO_LARGE, ({ all, send }) => send({ ...all, foo: 'x'.repeat(70_000) }), 413],
    ['an empty form', 'an empty value is no value', ({ fields, send }) => send(fields)],
    ['an empty password', 'an empty value is no value', ({ all, send }) => send({ ...all, password: '' })],
    ['the password in another case', CASELESS, ({ all, send }) => send({ ...all, password: 'Wonderland' })],
    ['the password with a space behind it', 'nothing is trimmed', ({ all, send }) => send({ ...all, password: 'wonderland ' })],
    ['SQL', 'CWE-89', ({ all, send }) => send({ ...all, username: "alice' OR '1'='1" })],
    ['HTML', 'CWE-79', ({ all, send }) => send({ ...all, username: '"><script>alert(1)</script>' })],
    ['the username __proto__', OBJECT, ({ all, send }) => send({ ...all, username: '__proto__' })],
    ['the username constructor', OBJECT, ({ all, send }) => send({ ...all, username: 'constructor' })],
    ['the username hasOwnProperty', OBJECT, ({ all, send }) => send({ ...all, username: 'hasOwnProperty' })],
    ['the query', POLLUTION, ({ fields, send }) => ({ ...send(fields), path: '/login?username=alice&password=wonderland' })],
    ['Basic', 'RFC 7617', ({ fields, send }) => send(fields, { authorization: basic('alice', 'wonderland') })],
    ['a URL to go on to', 'CWE-601', ({ all, send }) => send({ ...all, csrf_token: 'x', continue: 'https://evil.example/' })],
  ];
  for (const [what, why, make, status = 400] of table) {
    it(`${what} (${why})`, async () => {
      const form = await loginForm();
      const answer = await send(server, make(form));
      assert.equal(answer.status, status, `${answer.status} ${answer.location} ${answer.text}`);
      assertHarmless(answer);
      assertErrorPage(answer);
      assert.doesNotMatch(answer.text, /wonderland|builder/, 'no password comes back');
      const page = await form.person.visit('/login');
      assert.match(page.text, /name="password"/, 'nobody may be signed in');
      assert.match(
        (await form.person.signIn(page)).text,
        /You are signed in/,
        'and yet one can be',
      );
    });
  }
});

describe('After login a person goes', () => {
  const targets = ['https://evil.example/', '//evil.example', '/\\evil.example', '../../x'];

  it('nowhere outside, whatever the form says (CWE-601)', async () => {
    for (const name of ['return_to', 'redirect_uri', 'next', 'url', 'RelayState']) {
      for (const target of targets) {
        const form = await loginForm(`/login?${name}=${encodeURIComponent(target)}`);
        const answer = await send(server, form.send({ ...form.all, [name]: target }));
        assert.equal(answer.location, '/login');
      }
    }
  });

  it('nowhere at all with a URL for a handle (CWE-601; CVE-2024-29041 in Express)', async () => {
    for (const target of targets) {
      const form = await loginForm();
      const answer = await send(server, form.send({ ...form.all, continue: target }));
      assert.equal(answer.location, `/oauth/authorize?continue=${encodeURIComponent(target)}`);
      assertErrorPage(await send(server, { path: answer.location }), 'invalid_request');
      const login = { path: `/login?continue=${encodeURIComponent(target)}` };
      assertErrorPage(await send(server, login), 'invalid_request');
    }
  });
});

describe('The pages are not confused by', () => {
  const also = (answer: Got) => assert.doesNotMatch(answer.text, /<script|evil\.example/);
  // biome-ignore format: a row is a line
  rows({ ...fine, also }, [
    ['parameters they do not know', 'CWE-79', { path: '/login?username=%3Cscript%3E&error=%3Cscript%3E&__proto__[x]=y' }],
    ['parameters that are there twice', 'parameter pollution', { path: '/login?prompt=login&prompt=none&foo=%zz' }],
    ['a place to go on to', 'CWE-601', { path: '/logout?post_logout_redirect_uri=https://evil.example/&return_to=//evil.example' }],
    ['a cookie that was made up', 'RFC 6265 section 8.2', { path: '/login', headers: { cookie: `${alice.nameOf('oauth_session')}=s%3Ax.y; ${alice.nameOf('oauth_browser')}=%` } }],
    ['what a proxy says where there is none', 'RFC 7239 section 8.1', { path: '/', headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'evil.example' } }],
  ]);
});

describe('Nobody is signed out by', () => {
  type Make = (fields: Record<string, string>) => Sent;
  const json = { 'content-type': 'application/json' };
  // biome-ignore format: a row is a line
  const table: [what: string, why: string, make: Make, status: number][] = [
    ['GET', 'RFC 9110 section 9.2.1: safe', () => ({ path: '/logout' }), 200],
    ['the form of another site', 'CWE-352', () => post('/logout', 'x=y'), 303],
    ['JSON', 'CWE-352', (fields) => post('/logout', JSON.stringify(fields), json), 400],
    ['no body', 'CWE-352', () => ({ method: 'POST', path: '/logout' }), 400],
    ['two tokens', POLLUTION, (fields) => post('/logout', `${encode(fields)}&csrf_token=x`), 303],
    ['the query', POLLUTION, (fields) => post(`/logout?${encode(fields)}`, 'x=y'), 303],
    ['a body over its limit', TOO_LARGE, (fields) => post('/logout', `${encode(fields)}&x=${'x'.repeat(70_000)}`), 413],
  ];
  for (const [what, why, make, status] of table) {
    it(`${what} (${why})`, async () => {
      const person = new Person(server);
      await person.signIn(await person.visit('/login'));
      const sent = make(readForm((await person.visit('/logout')).text).fields);
      const headers = { ...sent.headers, cookie: cookiesOf(person) };
      const answer = await send(server, { ...sent, headers });
      assert.equal(answer.status, status, answer.text);
      assertHarmless(answer);
      assert.match((await person.visit('/login')).text, /Alice Liddell/);
    });
  }
});

// The protected resource.

const bearer = (authorization: string, path = '/secret') => ({ path, headers: { authorization } });

describe('/secret refuses', () => {
  const challenge = (pattern: RegExp) => (answer: Got) =>
    assert.match(answer.headers['www-authenticate'] ?? '', pattern);

  const noToken = challenge(/^Bearer realm="[^"]+", scope="read", resource_metadata="[^"]+"$/);
  const NO_CODE = 'RFC 6750 section 3.1: who sends no token is told no error code';
  // biome-ignore format: a row is a line
  rows({ status: 401, error: 'invalid_token', goes: 'json', also: noToken }, [
    ['no token', NO_CODE, { path: '/secret' }],
    ['an empty header', NO_CODE, bearer('')],
    ['Basic', NO_CODE, bearer(WEB)],
    ['Digest', NO_CODE, bearer('Digest username="web"')],
    ['MAC', NO_CODE, bearer('MAC id="x"')],
    ['a token without its scheme', NO_CODE, bearer(ACCESS)],
    ['a scheme that starts like Bearer', NO_CODE, bearer(`Bearers ${ACCESS}`)],
    ['a token in a body', 'RFC 6750 section 2.2: not with GET', { ...post('/secret', `access_token=${ACCESS}`), method: 'GET' }],
  ]);

  const wrongToken = challenge(
    /error="invalid_token", error_description="[^"]+", scope="read", resource_metadata="[^"]+"$/,
  );
  // biome-ignore format: a row is a line
  rows({ status: 401, error: 'invalid_token', goes: 'json', also: wrongToken }, [
    ['a token with a bit changed', 'RFC 6750 section 5.1', bearer(`Bearer ${flip(ACCESS)}`)],
    ['a token with a character more', 'RFC 6750 section 5.1', bearer(`Bearer ${ACCESS}x`)],
    ['a token with a character less', 'RFC 6750 section 5.1', bearer(`Bearer ${ACCESS.slice(1)}`)],
    ['a token with padding', 'Base64 that means the same is another token', bearer(`Bearer ${ACCESS}=`)],
    ['a token in another case', CASELESS, bearer(`Bearer ${swapCase(ACCESS)}`)],
    ['the hash of a token', HASH, bearer(`Bearer ${sha256(ACCESS)}`)],
    ['a token called __proto__', OBJECT, bearer('Bearer __proto__')],
    ['a JWT that nobody signed', 'RFC 8725 section 2.1', bearer('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.')],
    ['a token of 8 kB', 'denial of service', bearer(`Bearer ${'x'.repeat(8000)}`)],
  ]);

  const malformed = challenge(
    /error="invalid_request", error_description="[^"]+", scope="read", resource_metadata="[^"]+"$/,
  );
  // biome-ignore format: a row is a line
  rows({ ...badRequest, also: malformed }, [
    ['Bearer with no token', 'RFC 6750 section 2.1', bearer('Bearer')],
    ['bearer with no token', 'RFC 6750 section 2.1', bearer('bearer ')],
    ['two tokens', 'RFC 6750 section 2.1', bearer(`Bearer ${ACCESS} ${ACCESS}`)],
    ['two tokens with a comma', 'RFC 9110 section 11.6.2', bearer(`Bearer ${ACCESS}, Bearer ${ACCESS}`)],
    ['a token in quotes', 'RFC 6750 section 2.1', bearer(`Bearer "${ACCESS}"`)],
    ['a token with an encoded NUL byte', 'RFC 6750 section 2.1', bearer(`Bearer ${ACCESS}%00`)],
    ['a token that is not ASCII', 'RFC 6750 section 2.1', bearer('Bearer \xe4\xf6\xfc')],
    ['a token as a parameter', 'RFC 6750 section 2.1', bearer(`Bearer token="${ACCESS}"`)],
    ['a token in the query', 'RFC 6750 section 2.3, RFC 9700 section 4.3.2', { path: `/secret?access_token=${ACCESS}` }],
    ['a token in header and query', 'RFC 6750 section 2: one way', bearer(`Bearer ${ACCESS}`, `/secret?access_token=${ACCESS}`)],
    ['a token in the header, and an empty one in the query', 'RFC 6750 section 2: one way', bearer(`Bearer ${ACCESS}`, '/secret?access_token=')],
    ['two tokens in the query', 'RFC 6750 section 2: one way', { path: '/secret?access_token=a&access_token=b' }],
  ]);

  const tooLittle = challenge(
    /error="insufficient_scope", error_description="[^"]+", scope="read", resource_metadata="[^"]+"$/,
  );
  // biome-ignore format: a row is a line
  rows({ status: 403, error: 'insufficient_scope', goes: 'json', also: tooLittle }, [
    ['a token with too little scope', 'RFC 6750 section 3.1', bearer(`Bearer ${WRITE_ONLY}`)],
  ]);
});

describe('/secret accepts', () => {
  const override = { authorization: `Bearer ${ACCESS}`, 'x-http-method-override': 'DELETE' };
  // biome-ignore format: a row is a line
  rows(fine, [
    ['Bearer', 'RFC 6750 section 2.1', bearer(`Bearer ${ACCESS}`)],
    ['bearer in lower case', 'RFC 9110 section 11.1: schemes are case-insensitive', bearer(`bearer ${ACCESS}`)],
    ['BEARER in upper case', 'RFC 9110 section 11.1: schemes are case-insensitive', bearer(`BEARER ${ACCESS}`)],
    ['a query it does not know', 'RFC 3986 section 3.4', bearer(`Bearer ${ACCESS}`, '/secret?__proto__[access_token]=x&foo=%zz')],
    ['a method override, which it does not look at', 'RFC 9110 section 9.1', { path: '/secret', headers: override }],
  ]);
});

// The tutorials' endpoint.

describe('/auth refuses', () => {
  const auth = (body: string | Buffer, headers: OutgoingHttpHeaders = {}, path = '/auth') =>
    token(body, headers, path);
  const ofGrant = (grantType: string) =>
    auth(`grant_type=${grantType}&code=x&refresh_token=x&username=alice&password=wonderland`);
  // biome-ignore format: a row is a line
  rows({ ...badRequest, to: demo }, [
    ['JSON', 'RFC 6749 section 3.2', auth('{}', { 'content-type': 'application/json' })],
    ['a parameter twice', 'RFC 6749 section 3.2', auth(`${CC}&${CC}`)],
    ['no grant type', 'RFC 6749 section 5.2', auth('x=y')],
    ['credentials sent two ways', 'RFC 6749 section 2.3', auth(`${CC}&client_id=web&client_secret=web-secret`)],
    ['credentials in the query', 'RFC 6749 section 2.3.1', auth(CC, {}, '/auth?client_secret=web-secret')],
    ['GET', 'RFC 6749 section 3.2', { ...auth(CC), method: 'GET' }],
    ['HEAD', 'RFC 6749 section 3.2', { ...auth(CC), method: 'HEAD' }],
    ['PUT', 'RFC 6749 section 3.2', { ...auth(CC), method: 'PUT' }],
    ['DELETE', 'RFC 6749 section 3.2', { ...auth(CC), method: 'DELETE' }],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...badClient, to: demo }, [
    ['no client', 'RFC 6749 section 5.2', auth(CC, { authorization: undefined })],
    ['a wrong secret', 'RFC 6749 section 5.2', auth(CC, { authorization: basic('web', 'x') })],
    ['a malformed header', 'RFC 7617 section 2', auth(CC, { authorization: 'Basic x' })],
    ['a client called __proto__', OBJECT, auth(CC, { authorization: basic('__proto__', 'x') })],
  ]);
  // biome-ignore format: a row is a line
  rows({ status: 400, error: 'unsupported_grant_type', goes: 'json', to: demo }, [
    ['the grant type password', 'RFC 9700 section 2.4', ofGrant('password')],
    ['the grant type __proto__', OBJECT, ofGrant('__proto__')],
    ['the grant type authorization_code', 'its answer has no place for a person', ofGrant('authorization_code')],
    ['the grant type refresh_token', 'its answer has no place for a person', ofGrant('refresh_token')],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...tooLarge, to: demo }, [['a body over its limit', TOO_LARGE, auth('x'.repeat(70_000))]]);
  // biome-ignore format: a row is a line
  rows({ ...badRequest, status: 404 }, [['everything outside of demo mode', 'DESIGN.md', auth(CC)]]);
});

// Methods and URLs.

describe('A method that a resource does not have is answered with 405 and Allow:', () => {
  const allowed: Record<string, readonly string[]> = {
    '/oauth/token': ['POST'],
    '/oauth/authorize': ['GET', 'POST'],
    '/login': ['GET', 'HEAD', 'POST'],
    '/logout': ['GET', 'HEAD', 'POST'],
    '/secret': ['GET', 'HEAD'],
    '/oauth/style.css': ['GET', 'HEAD'],
    '/.well-known/change-password': ['GET', 'HEAD'],
    '/': ['GET', 'HEAD'],
  };
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];
  for (const [path, own] of Object.entries(allowed)) {
    const isMachine = !['/', '/login', '/logout', '/oauth/authorize'].includes(path);
    const also = (answer: Got) => {
      assert.equal(answer.headers.allow, own.join(', '));
      assert.equal(answer.location, '');
      assert.equal(answer.headers['set-cookie'], undefined);
    };
    const expected = { status: 405, error: 'invalid_request' } as const;
    const authorization = path === '/oauth/token' ? WEB : `Bearer ${ACCESS}`;
    const sent: Sent = {
      path: path === '/oauth/authorize' ? authorize().path : path,
      headers: { authorization, 'content-type': FORM },
    };
    rows(
      { ...expected, goes: isMachine ? 'json' : 'page', also },
      methods
        .filter((method) => !own.includes(method))
        .map((method): Row => {
          const body = method === 'HEAD' || method === 'TRACE' ? {} : { body: CC };
          return [`${method} ${path}`, 'RFC 9110 section 15.5.6', { ...sent, ...body, method }];
        }),
    );
  }

  it('HEAD /oauth/authorize of a person who has allowed it, too (GitHub took HEAD for a decision in 2019)', async () => {
    await authorizeAs(server, { person: alice });
    const allowedBefore = await alice.open(authorizeUrl(server));
    assert.match(allowedBefore.location, /code=/);
    const head = await alice.open(authorizeUrl(server), { method: 'HEAD' });
    assert.deepEqual([head.status, head.location], [405, '']);
  });

  // biome-ignore format: a row is a line
  rows({ status: 405, error: 'invalid_request', goes: 'json' }, [
    ['GET that says it is POST', 'RFC 9110 section 9.1', { path: '/oauth/token', headers: { authorization: WEB, 'x-http-method-override': 'POST' } }],
    ['GET that says it is POST in the query', 'RFC 9110 section 9.1', { path: '/oauth/token?_method=POST', headers: { authorization: WEB, 'x-http-method': 'POST' } }],
  ]);
});

describe('A URL at which there is nothing is answered with 404:', () => {
  const paths = [
    '/nothing',
    '/oauth',
    '/oauth/authorize/decision',
    '//evil.example/login',
    '/%',
    '/%zz',
    '/oauth/%c0%ae%c0%ae/token',
    '/oauth/token%00',
    '/login;x=y',
    '/..%2f..%2fpackage.json',
    '/../package.json',
    '/.env',
    '/views/login.ejs',
    '/__proto__',
    '/\\login',
  ];
  const why = 'RFC 9110 section 15.5.5';
  rows(
    { ...badRequest, status: 404 },
    paths.map((path): Row => [path, why, { path }]),
  );
  // biome-ignore format: a row is a line
  rows({ ...badRequest, status: 404, goes: 'page' }, [
    ['with a page for a browser', 'CWE-79', { path: '/<script>alert(1)</script>', headers: { accept: 'text/html' } }],
  ]);
  // biome-ignore format: a row is a line
  rows({ ...badRequest, status: 404 }, [
    ['whatever it is that a client accepts', 'RFC 9110 section 12.5.1', { path: '/nothing', headers: { accept: ';;;q=,,,' } }],
  ]);
});

// What Node answers before any of us is asked.

describe('Node refuses', () => {
  const start = 'POST /oauth/token HTTP/1.1\r\nHost: x\r\n';
  const bigState = authorize({ state: 'x'.repeat(100_000) }).path;
  // biome-ignore format: a row is a line
  const table: [what: string, why: string, status: number, bytes: string | Buffer][] = [
    ['a state of 100 kB', 'RFC 6585 section 5', 431, `GET ${bigState} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['a header of 100 kB', 'RFC 6585 section 5', 431, `GET /secret HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(100_000)}\r\n\r\n`],
    ['100 kB of cookies', 'RFC 6585 section 5', 431, `GET /login HTTP/1.1\r\nHost: x\r\nCookie: ${'a=b; '.repeat(20_000)}\r\n\r\n`],
    ['two lengths of one body', 'RFC 9112 section 6.3, CWE-444', 400, `${start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nx=y&z`],
    ['a length and chunks', 'RFC 9112 section 6.1, CWE-444', 400, `${start}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`],
    ['a NUL byte in a header', 'RFC 9110 section 5.5', 400, `${start}Authorization: Basic \0\r\n\r\n`],
    ['a NUL byte in a path', 'RFC 3986 section 2', 400, 'GET /\0login HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a byte in a path that is not ASCII', 'RFC 3986 section 2', 400, Buffer.from('GET /?x=\xff HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1')],
    ['no host', 'RFC 9112 section 3.2', 400, 'GET /login HTTP/1.1\r\n\r\n'],
    ['an expectation nobody knows', 'RFC 9110 section 10.1.1', 417, `${start}Expect: a-miracle\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`],
    ['another protocol', 'RFC 9112 section 2.3', 400, 'HELLO\r\n\r\n'],
  ];
  for (const [what, why, status, bytes] of table) {
    it(`${what} (${why})`, async () => {
      const answer = await sendRaw(server, bytes);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      for (const leak of LEAKS) assert.doesNotMatch(answer, leak);
    });
  }

  it('nothing that is odd and well-formed, which we answer (RFC 9112 section 3.2)', async () => {
    for (const [line, status] of [
      ['GET http://evil.example/login HTTP/1.1\r\nHost: x', 200],
      ['GET http://evil.example HTTP/1.1\r\nHost: x', 200],
      ['GET http://evil.example?x HTTP/1.1\r\nHost: x', 200],
      ['GET /login HTTP/1.0', 200],
      ['GET /oauth/authorize HTTP/1.0', 400],
      ['OPTIONS * HTTP/1.1\r\nHost: x', 404],
    ] as const) {
      const answer = await sendRaw(server, `${line}\r\nConnection: close\r\n\r\n`);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), line);
      assert.doesNotMatch(answer, /^location:.*evil|href="[^"]*evil/im);
      assert.deepEqual(failures.splice(0), []);
    }
  });
});

// Time. Dates are mocked; nothing waits.

describe('What has expired', () => {
  const start = Date.now();
  const SECOND = 1000;
  const at = (seconds: number) => mock.timers.setTime(start + seconds * SECOND);
  const timed = (test: () => Promise<void>) => async () => {
    mock.timers.enable({ apis: ['Date'], now: start });
    try {
      await test();
    } finally {
      mock.timers.reset();
    }
  };

  it(
    'is a code after 60 seconds, and not before (RFC 6749 section 4.1.2)',
    timed(async () => {
      const [early, late] = [await authorizeAs(server), await authorizeAs(server)];
      at(59);
      assert.equal((await early.exchange()).status, 200);
      at(60);
      assertJsonError(got(await late.exchange()), 'invalid_grant');
    }),
  );

  it(
    'is an access token after an hour, and not before (RFC 6750 section 3.1)',
    timed(async () => {
      const { json } = await (await authorizeAs(server)).exchange();
      at(3599);
      assert.equal((await getSecret(server, json.access_token)).status, 200);
      at(3600);
      const answer = got(await getSecret(server, json.access_token));
      assertJsonError(answer, 'invalid_token');
      assert.match(answer.headers['www-authenticate'] ?? '', /error="invalid_token"/);
    }),
  );

  it(
    'is a refresh token after 14 days without use, and not before (RFC 6749 section 10.4)',
    timed(async () => {
      const { json } = await (await authorizeAs(server)).exchange();
      at(14 * 86_400 - 1);
      const next = await refresh(json.refresh_token);
      assert.equal(next.status, 200);
      at(28 * 86_400);
      assertJsonError(got(await refresh(next.json.refresh_token)), 'invalid_grant');
    }),
  );

  it(
    'is a family after 90 days, however often it was refreshed (RFC 9700 section 4.14.2)',
    timed(async () => {
      let { json } = await (await authorizeAs(server)).exchange();
      for (let day = 10; day < 90; day += 10) {
        at(day * 86_400);
        const next = await refresh(json.refresh_token);
        assert.equal(next.status, 200);
        json = next.json;
      }
      at(90 * 86_400 - 60);
      const last = await refresh(json.refresh_token);
      assert.equal(last.json.expires_in, 60, 'nothing outlives the family');
      at(90 * 86_400);
      assertJsonError(got(await refresh(last.json.refresh_token)), 'invalid_grant');
      assertJsonError(got(await getSecret(server, last.json.access_token)), 'invalid_token');
    }),
  );

  it(
    'is a sign-in under way after 30 minutes, and cannot be gone on with (CWE-613)',
    timed(async () => {
      const form = await consentForm();
      at(30 * 60);
      const answer = await send(server, form.send(form.all));
      assertErrorPage(answer, 'invalid_request');
      assert.equal(answer.status, 400);
    }),
  );

  it(
    'is a sign-in that was asked for, once it was answered (OpenID Connect Core section 3.1.2.1)',
    timed(async () => {
      const person = new Person(server);
      await authorizeAs(server, { person });
      at(1);
      const page = await person.visit(authorizeUrl(server, { prompt: 'login' }));
      const handle = readForm(page.text).fields['continue'];
      assert.match((await person.signIn(page)).location, /code=/);
      at(60);
      const again = await person.open(`/oauth/authorize?continue=${handle}`);
      assertErrorPage(got(again), 'invalid_request');
    }),
  );
});

// An attacker who knows the server.

describe('An attacker', () => {
  it('gets no more than was allowed by asking for a scope of nothing but spaces', async () => {
    // It is an absent one, which stands for all the client may have: what is asked about, and shown.
    const person = new Person(server);
    await authorizeAs(server, { person, scope: 'read' });
    const page = await person.visit(authorizeUrl(server, { scope: '   ' }));
    assert.match(page.text, /Change your data/);
    assert.match(page.text, /name="decision"/);
  });

  it('shuts no public client out of an address by guessing at a secret it has not', async () => {
    const limited = await startServer({ CLIENT_LIMIT: '3' });
    const flow = await authorizeAs(limited, {
      client: 'spa',
      redirectUri: 'https://spa.example/callback',
    });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'spa' };
      await requestToken(limited, { ...form, client_secret: 'x' });
    }
    assert.equal((await flow.exchange()).status, 200);
  });

  it('makes no store fail by a byte that it cannot take', async () => {
    const store = await emptyStore();
    const picky = {
      ...store,
      clients: {
        ...store.clients,
        async find(id: string) {
          // As PostgreSQL does.
          if (id.includes('\0')) throw new Error('invalid byte sequence for encoding "UTF8": 0x00');
          return store.clients.find(id);
        },
      },
    };
    const strict = await startServer({ RATE_LIMIT: 'off' }, { store: picky });
    for (const sent of [
      token(CC, { authorization: basic('web%00', 'web-secret') }),
      token(`${CC}&client_id=web%00`, { authorization: undefined }),
      authorize({ client_id: 'web\0' }),
    ]) {
      assert.ok((await send(strict, sent)).status < 500);
    }
  });

  it('finds no session that comes back to life after its person has signed out', async () => {
    const store = await emptyStore();
    let gate: Promise<void> | undefined;
    const held = {
      ...store,
      users: {
        ...store.users,
        async find(id: string) {
          const waiting = gate;
          gate = undefined;
          await waiting;
          return store.users.find(id);
        },
      },
    };
    const slow = await startServer({}, { store: held });
    const person = new Person(slow);
    const { action, fields } = readForm((await person.visit('/login')).text);
    const body = encode({ ...fields, username: 'alice', password: 'wonderland' });
    await person.open(action, { method: 'POST', body, headers: { 'content-type': FORM } });
    const cookie = cookiesOf(person);
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    // A page is on its way, has read the session, and is held up.
    const page = send(slow, { path: '/', headers: { cookie } });
    while (gate !== undefined) await new Promise((resolve) => setImmediate(resolve));
    await person.submit(await person.visit('/logout'), {});
    open();
    await page;
    const after = await send(slow, { path: '/login', headers: { cookie } });
    assert.match(after.text, /name="password"/);
  });

  it('and a person who is quick: the sign-in is kept before the browser is sent on', async () => {
    const store = await emptyStore();
    const slow = {
      ...store,
      sessions: {
        ...store.sessions,
        async save(...session: Parameters<typeof store.sessions.save>) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await store.sessions.save(...session);
        },
      },
    };
    const far = await startServer({}, { store: slow });
    const person = new Person(far);
    const page = await person.visit(authorizeUrl(far));
    const { action, fields } = readForm(page.text);
    const form = { ...fields, username: 'alice', password: 'wonderland' };
    // A browser follows a redirect as soon as it has the headers.
    const next = await new Promise<Got>((resolve, reject) => {
      const { headers, body } = post(action, encode(form), { cookie: cookiesOf(person) });
      const req = request(
        `${far.origin}${action}`,
        { method: 'POST', headers: headers! },
        (res) => {
          const cookie = (res.headers['set-cookie'] ?? [])
            .map((line) => line.split(';')[0])
            .join('; ');
          send(far, { path: res.headers.location!, headers: { cookie } }).then(resolve, reject);
          res.resume();
        },
      );
      req.on('error', reject).end(body);
    });
    assert.match(next.text, /name="decision"/, 'not the login page once more');
  });
});

// Whatever else.

describe('2,000 requests at random', () => {
  const { below, chance, pick } = randomNumbers(20260710);
  const soundRequest = {
    response_type: 'code',
    client_id: 'web',
    redirect_uri: CALLBACK,
    state: 'the-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  };

  const names =
    'grant_type client_id client_secret code redirect_uri code_verifier refresh_token scope state response_type code_challenge code_challenge_method prompt max_age login_hint ui_locales nonce display claims id_token_hint request_uri registration session current_password new_password new_password_again response_mode request continue decision csrf_token username password access_token iss resource __proto__ constructor a[b] a[] toString'.split(
      ' ',
    );
  const words =
    '% %zz %00 " \' \\ <b> {{7*7}} -1 __proto__ constructor null true [] {} ../.. //evil.example ☃ 😀 0 1e309 web spa native legacy nobody web-secret code token S256 plain read write admin none login consent allow deny alice wonderland authorization_code refresh_token client_credentials password https://spa.example/callback http://127.0.0.1:77/callback https://evil.example/ javascript:alert(1) data:text/html,x';
  const values = [
    ...words.split(' '),
    ...['', ' ', '\0', '\r\n', '\u202e', 'read write', CHALLENGE, CALLBACK, `${CALLBACK}#a`],
    ...['x'.repeat(300), 'x'.repeat(5000), 'é'.repeat(200)],
  ];
  const LONG_ENOUGH = 'through the looking glass';
  const twice = (fresh: string) => ({ new_password: fresh, new_password_again: fresh });
  /** Where requests go, with what is sound there; the first ones more often than the rest. */
  const targets: [path: string, method: string, sound: Record<string, string>][] = [
    ['/oauth/token', 'POST', { grant_type: 'client_credentials' }],
    ['/oauth/token', 'POST', { grant_type: 'authorization_code', redirect_uri: CALLBACK }],
    ['/oauth/token', 'POST', { grant_type: 'refresh_token' }],
    ['/oauth/authorize', 'POST', {}],
    ['/oauth/authorize', 'GET', { ...soundRequest }],
    ['/oauth/authorize', 'GET', { ...soundRequest, prompt: 'none' }],
    ['/login', 'POST', { username: 'alice', password: 'wonderland' }],
    ['/login', 'GET', {}],
    ['/auth', 'POST', { grant_type: 'client_credentials' }],
    ['/secret', 'GET', {}],
    ['/logout', 'POST', {}],
    ['/account', 'GET', {}],
    ['/account/remove-app', 'GET', { client_id: 'web' }],
    ['/account/remove-app', 'POST', { client_id: 'web' }],
    ['/account/sign-out', 'POST', { session: 'x' }],
    ['/account/password', 'POST', { current_password: 'wonderland', ...twice(LONG_ENOUGH) }],
    ['/account/reset-password', 'GET', { token: 'x' }],
    ['/account/reset-password', 'POST', { token: 'x', ...twice(LONG_ENOUGH) }],
  ];
  const paths = targets.map(([path]) => path);
  const oddPaths =
    '/ /demo/callback /playground /account/x /health /oauth/style.css /.well-known/oauth-authorization-server /nothing //x /%00 /..%2f /oauth/token/ /OAUTH/AUTHORIZE';
  const methods = 'GET POST PUT HEAD DELETE OPTIONS PATCH TRACE'.split(' ');
  const types = ['application/json', 'text/plain', `${FORM}; charset=x`, ';', `${FORM}; a=b`];

  const noise = () =>
    String.fromCodePoint(...Array.from({ length: below(40) }, () => below(0xd7ff)));
  const inUrl = (text: string) => text.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent);
  const inHeader = (text: string) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');

  function form(sound: Record<string, string>): string {
    const pairs = Object.entries(sound).filter(() => !chance(0.05));
    for (let more = Math.max(0, below(6) - 2); more > 0; more -= 1) {
      const value = chance(0.2) ? noise() : pick(values);
      // Another parameter, or another value for one that is there.
      if (pairs.length === 0 || chance(0.6)) pairs.push([pick(names), value]);
      else pick(pairs)[1] = value;
    }
    return pairs
      .map(([name, value]) => `${name}=${chance(0.9) ? encodeURIComponent(value) : value}`)
      .join(chance(0.9) ? '&' : pick([';', '&&', '=']));
  }

  function credentials(path: string): string {
    if (chance(0.8)) return path === '/secret' ? `Bearer ${ACCESS}` : WEB;
    const odd = [basic(pick(values), pick(values)), `Basic ${noise()}`, `Bearer ${pick(values)}`];
    return inHeader(pick([...odd, noise()]));
  }

  function any(known: Record<string, string>, cookie: string): Sent {
    const [path, usual, sound] = pick(targets);
    const method = chance(0.85) ? usual : pick(methods);
    const isGet = method === 'GET';
    const headers: OutgoingHttpHeaders = { 'content-type': chance(0.9) ? FORM : pick(types) };
    if (chance(0.9)) headers['authorization'] = credentials(path);
    if (chance(0.8))
      headers['cookie'] = inHeader(chance(0.9) ? cookie : `oauth_session=${noise()}`);
    if (chance(0.2)) headers['accept'] = inHeader(pick(['text/html', '*/*', noise()]));
    if (chance(0.1)) headers['accept-language'] = inHeader(pick(['de', 'zh-TW, *;q=0.1', noise()]));
    if (chance(0.1)) headers['origin'] = pick(['null', 'https://evil.example']);
    if (chance(0.1)) headers['access-control-request-method'] = 'POST';
    if (chance(0.03)) headers['content-encoding'] = pick(['gzip', 'deflate', 'br', 'x']);
    if (chance(0.05)) headers['x-forwarded-for'] = inHeader(noise());

    const fields = () => form({ ...sound, ...(chance(0.8) && known) });
    const query = chance(isGet ? 0.9 : 0.1) ? `?${fields()}` : '';
    const body = chance(0.95) ? fields() : pick(['{"a":', '\0\0', noise(), 'x='.repeat(40_000)]);
    const hasBody = method !== 'TRACE' && method !== 'HEAD' && chance(isGet ? 0.1 : 0.95);
    const to = chance(0.9) ? path : pick([...paths, ...oddPaths.split(' ')]);
    return { method, path: inUrl(`${to}${query}`), headers, ...(hasBody && { body }) };
  }

  it('bring forth no failure, no leak, and no redirect to anybody but a client', async () => {
    const people = [new Person(server), new Person(demo)] as const;
    for (let round = 0; round < 100; round += 1) {
      const isDemo = chance(0.3);
      const [to, person] = isDemo ? [demo, people[1]] : [server, people[0]];
      // Some of what is sent is right, so that more than the first check is reached.
      let page = await person.visit(authorizeUrl(to, { prompt: 'consent' }));
      if (page.text.includes('name="password"')) page = await person.signIn(page);
      const { fields } = readForm(page.text);
      const flow = isDemo ? undefined : await authorizeAs(to, { person });
      // The handle of a request under way is left out at times, or nothing else would be looked at.
      const known: Record<string, string> = { ...fields, decision: pick(['allow', 'deny', 'x']) };
      if (flow) Object.assign(known, { code: flow.code, code_verifier: flow.verifier });
      if (chance(0.5)) delete known['continue'];
      const requests = Array.from({ length: 20 }, () => any(known, cookiesOf(person)));
      const answers = await Promise.all(requests.map((sent) => send(to, sent)));
      for (const [index, answer] of answers.entries()) {
        try {
          assertHarmless(answer);
        } catch (error) {
          const sent = JSON.stringify(requests[index]).slice(0, 2000);
          throw new Error(`Round ${round}: ${sent}`, { cause: error });
        }
      }
    }
  });
});
