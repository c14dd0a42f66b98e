// The nouns of the server. Times are milliseconds since the epoch unless a name says otherwise.

/** RFC 7591 section 2: how a client proves who it is at the token endpoint. */
export type TokenEndpointAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none';

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
  /** SHA-256, base64url, of each secret in force. Empty for a public client. */
  readonly secretHashes: readonly string[];
  readonly redirectUris: string[];
  /** Grant types this client may use. */
  readonly grants: string[];
  /** Scopes this client may have, and those it gets when it asks for none. */
  readonly scope: readonly string[];
  /** False only for an old confidential client that cannot do PKCE. */
  readonly requirePkce: boolean;
  /** Seconds; the server's setting where absent. */
  readonly accessTokenLifetime?: number | undefined;
  /** Seconds; the server's setting where absent. */
  readonly refreshTokenLifetime?: number | undefined;
}

/** The resource owner. */
export interface User {
  readonly id: string;
  /** What the person types at the login page. */
  readonly username: string;
  readonly name: string;
  readonly email?: string | undefined;
  /** argon2id in the PHC string format; absent for a person who signs in somewhere else. */
  readonly passwordHash?: string | undefined;
}

/** What a person once allowed a client, remembered so that it is not asked again. */
export interface Consent {
  readonly userId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
}

/**
 * One approval in force, and the hub of its family: a code and every token that came of it carry
 * the grant's id, and none of them outlives it.
 */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  readonly scope: readonly string[];
  /** When the person last proved who they are. */
  readonly authTime: number;
  readonly createdAt: number;
  /** When the last thing that carries this grant's id is over. */
  readonly expiresAt: number;
}

export interface AuthorizationCode {
  /** SHA-256, base64url, of the code. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  /** Where the code was sent. */
  readonly redirectUri: string;
  readonly scope: readonly string[];
  /** RFC 7636, method S256; absent for a client exempt from PKCE that sent none. */
  readonly codeChallenge?: string | undefined;
  readonly expiresAt: number;
  readonly redeemedAt?: number | undefined;
}

export interface AccessToken {
  /** SHA-256, base64url, of the token. */
  readonly hash: string;
  readonly clientId: string;
  /** Absent where the client acts for itself (RFC 6749 section 4.4). */
  readonly grantId?: string | undefined;
  readonly userId?: string | undefined;
  readonly scope: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface RefreshToken {
  /** SHA-256, base64url, of the token. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly expiresAt: number;
  /** Set once the token has been exchanged for its successor. */
  readonly rotatedAt?: number | undefined;
  readonly successorHash?: string | undefined;
}

/** What one token response issues, stored together or not at all. */
export interface IssuedTokens {
  readonly accessToken: AccessToken;
  readonly refreshToken?: RefreshToken | undefined;
}
