// Tokens as they are issued: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { IssuedTokens } from '../issued.ts';
import type { Subject } from './actions.ts';
import { promised } from './promised.ts';
import {
  aClientsOwnToken,
  aGrant,
  anAccessToken,
  aRefreshToken,
  CALLERS,
  DAY,
  MINUTE,
  NOW,
  race,
  someTokens,
  trues,
} from './records.ts';

const it = promised(['Tokens'], ['issueIn']);

export function tokensContract(the: Subject): void {
  describe('tokens', () => {
    it('issues tokens under a grant and makes it last as long as they do', async () => {
      const { grant } = await the.savedCode();
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, NOW), true);
      await the.assertStored(tokens);
      assert.ok(await the.store.grants.find(grant.id, NOW + DAY - 1));
    });

    it('issues an access token of a client that acts for itself, with no grant', async () => {
      const accessToken = aClientsOwnToken();
      assert.equal(await the.store.tokens.issue({ accessToken }, NOW), true);
      await the.assertStored({ accessToken });
    });

    it('answers false and stores nothing if the grant has been ended', async () => {
      const { grant } = await the.savedFamily();
      await the.store.grants.end(grant.id);
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, NOW), false);
      await the.assertAbsent(tokens);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('answers false and stores nothing if the grant has expired', async () => {
      const { grant } = await the.savedCode();
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, grant.expiresAt), false);
      await the.assertAbsent(tokens);
      assert.equal(await the.store.grants.find(grant.id, grant.expiresAt), undefined);
      assert.equal(await the.store.tokens.issue(tokens, grant.expiresAt - 1), true);
    });

    it('answers false and stores nothing if the grant never was', async () => {
      const tokens = someTokens(aGrant());
      assert.equal(await the.store.tokens.issue(tokens, NOW), false);
      await the.assertAbsent(tokens);
    });

    it('issues at the same moment to clients for themselves, under grants, and under none', async () => {
      const { grant } = await the.savedCode();
      const brought = Array.from({ length: CALLERS }, (_, caller) =>
        caller % 3 === 0
          ? { accessToken: aClientsOwnToken() }
          : someTokens(caller % 3 === 1 ? grant : aGrant()),
      );
      const answers = await race((caller) => the.store.tokens.issue(brought[caller]!, NOW));
      for (const [caller, tokens] of brought.entries()) {
        assert.equal(answers[caller], caller % 3 !== 2);
        await (caller % 3 === 2 ? the.assertAbsent(tokens) : the.assertStored(tokens));
      }
    });

    it('loses no token of 50 callers who issue at once, and the grant lasts for the longest', async () => {
      const { grant } = await the.savedCode();
      const brought = Array.from({ length: CALLERS }, (_, caller) => ({
        accessToken: anAccessToken(grant),
        refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY - caller * MINUTE }),
      }));
      const answers = await race((caller) =>
        the.store.tokens.issue(brought[caller] as IssuedTokens, NOW),
      );
      assert.equal(trues(answers), CALLERS);
      for (const tokens of brought) await the.assertStored(tokens);
      assert.ok(await the.store.grants.find(grant.id, NOW + 2 * DAY - 1));
    });
  });
}
