// Asking the authorization server about each token (RFC 7662).

import type { Check } from './api.ts';

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
