// The chapter on OpenID Connect: an app learns who signed in, and verifies it claim by claim.

import {
  type Chapter,
  type Exchange,
  exchange,
  type Flaw,
  OPENID_CORE,
  type Turn,
} from './playground-exchanges.ts';
import type { Requests } from './playground-requests.ts';

export function openIdConnect(make: Requests): Chapter {
  const asksForClaims = make.authorize({ scope: 'openid profile email', nonce: '<nonce>' });
  return {
    id: 'openid-connect',
    label: 'OpenID Connect',
    steps: [
      exchange('openid-nonce', 'inTheApp', make.nothing, {
        kind: 'compute',
        sources: [[OPENID_CORE, '15.5.2']],
      }),
      exchange('openid-authorize', 'browserToServer', asksForClaims, {
        kind: 'visit',
        sources: [
          [OPENID_CORE, '3.1.2.1'],
          [OPENID_CORE, '5.4'],
        ],
      }),
      exchange('openid-redeem', 'appToServer', make.redeem(), {
        once: true,
        keeps: { access_token: 'access_token', id_token: 'id_token' },
        sources: [
          [OPENID_CORE, '3.1.3.3'],
          [OPENID_CORE, '2'],
        ],
      }),
      exchange('openid-keys', 'appToServer', make.fetchKeys, {
        keeps: { keys: 'keys' },
        sources: [
          [OPENID_CORE, '10.1'],
          [7517, '5'],
        ],
      }),
      verification(make, 'openid-verify', {
        sources: [
          [OPENID_CORE, '3.1.3.7'],
          [OPENID_CORE, '3.1.3.8'],
        ],
      }),
      exchange('openid-userinfo', 'appToServer', make.askForUserInfo, {
        expects: { sub: '<sub>' },
        sources: [
          [OPENID_CORE, '5.3.2'],
          [OPENID_CORE, '5.3.4'],
        ],
      }),
    ],
    turns: [
      refusal(make, 'nonce', '15.5.2'),
      refusal(make, 'audience', '3.1.3.7'),
      refusal(make, 'clock', '3.1.3.7'),
      refusal(make, 'signature', '3.1.3.7'),
    ],
  };
}

function verification(make: Requests, id: string, more: Partial<Exchange>): Exchange {
  return exchange(id, 'inTheApp', make.nothing, { kind: 'verify', ...more });
}

/** A wrong turn with the ID token of the steps, whose values it shares. */
function refusal(make: Requests, flaw: Flaw, section: string): Turn {
  const sources = [[OPENID_CORE, section]] as const;
  return { id: flaw, exchanges: [verification(make, `openid-${flaw}-flaw`, { flaw, sources })] };
}
