import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostError } from '../../src/host-error.ts';
import { createPersonClaims } from '../../src/oauth/person-claims.ts';
import { newGrant } from '../../src/oauth/tokens.ts';
import { OPENID_SCOPES } from '../../src/protocol/scope.ts';
import type { Grant, User } from '../../src/types.ts';

const user: User = {
  id: 'u1',
  username: 'alice',
  name: 'Alice Liddell',
  email: 'alice@example.com',
  passwordHash: 'a secret',
  claims: { email_verified: true, groups: ['readers'], locale: 'en-GB' },
};

const grantOf = (openid?: Grant['openid']): Grant => ({
  ...newGrant('web', 'u1', { scope: [] }),
  openid,
});

/** What is known of the people in a store, and how often one was looked up. */
function inStore() {
  const asked: string[] = [];
  const findUser = async (id: string) => {
    asked.push(id);
    return id === 'u1' ? user : undefined;
  };
  return { asked, findUser };
}

/** May have all. */
const CLIENT = { scope: OPENID_SCOPES };

describe('what a client is told of a person', () => {
  it('is what the scope stands for, of the user in the store, and never a password', async () => {
    const { of } = createPersonClaims(inStore());
    const all = ['openid', 'profile', 'email', 'address', 'phone', 'groups'];
    assert.deepEqual(await of(grantOf(), all, 'userinfo', CLIENT), {
      name: 'Alice Liddell',
      preferred_username: 'alice',
      locale: 'en-GB',
      email: 'alice@example.com',
      email_verified: true,
      groups: ['readers'],
    });
  });

  it('is in the ID token only if it was asked for there, or if the record of the client says so', async () => {
    const { of } = createPersonClaims(inStore());
    const grant = grantOf({ claims: { id_token: { locale: {} } } });
    const told = (idTokenClaims?: boolean) =>
      of(grant, ['groups'], 'id_token', { ...CLIENT, idTokenClaims });
    assert.deepEqual(await told(), { locale: 'en-GB' });
    assert.deepEqual(await told(true), { groups: ['readers'], locale: 'en-GB' });
  });

  it('is less of what it asked for one by one if its scope has become less', async () => {
    const { of } = createPersonClaims(inStore());
    const grant = grantOf({ claims: { userinfo: { locale: {}, email: {} } } });
    const told = (...scope: string[]) => of(grant, ['openid'], 'userinfo', { scope });
    assert.deepEqual(await told('openid', 'email'), { email: 'alice@example.com' });
    assert.deepEqual(await told('openid'), {});
  });

  it('is looked up only if something is asked for, and once', async () => {
    const { asked, findUser } = inStore();
    const { of } = createPersonClaims({ findUser });
    const claims = { id_token: { acr: {}, sub: { value: 'u1' } }, userinfo: { email: {} } };
    assert.deepEqual(await of(grantOf({ claims }), ['openid', 'read'], 'id_token', CLIENT), {});
    await of(grantOf(), ['email'], 'id_token', CLIENT);
    await of(grantOf(), ['email'], 'userinfo', CLIENT, user);
    assert.deepEqual(asked, []);
    await of(grantOf({ claims }), ['openid', 'profile'], 'userinfo', CLIENT);
    assert.deepEqual(asked, ['u1']);
  });

  it('is nothing of a person who has been removed', async () => {
    const { of } = createPersonClaims({
      findUser: async () => undefined,
      userClaims: () => assert.fail('nobody to ask about'),
    });
    assert.deepEqual(await of(grantOf(), ['profile'], 'userinfo', CLIENT), {});
  });

  it('is what the app said when the person approved, if it keeps the people', async () => {
    const { of } = createPersonClaims({});
    const grant = grantOf({ userClaims: { name: 'A', email: 'a@example.com' } });
    assert.deepEqual(await of(grant, ['email'], 'userinfo', CLIENT), { email: 'a@example.com' });
    assert.deepEqual(await of(grantOf(), ['email'], 'userinfo', CLIENT), {});
  });
});

describe('the option userClaims', () => {
  it('adds what the app knows now, and has the last word', async () => {
    const calls: unknown[] = [];
    const { of } = createPersonClaims({
      userClaims: async (...call) => {
        calls.push(call);
        return { name: 'New', nickname: null, phone_number: '', groups: ['x'], gender: undefined };
      },
    });
    const grant = grantOf({
      userClaims: { name: 'Old', locale: 'de' },
      claims: { userinfo: { groups: {} } },
    });
    assert.deepEqual(await of(grant, ['openid', 'profile', 'phone'], 'userinfo', CLIENT), {
      name: 'New',
      locale: 'de',
      groups: ['x'],
    });
    assert.deepEqual(calls, [[{ id: 'u1' }, ['profile', 'phone', 'groups']]]);
  });

  it('is told of a user in the store what is known of them, and no password', async () => {
    const calls: unknown[] = [];
    const { of } = createPersonClaims({
      ...inStore(),
      userClaims: (about) => void calls.push(about),
    });
    await of(grantOf(), ['email'], 'userinfo', CLIENT);
    const { id, username, name, email } = user;
    assert.deepEqual(calls, [{ id, username, name, email }]);
  });

  it('is a failure of the app if it throws, or answers what cannot be used', async () => {
    const failing: [unknown, RegExp][] = [
      [() => Promise.reject(new Error('no database')), /userClaims, .* failed: no database/],
      [() => 'alice', /userClaims answered "alice", which is not an object/],
      [() => ({ email: 7 }), /answered an object, which has the email 7, which is not a string/],
      [() => ({ department: 'Tea' }), /has department, which is none of /],
      [() => ({ groups: ['x'.repeat(200)].concat(Array(50).fill('y'.repeat(100))) }), /4096/],
    ];
    for (const [userClaims, message] of failing) {
      const { of } = createPersonClaims({ userClaims: userClaims as never });
      await assert.rejects(of(grantOf(), ['email'], 'userinfo', CLIENT), (error) => {
        assert.ok(error instanceof HostError);
        assert.match(error.message, message);
        return true;
      });
    }
  });
});
