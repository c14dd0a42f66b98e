// @node-oauth/express-oauth-server, made right in one place: the token, authorization and
// protected-resource endpoints as Express middleware. What each correction is for stands in
// docs/decisions.md, and each has a test in test/library.test.ts.

import ExpressOAuthServer from '@node-oauth/express-oauth-server';
import OAuth2Server from '@node-oauth/oauth2-server';
import type { NextFunction, Request, Response } from 'express';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { Params } from '../http/params.ts';
import { redirect } from '../http/redirect.ts';
import { asOAuthError, sendError } from '../pages/error-handler.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { RedirectTarget } from '../protocol/redirect-target.ts';
import { isResource, isSameResource } from '../protocol/resource.ts';
import { formatScope, grantScope } from '../protocol/scope.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Client, Consent, Grant } from '../types.ts';
import { AuthorizationCodeGrant } from './grants/authorization-code.ts';
import { ClientCredentialsGrant } from './grants/client-credentials.ts';
import { RefreshTokenGrant } from './grants/refresh-token.ts';
import type { Guard, GuardedResources } from './guarded-resources.ts';
import type { Model } from './model.ts';
import type { ActiveToken, Token } from './tokens.ts';

/** A grant type is added by its file in grants/ and a line here. */
const GRANT_TYPES = {
  authorization_code: AuthorizationCodeGrant,
  client_credentials: ClientCredentialsGrant,
  refresh_token: RefreshTokenGrant,
};

/** Every `grant_type` the token endpoint knows. */
export const grantTypes: readonly string[] = Object.keys(GRANT_TYPES);

/** What a protected route asks of an access token. */
interface GuardOptions extends Guard {
  readonly scope?: string[];
}

interface BoundGuard {
  readonly scope: string[];
  readonly metadataUrl: string | undefined;
  readonly model: Model;
}

export interface OAuthServerOptions {
  readonly model: Model;
  readonly issuer: string;
  /** Seconds, where the client's record has none of its own. */
  readonly accessTokenTtl: number;
  readonly refreshTokenTtl: number;
  readonly authorizationCodeTtl: number;
  readonly guarded: GuardedResources;
  readonly events: Events;
}

/** RFC 6749 section 5.1. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
}

export class OAuthServer extends ExpressOAuthServer {
  readonly #options: OAuthServerOptions;

  constructor(options: OAuthServerOptions) {
    super({
      model: options.model as unknown as OAuth2Server.AuthorizationCodeModel,
      accessTokenLifetime: options.accessTokenTtl,
      refreshTokenLifetime: options.refreshTokenTtl,
      authorizationCodeLifetime: options.authorizationCodeTtl,
      extendedGrantTypes: GRANT_TYPES,
      // By the time the library is asked, the client has been authenticated by its own method.
      requireClientAuthentication: Object.fromEntries(grantTypes.map((type) => [type, false])),
      allowEmptyState: true,
    });
    this.#options = options;
  }

  /**
   * Issues what a token request asks for.
   *
   * @param client already authenticated
   * @throws OAuthError of RFC 6749 section 5.2
   */
  async issue(client: Client, params: Params): Promise<Token> {
    const grantType = params.get('grant_type');
    if (grantType === undefined) {
      throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
    }
    if (!grantTypes.includes(grantType)) {
      throw new OAuthError(
        'unsupported_grant_type',
        `This server knows the grant types ${grantTypes.join(', ')}.`,
      );
    }
    if (!client.grants.includes(grantType)) {
      throw new OAuthError(
        'unauthorized_client',
        `This client is not registered for the grant type ${grantType}.`,
      );
    }
    const request = new OAuth2Server.Request({
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'transfer-encoding': 'chunked',
      },
      query: {},
      body: {
        ...params.toObject(),
        resource: params.getAll('resource'),
        client_id: client.id,
        client_secret: undefined,
      },
    });
    const { model } = this.#options;
    const token = await unwrapped(
      this.server.token(request, new OAuth2Server.Response(), {
        // The library looks the client up once more; it gets the one that was authenticated.
        model: Object.assign(Object.create(model), { getClient: async () => client }),
      } as OAuth2Server.TokenOptions),
    );
    const { userId } = token.user as Partial<Grant>;
    this.#options.events.emit('token_issued', {
      clientId: client.id,
      ...(userId !== undefined && { userId }),
      grantType,
      scope: token.scope ?? [],
    });
    return token as Token;
  }

  /** RFC 6749 section 5.1: the answer to a token request. `res.locals` has `client` and `params`. */
  override token() {
    return async (_req: Request, res: Response): Promise<OAuth2Server.Token> => {
      const { client, params } = res.locals as { client: Client; params: Params };
      const token = await this.issue(client, params);
      res.json(tokenResponse(token));
      return token;
    };
  }

  /**
   * RFC 6749 section 4.1.2: the redirect that carries the code. `res.locals` has the `client`, the
   * `authorization` request that was approved, the `grant` it opens and the `consents` it rests on.
   *
   * @throws OAuthError `access_denied` where these are no longer remembered
   */
  override authorize() {
    return async (_req: Request, res: Response): Promise<OAuth2Server.AuthorizationCode> => {
      const { client, authorization, grant, consents } = res.locals as {
        client: Client;
        authorization: AuthorizationRequest;
        grant: Grant;
        consents: readonly Consent[];
      };
      const { redirectUri, state, scope, codeChallenge } = authorization;
      const target = RedirectTarget.of(client, redirectUri, state);
      if (target === undefined) {
        throw new OAuthError(
          'invalid_request',
          'The redirect_uri is no longer registered for this client.',
        );
      }
      const request = new OAuth2Server.Request({
        method: 'POST',
        headers: {},
        query: {
          response_type: 'code',
          client_id: client.id,
          redirect_uri: redirectUri,
          ...(codeChallenge !== undefined && {
            code_challenge: codeChallenge,
            code_challenge_method: 'S256',
          }),
        },
      });
      const { model } = this.#options;
      const code = await unwrapped(
        this.server.authorize(request, new OAuth2Server.Response(), {
          // What was approved is what is granted. The library would take an empty scope for an
          // absent one, which stands for all the client may have.
          model: Object.assign(Object.create(model), {
            validateScope: async () => grantScope(formatScope(scope), client.scope),
            saveAuthorizationCode: (
              ...[code, of, user]: Parameters<Model['saveAuthorizationCode']>
            ) => model.saveAuthorizationCode(code, of, user, consents),
          }),
          authenticateHandler: { handle: () => grant },
        } as OAuth2Server.AuthorizeOptions),
      );
      redirect(res, target.location({ code: code.authorizationCode }, this.#options.issuer));
      return code;
    };
  }

  /**
   * RFC 6750: lets a request pass whose access token is for this resource and has the scope, and
   * puts the token on `res.locals.oauth.token`; answers any other itself.
   *
   * @throws TypeError where the resource can be none, or a challenge would be too long
   */
  override authenticate({ scope = [], resource }: GuardOptions = {}) {
    const { issuer, model, guarded } = this.#options;
    if (resource !== undefined && !isResource(resource)) {
      throw new TypeError(
        `The resource ${JSON.stringify(resource)} is not an absolute URI without a fragment.`,
      );
    }
    const guard: BoundGuard = {
      scope,
      metadataUrl: guarded.add(resource ?? issuer, scope),
      // RFC 8707 section 2: a token that was issued for one resource is none at another.
      model: Object.assign(Object.create(model), {
        getAccessToken: async (value: string) => {
          const token = await model.getAccessToken(value);
          const isMeant = token?.audience.some((name) => isSameResource(name, resource ?? issuer));
          return isMeant ? token : undefined;
        },
      }),
    };
    this.#assertShort(guard);
    return (async (req: Request, res: Response, next: NextFunction) => {
      try {
        res.locals['oauth'] = { token: await this.#active(req, guard) };
      } catch (error) {
        // The app around a protected route is somebody else's: it need not know our errors.
        const known = asOAuthError(error);
        if (known === undefined) throw error;
        if (error instanceof StoreUnavailable) {
          this.#options.events.emit('store_unavailable', { error });
        }
        return sendError(res, known);
      }
      next();
    }) as unknown as ReturnType<ExpressOAuthServer['authenticate']>;
  }

  /**
   * The access token a request carries.
   *
   * @throws OAuthError of RFC 6750 section 3.1, with the challenge
   */
  async #active(req: Request, guard: BoundGuard): Promise<ActiveToken> {
    const authorization = req.headers.authorization ?? '';
    const [, scheme, credentials] = /^(\S+) *(.*)$/.exec(authorization) ?? [];
    const isBearer = scheme?.toLowerCase() === 'bearer';
    const { access_token } = req.query;
    const request = new OAuth2Server.Request({
      method: 'POST',
      headers: isBearer ? { authorization: `Bearer ${credentials}` } : {},
      query: access_token === undefined ? {} : { access_token: 'in the query' },
    });
    const { scope, model } = guard;
    try {
      return (await unwrapped(
        this.server.authenticate(request, new OAuth2Server.Response(), {
          ...(scope.length > 0 && { scope }),
          model,
          addAcceptedScopesHeader: false,
          addAuthorizedScopesHeader: false,
        } as OAuth2Server.AuthenticateOptions),
      )) as unknown as ActiveToken;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const isMalformed = error.code === 'invalid_request';
      throw this.#challenged(
        isMalformed ? new OAuthError('invalid_request', MALFORMED) : error,
        guard,
      );
    }
  }

  /** @throws TypeError where an answer would have longer headers than a proxy takes */
  #assertShort(guard: BoundGuard): void {
    const error = new OAuthError('insufficient_scope', TOO_LITTLE);
    const { length } = this.#challenged(error, guard).headers['WWW-Authenticate'] ?? '';
    if (length <= MAX_CHALLENGE) return;
    throw new TypeError(
      `The challenge of this route would have ${length} bytes, and may have ${MAX_CHALLENGE}: name fewer scopes, or a shorter resource.`,
    );
  }

  #challenged(error: OAuthError, { scope, metadataUrl }: BoundGuard): OAuthError {
    const parameters = [`realm="${this.#options.issuer}"`];
    // RFC 6750 section 3.1: a request that carries no token is told no error code.
    if (error.message !== NO_TOKEN) {
      parameters.push(
        `error="${error.code}"`,
        `error_description="${error.body().error_description}"`,
      );
    }
    if (scope.length > 0) parameters.push(`scope="${formatScope(scope)}"`);
    // RFC 9728 section 5.1: where a client that knows nothing of this server begins.
    if (metadataUrl !== undefined) parameters.push(`resource_metadata="${metadataUrl}"`);
    return new OAuthError(error.code, error.message, {
      status: error.status,
      headers: { 'WWW-Authenticate': `Bearer ${parameters.join(', ')}` },
    });
  }
}

/** RFC 6749 section 5.1, of what was issued. */
export function tokenResponse(token: Token): TokenResponse {
  const lifetime = token.accessTokenExpiresAt.getTime() - Date.now();
  return {
    access_token: token.accessToken,
    token_type: 'Bearer',
    expires_in: Math.round(lifetime / 1000),
    scope: formatScope(token.scope),
    ...(token.refreshToken !== undefined && { refresh_token: token.refreshToken }),
  };
}

/** Longest `WWW-Authenticate` of a protected route, in bytes; see http/redirect.ts for why. */
const MAX_CHALLENGE = 2480;

const NO_TOKEN = 'An access token is needed: send it in the header Authorization: Bearer <token>.';
const TOO_LITTLE = 'The access token does not have the scope this needs.';
const MALFORMED =
  'Send the access token once, in the header Authorization: Bearer <token>, and never in the URL.';

/** The library's errors in our words. What it did not expect is ours to explain. */
async function unwrapped<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    const inner = (error as { inner?: unknown }).inner;
    if (inner instanceof OAuthError) throw inner;
    if (error instanceof OAuth2Server.UnauthorizedRequestError) {
      throw new OAuthError('invalid_token', NO_TOKEN);
    }
    if (error instanceof OAuth2Server.InvalidTokenError) {
      throw new OAuthError(
        'invalid_token',
        'The access token is unknown, has expired or was revoked.',
      );
    }
    if (error instanceof OAuth2Server.InsufficientScopeError) {
      throw new OAuthError('insufficient_scope', TOO_LITTLE);
    }
    if (error instanceof OAuth2Server.InvalidRequestError) {
      throw new OAuthError('invalid_request', error.message.replace(/^Invalid request: /, ''));
    }
    if (error instanceof OAuth2Server.InvalidScopeError) {
      throw new OAuthError(
        'invalid_scope',
        'The scope has characters that RFC 6749 section 3.3 does not allow.',
      );
    }
    throw inner ?? error;
  }
}
