// Who the person in front of the browser is. Either people sign in here (own-people.ts), or an app
// around this server knows them.

import type { Request } from 'express';
import { PATHS } from '../http/paths.ts';
import { fits } from '../http/redirect.ts';
import { withQuery } from '../http/with-query.ts';
import type { AppClaims } from '../protocol/claims.ts';
import type { AuthenticationContext, JsonObject, User } from '../types.ts';
import { askForPerson } from './app-person.ts';

/** The person in front of the browser. */
export interface SignedIn extends AuthenticationContext {
  /** What grants and consents are kept under; it never changes and is never given to another. */
  readonly id: string;
  /** How the consent page addresses the person. */
  readonly name: string;
  /** What the person signs in with, shown beside the name. */
  readonly username: string;
  /** The session, see `SessionUser`; of an app around this server, if it says so. */
  readonly sid?: string | undefined;
  /** When the session expires, as far as that is known. */
  readonly sessionEndsAt: number;
  /** The hash of the browser session, if this server keeps it. */
  readonly sessionHash?: string | undefined;
  /** What the app that keeps the person has said of them; absent if they are in the store. */
  readonly claims?: JsonObject | undefined;
}

/** A person as the app around the server knows them: what the option `authenticate` answers. */
export interface AppPerson {
  /** As `SignedIn` has it: 1 to 255 characters of ASCII. A whole number becomes a string. */
  readonly id: string | number | bigint;
  /** The `username` if it is left out, and the id if that is, too. */
  readonly name?: string | null | undefined;
  /** The id if it is left out. */
  readonly username?: string | null | undefined;
  /** Milliseconds since the epoch, or a Date; left out if the app does not know it. */
  readonly authTime?: number | Date | null | undefined;
  /**
   * What else is known of the person, by the names of OpenID Connect's claims; `name` and `username` are
   * `name` and `preferred_username`, unless there are others here. A client gets what the person allows.
   */
  readonly claims?: AppClaims | null | undefined;
  /** The session: random, the same as long as the person stays signed in. Clients get a hash of it. */
  readonly sid?: string | null | undefined;
  /** OpenID Connect Core section 2: how the person signed in, as tokens say it. */
  readonly acr?: string | null | undefined;
  readonly amr?: readonly string[] | null | undefined;
}

/** Nobody is signed in if the answer is `undefined`, `null` or `false`. */
export type Authenticate = (req: Request) => Answered | Promise<Answered>;
type Answered = AppPerson | undefined | null | false;

export interface People {
  /** Who is signed in to the browser that sent a request. */
  current(req: Request): Promise<SignedIn | undefined>;
  /** Whether sessions, passwords and the login page are this server's. */
  readonly areOurs: boolean;
  /** What is known of a person who has signed in here; absent if an app around us knows them. */
  recordOf?(person: SignedIn): Promise<User | undefined>;
  /**
   * Where a person signs in and comes back to a pending request.
   *
   * @param handle of the request
   * @param prompt `login` if an existing sign-in is not enough
   * @param acrValues the ways to sign in that the client asks for, the best first
   */
  loginUrl(handle: string, prompt?: 'login', acrValues?: readonly string[]): string;
  /** Where a person signs in and comes to the account page. */
  readonly accountLoginUrl: string;
  /** Where a person signs in and comes to the page on which the access of an app is removed. */
  removeAppLoginUrl(clientId: string | undefined): string;
  /**
   * Where a person signs in and comes to the page for devices.
   *
   * @param userCode that they came with
   * @param prompt `login` if an existing sign-in is not enough
   */
  deviceLoginUrl(userCode?: string, prompt?: 'login'): string;
}

/**
 * The people of the app around this server.
 *
 * @param authenticate says who is signed in there
 * @param loginUrl the app's login page
 * @param path of the issuer
 * @param sessionTtl seconds that a session is assumed to last: only the app knows how long it really
 *   does
 */
export function peopleOfApp(
  authenticate: Authenticate,
  loginUrl: string,
  path: string,
  sessionTtl: number,
): People {
  return {
    areOurs: false,
    async current(req) {
      const user = await askForPerson(authenticate, req);
      return user && { ...user, sessionEndsAt: Date.now() + sessionTtl * 1000 };
    },
    loginUrl(handle, prompt, acrValues = []) {
      const url = withQuery(loginUrl, {
        return_to: withQuery(`${path}${PATHS.authorize}`, { continue: handle }),
        ...(prompt && { prompt }),
      });
      return withAcrValues(url, acrValues);
    },
    accountLoginUrl: withQuery(loginUrl, { return_to: `${path}${PATHS.account}` }),
    removeAppLoginUrl: (clientId) =>
      withQuery(loginUrl, { return_to: removeAppUrl(path, clientId) }),
    deviceLoginUrl: (userCode, prompt) =>
      withQuery(loginUrl, {
        return_to: deviceUrl(path, userCode),
        ...(prompt && { prompt }),
      }),
  };
}

/** A login page that is told which ways to sign in are wanted, as many as a redirect has room for. */
function withAcrValues(url: string, acrValues: readonly string[]): string {
  // Only a claim can name one with a space in it, and a list with spaces cannot.
  const values = acrValues.filter((value) => /^[^ ]+$/.test(value));
  for (let count = values.length; count > 0; count -= 1) {
    const told = withQuery(url, { acr_values: values.slice(0, count).join(' ') });
    if (fits(told)) return told;
  }
  return url;
}

/** The page on which the access of an app is removed; the account page if no app is named. */
export function removeAppUrl(path: string, clientId: string | undefined): string {
  if (clientId === undefined) return `${path}${PATHS.account}`;
  return withQuery(`${path}${PATHS.removeApp}`, { client_id: clientId });
}

/** The page for devices, with a code if there is one. */
export function deviceUrl(path: string, userCode: string | undefined): string {
  const url = `${path}${PATHS.device}`;
  return userCode === undefined ? url : withQuery(url, { user_code: userCode });
}
