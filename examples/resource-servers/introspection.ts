// The API with notes, which asks the authorization server about each token (RFC 7662).

import { type Check, createNotesApi } from './notes-api.ts';

export interface Introspection {
  readonly issuer: string;
  readonly resource: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

// #region by-introspection
export function byIntrospection(options: Introspection): Check {
  const { issuer, resource, clientId, clientSecret } = options;
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');

  return async (token) => {
    const response = await fetch(`${issuer}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
      body: new URLSearchParams({ token }),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`Introspection was answered with ${response.status}.`);
    const answer = await response.json();
    const isForThis = answer.active && [answer.aud].flat().includes(resource);
    return isForThis ? answer : undefined;
  };
}
// #endregion

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4002);
  const issuer = process.env['ISSUER'] ?? 'http://localhost:4001';
  const resource = `http://localhost:${port}/notes`;
  const check = byIntrospection({
    issuer,
    resource,
    clientId: 'notes-api',
    clientSecret: 'the-secret-of-the-api',
  });
  createNotesApi({ issuer, resource, check }).listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`The notes are at ${resource}, their tokens checked by introspection\n`);
  });
}
