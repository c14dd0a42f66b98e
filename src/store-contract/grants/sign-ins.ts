// Sign-ins: grants that belong to a session, and how they leave it.

import assert from 'node:assert/strict';
import type { LeavingGrant } from '../../store/store-grants.ts';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { aCode, aGrant, NOW, someTokens, unique } from '../records.ts';

export function signInsOn(the: Contract) {
  const find = (id: string, now = NOW) => the.store.grants.find(id, now);
  const leave = (leaving: readonly LeavingGrant[], now = NOW) =>
    the.store.grants.leaveSession(leaving, now);

  /** Sign-ins of one session at clients of their own, with tokens if they are redeemed. */
  async function signIns(
    count: number,
    { redeemed = true, ...changes }: Partial<Grant> & { redeemed?: boolean } = {},
  ) {
    const session = unique();
    return Promise.all(
      Array.from({ length: count }, async () => {
        const grant = aGrant({ session, ...changes });
        const [code, tokens] = [aCode(grant), someTokens(grant)];
        assert.equal(await the.store.codes.save(code, grant), true);
        if (redeemed) await the.store.codes.redeem(code.hash, NOW, tokens);
        return { grant, code, tokens, session };
      }),
    );
  }

  return { find, leave, signIns };
}
