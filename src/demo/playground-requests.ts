// The requests that the playground's chapters are made of. `<name>` stands for a value that only the
// browser has once it gets there.

import { PATHS } from '../http/paths.ts';
import { DEVICE_CODE } from '../oauth/device-codes.ts';
import type { Demo } from './demo.ts';

type DemoClient = Demo['clients'][number];

/** Who plays: both of them out of the demo's clients. */
export interface Cast {
  readonly issuer: string;
  /** Has a secret: asks for tokens for itself, and what the tokens of others are worth. */
  readonly service: DemoClient;
  /** Has none, because it runs in a browser; people come back to it at the playground. */
  readonly app: DemoClient;
  /** Has no browser: people let it in with another one. */
  readonly device: DemoClient;
  readonly redirectUri: string;
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
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

export type Requests = ReturnType<typeof requests>;

/** The requests that the chapters are made of. */
export function requests({ issuer, service, app, device, redirectUri }: Cast) {
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
  const asDevice = (path: string, form: Record<string, string>) =>
    post(path, { client_id: device.id, ...form });
  const asBearer = { Authorization: 'Bearer <access_token>' };
  return {
    nothing: get(''),
    clientToken: (more = {}) => asService('token', { grant_type: 'client_credentials', ...more }),
    authorize: (more = {}) => {
      const query = {
        response_type: 'code',
        client_id: app.id,
        redirect_uri: redirectUri,
        scope: 'read',
        state: '<state>',
        code_challenge: '<code_challenge>',
        code_challenge_method: 'S256',
        ...more,
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
    callApi: get(`${issuer}/secret`, asBearer),
    fetchKeys: get(`${issuer}${PATHS.jwks}`),
    askForUserInfo: get(`${issuer}${PATHS.userinfo}`, asBearer),
    introspect: (token = '<access_token>') => asService('introspect', { token }),
    askForCodes: asDevice('device_authorization', { scope: 'read' }),
    poll: asDevice('token', { grant_type: DEVICE_CODE, device_code: '<device_code>' }),
    revokeAsApp: asApp('revoke', { token: '<refresh_token>' }),
    revokeAsService: asService('revoke', { token: '<access_token>' }),
  };
}
