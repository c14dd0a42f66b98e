// The options of authorizationServer(). What one is if it is left out is in option-defaults.ts.

import type { BeforeConsent } from './authorization/before-consent.ts';
import type { ClientEntry } from './clients/metadata.ts';
import type { DocumentHosts } from './clients/metadata-documents.ts';
import type { Context, Endpoint } from './context.ts';
import type { Limits } from './http/rate-limit.ts';
import type { Resource } from './oauth/access-tokens.ts';
import type { AdditionOptions } from './oauth/additions.ts';
import type { CustomGrant } from './oauth/custom-grant.ts';
import type { UserClaims } from './oauth/person-claims.ts';
import type { OwnWords } from './pages/own-words.ts';
import type { Text } from './pages/words/languages.ts';
import type { SigningAlgorithm } from './protocol/jwt.ts';
import type { UserInput } from './registry/user-entries.ts';
import type { FindUser, VerifyPassword } from './sign-in/app-users.ts';
import type { Authenticate } from './sign-in/people.ts';
import type { Store } from './store/store.ts';
import type { AccessTokenFormat } from './types.ts';

export interface AuthorizationServerOptions {
  /**
   * The URL this server is known by, path and all: `https://example.com` or, mounted under /auth,
   * `https://example.com/auth`. No query, no fragment.
   */
  readonly issuer: string;
  /** Where everything is kept; in memory if none is given. */
  readonly store?: Store | undefined;
  /**
   * Signs cookies and makes refresh tokens repeatable: at least 32 characters, the same in every
   * process and after every restart. A store that lasts needs one. Without one the server makes its
   * own, which lasts until it stops.
   */
  readonly secret?: string | undefined;
  /**
   * Each scope, in words for the consent page: `{ read: 'Read your data' }`, or in several languages:
   * `{ read: { en: 'Read your data', de: 'Ihre Daten lesen' } }`.
   */
  readonly scopes?: Readonly<Record<string, Text>> | undefined;
  /**
   * RFC 8707: the resources that clients may ask tokens for, besides the server itself. If there are
   * none, clients may name any, and get tokens that are good for nothing else.
   */
  readonly resources?: Readonly<Record<string, Resource>> | undefined;
  /**
   * Clients, with the names of RFC 7591, as in a seed. They are stored by `ready()`, or before the first
   * request is answered. One that is in the store already is replaced; one that is taken out of the list
   * later is reported by the event `client_unlisted`, and works until it is removed.
   */
  readonly clients?: readonly ClientEntry[] | undefined;
  /**
   * Users, as in a seed: they are stored likewise, but one who is in the store already stays as they are.
   * Only if people sign in here.
   */
  readonly users?: readonly UserInput[] | undefined;
  /**
   * Whether clients may register themselves over HTTP (RFC 7591): `off`, `token` for those to whom somebody
   * has given an initial access token (`registrationTokens.create()`), or `open` for everybody.
   */
  readonly registration?: 'off' | 'token' | 'open' | undefined;
  /**
   * Whether a client may be known by the document at its id, which is an https URL then (OAuth Client ID
   * Metadata Document): `off`, `on`, or the hosts that such documents may be at.
   */
  readonly clientMetadataDocuments?: 'off' | DocumentHosts | undefined;
  /**
   * The scopes, besides those of OpenID Connect, that a client may have if nobody here vouches for it:
   * one that registered itself without a token, or is known by a metadata document. All of `scopes` if
   * it is left out.
   */
  readonly selfRegisteredScopes?: readonly string[] | undefined;
  /** What access tokens are if neither the resource nor the client says. */
  readonly accessTokenFormat?: AccessTokenFormat | undefined;
  /** What JWTs are signed with. */
  readonly signingAlgorithm?: SigningAlgorithm | undefined;
  /** Seconds after which a new signing key takes over. */
  readonly keyRotation?: number | undefined;
  /**
   * Whether a client is refused, whoever stored it, with a `jwks_uri` or `logo_uri` that is http or such
   * a redirect URI to another place than loopback.
   */
  readonly production?: boolean | undefined;
  /**
   * Whether this server is a demo. If it is not, what a demo has left in the store counts for
   * nothing.
   */
  readonly demo?: boolean | undefined;
  /**
   * Whether a client's `jwks_uri`, `logo_uri` or `backchannel_logout_uri` may be http, unless
   * `production` is set, and these or its `sector_identifier_uri` lead into a network that is not public.
   */
  readonly allowInternalUrls?: boolean | undefined;
  /** Seconds that an access token lasts. */
  readonly accessTokenTtl?: number | undefined;
  /** Seconds that an ID token lasts. */
  readonly idTokenTtl?: number | undefined;
  /** Seconds without use after which a refresh token expires. */
  readonly refreshTokenTtl?: number | undefined;
  /** Seconds after which the person has to approve again, regardless of refreshes. */
  readonly grantTtl?: number | undefined;
  /** Seconds that an authorization code lasts. */
  readonly authorizationCodeTtl?: number | undefined;
  /** Seconds in which a refresh whose answer was lost may be repeated; 0 for never. */
  readonly refreshRetryWindow?: number | undefined;
  /** Seconds after which a person has to sign in again. */
  readonly sessionTtl?: number | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** The name in the header of the pages. */
  readonly brand?: string | undefined;
  /** Path of a logo beside it: an SVG, PNG, JPEG or WebP. */
  readonly brandLogo?: string | undefined;
  /** The colour of buttons and links, in hex; made darker or lighter if it could not be read. */
  readonly brandColor?: string | undefined;
  /** Where people find help with signing in: an http, https or mailto URL, linked on the login page. */
  readonly helpUrl?: string | undefined;
  /**
   * Words in the place of ours, by language and key: `{ en: { 'login.username': 'E-mail address' } }`.
   * The keys are those in `src/pages/words/en.ts`; a text has the same placeholders as ours.
   */
  readonly words?: OwnWords | undefined;
  /**
   * Path of a folder with views to use in the place of ours of the same name. Files `words/<tag>.json` in
   * it are as `words`, which counts if both have the same word.
   */
  readonly views?: string | undefined;
  /**
   * Who is signed in to the app around this server, or `undefined`. With this, and `loginUrl`, the
   * server has no login page of its own. Leave out `authTime` if the app does not know it. For
   * `prompt=login` and `max_age` the person is then sent to `loginUrl` once, and the app has to see
   * to it that they sign in there again. What it throws, and an answer that cannot be used, is a
   * `failure` in the log and an error page.
   */
  readonly authenticate?: Authenticate | undefined;
  /**
   * Who the person is that somebody names at the login page, from a table of the app's own: `undefined`
   * if there is nobody. With this, and `verifyPassword`, the login page, its limits, sessions and the
   * account page are this server's, and people and passwords the app's.
   */
  readonly findUser?: FindUser | undefined;
  /** Whether a password is that of a person whom `findUser` answered. */
  readonly verifyPassword?: VerifyPassword | undefined;
  /**
   * The app's own login page. A person is sent there with `return_to`, a path to come back to, and
   * with `prompt=login` if an existing sign-in is not enough. `acr_values` names the ways to sign in that
   * the client asks for, separated by spaces, the best first: whoever is signed in by none of them, as
   * `authenticate` answers in `acr`, is sent there once.
   */
  readonly loginUrl?: string | undefined;
  /**
   * The app's own page that signs a person out; only with `authenticate`. With it there is an
   * `end_session_endpoint`, to which a client sends a person who signs out of it (OpenID Connect
   * RP-Initiated Logout). The server sends the person on to this page; before that it asks them, unless
   * the client proves which session it means. The page ends the app's own session, tells the server by
   * `signOut`, and sends the person to `return_to`, if there is one: a path of the server that leads
   * back to the client.
   */
  readonly logoutUrl?: string | undefined;
  /**
   * Says whether the app wants something of a person before they are asked for consent, and also before
   * an approval that is remembered: nothing, or a path or URL of the app. The person is sent there with
   * `return_to`, a path to come back to the same request. It is asked again when they come back, and once
   * more when they allow the access. With `prompt=none` the client is told `interaction_required`.
   */
  readonly beforeConsent?: BeforeConsent | undefined;
  /**
   * What the app knows of a person, by the names of OpenID Connect's claims, for the scopes that stand for
   * what a client is to be told: `profile`, `email`, `address`, `phone` and `groups`. It is asked for the
   * consent page, each ID token and each request for UserInfo, and adds to what is known otherwise: what
   * `authenticate` and `findUser` answered when the person approved, or the user in the store. What it
   * throws, and an answer that cannot be used, is a `failure` in the log.
   */
  readonly userClaims?: UserClaims | undefined;
  /** Where the brand in the header of the pages leads to; nowhere if it is left out. */
  readonly homeUrl?: string | undefined;
  /** What a view is given besides its own values, by the name of the view. */
  readonly locals?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /**
   * Whether error pages show what is registered for a client, beside what was sent. For a demo:
   * anybody can ask for the page.
   */
  readonly explainErrors?: boolean | undefined;
  /**
   * Further claims of access tokens: of a JWT, and of the answer when a token is introspected; and of ID
   * tokens and UserInfo, if the scope has `openid`. It is asked for each token, at each refresh, too, and
   * may be asynchronous. What it throws, what is not JSON, and a claim that the server sets itself, is a
   * `failure` in the log and `server_error` for the client, and no code or refresh token is used up.
   */
  readonly claims?: AdditionOptions['claims'] | undefined;
  /** Further fields of the token endpoint's answer, likewise. */
  readonly tokenResponse?: AdditionOptions['tokenResponse'] | undefined;
  /**
   * Further grant types, each by its name, which is an absolute URI (RFC 6749 section 4.5):
   * `{ 'urn:example:mail-code': { parameters: { mail_code: 64 }, handle } }`. Clients may be registered for
   * them, and discovery lists them. What `handle` throws is for the client if it is an OAuthError, and a
   * `failure` in the log otherwise.
   */
  readonly grants?: Readonly<Record<string, CustomGrant>> | undefined;
  /**
   * Further endpoints. They come after all others, and are built with the same tools: the context, `Routes`
   * and the other functions that this package exports. Two endpoints cannot have the same path or metadata.
   */
  readonly endpoints?: ((context: Context) => readonly Endpoint[]) | undefined;
}
