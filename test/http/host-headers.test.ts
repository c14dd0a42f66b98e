// Headers that an app around the server sets for its own answers: ours are the same without them.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { RequestHandler } from 'express';
import { authorizeUrl } from '../helpers/flows.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';

/** The package itself, which comes with the MCP client of the tests, and has no types. */
const cors: (options: object) => RequestHandler = createRequire(import.meta.url)('cors');

/** What helmet 8 sets by default, and what its users often add. */
const helmet: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy':
      "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
    'Content-Security-Policy-Report-Only': "default-src 'none'; report-uri https://r.example/",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Origin-Agent-Cluster': '?1',
    'Referrer-Policy': 'no-referrer',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-DNS-Prefetch-Control': 'off',
    'X-Download-Options': 'noopen',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Permitted-Cross-Domain-Policies': 'none',
    'X-XSS-Protection': '0',
  });
  next();
};

/** What apps do that answer JSON, or with caches in front of them. */
const jsonApp: RequestHandler = (_req, res, next) => {
  res.status(404).set({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': 'attachment',
    'Content-Language': 'tlh',
    'Cache-Control': 'public, max-age=600',
    'CDN-Cache-Control': 'max-age=600',
    'Surrogate-Control': 'max-age=600',
    Expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
    ETag: '"theirs"',
    'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  });
  next();
};

const htmlApp: RequestHandler = (_req, res, next) => {
  res.type('html');
  next();
};

/** What apps say to the caches of those who host them, and to browsers about their own pages. */
const furtherHeaders: RequestHandler = (_req, res, next) => {
  res.statusMessage = 'Not Today';
  res.set({
    'Access-Control-Allow-Private-Network': 'true',
    'Clear-Site-Data': '"cookies"',
    'Cloudflare-CDN-Cache-Control': 'max-age=600',
    'Content-Location': '/elsewhere',
    'Document-Isolation-Policy': 'isolate-and-require-corp',
    'Document-Policy': 'unsized-media=?0',
    'Feature-Policy': "camera 'self'",
    'Integrity-Policy': 'blocked-destinations=(style)',
    'Integrity-Policy-Report-Only': 'blocked-destinations=(script)',
    Link: '</app.css>; rel=preload; as=style',
    'Netlify-CDN-Cache-Control': 'max-age=600',
    'No-Vary-Search': 'params',
    'Permissions-Policy-Report-Only': 'camera=()',
    Refresh: '0; url=/elsewhere',
    'Vercel-CDN-Cache-Control': 'max-age=600',
    'WWW-Authenticate': 'Basic realm="the app"',
    'X-Accel-Expires': '600',
  });
  next();
};

const HOSTS: Readonly<Record<string, readonly RequestHandler[]>> = {
  helmet: [helmet],
  'cors with credentials': [cors({ credentials: true, origin: 'https://spa.example' })],
  'cors with credentials for any origin': [
    cors({ credentials: true, origin: true, exposedHeaders: 'X-Total', maxAge: 5 }),
  ],
  'answers of JSON by default': [jsonApp],
  'answers of HTML by default': [htmlApp],
  'headers for caches and browsers': [furtherHeaders],
  'all of them': [helmet, cors({ credentials: true, origin: true }), jsonApp, furtherHeaders],
};

/** Each header that an app may have set, and that would change an answer of ours. */
const OF_APPS = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age',
  'cache-control',
  'cdn-cache-control',
  'clear-site-data',
  'cloudflare-cdn-cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-security-policy',
  'content-security-policy-report-only',
  'content-type',
  'cross-origin-embedder-policy',
  'cross-origin-embedder-policy-report-only',
  'cross-origin-opener-policy',
  'cross-origin-opener-policy-report-only',
  'cross-origin-resource-policy',
  'document-isolation-policy',
  'document-policy',
  'etag',
  'expires',
  'feature-policy',
  'integrity-policy',
  'integrity-policy-report-only',
  'last-modified',
  'link',
  'location',
  'netlify-cdn-cache-control',
  'no-vary-search',
  'permissions-policy',
  'permissions-policy-report-only',
  'pragma',
  'referrer-policy',
  'refresh',
  'surrogate-control',
  'vercel-cdn-cache-control',
  'www-authenticate',
  'x-accel-expires',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-frame-options',
  'x-powered-by',
  'x-xss-protection',
];

/** What stays of an app's: about the host as a whole, or only for caches. */
const THEIRS = [
  'origin-agent-cluster',
  'strict-transport-security',
  'vary',
  'x-download-options',
  'x-permitted-cross-domain-policies',
];

/** What differs from one request to the next. */
const OF_THE_REQUEST = ['date', 'set-cookie', 'content-length', 'location'];

/** The status and the headers, without those and without the port. */
async function comparable(host: Host, ask: (host: Host) => Promise<Answer>) {
  const { status, headers } = await ask(host);
  const ours = [...headers].filter(([name]) => ![...THEIRS, ...OF_THE_REQUEST].includes(name));
  return {
    status,
    headers: ours.map(([name, value]) => `${name}: ${value.replaceAll(host.origin, '<origin>')}`),
  };
}

const origin = { origin: 'https://spa.example' };

const post = (host: Host, path: string, form: Record<string, string>, secret = 'web-secret') =>
  http(`${host.origin}${path}`, {
    method: 'POST',
    headers: { ...origin, authorization: basic('web', secret) },
    body: new URLSearchParams(form),
  });

/** An answer of every kind. */
const ANSWERS: Readonly<Record<string, (host: Host) => Promise<Answer>>> = {
  'a token response': (host) => post(host, '/oauth/token', { grant_type: 'client_credentials' }),
  'a refused token request': (host) =>
    post(host, '/oauth/token', { grant_type: 'client_credentials' }, 'wrong'),
  'an introspection': (host) => post(host, '/oauth/introspect', { token: 'a' }),
  'a revocation': (host) => post(host, '/oauth/revoke', { token: 'a' }),
  'the metadata': (host) => http(`${host.origin}/.well-known/oauth-authorization-server`),
  'the metadata of the resource': (host) =>
    http(`${host.origin}/.well-known/oauth-protected-resource`),
  'the keys': (host) => http(`${host.origin}/oauth/jwks`, { headers: origin }),
  'the stylesheet': (host) => http(`${host.origin}/oauth/style.css`),
  'the login page': (host) => http(`${host.origin}/login`),
  'a wrong login': (host) => logIn(host, 'alice', 'wrong'),
  'the consent page': async (host) => {
    const person = new Person(host);
    return person.signIn(await person.visit(authorizeUrl(host)));
  },
  'a redirect to the login page': (host) => http(authorizeUrl(host)),
  'a redirect to the client': (host) => http(authorizeUrl(host, { prompt: 'none' })),
  'an error page': (host) => http(`${host.origin}/oauth/authorize`),
};

describe('the headers of our answers', async () => {
  const alone = await serveHost({}, (app) => app.disable('x-powered-by'));

  for (const [what, middleware] of Object.entries(HOSTS)) {
    describe(`in an app with ${what}`, async () => {
      const host = await serveHost({}, (app) => app.use(...middleware));
      for (const [name, ask] of Object.entries(ANSWERS)) {
        it(`are the same as without it: ${name}`, async () => {
          const ours = await comparable(host, ask);
          assert.deepEqual(ours, await comparable(alone, ask));
          const isTheirs = /^(cross-origin-opener|x-powered-by|access-control-allow-cred)/;
          assert.ok(!ours.headers.some((line) => isTheirs.test(line)));
        });
      }
    });
  }

  it('have nothing of an app in any header of these', async () => {
    const nonsense = 'of-the-app';
    const host = await serveHost({}, (app) => {
      app.use((_req, res, next) => {
        for (const name of OF_APPS) res.setHeader(name, nonsense);
        next();
      });
    });
    for (const [kind, ask] of Object.entries(ANSWERS)) {
      const { headers } = await ask(host);
      const kept = [...headers].filter(([, value]) => value.includes(nonsense));
      assert.deepEqual(kept, [], kind);
    }
    const { headers } = await http(`${host.origin}/nothing`);
    assert.equal(headers.get('link'), nonsense, 'an answer of the app is its own');
  });

  it('have the words of their own status', async () => {
    const host = await serveHost({}, (app) => app.use(furtherHeaders));
    const words = async (path: string) => (await fetch(`${host.origin}${path}`)).statusText;
    assert.equal(await words('/login'), 'OK');
    assert.equal(await words('/oauth/style.css'), 'OK');
    assert.equal(await words('/oauth/authorize'), 'Bad Request');
    assert.equal(await words('/oauth/token'), 'Method Not Allowed');
  });

  it('lead nowhere unless they are redirects', async () => {
    const host = await serveHost({}, (app) => {
      app.use((_req, res, next) => {
        res.location('/elsewhere');
        next();
      });
    });
    for (const path of ['/login', '/oauth/style.css', '/oauth/authorize', '/oauth/token']) {
      assert.equal((await http(`${host.origin}${path}`)).headers.get('location'), null, path);
    }
  });

  it("leave the app's headers on its own answers", async () => {
    const host = await serveHost({}, (app) => app.use(helmet));
    for (const path of ['/notes', '/nothing', '/oauth/nothing']) {
      const { headers } = await http(`${host.origin}${path}`);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path);
      assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN', path);
    }
  });

  it("leave an app's own Strict-Transport-Security, and set one otherwise", async () => {
    const options = { issuer: 'https://shop.example' };
    const host = await serveHost(options, (app) => app.use(helmet));
    const login = await http(`${host.origin}/login`);
    assert.equal(
      login.headers.get('strict-transport-security'),
      'max-age=31536000; includeSubDomains',
    );
    const plain = await serveHost(options);
    const { headers } = await http(`${plain.origin}/login`);
    assert.equal(headers.get('strict-transport-security'), 'max-age=31536000');
  });

  it('are JSON where a protected route refuses, whatever the app answers by default', async () => {
    const host = await serveHost({}, (app) => app.use(htmlApp));
    const answer = await http(`${host.origin}/notes`);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  });
});
