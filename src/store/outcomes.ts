// The rules of codes, refresh tokens, grants and consents, for every store: what a caller is told, and
// what is written. A store sees to it that nothing changes between the reading and the writing, and
// that all is written or nothing.

import type {
  AccessToken,
  AuthorizationCode,
  IssuedTokens,
  RefreshToken,
  RefreshTokenHashes,
} from '../issued.ts';
import { covers } from '../protocol/scope.ts';
import type { Consent, Grant } from '../types.ts';
import type {
  FoundCode,
  FoundRefreshToken,
  Redemption,
  Rotation,
  Successors,
} from './store-grants.ts';

/**
 * How many sessions a person may have, and how many consents and grants at one client. Otherwise a
 * script could begin them without end, and whatever reads or shows them has to take all of them. It bounds
 * what adds up, and is not exact: for grants see `codes.save`.
 */
export const MAX_HELD = 100;

/**
 * Milliseconds after its redemption in which a code that comes again ends nothing. An answer can be
 * lost after the commit: then the client hears 503 up to 7 s later, and is told to come again after
 * 5. It has to be well under the 30 s after which OpenID's conformance suite (oidcc-codereuse-30seconds)
 * wants the access token revoked.
 */
export const CODE_REPEAT_WINDOW = 15_000;

/** Milliseconds after its redemption for which a code is known, if its grant lasts as long. */
const CODE_KEPT = 24 * 3600 * 1000;

/** Records of one kind, by key. */
export interface Records<Kind> {
  /** The record with a key, unless it has expired. */
  find(key: string, now: number): Kind | undefined;
  /** Adds the record, or replaces the one with its key. */
  set(key: string, record: Kind): void;
}

/** Grants by id, and by hash the codes and tokens that carry these ids; a family has one refresh token. */
export interface Families {
  readonly grants: Records<Grant>;
  readonly codes: Records<AuthorizationCode>;
  readonly accessTokens: Pick<Records<AccessToken>, 'set'>;
  readonly refreshTokens: Records<RefreshToken>;
}

/** Stores a code and the grant it opens. */
export function openIn(families: Families, code: AuthorizationCode, grant: Grant): void {
  families.grants.set(grant.id, grant);
  families.codes.set(code.hash, code);
}

/** A code that has not expired, redeemed or not, with its grant; `undefined` if either is gone. */
export function findCodeIn(families: Families, hash: string, now: number): FoundCode | undefined {
  const code = families.codes.find(hash, now);
  const grant = code && families.grants.find(code.grantId, now);
  return code && grant && { code, grant };
}

/**
 * Redeems a code, and remembers it beyond its own lifetime: whoever presents it again is the thief or the
 * victim. One without a challenge has no window in which it may be repeated: whoever has seen it and is the
 * client can present it, without a verifier that nobody else has seen.
 */
export function redeemIn(
  families: Families,
  hash: string,
  now: number,
  tokens: IssuedTokens | undefined,
): Redemption {
  const found = findCodeIn(families, hash, now);
  if (found === undefined) return { outcome: 'unknown' };
  const { code, grant } = found;
  if (code.redeemedAt === undefined) {
    const until = now + CODE_KEPT;
    const grantEnd = tokens === undefined ? until : issueBy(families, grant, tokens).expiresAt;
    const expiresAt = Math.max(code.expiresAt, Math.min(until, grantEnd));
    families.codes.set(hash, { ...code, redeemedAt: now, expiresAt });
    return { outcome: 'redeemed' };
  }
  const inWindow = code.codeChallenge !== undefined && now < code.redeemedAt + CODE_REPEAT_WINDOW;
  return inWindow ? { outcome: 'repeated' } : { outcome: 'already_redeemed', grantId: grant.id };
}

/** A refresh token that has not expired, rotated or not, with its grant; `undefined` if either is gone. */
export function findRefreshTokenIn(
  families: Families,
  hash: string,
  now: number,
): FoundRefreshToken | undefined {
  const token = families.refreshTokens.find(hash, now);
  const grant = token && families.grants.find(token.grantId, now);
  return token && grant && { token, grant };
}

/**
 * Exchanges a refresh token for the one that was brought; a retry gets the successor that is there. Any
 * other that was in force once is known by its family, though nothing else is kept of it.
 *
 * @param retryWindow milliseconds
 */
export function rotateIn(
  families: Families,
  { hash, tokenHash }: RefreshTokenHashes,
  now: number,
  retryWindow: number,
  tokens: Successors,
): Rotation {
  const found = findRefreshTokenIn(families, hash, now);
  if (found === undefined) return { outcome: 'unknown' };
  const { token, grant } = found;
  const { accessToken, refreshToken } = tokens;
  if (token.tokenHash === tokenHash) {
    const isRenewed = refreshToken.tokenHash === tokenHash;
    const { salt, previous } = token;
    const successor = {
      ...refreshToken,
      hash,
      previous: isRenewed ? previous : { tokenHash, salt, rotatedAt: now },
    };
    const issued = { accessToken, refreshToken: successor };
    return { outcome: 'rotated', grant: issueBy(families, grant, issued) };
  }

  // With a window of 0 a clock that is behind must not turn a reuse into a retry.
  const { previous } = token;
  const inWindow = retryWindow > 0 && now < (previous?.rotatedAt ?? 0) + retryWindow;
  if (inWindow && previous?.tokenHash === tokenHash && token.tokenHash === refreshToken.tokenHash) {
    return {
      outcome: 'retried',
      grant: issueBy(families, grant, { accessToken }),
      successor: token,
    };
  }
  return { outcome: 'reused', grantId: grant.id };
}

/** Marks a refresh token used up. @returns whether it was not so before */
export function retireIn(
  families: Families,
  { hash, tokenHash }: RefreshTokenHashes,
  now: number,
): boolean {
  const token = findRefreshTokenIn(families, hash, now)?.token;
  if (token === undefined || token.tokenHash !== tokenHash) return false;
  families.refreshTokens.set(hash, { ...token, tokenHash: undefined });
  return true;
}

/**
 * Stores tokens.
 *
 * @param opened a new grant, which the tokens carry and which is stored with them
 * @returns whether the grant that they carry is in force; nothing is stored if not
 */
export function issueIn(
  families: Families,
  tokens: IssuedTokens,
  now: number,
  opened?: Grant,
): boolean {
  const id = grantIdOf(tokens);
  if (id === undefined) {
    keepIn(families, tokens.accessToken);
    return true;
  }
  const grant = opened ?? families.grants.find(id, now);
  if (grant === undefined) return false;
  issueBy(families, grant, tokens);
  return true;
}

/** The id of the grant that tokens carry; `undefined` if a client acts for itself. */
export function grantIdOf({ accessToken, refreshToken }: IssuedTokens): string | undefined {
  return accessToken.grantId ?? refreshToken?.grantId;
}

/**
 * Stores tokens of a grant that is in force.
 *
 * @returns the grant: it notes when the tokens were issued, and lasts at least as long as they do, and
 *   as its session
 */
function issueBy(families: Families, grant: Grant, tokens: IssuedTokens): Grant {
  const { accessToken, refreshToken } = tokens;
  keepIn(families, accessToken);
  if (refreshToken !== undefined) families.refreshTokens.set(refreshToken.hash, refreshToken);
  const { expiresAt, lastUsedAt = 0 } = grant;
  const extended = {
    ...grant,
    expiresAt: Math.max(
      expiresAt,
      accessToken.expiresAt,
      refreshToken?.expiresAt ?? 0,
      grant.sessionEndsAt ?? 0,
    ),
    // The clock of another process may be ahead.
    lastUsedAt: Math.max(lastUsedAt, accessToken.issuedAt),
  };
  families.grants.set(grant.id, extended);
  return extended;
}

/** Stores an access token. A JWT says itself what it is, and is not kept. */
export function keepIn({ accessTokens }: Pick<Families, 'accessTokens'>, token: AccessToken): void {
  if (token.jti === undefined) accessTokens.set(token.hash, token);
}

/** Whether what is remembered is enough for an approval that rests on it. */
export function isConsentEnough(
  remembered: Pick<Consent, 'scope' | 'claims' | 'mark'> | undefined,
  needed: Pick<Consent, 'scope' | 'claims' | 'mark'>,
): boolean {
  // What another client was allowed under the same id does not count for this one.
  if (remembered === undefined || remembered.mark !== needed.mark) return false;
  return (
    covers(remembered.scope, needed.scope) && covers(remembered.claims ?? [], needed.claims ?? [])
  );
}

/**
 * The consent to a resource once something is added to it: the scopes and claims of both, allowed since
 * the first.
 *
 * @param given the consent that there is for this user, client and resource; it is forgotten if its mark
 *   differs
 */
export function mergedConsent(given: Consent | undefined, added: Consent): Consent {
  const remembered = given?.mark === added.mark ? given : undefined;
  const scope = new Set([...(remembered?.scope ?? []), ...added.scope]);
  const claims = new Set([...(remembered?.claims ?? []), ...(added.claims ?? [])]);
  return {
    ...(remembered ?? added),
    scope: [...scope],
    ...(claims.size > 0 && { claims: [...claims] }),
  };
}
