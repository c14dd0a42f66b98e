// OpenID Connect Core section 5.1: what can be known of a person, by the names that all clients know, and
// what each has to look like, whoever says it: a seed, a program, or the app around the server.

import { type Check, isA, isPlainObject, listOf, partsOf } from './checks.ts';
import { nameProblem, withoutDisruptive } from './names.ts';
import type { OpenIdScope } from './scope.ts';

/** Section 5.1.1: members that are not known are left out. */
export interface AddressClaim {
  /** The whole address as it is written on a letter; it may have several lines. */
  readonly formatted?: string | undefined;
  readonly street_address?: string | undefined;
  readonly locality?: string | undefined;
  readonly region?: string | undefined;
  readonly postal_code?: string | undefined;
  readonly country?: string | undefined;
}

/** What is known of a person, by OpenID Connect's names. What is not known is left out. */
export interface PersonClaims {
  readonly name?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly middle_name?: string | undefined;
  readonly nickname?: string | undefined;
  readonly preferred_username?: string | undefined;
  /** An http or https URL, as `picture` and `website` are. */
  readonly profile?: string | undefined;
  readonly picture?: string | undefined;
  readonly website?: string | undefined;
  readonly gender?: string | undefined;
  /** `1865-11-26`, `0000-11-26` without the year, or `1865`. */
  readonly birthdate?: string | undefined;
  /** `Europe/London` */
  readonly zoneinfo?: string | undefined;
  /** `en-GB` */
  readonly locale?: string | undefined;
  /** Seconds since the epoch. */
  readonly updated_at?: number | undefined;
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly address?: AddressClaim | undefined;
  readonly phone_number?: string | undefined;
  readonly phone_number_verified?: boolean | undefined;
  /** Ours: the names of the groups that the person is in. */
  readonly groups?: readonly string[] | undefined;
}

export type ClaimName = keyof PersonClaims;

/** What an app knows of a person; `null` and an empty text are as good as absent. */
export type AppClaims = { readonly [Name in ClaimName]?: PersonClaims[Name] | null };

/** Most bytes of JSON that the claims of one person may have: ID tokens travel in URLs and headers. */
const MAX_BYTES = 4096;

/** Longest URL, and longest address of several lines. */
const MAX_LONG = 2048;

const matching =
  (pattern: RegExp, what: string): Check =>
  (value) =>
    nameProblem(value) ?? (pattern.test(value as string) ? undefined : `is not ${what}`);

const webUrl: Check = (value) => {
  const isUrl = typeof value === 'string' && value.length <= MAX_LONG && URL.canParse(value);
  return isUrl && /^https?:\/\//i.test(value) ? undefined : 'is not an http or https URL';
};

/** Section 5.1: a line break is allowed in an address, and in nothing else. */
const lines: Check = (value) => {
  if (typeof value !== 'string') return 'is not a string';
  if (value.length > MAX_LONG) return `has more than ${MAX_LONG} characters`;
  const texts = value.split(/\r?\n/);
  const problem = texts.map((text) => (text === '' ? undefined : nameProblem(text))).find(Boolean);
  return problem ?? (texts.some((text) => text !== '') ? undefined : 'is empty');
};

const ADDRESS: { readonly [Member in keyof Required<AddressClaim>]: Check } = {
  formatted: lines,
  street_address: lines,
  locality: nameProblem,
  region: nameProblem,
  postal_code: nameProblem,
  country: nameProblem,
};

const seconds: Check = (value) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) return 'is not a number of seconds';
  return (value as number) < 1e11 ? undefined : 'is in milliseconds: give seconds';
};

/** What the scopes of section 5.4, and `groups`, stand for: claims, each with its check. */
const CHECKS_OF_SCOPE = {
  profile: {
    name: nameProblem,
    given_name: nameProblem,
    family_name: nameProblem,
    middle_name: nameProblem,
    nickname: nameProblem,
    preferred_username: nameProblem,
    profile: webUrl,
    picture: webUrl,
    website: webUrl,
    gender: nameProblem,
    birthdate: matching(
      /^\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/,
      'a date such as 1865-11-26, or a year',
    ),
    zoneinfo: matching(/^[A-Za-z][\w+-]*(\/[\w+-]+){0,2}$/, 'a time zone such as Europe/London'),
    // Section 5.1: some write an underscore.
    locale: matching(/^[A-Za-z]{2,8}([-_][A-Za-z\d]{1,8})*$/, 'a language such as en-GB'),
    updated_at: seconds,
  },
  email: {
    email: matching(/^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
    email_verified: isA('boolean'),
  },
  address: {
    address: (value) =>
      partsOf(ADDRESS)(value) ??
      (Object.keys(value as object).length === 0 ? 'is empty' : undefined),
  },
  phone: {
    phone_number: nameProblem,
    phone_number_verified: isA('boolean'),
  },
  groups: { groups: listOf('names', nameProblem) },
} as const satisfies {
  readonly [Scope in OpenIdScope]?: { readonly [Name in ClaimName]?: Check };
};

const CHECKS: { readonly [Name in ClaimName]-?: Check } = {
  ...CHECKS_OF_SCOPE.profile,
  ...CHECKS_OF_SCOPE.email,
  ...CHECKS_OF_SCOPE.address,
  ...CHECKS_OF_SCOPE.phone,
  ...CHECKS_OF_SCOPE.groups,
};

/** Of a person, in the order of section 5.4, and `groups`. */
export const PERSON_CLAIMS = Object.keys(CHECKS) as readonly ClaimName[];

/** The claims that each of these scopes stands for. */
export const CLAIMS_OF_SCOPE: ReadonlyMap<string, readonly ClaimName[]> = new Map(
  Object.entries(CHECKS_OF_SCOPE).map(([scope, checks]) => [
    scope,
    Object.keys(checks) as ClaimName[],
  ]),
);

/** Discovery section 3: all that an ID token or UserInfo may say. */
export const CLAIMS: readonly string[] = [
  ...['sub', 'iss', 'auth_time', 'acr', 'amr', 'sid'],
  ...PERSON_CLAIMS,
];

/** Whether a claim is about the person, and not about their sign-in. */
export function isPersonClaim(name: string): name is ClaimName {
  return Object.hasOwn(CHECKS, name);
}

/** What is wrong with the value of a claim, as the end of the sentence "it ...", or `undefined`. */
export function claimProblem(name: ClaimName, value: unknown): string | undefined {
  return CHECKS[name](value);
}

/** What is wrong with all that is known of a person, as the end of the sentence "it ...", or `undefined`. */
export function claimsProblem(value: unknown): string | undefined {
  return partsOf(CHECKS)(value) ?? sizeProblem(value);
}

/** What is wrong with how much is known of a person. */
export function sizeProblem(claims: unknown): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(claims));
  return bytes > MAX_BYTES ? `has ${bytes} bytes of claims, and may have ${MAX_BYTES}` : undefined;
}

/**
 * A copy of the claims that a program answers with, without those that are not known. Tables have `null` or an
 * empty text for them, or an address of nothing else. What a name cannot have in it is taken out: the person
 * could do nothing about it.
 */
export function withoutUnknown(given: unknown): unknown {
  if (!isPlainObject(given)) return given;
  const known = Object.entries(given).map(([name, value]) => {
    if (Array.isArray(value)) return [name, value.map(legible)] as const;
    if (!isPlainObject(value) || value instanceof Date) return [name, legible(value)] as const;
    const members = withoutUnknown(value) as object;
    return [name, Object.keys(members).length === 0 ? undefined : members] as const;
  });
  return Object.fromEntries(
    known.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

const legible = (value: unknown) => (typeof value === 'string' ? withoutDisruptive(value) : value);
