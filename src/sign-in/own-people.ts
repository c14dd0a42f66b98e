// People who sign in at our login page, and what that page and the account page
// need to know of their browsers and passwords.

import { createSecretKey } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Params } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import type { Limits } from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import type { Site } from '../http/site.ts';
import { withQuery } from '../http/with-query.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import { deriveKey } from '../protocol/secrets.ts';
import { claimsOfUser } from '../protocol/shared-claims.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../types.ts';
import { appDirectory, type FindUser, type VerifyPassword } from './app-users.ts';
import { storeDirectory } from './directory.ts';
import { knownBrowserOf, markKnownBrowser } from './known-browser.ts';
import { isLoginForm, loginToken } from './login-form.ts';
import { type PasswordAttempt, tryPassword } from './password-attempt.ts';
import type { People, SignedIn } from './people.ts';
import { createRepeatedForms } from './repeated-forms.ts';
import { hasPasswordOf, sessionHash, signedInUser, signIn, signOut } from './session.ts';

/** How people sign in here (OpenID Connect Core section 2, RFC 8176): by one factor, a password. */
export const BY_PASSWORD = Object.freeze({ acr: '1', amr: Object.freeze(['pwd']) });

/** People who sign in here. */
export interface OwnPeople extends People {
  readonly areOurs: true;
  recordOf(person: SignedIn): Promise<User | undefined>;
  /** Where a person signs in and comes to the page on which the password is changed. */
  readonly passwordLoginUrl: string;
  /** Looks at a password under limits, see `tryPassword`. */
  tryPassword(req: Request, username: string, password: string): Promise<PasswordAttempt>;
  /**
   * Signs a person in to this browser, and remembers that their password was given on it.
   *
   * @param user with the hash of that password
   * @param hasNewPassword whether they have just changed it in this browser
   * @returns the `sid` of the session
   */
  signIn(req: Request, res: Response, user: User, hasNewPassword?: boolean): Promise<string>;
  signOut(req: Request, res: Response): Promise<void>;
  /** Whether somebody has signed in to an account from this browser before. */
  hasSignedIn(req: Request, username: string): boolean;
  /** The token that the login form carries; its cookie comes with the answer. */
  loginToken(req: Request, res: Response): string;
  /** Whether a login form came from a page that this browser was shown. */
  isLoginForm(req: Request, params: Params): boolean;
}

interface Options {
  readonly store: Store;
  readonly site: Site;
  readonly sessionEnds: SessionEnds;
  /** The server's secret. */
  readonly secret: string;
  readonly limits: Limits;
  /** Seconds after which a person has to sign in again. */
  readonly sessionTtl: number;
  /** If people are in a table of the app's. */
  readonly findUser?: FindUser | undefined;
  readonly verifyPassword?: VerifyPassword | undefined;
}

/** The people in the store, or in a table of the app's, with the limits, cookies and keys that their sign-in needs. */
export function ownPeople(options: Options): OwnPeople {
  const { store, site, sessionEnds, secret, limits, sessionTtl, findUser, verifyPassword } =
    options;
  const { path } = site;
  const knownBrowserKey = createSecretKey(deriveKey(secret, 'device cookie'));
  const directory =
    findUser === undefined ? storeDirectory(store) : appDirectory(findUser, verifyPassword!);
  const attempts = { store, limits, refusals: new Refusals(), site, knownBrowserKey, directory };
  const repeatedForms = createRepeatedForms(store, site, deriveKey(secret, 'session of a form'));
  const form = { site, loginFormKey: createSecretKey(deriveKey(secret, 'login form')) };

  return {
    areOurs: true,
    async current(req) {
      const signedIn = signedInUser(req, sessionTtl);
      const user = signedIn && (await directory.find(signedIn));
      if (user === undefined || !hasPasswordOf(user, signedIn!)) return undefined;
      const { id, name, username } = user;
      const { authTime, sid } = signedIn!;
      const claims = directory.isStore ? undefined : claimsOfUser(user);
      const session = {
        sid,
        sessionEndsAt: authTime + sessionTtl * 1000,
        sessionHash: sessionHash(req),
      };
      const person = { id, name, username, authTime, ...session, ...BY_PASSWORD };
      return { ...person, ...(claims && { claims }) };
    },
    recordOf: (person) => directory.find(person),
    loginUrl: (handle, prompt) =>
      withQuery(`${path}${PATHS.login}`, { continue: handle, ...(prompt && { prompt }) }),
    accountLoginUrl: `${path}${PATHS.login}?to=account`,
    passwordLoginUrl: `${path}${PATHS.login}?to=password`,
    removeAppLoginUrl: (clientId = '') =>
      withQuery(`${path}${PATHS.login}`, { to: 'remove_app', client_id: clientId }),
    deviceLoginUrl: (userCode, prompt) =>
      withQuery(`${path}${PATHS.login}`, {
        to: 'device',
        ...(userCode !== undefined && { user_code: userCode }),
        ...(prompt && { prompt }),
      }),
    tryPassword: (req, username, password) => tryPassword(req, attempts, username, password),
    async signIn(req, res, user, hasNewPassword = false) {
      const hasUsername = !directory.isStore;
      const how = { hasUsername, hasNewPassword, ttl: sessionTtl, sessionEnds, repeatedForms };
      const { sid } = await signIn(req, user, how);
      markKnownBrowser(res, attempts, user);
      return sid;
    },
    signOut: (req, res) => signOut(req, res, site),
    hasSignedIn: (req, username) => knownBrowserOf(req, attempts, username) !== undefined,
    loginToken: (req, res) => loginToken(req, res, form),
    isLoginForm: (req, params) => isLoginForm(req, params, form),
  };
}
