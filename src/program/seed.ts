// SEED_FILE: a person's own scopes, clients and users, as JSON.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { authMethods } from '../clients/authenticate.ts';
import { MAX_KEYS } from '../clients/remote-keys.ts';
import { settleDemo } from '../demo/demo.ts';
import { grantTypes } from '../oauth/grants/all.ts';
import { languages } from '../pages/words/languages.ts';
import { clientUrlProblems } from '../protocol/client-urls.ts';
import { hashPassword, isPasswordHash } from '../protocol/passwords.ts';
import { isResource } from '../protocol/resource.ts';
import { isScopeToken, parseScope } from '../protocol/scope.ts';
import { clientSecretKey, encrypt, isShortSecret, sha256 } from '../protocol/secrets.ts';
import { type Store, SubjectTaken, UsernameTaken } from '../store/store.ts';
import { givesWay } from '../store/subjects.ts';
import type { Client, Source, User } from '../types.ts';
import type { Config } from './config.ts';

/** URL-safe, because many clients do not encode what they send in HTTP Basic. */
const clientId = z.string().regex(/^[\w.~:/@!$'()*,;=-]{1,255}$/, {
  error: 'must be 1 to 255 letters, digits and -._~ and the like, without spaces',
});

const SECRETS =
  'must be a string of 1 to 255 printable ASCII characters without spaces, or a list of two';
const clientSecret = z.string().regex(/^[\x21-\x7e]{1,255}$/, SECRETS);

const resource = z.string().refine(isResource, 'must be an absolute URI without a fragment');

const format = z.enum(['opaque', 'jwt'], { error: 'must be opaque or jwt' });

const seconds = z
  .int({ error: 'must be a whole number of seconds' })
  .positive('must be more than 0');
const text = z
  .string({ error: 'must be a string' })
  .min(1, 'must not be empty')
  .max(256, 'is too long');

const WORDS = `must be a string, or one for each language: { "en": "...", "de": "..." }; the languages are ${languages.join(', ')}`;

/** What the consent page says of a scope, in one language or in several. */
const words = z.union(
  [
    text,
    z.partialRecord(z.enum(languages), text).refine((one) => Object.keys(one).length > 0, {
      error: WORDS,
      when: ({ issues }) => issues.length === 0,
    }),
  ],
  { error: WORDS },
);

/** Lists that are looked through at a request, or shown. */
const MANY = 'has more than 100';

/** RFC 7517; a private key has no business in a client's record. */
const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'RSA', 'OKP'], { error: 'must be EC, RSA or OKP' }) })
  .refine((key) => key['d'] === undefined, 'is a private key: keep it with the client');

/** RFC 7591 section 2, as far as this server makes use of it. */
const clientEntry = z.strictObject({
  client_id: clientId,
  // A list of two is ours: both are good, while a client changes from one to the other.
  client_secret: z
    .union(
      [
        clientSecret.transform((one) => [one]),
        z.array(clientSecret).min(1, SECRETS).max(2, SECRETS),
      ],
      { error: SECRETS },
    )
    .default([]),
  client_name: text.optional(),
  client_uri: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  redirect_uris: z
    .array(z.string({ error: 'must be a string' }))
    .max(100, MANY)
    .default([]),
  grant_types: z
    .array(
      z.enum(grantTypes as [string, ...string[]], {
        error: `must be one of ${grantTypes.join(', ')}`,
      }),
    )
    .default(['authorization_code']),
  response_types: z.array(z.literal('code', { error: 'must be code' })).optional(),
  scope: z
    .string({ error: 'must be a string of words separated by spaces' })
    .refine((value) => parseScope(value).length <= 100, MANY)
    .optional(),
  token_endpoint_auth_method: z
    .enum(authMethods, { error: `must be one of ${authMethods.join(', ')}` })
    .optional(),
  jwks: z
    .strictObject({
      keys: z.array(publicKey).min(1, 'must have a key').max(MAX_KEYS, `has more than ${MAX_KEYS}`),
    })
    .optional(),
  jwks_uri: z.url({ protocol: /^https?$/, error: 'must be an https URL' }).optional(),
  // Ours: RFC 7591 has no words for these.
  resources: z.array(resource).max(100, MANY).optional(),
  introspects: z.array(resource).max(100, MANY).optional(),
  access_token_format: format.optional(),
  require_pkce: z.boolean({ error: 'must be true or false' }).default(true),
  allow_token_endpoint_audience: z.boolean({ error: 'must be true or false' }).optional(),
  access_token_ttl: seconds.optional(),
  refresh_token_ttl: seconds.optional(),
});

const userEntry = z.strictObject({
  id: text.optional(),
  username: text,
  password: z
    .string({ error: 'must be a string' })
    .min(1, 'must not be empty')
    .max(1024, 'is too long')
    .optional(),
  password_hash: z
    .string({ error: 'must be a string' })
    .refine(isPasswordHash, 'must be an argon2 hash in the PHC format: $argon2id$v=19$...')
    .optional(),
  name: text.optional(),
  email: z.email({ error: 'must be an e-mail address' }).optional(),
});

const seedFile = z.strictObject({
  scopes: z
    .record(z.string().refine(isScopeToken, 'is not a scope (RFC 6749 section 3.3)'), words)
    .default({}),
  // RFC 8707
  resources: z
    .record(resource, z.strictObject({ access_token_format: format.optional() }))
    .default({}),
  clients: z.array(clientEntry, { error: 'must be a list' }).default([]),
  users: z.array(userEntry, { error: 'must be a list' }).default([]),
});

/** Every field that a seed file can have, by its path. */
export const seedFields: readonly string[] = [
  'scopes',
  'resources',
  ...Object.keys(clientEntry.shape).map((name) => `clients[].${name}`),
  ...Object.keys(userEntry.shape).map((name) => `users[].${name}`),
];

/** The content of a seed file, checked. */
export type Seed = z.output<typeof seedFile>;

/** RFC 7591 metadata that says nothing to this server; a record copied from elsewhere may have it. */
const IGNORED = new Set(
  'logo_uri tos_uri policy_uri contacts software_id software_version application_type client_id_issued_at client_secret_expires_at'.split(
    ' ',
  ),
);

export class SeedError extends Error {}

/**
 * Checks what a seed file says.
 *
 * @param name of the file, for the message
 * @param json its text
 * @param production whether redirect URIs have to be https, and secrets long
 * @throws SeedError with a line for every entry and field that is wrong
 */
export function parseSeed(name: string, json: string, production: boolean): Seed {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new SeedError(`${name} is not JSON: ${(error as Error).message}`);
  }
  dropIgnored(content);
  const result = seedFile.safeParse(content);
  const problems = result.success
    ? contradictions(result.data, production)
    : result.error.issues.map(
        (issue) => `${where(content, issue.path)} ${sentence(issue, valueAt(content, issue.path))}`,
      );
  if (problems.length > 0) {
    throw new SeedError(
      `${name} cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
  return result.data!;
}

/**
 * The seed that the settings name; an empty one where they name none.
 *
 * @throws SeedError where the file cannot be read or what it says is wrong
 */
export async function readSeed(
  config: Pick<Config, 'seedFile' | 'production' | 'demo' | 'issuer'>,
): Promise<Seed> {
  const { seedFile, production, demo, issuer } = config;
  if (seedFile === undefined) return { scopes: {}, resources: {}, clients: [], users: [] };
  let json: string;
  try {
    json = await readFile(seedFile, 'utf8');
  } catch (error) {
    throw new SeedError(`${seedFile} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const seed = parseSeed(seedFile, json, production);
  if (demo) settleDemo(seed, issuer);
  return seed;
}

/**
 * Puts the clients and users of a seed into a store. A client that is there already is replaced,
 * for the file is where clients are changed; a user is not, for what a person has changed, the
 * password above all, is theirs. Of several who do so at once, one adds a user.
 *
 * @param secret that of the server; only clients with the method client_secret_jwt need it
 * @param source a seed takes over what the demo wrote, and the demo nothing
 * @throws SeedError where such a client is there and the secret is not, or where an id or a username
 *   is that of somebody else in the store
 */
export async function applySeed(
  store: Store,
  seed: Seed,
  secret?: string,
  source: Exclude<Source, 'code'> = 'seed',
): Promise<void> {
  if (source === 'demo') await assertRoomForDemo(store, seed);
  for (const entry of seed.clients) {
    await orSeedError(
      store.clients.save({ ...toClient(entry, seed, secret), source }),
      `client ${entry.client_id}`,
    );
  }
  for (const entry of seed.users) {
    // A look first: hashing the password is work, and most are there.
    const there = await store.users.find(userIdOf(entry));
    if (there !== undefined && !givesWay(there, { source })) continue;
    await orSeedError(
      store.users.add({ ...(await toUser(entry)), source }),
      `user ${userIdOf(entry)} with the username ${entry.username}`,
    );
  }
}

/** A demo on a database that is in use would open it with passwords that everybody knows. */
async function assertRoomForDemo(store: Store, seed: Seed): Promise<void> {
  const refuse = (what: string) => {
    throw new SeedError(
      `The demo cannot use this database, which has a ${what} that is not the demo's. Set DEMO=off, or DATABASE_URL to another database.`,
    );
  };
  for (const { client_id: id } of seed.clients) {
    const there = await store.clients.find(id);
    if (there !== undefined && there.source !== 'demo') refuse(`client ${id}`);
  }
  for (const entry of seed.users) {
    const there =
      (await store.users.find(userIdOf(entry))) ??
      (await store.users.findByUsername(entry.username));
    if (there !== undefined && there.source !== 'demo') refuse(`user ${entry.username}`);
  }
}

async function orSeedError(stored: Promise<unknown>, what: string): Promise<void> {
  try {
    await stored;
  } catch (error) {
    if (!(error instanceof UsernameTaken || error instanceof SubjectTaken)) throw error;
    throw new SeedError(`The ${what} cannot be added to the store. ${error.message}`);
  }
}

function toClient(entry: Seed['clients'][number], seed: Seed, secret?: string): Client {
  const { client_secret: secrets, token_endpoint_auth_method: method } = entry;
  if (method === 'client_secret_jwt' && secret === undefined) {
    throw new SeedError(
      `The client ${entry.client_id} signs with its secret: give applySeed the server's.`,
    );
  }
  return {
    id: entry.client_id,
    name: entry.client_name ?? entry.client_id,
    uri: entry.client_uri,
    tokenEndpointAuthMethod: method,
    secretHashes: secrets.map(sha256),
    encryptedSecrets:
      method === 'client_secret_jwt' && secret !== undefined
        ? secrets.map((text) => encrypt(clientSecretKey(secret), text))
        : undefined,
    jwks: entry.jwks,
    jwksUri: entry.jwks_uri,
    allowTokenEndpointAudience: entry.allow_token_endpoint_audience,
    redirectUris: entry.redirect_uris,
    grants: entry.grant_types,
    scope: entry.scope === undefined ? Object.keys(seed.scopes) : parseScope(entry.scope),
    requirePkce: entry.require_pkce,
    resources: entry.resources,
    introspects: entry.introspects,
    accessTokenFormat: entry.access_token_format,
    accessTokenLifetime: entry.access_token_ttl,
    refreshTokenLifetime: entry.refresh_token_ttl,
  };
}

function userIdOf({ id, username }: Seed['users'][number]): string {
  return id ?? username;
}

async function toUser(entry: Seed['users'][number]): Promise<User> {
  return {
    id: userIdOf(entry),
    username: entry.username,
    name: entry.name ?? entry.username,
    email: entry.email,
    passwordHash: entry.password_hash ?? (await hashPassword(entry.password!)),
  };
}

/** What no single field is to blame for. */
function contradictions(seed: Seed, production: boolean): string[] {
  const problems: string[] = [];
  const once = (list: string, values: string[], field: string) => {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) !== index)
        problems.push(`${list}[${index}] (${value}) ${field} is there twice`);
    }
  };
  once(
    'clients',
    seed.clients.map((client) => client.client_id),
    'client_id',
  );
  once(
    'users',
    seed.users.map((user) => user.username),
    'username',
  );
  once(
    'users',
    seed.users.map((user) => user.id ?? user.username),
    'id',
  );

  for (const [index, client] of seed.clients.entries()) {
    const at = (field: string) => `clients[${index}] (${client.client_id}) ${field}`;
    const method = client.token_endpoint_auth_method;
    const isPublic = method === 'none';
    const hasSecret = client.client_secret.length > 0;
    const hasKeys = client.jwks !== undefined || client.jwks_uri !== undefined;
    if (method === 'private_key_jwt') {
      if (!hasKeys)
        problems.push(`${at('jwks')} is missing: private_key_jwt needs it, or jwks_uri`);
      if (hasSecret)
        problems.push(`${at('client_secret')} is there, but the client signs with its private key`);
    } else {
      if (!hasSecret && !isPublic) {
        problems.push(
          `${at('client_secret')} is missing; for a public client say "token_endpoint_auth_method": "none"`,
        );
      }
      if (hasKeys)
        problems.push(
          `${at('jwks')} is there, but "token_endpoint_auth_method" is not "private_key_jwt"`,
        );
    }
    if (client.allow_token_endpoint_audience && !method?.endsWith('_jwt')) {
      problems.push(
        `${at('allow_token_endpoint_audience')} is there, but the client does not sign`,
      );
    }
    if (client.jwks !== undefined && client.jwks_uri !== undefined) {
      problems.push(
        `${at('jwks_uri')} is there beside jwks: give one of them (RFC 7591 section 2)`,
      );
    }
    if (client.client_secret.some(isShortSecret)) {
      if (method === 'client_secret_jwt') {
        problems.push(
          `${at('client_secret')} must have 32 characters or more to sign with (RFC 7518 section 3.2)`,
        );
      } else if (production) {
        problems.push(
          `${at('client_secret')} is too short for production: make one of 32 random characters or more, with node -p "crypto.randomBytes(32).toString('base64url')"`,
        );
      }
    }
    if (hasSecret && isPublic) {
      problems.push(`${at('client_secret')} is there, but "token_endpoint_auth_method" is "none"`);
    }
    if (isPublic && client.grant_types.includes('client_credentials')) {
      problems.push(
        `${at('grant_types')} has client_credentials, which needs a client_secret (RFC 6749 section 4.4)`,
      );
    }
    if (isPublic && !client.require_pkce) {
      problems.push(
        `${at('require_pkce')} must be true for a public client (RFC 9700 section 2.1.1)`,
      );
    }
    if (client.grant_types.includes('authorization_code') && client.redirect_uris.length === 0) {
      problems.push(
        `${at('redirect_uris')} is missing: the grant type authorization_code needs one`,
      );
    }
    const urls = { redirectUris: client.redirect_uris, jwksUri: client.jwks_uri };
    for (const { field, problem } of clientUrlProblems(urls, production)) {
      problems.push(`${at(field)} ${problem}`);
    }
    for (const name of client.resources ?? []) {
      if (Object.keys(seed.resources).length === 0 || Object.hasOwn(seed.resources, name)) continue;
      problems.push(`${at('resources')} has ${name}, which "resources" does not list`);
    }
    for (const scope of parseScope(client.scope ?? '')) {
      if (!Object.hasOwn(seed.scopes, scope)) {
        problems.push(`${at('scope')} has ${scope}, which "scopes" does not explain`);
      }
    }
  }
  const clientIds = new Set(seed.clients.map((client) => client.client_id));
  for (const [index, user] of seed.users.entries()) {
    if (clientIds.has(userIdOf(user))) {
      problems.push(
        `users[${index}] (${user.username}) has the id ${userIdOf(user)}, which is that of a client: give the user another "id" (RFC 9068 section 5)`,
      );
    }
    if ((user.password === undefined) === (user.password_hash === undefined)) {
      problems.push(`users[${index}] (${user.username}) needs either password or password_hash`);
    }
  }
  return problems;
}

/** `clients[1] (my-app) redirect_uris[0]`: the entry by its place and its name, then the field. */
function where(content: unknown, path: readonly PropertyKey[]): string {
  const [list, index, ...field] = path;
  if (list === undefined) return 'the file';
  if (typeof index !== 'number') {
    const name = index === undefined ? String(list) : `${String(list)}.${String(index)}`;
    return [name, ...field.map(String)].join(' ');
  }
  const entry = (content as Record<PropertyKey, Record<string, unknown>[]>)[list]?.[index];
  const name = entry?.['client_id'] ?? entry?.['username'];
  const shown = typeof name === 'string' ? ` (${name})` : '';
  const rest = field
    .map((part) => (typeof part === 'number' ? `[${part}]` : ` ${String(part)}`))
    .join('');
  return `${String(list)}[${index}]${shown}${rest}`;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (value, key) => (value as Record<PropertyKey, unknown> | null)?.[key],
    content,
  );
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has a field nobody knows: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_type':
      if (value === undefined) return 'is missing';
      // Where a field has no words of its own for this.
      return issue.message.startsWith('Invalid input')
        ? `must be ${({ array: 'a list', string: 'a string' } as Record<string, string>)[issue.expected] ?? 'an object'}`
        : issue.message;
    default:
      return issue.message;
  }
}

function dropIgnored(content: unknown): void {
  const clients = (content as { clients?: unknown } | null)?.clients;
  if (!Array.isArray(clients)) return;
  for (const client of clients) {
    if (typeof client !== 'object' || client === null) continue;
    for (const name of IGNORED) delete (client as Record<string, unknown>)[name];
  }
}
