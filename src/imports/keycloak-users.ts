// A person in Keycloak, in the words of a seed: with the password that they have there.

import { isPlainObject } from '../protocol/checks.ts';
import type { BroughtUser, Remark } from './brought.ts';
import { listOf, type Plain, textOf, textsOf } from './plain.ts';

/** The attributes that are claims here, by the names that Keycloak's own mappers give them. */
const CLAIMS: Readonly<Record<string, string>> = {
  middleName: 'middle_name',
  nickname: 'nickname',
  profile: 'profile',
  picture: 'picture',
  website: 'website',
  gender: 'gender',
  birthdate: 'birthdate',
  zoneinfo: 'zoneinfo',
  locale: 'locale',
  phoneNumber: 'phone_number',
};

/** What Keycloak calls the parts of an address, and what the claim calls them. */
const ADDRESS: Readonly<Record<string, string>> = {
  formatted: 'formatted',
  street: 'street_address',
  locality: 'locality',
  region: 'region',
  postal_code: 'postal_code',
  country: 'country',
};

/** Kinds of credentials: the password, and those that they had before. */
const OF_PASSWORDS: ReadonlySet<unknown> = new Set(['password', 'password-history']);

/** What is said of the other kinds. */
const OTHER_FACTORS = 'has a second factor or a passkey, and signs in with the password alone here';

/** @returns none if it is nobody: what Keycloak keeps for a client's own tokens */
export function readUser(user: Plain, remarks: Remark[]): BroughtUser[] {
  const username = textOf(user, 'username');
  if (username === undefined || textOf(user, 'serviceAccountClientId') !== undefined) return [];
  const about = `user ${username}`;
  const remark = (what: string) => void remarks.push({ about, what });
  const names = [textOf(user, 'firstName'), textOf(user, 'lastName')];
  const email = textOf(user, 'email');
  const groups = textsOf(user, 'groups').map((path) => path.replace(/^\//, ''));
  const entry = {
    id: textOf(user, 'id'),
    username,
    name: names.filter(Boolean).join(' ') || undefined,
    given_name: names[0],
    family_name: names[1],
    email,
    email_verified: email === undefined ? undefined : user['emailVerified'] === true,
    groups: groups.length > 0 ? groups : undefined,
    ...attributesOf(user, remark),
    // There, too, whoever is not said to be enabled is not.
    disabled: user['enabled'] === true ? undefined : true,
    ...passwordOf(user, remark),
  };
  for (const what of elsewhere(user)) remark(what);
  return [
    { entry: Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) },
  ];
}

/** Roles that everybody has there. */
const OF_ALL = /^(default-roles-.*|offline_access|uma_authorization)$/;

/** What a person has there, and nobody has here. */
function* elsewhere(user: Plain): Generator<string> {
  const others = listOf(user, 'federatedIdentities').map(
    (identity) => textOf(identity, 'identityProvider') ?? 'another server',
  );
  if (others.length > 0) yield `signs in by way of ${others.join(', ')} there, and not here`;
  if (textOf(user, 'federationLink') !== undefined) {
    yield 'is from a user federation: the password is there, and they need one here';
  }
  const roles = textsOf(user, 'realmRoles').filter((role) => !OF_ALL.test(role));
  const { clientRoles } = user;
  const clients = isPlainObject(clientRoles) ? Object.keys(clientRoles) : [];
  if (roles.length + clients.length > 0) {
    yield `has roles, and there are groups alone here: ${[...roles, ...clients.map((id) => `those of ${id}`)].join(', ')}`;
  }
  const actions = textsOf(user, 'requiredActions').filter((name) => name !== 'UPDATE_PASSWORD');
  if (actions.length > 0) yield `was to do at the next sign-in: ${actions.join(', ')}`;
}

function attributesOf(user: Plain, remark: (what: string) => void): Record<string, unknown> {
  const attributes = isPlainObject(user['attributes']) ? user['attributes'] : {};
  const claims: Record<string, unknown> = {};
  const address: Record<string, unknown> = {};
  const others: string[] = [];
  for (const [name, values] of Object.entries(attributes)) {
    const [value] = [values].flat();
    if (typeof value !== 'string' || value === '') continue;
    if (Object.hasOwn(CLAIMS, name)) claims[CLAIMS[name]!] = value;
    else if (Object.hasOwn(ADDRESS, name)) address[ADDRESS[name]!] = value;
    else if (name === 'phoneNumberVerified') claims['phone_number_verified'] = value === 'true';
    else others.push(name);
  }
  // It says something of a number, and of nothing without one.
  if (claims['phone_number'] === undefined) delete claims['phone_number_verified'];
  if (others.length > 0) remark(`has attributes that are no claims here: ${others.join(', ')}`);
  return { ...claims, ...(Object.keys(address).length > 0 && { address }) };
}

function passwordOf(user: Plain, remark: (what: string) => void): Record<string, unknown> {
  const credentials = listOf(user, 'credentials');
  if (credentials.some(({ type }) => !OF_PASSWORDS.has(type))) remark(OTHER_FACTORS);
  const password = credentials.find(({ type }) => type === 'password');
  if (password === undefined) return {};
  if (
    password['temporary'] === true ||
    textsOf(user, 'requiredActions').includes('UPDATE_PASSWORD')
  ) {
    remark('was to set another password at the next sign-in: give them a reset link');
  }
  const plain = textOf(password, 'value');
  if (plain !== undefined) return { password: plain };
  const hash = hashOf(password);
  if (hash === undefined) remark('has a password hash of an unknown kind');
  return hash === undefined ? {} : { password_hash: hash };
}

/** What is known of how a password was hashed. */
interface Hashed {
  readonly algorithm: string;
  readonly iterations: number;
  readonly value: string;
  readonly salt: string;
  /** Costs of argon2, each as a list of one text. */
  readonly costs: Plain;
}

const PBKDF2: Readonly<Record<string, string>> = {
  pbkdf2: '$pbkdf2$',
  'pbkdf2-sha256': '$pbkdf2-sha256$',
  'pbkdf2-sha512': '$pbkdf2-sha512$',
};

/** The hash in the PHC string format; `undefined` if there is none for it. */
function hashOf(password: Plain): string | undefined {
  const { algorithm, iterations, value, salt, costs } = hashedOf(password);
  const [saltText, valueText] = [salt, value].map((text) => text.replace(/=+$/, ''));
  if (Object.hasOwn(PBKDF2, algorithm)) {
    const length = Buffer.from(value, 'base64').length;
    return `${PBKDF2[algorithm]}i=${iterations},l=${length}$${saltText}$${valueText}`;
  }
  if (algorithm !== 'argon2') return undefined;
  const cost = (name: string) => String([costs[name]].flat()[0] ?? '');
  const version = cost('version') === '1.0' ? 16 : 19;
  return `$argon2${cost('type') || 'id'}$v=${version}$m=${cost('memory')},t=${iterations},p=${cost('parallelism') || 1}$${saltText}$${valueText}`;
}

/** As Keycloak writes it since version 8, or as it did before. */
function hashedOf(password: Plain): Hashed {
  const [data, secret] = ['credentialData', 'secretData'].map((name) => parsed(password, name));
  const costs = data!['additionalParameters'];
  return {
    algorithm: textOf(data!, 'algorithm') ?? textOf(password, 'algorithm') ?? '',
    iterations: Number(data!['hashIterations'] ?? password['hashIterations']),
    value: textOf(secret!, 'value') ?? textOf(password, 'hashedSaltedValue') ?? '',
    salt: textOf(secret!, 'salt') ?? textOf(password, 'salt') ?? '',
    costs: isPlainObject(costs) ? costs : {},
  };
}

function parsed(password: Plain, name: string): Plain {
  try {
    const data: unknown = JSON.parse(textOf(password, name) ?? '{}');
    return isPlainObject(data) ? data : {};
  } catch {
    return {};
  }
}
