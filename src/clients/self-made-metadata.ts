// RFC 7591 section 2: the metadata of a client that nobody here vouches for, as a stranger sends it
// (Dynamic Client Registration) or publishes it (OAuth Client ID Metadata Document).
//
// A stranger writes for every server there is. So members that mean nothing here are left out, what the
// client could not use is dropped, and the client is told what is left. Everything else is checked like
// our own metadata.

import { isPlainObject } from '../protocol/checks.ts';
import { algorithmsOf } from '../protocol/client.ts';
import { flatKey } from '../protocol/flat-key.ts';
import { isVisible } from '../protocol/names.ts';
import type { Checked, Problem } from '../protocol/problems.ts';
import { isLoopback } from '../protocol/redirect-uri.ts';
import { parseScope } from '../protocol/scope.ts';
import type { SelfMadeSource } from '../protocol/sources.ts';
import { type ClientMetadata, readClientMetadata } from './metadata.ts';
import {
  documentProblems,
  FIELDS,
  isKnownScope,
  isStrings,
  isUsable,
  type Said,
  type SelfMadeRules,
  selfMadeProblems,
} from './self-made-rules.ts';

/**
 * Checks a stranger's metadata.
 *
 * A member that is `null` or an empty string counts as absent, and so does an empty list where a list
 * belongs, a name that nobody can see, and every member that this server does not know, such as a name in
 * another language (`client_name#de`). Grant types and response types that the client cannot have are
 * dropped, unless nothing would be left; so are scopes, and if none is left, it is as if the client had named
 * none. Keys that it does not authenticate with are dropped, too, and so is the algorithm of a client that
 * signs no assertions. Without `token_endpoint_auth_method` a registered client gets a secret, and one that
 * is known by a document is public. If `application_type` is `native`, a client on loopback may use any port
 * (RFC 8252 section 7.3).
 *
 * @param plain as it comes from JSON
 * @param from where it came from: a document names itself, and has no secret
 */
export function readSelfMadeMetadata(
  plain: unknown,
  rules: SelfMadeRules,
  from: SelfMadeSource,
): Checked<ClientMetadata> {
  if (!isPlainObject(plain)) return { problems: [{ field: '', problem: 'must be an object' }] };
  const members = withoutAbsent(plain);
  const said = saidIn(members);
  const strange = [
    ...(from === 'document' ? documentProblems(members, rules) : []),
    ...selfMadeProblems(said, rules),
  ];
  const { value, problems } = readClientMetadata(entryOf(said, rules, from), rules);
  const all = withoutTwice([...strange, ...problems]);
  if (value === undefined || all.length > 0) return { problems: all };
  return { value: { ...value, client_id: rules.clientId }, problems: [] };
}

/** Whether a member has a value: some clients send what they do not mean as `null` or an empty string. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The members that are lists and may be left out. */
const LISTS = new Set(['grant_types', 'response_types', 'post_logout_redirect_uris']);

function withoutAbsent(plain: Record<string, unknown>): Record<string, unknown> {
  const present = Object.entries(plain).filter(
    ([name, value]) =>
      isPresent(value) &&
      !(LISTS.has(name) && Array.isArray(value) && value.length === 0) &&
      !(name === 'client_name' && typeof value === 'string' && !isVisible(value)),
  );
  return Object.fromEntries(present);
}

/** The members that mean something here. */
function saidIn(members: Record<string, unknown>): Said {
  return Object.fromEntries(
    FIELDS.filter((name) => Object.hasOwn(members, name)).map((name) => [name, members[name]]),
  );
}

/** The metadata as an entry of ours, without what the client could not use. What is of a wrong type stays. */
function entryOf(said: Said, rules: SelfMadeRules, from: SelfMadeSource): Record<string, unknown> {
  const { decided = {}, secretFor } = rules;
  const named = decided.token_endpoint_auth_method ?? said.token_endpoint_auth_method;
  const isForSecret = typeof named === 'string' && named.startsWith('client_secret');
  // A document's own check names this problem, once.
  const method = from === 'document' && (named === undefined || isForSecret) ? 'none' : named;
  const hasSecret = method !== 'none' && method !== 'private_key_jwt';
  const entry: Record<string, unknown> = {
    ...said,
    token_endpoint_auth_method: method,
    ...(isStrings(said.grant_types) && {
      grant_types: said.grant_types.filter((grant) => isUsable(grant, method, rules)),
    }),
    ...(isStrings(said.response_types) && {
      response_types: said.response_types.filter((type) => type === 'code'),
    }),
    ...(typeof said.scope === 'string' && {
      // None that is left is as good as none that was named.
      scope:
        parseScope(said.scope)
          .filter((word) => isKnownScope(word, rules))
          .join(' ') || undefined,
    }),
    ...(isPlainObject(said.jwks) && { jwks: { keys: keysOf(said.jwks['keys']) } }),
    ...(said.application_type === 'native' &&
      isStrings(said.redirect_uris) &&
      said.redirect_uris.some(isLoopback) && { allow_any_loopback_port: true }),
    ...decided,
    // Some clients send a URL, which the id of one of our own clients may not be.
    client_id: 'foreign',
    ...(hasSecret && secretFor?.(method)),
  };
  const alg = 'token_endpoint_auth_signing_alg';
  if (algorithmsOf(method) === undefined && typeof entry[alg] === 'string') entry[alg] = undefined;
  // They may be for what this server does not do, such as encryption.
  if (method !== 'private_key_jwt') {
    if (isPlainObject(entry['jwks'])) entry['jwks'] = undefined;
    if (typeof entry['jwks_uri'] === 'string') entry['jwks_uri'] = undefined;
  }
  return entry;
}

function keysOf(keys: unknown): unknown {
  if (!Array.isArray(keys)) return keys;
  return keys.map((key) => (isPlainObject(key) ? flatKey(key) : key));
}

/** One problem is enough for each field: two rules may find the same one. */
function withoutTwice(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ field }) => !seen.has(field) && seen.add(field));
}
