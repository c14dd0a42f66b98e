// The URLs in a client's record, registered or stored.

import type { Client } from '../types.ts';
import { redirectUriProblem, uriProblem } from './redirect-uri.ts';
import { isWeb } from './web-url.ts';

/** The fields that this is about. */
type Urls = Pick<
  Client,
  | 'redirectUris'
  | 'jwksUri'
  | 'logoUri'
  | 'postLogoutRedirectUris'
  | 'backchannelLogoutUri'
  | 'frontchannelLogoutUri'
>;

interface UrlProblem {
  readonly field: string;
  readonly problem: string;
}

/**
 * What is wrong with a client's URLs: the field, and the end of a sentence that begins with it.
 *
 * @param httpsOnly refuse http, except for URLs on a person's own machine that people are sent to
 */
export function clientUrlProblems(urls: Urls, httpsOnly: boolean): UrlProblem[] {
  const { redirectUris, postLogoutRedirectUris = [], jwksUri, logoUri } = urls;
  const { backchannelLogoutUri, frontchannelLogoutUri } = urls;
  const fetched = {
    jwks_uri: jwksUri,
    logo_uri: logoUri,
    backchannel_logout_uri: backchannelLogoutUri,
  };
  const problems: UrlProblem[] = [];
  const note = (field: string, uri: string, problem: string | undefined) => {
    if (problem !== undefined) problems.push({ field, problem: `${problem}: ${uri}` });
  };
  for (const [field, uri] of Object.entries(fetched)) {
    if (httpsOnly && isHttp(uri)) {
      problems.push({ field, problem: 'is http: use https' });
    }
  }
  for (const [list, uris] of Object.entries({
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
  })) {
    for (const [position, uri] of uris.entries()) {
      note(`${list}[${position}]`, uri, redirectUriProblem(uri, httpsOnly));
    }
  }
  if (backchannelLogoutUri !== undefined) {
    note('backchannel_logout_uri', backchannelLogoutUri, logoutUriProblem(backchannelLogoutUri));
  }
  if (frontchannelLogoutUri !== undefined) {
    const problem = frontchannelProblem(frontchannelLogoutUri, redirectUris);
    note('frontchannel_logout_uri', frontchannelLogoutUri, problem);
  }
  return problems;
}

/** Whether a URL is http, however that is written. */
export const isHttp = (uri: string | undefined) =>
  uri !== undefined && URL.parse(uri)?.protocol === 'http:';

/**
 * Why a client cannot be told at a URI that a session has ended (Back-Channel Logout section 2.2), as
 * the end of the sentence "it ...", or `undefined`.
 */
export function logoutUriProblem(uri: string): string | undefined {
  const problem = uriProblem(uri);
  if (problem !== undefined) return problem;
  return isWeb(uri) ? undefined : 'is not http or https';
}

/**
 * Front-Channel Logout section 2: scheme, host and port are those of a redirect URI. So it may be
 * http only where a redirect URI may.
 */
function frontchannelProblem(uri: string, redirectUris: readonly string[]): string | undefined {
  const problem = logoutUriProblem(uri);
  if (problem !== undefined) return problem;
  const { origin } = new URL(uri);
  const isOfClient = redirectUris.some(
    (one) => URL.canParse(one) && new URL(one).origin === origin,
  );
  if (isOfClient) return undefined;
  return 'does not have the scheme, host and port of any redirect URI (OpenID Connect Front-Channel Logout section 2)';
}
