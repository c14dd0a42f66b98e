// As the tutorials on @node-oauth/express-oauth-server have it: a model with Maps, in which tokens
// are kept as they are. It checks the client's redirect URI and PKCE by the library's rules.

import OAuthServer from '@node-oauth/express-oauth-server';
import type {
  AuthorizationCode,
  AuthorizationCodeModel,
  Client,
  ClientCredentialsModel,
  RefreshToken,
  RefreshTokenModel,
  Token,
} from '@node-oauth/oauth2-server';
import express, { type Request } from 'express';
import {
  ACCESS_TOKEN_TTL,
  authorizationPath,
  CLIENT,
  CODE_TTL,
  PATHS,
  REDIRECT_URI,
  REFRESH_TOKEN_TTL,
  SCOPE,
} from '../target.ts';

const client: Client & { secret: string } = {
  id: CLIENT.id,
  secret: CLIENT.secret,
  redirectUris: [REDIRECT_URI],
  grants: ['client_credentials', 'authorization_code', 'refresh_token'],
};
const scopes = SCOPE.split(' ');
const accessTokens = new Map<string, Token>();
const refreshTokens = new Map<string, RefreshToken>();
const codes = new Map<string, AuthorizationCode>();
const sessions = new Map<string, { id: string }>();
const consents = new Set<string>();

type Model = AuthorizationCodeModel & ClientCredentialsModel & RefreshTokenModel;

const model: Model = {
  async getClient(id, secret) {
    return id === client.id && (!secret || secret === client.secret) ? client : undefined;
  },
  async getUserFromClient() {
    return {};
  },
  async validateScope(_user, _client, asked) {
    return (asked ?? scopes).every((scope) => scopes.includes(scope)) ? (asked ?? scopes) : false;
  },
  async saveToken(token, owner, user) {
    const saved = { ...token, client: owner, user };
    accessTokens.set(saved.accessToken, saved);
    const { refreshToken } = saved;
    if (refreshToken) refreshTokens.set(refreshToken, { ...saved, refreshToken });
    return saved;
  },
  async getAccessToken(token) {
    return accessTokens.get(token);
  },
  async verifyScope(token, asked) {
    return asked.every((scope) => token.scope?.includes(scope));
  },
  async getRefreshToken(token) {
    return refreshTokens.get(token);
  },
  async revokeToken({ refreshToken }) {
    return refreshTokens.delete(refreshToken);
  },
  async saveAuthorizationCode(code, owner, user) {
    const saved = { ...code, client: owner, user };
    codes.set(saved.authorizationCode, saved);
    return saved;
  },
  async getAuthorizationCode(code) {
    return codes.get(code);
  },
  async revokeAuthorizationCode({ authorizationCode }) {
    return codes.delete(authorizationCode);
  },
};

setInterval(() => {
  const now = new Date();
  for (const [key, { accessTokenExpiresAt: end }] of accessTokens) {
    if (end && end < now) accessTokens.delete(key);
  }
  for (const [key, { refreshTokenExpiresAt: end }] of refreshTokens) {
    if (end && end < now) refreshTokens.delete(key);
  }
  for (const [key, { expiresAt }] of codes) if (expiresAt < now) codes.delete(key);
}, 60_000).unref();

/** The person whose browser this is. */
function personOf(headers: Record<string, string | string[] | undefined> | undefined) {
  const [, session = ''] = /(?:^|; )session=([\w-]+)/.exec(String(headers?.['cookie'])) ?? [];
  return sessions.get(session);
}

const oauth = new OAuthServer({
  model,
  accessTokenLifetime: ACCESS_TOKEN_TTL,
  refreshTokenLifetime: REFRESH_TOKEN_TTL,
  authorizationCodeLifetime: CODE_TTL,
});

const app = express();
app.use(express.urlencoded());
app.post(PATHS.token, oauth.token());
app.get(PATHS.secret, oauth.authenticate({ scope: ['read'] }), (_req, res) => {
  const { token } = res.locals['oauth'];
  res.json({
    secret: 'Congratulations, you are in a secret area!',
    client_id: token.client.id,
    scope: token.scope.join(' '),
  });
});
app.get(
  PATHS.authorize,
  (req, res, next) => {
    const person = personOf(req.headers);
    if (person === undefined) return res.redirect(`/login?person=${req.query['login_hint']}`);
    if (!consents.has(`${person.id} ${req.query['client_id']}`)) return res.status(403).end();
    return next();
  },
  oauth.authorize({
    authenticateHandler: { handle: async (req: Request) => personOf(req.headers) },
  }),
);
app.get('/login', (req, res) => {
  const person = String(req.query['person']);
  const session = crypto.randomUUID();
  sessions.set(session, { id: person });
  consents.add(`${person} ${CLIENT.id}`);
  res.cookie('session', session, { httpOnly: true, sameSite: 'lax' });
  res.redirect(authorizationPath(person));
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
