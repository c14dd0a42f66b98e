// The one place that talks to @node-oauth/oauth2-server, by way of
// @node-oauth/express-oauth-server: three plain functions, and its errors in our words. What is
// corrected, and why, is in docs/decisions.md; each correction has a test in test/servers/library.test.ts.
//
// The library reads HTTP requests and asks a model. Here it gets a request in its own terms, made of
// what was checked before, and for each call a model of exactly what that call may ask.

import ExpressOAuthServer from '@node-oauth/express-oauth-server';
import OAuth2Server from '@node-oauth/oauth2-server';
import { insufficientScope, invalidToken } from '../errors.ts';
import { covers } from '../protocol/scope.ts';
import { randomToken } from '../protocol/secrets.ts';
import type { Client, Grant } from '../types.ts';
import type { GrantType, TokenCall } from './grant-type.ts';
import type { ActiveToken, CodeDraft, Token } from './tokens.ts';

/** What a person has approved, to be turned into an authorization code. */
interface Approval {
  readonly client: Client;
  readonly grant: Grant;
  /** Checked to be one of the client's. */
  readonly redirectUri: string;
  readonly scope: readonly string[];
  readonly codeChallenge?: string | undefined;
}

export interface Library {
  /**
   * Issues what a token request asks for.
   *
   * @throws OAuthError of RFC 6749 section 5.2
   */
  issueTokens(call: TokenCall, grantType: GrantType): Promise<Token>;
  /**
   * Issues an authorization code (RFC 6749 section 4.1.2).
   *
   * @param save stores the code before it is given out
   */
  issueCode(approval: Approval, save: (code: CodeDraft) => Promise<void>): Promise<string>;
  /**
   * The token behind a value that was presented (RFC 6750).
   *
   * @param find looks a value up; what it throws is thrown as it is
   * @throws OAuthError `invalid_token`, `insufficient_scope`
   */
  checkToken(
    value: string,
    scope: readonly string[],
    find: (value: string) => Promise<ActiveToken | undefined>,
  ): Promise<ActiveToken>;
}

interface Options {
  /** Every `grant_type` there is. */
  readonly grantTypes: readonly string[];
  /** Seconds. */
  readonly authorizationCodeTtl: number;
}

/** The library asks for these, though our grant types have lifetimes of their own. */
const UNUSED_LIFETIMES = { accessTokenLifetime: 1, refreshTokenLifetime: 1 };

/** The library refuses ids with characters that RFC 6749 appendix A.1 does not allow; a store may have such ids. */
const UNUSED_ID = 'client';

/** The library makes a URL of it, which nobody uses: the endpoint makes its own. A long one takes long to parse. */
const UNUSED_URI = 'unused:';

/** A library's request that carries a call of ours, and who answers it. */
class CarriedRequest extends OAuth2Server.Request {
  readonly call: TokenCall;
  readonly grantType: GrantType;

  constructor(call: TokenCall, grantType: GrantType) {
    const body = { grant_type: call.params.get('grant_type'), client_id: UNUSED_ID };
    super({ method: 'POST', headers: {}, query: {}, body });
    this.call = call;
    this.grantType = grantType;
  }

  /** The library asks whether it is a form. It was, and has been read. */
  override is(): string {
    return 'application/x-www-form-urlencoded';
  }
}

/** Every grant type, as far as the library is concerned: it hands the call on. */
class CarriedGrant extends OAuth2Server.AbstractGrantType {
  async handle(request: OAuth2Server.Request): Promise<Token> {
    const { call, grantType } = request as CarriedRequest;
    return grantType.handle(call);
  }
}

/** Creates the library's server. Its grant types do nothing but carry on to ours. */
export function createLibrary({ grantTypes, authorizationCodeTtl }: Options): Library {
  const { server } = new ExpressOAuthServer({
    // Each call brings its own.
    model: {} as OAuth2Server.AuthorizationCodeModel,
    ...UNUSED_LIFETIMES,
    authorizationCodeLifetime: authorizationCodeTtl,
    extendedGrantTypes: Object.fromEntries(grantTypes.map((type) => [type, CarriedGrant])),
    // By the time the library is asked, the client has been authenticated by its own method.
    requireClientAuthentication: Object.fromEntries(grantTypes.map((type) => [type, false])),
    allowEmptyState: true,
  });

  return {
    issueTokens: (call, grantType) => issueTokens(server, call, grantType),
    issueCode: (approval, save) => issueCode(server, approval, save),
    checkToken: (value, scope, find) => checkToken(server, value, scope, find),
  };
}

async function issueTokens(
  server: OAuth2Server,
  call: TokenCall,
  grantType: GrantType,
): Promise<Token> {
  const request = new CarriedRequest(call, grantType);
  const options = asking({ getClient: async () => call.client });
  const token = server.token(request, new OAuth2Server.Response(), options);
  return (await unwrapped(token)) as Token;
}

async function issueCode(
  server: OAuth2Server,
  { client, grant, redirectUri, scope, codeChallenge }: Approval,
  save: (code: CodeDraft) => Promise<void>,
): Promise<string> {
  const request = new OAuth2Server.Request({
    method: 'GET',
    headers: {},
    query: {
      response_type: 'code',
      client_id: UNUSED_ID,
      redirect_uri: UNUSED_URI,
      ...(codeChallenge !== undefined && {
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }),
    },
  });
  const model = {
    getClient: async () => client,
    validateRedirectUri: async () => true,
    // What was approved is what is granted. The library would take an empty scope for an absent
    // one, which stands for all that the client may have.
    validateScope: async () => [...scope],
    generateAuthorizationCode: async () => randomToken(),
    async saveAuthorizationCode(code: CodeDraft) {
      await save({ ...code, redirectUri });
      return { ...code, client, user: grant };
    },
  };
  const options = asking(model, { authenticateHandler: { handle: () => grant } });
  const code = server.authorize(request, new OAuth2Server.Response(), options);
  return (await unwrapped(code)).authorizationCode;
}

async function checkToken(
  server: OAuth2Server,
  value: string,
  scope: readonly string[],
  find: (value: string) => Promise<ActiveToken | undefined>,
): Promise<ActiveToken> {
  const request = new OAuth2Server.Request({
    method: 'GET',
    headers: { authorization: `Bearer ${value}` },
    query: {},
  });
  const model = {
    getAccessToken: find,
    verifyScope: async (token: ActiveToken) => covers(token.scope, scope),
  };
  const options = asking(model, {
    ...(scope.length > 0 && { scope: [...scope] }),
    addAcceptedScopesHeader: false,
    addAuthorizedScopesHeader: false,
  });
  const token = server.authenticate(request, new OAuth2Server.Response(), options);
  return (await unwrapped(token)) as unknown as ActiveToken;
}

/** The options of one call. The library takes a model here, though its types do not say so. */
function asking(
  model: object,
  options: Omit<Partial<OAuth2Server.ServerOptions>, 'model'> = {},
): OAuth2Server.ServerOptions {
  return { ...options, model: model as OAuth2Server.AuthorizationCodeModel };
}

/** The library's errors in our words. What it did not expect is thrown as it was. */
async function unwrapped<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof OAuth2Server.InvalidTokenError) {
      throw invalidToken();
    }
    if (error instanceof OAuth2Server.InsufficientScopeError) {
      throw insufficientScope();
    }
    throw (error as { inner?: unknown }).inner ?? error;
  }
}
