// The tokens by which clients that registered themselves manage their registration (RFC 7592).

import { deriveKey, equal, mac, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';
import { ATTEMPTS } from './client-registry.ts';
import { Refusal } from './refusal.ts';

/** What is kept of a client's tokens. */
export type KeptTokens = NonNullable<Client['registrationAccessTokens']>;

/** A token that follows no other. */
export function firstToken(): { readonly token: string; readonly kept: KeptTokens } {
  const token = randomToken();
  return { token, kept: inForce(token) };
}

/** What is kept of a token that is the only one in force. Its successor has a salt that nothing else had. */
export function inForce(token: string): KeptTokens {
  return { hashes: [sha256(token)], salt: randomToken(16) };
}

/** Whether a token is one of these. */
export function isAmong({ hashes }: KeptTokens, token: string): boolean {
  const presented = sha256(token);
  return hashes.some((hash) => equal(hash, presented));
}

/** Whether a token is the newest of two: then the older one ends. */
export function endsAnother({ hashes }: KeptTokens, token: string): boolean {
  return hashes.length > 1 && equal(hashes.at(-1)!, sha256(token));
}

/** @param secret that of the server */
export function succession(secret: string) {
  const key = deriveKey(secret, 'registration access tokens');
  /**
   * The token that comes after one: the same for a client that has lost the answer, and asks again. Without
   * the salt, which only the database has, it cannot be computed.
   */
  const successorOf = ({ salt }: KeptTokens, token: string) => mac(key, `${salt}.${token}`);
  return {
    /** A token's successor, and what is kept of both. */
    follow(
      kept: KeptTokens,
      token: string,
    ): { readonly successor: string; readonly kept: KeptTokens } {
      const successor = successorOf(kept, token);
      return {
        successor,
        kept: { hashes: [sha256(token), sha256(successor)], salt: kept.salt },
      };
    },

    /** The newest token, for a client that has presented one of them. */
    newest(kept: KeptTokens, token: string): string {
      const successor = successorOf(kept, token);
      return kept.hashes.at(-1) === sha256(successor) ? successor : token;
    },
  };
}

/**
 * Ends the tokens by which a client manages its registration.
 *
 * @param next what is kept of the one that it gets instead; it cannot manage its registration without
 * @returns whether it had any; `undefined` if there is no client with the id
 * @throws TypeError if it is not a client that registered itself
 */
export async function replaceTokens(
  { clients }: Pick<Store, 'clients'>,
  id: string,
  next?: KeptTokens,
): Promise<boolean | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const client = await clients.find(id);
    if (client === undefined) return undefined;
    if (client.source !== 'registration') {
      throw new Refusal(
        `The client ${id} did not register itself, so it has no registration access token.`,
      );
    }
    const had = client.registrationAccessTokens !== undefined;
    if (!had && next === undefined) return false;
    if (await clients.change(client, { ...client, registrationAccessTokens: next })) return had;
  }
  throw new Error(`The client ${id} is changed by too many at once.`);
}
