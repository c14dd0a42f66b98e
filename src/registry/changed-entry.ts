// What a program or an operator says of a client or a user, as the entry that a seed would have.

import { informationOf, secretsOf } from '../clients/client-information.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { notedOf } from '../protocol/client.ts';
import { shown } from '../protocol/shown.ts';
import type { Client, JsonObject } from '../types.ts';

/** Whether a secret is to be made for a client that is registered. */
export function needsSecret(given: unknown): boolean {
  if (!isPlainObject(given)) return false;
  const { token_endpoint_auth_method: method, client_secret, client_secret_hash } = given;
  const hasSecret = client_secret !== undefined || client_secret_hash !== undefined;
  return !hasSecret && method !== 'none' && method !== 'private_key_jwt';
}

/**
 * A client's entry with some of it changed.
 *
 * @param given what is changed
 * @param secret that of the server
 */
export function changedEntry(client: Client, given: unknown, secret: string): unknown {
  if (!isPlainObject(given)) return given;
  const changes = named(given);
  const own = ['client_secret', 'client_secret_hash'].some((name) => Object.hasOwn(changes, name));
  const method = changes['token_endpoint_auth_method'] ?? client.tokenEndpointAuthMethod;
  const isWithout = method === 'none' || method === 'private_key_jwt';
  const entry = {
    ...informationOf(client),
    // The response types follow from the grant types.
    response_types: undefined,
    ...(!own && !isWithout && secretsOf(client, secret)),
    ...changes,
  };
  return withoutNull(entry);
}

/**
 * The record of a client that registered itself, once somebody here has changed it. It goes on managing its
 * registration, and changes nothing of this back.
 *
 * @param entry what it is to be
 * @param changes what was changed for that
 */
export function stillOwn(client: Client, entry: Client, changes: Record<string, unknown>): Client {
  const { source, registrationAccessTokens, decided, defaultScope } = client;
  const {
    client_id: _id,
    client_secret: _,
    client_secret_hash: _hash,
    ...further
  } = named(changes);
  return {
    ...entry,
    source,
    ...notedOf(client),
    registrationAccessTokens,
    decided: { ...decided, ...(further as JsonObject) },
    defaultScope: further['scope'] === undefined ? defaultScope : undefined,
  };
}

/** What is to be changed: a field that is `undefined` is not named. */
export function named(changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** An entry in which a field that is `null` is left out. */
export function withoutNull(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name, value ?? undefined]),
  );
}

/** @throws TypeError if what should be an id is not one */
export function assertId(verb: string, id: unknown): asserts id is string {
  if (typeof id !== 'string') {
    throw new TypeError(`${verb} was given ${shown(id)} for an id, which is not a string.`);
  }
}
