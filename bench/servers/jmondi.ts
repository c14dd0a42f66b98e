// @jmondi/oauth2-server with its adapter for Express, and repositories of Maps. Its access tokens are
// always JWTs, signed with HS256; codes and refresh tokens are opaque, by its options. It comes with
// no protected route, so there is no such row.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AuthorizationServer, DateInterval } from '@jmondi/oauth2-server';
import {
  handleExpressError,
  handleExpressResponse,
  requestFromExpress,
} from '@jmondi/oauth2-server/express';
import express, { type Request, type RequestHandler, type Response } from 'express';
import {
  ACCESS_TOKEN_TTL,
  authorizationPath,
  CLIENT,
  PATHS,
  REDIRECT_URI,
  REFRESH_TOKEN_TTL,
  SCOPE,
} from '../target.ts';

interface Token {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken?: string | null;
  refreshTokenExpiresAt?: Date | null;
  originatingAuthCodeId?: string;
}
interface Code {
  code: string;
  expiresAt: Date;
}
type Scopes = { name: string }[];

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const keyOf = (token: string) => sha256(token).toString('base64url');
const newToken = () => randomBytes(32).toString('base64url');

const scopes: Scopes = SCOPE.split(' ').map((name) => ({ name }));
const client = {
  id: CLIENT.id,
  name: 'The benchmark',
  secret: sha256(CLIENT.secret).toString('base64url'),
  redirectUris: [REDIRECT_URI],
  allowedGrants: ['client_credentials', 'authorization_code', 'refresh_token'],
  scopes,
};
const accessTokens = new Map<string, Token>();
const refreshTokens = new Map<string, Token>();
const codes = new Map<string, Code>();
const sessions = new Map<string, { id: string }>();
const consents = new Set<string>();

const clientRepository = {
  getByIdentifier: async (id: string) => (id === client.id ? client : undefined),
  isClientValid: async (grant: string, { allowedGrants }: typeof client, secret?: string) =>
    allowedGrants.includes(grant) &&
    (secret === undefined || timingSafeEqual(sha256(CLIENT.secret), sha256(secret))),
};
const tokenRepository = {
  async issueToken(owner: object, granted: Scopes, user?: object) {
    return { accessToken: newToken(), client: owner, user, scopes: granted };
  },
  async issueRefreshToken(token: Token) {
    token.refreshToken = newToken();
    token.refreshTokenExpiresAt = new Date(Date.now() + REFRESH_TOKEN_TTL * 1000);
    refreshTokens.set(keyOf(token.refreshToken), token);
    return token;
  },
  async persist(token: Token) {
    accessTokens.set(keyOf(token.accessToken), token);
  },
  // As its guide has it: what is revoked has expired, and stays until it is swept away.
  async revoke(token: Token) {
    token.accessTokenExpiresAt = new Date(0);
    token.refreshTokenExpiresAt = new Date(0);
  },
  async isRefreshTokenRevoked({ refreshTokenExpiresAt: end }: Token) {
    return Date.now() > (end?.getTime() ?? 0);
  },
  async getByRefreshToken(value: string) {
    const token = refreshTokens.get(keyOf(value));
    if (token === undefined) throw new Error('There is no such refresh token.');
    return token;
  },
  getByAccessToken: async (value: string) => accessTokens.get(keyOf(value)),
};
const scopeRepository = {
  getAllByIdentifiers: async (names: string[]) => scopes.filter(({ name }) => names.includes(name)),
  finalize: async (asked: Scopes) => (asked.length > 0 ? asked : scopes),
};
const authCodeRepository = {
  getByIdentifier: async (value: string) => codes.get(keyOf(value)),
  issueAuthCode: async (owner: object, user: object | undefined, granted: Scopes) => ({
    code: newToken(),
    expiresAt: new Date(),
    client: owner,
    user,
    scopes: granted,
  }),
  async persist(code: Code) {
    codes.set(keyOf(code.code), code);
  },
  isRevoked: async (value: string) => !codes.has(keyOf(value)),
  async revoke(value: string) {
    codes.delete(keyOf(value));
  },
};
const userRepository = { getUserByCredentials: async (id: string) => ({ id }) };

setInterval(() => {
  const now = new Date();
  for (const [key, token] of accessTokens) {
    if (token.accessTokenExpiresAt < now) accessTokens.delete(key);
  }
  for (const [key, { refreshTokenExpiresAt: end }] of refreshTokens) {
    if (end && end < now) refreshTokens.delete(key);
  }
  for (const [key, { expiresAt }] of codes) if (expiresAt < now) codes.delete(key);
}, 60_000).unref();

const server = new AuthorizationServer(
  clientRepository,
  tokenRepository,
  scopeRepository,
  'a key of the benchmark, 32 characters or more',
  {
    requiresPKCE: true,
    issuer: 'https://auth.example.com',
    useOpaqueAuthorizationCodes: true,
    useOpaqueRefreshTokens: true,
  },
);
const ttl = new DateInterval(`${ACCESS_TOKEN_TTL}s`);
server.enableGrantTypes(
  ['client_credentials', ttl],
  ['refresh_token', ttl],
  [{ grant: 'authorization_code', authCodeRepository, userRepository }, ttl],
);

/** Answers with what the library does, or with its error. */
const answering =
  (answer: (req: Request, res: Response) => unknown): RequestHandler =>
  async (req, res) => {
    try {
      const answered = await answer(req, res);
      if (answered !== undefined) handleExpressResponse(res, answered);
    } catch (error) {
      handleExpressError(error, res);
    }
  };

const app = express();
app.disable('x-powered-by');
app.use(express.urlencoded());
app.post(
  PATHS.token,
  answering((req) => server.respondToAccessTokenRequest(requestFromExpress(req))),
);
app.post(
  PATHS.introspect,
  answering((req) => server.introspect(requestFromExpress(req))),
);
app.get(
  PATHS.authorize,
  answering(async (req, res) => {
    const request = await server.validateAuthorizationRequest(requestFromExpress(req));
    const [, cookie = ''] = /(?:^|; )session=([\w-]+)/.exec(req.headers.cookie ?? '') ?? [];
    const person = sessions.get(keyOf(cookie));
    if (person === undefined) return res.redirect(`/login?person=${req.query['login_hint']}`);
    request.user = person;
    request.isAuthorizationApproved = consents.has(`${person.id} ${request.client.id}`);
    return server.completeAuthorizationRequest(request);
  }),
);
app.get('/login', (req, res) => {
  const person = String(req.query['person']);
  const session = newToken();
  sessions.set(keyOf(session), { id: person });
  consents.add(`${person} ${CLIENT.id}`);
  res.cookie('session', session, { httpOnly: true, sameSite: 'lax' });
  res.redirect(authorizationPath(person));
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
