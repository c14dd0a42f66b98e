import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLAIMS, claimsProblem, PERSON_CLAIMS, withoutUnknown } from '../../src/protocol/claims.ts';
import {
  claimNames,
  claimsOfScope,
  requestedNames,
  scopesOfClaims,
  sharedClaims,
  toldClaims,
} from '../../src/protocol/shared-claims.ts';

const ALL = {
  name: 'Alice Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  middle_name: 'Pleasance',
  nickname: '愛麗絲',
  preferred_username: 'alice',
  profile: 'https://example.com/alice',
  picture: 'https://example.com/alice.jpg',
  website: 'http://alice.example',
  gender: 'female',
  birthdate: '1852-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  updated_at: 1_700_000_000,
  email: 'alice@example.com',
  email_verified: true,
  address: { formatted: 'Deanery\r\n\r\nOxford', country: 'UK' },
  phone_number: '+44 1865 276150',
  phone_number_verified: false,
  groups: ['readers', 'Freunde'],
};

describe('the claims of a person', () => {
  it('are the twenty that there are, each in its own form', () => {
    assert.equal(claimsProblem(ALL), undefined);
    assert.deepEqual(Object.keys(ALL), PERSON_CLAIMS);
    assert.deepEqual(CLAIMS.slice(-PERSON_CLAIMS.length), PERSON_CLAIMS);
    for (const birthdate of ['1852', '0000-05-04']) {
      assert.equal(claimsProblem({ birthdate }), undefined, birthdate);
    }
    for (const locale of ['de', 'en_US', 'zh-Hant-TW']) {
      assert.equal(claimsProblem({ locale }), undefined, locale);
    }
  });

  it('are refused in any other', () => {
    const refused: [unknown, RegExp][] = [
      [null, /^is not an object$/],
      [['name'], /^is not an object$/],
      [{ given_name: 7 }, /given_name 7, which is not a string/],
      [{ given_name: '' }, /given_name "", which is empty/],
      [{ given_name: null }, /given_name null, which is not a string/],
      [{ given_name: 'A\nB' }, /control character/],
      [{ department: 'Tea' }, /^has department, which is none of name, /],
      [{ sub: 'alice' }, /^has sub, which is none of /],
      [{ constructor: 'x' }, /^has constructor, which is none of /],
      [{ picture: 'javascript:alert(1)' }, /not an http or https URL/],
      [{ picture: '//example.com/a.png' }, /not an http or https URL/],
      [{ birthdate: '4.5.1852' }, /not a date such as/],
      [{ birthdate: '1852-13-04' }, /not a date such as/],
      [{ zoneinfo: 'GMT+1:00 (Berlin)' }, /not a time zone such as/],
      [{ locale: 'English (UK)' }, /not a language such as/],
      [{ updated_at: 1_700_000_000_000 }, /is in milliseconds: give seconds/],
      [{ updated_at: '2026-01-01' }, /not a number of seconds/],
      [{ updated_at: -1 }, /not a number of seconds/],
      [{ email: 'alice' }, /not an e-mail address/],
      [{ email_verified: 'true' }, /not a boolean/],
      [{ address: 'Oxford' }, /which is not an object/],
      [{ address: {} }, /which is empty/],
      [{ address: { city: 'Oxford' } }, /has city, which is none of formatted, street_address/],
      [{ address: { formatted: '\n\n' } }, /which is empty/],
      [{ address: { locality: 'Ox\nford' } }, /control character/],
      [{ groups: 'readers' }, /not a list of names/],
      [{ groups: [''] }, /has "" in it, which is empty/],
      [
        { groups: Array.from({ length: 400 }, (_, n) => `group ${n}`) },
        /^has \d+ bytes of claims, and may have 4096$/,
      ],
    ];
    for (const [claims, problem] of refused) {
      assert.match(claimsProblem(claims) ?? 'nothing', problem, JSON.stringify(claims));
    }
  });

  it('have nothing in them that a table has for what is not known', () => {
    const empty = { formatted: '', country: null };
    const given = { name: 'A', nickname: '', email: null, gender: undefined, groups: [] };
    assert.deepEqual(withoutUnknown({ ...given, address: empty }), { name: 'A', groups: [] });
    assert.deepEqual(withoutUnknown({ address: { ...empty, region: 'X' } }), {
      address: { region: 'X' },
    });
    assert.equal(withoutUnknown('x'), 'x');
  });
});

describe('what a client is told', () => {
  it('is what the words of the scope stand for (OpenID Connect Core section 5.4)', () => {
    assert.equal(claimsOfScope('profile').length, 14);
    assert.deepEqual(claimsOfScope('email'), ['email', 'email_verified']);
    for (const word of ['openid', 'offline_access', 'read', 'constructor', '__proto__']) {
      assert.deepEqual(claimsOfScope(word), [], word);
    }
    const words = ['profile', 'email', 'address', 'phone', 'groups'];
    assert.deepEqual(words.flatMap(claimsOfScope).sort(), [...PERSON_CLAIMS].sort());
    assert.deepEqual(scopesOfClaims(['email_verified', 'picture', 'sub']), ['profile', 'email']);
  });

  it('is what was asked for by name, too, where it was asked for (section 5.5)', () => {
    const claims = { id_token: { email: {}, acr: {} }, userinfo: { picture: {}, sub: {}, x: {} } };
    assert.deepEqual(requestedNames(claims), ['email', 'picture']);
    assert.deepEqual(claimNames({ scope: ['openid', 'email'], claims }), [
      'email',
      'email_verified',
      'picture',
    ]);
    assert.deepEqual(toldClaims(ALL, [], claims.id_token), { email: ALL.email });
    assert.deepEqual(toldClaims(ALL, ['name'], claims.userinfo), {
      name: ALL.name,
      picture: ALL.picture,
    });
  });

  it('has only claims of the value that was asked for, unless the scope stands for them', () => {
    const told = (claim: object, names: string[] = []) =>
      Object.keys(toldClaims(ALL, names, { email: claim }));
    assert.deepEqual(told({ value: ALL.email, essential: true }), ['email']);
    assert.deepEqual(told({ values: ['bob@example.com', ALL.email] }), ['email']);
    assert.deepEqual(told({ value: 'bob@example.com', essential: true }), []);
    assert.deepEqual(told({ values: [] }), []);
    assert.deepEqual(told({ value: 'bob@example.com' }, ['email']), ['email']);
    const address = { value: { country: 'UK', formatted: ALL.address.formatted } };
    assert.deepEqual(Object.keys(toldClaims(ALL, [], { address })), ['address']);
  });

  it('has nothing that is not known, and is not kept if it is nothing', () => {
    assert.deepEqual(toldClaims({ name: 'A' }, ['name', 'email', 'toString']), { name: 'A' });
    assert.equal(sharedClaims(ALL, { scope: ['openid', 'read'] }), undefined);
    assert.equal(sharedClaims(undefined, { scope: ['profile'] }), undefined);
    assert.deepEqual(
      sharedClaims(ALL, { scope: ['phone'], claims: { userinfo: { locale: {} } } }),
      {
        phone_number: ALL.phone_number,
        phone_number_verified: false,
        locale: 'en-GB',
      },
    );
  });
});
