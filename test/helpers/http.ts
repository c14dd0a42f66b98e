// HTTP requests, and what comes back.

import { Agent, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; fails the test if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects in its assertions
  readonly json: any;
  /** Where a redirect leads, relative or not. */
  readonly location: string;
}

const agents = {
  http: new Agent({ keepAlive: true }),
  https: new SecureAgent({ keepAlive: true }),
};

/**
 * One HTTP request, as `fetch` takes it; redirects are not followed. It is sent without `fetch`, which
 * costs more than what a server does to answer.
 */
export async function http(url: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  const { body } = init;
  // A body of a simple kind is read here: a Response is slow.
  const isForm = body instanceof URLSearchParams;
  const isText = isForm || typeof body === 'string';
  const other = isText || body == null ? undefined : new Response(body);
  const payload = isText
    ? Buffer.from(String(body))
    : other && Buffer.from(await other.arrayBuffer());
  const type = isForm ? 'application/x-www-form-urlencoded' : isText && 'text/plain';
  // What fetch adds by itself.
  const added = {
    accept: '*/*',
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
    ...(payload !== undefined && {
      'content-type': type ? `${type};charset=UTF-8` : (other?.headers.get('content-type') ?? ''),
      'content-length': `${payload.length}`,
    }),
  };
  for (const [name, value] of Object.entries(added))
    if (value !== '' && !headers.has(name)) headers.set(name, value);
  const options = { method: init.method ?? 'GET', headers: Object.fromEntries(headers) };
  const isHttps = url.startsWith('https:');
  const [ask, agent] = isHttps ? [requestSecurely, agents.https] : [request, agents.http];
  return new Promise((resolve, reject) => {
    const asked = ask(url, { ...options, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => {
        const answered = new Headers();
        const raw = response.rawHeaders;
        for (let at = 0; at < raw.length; at += 2) answered.append(raw[at]!, raw[at + 1]!);
        resolve({
          status: response.statusCode ?? 0,
          headers: answered,
          text,
          get json() {
            return JSON.parse(text);
          },
          location: answered.get('location') ?? '',
        });
      });
    });
    asked.on('error', reject).end(payload);
  });
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
