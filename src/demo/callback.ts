// The demo's own client: a link that starts a sign-in, and the page at the other end that shows
// what a client gets and what it does next. Demo mode only.

import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import type { Translate } from '../pages/translate.ts';
import { troubleshooting } from '../pages/troubleshooting.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Demo } from './demo.ts';

/** What an authorization response has, each with its longest length in characters. */
const PARAMS = { code: 256, state: 4096, iss: 2048, error: 256, error_description: 2048 };

/** A real client makes a new one for every request; here it has to be in a command to copy. */
export const DEMO_CODE_VERIFIER = 'a-demo-verifier-that-everybody-knows-is-no-secret';

const CALLBACK = '/demo/callback';

/** The redirect URI of the demo's first client. */
export function demoRedirectUri(issuer: string): string {
  return `${issuer}${CALLBACK}`;
}

/** An authorization request that ends at the demo's own callback. */
export function demoAuthorizeUrl(issuer: string, demo: Demo): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: demo.clients[0]?.id ?? '',
    redirect_uri: demoRedirectUri(issuer),
    scope: 'read',
    state: 'demo-state',
    code_challenge: sha256(DEMO_CODE_VERIFIER),
    code_challenge_method: 'S256',
  });
  return `${issuer}${PATHS.authorize}?${query}`;
}

export interface Command {
  readonly title: string;
  readonly command: string;
}

/** What a newcomer tries first, ready to copy. */
export function demoCommands(issuer: string, demo: Demo, t: Translate): Command[] {
  const client = demo.clients[0];
  const credentials = `${client?.id}:${client?.secret}`;
  return [
    {
      title: t('home.getToken'),
      command: `curl -X POST ${issuer}${PATHS.token} -u ${credentials} -d grant_type=client_credentials`,
    },
    {
      title: t('home.useToken'),
      command: `curl ${issuer}/secret -H "Authorization: Bearer <token>"`,
    },
  ];
}

export function callback({ site, pages }: Pick<Context, 'site' | 'pages'>, demo: Demo): Endpoint {
  const { issuer, path } = site;
  const { browser, render } = pages;
  const client = demo.clients[0];
  const routes = new Routes();

  routes.route(CALLBACK).all(browser, methods('GET', 'HEAD', 'POST'), form, (req, res) => {
    // By POST it is a response of the mode form_post.
    const params = (req.method === 'POST' ? formParams : queryParams)(req, PARAMS);
    const code = params.get('code');
    // Opened by hand: there is no answer to show.
    if (code === undefined && params.get('error') === undefined) {
      return redirect(res, `${path}/`);
    }
    render(res, 'callback', {
      title: wordsFor(res)(code === undefined ? 'callback.titleWithout' : 'callback.title'),
      wide: true,
      tryUrl: demoAuthorizeUrl(issuer, demo),
      troubleshooting,
      answer: Object.keys(PARAMS)
        .map((name) => ({ name, value: params.get(name) }))
        .filter(({ value }) => value !== undefined),
      command:
        code &&
        [
          `curl -X POST ${issuer}${PATHS.token}`,
          `-u ${client?.id}:${client?.secret}`,
          '-d grant_type=authorization_code',
          `-d code=${/^[\w-]{1,100}$/.test(code) ? code : '...'}`,
          `-d redirect_uri=${demoRedirectUri(issuer)}`,
          `-d code_verifier=${DEMO_CODE_VERIFIER}`,
        ].join(' \\\n  '),
    });
  });
  return { routes };
}
