// A host of metadata documents of clients (OAuth Client ID Metadata Document), by https.

import type { RequestListener } from 'node:http';
import { httpsHost } from './https-host.ts';

export const REDIRECT_URI = 'https://app.example/callback';

type Fields = Readonly<Record<string, unknown>>;

export interface DocumentHost {
  readonly origin: string;
  /** `localhost:<port>` */
  readonly host: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** What else there is, by path; it comes before documents. */
  readonly answers: Record<string, RequestListener | undefined>;
  /**
   * Publishes a document, or another one in its place.
   *
   * @returns its URL, which is the client's id
   */
  publish(path: string, fields?: Fields, headers?: Readonly<Record<string, string>>): string;
}

/** A document of a public client as most publish one, with some members changed. */
export function documentOf(clientId: string, fields: Fields = {}): Fields {
  return {
    client_id: clientId,
    client_name: 'Helpful Assistant',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    ...fields,
  };
}

/** Starts one, until the test file ends. */
export async function documentHost(): Promise<DocumentHost> {
  const documents = new Map<string, { body: string; headers: Readonly<Record<string, string>> }>();
  const answers: Record<string, RequestListener | undefined> = {};
  const { origin, asked } = await httpsHost((req, res) => {
    const path = req.url ?? '';
    const document = documents.get(path);
    if (answers[path] !== undefined) answers[path](req, res);
    else if (document === undefined) res.writeHead(404).end('{}');
    else res.writeHead(200, document.headers).end(document.body);
  });
  return {
    origin,
    host: new URL(origin).host,
    asked,
    answers,
    publish(path, fields = {}, headers = {}) {
      const url = `${origin}${path}`;
      const body = JSON.stringify(documentOf(url, fields));
      documents.set(path, { body, headers: { 'content-type': 'application/json', ...headers } });
      return url;
    },
  };
}
