// The chapters of the playground: their steps, and their wrong turns with what each comes to.

/** The steps of each chapter, in their order. */
export const STEPS = {
  'Client credentials': ['client-token', 'client-use'],
  'Authorization code': ['person-pkce', 'person-authorize', 'person-exchange', 'person-use'],
  Refresh: ['person-refresh'],
  Introspection: ['person-introspect'],
  Revocation: ['person-revoke', 'person-gone'],
  'Device code': ['device-ask', 'device-wait', 'device-collect'],
  'OpenID Connect': [
    'openid-nonce',
    'openid-authorize',
    'openid-redeem',
    'openid-keys',
    'openid-verify',
    'openid-userinfo',
  ],
} as const;

export type Chapter = keyof typeof STEPS;

export const CHAPTERS = Object.keys(STEPS) as Chapter[];

/**
 * The wrong turns: where each is, the status of each answer, and of each command when run later; what
 * the browser works out by itself is no command.
 */
export const TURNS: readonly {
  readonly turn: string;
  readonly chapter: Chapter;
  readonly signsIn?: true;
  readonly answers: readonly (readonly [exchange: string, status: string, later?: number])[];
}[] = [
  {
    turn: 'scope',
    chapter: 'Client credentials',
    answers: [['scope-token', '400 Bad Request', 400]],
  },
  {
    turn: 'redirect',
    chapter: 'Authorization code',
    answers: [['redirect-authorize', '400 Bad Request', 400]],
  },
  {
    turn: 'state',
    chapter: 'Authorization code',
    answers: [['state-forged', 'Refused by the app', 200]],
  },
  {
    turn: 'verifier',
    chapter: 'Authorization code',
    signsIn: true,
    answers: [
      ['verifier-authorize', 'Back with a code', 303],
      ['verifier-wrong', '400 Bad Request', 400],
      ['verifier-right', '200 OK', 400],
    ],
  },
  {
    turn: 'replay',
    chapter: 'Authorization code',
    signsIn: true,
    answers: [
      ['replay-authorize', 'Back with a code', 303],
      ['replay-redeem', '200 OK', 400],
      ['replay-again', '400 Bad Request', 400],
    ],
  },
  {
    turn: 'reuse',
    chapter: 'Refresh',
    signsIn: true,
    answers: [
      ['reuse-authorize', 'Back with a code', 303],
      ['reuse-redeem', '200 OK', 400],
      ['reuse-first', '200 OK', 400],
      ['reuse-second', '200 OK', 400],
      ['reuse-again', '400 Bad Request', 400],
      ['reuse-use', '401 Unauthorized', 401],
    ],
  },
  {
    turn: 'unknown',
    chapter: 'Introspection',
    answers: [['unknown-introspect', '200 OK', 200]],
  },
  {
    turn: 'revoked',
    chapter: 'Revocation',
    answers: [
      ['revoked-token', '200 OK', 200],
      ['revoked-revoke', '200 OK', 200],
      ['revoked-use', '401 Unauthorized', 401],
    ],
  },
  {
    turn: 'hurry',
    chapter: 'Device code',
    answers: [
      ['hurry-ask', '200 OK', 200],
      ['hurry-first', '400 Bad Request', 400],
      ['hurry-again', '400 Bad Request', 400],
    ],
  },
  ...['nonce', 'audience', 'clock', 'signature'].map((turn) => ({
    turn,
    chapter: 'OpenID Connect' as const,
    answers: [[`openid-${turn}-flaw`, 'Refused by the app'] as const],
  })),
];
