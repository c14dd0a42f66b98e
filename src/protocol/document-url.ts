// OAuth Client ID Metadata Document, section 3: which URLs may be client identifiers.

import { idProblem } from './names.ts';
import { webUrlProblem } from './web-url.ts';

/** Whether a text is a host as URLs have it: `claude.ai`, or `localhost:4002`. */
export function isHost(text: string): boolean {
  const url = `https://${text}/`;
  return webUrlProblem(url) === undefined && new URL(url).host === text;
}

/** Whether an id is meant to be the URL of a document: no server makes such ids for clients (section 8.9). */
export function isMeantAsUrl(clientId: string): boolean {
  return /^https?:/i.test(clientId);
}

/**
 * Why a URL cannot be a client identifier, as the end of the sentence "it ...", or `undefined`. A URL
 * that a parser would change is refused: two strings that are equal only after parsing would be one
 * client here, and two clients elsewhere. That also excludes dot segments, however they are written.
 */
export function documentUrlProblem(clientId: string): string | undefined {
  if (!URL.canParse(clientId)) return 'is not a URL';
  const url = new URL(clientId);
  if (url.protocol !== 'https:') return 'is not https';
  if (clientId.includes('#')) return 'has a fragment';
  if (url.username !== '' || url.password !== '') return 'has a user name or password in it';
  if (url.pathname === '/') return 'has no path';
  if (url.href !== clientId) return `is not written as URLs are: ${url.href} would be`;
  return webUrlProblem(clientId) ?? idProblem(clientId);
}
