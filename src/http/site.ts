// Where this server is, as its issuer says.

import { createHash } from 'node:crypto';
import { issuerProblem } from '../protocol/issuer.ts';

export interface Site {
  /** RFC 8414 section 2: the URL that the server is known by. */
  readonly issuer: string;
  /** The path of the issuer, without a slash at its end: every link starts with it. */
  readonly path: string;
  /** Whether browsers come by https, whatever a proxy in between says. */
  readonly https: boolean;
  /**
   * A short hash of the issuer, for the names of cookies: a browser does not distinguish the ports of
   * a host, and every cookie of ours is for all paths.
   */
  readonly mark: string;
}

/** @throws TypeError if the URL cannot be an issuer */
export function siteOf(issuer: string): Site {
  const problem = issuerProblem(issuer);
  if (problem !== undefined) throw new TypeError(`issuer ${problem}: ${JSON.stringify(issuer)}`);
  const { pathname, protocol } = new URL(issuer);
  const mark = createHash('sha256').update(issuer).digest('hex').slice(0, 8);
  return { issuer, path: pathname.replace(/\/$/, ''), https: protocol === 'https:', mark };
}
