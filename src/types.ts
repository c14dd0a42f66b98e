// The nouns of the server. Times are milliseconds since the epoch unless a name says otherwise.
// They are in one long file because they belong to each other: half of the files that need a client need
// another of them as well.

/** RFC 7591 section 2: how a client proves who it is at the token endpoint. */
export type TokenEndpointAuthMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt'
  | 'none';

/** Whether an access token is a random string that the store knows, or a JWT (RFC 9068). */
export type AccessTokenFormat = 'opaque' | 'jwt';

/**
 * Where a client or a user came from, and with that who vouches for it and where it is changed: the
 * demo, whose passwords everybody knows, a seed file, the options `clients` and `users`, or a program
 * that registered or saved it, or an operator's command. Nobody here vouches for a client that registered
 * itself over HTTP (RFC 7591), or that is known by the document at its id (OAuth Client ID Metadata
 * Document).
 */
export type Source = 'demo' | 'seed' | 'options' | 'code' | 'command' | 'registration' | 'document';

/** What ID tokens and answers to clients can be signed with: RFC 7518, RFC 8037, and a name of RFC 9864. */
export type IdTokenAlgorithm = 'RS256' | 'ES256' | 'EdDSA' | 'Ed25519';

/** What a client may sign its assertions with: RFC 7518 section 3.1, RFC 8037, and a name of RFC 9864. */
export type AssertionAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'EdDSA'
  | 'Ed25519'
  | 'HS256'
  | 'HS384'
  | 'HS512';

/** RFC 6749 section 2. `grants` and `redirectUris` carry the names the underlying library reads. */
export interface Client {
  readonly id: string;
  /** What the consent page calls the client. */
  readonly name: string;
  /** The client's home page, shown beside its name. */
  readonly uri?: string | undefined;
  /**
   * The one method this client authenticates by. Absent on a client with a secret, it may send
   * the secret either way (RFC 6749 section 2.3.1).
   */
  readonly tokenEndpointAuthMethod?: TokenEndpointAuthMethod | undefined;
  /** OpenID Connect Registration section 2: what it signs with; any that fits its method if absent. */
  readonly tokenEndpointAuthSigningAlg?: AssertionAlgorithm | undefined;
  /** SHA-256, base64url, of each secret in force; two during a change-over, none without secrets. */
  readonly secretHashes: readonly string[];
  /** Each secret in force, encrypted, of a client that signs with it (`client_secret_jwt`). */
  readonly encryptedSecrets?: readonly string[] | undefined;
  /** RFC 7517: the public keys of a client that signs with a private one (`private_key_jwt`). */
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] } | undefined;
  /** Where such a client publishes its keys. */
  readonly jwksUri?: string | undefined;
  /**
   * True only for an old client that signs assertions for the token endpoint's URL, and not for the
   * issuer as RFC 7523bis wants it.
   */
  readonly allowTokenEndpointAudience?: boolean | undefined;
  readonly redirectUris: string[];
  /** OpenID Connect Registration section 2: what it calls itself. */
  readonly applicationType?: 'web' | 'native' | undefined;
  /** Grant types this client may use. */
  readonly grants: string[];
  /** Scopes this client may have, and those it gets when it asks for none. */
  readonly scope: readonly string[];
  /** Those it gets when it asks for none, if nobody here has registered it and it named some itself. */
  readonly defaultScope?: readonly string[] | undefined;
  /** False only for an old confidential client that cannot do PKCE. */
  readonly requirePkce: boolean;
  /** True only for a confidential client on loopback that does not know its port beforehand. */
  readonly allowAnyLoopbackPort?: boolean | undefined;
  /** False only for a confidential client that keeps its first refresh token for ever. */
  readonly rotateRefreshTokens?: boolean | undefined;
  /** RFC 8707: the resources this client may ask tokens for; all that the server has if absent. */
  readonly resources?: readonly string[] | undefined;
  /** RFC 7662: the resources this client is the server of, and whose tokens it may introspect. */
  readonly introspects?: readonly string[] | undefined;
  /** The server's setting if absent. */
  readonly accessTokenFormat?: AccessTokenFormat | undefined;
  /** Seconds; the server's setting if absent. */
  readonly accessTokenLifetime?: number | undefined;
  /** Seconds; the server's setting if absent. */
  readonly refreshTokenLifetime?: number | undefined;
  /** OpenID Connect Registration section 2; RS256 if absent. */
  readonly idTokenSignedResponseAlg?: IdTokenAlgorithm | undefined;
  /** What UserInfo is signed with; plain JSON if absent. */
  readonly userinfoSignedResponseAlg?: IdTokenAlgorithm | undefined;
  /** RFC 9701 section 6: what a JWT about a token is signed with; what the server signs with if absent. */
  readonly introspectionSignedResponseAlg?: IdTokenAlgorithm | undefined;
  /** Seconds; the server's setting if absent. */
  readonly idTokenLifetime?: number | undefined;
  /** True if the claims that scopes stand for are in ID tokens, too, and not in UserInfo alone (Core 5.4). */
  readonly idTokenClaims?: boolean | undefined;
  /** OpenID Connect Core section 8: whether the client gets a `sub` of its own; `public` if absent. */
  readonly subjectType?: 'public' | 'pairwise' | undefined;
  /** Section 8.1: lists the redirect URIs of clients that get the same pairwise `sub`. */
  readonly sectorIdentifierUri?: string | undefined;
  /** Seconds that a sign-in may be old if a request has no `max_age`. */
  readonly defaultMaxAge?: number | undefined;
  /** Whether the client relies on `auth_time`; then nobody is signed in whose time is unknown. */
  readonly requireAuthTime?: boolean | undefined;
  /** The page of the client that begins a sign-in here (section 4). The account page links to it. */
  readonly initiateLoginUri?: string | undefined;
  /** A picture for the consent page. */
  readonly logoUri?: string | undefined;
  /** What the client does with what it learns of people. */
  readonly policyUri?: string | undefined;
  /** The client's terms of service. */
  readonly tosUri?: string | undefined;
  /** OpenID Connect RP-Initiated Logout section 3.1: where people may be sent once they are signed out. */
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  /** Back-Channel Logout section 2.2: where the server tells the client that a session has ended. */
  readonly backchannelLogoutUri?: string | undefined;
  /** Whether it has to be told which session, and not only whose. */
  readonly backchannelLogoutSessionRequired?: boolean | undefined;
  /** Front-Channel Logout section 2: what the page that signs a person out loads in a frame. */
  readonly frontchannelLogoutUri?: string | undefined;
  readonly frontchannelLogoutSessionRequired?: boolean | undefined;
  /**
   * When it was registered; a change leaves it. What a client of the same id got for itself before that is
   * not this one's (`ownTokensSince`). Absent if nobody has noted it.
   */
  readonly registeredAt?: number | undefined;
  /**
   * When an operator ended all that it had got for itself; a change leaves it. What is older counts no more
   * (`ownTokensSince`).
   */
  readonly ownTokensEndedAt?: number | undefined;
  /**
   * RFC 7592: what is kept of the tokens by which such a client manages its registration. Absent if it
   * cannot.
   */
  readonly registrationAccessTokens?:
    | {
        /** SHA-256, base64url, the newest last; two as long as nobody has used the new one. */
        readonly hashes: readonly string[];
        /** Random, and in no answer: the successor is derived from it and the token itself. */
        readonly salt: string;
      }
    | undefined;
  /**
   * What somebody here has decided for such a client, by the names of its metadata, and it cannot change;
   * `null` for what it may not have. Absent if nobody here vouches for it: a token that decides nothing
   * leaves an empty object.
   */
  readonly decided?: JsonObject | undefined;
  /** `code` if absent. */
  readonly source?: Source | undefined;
}

/** The resource owner. */
export interface User {
  readonly id: string;
  /** What the person types at the login page. */
  readonly username: string;
  readonly name: string;
  readonly email?: string | undefined;
  /**
   * What else is known of the person: the standard claims of OpenID Connect Core section 5.1, by their
   * names, and `groups`.
   */
  readonly claims?: JsonObject | undefined;
  /** argon2id in the PHC string format; absent for a person who signs in somewhere else. */
  readonly passwordHash?: string | undefined;
  /** When the person last changed the password themselves. */
  readonly passwordChangedAt?: number | undefined;
  /** When the person was shut out; absent if they may sign in. */
  readonly disabledAt?: number | undefined;
  /** When the person was let in again who had been shut out: sign-ins before that are over. */
  readonly enabledAt?: number | undefined;
  /** `code` if absent. */
  readonly source?: Source | undefined;
}

/** What a person once allowed a client, remembered so that it is not asked again. */
export interface Consent {
  readonly userId: string;
  readonly clientId: string;
  /** RFC 8707: the resource where the scope may be used; empty if the client named none. */
  readonly resource: string;
  readonly scope: readonly string[];
  /** The claims that were asked for one by one, by their names, beside those of the scope. */
  readonly claims?: readonly string[] | undefined;
  /** When the person first allowed it; absent if that was not noted. */
  readonly createdAt?: number | undefined;
  /**
   * A hash of the client's redirect URIs and keys at that time, if nobody here vouches for it. If the
   * client has others now, the consent does not count.
   */
  readonly mark?: string | undefined;
}

/** OpenID Connect Core section 2: how a person signed in, as far as it is known. */
export interface AuthenticationContext {
  /** When the person last proved who they are, in milliseconds since the epoch. */
  readonly authTime?: number | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
}

/**
 * One approval in force, and the hub of its family: a code and every token issued for it carry
 * the grant's id, and none of them outlives it.
 */
export interface Grant extends AuthenticationContext {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  readonly scope: readonly string[];
  /** RFC 8707: the resources that were asked for; none if the client named none. */
  readonly resource: readonly string[];
  readonly createdAt: number;
  /** When the last thing that carries this grant's id is over. */
  readonly expiresAt: number;
  /** When the client last got tokens by it. */
  readonly lastUsedAt?: number | undefined;
  /** What a client that asks who the person is learns beyond that. */
  readonly openid?: OpenIdGrant | undefined;
  /**
   * The session that it belongs to: SHA-256, base64url, of the session's own `sid`, which nobody is
   * told. Absent if the client did not ask who the person is, and once the session has ended.
   */
  readonly session?: string | undefined;
  /**
   * When that session expires, if the client is to be told of an earlier end. Once tokens have been
   * issued by the grant, the grant lasts at least as long.
   */
  readonly sessionEndsAt?: number | undefined;
}

/** A client that is to be told that a session has ended, until it has been (Back-Channel Logout). */
export interface PendingLogout {
  /**
   * The same for everything of one client and session that ends at once, so that the client is told
   * once.
   */
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  /** What the client knows the person by. */
  readonly subject: string;
  /** What the client knows the session by; absent if it was never told. */
  readonly sid?: string | undefined;
  /** Whether nobody here vouches for the client, which may therefore wait for others of its kind. */
  readonly isSelfMade: boolean;
  /** How many attempts have failed. */
  readonly attempts: number;
  /** When it is tried next. */
  readonly dueAt: number;
  /** When nobody tries any more. */
  readonly expiresAt: number;
}

/** What OpenID Connect adds to an approval. */
export type OpenIdGrant = {
  /** Core section 8.1: the `sub` that this client knows the person by; `userId` if it is absent. */
  readonly subject?: string | undefined;
  /** What the client knows the session by (Front-Channel Logout section 3). */
  readonly sid?: string | undefined;
  /** The claims that were asked for one by one. */
  readonly claims?: ClaimsRequest | undefined;
  /** What the app around the server has said of the person. */
  readonly userClaims?: JsonObject | undefined;
};

/** OpenID Connect Core section 5.5: the parameter `claims`, by the claims' names. */
export type ClaimsRequest = {
  readonly id_token?: Readonly<Record<string, RequestedClaim>> | undefined;
  readonly userinfo?: Readonly<Record<string, RequestedClaim>> | undefined;
};

/** Section 5.5.1; an empty object if a claim is asked for with no more than its name. */
export type RequestedClaim = {
  readonly essential?: boolean | undefined;
  readonly value?: Json | undefined;
  readonly values?: readonly Json[] | undefined;
};

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A member that is `undefined` is as good as absent. */
export type JsonObject = { readonly [name: string]: Json | undefined };

/** What is made once, and taken once: a device code, a link that resets a password. */
export interface Ticket {
  /** What it is for; an id of another kind is another ticket. */
  readonly kind: string;
  /** The hash of the secret that stands for it; keyed, if the secret is short enough to be guessed. */
  readonly hash: string;
  /** What its kind knows of it. */
  readonly payload: JsonObject;
  readonly expiresAt: number;
  /** The client that it is for: it ends when that client is removed. */
  readonly clientId?: string | undefined;
  /** The person that it is of: it ends when that person is removed, or removes the client's access. */
  readonly userId?: string | undefined;
}

/** A signing key as it is kept. */
export interface StoredKey {
  /** RFC 7517 section 4.5. */
  readonly kid: string;
  /** RFC 7518 section 3.1. */
  readonly alg: string;
  /**
   * The number of the period in which the key signs; there is one key for a period and `alg`. A negative
   * one once another key has taken its place.
   */
  readonly period: number;
  readonly createdAt: number;
  /** PKCS #8 in PEM, encrypted with AES-256-GCM: nonce, tag and text, base64url. */
  readonly encryptedPrivateKey: string;
  /** When nobody presents anything more that it signed. */
  readonly expiresAt: number;
}

/** A link by which a user sets a new password. */
export interface ResetLink {
  readonly url: string;
  /** When it ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}
