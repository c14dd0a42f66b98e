// What happens next with an authorization request, as a table.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NextStep, nextStep, type Situation } from '../../src/authorization/interaction.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const client: Situation['client'] = {
  id: 'web',
  name: 'Web',
  secretHashes: ['a hash'],
  redirectUris: ['https://web.example/callback'],
  grants: ['authorization_code'],
  scope: ['read'],
  requirePkce: true,
};
const native = { ...client, secretHashes: [], tokenEndpointAuthMethod: 'none' as const };

type Change = Omit<Partial<Situation>, 'request'> & {
  readonly request?: Partial<Situation['request']>;
};

function situation({ request, ...change }: Change): Situation {
  return {
    client,
    user: { authTime: NOW - 10 * MINUTE },
    askedAt: NOW,
    sentToLogin: false,
    ownLogin: true,
    isConsented: false,
    ...change,
    request: {
      clientId: 'web',
      redirectUri: 'https://web.example/callback',
      scope: ['read'],
      resource: [],
      prompt: [],
      ...request,
    },
  };
}

const summary = (next: NextStep): string => {
  if (next.step === 'refuse') return `refuse: ${next.error}`;
  return next.step === 'sign_in' && next.again ? 'sign_in again' : next.step;
};

const fresh = { authTime: NOW + MINUTE };
const unknown = {};
const none = { prompt: ['none'] } as const;
const login = { prompt: ['login'] } as const;
const consent = { prompt: ['consent'] } as const;
const loopback = { redirectUri: 'http://127.0.0.1/callback' };

const TABLE: readonly [expected: string, title: string, change: Change][] = [
  ['sign_in', 'nobody is signed in', { user: undefined }],
  [
    'sign_in',
    'nobody is signed in, though a consent is known',
    { user: undefined, isConsented: true },
  ],
  [
    'sign_in',
    'nobody is signed in and the client wants a sign-in',
    { user: undefined, request: login },
  ],
  [
    'refuse: login_required',
    'nobody is signed in and nobody may be asked',
    { user: undefined, request: none },
  ],
  ['ask', 'the person has not allowed this yet', {}],
  ['visit_app', 'the app wants the person first', { isWantedFirst: true }],
  [
    'visit_app',
    'the app wants the person first, who has allowed this before',
    { isWantedFirst: true, isConsented: true },
  ],
  [
    'sign_in',
    'the app wants the person first, and nobody is signed in',
    { isWantedFirst: true, user: undefined },
  ],
  [
    'sign_in again',
    'the app wants the person first, who has to sign in again',
    { isWantedFirst: true, request: login },
  ],
  [
    'refuse: interaction_required',
    'nobody may be asked, and the app wants the person first',
    { isWantedFirst: true, isConsented: true, request: none },
  ],
  ['approve', 'the person has allowed this before', { isConsented: true }],
  ['refuse: consent_required', 'nobody may be asked and nothing was allowed', { request: none }],
  [
    'approve',
    'nobody may be asked and it was allowed before',
    { isConsented: true, request: none },
  ],
  ['ask', 'the client wants the person to be asked', { isConsented: true, request: consent }],
  ['sign_in again', 'the client wants a sign-in now', { request: login }],
  ['ask', 'the client wanted a sign-in and got it', { user: fresh, request: login }],
  [
    'approve',
    'the same, and it was allowed before',
    { user: fresh, isConsented: true, request: login },
  ],
  ['sign_in again', 'the sign-in is older than max_age', { request: { maxAge: 599 } }],
  ['ask', 'the sign-in is as old as max_age', { request: { maxAge: 600 } }],
  [
    'sign_in again',
    'max_age is 0 and the sign-in was before the request',
    { request: { maxAge: 0 } },
  ],
  [
    'ask',
    'max_age is 0 and the sign-in came after the request',
    { user: fresh, request: { maxAge: 0 } },
  ],
  [
    'refuse: login_required',
    'nobody may be asked and the sign-in is older than max_age',
    { request: { ...none, maxAge: 1 } },
  ],
  [
    'sign_in again',
    'our login page was left without a fresh sign-in',
    { sentToLogin: true, request: login },
  ],
  [
    'refuse: login_required',
    "an app's login page sent the person back without one",
    { sentToLogin: true, ownLogin: false, request: login },
  ],
  [
    'sign_in again',
    'an app does not know when the person signed in, and the client wants to',
    { user: unknown, ownLogin: false, request: login },
  ],
  [
    'sign_in again',
    'the same with max_age',
    { user: unknown, ownLogin: false, request: { maxAge: 60 } },
  ],
  [
    'ask',
    'an app does not know, and the person has been at its login page',
    { user: unknown, sentToLogin: true, ownLogin: false, request: login },
  ],
  ['ask', 'an app does not know, and the client does not care', { user: unknown, ownLogin: false }],
  [
    'ask',
    'any app could pass for the client, so a consent does not count',
    { client: native, isConsented: true, request: loopback },
  ],
  [
    'refuse: consent_required',
    'the same, and nobody may be asked',
    { client: native, isConsented: true, request: { ...none, ...loopback } },
  ],
  [
    'approve',
    'the client is public, but its redirect URI is https',
    { client: native, isConsented: true },
  ],
  [
    'approve',
    'the redirect URI is loopback, but the client has a secret',
    { isConsented: true, request: loopback },
  ],
];

describe('What happens next with an authorization request', () => {
  for (const [expected, title, change] of TABLE) {
    it(`is "${expected}" if ${title}`, () => {
      assert.equal(summary(nextStep(situation(change))), expected);
    });
  }
});
