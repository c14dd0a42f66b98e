// What the app around this server adds to what is issued: claims, and fields of the token endpoint's
// answer. It is asked before anything is written, so a failure of the app uses up no code and no token.

import { HostError, hostError } from '../host-error.ts';
import { isReservedClaim } from '../protocol/access-token.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { jsonProblem } from '../protocol/json.ts';
import { shown } from '../protocol/shown.ts';
import type { Client, Grant, User } from '../types.ts';

/** The person for whom a token is issued. */
export interface TokenUser extends Partial<Pick<User, 'username' | 'name' | 'email'>> {
  /** All that is known of a person of an app that signs people in itself, with `authenticate`. */
  readonly id: string;
}

/** What a token is issued for. */
export interface TokenContext {
  /** Absent if the client acts for itself. */
  readonly user?: TokenUser | undefined;
  readonly client: Client;
  /** What the person approved; absent if the client acts for itself. */
  readonly grant?: Grant | undefined;
  /** Of this token: less than that of the grant if the client asked for less. */
  readonly scope: readonly string[];
  /** RFC 8707: the resources that this token is for; the server itself if there are none. */
  readonly resource: readonly string[];
}

/** What the app around the server is told of an answer of the token endpoint. */
export interface TokenResponseContext extends TokenContext {
  readonly grantType: string;
}

/** Names and values, which have to be JSON; nothing is added by `undefined` and `null`. */
export type Additions = Readonly<Record<string, unknown>> | undefined | null;

export interface AdditionOptions {
  /** As the option `claims` of `authorizationServer` has it. */
  readonly claims?: ((context: TokenContext) => Additions | Promise<Additions>) | undefined;
  /** As the option `tokenResponse` has it. */
  readonly tokenResponse?:
    | ((context: TokenResponseContext) => Additions | Promise<Additions>)
    | undefined;
}

/** What was added to a token, checked. */
interface Added {
  /** JSON of an object. */
  readonly claims?: string | undefined;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Longest additions, in bytes of JSON: a token is sent in a header with each request. */
const MAX_BYTES = 4096;

/** Fields of the token endpoint's answer that clients act upon. */
const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  // RFC 6749 sections 5.1 and 5.2
  ...['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'state'],
  ...['error', 'error_description', 'error_uri'],
  // OpenID Connect Core section 3.1.3.3, RFC 8693 section 2.2.1, RFC 9396 section 7
  ...['id_token', 'issued_token_type', 'authorization_details'],
]);

const isReservedField = (name: string) => RESERVED_FIELDS.has(name);

export type Add = ReturnType<typeof createAdditions>;

/**
 * Creates the function that asks the app. Without a grant type there is no answer of ours to add to.
 *
 * @param findUser looks a person up; absent if they are those of an app around the server
 * @returns `undefined` if there is nothing to ask
 */
export function createAdditions(
  { claims, tokenResponse }: AdditionOptions,
  findUser?: (id: string) => Promise<User | undefined>,
) {
  if (claims === undefined && tokenResponse === undefined) return undefined;

  return async (
    wanted: Pick<TokenContext, 'scope' | 'resource'>,
    client: Client,
    grant: Grant | undefined,
    grantType?: string,
  ): Promise<Added> => {
    const user = grant && tokenUserOf(grant.userId, await findUser?.(grant.userId));
    const contextOf = () => ({
      ...(grant && { user, grant }),
      client,
      // Copies: what is issued is what was checked, whatever the app does with them.
      scope: [...wanted.scope],
      resource: [...wanted.resource],
    });
    const [claimed, answered] = await Promise.all([
      claims && ask('claims', () => claims(contextOf()), isReservedClaim),
      grantType &&
        tokenResponse &&
        ask('tokenResponse', () => tokenResponse({ ...contextOf(), grantType }), isReservedField),
    ]);
    return { claims: claimed, ...(answered && { fields: JSON.parse(answered) }) };
  };
}

/** A person as the app is told of them. @param user their record, if this server has one */
export function tokenUserOf(id: string, user: User | undefined): TokenUser {
  if (user === undefined) return { id };
  const { username, name, email } = user;
  return { id, username, name, email };
}

/**
 * Asks the app.
 *
 * @returns JSON of an object with something in it, or `undefined`
 * @throws HostError if the app fails, or its answer cannot be used
 */
async function ask(
  option: string,
  question: () => Additions | Promise<Additions>,
  isReserved: (name: string) => boolean,
): Promise<string | undefined> {
  const refuse = (what: string) => {
    throw new HostError(`The option ${option} answered ${what}.`);
  };
  try {
    const answer: unknown = await question();
    if (answer === undefined || answer === null) return undefined;
    if (!isPlainObject(answer)) refuse(`${shown(answer)}, which is not an object`);
    const problem = jsonProblem(answer);
    if (problem !== undefined) refuse(`with ${problem}`);
    const json = JSON.stringify(answer);
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_BYTES) {
      refuse(`with ${bytes} bytes of JSON, and may answer with ${MAX_BYTES}`);
    }
    // Of the copy: what was looked at above may answer something else when it is read again.
    const names = Object.keys(JSON.parse(json));
    const taken = names.find(isReserved);
    if (taken !== undefined) refuse(`with ${taken}, which only the server itself may set`);
    return names.length === 0 ? undefined : json;
  } catch (error) {
    throw hostError(option, error);
  }
}
