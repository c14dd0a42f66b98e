// What a server says in the end, compared with what it has answered to the clients of the ledger.

import assert from 'node:assert/strict';
import { post, type Server, useToken } from './callers.ts';
import { SEED } from './seeds.ts';

const [web] = SEED.clients;

/** All clients of the ledger have the same secret. */
export const secretOf = (client: string) => `${client}:${web!.client_secret}`;

/** Whether the end of something was asked for: not, without an answer, or with one. */
export type Fate = 'lasts' | 'in doubt' | 'ended';

/** What came of one sign-in. */
export interface Family {
  fate: Fate;
  /** The newest refresh token. */
  refreshToken: string;
}

export interface AccessToken {
  fate: Fate;
  readonly value: string;
  readonly client: string;
  readonly family?: Family;
}

export interface Code {
  readonly client: string;
  readonly form: Record<string, string>;
}

/** What the clients have got. */
interface Entries {
  readonly accessTokens: readonly AccessToken[];
  readonly families: readonly (Family & { readonly client: string })[];
  readonly codes: { readonly redeemed: readonly Code[]; readonly inDoubt: readonly Code[] };
}

/** @returns how much was compared */
export async function auditOf(
  server: Server,
  { accessTokens, families, codes }: Entries,
): Promise<Record<string, number>> {
  const inDoubt = new Map<Family, boolean>();
  const alive = (family: Family, isAlive: boolean) => {
    assert.equal(inDoubt.get(family) ?? isAlive, isAlive, 'a family lives or ends as one');
    inDoubt.set(family, isAlive);
  };
  await inTurn(accessTokens, async ({ fate, value, client, family }) => {
    const used = await useToken(server, value);
    const said = await post(server, 'introspect', { token: value }, secretOf(client));
    assert.equal(used.status, said.json.active ? 200 : 401, 'both say the same');
    if (fate === 'ended' || family?.fate === 'ended') assert.equal(used.status, 401);
    else if (fate === 'lasts' && (family?.fate ?? 'lasts') === 'lasts') {
      assert.equal(used.status, 200, 'what was answered is not lost');
    } else if (fate === 'lasts') alive(family!, used.status === 200);
  });
  await inTurn(families, async (family) => {
    const { fate, client, refreshToken } = family;
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const { status, text } = await post(server, 'token', form, secretOf(client));
    if (fate === 'in doubt') alive(family, status === 200);
    else assert.equal(status, fate === 'lasts' ? 200 : 400, text);
  });
  const { redeemed, inDoubt: codesInDoubt } = codes;
  await inTurn(codesInDoubt, async ({ client, form }) => {
    const said = await post(server, 'token', form, secretOf(client));
    if (said.status !== 200) return assert.equal(said.json.error, 'invalid_grant');
    assert.equal((await useToken(server, said.json.access_token)).status, 200);
  });
  await inTurn([...redeemed, ...codesInDoubt], async ({ client, form }) => {
    const said = await post(server, 'token', form, secretOf(client));
    assert.equal(said.json.error, 'invalid_grant', 'no code is honoured twice');
  });
  return {
    accessTokens: accessTokens.length,
    families: families.length,
    familiesInDoubt: families.filter(({ fate }) => fate === 'in doubt').length,
    codes: redeemed.length,
    codesInDoubt: codesInDoubt.length,
  };
}

/** A few at a time. */
async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
