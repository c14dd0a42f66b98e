// Many callers at the same instant: HTTP with less ado than fetch, over connections that are kept.

import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { as } from './clients.ts';

const agent = new Agent({ keepAlive: true });

export interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects in its assertions
  readonly json: any;
}

/** A server, by what it is reached at. */
export interface Server {
  readonly origin: string;
}

/** Rejects if the connection breaks before the whole answer has arrived. */
function call(url: string, headers: OutgoingHttpHeaders, body?: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const req = request(url, { agent, method, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      res.on('error', reject).on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text,
          get json() {
            return JSON.parse(text);
          },
        }),
      );
    });
    req.on('error', reject).end(body);
  });
}

export function get(
  { origin }: Server,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<Said> {
  return call(origin + path, headers);
}

/**
 * A form sent to an endpoint: `token`, `revoke` or `introspect`.
 *
 * @param client as `id:secret`, or absent if the form names the client
 */
export function post(
  { origin }: Server,
  endpoint: string,
  form: Record<string, string>,
  client?: string,
): Promise<Said> {
  const body = new URLSearchParams(form).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    ...(client !== undefined && as(client)),
  };
  return call(`${origin}/oauth/${endpoint}`, headers, body);
}

export function useToken(server: Server, accessToken: string): Promise<Said> {
  return get(server, '/secret', { authorization: `Bearer ${accessToken}` });
}
