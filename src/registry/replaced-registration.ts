// What a client that replaces its registration may say, and what it keeps.

import { secretsOf } from '../clients/client-information.ts';
import { isPresent } from '../clients/self-made-metadata.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { secretMatches } from '../protocol/client.ts';
import type { Problem } from '../protocol/problems.ts';
import type { Client } from '../types.ts';
import { withoutNull } from './changed-entry.ts';
import { movesSector } from './client-registry.ts';
import { metadataRefusal } from './registration-answers.ts';
import type { DecidedMetadata } from './registration-tokens.ts';

/** The URLs of a client at which the server asks later. */
const ASKED_AT = ['jwksUri', 'logoUri', 'backchannelLogoutUri'] as const;

/** Whether the server is to ask at a URL because of a change, now or later. */
export function asksElsewhere(before: Client, after: Client): boolean {
  if (after.sectorIdentifierUri !== undefined && movesSector(before, after)) return true;
  return ASKED_AT.some((name) => after[name] !== undefined && after[name] !== before[name]);
}

/** What somebody here has decided for a client. */
export function decidedFor({ decided = {} }: Client): DecidedMetadata {
  return withoutNull(decided) as DecidedMetadata;
}

/** The secret that a client has already, if it can authenticate with it by this method. */
export function keptSecret(client: Client, method: unknown, secret: string) {
  const kept = secretsOf(client, secret);
  const isHash = kept.client_secret === undefined;
  const hasNone = client.secretHashes.length === 0;
  return hasNone || (isHash && method === 'client_secret_jwt') ? undefined : kept;
}

/** RFC 7592 section 2.2. @throws OAuthError if a client names another one, or chooses a secret */
export function assertOwn(client: Client, plain: unknown): void {
  if (!isPlainObject(plain)) return;
  const { client_id: id, client_secret: given } = plain;
  const problems: Problem[] = [];
  if (!isPresent(id)) problems.push({ field: 'client_id', problem: 'is missing' });
  else if (id !== client.id) {
    problems.push({ field: 'client_id', problem: 'is not that of this registration' });
  }
  const isRight = typeof given === 'string' && secretMatches(client, given);
  if (isPresent(given) && !isRight) {
    problems.push({
      field: 'client_secret',
      problem: 'is not the one that the client has: leave it out to keep that',
    });
  }
  if (problems.length > 0) throw metadataRefusal(problems);
}
