// A person signs out of many apps, some of which are down, and the server is killed while it tells them:
// another one goes on.

import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { endless, hanging, startBackChannels, status } from '../helpers/back-channels.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { OPENID_SEED, relyingParty, signInTo, signInUrl } from '../helpers/openid.ts';
import { seedFile, startSite } from '../helpers/running.ts';
import { DATABASES, look } from '../helpers/sql.ts';

const APPS = Array.from({ length: 100 }, (_, index) => `app-${index}`);

/** What every third app does instead of an answer. The last kind is not there. */
const BROKEN: (RequestListener | undefined)[] = [
  status(500),
  (_req, res) => res.writeHead(302, { location: '/' }).end(),
  hanging,
  endless(500),
  undefined,
];
const isBroken = (_: string, index: number) => index % 3 === 0;
const broken = APPS.filter(isBroken);
const working = APPS.filter((id, index) => !isBroken(id, index));

/** How many apps have heard of it, and how many are about to, when the server is killed. */
const TOLD = 20;
const UNDER_WAY = 20;

for (const { kind, fresh, skip } of DATABASES) {
  describe(`two servers with ${kind}, one of which is killed while it tells apps of a sign-out`, {
    skip,
    timeout: 120_000,
  }, () => {
    it('tell every app that works, at least once and at most twice', async (t) => {
      const channels = await startBackChannels();
      const uris = new Map(APPS.map((id) => [id, channels.uriOf(id)]));
      for (const [index, id] of broken.entries()) {
        const how = BROKEN[index % BROKEN.length];
        if (how === undefined) uris.set(id, 'http://127.0.0.1:1/');
        else channels.answer(id, how);
      }
      let heard = 0;
      let isKilled = false;
      for (const id of working) {
        channels.answer(id, (req, res) => {
          heard += 1;
          // The others are cut off when it is killed.
          if (heard <= TOLD || isKilled) status(200)(req, res);
        });
      }
      const SEED_FILE = seedFile({
        ...OPENID_SEED,
        clients: [...uris, ['of-bob', channels.uriOf('of-bob')]].map(([id, uri]) =>
          relyingParty(id!, { backchannel_logout_uri: uri }),
        ),
      });
      const databaseUrl = await fresh();
      const { issuer, origins, servers } = await startSite(2, {
        SEED_FILE,
        DATABASE_URL: databaseUrl,
      });

      const alice = new Person({ origin: issuer, issuer });
      const [first = '', ...others] = APPS;
      const signIn = (client: string) =>
        signInTo({ origin: issuer, issuer }, { client, person: alice });
      await signIn(first);
      await Promise.all(others.map(signIn));
      const bob = new Person({ origin: origins[1]!, issuer });
      await bob.allow(signInUrl({ origin: '', issuer: '' }, 'of-bob'), 'bob', 'builder');

      const { action, fields } = readForm((await alice.visit('/logout')).text);
      const asked = performance.now();
      const answer = await alice.open(action, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      t.diagnostic(`the sign-out was answered after ${Math.round(performance.now() - asked)} ms`);
      assert.match(answer.location, /\/logout\?done=/);
      await channels.until(() => heard >= TOLD + UNDER_WAY);
      servers[0]!.signalAll('SIGKILL');
      assert.equal(await servers[0]!.exit, 'SIGKILL');
      isKilled = true;

      // As if the time was over for which it has to itself what it took.
      await look(databaseUrl, 'update oauth_logouts set due_at = 0');
      const tell = await bob.visit('/logout');
      await bob.submit(tell, {});
      const counts = () => working.map((id) => channels.tokensOf(id).length);
      await channels.until(() => counts().every((count) => count > 0));
      const waiting = async () => {
        const rows = await look(databaseUrl, 'select client_id from oauth_logouts');
        return rows.map((row) => row['client_id']).sort();
      };
      // Some have heard it from the one that was killed, and have to hear it again.
      while ((await waiting()).length > broken.length) await wait(50);
      for (const id of broken) {
        channels.answer(id, status(500));
        channels.breakOff(id);
      }
      servers[1]!.child.kill('SIGTERM');
      assert.equal(await servers[1]!.exit, 0);

      const most = Math.max(...counts());
      const twice = counts().filter((count) => count === 2).length;
      t.diagnostic(`${working.length} apps were told, ${twice} of them twice`);
      assert.ok(most <= 2, `one was told ${most} times`);
      assert.deepEqual(await waiting(), [...broken].sort());
    });
  });
}
