// What an app around the server keeps on its requests and answers, or has patched there: ours are the
// same without it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestHandler } from 'express';
import { authorizeUrl } from '../helpers/flows.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { type Answer, basic, http } from '../helpers/http.ts';

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
    const told: object[] = [];
    host.server.events.on('token_refused', (refused) => told.push(refused));
    await token(host, { grant_type: 'client_credentials' }, 'wrong');
    assert.ok(!Object.hasOwn(told[0]!, 'clientId'));
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
