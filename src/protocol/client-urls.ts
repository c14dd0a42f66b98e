// The URLs in a client's record, registered or stored.

import type { Client } from '../types.ts';
import { redirectUriProblem } from './redirect-uri.ts';

/**
 * What is wrong with a client's URLs: the field, and the end of a sentence that begins with it.
 *
 * @param httpsOnly refuse http, but for redirect URIs on the person's own machine
 */
export function clientUrlProblems(
  { redirectUris, jwksUri, logoUri }: Pick<Client, 'redirectUris' | 'jwksUri' | 'logoUri'>,
  httpsOnly: boolean,
): { readonly field: string; readonly problem: string }[] {
  const problems = [];
  for (const [field, uri] of Object.entries({ jwks_uri: jwksUri, logo_uri: logoUri })) {
    if (httpsOnly && uri?.startsWith('http:')) {
      problems.push({ field, problem: 'is http: use https' });
    }
  }
  for (const [position, uri] of redirectUris.entries()) {
    const problem = redirectUriProblem(uri, httpsOnly);
    if (problem !== undefined) {
      problems.push({ field: `redirect_uris[${position}]`, problem: `${problem}: ${uri}` });
    }
  }
  return problems;
}
