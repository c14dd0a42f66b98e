// Tokens as they are issued: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { IssuedTokens } from '../../issued.ts';
import type { Client } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import {
  aClient,
  aClientsOwnToken,
  aGrant,
  anAccessToken,
  aRefreshToken,
  DAY,
  MINUTE,
  NOW,
  someTokens,
  unique,
} from '../records.ts';

const it = promised(['Tokens'], ['issueIn', 'isUnchanged', 'keepIn']);

export function tokensContract(the: Contract): void {
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

  describe('tokens of a client for itself', () => {
    async function saved(): Promise<Client> {
      const { id } = aClient();
      await the.store.clients.save(aClient({ id }));
      return (await the.store.clients.find(id))!;
    }
    const issue = (client: Client, accessToken = aClientsOwnToken({ clientId: client.id })) =>
      the.store.tokens
        .issueIfUnchanged(accessToken, client)
        .then((isIssued) => ({ isIssued, accessToken }));

    it('are stored if the client is as it was read', async () => {
      const client = await saved();
      for (const read of [client, { ...client }, { ...client, uri: undefined }]) {
        const { isIssued, accessToken } = await issue(read);
        assert.equal(isIssued, true);
        await the.assertStored({ accessToken });
      }
    });

    it('are not stored if the client has been changed since, until it is as it was read', async () => {
      const client = await saved();
      await the.store.clients.save({ ...client, scope: ['less'] });
      const refused = await issue(client);
      assert.equal(refused.isIssued, false);
      await the.assertAbsent(refused);
      await the.store.clients.save(client);
      assert.equal((await issue(client, refused.accessToken)).isIssued, true);
    });

    it('are not stored if the client has been removed', async () => {
      const client = await saved();
      await the.store.clients.remove(client.id);
      assert.equal((await issue(client)).isIssued, false);
      await the.store.clients.save(client);
      assert.equal((await issue(client)).isIssued, true);
    });

    it('are stored if only the use of the client has been noted since', async () => {
      const client = await saved();
      await the.store.clients.note(client.id, NOW);
      assert.equal((await issue(client)).isIssued, true);
    });

    it('are never stored as JWTs, but the client is looked at as well', async () => {
      const client = await saved();
      const aJwt = () => aClientsOwnToken({ clientId: client.id, jti: unique() });
      const { isIssued, accessToken } = await issue(client, aJwt());
      assert.equal(isIssued, true);
      await the.assertAbsent({ accessToken });
      await the.store.clients.save({ ...client, scope: ['less'] });
      assert.equal((await issue(client, aJwt())).isIssued, false);
    });

    it('tell those of 50 callers apart who have read the client before and after a change', async () => {
      const [before, other] = [await saved(), await saved()];
      await the.store.clients.save({ ...before, scope: ['less'] });
      const after = (await the.store.clients.find(before.id))!;
      const answers = await race(async (caller) => issue([before, after, other][caller % 3]!));
      for (const [caller, { isIssued, accessToken }] of answers.entries()) {
        assert.equal(isIssued, caller % 3 !== 0);
        await (isIssued ? the.assertStored({ accessToken }) : the.assertAbsent({ accessToken }));
      }
    });

    it('are none once a change of the client has been answered', async () => {
      const client = await saved();
      let isChanged = false;
      const answers = await race(async (caller) => {
        if (caller === CALLERS / 2) {
          await the.store.clients.save({ ...client, scope: ['less'] });
          isChanged = true;
          return undefined;
        }
        const late = isChanged;
        const { isIssued } = await issue(client);
        return { late, isIssued };
      });
      assert.equal((await issue(client)).isIssued, false);
      assert.ok(answers.every((answer) => !(answer?.late && answer.isIssued)));
    });
  });
}
