// A token request, from the authenticated client to what was issued.

import type { Caller } from '../clients/caller.ts';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { Lengths, Params } from '../http/params.ts';
import { formatScope } from '../protocol/scope.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { GrantType, TokenCall } from './grant-type.ts';
import type { Library } from './library.ts';
import { asGrant, type Token } from './tokens.ts';

export interface TokenRequests {
  /** Every `grant_type` there is. */
  readonly grantTypes: readonly string[];
  /** The parameters that a token request may have, besides those of the client. */
  readonly parameters: Lengths;
  /** Begins to look up what a token request names, while its client is looked up. */
  ahead(params: Params): void;
  /** Whether the client of a token request may be one that is remembered (`GrantType.comparesClient`). */
  comparesClient(params: Params): boolean;
  /**
   * Issues what a token request asks for. If it is refused or fails with a remembered record of the client,
   * it is tried once more with the record in the store.
   *
   * @throws OAuthError of RFC 6749 section 5.2
   */
  issue(caller: Caller, request: Pick<TokenCall, 'method' | 'url' | 'headers'>): Promise<Token>;
}

/** @param grantTypes by their names */
export function createTokenRequests(
  library: Library,
  grantTypes: ReadonlyMap<string, GrantType>,
  events: Events,
): TokenRequests {
  function grantTypeOf({ client, params }: TokenCall): GrantType {
    const name = params.get('grant_type');
    if (name === undefined) {
      throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
    }
    const grantType = grantTypes.get(name);
    if (grantType === undefined) {
      throw new OAuthError(
        'unsupported_grant_type',
        `This server knows the grant types ${[...grantTypes.keys()].join(', ')}.`,
      );
    }
    if (!client.grants.includes(name)) {
      throw new OAuthError(
        'unauthorized_client',
        `This client is not registered for the grant type ${name}.`,
      );
    }
    return grantType;
  }

  async function issue(call: TokenCall): Promise<Token> {
    const token = await library.issueTokens(call, grantTypeOf(call));
    const userId = asGrant(token.user)?.userId;
    events.emit('token_issued', {
      clientId: call.client.id,
      ...(userId !== undefined && { userId }),
      grantType: String(call.params.get('grant_type')),
      scope: token.scope,
    });
    return token;
  }

  return {
    grantTypes: [...grantTypes.keys()],
    parameters: longest([
      { grant_type: 256 },
      ...[...grantTypes.values()].map((one) => one.parameters),
    ]),
    ahead(params) {
      grantTypes.get(params.get('grant_type') ?? '')?.ahead?.(params);
    },
    comparesClient(params) {
      return grantTypes.get(params.get('grant_type') ?? '')?.comparesClient === true;
    },
    async issue({ client, params, reread }, { method, url, headers }) {
      const call = {
        client,
        isClientRemembered: reread !== undefined,
        params,
        method,
        url,
        headers,
      };
      try {
        return await issue(call);
      } catch (error) {
        if (reread === undefined || error instanceof StoreUnavailable) throw error;
        const now = await reread();
        return issue({ ...call, client: now.client, isClientRemembered: false });
      }
    },
  };
}

/** For each parameter the longest of its lengths: which grant type it is for is not known yet. */
function longest(all: readonly Lengths[]): Lengths {
  const lengths: Record<string, number> = {};
  for (const [name, length] of all.flatMap((one) => Object.entries(one))) {
    lengths[name] = Math.max(lengths[name] ?? 0, length);
  }
  return lengths;
}

/** RFC 6749 section 5.1. */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  /** OpenID Connect Core section 3.1.3.3. */
  readonly id_token?: string;
}

/**
 * The answer to a token request (RFC 6749 section 5.1), with the fields that the app around the server adds.
 */
export function tokenResponse(token: Token): TokenResponse {
  const lifetime = token.accessTokenExpiresAt.getTime() - Date.now();
  return {
    access_token: token.accessToken,
    token_type: 'Bearer',
    expires_in: Math.round(lifetime / 1000),
    scope: formatScope(token.scope),
    ...(token.refreshToken !== undefined && { refresh_token: token.refreshToken }),
    ...(token.idToken !== undefined && { id_token: token.idToken }),
    ...token.fields,
  };
}
