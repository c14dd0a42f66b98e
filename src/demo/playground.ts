// The playground: a page on which a browser plays the flows against this very server, for a person
// to watch. Demo mode only. The page has every step and every word; its script sends the requests
// and fills in what comes back.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { send } from '../http/answer.ts';
import { allowOwnCalls } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import { DEVICE_CODE } from '../oauth/device-codes.ts';
import { packageFile } from '../package-files.ts';
import { code, Html } from '../pages/translate.ts';
import { sha256 } from '../protocol/secrets.ts';
import { DEMO_CODE_VERIFIER } from './callback.ts';
import type { Demo } from './demo.ts';
import { playgroundChapters } from './playground-chapters.ts';
import type { Source } from './playground-exchanges.ts';
import {
  type Cast,
  credentialsOf,
  curlOf,
  REDIRECT_URI_OF_NOBODY,
  SCOPE_OF_NOBODY,
} from './playground-requests.ts';

const PAGE = '/playground';

/** Where people come back to the public client that is the playground. */
export function playgroundRedirectUri(issuer: string): string {
  return `${issuer}${PAGE}`;
}

/** Where the page is; absent if the demo does not have the clients it takes. */
export function playgroundUrl(issuer: string, demo: Demo): string | undefined {
  return castOf(issuer, demo) && `${issuer}${PAGE}`;
}

function castOf(issuer: string, demo: Demo): Cast | undefined {
  const redirectUri = playgroundRedirectUri(issuer);
  const service = demo.clients.find(
    ({ secret, grants }) => secret !== undefined && grants.includes('client_credentials'),
  );
  const app = demo.clients.find(({ redirectUris }) => redirectUris.includes(redirectUri));
  const device = demo.clients.find(({ grants }) => grants.includes(DEVICE_CODE));
  return service && app && device && { issuer, service, app, device, redirectUri };
}

/** The protocol's own words, which are read out in English on a page in any language. */
function inEnglish(label: string): Html {
  return new Html(`<span lang="en">${label}</span>`);
}

/** Without scripts, nothing verifies it: the claims are all that is seen. */
const READ_CLAIMS = `node -p "Buffer.from('<id_token>'.split('.')[1], 'base64url').toString()"`;

/** Where a section can be read. */
function sourceUrl([document, section]: Source): string {
  return typeof document === 'number'
    ? `https://datatracker.ietf.org/doc/html/rfc${document}#section-${section}`
    : `https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.${section}`;
}

/** What the script says in the language of the page; the rest is on the page from the start. */
const SCRIPT_WORDS = [
  'copied',
  'answered',
  'unreachable',
  'unexpected',
  'denied',
  'opaque',
  'jwt',
  'jwtHeader',
  'jwtClaims',
  'withCode',
  'withoutCode',
  'refusedByApp',
  'acceptedByApp',
  'idToken',
  'sameAsInToken',
  'notExpected',
  'expired',
  'notSigned',
  'claim.signature',
  'claim.iss',
  'claim.aud',
  'claim.exp',
  'claim.iat',
  'claim.nonce',
  'claim.at_hash',
  'claim.sub',
  'claim.azp',
  'claim.auth_time',
  'claim.acr',
  'claim.amr',
  'claim.sid',
  'sameState',
  'otherState',
  'noState',
  'sameIssuer',
  'otherIssuer',
] as const;

/** The folder with the page and its scripts. */
const VIEWS = packageFile('views/playground');

export function playground({ site, pages }: Pick<Context, 'site' | 'pages'>, demo: Demo): Endpoint {
  const { issuer, path } = site;
  const { browser, render } = pages;
  const routes = new Routes();
  const cast = castOf(issuer, demo);
  if (cast === undefined) return { routes };
  const chapters = playgroundChapters(cast);
  const { scripts, hash } = readScripts();

  // If no script runs and makes new ones, these are in the commands.
  const known: Readonly<Record<string, string>> = {
    '<code_verifier>': DEMO_CODE_VERIFIER,
    '<code_challenge>': sha256(DEMO_CODE_VERIFIER),
    '<state>': 'demo-state',
    '<nonce>': 'demo-nonce',
  };
  const withKnown = (text: string) => text.replaceAll(/<\w+>/g, (name) => known[name] ?? name);

  routes
    .route(PAGE)
    .all(browser, methods('GET', 'HEAD'))
    .get((_req, res) => {
      allowOwnCalls(res);
      const [user] = demo.users;
      render(res, 'playground/page', {
        title: 'Playground',
        wide: true,
        scriptUrl: `${path}${PAGE}/${hash}/main.js`,
        issuer,
        redirectUri: cast.redirectUri,
        clientId: cast.app.id,
        otherClientId: cast.service.id,
        chapters,
        credentials: credentialsOf(cast.service),
        curlOf,
        withKnown,
        inEnglish,
        sourceUrl,
        readClaims: READ_CLAIMS,
        verifier: DEMO_CODE_VERIFIER,
        scriptWords: SCRIPT_WORDS,
        values: {
          chapter: new Html(
            `<a href="#authorization-code">${inEnglish('Authorization code').html}</a>`,
          ),
          page: new Html(
            `<a href="${path}${PATHS.device}" target="_blank" rel="noopener">${path}${PATHS.device}</a>`,
          ),
          api: code(`${path}/secret`),
          client: code(cast.service.id),
          discovery: code(`${path}/.well-known/openid-configuration`),
          scope: code(SCOPE_OF_NOBODY),
          uri: code(REDIRECT_URI_OF_NOBODY),
          username: code(user?.username ?? ''),
          password: code(user?.password ?? ''),
        },
      });
    });

  for (const [name, script] of scripts) {
    routes.all(`${PAGE}/${hash}/${name}`, methods('GET', 'HEAD'), answerScript(script));
  }
  return { routes };
}

/** The scripts by name, and a hash of them all for their URLs. */
function readScripts() {
  const scripts = new Map(
    readdirSync(VIEWS)
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((name) => [name, readFileSync(`${VIEWS}/${name}`, 'utf8')]),
  );
  const all = JSON.stringify([...scripts]);
  return { scripts, hash: createHash('sha256').update(all).digest('hex').slice(0, 12) };
}

function answerScript(script: string): RequestHandler {
  return (_req, res) => {
    // Their URLs change with their content, so a browser need never ask again.
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    send(res, 'text/javascript; charset=utf-8', script);
  };
}
