// One request to an app around the server, as it goes over the wire, and what comes back of it that is
// the same in any app.

import { request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { basic } from './http.ts';

export interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly location: string;
}

/**
 * One request, whose answer is unzipped. What is random and what names the host is made the same.
 *
 * @param init with the header Transfer-Encoding, the body goes in chunks
 */
export function ask(
  { origin }: { readonly origin: string },
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Got> {
  const { host } = new URL(origin);
  const nameless = (text: string) =>
    text
      .replaceAll(origin, 'ORIGIN')
      .replaceAll(encodeURIComponent(origin), 'ORIGIN')
      .replaceAll(host, 'HOST');
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = init;
    const isWhole = body !== undefined && headers['transfer-encoding'] === undefined;
    const length = isWhole && { 'content-length': Buffer.byteLength(body) };
    const asked = request(`${origin}${path}`, {
      method,
      headers: { 'accept-encoding': 'gzip', ...headers, ...length },
    });
    asked.on('error', reject).on('response', (answer) => {
      const isZipped = answer.headers['content-encoding'] === 'gzip';
      const stream = isZipped ? answer.pipe(createGunzip()) : answer;
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('error', reject).on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          text: nameless(text).replaceAll(
            /(name="csrf_token" value=|class="opaque" dir="ltr">)[^<>]*/g,
            '$1',
          ),
          location: nameless(answer.headers.location ?? '').replace(
            /((?:code|continue)=)[^&]*/,
            '$1',
          ),
        }),
      );
    });
    asked.end(body);
  });
}

export const FORM = 'application/x-www-form-urlencoded';

/** A request of the client `web` that carries a form. */
export const tokenRequest = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { authorization: basic('web', 'web-secret'), 'content-type': FORM, ...headers },
  body,
});
