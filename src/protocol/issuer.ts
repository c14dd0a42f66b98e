// RFC 8414 section 2: the issuer, the URL that a server is known by.

import { webUrlProblem } from './web-url.ts';

/** What keeps a string from being an issuer, as the end of the sentence "it ...", or `undefined`. */
export function issuerProblem(issuer: string): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return 'is not an http or https URL';
  if (url.username !== '' || url.password !== '') return 'has a user name or password in it';
  if (/[?#]/.test(issuer)) return 'has a query or a fragment';
  if (issuer.endsWith('/')) return 'has a slash at its end';
  // Clients compare it letter for letter, so there is one way to write it.
  const written = url.href.replace(/\/$/, '');
  if (issuer !== written) return `is not written as it should be, which is ${written}`;
  // A link to one of its pages would lead to another host.
  if (url.pathname.startsWith('//')) return 'has a path that begins with two slashes';
  return webUrlProblem(issuer);
}
