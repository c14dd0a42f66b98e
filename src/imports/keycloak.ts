// A realm as Keycloak exports it (kc.sh export), in the words of a seed. What it says of clients is in
// keycloak-clients.ts, and what of people in keycloak-users.ts.

import { isPlainObject } from '../protocol/checks.ts';
import { isOpenIdScope } from '../protocol/scope.ts';
import { type BroughtClient, type BroughtUser, type Remark, UnreadableImport } from './brought.ts';
import { readClient } from './keycloak-clients.ts';
import { settingsElsewhere } from './keycloak-settings.ts';
import { readUser } from './keycloak-users.ts';
import { listOf, type Plain, textOf } from './plain.ts';

interface Realm {
  readonly name: string;
  readonly clients: readonly BroughtClient[];
  /** How many further clients of somebody's own it has, which the remarks name. */
  readonly refused: number;
  /**
   * Scopes of its own, with what they stand for: those that this server is to have stand in its seed file.
   */
  readonly scopes: Readonly<Record<string, string>>;
  readonly remarks: readonly Remark[];
}

/** What Keycloak puts into every realm. */
const OWN_CLIENTS = new Set([
  'account',
  'account-console',
  'admin-cli',
  'broker',
  'master-realm',
  'realm-management',
  'security-admin-console',
]);

/** Client scopes that every realm has, and that are not scopes here. */
const OWN_SCOPES = new Set([
  'acr',
  'basic',
  'microprofile-jwt',
  'organization',
  'role_list',
  'roles',
  'saml_organization',
  'service_account',
  'web-origins',
]);

/**
 * Reads what a realm has besides people. A file that has people alone brings nothing here.
 *
 * @param plain as it comes from JSON
 * @throws UnreadableImport if it is neither a realm nor a file with people of one
 */
export function readRealm(plain: unknown): Realm {
  if (!isPlainObject(plain) || typeof plain['realm'] !== 'string') {
    throw new UnreadableImport(
      'is not an export of a Keycloak realm: there is no "realm" with its name in it. An export of all realms has to be one of a single realm: kc.sh export --realm <name>',
    );
  }
  const remarks: Remark[] = [];
  const { realm: name } = plain;
  const scopes = scopesOf(plain);
  const isOwn = ({ clientId }: Plain) =>
    OWN_CLIENTS.has(String(clientId)) || clientId === `${name}-realm`;
  const given = listOf(plain, 'clients').filter((client) => !isOwn(client));
  const knows = (word: string) => knowsScope(word, scopes);
  const clients = given.flatMap((client) => readClient(client, knows, remarks));
  for (const what of settingsElsewhere(plain)) remarks.push({ about: 'the realm', what });
  return { name, clients, refused: given.length - clients.length, scopes, remarks };
}

/**
 * Reads the people of a realm.
 *
 * @param plain what `readRealm` has taken
 * @param remarks gets what is not taken
 */
export function* readPeople(plain: unknown, remarks: Remark[]): Generator<BroughtUser> {
  for (const user of listOf(plain as Plain, 'users')) yield* readUser(user, remarks);
}

/** Whether a client may have a scope, and this server knows or may come to know what it is. */
function knowsScope(word: string, scopes: Readonly<Record<string, string>>): boolean {
  return isOpenIdScope(word) || Object.hasOwn(scopes, word);
}

/** The client scopes that are scopes here, too, with what a consent page would say of them. */
function scopesOf(plain: Plain): Record<string, string> {
  const own = listOf(plain, 'clientScopes').filter((scope) => {
    const name = textOf(scope, 'name') ?? '';
    const isOpenId = (textOf(scope, 'protocol') ?? 'openid-connect') === 'openid-connect';
    const { attributes } = scope;
    const isSent = !isPlainObject(attributes) || attributes['include.in.token.scope'] !== 'false';
    return name !== '' && isOpenId && isSent && !OWN_SCOPES.has(name) && !isOpenIdScope(name);
  });
  return Object.fromEntries(
    own.map((scope) => {
      const name = textOf(scope, 'name')!;
      const attributes = isPlainObject(scope['attributes']) ? scope['attributes'] : {};
      const said = textOf(attributes, 'consent.screen.text') ?? textOf(scope, 'description');
      return [name, said === undefined || said.startsWith('${') ? name : said];
    }),
  );
}
