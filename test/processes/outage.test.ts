// PostgreSQL goes away under load, and comes back: nothing wrong is said meanwhile, and nothing that
// was said is lost.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { get } from '../helpers/callers.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import type { Answer } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';
import { LEDGER_SEED, Ledger } from '../helpers/ledger.ts';
import { clusterMissing, createCluster } from '../helpers/postgres.ts';
import { seedFile, startSite } from '../helpers/running.ts';

const OUTAGES = 3;

/** Milliseconds. */
const RECOVERY = 5000;

describe('a server whose PostgreSQL goes away and comes back', {
  skip: clusterMissing(),
  timeout: 180_000,
}, () => {
  it('says nothing wrong, loses nothing it has said, and recovers by itself', async (t) => {
    const cluster = await createCluster();
    t.after(() => cluster.remove());
    const site = await startSite(1, {
      SEED_FILE: seedFile(LEDGER_SEED),
      DATABASE_URL: cluster.url,
      AUTHORIZATION_CODE_TTL: '600',
    });
    const [origin = ''] = site.origins;
    const ledger = new Ledger({ origin });
    t.after(() => ledger.abandon());
    await ledger.begin();
    let over = false;
    t.after(() => {
      over = true;
    });
    const visits = keepSigningIn(origin, () => over);
    visits.catch(() => {});

    for (let outages = 0; outages < OUTAGES; outages += 1) {
      const { answered, unavailable } = ledger;
      await ledger.until(() => ledger.answered > answered + 300);
      await cluster.stop();
      await ledger.until(() => ledger.unavailable > unavailable + 300);
      assert.equal((await get({ origin }, '/health')).status, 503);
      assert.equal((await logIn({ origin, issuer: origin })).status, 503);
      const { keys } = (await get({ origin }, '/oauth/jwks')).json;
      assert.equal(new Set(keys.map(({ kty }: { kty: string }) => kty)).size, 2);
      await cluster.start();
      const back = performance.now();
      const before = ledger.answered;
      await ledger.until(() => ledger.answered > before + 100);
      assert.equal((await get({ origin }, '/health')).status, 200);
      const recovery = performance.now() - back;
      assert.ok(recovery < RECOVERY, `recovered after ${recovery} ms`);
      t.diagnostic(`recovered after ${Math.round(recovery)} ms`);
    }
    await ledger.finish();
    over = true;
    const signedIn = await visits;
    assert.ok(signedIn > 0);
    assert.equal(ledger.broken, 0);

    const compared = await ledger.audit();
    const { answered, unavailable } = ledger;
    t.diagnostic(JSON.stringify({ answered, unavailable, signedIn, ...compared }));
    // The same process all along.
    assert.deepEqual(await site.stop(), [0]);
    assert.equal(site.servers[0]?.stderr, '');
  });
});

/** People who sign in one after the other, each from the first page on. @returns how many have */
async function keepSigningIn(origin: string, isOver: () => boolean): Promise<number> {
  let signedIn = 0;
  while (!isOver()) {
    const alice = new Person({ origin, issuer: origin });
    const start = await answered(alice.visit(authorizeUrl({ issuer: origin })));
    if (start === undefined) continue;
    const page = await answered(alice.signIn(start));
    if (page === undefined) continue;
    assert.match(page.location, /[?&]code=/, `${page.status}: ${page.text}`);
    signedIn += 1;
  }
  return signedIn;
}

/** The answer, unless the server could not give one. */
async function answered(asked: Promise<Answer>): Promise<Answer | undefined> {
  const answer = await asked;
  if (answer.status !== 503) return answer;
  assert.ok(Number(answer.headers.get('retry-after')) > 0, 'a 503 says when to come again');
  return undefined;
}
