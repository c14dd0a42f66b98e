// What happens next with an authorization request, as a table.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Facts,
  mayDecide,
  type NextStep,
  nextStep,
} from '../../src/authorization/interaction.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const client: Facts['client'] = {
  id: 'web',
  name: 'Web',
  secretHashes: ['a hash'],
  redirectUris: ['https://web.example/callback'],
  grants: ['authorization_code'],
  scope: ['read'],
  requirePkce: true,
};
const punctual = { ...client, requireAuthTime: true };
const native = { ...client, secretHashes: [], tokenEndpointAuthMethod: 'none' as const };

type Change = Omit<Partial<Facts>, 'request'> & {
  readonly request?: Partial<Facts['request']>;
};

function situation({ request, ...change }: Change): Facts {
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
const byPassword = { authTime: NOW - 10 * MINUTE, acr: '1' };
const acr = (...values: string[]) => ({ acr: values });
const offline = { scope: ['openid', 'offline_access'] };
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
  ...['none', 'login', 'consent'].map((prompt): [string, string, Change] => [
    prompt === 'none' ? 'refuse: login_required' : 'sign_in again',
    `max_age is 0, the sign-in was before the request, and prompt is ${prompt}`,
    { isConsented: true, request: { maxAge: 0, prompt: [prompt as 'none'] } },
  ]),
  [
    'refuse: consent_required',
    'nobody may be asked, and the client wants to be there while the person is away',
    { isConsented: true, request: { ...none, ...offline } },
  ],
  [
    'ask',
    'the client wants to be there while the person is away, which was allowed before',
    { isConsented: true, request: offline },
  ],
  ['sign_in', 'the client asks for somebody, and nobody is signed in', { user: undefined }],
  [
    'sign_in again',
    'the client asks for somebody else than who is signed in',
    { isOther: true, isConsented: true },
  ],
  [
    'refuse: login_required',
    'nobody may be asked, and the client asks for somebody else',
    { isOther: true, isConsented: true, request: none },
  ],
  [
    'refuse: consent_required',
    'nobody may be asked, and the client has an ID token of who is signed in',
    { request: { ...none, subjects: ['alice'], isHinted: true } },
  ],
  [
    'approve',
    'nobody may be asked, and the client names who is signed in, who has allowed it',
    { isConsented: true, request: { ...none, subjects: ['alice'] } },
  ],
  [
    'refuse: login_required',
    'somebody else signed in for this request',
    { isOther: true, sentToLogin: true, user: fresh },
  ],
  [
    'sign_in again',
    'somebody else is there, and our login page was left without a sign-in',
    { isOther: true, sentToLogin: true },
  ],
  [
    'refuse: login_required',
    "somebody else came back from an app's login page",
    { isOther: true, sentToLogin: true, ownLogin: false, user: unknown },
  ],
  [
    'sign_in again',
    'the app wants somebody first who is not who the client asks for',
    { isOther: true, isWantedFirst: true },
  ],
  ['ask', 'the sign-in is as the claims insist on', { user: byPassword, request: acr('1') }],
  ['ask', 'it is one of those', { user: byPassword, request: acr('2', '1') }],
  [
    'refuse: unmet_authentication_requirements',
    'the claims insist on another sign-in than by password',
    { user: byPassword, isConsented: true, request: acr('2') },
  ],
  [
    'refuse: unmet_authentication_requirements',
    'nobody may be asked, and the claims insist on another sign-in',
    { user: byPassword, isConsented: true, request: { ...none, ...acr('2') } },
  ],
  [
    'sign_in',
    'nobody is signed in, and the claims insist on a sign-in',
    { user: undefined, request: acr('2') },
  ],
  [
    'sign_in again',
    'the claims insist on a sign-in that an app may have',
    { ownLogin: false, user: byPassword, request: acr('2') },
  ],
  [
    'refuse: unmet_authentication_requirements',
    "the person came back from the app's login page without it",
    { ownLogin: false, sentToLogin: true, user: fresh, request: acr('2') },
  ],
  [
    'ask',
    "the person came back from the app's login page with it",
    { ownLogin: false, sentToLogin: true, user: { ...fresh, acr: '2' }, request: acr('2') },
  ],
  [
    'sign_in',
    'the client would like a sign-in that an app may have',
    { ownLogin: false, user: byPassword, isConsented: true, request: { acrValues: ['3', '2'] } },
  ],
  [
    'sign_in',
    'an app does not say how the person signed in, and the client would like to choose',
    { ownLogin: false, isConsented: true, request: { acrValues: ['2'] } },
  ],
  [
    'approve',
    "the person came back from the app's login page without it, and it was only a wish",
    {
      ownLogin: false,
      sentToLogin: true,
      user: byPassword,
      isConsented: true,
      request: { acrValues: ['2'] },
    },
  ],
  [
    'approve',
    'the sign-in is one of those that the client would like',
    { ownLogin: false, user: byPassword, isConsented: true, request: { acrValues: ['2', '1'] } },
  ],
  [
    'approve',
    'nobody may be asked, and the client would like another sign-in',
    {
      ownLogin: false,
      user: byPassword,
      isConsented: true,
      request: { ...none, acrValues: ['2'] },
    },
  ],
  [
    'approve',
    'the client would like another sign-in than by password, and there is none',
    { user: byPassword, isConsented: true, request: { acrValues: ['2'] } },
  ],
  [
    'sign_in again',
    'the client insists on one sign-in and would like another, which the person has',
    { ownLogin: false, user: byPassword, request: { ...acr('2'), acrValues: ['1'] } },
  ],
  [
    'sign_in again',
    'an ID token has to say when the person signed in, by an essential claim, and the app does not know',
    { user: unknown, ownLogin: false, request: { needsAuthTime: true, scope: ['openid'] } },
  ],
  [
    'sign_in again',
    'an app does not know when the person signed in, and the client has to know',
    { user: unknown, ownLogin: false, client: punctual },
  ],
  [
    'refuse: login_required',
    'the same, and the person has been at its login page',
    { user: unknown, ownLogin: false, sentToLogin: true, client: punctual },
  ],
  [
    'refuse: login_required',
    'the same, and nobody may be asked',
    { user: unknown, ownLogin: false, client: punctual, request: none },
  ],
  ['ask', 'the client has to know when the person signed in, and does', { client: punctual }],
  [
    'refuse: login_required',
    'an ID token is to say when the person signed in, and the app does not know',
    {
      user: unknown,
      ownLogin: false,
      sentToLogin: true,
      request: { maxAge: 60, scope: ['openid'] },
    },
  ],
  [
    'ask',
    'there is no ID token to say so',
    { user: unknown, ownLogin: false, sentToLogin: true, request: { maxAge: 60 } },
  ],
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

  it('is "refuse: login_required" for whomever a client names that they have not allowed, if nobody may be asked', () => {
    for (const isOther of [false, true]) {
      const named = { isOther, request: { ...none, subjects: ['alice'] } };
      assert.equal(summary(nextStep(situation(named))), 'refuse: login_required');
    }
  });

  it('is decided by nobody who would have to sign in, or to be somebody else', () => {
    for (const [expected, title, change] of TABLE) {
      const isSignIn = expected.startsWith('sign_in') || /login_required|unmet/.test(expected);
      assert.equal(mayDecide(situation(change)), !isSignIn, title);
    }
  });
});
