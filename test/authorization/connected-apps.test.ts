import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectedApps } from '../../src/authorization/connected-apps.ts';
import type { Consent, Grant } from '../../src/types.ts';

const grant = (changes: Partial<Grant> = {}): Grant => ({
  id: 'grant',
  clientId: 'app',
  userId: 'user',
  scope: ['read'],
  resource: [],
  createdAt: 1000,
  expiresAt: 9000,
  ...changes,
});

const consent = (changes: Partial<Consent> = {}): Consent => ({
  userId: 'user',
  clientId: 'app',
  resource: '',
  scope: ['read'],
  ...changes,
});

describe('the apps of a person', () => {
  it('are none where nothing was allowed', () => {
    assert.deepEqual(connectedApps([], []), []);
  });

  it('are one each, with all that any grant or consent allows, resource by resource', () => {
    const [app, ...others] = connectedApps(
      [
        grant({ scope: ['write'], openid: { claims: { id_token: { email: {}, acr: {} } } } }),
        grant({ resource: ['b', 'a'], scope: ['admin'] }),
      ],
      [
        consent({ scope: ['read', 'write'], claims: ['address', 'email'] }),
        consent({ resource: 'a', scope: ['read'] }),
      ],
    );
    assert.deepEqual(others, []);
    assert.deepEqual(app?.access, [
      { resource: '', scope: ['read', 'write'], claims: ['address', 'email'] },
      { resource: 'a', scope: ['admin', 'read'], claims: [] },
      { resource: 'b', scope: ['admin'], claims: [] },
    ]);
  });

  it('have been there since the first of all that is known', () => {
    const since = (...[grants, consents]: Parameters<typeof connectedApps>) =>
      connectedApps(grants, consents)[0]?.since;
    assert.equal(since([grant({ createdAt: 3 }), grant({ createdAt: 2 })], [consent()]), 2);
    assert.equal(since([grant({ createdAt: 3 })], [consent({ createdAt: 1 })]), 1);
    assert.equal(since([], [consent()]), undefined);
  });

  it('were last used when the latest of their grants was', () => {
    const [app] = connectedApps([grant({ lastUsedAt: 5 }), grant({ lastUsedAt: 7 }), grant()], []);
    assert.equal(app?.lastUsedAt, 7);
    assert.equal(connectedApps([grant()], [])[0]?.lastUsedAt, undefined);
  });

  it('are active with a grant in force, and not by what is remembered', () => {
    assert.equal(connectedApps([grant()], [])[0]?.isActive, true);
    assert.equal(connectedApps([], [consent()])[0]?.isActive, false);
  });

  it('outlast a session by a grant that is in none, or has offline_access and brought tokens', () => {
    const session = 'a session';
    const offline = { session, scope: ['openid', 'offline_access'] };
    const outlast = (...grants: Grant[]) => connectedApps(grants, [consent()])[0]?.outlastsSession;
    assert.equal(outlast(), false);
    assert.equal(outlast(grant()), true);
    assert.equal(outlast(grant({ session, lastUsedAt: 1 })), false);
    assert.equal(outlast(grant(offline)), false);
    assert.equal(outlast(grant({ ...offline, lastUsedAt: 1 })), true);
    assert.equal(outlast(grant({ session }), grant()), true);
  });

  it('come in the order of their last use, and else of their ids', () => {
    const ids = connectedApps(
      [
        grant({ clientId: 'old', createdAt: 1, lastUsedAt: 2 }),
        grant({ clientId: 'new', createdAt: 8 }),
        grant({ clientId: 'used', createdAt: 1, lastUsedAt: 9 }),
      ],
      [consent({ clientId: 'z' }), consent({ clientId: 'b' })],
    ).map(({ clientId }) => clientId);
    assert.deepEqual(ids, ['used', 'new', 'old', 'b', 'z']);
  });
});
