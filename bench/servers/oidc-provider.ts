// oidc-provider with an adapter of Maps; its own one in memory forgets all but the last thousand
// things. Opaque tokens, refresh tokens rotated each time, PKCE, no OpenID scope is asked for. The
// protected route and the login are middleware before its own, so no other framework is in between.

import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';
import {
  ACCESS_TOKEN_TTL,
  CLIENT,
  CODE_TTL,
  JWT_CLIENT,
  PATHS,
  REDIRECT_URI,
  REFRESH_TOKEN_TTL,
  SCOPE,
} from '../target.ts';

const RESOURCE = 'https://api.example.com';

interface Payload {
  uid?: string;
  grantId?: string;
  consumed?: number;
}

/** What is kept of one kind, and when it ends. */
class MapAdapter {
  static readonly #byGrant = new Map<string, Set<() => void>>();
  readonly #kept = new Map<string, { payload: Payload; end: number }>();
  readonly #uids = new Map<string, string>();

  constructor() {
    setInterval(() => {
      for (const [id, { end }] of this.#kept) if (end < Date.now()) this.#remove(id);
    }, 60_000).unref();
  }

  #remove(id: string): void {
    const uid = this.#kept.get(id)?.payload.uid;
    if (uid !== undefined && this.#uids.get(uid) === id) this.#uids.delete(uid);
    this.#kept.delete(id);
  }

  async upsert(id: string, payload: Payload, seconds?: number): Promise<void> {
    const end = seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
    this.#kept.set(id, { payload, end });
    if (payload.uid !== undefined) this.#uids.set(payload.uid, id);
    if (payload.grantId !== undefined) {
      const removals = MapAdapter.#byGrant.get(payload.grantId) ?? new Set();
      MapAdapter.#byGrant.set(
        payload.grantId,
        removals.add(() => this.#remove(id)),
      );
    }
  }

  async find(id: string): Promise<Payload | undefined> {
    const entry = this.#kept.get(id);
    return entry !== undefined && entry.end > Date.now() ? entry.payload : undefined;
  }

  async findByUid(uid: string): Promise<Payload | undefined> {
    return this.find(this.#uids.get(uid) ?? '');
  }

  async consume(id: string): Promise<void> {
    this.#kept.get(id)!.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#remove(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const remove of MapAdapter.#byGrant.get(grantId) ?? []) remove();
    MapAdapter.#byGrant.delete(grantId);
  }
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const always = () => true;

const common = {
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  scope: SCOPE,
};
const port = Number(process.env['PORT']);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: MapAdapter,
  clients: [
    {
      ...common,
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [REDIRECT_URI],
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    },
    {
      ...common,
      client_id: JWT_CLIENT.id,
      client_secret: JWT_CLIENT.secret,
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    },
  ],
  scopes: SCOPE.split(' '),
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
  cookies: { keys: ['a key of the benchmark'] },
  findAccount: async (_ctx: object, accountId: string) => ({
    accountId,
    claims: async () => ({ sub: accountId }),
  }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx: object, client: { clientId: string }) =>
        client.clientId === JWT_CLIENT.id ? RESOURCE : undefined,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: RESOURCE,
        accessTokenTTL: ACCESS_TOKEN_TTL,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  pkce: { required: always },
  rotateRefreshToken: always,
  issueRefreshToken: async () => true,
  expiresWithSession: async () => false,
  ttl: {
    AccessToken: ACCESS_TOKEN_TTL,
    ClientCredentials: ACCESS_TOKEN_TTL,
    AuthorizationCode: CODE_TTL,
    RefreshToken: REFRESH_TOKEN_TTL,
    Session: REFRESH_TOKEN_TTL,
    Grant: REFRESH_TOKEN_TTL,
    Interaction: 600,
  },
  routes: {
    authorization: PATHS.authorize,
    token: PATHS.token,
    introspection: PATHS.introspect,
  },
  interactions: { url: (_ctx: object, { uid }: { uid: string }) => `/interaction/${uid}` },
});

interface Context {
  path: string;
  headers: Record<string, string | undefined>;
  req: object;
  res: object;
  status: number;
  body: unknown;
}

/** Signs anybody in and allows what is asked for: nothing of it is measured. */
async function signIn({ req, res }: Context): Promise<void> {
  const { params } = await provider.interactionDetails(req, res);
  const accountId = params.login_hint;
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(req, res, result);
}

provider.use(async (ctx: Context, next: () => Promise<void>) => {
  if (ctx.path.startsWith('/interaction/')) return signIn(ctx);
  if (ctx.path !== PATHS.secret) return next();
  const [, value] = /^Bearer ([\w-]+)$/i.exec(ctx.headers['authorization'] ?? '') ?? [];
  const token =
    value &&
    ((await provider.ClientCredentials.find(value)) ?? (await provider.AccessToken.find(value)));
  if (!token?.scope?.split(' ').includes('read')) {
    ctx.status = 401;
    return undefined;
  }
  ctx.body = {
    secret: 'Congratulations, you are in a secret area!',
    client_id: token.clientId,
    scope: token.scope,
  };
  return undefined;
});

provider.listen(port, '127.0.0.1');
