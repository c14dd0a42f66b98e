// Authorization codes (RFC 6749 section 4.1): stored with the grant that they open, and redeemed once.

import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { AuthorizationCode } from '../issued.ts';
import { newRefreshToken } from '../protocol/refresh-token.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { FoundCode } from '../store/store-grants.ts';
import type { Client, Consent, Grant } from '../types.ts';
import type { Drafts, Wanted } from './drafts.ts';
import { type CodeDraft, grantIsOver, issuedToken, mayRefresh, type Token } from './tokens.ts';

interface Options {
  /** Notes that a client gets tokens for a person. */
  readonly noteUse: (client: Client) => Promise<void>;
  readonly events: Events;
}

/** What is done with authorization codes. */
export function createCodes(store: Store, drafts: Drafts, { noteUse, events }: Options) {
  return {
    /**
     * Stores a code and the grant it opens.
     *
     * @param consents that the approval rests on
     * @param session the hash of the browser session that it was given in, see `codes.save` of the store
     * @throws OAuthError `access_denied` if the person has just taken one of them back, or signed out
     */
    async save(
      code: CodeDraft,
      clientId: string,
      grant: Grant,
      consents: readonly Consent[] = [],
      session?: string,
    ): Promise<void> {
      const expiresAt = code.expiresAt.getTime();
      const stored = recordOf(code, clientId, grant.id);
      // Until it is redeemed, the grant is only the code.
      if (!(await store.codes.save(stored, { ...grant, expiresAt }, consents, session))) {
        throw new OAuthError(
          'access_denied',
          'The person has just taken the access back, or signed out.',
        );
      }
    },

    /** The code that was presented, whether or not it was redeemed, and its grant. */
    find(code: string) {
      return store.codes.find(sha256(code), Date.now());
    },

    /**
     * Redeems a code and stores the tokens it is exchanged for, both or neither. A second
     * redemption ends the grant (RFC 6749 section 4.1.2), unless it comes so soon that it may be of
     * a client that lost the answer. So call this only for a caller who has proved to be the client
     * and to hold the verifier.
     *
     * @param found what `find` has answered of the code
     * @throws OAuthError `invalid_grant` for all but the first caller
     */
    async redeem(found: FoundCode, wanted: Wanted, client: Client): Promise<Token> {
      const { grant } = found;
      const now = Date.now();
      const refreshToken = mayRefresh(client) ? newRefreshToken() : undefined;
      const draft = await drafts.make(wanted, client, grant, now, refreshToken);
      const records = drafts.records(draft, client, grant, now);
      await noteUse(client);
      const redemption = await store.codes.redeem(found.code.hash, now, records, found);
      switch (redemption.outcome) {
        case 'redeemed':
          return issuedToken(draft, client, grant);
        case 'repeated':
          throw usedAMomentAgo();
        case 'already_redeemed':
          await store.grants.end(redemption.grantId);
          events.emit('code_replayed', { clientId: client.id, grantId: redemption.grantId });
          throw usedBefore();
        case 'unknown':
          throw grantIsOver();
      }
    },
  };
}

function recordOf(code: CodeDraft, clientId: string, grantId: string): AuthorizationCode {
  return {
    hash: sha256(code.authorizationCode),
    grantId,
    clientId,
    redirectUri: code.redirectUri,
    scope: code.scope ?? [],
    codeChallenge: code.codeChallenge,
    nonce: code.nonce,
    expiresAt: code.expiresAt.getTime(),
  };
}

function usedAMomentAgo(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The authorization code was used a moment ago; a code works once. The tokens issued for it are in force.',
  );
}

function usedBefore(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The authorization code was used before; a code works once, and the tokens issued for it have been revoked.',
  );
}
