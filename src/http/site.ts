// Where this server is, as its issuer says.

import { issuerProblem } from '../protocol/issuer.ts';

export interface Site {
  /** RFC 8414 section 2: the URL that the server is known by. */
  readonly issuer: string;
  /** The path of the issuer, without a slash at its end: every link starts with it. */
  readonly path: string;
  /** Whether browsers come by https, whatever a proxy in between says. */
  readonly https: boolean;
}

/** @throws TypeError if the URL cannot be an issuer */
export function siteOf(issuer: string): Site {
  const problem = issuerProblem(issuer);
  if (problem !== undefined) throw new TypeError(`issuer ${problem}: ${JSON.stringify(issuer)}`);
  const { pathname, protocol } = new URL(issuer);
  return { issuer, path: pathname.replace(/\/$/, ''), https: protocol === 'https:' };
}
