// OpenID Connect Core section 5.5: the parameter `claims`, as it is read.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OAuthError } from '../../src/errors.ts';
import { commonSubjects, readClaimsParameter } from '../../src/protocol/claims-parameter.ts';
import { OPENID_SCOPES } from '../../src/protocol/scope.ts';

const read = (claims: unknown, scope: readonly string[] = OPENID_SCOPES) =>
  readClaimsParameter(JSON.stringify(claims), scope);

const READ: readonly [title: string, claims: unknown, expected: object][] = [
  ['nothing, if it asks for nothing', {}, {}],
  ['nothing of empty members', { userinfo: {}, id_token: {} }, {}],
  ['a name alone', { userinfo: { name: null } }, { claims: { userinfo: { name: {} } } }],
  [
    'what is essential, and nothing of what is not',
    { userinfo: { name: { essential: true }, email: { essential: false } } },
    { claims: { userinfo: { name: { essential: true }, email: {} } } },
  ],
  [
    'a value and values, of any type',
    { id_token: { email_verified: { value: true }, locale: { values: ['de', 'fr'] } } },
    { claims: { id_token: { email_verified: { value: true }, locale: { values: ['de', 'fr'] } } } },
  ],
  [
    'both places apart',
    { userinfo: { name: null }, id_token: { email: null } },
    { claims: { userinfo: { name: {} }, id_token: { email: {} } } },
  ],
  [
    'not what nobody here knows, whatever it looks like',
    {
      userinfo: { 'http://example.info/claims/groups': 7, name: { essential: true, purpose: 'x' } },
      verified_claims: 'x',
      id_token: { nonce: { essential: true }, constructor: null, __proto__: null },
    },
    { claims: { userinfo: { name: { essential: true } } } },
  ],
  [
    'a claim in a language as one that nobody knows',
    { userinfo: { 'family_name#ja-Kana-JP': null } },
    {},
  ],
  ['the person who has to be there', { id_token: { sub: { value: 'a' } } }, { subjects: ['a'] }],
  ['any of several', { userinfo: { sub: { values: ['a', 'b'] } } }, { subjects: ['a', 'b'] }],
  [
    'whom both places name',
    { userinfo: { sub: { values: ['a', 'b'] } }, id_token: { sub: { values: ['b', 'c'] } } },
    { subjects: ['b'] },
  ],
  ['nobody by the name of sub alone', { id_token: { sub: { essential: true } } }, {}],
  [
    'an acr that is essential',
    { id_token: { acr: { essential: true, values: ['2', '3'] } } },
    { acr: ['2', '3'] },
  ],
  [
    'the same with one value',
    { id_token: { acr: { essential: true, value: '2' } } },
    { acr: ['2'] },
  ],
  [
    'an acr that is voluntary, as acr_values do',
    { id_token: { acr: { values: ['2'] } } },
    { acrValues: ['2'] },
  ],
  [
    'that the sign-in has to have a time',
    { id_token: { auth_time: { essential: true } } },
    { needsAuthTime: true },
  ],
  ['no such thing if it is voluntary', { id_token: { auth_time: null } }, {}],
  ['nothing of a time for UserInfo', { userinfo: { auth_time: { essential: true } } }, {}],
  [
    'nothing of a place that is null',
    { id_token: null, userinfo: { name: null } },
    { claims: { userinfo: { name: {} } } },
  ],
  ['nothing of two of them', { id_token: null, userinfo: null }, {}],
  [
    'a name alone if all that is said of it is null',
    { userinfo: { name: { essential: null, value: null, values: null } } },
    { claims: { userinfo: { name: {} } } },
  ],
  [
    'the values of an acr whose one value is null',
    { id_token: { acr: { essential: true, value: null, values: ['2'] } } },
    { acr: ['2'] },
  ],
  ['no acr that may be any', { id_token: { acr: { essential: true } } }, {}],
  ['no acr for UserInfo', { userinfo: { acr: { essential: true, value: '2' } } }, {}],
];

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const WRONG: readonly [title: string, text: string, sentence: RegExp][] = [
  ['is not JSON', '{', /is not JSON: send an object/],
  ['is a word', 'name', /is not JSON/],
  ['is a list', '[]', /is not an object/],
  ['is null', 'null', /is not an object/],
  ['is a text', '"name"', /is not an object/],
  ['has a list for a place', '{"userinfo":["name"]}', /userinfo, which is not an object/],
  ['has a number for a place', '{"id_token":0}', /id_token, which is not an object/],
  ['asks with true', '{"userinfo":{"name":true}}', /name in userinfo with what is neither null/],
  ['asks with a list', '{"id_token":{"sub":["a"]}}', /sub in id_token with what is neither/],
  ['says essential with a text', '{"userinfo":{"name":{"essential":"true"}}}', /essential, which/],
  ['has values that are no list', '{"userinfo":{"name":{"values":"a"}}}', /values, which is not/],
  ['has a sub that is a number', '{"id_token":{"sub":{"value":7}}}', /sub with a value that is/],
  [
    'has an acr that is a number',
    '{"id_token":{"acr":{"essential":true,"values":[1]}}}',
    /acr with/,
  ],
  ['is nested deeply', deep(17), /nested too deeply/],
  ['is nested as deeply as its length allows', deep(1600), /nested too deeply/],
  ['is a list in a list, to the end', '['.repeat(4096) + ']'.repeat(4096), /nested too deeply/],
  ['has half of a character', '{"userinfo":{"name":{"value":"\\ud800"}}}', /half of a character/],
  ['has a number without end', '{"userinfo":{"name":{"value":1e999}}}', /too large a number/],
  [
    'names two people',
    '{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}',
    /two different people/,
  ],
];

describe('the parameter claims (OpenID Connect Core section 5.5)', () => {
  it('says nothing if it is absent', () => {
    assert.deepEqual(readClaimsParameter(undefined, OPENID_SCOPES), {});
  });

  it('says nothing of what the client may not have by a scope', () => {
    const asked = { userinfo: { email: null, groups: null }, id_token: { name: null } };
    assert.deepEqual(read(asked, ['openid', 'email', 'read']), {
      claims: { userinfo: { email: {} } },
    });
    assert.deepEqual(read(asked, ['openid']), {});
  });

  for (const [title, claims, expected] of READ) {
    it(`says ${title}`, () => assert.deepEqual(read(claims), expected));
  }

  for (const [title, text, sentence] of WRONG) {
    it(`is refused if it ${title}`, () => {
      assert.throws(
        () => readClaimsParameter(text, OPENID_SCOPES),
        (error: OAuthError) => error.code === 'invalid_request' && sentence.test(error.message),
      );
    });
  }
});

describe('whom a request asks for', () => {
  it('is anybody if nobody is named, and who both name if two are', () => {
    assert.equal(commonSubjects(undefined, undefined), undefined);
    assert.deepEqual(commonSubjects(['a'], undefined), ['a']);
    assert.deepEqual(commonSubjects(undefined, ['a']), ['a']);
    assert.deepEqual(commonSubjects(['a', 'b'], ['b']), ['b']);
    assert.throws(() => commonSubjects(['a'], ['b']), /two different people/);
  });
});
