// The chapters of the playground, with every request before it is sent. A chapter, a step or a request
// has its words in the dictionaries, under its id.

import {
  type Chapter,
  exchange,
  redeemed,
  refused,
  signIn,
  type Turn,
} from './playground-exchanges.ts';
import { openIdConnect } from './playground-openid.ts';
import {
  type Cast,
  REDIRECT_URI_OF_NOBODY,
  type Requests,
  requests,
  SCOPE_OF_NOBODY,
} from './playground-requests.ts';

export function playgroundChapters(cast: Cast): Chapter[] {
  const make = requests(cast);
  return [
    clientCredentials,
    authorizationCode,
    refresh,
    introspection,
    revocation,
    deviceCode,
    openIdConnect,
  ].map((chapter) => chapter(make));
}

function clientCredentials(make: Requests): Chapter {
  return {
    id: 'client-credentials',
    label: 'Client credentials',
    steps: [
      exchange('client-token', 'appToServer', make.clientToken(), {
        keeps: { access_token: 'access_token' },
        sources: [[6749, '4.4']],
      }),
      exchange('client-use', 'appToApi', make.callApi, { sources: [[6750, '2.1']] }),
    ],
    turns: [
      {
        id: 'scope',
        exchanges: [
          exchange('scope-token', 'appToServer', make.clientToken({ scope: SCOPE_OF_NOBODY }), {
            ...refused('invalid_scope'),
            sources: [[6749, '5.2']],
          }),
        ],
      },
    ],
  };
}

function authorizationCode(make: Requests): Chapter {
  return {
    id: 'authorization-code',
    label: 'Authorization code',
    steps: [
      exchange('person-pkce', 'inTheApp', make.nothing, {
        kind: 'compute',
        sources: [[7636, '4.2']],
      }),
      exchange('person-authorize', 'browserToServer', make.authorize(), {
        kind: 'visit',
        sources: [
          [6749, '4.1.2'],
          [9207, '2.4'],
        ],
      }),
      exchange('person-exchange', 'appToServer', make.redeem(), {
        once: true,
        keeps: { access_token: 'access_token', refresh_token: 'refresh_token' },
        sources: [
          [6749, '4.1.3'],
          [7636, '4.6'],
        ],
      }),
      exchange('person-use', 'appToApi', make.callApi, { sources: [[6749, '1.4']] }),
    ],
    turns: wrongTurnsWithCodes(make),
  };
}

function wrongTurnsWithCodes(make: Requests): Turn[] {
  return [
    {
      id: 'redirect',
      exchanges: [
        exchange(
          'redirect-authorize',
          'browserToServer',
          make.authorize({ redirect_uri: REDIRECT_URI_OF_NOBODY }),
          {
            status: 400,
            sources: [[6749, '4.1.2.1']],
          },
        ),
      ],
    },
    {
      id: 'state',
      exchanges: [
        exchange('state-forged', 'browserToApp', make.forgedAnswer, {
          kind: 'visit',
          sources: [
            [6749, '10.12'],
            [9700, '4.7'],
          ],
        }),
      ],
    },
    {
      id: 'verifier',
      exchanges: [
        signIn(make, 'verifier-authorize'),
        exchange(
          'verifier-wrong',
          'thiefToServer',
          make.redeem('a-verifier-that-the-thief-made-up-all-alone'),
          { ...refused('invalid_grant'), sources: [[7636, '4.6']] },
        ),
        exchange('verifier-right', 'appToServer', make.redeem(), { sources: [[7636, '4.6']] }),
      ],
    },
    {
      id: 'replay',
      exchanges: [
        signIn(make, 'replay-authorize'),
        redeemed(make, 'replay-redeem', {}),
        exchange('replay-again', 'thiefToServer', make.redeem(), {
          ...refused('invalid_grant'),
          sources: [
            [6749, '4.1.2'],
            [6749, '10.5'],
          ],
        }),
      ],
    },
  ];
}

function refresh(make: Requests): Chapter {
  return {
    id: 'refresh',
    label: 'Refresh',
    steps: [
      exchange('person-refresh', 'appToServer', make.refresh(), {
        keeps: { access_token: 'access_token', refresh_token: 'refresh_token' },
        sources: [
          [6749, '6'],
          [9700, '4.14.2'],
        ],
      }),
    ],
    turns: [
      {
        id: 'reuse',
        exchanges: [
          signIn(make, 'reuse-authorize'),
          redeemed(make, 'reuse-redeem', { refresh_token: 'first_refresh_token' }),
          exchange('reuse-first', 'appToServer', make.refresh('<first_refresh_token>'), {
            keeps: { refresh_token: 'second_refresh_token' },
          }),
          exchange('reuse-second', 'appToServer', make.refresh('<second_refresh_token>'), {
            keeps: { access_token: 'access_token' },
          }),
          exchange('reuse-again', 'thiefToServer', make.refresh('<first_refresh_token>'), {
            ...refused('invalid_grant'),
            sources: [[9700, '4.14.2']],
          }),
          exchange('reuse-use', 'appToApi', make.callApi, {
            status: 401,
            sources: [[9700, '4.14.2']],
          }),
        ],
      },
    ],
  };
}

function introspection(make: Requests): Chapter {
  return {
    id: 'introspection',
    label: 'Introspection',
    steps: [
      exchange('person-introspect', 'apiToServer', make.introspect(), {
        expects: { active: true },
        sources: [[7662, '2.2']],
      }),
    ],
    turns: [
      {
        id: 'unknown',
        exchanges: [
          exchange('unknown-introspect', 'apiToServer', make.introspect('made-up'), {
            expects: { active: false },
            sources: [[7662, '2.2']],
          }),
        ],
      },
    ],
  };
}

function revocation(make: Requests): Chapter {
  return {
    id: 'revocation',
    label: 'Revocation',
    steps: [
      exchange('person-revoke', 'appToServer', make.revokeAsApp, {
        sources: [
          [7009, '2.1'],
          [7009, '2.2'],
        ],
      }),
      exchange('person-gone', 'apiToServer', make.introspect(), {
        expects: { active: false },
        sources: [[7662, '2.2']],
      }),
    ],
    turns: [
      {
        id: 'revoked',
        exchanges: [
          exchange('revoked-token', 'appToServer', make.clientToken(), {
            keeps: { access_token: 'access_token' },
          }),
          exchange('revoked-revoke', 'appToServer', make.revokeAsService),
          exchange('revoked-use', 'appToApi', make.callApi, {
            status: 401,
            sources: [[6750, '3.1']],
          }),
        ],
      },
    ],
  };
}

function deviceCode(make: Requests): Chapter {
  const isPending = refused('authorization_pending');
  return {
    id: 'device',
    label: 'Device code',
    steps: [
      exchange('device-ask', 'deviceToServer', make.askForCodes, {
        keeps: { device_code: 'device_code' },
        sources: [[8628, '3.2']],
      }),
      exchange('device-wait', 'deviceToServer', make.poll, {
        ...isPending,
        // Too soon it would be another answer.
        once: true,
        sources: [[8628, '3.5']],
      }),
      exchange('device-collect', 'deviceToServer', make.poll, {
        sources: [[8628, '3.4']],
      }),
    ],
    turns: [
      {
        id: 'hurry',
        exchanges: [
          exchange('hurry-ask', 'deviceToServer', make.askForCodes, {
            keeps: { device_code: 'device_code' },
            words: 'device-ask',
          }),
          exchange('hurry-first', 'deviceToServer', make.poll, {
            ...isPending,
            words: 'device-wait',
          }),
          exchange('hurry-again', 'deviceToServer', make.poll, {
            ...refused('slow_down'),
            sources: [[8628, '3.5']],
          }),
        ],
      },
    ],
  };
}
