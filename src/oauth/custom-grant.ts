// Grant types of the app around this server (RFC 6749 section 4.5): what the app gives and answers is
// checked here, and what it issues is issued as ours is.

import { OAuthError } from '../errors.ts';
import { HostError, hostError } from '../host-error.ts';
import { begun } from '../http/ahead.ts';
import type { Lengths } from '../http/params.ts';
import { authTimeProblem } from '../protocol/auth-time.ts';
import { isA, isPlainObject, listOf, partsOf } from '../protocol/checks.ts';
import { assertConfidential } from '../protocol/client.ts';
import { userIdProblem } from '../protocol/names.ts';
import { soundTicket } from '../protocol/records.ts';
import { formatScope, grantScope, grantScopeWithoutPerson } from '../protocol/scope.ts';
import { shown } from '../protocol/shown.ts';
import { isDisabled } from '../store/clients-and-users.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { Json, Ticket } from '../types.ts';
import { COMMON, type DeclaredParams, declared } from './custom-grant-parameters.ts';
import type { GrantParts, GrantType, TokenCall } from './grant-type.ts';
import { newGrant, type Token } from './tokens.ts';

/** What a grant type of the app has issued. */
export interface ToIssue {
  /**
   * The person who has allowed it, and when they signed in, in milliseconds, if that is known. The client
   * gets a refresh token if it is registered for `refresh_token`. Left out, the token is for the client
   * itself, which then must have authenticated.
   */
  readonly user?: { readonly id: string | number; readonly authTime?: number | undefined };
  /** What the parameter `scope` asks for if it is left out. The client gets no more than it may have. */
  readonly scope?: readonly string[] | undefined;
  /** RFC 8707: what the parameter `resource` asks for if it is left out, likewise. */
  readonly resource?: readonly string[] | undefined;
  /**
   * A ticket of `store.tickets` that the tokens are given for, as it was found. It is taken in the same
   * operation in which they are stored: of any number of requests exactly one gets tokens for it.
   */
  readonly ticket?: Ticket;
}

/** A token request whose client has authenticated, unless it is public, and whose parameters are sound. */
export interface CustomGrantCall extends Omit<TokenCall, 'params' | 'isClientRemembered'> {
  /** Those that the grant type declares, and `scope` and `resource`. */
  readonly params: DeclaredParams;
  readonly store: Store;
  /**
   * Issues the tokens, once. What it answers is what `handle` has to answer.
   *
   * @throws OAuthError for the client
   */
  issue(what?: ToIssue): Promise<Token>;
}

/** A grant type of an app, by its name in the option `grants`. */
export interface CustomGrant {
  /** RFC 8414: what clients may want to know of it, besides its name; it joins the discovery document. */
  readonly metadata?: Readonly<Record<string, Json>>;
  /**
   * The parameters that it reads, besides `scope` and `resource`, each with its longest length in characters.
   */
  readonly parameters: Lengths;
  /**
   * Issues tokens by `call.issue()`, and answers what that answers; or refuses to.
   *
   * @throws OAuthError of RFC 6749 section 5.2, for the client; anything else is a failure of the app
   */
  handle(call: CustomGrantCall): Promise<Token>;
}

const list = listOf('strings', isA('string'));

const shaped = (what: string) => (value: unknown) => {
  if (value instanceof Promise) return 'has to be awaited first';
  return isPlainObject(value) ? undefined : `is not ${what}`;
};

const CHECKS = {
  user: shaped('{ id }'),
  scope: list,
  resource: list,
  ticket: shaped('a ticket'),
};

/** A grant type of the app, as one of ours. */
export function customGrant(name: string, custom: CustomGrant, parts: GrantParts): GrantType {
  const option = `grants['${name}']`;
  const lengths = { ...COMMON, ...custom.parameters };
  return {
    parameters: lengths,
    async handle(call) {
      let issued: Promise<Token> | undefined;
      let isOver = false;
      const { client, method, url, headers } = call;
      try {
        const answer: unknown = await custom.handle({
          client,
          method,
          url,
          headers,
          params: declared(option, call.params, lengths),
          store: parts.store,
          issue(what = {}) {
            if (issued !== undefined) {
              throw new HostError(`The option ${option} called issue() twice for one request.`);
            }
            // Nobody would get the tokens, and a ticket would be taken for nothing.
            if (isOver) {
              throw new HostError(`The option ${option} called issue() once it had answered.`);
            }
            // An app that does not wait for it is told so below.
            issued = begun(issue({ ...parts, name, option }, call, what));
            return issued;
          },
        });
        const token = await issued;
        if (token !== undefined && answer === token) return token;
        throw new HostError(
          `The option ${option} answered ${shown(answer)}, and not what issue() answers.`,
        );
      } catch (error) {
        // Drops what an app's error must not carry, such as a redirect target.
        if (error instanceof OAuthError) throw error.with({});
        throw error instanceof StoreUnavailable ? error : hostError(option, error);
      } finally {
        isOver = true;
      }
    },
  };
}

/** What issuing for a grant type of the app needs. */
interface Issuer extends Pick<GrantParts, 'issuing' | 'findUser'> {
  readonly name: string;
  readonly option: string;
}

/**
 * Issues what an app wants issued.
 *
 * @throws OAuthError for the client; HostError if the app asks for what cannot be
 */
async function issue(issuer: Issuer, call: TokenCall, what: ToIssue): Promise<Token> {
  const { name, option, issuing } = issuer;
  const problem = partsOf(CHECKS)(what) ?? absentProblem(what);
  if (problem !== undefined) {
    throw new HostError(`The option ${option} gave issue() ${shown(what)}, which ${problem}.`);
  }
  const { client } = call;
  const ticket = what.ticket && soundTicket(what.ticket);
  if (ticket?.clientId !== undefined && ticket.clientId !== client.id) {
    throw new OAuthError('invalid_grant', 'What was presented was issued to another client.');
  }
  const asked = what.scope === undefined ? call.params.get('scope') : formatScope(what.scope);
  const scope =
    what.user === undefined
      ? grantScopeWithoutPerson(asked, client)
      : grantScope(asked, client.scope, client.defaultScope);
  const resource = issuing.resourcesFor(what.resource ?? call.params.getAll('resource'), client);
  const wanted = { scope, resource, grantType: name };
  const user = what.user && (await personOf(issuer, what.user));
  if (user === undefined) {
    assertConfidential(client, name);
    return issuing.issueToClient(wanted, client, ticket);
  }
  const grant = newGrant(client.id, user.id, { scope, resource }, user);
  return issuing.issueFirst(wanted, client, grant, ticket);
}

/**
 * A person or a ticket that was looked for and not found, as the end of the sentence "it ...": the token
 * would be that of the client itself, or would be issued again and again.
 */
function absentProblem(what: ToIssue): string | undefined {
  const absent = (['user', 'ticket'] as const).find(
    (field) => Object.hasOwn(what, field) && what[field] === undefined,
  );
  return absent && `has the ${absent} undefined: leave it out, or throw an OAuthError`;
}

/**
 * The person whom an app has named.
 *
 * @throws HostError; OAuthError `invalid_grant` for one of ours who is gone, or disabled
 */
async function personOf(
  { option, findUser }: Issuer,
  { id: given, authTime }: NonNullable<ToIssue['user']>,
): Promise<{ readonly id: string; readonly authTime: number | undefined }> {
  const now = Date.now();
  const id = Number.isSafeInteger(given) ? String(given) : (given as string);
  const refuseIf = (field: string, value: unknown, problem: string | undefined) => {
    if (problem === undefined) return;
    throw new HostError(
      `The option ${option} gave issue() a user with the ${field} ${shown(value)}, which ${problem}.`,
    );
  };
  refuseIf('id', given, userIdProblem(id));
  if (authTime !== undefined) refuseIf('authTime', authTime, authTimeProblem(authTime, now));
  const user = await findUser?.(id);
  if (findUser !== undefined && user === undefined) {
    throw new OAuthError('invalid_grant', 'The person is not known here any more.');
  }
  if (isDisabled(user)) throw new OAuthError('invalid_grant', 'The person is disabled.');
  return { id, authTime: authTime && Math.min(Math.trunc(authTime), now) };
}
