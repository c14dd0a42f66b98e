// The rules for the metadata of OpenID Connect's specifications of logout: RP-Initiated Logout section
// 3.1, Back-Channel Logout section 2.2, Front-Channel Logout section 2. What each URL has to look like
// is said in protocol/client-urls.ts.

import { type Problem, those } from '../protocol/problems.ts';
import { parseScope } from '../protocol/scope.ts';
import type { ClientMetadata } from './metadata.ts';

/**
 * Only a client that people sign in to can sign them out, and only one that asks who they are is told of
 * a sign-out.
 */
export function logoutProblems(client: ClientMetadata): Problem[] {
  const hasNoSignIn = !client.grant_types.includes('authorization_code');
  const knowsNobody = !parseScope(client.scope ?? 'openid').includes('openid');
  return [
    ...those([
      hasNoSignIn && client.post_logout_redirect_uris !== undefined,
      'post_logout_redirect_uris',
      'needs the grant type authorization_code: without it nobody signs in',
    ]),
    ...(['backchannel', 'frontchannel'] as const).flatMap((channel) => {
      const isThere = client[`${channel}_logout_uri`] !== undefined;
      return those(
        [
          isThere && hasNoSignIn,
          `${channel}_logout_uri`,
          'needs the grant type authorization_code: without it nobody signs in',
        ],
        [
          isThere && knowsNobody,
          `${channel}_logout_uri`,
          'is there, but scope has no openid, so the client does not know who signs in',
        ],
        [
          !isThere && client[`${channel}_logout_session_required`] === true,
          `${channel}_logout_session_required`,
          `is there, but ${channel}_logout_uri is not`,
        ],
      );
    }),
  ];
}
