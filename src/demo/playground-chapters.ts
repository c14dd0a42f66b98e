// What the playground plays: every request of its chapters, before any of them is sent. `<name>`
// stands for a value that only the browser has once it gets there. The words are in the
// dictionaries, under the id of what they belong to.

import type { Demo } from './demo.ts';

type DemoClient = Demo['clients'][number];

/** Who plays: both of them out of the demo's clients. */
export interface Cast {
  readonly issuer: string;
  /** Has a secret: asks for tokens for itself, and what the tokens of others are worth. */
  readonly service: DemoClient;
  /** Has none, for it runs in a browser; people come back to it at the playground. */
  readonly app: DemoClient;
  readonly redirectUri: string;
}

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request, and what makes its answer the one that the story goes on from. */
export interface Exchange extends Request {
  /** Begins with the name of the flow that it shares its values with. */
  readonly id: string;
  /** Worked out in the browser, a page that the browser goes to, or a request that it sends. */
  readonly kind: 'compute' | 'visit' | 'fetch';
  /** Who asks whom. */
  readonly parties: string;
  /** Where its words are under another name. */
  readonly words?: string;
  /** Which fields of the answer are kept, and as what. */
  readonly keeps: Readonly<Record<string, string>>;
  readonly status: number;
  /** Fields of the answer. */
  readonly expects: Readonly<Record<string, unknown>>;
  /** Sent again, it would undo what it did. */
  readonly once?: boolean;
  /** RFCs and their sections, for the words on the outcome; where there are none, neither are words. */
  readonly sources: readonly (readonly [rfc: number, section: string])[];
}

/** A mistake, or a theft: played as a whole, with values of its own. */
export interface Turn {
  readonly id: string;
  readonly exchanges: readonly Exchange[];
}

export interface Chapter {
  readonly id: string;
  /** In the words of the protocol, which are English everywhere. */
  readonly label: string;
  readonly steps: readonly Exchange[];
  readonly turns: readonly Turn[];
}

/** A scope, and a redirect URI, that no client of the demo has. */
export const SCOPE_OF_NOBODY = 'admin';
export const REDIRECT_URI_OF_NOBODY = 'https://thief.example/callback';

/** What is filled in later is encoded then. */
function encode(value: string): string {
  return value.startsWith('<') ? value : encodeURIComponent(value).replaceAll("'", '%27');
}

function encodePairs(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
}

/** RFC 6749 section 2.3.1: the two are form-encoded before they are joined. */
export function credentialsOf({ id, secret = '' }: DemoClient): string {
  return `${encode(id)}:${encode(secret)}`;
}

/** The same for a POSIX shell. What is filled in later is encoded: it cannot end a quotation. */
export function curlOf({ url, headers, body }: Request): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -i ${quote(url)}`,
    ...Object.entries(headers)
      // With -d, curl sends this one anyway.
      .filter(([name]) => name !== 'Content-Type')
      .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body?.split('&') ?? []).map((pair) => `-d ${quote(pair)}`),
  ].join(' \\\n  ');
}

/** The requests that the chapters are made of. */
function requests({ issuer, service, app, redirectUri }: Cast) {
  const get = (url: string, headers = {}): Request => ({ method: 'GET', url, headers });
  const post = (path: string, form: Record<string, string>, headers = {}): Request => ({
    method: 'POST',
    url: `${issuer}/oauth/${path}`,
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: encodePairs(form),
  });
  const Authorization = `Basic ${Buffer.from(credentialsOf(service)).toString('base64')}`;
  const asService = (path: string, form: Record<string, string>) =>
    post(path, form, { Authorization });
  const asApp = (path: string, form: Record<string, string>) =>
    post(path, { ...form, client_id: app.id });
  return {
    nothing: get(''),
    clientToken: (more = {}) => asService('token', { grant_type: 'client_credentials', ...more }),
    authorize: (uri = redirectUri) => {
      const query = {
        response_type: 'code',
        client_id: app.id,
        redirect_uri: uri,
        scope: 'read',
        state: '<state>',
        code_challenge: '<code_challenge>',
        code_challenge_method: 'S256',
      };
      return get(`${issuer}/oauth/authorize?${encodePairs(query)}`);
    },
    forgedAnswer: get(
      `${redirectUri}?${encodePairs({
        code: 'a-code-from-somebody-else',
        state: 'a-state-that-this-app-never-sent',
        iss: issuer,
      })}`,
    ),
    redeem: (code_verifier = '<code_verifier>') =>
      asApp('token', {
        grant_type: 'authorization_code',
        code: '<code>',
        redirect_uri: redirectUri,
        code_verifier,
      }),
    refresh: (refresh_token = '<refresh_token>') =>
      asApp('token', { grant_type: 'refresh_token', refresh_token }),
    callApi: get(`${issuer}/secret`, { Authorization: 'Bearer <access_token>' }),
    introspect: (token = '<access_token>') => asService('introspect', { token }),
    revokeAsApp: asApp('revoke', { token: '<refresh_token>' }),
    revokeAsService: asService('revoke', { token: '<access_token>' }),
  };
}

function exchange(
  id: string,
  parties: string,
  request: Request,
  more: Partial<Exchange> = {},
): Exchange {
  const standard = { kind: 'fetch', keeps: {}, status: 200, expects: {}, sources: [] } as const;
  return { id, parties, ...request, ...standard, ...more };
}

export function playgroundChapters(cast: Cast): Chapter[] {
  const make = requests(cast);

  // The way into a wrong turn is not explained again.
  const signIn = (id: string) =>
    exchange(id, 'browserToServer', make.authorize(), { kind: 'visit', words: 'signIn' });
  const redeemed = (id: string, keeps: Exchange['keeps']) =>
    exchange(id, 'appToServer', make.redeem(), { keeps, words: 'redeem' });
  const refused = (error: string) => ({ status: 400, expects: { error } });

  return [
    {
      id: 'client-credentials',
      label: 'Client credentials',
      steps: [
        exchange('client-token', 'appToServer', make.clientToken(), {
          keeps: { access_token: 'access_token' },
          sources: [[6749, '4.4']],
        }),
        exchange('client-use', 'appToApi', make.callApi, { sources: [[6750, '2.1']] }),
      ],
      turns: [
        {
          id: 'scope',
          exchanges: [
            exchange('scope-token', 'appToServer', make.clientToken({ scope: SCOPE_OF_NOBODY }), {
              ...refused('invalid_scope'),
              sources: [[6749, '5.2']],
            }),
          ],
        },
      ],
    },
    {
      id: 'authorization-code',
      label: 'Authorization code',
      steps: [
        exchange('person-pkce', 'inTheApp', make.nothing, {
          kind: 'compute',
          sources: [[7636, '4.2']],
        }),
        exchange('person-authorize', 'browserToServer', make.authorize(), {
          kind: 'visit',
          sources: [
            [6749, '4.1.2'],
            [9207, '2.4'],
          ],
        }),
        exchange('person-exchange', 'appToServer', make.redeem(), {
          once: true,
          keeps: { access_token: 'access_token', refresh_token: 'refresh_token' },
          sources: [
            [6749, '4.1.3'],
            [7636, '4.6'],
          ],
        }),
        exchange('person-use', 'appToApi', make.callApi, { sources: [[6749, '1.4']] }),
      ],
      turns: [
        {
          id: 'redirect',
          exchanges: [
            exchange(
              'redirect-authorize',
              'browserToServer',
              make.authorize(REDIRECT_URI_OF_NOBODY),
              { status: 400, sources: [[6749, '4.1.2.1']] },
            ),
          ],
        },
        {
          id: 'state',
          exchanges: [
            exchange('state-forged', 'browserToApp', make.forgedAnswer, {
              kind: 'visit',
              sources: [
                [6749, '10.12'],
                [9700, '4.7'],
              ],
            }),
          ],
        },
        {
          id: 'verifier',
          exchanges: [
            signIn('verifier-authorize'),
            exchange(
              'verifier-wrong',
              'thiefToServer',
              make.redeem('a-verifier-that-the-thief-made-up-all-alone'),
              { ...refused('invalid_grant'), sources: [[7636, '4.6']] },
            ),
            exchange('verifier-right', 'appToServer', make.redeem(), { sources: [[7636, '4.6']] }),
          ],
        },
        {
          id: 'replay',
          exchanges: [
            signIn('replay-authorize'),
            redeemed('replay-redeem', {}),
            exchange('replay-again', 'thiefToServer', make.redeem(), {
              ...refused('invalid_grant'),
              sources: [
                [6749, '4.1.2'],
                [6749, '10.5'],
              ],
            }),
          ],
        },
      ],
    },
    {
      id: 'refresh',
      label: 'Refresh',
      steps: [
        exchange('person-refresh', 'appToServer', make.refresh(), {
          keeps: { access_token: 'access_token', refresh_token: 'refresh_token' },
          sources: [
            [6749, '6'],
            [9700, '4.14.2'],
          ],
        }),
      ],
      turns: [
        {
          id: 'reuse',
          exchanges: [
            signIn('reuse-authorize'),
            redeemed('reuse-redeem', { refresh_token: 'first_refresh_token' }),
            exchange('reuse-first', 'appToServer', make.refresh('<first_refresh_token>'), {
              keeps: { refresh_token: 'second_refresh_token' },
            }),
            exchange('reuse-second', 'appToServer', make.refresh('<second_refresh_token>'), {
              keeps: { access_token: 'access_token' },
            }),
            exchange('reuse-again', 'thiefToServer', make.refresh('<first_refresh_token>'), {
              ...refused('invalid_grant'),
              sources: [[9700, '4.14.2']],
            }),
            exchange('reuse-use', 'appToApi', make.callApi, {
              status: 401,
              sources: [[9700, '4.14.2']],
            }),
          ],
        },
      ],
    },
    {
      id: 'introspection',
      label: 'Introspection',
      steps: [
        exchange('person-introspect', 'apiToServer', make.introspect(), {
          expects: { active: true },
          sources: [[7662, '2.2']],
        }),
      ],
      turns: [
        {
          id: 'unknown',
          exchanges: [
            exchange('unknown-introspect', 'apiToServer', make.introspect('made-up'), {
              expects: { active: false },
              sources: [[7662, '2.2']],
            }),
          ],
        },
      ],
    },
    {
      id: 'revocation',
      label: 'Revocation',
      steps: [
        exchange('person-revoke', 'appToServer', make.revokeAsApp, {
          sources: [
            [7009, '2.1'],
            [7009, '2.2'],
          ],
        }),
        exchange('person-gone', 'apiToServer', make.introspect(), {
          expects: { active: false },
          sources: [[7662, '2.2']],
        }),
      ],
      turns: [
        {
          id: 'revoked',
          exchanges: [
            exchange('revoked-token', 'appToServer', make.clientToken(), {
              keeps: { access_token: 'access_token' },
            }),
            exchange('revoked-revoke', 'appToServer', make.revokeAsService),
            exchange('revoked-use', 'appToApi', make.callApi, {
              status: 401,
              sources: [[6750, '3.1']],
            }),
          ],
        },
      ],
    },
  ];
}
