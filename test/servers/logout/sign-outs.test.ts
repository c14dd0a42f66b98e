// What clients are to be told when sessions end, as it stands in the store.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSessionEnds } from '../../../src/logout/session-ends.ts';
import { sessionKey } from '../../../src/protocol/subject.ts';
import { aClient, aCode, aGrant, unique } from '../../../src/store-contract/records.ts';
import { emptyStore } from '../../helpers/databases.ts';

describe('a client of a session that ends', async () => {
  const store = await emptyStore();
  const sessionEnds = createSessionEnds(store, () => {});
  const now = Date.now();
  const later = now + 3600_000;

  /** A client with a back-channel, and the sid of a session with sign-ins there. */
  async function begin() {
    const client = aClient({ backchannelLogoutUri: 'https://client.example/logout' });
    await store.clients.save(client);
    const sid = unique();
    const signIn = async () => {
      const ids = { clientId: client.id, session: sessionKey(sid) };
      const grant = aGrant({ ...ids, createdAt: now, expiresAt: later });
      assert.ok(await store.codes.save(aCode(grant, { expiresAt: later }), grant));
    };
    return { client, sid, signIn };
  }

  it('is told once, however often the person has signed in there', async () => {
    const { client, sid, signIn } = await begin();
    for (let n = 0; n < 3; n += 1) await signIn();
    const ends = await Promise.all([1, 2].map(() => sessionEnds.around({ sid }, async () => {})));
    assert.equal(ends.filter(({ left }) => left.length > 0).length, 1);
    const due = await store.logouts.claim(10, Date.now(), later, []);
    assert.deepEqual(
      due.map(({ clientId }) => clientId),
      [client.id],
    );
  });

  it('is told by one token of two sign-ins that ended, if it could not be told of the first in time', async () => {
    const { sid, signIn } = await begin();
    await signIn();
    const [first] = (await sessionEnds.around({ sid }, async () => {})).left;
    const [failed] = await store.logouts.find([first!.logoutId!], Date.now());
    await store.logouts.postpone(failed!, 8, failed!.expiresAt);
    // As if the app had been removed at the account page, in a session that went on.
    await signIn();
    const [second] = (await sessionEnds.around({ sid }, async () => {})).left;
    const due = await store.logouts.claim(10, Date.now(), later, []);
    assert.deepEqual(
      due.map(({ id, attempts }) => [id, attempts]),
      [[second!.logoutId, 0]],
    );
    assert.equal(second!.logoutId, first!.logoutId);
  });
});
