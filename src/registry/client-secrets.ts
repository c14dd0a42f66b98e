// The secrets in the record of a client that is changed over from one to another. Nothing else of the record is
// looked at: the scopes of the server may have changed since the client was registered.

import { clientSecretKey, encrypt, sha256 } from '../protocol/secrets.ts';
import type { Client } from '../types.ts';
import { Refusal } from './refusal.ts';

/** @throws TypeError if the client has no secret */
export function secretCount({ id, secretHashes }: Client): number {
  if (secretHashes.length === 0) throw new Refusal(`The client ${id} has no secret.`);
  return secretHashes.length;
}

/** Why a client gets no third secret. */
export const twoInForce = (id: string) =>
  `The client ${id} has two secrets in force, and a third would end the older one, which some of its instances may still use. End that first, by "client drop-secret" or clients.dropOldSecret(), or all that it has, by --drop-old or { dropOld: true }.`;

/**
 * A client with its newest secrets, and with a further one.
 *
 * @param change how many are kept, and the one that was made, if any
 * @param secret that of the server
 */
export function withSecrets(
  client: Client,
  { kept, made }: { readonly kept: number; readonly made?: string },
  secret: string,
): Client {
  const { secretHashes, encryptedSecrets } = client;
  const newest = (all: readonly string[]) => (kept === 0 ? [] : all.slice(-kept));
  const further = made === undefined ? [] : [made];
  const encrypted = (text: string) => encrypt(clientSecretKey(secret), text);
  return {
    ...client,
    secretHashes: [...newest(secretHashes), ...further.map(sha256)],
    encryptedSecrets: encryptedSecrets && [...newest(encryptedSecrets), ...further.map(encrypted)],
  };
}
