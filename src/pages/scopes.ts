// What an app may do and learn, in words: each word of a scope, and what it tells about the person.

import { type ClaimName, PERSON_CLAIMS } from '../protocol/claims.ts';
import { isAboutPerson, isOpenIdScope, OPENID_SCOPES } from '../protocol/scope.ts';
import { claimsOfScope } from '../protocol/shared-claims.ts';
import type { JsonObject } from '../types.ts';
import { inLanguage } from './language.ts';
import type { Translate } from './translate.ts';
import type { Language, Text } from './words/languages.ts';

export interface DescribedScope {
  readonly name: string;
  readonly description: string;
  /** The language of the description, if it is not that of the page. */
  readonly language?: Language | undefined;
  /** What the scope tells about the person; absent if it tells nothing, empty if nothing is known. */
  readonly facts?: readonly Fact[] | undefined;
  /** Whether it was not allowed before, though something was. */
  readonly isNew?: boolean;
}

/** Something about a person, as a page shows it. */
interface Fact {
  /** What it is, in words; absent if the description of the scope says so. */
  readonly label?: string | undefined;
  /** In pieces: the lines of an address, the names of groups. Empty if nothing is known. */
  readonly texts: readonly string[];
  /** Whether it is read letter for letter, from left to right. */
  readonly isCode: boolean;
  /** For instance whether it is confirmed. */
  readonly note?: string | undefined;
  /** As `isNew` of a scope, for one of several claims that were asked for one by one. */
  readonly isNew?: boolean;
}

/** What an app asks for, or has. */
interface Access {
  readonly scope: readonly string[];
  /** The names of claims that were asked for one by one. */
  readonly claims?: readonly string[];
}

/** Most pieces of a fact that are shown, and most characters of one. */
const MAX_PIECES = 20;
const MAX_CHARACTERS = 60;

const CODES: ReadonlySet<string> = new Set([
  ...['profile', 'picture', 'website', 'birthdate', 'zoneinfo', 'locale', 'email', 'phone_number'],
]);

/** Claims with another that says whether they are confirmed. */
const NOTES: { readonly [name: string]: ClaimName } = {
  email: 'email_verified',
  phone_number: 'phone_number_verified',
};

/**
 * The description of each scope, in the same order on every page: what the app learns of the person, with
 * the claims that were asked for one by one, then what it can do, and at the end for how long.
 *
 * @param scopes words of the server's own
 * @param known of the person; if it is absent, nothing is shown of them
 * @param before what was allowed before; if it is absent, nothing is marked as new
 */
export function describeScopes(
  { scope, claims = [] }: Access,
  scopes: Readonly<Record<string, Text>>,
  t: Translate,
  known?: JsonObject,
  before?: Access,
): DescribedScope[] {
  const { language } = t;
  const describe = (name: string): DescribedScope => {
    const facts = known && factsOfScope(name, known, t);
    const own = Object.hasOwn(scopes, name) ? scopes[name] : undefined;
    const isNew = before?.scope.includes(name) === false;
    if (!own && isOpenIdScope(name)) return { name, description: t(`scope.${name}`), facts, isNew };
    const { text, language: written } = inLanguage(own || name, language);
    // A view marks only text whose language is not that of the page.
    const inOther = written !== language && { language: written };
    return { name, description: text, ...inOther, facts, isNew };
  };
  const ofScopes: readonly string[] = scope.flatMap(claimsOfScope);
  const further = PERSON_CLAIMS.filter((name) => claims.includes(name) && !ofScopes.includes(name));
  const told = before && [...before.scope.flatMap(claimsOfScope), ...(before.claims ?? [])];
  const isNew = (name: string) => told?.includes(name) === false;
  const areNew = further.every(isNew);
  const facts =
    known &&
    withoutNotes(further).map((name) => ({
      ...fact(name, known, t),
      isNew: isNew(name) && !areNew,
    }));
  const oneByOne = { name: 'claims', description: t('consent.claims'), facts, isNew: areNew };
  return [
    ...inOrderOf(OPENID_SCOPES, scope.filter(isAboutPerson)).map(describe),
    ...(further.length > 0 ? [oneByOne] : []),
    ...inOrderOf(
      Object.keys(scopes),
      scope.filter((word) => !isOpenIdScope(word)),
    ).map(describe),
    ...scope.filter((word) => isOpenIdScope(word) && !isAboutPerson(word)).map(describe),
  ];
}

/** Words in the order of a list; those that it does not have come after, as they are. */
function inOrderOf(list: readonly string[], words: readonly string[]): string[] {
  return [
    ...list.filter((word) => words.includes(word)),
    ...words.filter((word) => !list.includes(word)),
  ];
}

function factsOfScope(word: string, known: JsonObject, t: Translate): readonly Fact[] | undefined {
  const names = claimsOfScope(word);
  if (names.length === 0) return undefined;
  const there = withoutNotes(names.filter((name) => known[name] !== undefined));
  const fullName = String(known['name']).split(' ');
  return there
    .filter((name) => !(isPartOfName(name) && fullName.includes(String(known[name]))))
    .map((name) => {
      const { label, ...rest } = fact(name, known, t);
      // A scope for one thing is named after it.
      return word !== 'profile' && name === names[0] ? rest : { label, ...rest };
    })
    .filter(({ texts }) => texts.length > 0);
}

const isPartOfName = (name: ClaimName) =>
  name === 'given_name' || name === 'family_name' || name === 'middle_name';

/** The claims without those that are shown beside another. */
function withoutNotes(names: readonly ClaimName[]): ClaimName[] {
  const notes = names.map((name) => NOTES[name]);
  return names.filter((name) => !notes.includes(name));
}

function fact(name: ClaimName, known: JsonObject, t: Translate): Fact {
  const noted = NOTES[name] && known[NOTES[name]];
  const texts = textsOf(name, known[name], t);
  // Of an address to write to, the end matters most.
  const shown = texts.slice(0, MAX_PIECES).map(name === 'email' ? String : cut);
  const more = texts.length - shown.length;
  return {
    label: t(`claim.${name}`),
    texts: more > 0 ? [...shown, t.count('claim.more', more)] : shown,
    isCode: CODES.has(name),
    ...(typeof noted === 'boolean' &&
      texts.length > 0 && { note: t(noted ? 'claim.confirmed' : 'claim.unconfirmed') }),
  };
}

function textsOf(name: ClaimName, value: unknown, t: Translate): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [t(value ? 'claim.yes' : 'claim.no')];
  if (name === 'updated_at') return [t.when(Number(value) * 1000)];
  if (name === 'address') return linesOf(value as Readonly<Record<string, string>>);
  return Array.isArray(value) ? value : [String(value).replace(/^https?:\/\//i, '')];
}

/** An address, line by line: as a whole, and what else there is of it. */
function linesOf({ formatted = '', ...parts }: Readonly<Record<string, string>>): string[] {
  const others = Object.values(parts).filter((part) => !formatted.includes(part));
  return [formatted, ...others].flatMap((part) => part.split(/\r?\n/)).filter(Boolean);
}

function cut(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
