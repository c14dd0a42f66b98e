// What the server issues, as it is kept: codes and tokens, by their hashes alone. Times are milliseconds
// since the epoch.

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
  /** OpenID Connect Core section 3.1.2.1: what the first ID token says again. */
  readonly nonce?: string | undefined;
  /** When it cannot be redeemed any more; once it was, when it is forgotten. */
  readonly expiresAt: number;
  readonly redeemedAt?: number | undefined;
}

export interface AccessToken {
  /** SHA-256, base64url, of the token; of its `jti` if it is a JWT. */
  readonly hash: string;
  /**
   * The id of a token that is a JWT. The token says itself what it is, so it is not kept; its grant
   * still has to last as long.
   */
  readonly jti?: string | undefined;
  readonly clientId: string;
  /** Absent if the client acts for itself (RFC 6749 section 4.4). */
  readonly grantId?: string | undefined;
  readonly userId?: string | undefined;
  readonly scope: readonly string[];
  /** RFC 8707: the resources it is good for, letter for letter as the client named them. */
  readonly audience: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What the app around the server has added: JSON of an object with at least one claim. */
  readonly claims?: string | undefined;
}

/** The hashes by which a refresh token is looked up when somebody presents it. */
export interface RefreshTokenHashes {
  /**
   * SHA-256, base64url, of the part that all tokens of one family have in common
   * (protocol/refresh-token.ts).
   */
  readonly hash: string;
  /** SHA-256, base64url, of the whole token. */
  readonly tokenHash: string;
}

/** The refresh token of a family that is in force, and what is kept of those before it. */
export interface RefreshToken {
  /** The hash of the family. */
  readonly hash: string;
  /** The hash of the token in force; absent once it was used up without a successor. */
  readonly tokenHash?: string | undefined;
  /** Random, and in no answer: the successor is derived from it and the token itself. */
  readonly salt: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly expiresAt: number;
  /** The token that was exchanged for this one: a client may have lost the answer, and come again. */
  readonly previous?:
    | { readonly tokenHash: string; readonly salt: string; readonly rotatedAt: number }
    | undefined;
}

/** What one token response issues, stored together or not at all. */
export interface IssuedTokens {
  readonly accessToken: AccessToken;
  readonly refreshToken?: RefreshToken | undefined;
}
