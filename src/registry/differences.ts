// What a list of clients and users says and a store does not, field by field, in the names of the list.

import { isDeepStrictEqual } from 'node:util';
import { informationOf, secretsOf } from '../clients/client-information.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Client, User } from '../types.ts';
import { claimsOf, type FurtherClaims, type UserEntry } from './user-entries.ts';

/** A field that is absent from one of the two has no `from` or no `to`. */
export interface Difference {
  readonly field: string;
  /** What the store has. */
  readonly from?: unknown;
  /** What the list says. */
  readonly to?: unknown;
}

/** What stands for secrets: nobody learns them, or their hashes, from a difference. */
const MASKED = { from: '(secret)', to: '(another secret)' };

/**
 * Where a stored client is not what a list says.
 *
 * @param secret that of the server; only clients with the method client_secret_jwt need it
 */
export function clientDifferences(
  stored: Client,
  listed: Client,
  secret?: string,
): readonly Difference[] {
  // The response types follow from the grant types.
  const { response_types: _from, ...from } = informationOf(stored);
  const { response_types: _to, ...to } = informationOf(listed);
  const differences = fieldsThatDiffer(from, to);
  const before = hashesOf(stored, secret);
  const after = hashesOf(listed, secret);
  if (isDeepStrictEqual(before, after)) return differences;
  const secrets = {
    field: 'client_secret',
    ...(before.length > 0 && { from: MASKED.from }),
    ...(after.length > 0 && { to: MASKED.to }),
  };
  return [...differences, secrets];
}

/** Hashes of the secrets; of those that the client signs with, of what can be read with the server's. */
function hashesOf(client: Client, secret: string | undefined): readonly string[] {
  if (client.encryptedSecrets === undefined || secret === undefined) return client.secretHashes;
  try {
    const { client_secret } = secretsOf(client, secret);
    return [client_secret ?? []].flat().map(sha256);
  } catch {
    // They were encrypted with another one.
    return ['unreadable'];
  }
}

/**
 * Where a stored user is not what a list says. The password is the person's, and whether they are
 * disabled is for the list to say only if it says so.
 */
export function userDifferences(stored: User, entry: UserEntry): readonly Difference[] {
  const { username, name = username, email, disabled } = entry;
  return fieldsThatDiffer(
    {
      username: stored.username,
      name: stored.name,
      email: stored.email,
      ...claimsOf((stored.claims ?? {}) as FurtherClaims),
      ...(disabled !== undefined && { disabled: stored.disabledAt !== undefined }),
    },
    { username, name, email, ...claimsOf(entry), disabled },
  );
}

function fieldsThatDiffer(from: object, to: object): readonly Difference[] {
  const before = plain(from);
  const after = plain(to);
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({
      field,
      ...(field in before && { from: before[field] }),
      ...(field in after && { to: after[field] }),
    }));
}

/** As JSON has it: a field that is absent and one that is undefined are the same, and null is none. */
function plain(fields: object): Record<string, unknown> {
  const entries = Object.entries(JSON.parse(JSON.stringify(fields)));
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
