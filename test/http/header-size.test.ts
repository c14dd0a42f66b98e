// The size of the headers of every answer, as it leaves the server. nginx reads them into 4 kB, and
// takes out a server whose answer has more: what a stranger sends may not make them long.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { authorizationServer } from '../../src/server.ts';
import { authorizeUrl, pkce } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

/** Bytes of status line and headers. */
const MAX_HEADER = 3500;

const CALLBACK = `https://app.example/${'c'.repeat(200)}`;

const seed = {
  ...SEED,
  clients: [
    ...SEED.clients,
    {
      client_id: `app-${'a'.repeat(251)}`,
      client_secret: 'app-secret',
      client_name: 'N'.repeat(256),
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  ],
};

interface Raw extends Answer {
  /** Bytes of status line and headers. */
  readonly size: number;
}

/** One request over a socket of its own; the answer as it came. */
function raw(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: RequestInit & { body?: string } = {},
): Promise<Raw> {
  const { hostname, port } = new URL(origin);
  const all = { host: hostname, 'content-length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1').on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk;
      const size = text.indexOf('\r\n\r\n') + 4;
      if (size < 4) return;
      const [first = '', ...rest] = text.slice(0, size - 4).split('\r\n');
      const got = new Headers(
        rest.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
      );
      const rendered = Buffer.from(text.slice(size), 'latin1');
      if (method !== 'HEAD' && rendered.length < Number(got.get('content-length') ?? 0)) return;
      socket.destroy();
      resolve({
        status: Number(first.split(' ')[1]),
        headers: got,
        text: rendered.toString(),
        json: undefined,
        location: got.get('location') ?? '',
        size,
      });
    });
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

const server = await startServer({ ISSUER: 'https://auth.example.com' }, { seed });

/** A person whose browser notes how large the headers of answers are. */
class Witness extends Person {
  longest = 0;

  constructor() {
    super({ origin: server.issuer, issuer: server.issuer });
  }

  override async open(url: string, { method = 'GET', body }: RequestInit = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await raw(server.origin, url.replace(server.issuer, ''), {
      method,
      headers: { ...this.headers, ...(cookie && { cookie }), ...(body && form) },
      body: body === undefined ? '' : String(body),
    });
    this.longest = Math.max(this.longest, answer.size);
    assert.ok(answer.size < MAX_HEADER, `${answer.size} bytes: ${method} ${url.slice(0, 100)}`);
    assert.ok(answer.status < 500, `${answer.status}: ${method} ${url.slice(0, 100)}`);
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}

/** A text of so many characters, in characters of one kind. */
const KINDS: Record<string, (length: number) => string> = {
  'random and safe in URLs': (length) => randomBytes(length).toString('base64url').slice(0, length),
  'percent-encoded to three': (length) => '"'.repeat(length),
  'percent-encoded to nine': (length) => '山'.repeat(length),
  'all the same': (length) => 's'.repeat(length),
};

const request = (changes: Record<string, string | undefined> = {}) =>
  authorizeUrl(server, {
    client_id: `app-${'a'.repeat(251)}`,
    redirect_uri: CALLBACK,
    code_challenge: pkce().challenge,
    ...changes,
  });

describe('the headers of an answer', () => {
  for (const [kind, text] of Object.entries(KINDS)) {
    it(`stay short from the request to the client, whatever the length of a state that is ${kind}`, async () => {
      const reached: number[] = [];
      const person = new Witness();
      for (const length of [0, 500, 1000, 1500, 1800, 2048, 2049, 2600, 4000, 6000]) {
        const state = text(length);
        // A request that asks for the login page, and then for the consent page.
        const page = await person.visit(request({ prompt: 'login consent', state }));
        const last = page.text.includes('name="password"') ? await person.signIn(page) : page;
        const back = last.text.includes('name="decision"')
          ? await person.submit(last, { decision: 'allow' })
          : last;
        if (back.location === '') {
          // Node takes no request of more than 16 kB.
          if (last.status !== 431) assert.match(last.text, /too long/);
          continue;
        }
        const params = new URL(back.location).searchParams;
        assert.equal(params.get('state') ?? '', state);
        if (params.has('code')) reached.push(length);
        else assert.match(params.get('error_description') ?? 'too long', /too long/);
      }
      const bytes = encodeURIComponent(text(1000)).length;
      assert.ok(reached.includes(bytes > 2000 ? 0 : 1800), `${reached}, ${person.longest} bytes`);
    });
  }

  it('stay short with a redirect URI of a usual length and a state of 2 kB, which arrives', async () => {
    const state = KINDS['random and safe in URLs']!(2048);
    const person = new Witness();
    const url = { client_id: 'web', redirect_uri: 'https://web.example/callback', state };
    const back = await person.allow(request({ ...url, scope: 'read write' }));
    assert.equal(back.searchParams.get('state'), state);
    assert.match(back.searchParams.get('code') ?? '', /^[\w-]{43}$/);
  });

  it('stay short with everything else that a request may have, at its longest', async () => {
    const person = new Witness();
    const random = KINDS['random and safe in URLs']!;
    for (const more of [0, 1, 2, 4, 8, 16]) {
      const resources = Array.from({ length: more }, () => `https://api.example/${random(490)}`);
      const url = [
        request({
          state: random(600),
          login_hint: random(256),
          ui_locales: random(256),
          prompt: 'login consent',
          max_age: '9999999999',
        }),
        ...resources.map((resource) => `resource=${encodeURIComponent(resource)}`),
      ].join('&');
      const page = await person.visit(url);
      if (page.location === '')
        await person.submit(await person.signIn(page), { decision: 'deny' });
      else assert.match(page.location, /error=invalid_request/, `${more} resources`);
    }
  });

  it('stay short at every path, for strangers and for who is signed in, with every parameter at its longest', async () => {
    const names =
      'client_id redirect_uri scope resource state continue prompt to return_to login_hint ui_locales code error error_description session csrf_token decision username password token grant_type access_token x';
    const signedIn = new Witness();
    await signedIn.signIn(await signedIn.visit('/login'));
    const paths =
      '/ /oauth/authorize /oauth/token /oauth/revoke /oauth/introspect /oauth/jwks /login /logout /account /account/remove-app /account/password /account/reset-password /account/sign-out /secret /health /nothing /.well-known/oauth-authorization-server /.well-known/oauth-protected-resource';
    for (const person of [new Witness(), signedIn]) {
      person.headers['accept'] = 'text/html';
      person.headers['accept-language'] = `de, ${'x'.repeat(1000)}`;
      person.headers['user-agent'] = 'x'.repeat(1000);
      person.headers['origin'] = `https://${'x'.repeat(500)}.example`;
      for (const path of paths.split(' ')) {
        for (const value of ['x'.repeat(600), '%25'.repeat(150), '%22'.repeat(150)]) {
          const all = names.split(' ').map((name) => `${name}=${value}`);
          await person.open(`${path}?${all.join('&')}`);
          await person.open(`${path}/${value}?${value}`);
          await person.open(path, { method: 'POST', body: all.join('&') });
        }
        await Promise.all(
          names.split(' ').map((name) => person.open(`${path}?${name}=${'x'.repeat(2000)}`)),
        );
        for (const method of ['PUT', 'HEAD', 'OPTIONS']) await person.open(path, { method });
      }
    }
  });

  it('stay short where a person has signed in on the way from a handle that they made up', async () => {
    for (const made of ['h'.repeat(2300), 'h'.repeat(8000), '"'.repeat(2000), '山'.repeat(2000)]) {
      const person = new Witness();
      const page = await person.visit('/login');
      const answer = await person.submit(page, {
        username: 'alice',
        password: 'wonderland',
        continue: made,
      });
      assert.ok([303, 400].includes(answer.status), String(answer.status));
    }
  });

  it('stay short where they tell of an app that was removed, whatever its id', async () => {
    const person = new Witness();
    await person.allow(request());
    const page = await person.visit(`/account/remove-app?client_id=app-${'a'.repeat(251)}`);
    assert.match((await person.submit(page, {})).text, /no longer has access/);
  });
});

it('a route whose challenge would be too long is refused when it is made, with a sentence', () => {
  const oauth = authorizationServer({ issuer: 'https://auth.example.com' });
  const resource = `https://api.example/?${'q'.repeat(490)}`;
  const scopes = Array.from({ length: 100 }, (_, n) => `scope-number-${n}`);
  assert.doesNotThrow(() => oauth.protect(...scopes, { resource }));
  const many = Array.from({ length: 300 }, (_, n) => `scope-number-${n}`);
  assert.throws(
    () => oauth.protect(...many),
    /would have \d+ bytes, and may have 2480: name fewer/,
  );
  void oauth.close();
});

it('there is one function that redirects, and it knows a bound', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const redirecting = files.filter((name) =>
    /\.(redirect|location)\(|Header\('location'/i.test(
      readFileSync(`${src}/${name}`, 'utf8').replaceAll(/target\??\.location\(/g, ''),
    ),
  );
  assert.deepEqual(redirecting, ['http/redirect.ts']);
});
