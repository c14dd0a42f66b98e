// What an app around the server keeps on its requests and answers, or has patched there: ours are the
// same without it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ejs from 'ejs';
import type { Express, RequestHandler, Response } from 'express';
import { authorizeUrl } from '../helpers/flows.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

/** Throws as soon as anybody makes a text of it. */
const textless = {
  toString() {
    throw new Error('of the app');
  },
};

const token = ({ origin }: Host, form: Record<string, string>, secret = 'web-secret') =>
  http(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: basic('web', secret) },
    body: new URLSearchParams(form),
  });

/** Answers that depend on what we keep for a request. */
const ANSWERS: Readonly<Record<string, (host: Host) => Promise<Answer>>> = {
  'a token response': (host) => token(host, { grant_type: 'client_credentials' }),
  'a refused token request': (host) => token(host, { grant_type: 'nothing' }),
  'a refused client': (host) => token(host, { grant_type: 'client_credentials' }, 'wrong'),
  'an introspection': ({ origin }) =>
    http(`${origin}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: basic('web', 'web-secret') },
      body: new URLSearchParams({ token: 'nothing' }),
    }),
  'a body that is no form': ({ origin }) =>
    http(`${origin}/oauth/token`, { method: 'POST', body: 'grant_type=client_credentials' }),
  'a method that is not there': ({ origin }) => http(`${origin}/oauth/jwks`, { method: 'DELETE' }),
  'the metadata of the resource': ({ origin }) =>
    http(`${origin}/.well-known/oauth-protected-resource`),
  'the login page': ({ origin }) => http(`${origin}/login`),
  'the page to sign out': ({ origin }) => http(`${origin}/logout`),
  'an error page': ({ origin }) => http(`${origin}/oauth/authorize?client_id=nobody`),
};

/** The status, the type and the text, with all that is random made the same. */
async function comparable(host: Host, ask: (host: Host) => Promise<Answer>) {
  const { status, headers, text } = await ask(host);
  return {
    status,
    type: headers.get('content-type'),
    text: text
      .replaceAll(host.origin, 'ORIGIN')
      .replaceAll(new URL(host.origin).host, 'HOST')
      .replaceAll(/("access_token":|name="csrf_token" value=)"[^"]*"/g, '$1')
      .replaceAll(/(class="opaque" dir="ltr">)[\w-]{12}</g, '$1<'),
  };
}

const withLocals =
  (locals: object): RequestHandler =>
  (_req, res, next) => {
    Object.assign(res.locals, locals);
    next();
  };

const LOCALS: Readonly<Record<string, RequestHandler>> = {
  'a page': withLocals({ page: true }),
  'a language': withLocals({ uiLocales: 'de' }),
  'an id of the request': withLocals({ requestId: 'of the app' }),
  'an id that has no text': withLocals({ requestId: textless, page: textless }),
  'a client and parameters': withLocals({ client: { id: 'of the app' }, params: {}, guarded: {} }),
  'nothing that may be changed': (_req, res, next) => {
    Object.freeze(res.locals);
    next();
  },
};

describe('what an app keeps on res.locals', async () => {
  const alone = await serveHost();
  for (const [what, middleware] of Object.entries(LOCALS)) {
    describe(`is ${what}`, async () => {
      const host = await serveHost({}, (app) => app.use(middleware));
      for (const [name, ask] of Object.entries(ANSWERS)) {
        it(`and does not change ${name}`, async () => {
          assert.deepEqual(await comparable(host, ask), await comparable(alone, ask));
        });
      }
    });
  }

  it('and is not whom a refused token request is reported for', async () => {
    const host = await serveHost({}, (app) => app.use(LOCALS['a client and parameters']!));
    const told: (string | undefined)[] = [];
    host.server.events.on('request_refused', ({ clientId }) => told.push(clientId));
    await token(host, { grant_type: 'client_credentials' }, 'wrong');
    assert.deepEqual(told, ['web']);
  });

  it('is still there for its own routes, without anything of ours', async () => {
    const seen: object[] = [];
    const host = await serveHost({}, (app) => {
      app.use((_req, res, next) => {
        res.locals['mine'] = 1;
        res.on('finish', () => seen.push({ ...res.locals }));
        next();
      });
    });
    for (const ask of Object.values(ANSWERS)) await ask(host);
    await http(authorizeUrl(host, { ui_locales: 'de' }));
    for (const locals of seen) assert.deepEqual(locals, { mine: 1 });
  });
});

describe('an app that has patched its requests', async () => {
  const alone = await serveHost();
  const patch = {
    accepts: () => 'application/token-introspection+jwt',
    acceptsLanguages: () => ['de'],
    get: () => 'of the app',
    header: () => 'of the app',
  };
  const apps: Readonly<Record<string, (app: Express) => void>> = {
    'one by one, so that everything is a form': (app) => {
      app.use((req, _res, next) => {
        Object.assign(req, patch, { is: () => 'application/x-www-form-urlencoded' });
        next();
      });
    },
    'all at once, so that nothing is a form': (app) => {
      Object.assign(app.request, patch, { is: () => false });
    },
  };
  for (const [how, before] of Object.entries(apps)) {
    describe(how, async () => {
      const host = await serveHost({}, before);
      for (const [name, ask] of Object.entries(ANSWERS)) {
        it(`does not change ${name}`, async () => {
          assert.deepEqual(await comparable(host, ask), await comparable(alone, ask));
        });
      }
    });
  }
});

/** Signs in and out, and has a notice in between; answers with all cookies that were set. */
async function cookiesOf(host: Host): Promise<string[]> {
  const lines: string[] = [];
  const person = new Person(host);
  const open = person.open.bind(person);
  person.open = async (...asked) => {
    const answer = await open(...asked);
    lines.push(...answer.headers.getSetCookie());
    return answer;
  };
  await person.signIn(await person.visit('/login'));
  const entered = {
    current_password: 'wonderland',
    new_password: 'looking glass 1871',
    new_password_again: 'looking glass 1871',
  };
  await person.submit(await person.visit('/account/password'), entered);
  await person.submit(await person.visit('/logout'), {});
  return lines.map((line) =>
    line.replace(/_[0-9a-f]{8}=[^;]*/, '=').replace(/Expires=[^;]*/, 'Expires'),
  );
}

describe('the cookies of the server', async () => {
  const issuer = 'https://shop.example';
  const ofAll = { domain: 'shop.example', path: '/app', sameSite: 'none' } as const;
  const apps: Readonly<Record<string, (app: Express) => void>> = {
    'with a domain for each of its cookies': (app) => {
      app.use((_req, res, next) => {
        const { cookie, clearCookie } = res;
        res.cookie = (name: string, value: unknown, options?: object) =>
          Reflect.apply(cookie, res, [name, value, { ...options, ...ofAll }]);
        res.clearCookie = (name, options) => clearCookie.call(res, name, { ...options, ...ofAll });
        next();
      });
    },
    'whose answers set no cookies': (app) => {
      const nothing = function (this: Response) {
        return this;
      };
      Object.assign(app.response, { cookie: nothing, clearCookie: nothing, append: nothing });
    },
  };

  const expected = await cookiesOf(await serveHost({ issuer }));
  it('are for this host alone, and are all there', () => {
    const names = new Set(expected.map((line) => line.replace(/=.*/, '')));
    assert.deepEqual([...names].sort(), [
      '__Host-oauth_browser',
      '__Host-oauth_login',
      '__Host-oauth_notice',
      '__Host-oauth_session',
    ]);
    for (const line of expected) {
      assert.match(
        line,
        /=; (Max-Age=\d+; )?Path=\/; (Expires[^;]*; )?HttpOnly; Secure; SameSite=Lax$/,
      );
    }
    for (const name of ['__Host-oauth_notice', '__Host-oauth_session']) {
      assert.ok(
        expected.some((line) => line.startsWith(name) && line.includes('Max-Age=0;')),
        name,
      );
    }
  });
  for (const [what, before] of Object.entries(apps)) {
    it(`are the same in an app ${what}`, async () => {
      assert.deepEqual(await cookiesOf(await serveHost({ issuer }, before)), expected);
    });
  }

  it("stand beside an app's own", async () => {
    const host = await serveHost({}, (app) => {
      app.use((_req, res, next) => {
        res.cookie('mine', '1');
        next();
      });
    });
    const [theirs, ours] = (await http(`${host.origin}/login`)).headers.getSetCookie();
    assert.equal(theirs, 'mine=1; Path=/');
    assert.match(ours!, /^oauth_login_/);
  });
});

describe('an app that has set EJS for its own views', () => {
  it('does not change what ours include, though it reads views from elsewhere', async () => {
    const host = await serveHost();
    const person = new Person(host);
    await person.allow(authorizeUrl(host));
    const { fileLoader } = ejs;
    try {
      ejs.fileLoader = () => 'of the app';
      const page = await person.visit('/account');
      assert.match(page.text, /class="scope-name" dir="ltr">read</);
      assert.doesNotMatch(page.text, /of the app/);
    } finally {
      ejs.fileLoader = fileLoader;
    }
  });

  for (const settings of [
    { delimiter: '?' },
    { openDelimiter: '[' },
    { closeDelimiter: ']' },
    { localsName: 'ofTheApp' },
  ]) {
    it(`does not change how ours are written: ${Object.keys(settings)}`, async () => {
      const expected = await comparable(await serveHost(), ANSWERS['the login page']!);
      const { localsName } = ejs;
      try {
        Object.assign(ejs, settings);
        // A server that has compiled nothing before that.
        assert.deepEqual(await comparable(await serveHost(), ANSWERS['the login page']!), expected);
      } finally {
        for (const name of Object.keys(settings)) Reflect.deleteProperty(ejs, name);
        Object.assign(ejs, { localsName });
      }
    });
  }
});
