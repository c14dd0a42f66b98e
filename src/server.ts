// authorizationServer(options): the server as a part of an Express app. Its rooms stand in a list
// below; a new endpoint is a file in endpoints/ and a line there.

import { createSecretKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { PendingRequests } from './authorization/pending-requests.ts';
import { assertionVerifier } from './clients/assertion.ts';
import { authenticateClient } from './clients/authenticate.ts';
import type { Context, Demo, Room, SignedIn } from './context.ts';
import { demo } from './demo/callback.ts';
import { playground } from './demo/playground.ts';
import { auth } from './demo/tutorial.ts';
import { account } from './endpoints/account.ts';
import { assets, assetUrls } from './endpoints/assets.ts';
import { authorize } from './endpoints/authorize.ts';
import { discovery } from './endpoints/discovery.ts';
import { introspect } from './endpoints/introspect.ts';
import { jwks } from './endpoints/jwks.ts';
import { login } from './endpoints/login.ts';
import { logout } from './endpoints/logout.ts';
import { password } from './endpoints/password.ts';
import { protectedResource } from './endpoints/protected-resource.ts';
import { removeApp } from './endpoints/remove-app.ts';
import { revoke } from './endpoints/revoke.ts';
import { signOutElsewhere } from './endpoints/sign-out-elsewhere.ts';
import { token } from './endpoints/token.ts';
import { createEvents, type Events } from './events.ts';
import { pageHeaders } from './http/headers.ts';
import { pace } from './http/pace.ts';
import type { Limits } from './http/rate-limit.ts';
import { Refusals } from './http/refusals.ts';
import type { Resource } from './oauth/access-tokens.ts';
import { grantTypes, makeGrantTypes } from './oauth/grants/all.ts';
import { GuardedResources } from './oauth/guarded-resources.ts';
import { createIssuing } from './oauth/issuing.ts';
import { Keys } from './oauth/keys.ts';
import { createLibrary } from './oauth/library.ts';
import { createProtect, type Protect } from './oauth/protect.ts';
import { createTokenRequests } from './oauth/token-requests.ts';
import { readLook } from './pages/branding.ts';
import { errorHandler } from './pages/error-handler.ts';
import { createRender } from './pages/render.ts';
import type { Text } from './pages/words/languages.ts';
import { home } from './program/home.ts';
import { issuerProblem } from './protocol/issuer.ts';
import type { SigningAlgorithm } from './protocol/jwt.ts';
import { allowedResources } from './protocol/resource.ts';
import { clientSecretKey, deriveKey, randomToken } from './protocol/secrets.ts';
import { hasPasswordOf, sessions, signedInUser } from './sign-in/session.ts';
import { memoryStore } from './store/memory.ts';
import { type Store, StoreUnavailable } from './store/store.ts';
import { vetting } from './store/vetting.ts';
import type { AccessTokenFormat } from './types.ts';

export interface AuthorizationServerOptions {
  /**
   * The URL this server is known by, path and all: `https://example.com` or, mounted under /auth,
   * `https://example.com/auth`. No query, no fragment.
   */
  readonly issuer: string;
  /** Where everything is kept; in memory where none is given. */
  readonly store?: Store;
  /**
   * Signs cookies and makes refresh tokens repeatable; at least 32 characters, the same in every
   * process and after every restart. Without one the server makes its own, good until it stops.
   */
  readonly secret?: string | undefined;
  /**
   * Each scope, in words for the consent page: `{ read: 'Read your data' }`, or in several languages:
   * `{ read: { en: 'Read your data', de: 'Ihre Daten lesen' } }`.
   */
  readonly scopes?: Readonly<Record<string, Text>>;
  /**
   * RFC 8707: the resources that clients may ask tokens for, besides the server itself; where there
   * are none, clients may name any, and get tokens that are good for nothing else.
   */
  readonly resources?: Readonly<Record<string, Resource>>;
  /** What access tokens are where neither the resource nor the client says: `opaque` if absent. */
  readonly accessTokenFormat?: AccessTokenFormat;
  /** What JWTs are signed with; ES256 where absent. */
  readonly signingAlgorithm?: SigningAlgorithm;
  /** Seconds after which a new signing key takes over; 30 days where absent. */
  readonly keyRotation?: number;
  /**
   * Whether a client is refused, whoever stored it, with a `jwks_uri` that is http or such a redirect
   * URI to another place than loopback.
   */
  readonly production?: boolean;
  /** Whether a client's `jwks_uri` may be http or lead into a network that is not public. */
  readonly allowInternalUrls?: boolean;
  /** Seconds; 3,600 where absent. */
  readonly accessTokenTtl?: number;
  /** Seconds without use after which a refresh token is over; 14 days where absent. */
  readonly refreshTokenTtl?: number;
  /** Seconds after which the person has to approve again, however often was refreshed; 90 days. */
  readonly grantTtl?: number;
  /** Seconds; 60 where absent. */
  readonly authorizationCodeTtl?: number;
  /** Seconds in which a refresh whose answer was lost may be repeated; 30, and 0 for never. */
  readonly refreshRetryWindow?: number;
  /** Seconds after which a person has to sign in again; 7 days where absent. */
  readonly sessionTtl?: number;
  readonly limits?: Partial<Limits>;
  /** The name in the header of the pages. */
  readonly brand?: string;
  /** Path of a logo beside it: an SVG, PNG, JPEG or WebP. */
  readonly brandLogo?: string | undefined;
  /** The colour of buttons and links, in hex; made darker or lighter where it could not be read. */
  readonly brandColor?: string | undefined;
  /** Path of a folder with views to use in the place of ours of the same name. */
  readonly views?: string | undefined;
  /**
   * Who is signed in to the app around this server, or `undefined`. With this, and `loginUrl`, the
   * server has no login page of its own. Leave out `authTime` where the app does not know it; for
   * `prompt=login` and `max_age` the person is then sent to `loginUrl` once, and that they signed in
   * there again is the app's to see to.
   */
  readonly authenticate?: (
    req: Request,
  ) => Promise<ForeignUser | undefined> | ForeignUser | undefined;
  /**
   * The app's own login page. A person is sent there with `return_to`, a path to come back to, and
   * with `prompt=login` where an existing sign-in is not enough.
   */
  readonly loginUrl?: string;
  /** Show a home page at the issuer's URL. */
  readonly home?: boolean;
  /**
   * What a demo shows to newcomers; also opens the tutorials' endpoint `/auth`, and the playground
   * where a public client has `<issuer>/playground` among its redirect URIs.
   */
  readonly demo?: Demo | undefined;
}

/** A person as the app around the server knows them. */
export type ForeignUser = Pick<SignedIn, 'id' | 'name'> &
  Partial<Pick<SignedIn, 'username' | 'authTime'>>;

export interface AuthorizationServer {
  /** The Express app to mount: `app.use(handler)`, or under the path of the issuer. */
  readonly handler: Express;
  /**
   * The documents that stand at the root of the host though the issuer has a path (RFC 8414 section
   * 3.1). `app.use(handler)` brings them along; mount them yourself at the root where the handler
   * goes into a router or an app that is itself mounted.
   */
  readonly wellKnown: RequestHandler;
  /**
   * Middleware that lets a request pass only with an access token that has all these scopes
   * (RFC 6750). The token is then at `res.locals.oauth.token`: `client.id`, `user.id` (absent where
   * the client acts for itself), `scope`, `audience`, `accessTokenExpiresAt`. Any other request is
   * answered with 401 or 403 and a `WWW-Authenticate` that says why.
   *
   * The last argument may name the resource that the route belongs to (RFC 8707):
   * `protect('read', { resource: 'https://api.example.com/' })` takes tokens for that and no others.
   * Without it the resource is the server itself.
   */
  readonly protect: Protect;
  /** What happens, for audit and metrics. */
  readonly events: Events;
  /**
   * Makes the signing keys, or reads them. They are made when they are first needed, too; awaiting
   * this before the server listens shows at once where that cannot be done. It also looks for what a
   * demo has left in the store: from then on the tokens of that are refused, too.
   */
  ready(): Promise<void>;
  /** Stops the background work. The store stays open. */
  close(): void;
}

export const defaultLimits: Limits = {
  enabled: true,
  window: 15 * 60,
  loginsPerAccount: 10,
  loginsPerAddress: 100,
  clientFailures: 60,
};

/** How often, in milliseconds, what has expired is forgotten, and how much of it in one go. */
const PURGE_INTERVAL = 15_000;
const PURGE_LIMIT = 1000;

const ownViews = fileURLToPath(new URL('../views', import.meta.url));

/**
 * An OAuth 2.0 authorization server as an Express app.
 *
 * @throws TypeError where the options contradict each other
 */
export function authorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const {
    secret = randomToken(),
    scopes = {},
    brand = 'Authorization Server',
    sessionTtl = 7 * 24 * 3600,
  } = options;
  const issuer = checkIssuer(options.issuer);
  if ((options.authenticate === undefined) !== (options.loginUrl === undefined)) {
    throw new TypeError('authenticate and loginUrl go together: give both or neither.');
  }
  if (secret.length < 32) throw new TypeError('secret must have at least 32 characters.');
  const https = issuer.protocol === 'https:';
  const path = issuer.pathname.replace(/\/$/, '');
  const events = createEvents();
  const vetted = vetting(options.store ?? memoryStore(), {
    demo: options.demo !== undefined,
    production: options.production ?? false,
    ownUsers: options.authenticate === undefined,
    events,
  });
  const { store } = vetted;
  const look = readLook(ownViews, options);
  const render = createRender(
    { base: path, brand, homeUrl: options.home && `${path}/`, ...assetUrls(path, look) },
    ownViews,
    events,
  );

  const accessTokenTtl = options.accessTokenTtl ?? 3600;
  const keys = new Keys({
    store,
    alg: options.signingAlgorithm ?? 'ES256',
    secret,
    rotation: options.keyRotation ?? 30 * 24 * 3600,
    longestToken: Math.max(accessTokenTtl, 24 * 3600),
  });
  const issuing = createIssuing(store, {
    ...options,
    secret,
    keys,
    events,
    refuses: vetted.refuses,
  });
  const library = createLibrary({
    grantTypes,
    authorizationCodeTtl: options.authorizationCodeTtl ?? 60,
  });
  const guarded = new GuardedResources();
  const limits = { ...defaultLimits, ...options.limits };
  const problemOf = assertionVerifier({
    store,
    issuer: options.issuer,
    tokenEndpoint: `${options.issuer}/oauth/token`,
    secretKey: clientSecretKey(secret),
    allowInternal: options.allowInternalUrls ?? false,
    events,
  });

  const context: Context = {
    issuer: options.issuer,
    path,
    https,
    store,
    issuing,
    library,
    tokenRequests: createTokenRequests(library, makeGrantTypes(issuing), events),
    keys,
    authenticateClient: authenticateClient({
      store,
      issuer: options.issuer,
      limits,
      events,
      problemOf,
    }),
    guarded,
    resourcesOf: (client) =>
      allowedResources(client, { ...options, resources: Object.keys(options.resources ?? {}) }),
    events,
    limits,
    refusals: new Refusals(),
    scopes,
    deviceKey: createSecretKey(deriveKey(secret, 'device cookie')),
    loginFormKey: createSecretKey(deriveKey(secret, 'login form')),
    waiting: new PendingRequests(store, deriveKey(secret, 'authorization requests')),
    render,
    browser: [
      pace(),
      pageHeaders(https),
      sessions({
        store,
        secret: deriveKey(secret, 'session cookie').toString('hex'),
        https,
        ttl: sessionTtl,
      }),
    ],
    currentUser: options.authenticate
      ? foreignUser(options.authenticate)
      : ownUser(store, sessionTtl),
    loginUrl: loginUrlOf(options.loginUrl, path),
    accountLoginUrl:
      options.loginUrl === undefined
        ? `${path}/login?to=account`
        : withQuery(options.loginUrl, { return_to: `${path}/account` }),
    foreignLogin: options.authenticate !== undefined,
    demo: options.demo,
  };

  const rooms: Room[] = [
    authorize(context),
    token(context),
    revoke(context),
    introspect(context),
    jwks(context),
    account(context),
    removeApp(context),
    ...(context.foreignLogin
      ? []
      : [login(context), logout(context), signOutElsewhere(context), password(context)]),
    assets(look),
    ...(options.demo
      ? [auth(context), demo(context), playground(context, `${ownViews}/playground`)]
      : []),
  ];
  const known = [discovery(context, rooms), protectedResource(context)];

  const handler = express();
  handler.disable('x-powered-by').disable('etag');
  handler.set('views', [options.views ?? ownViews, ownViews]).set('view engine', 'ejs');
  const onError = errorHandler(options.issuer, events, {
    render,
    demo: options.demo !== undefined,
  });
  const wellKnown = express.Router().use(...known.map(({ routes }) => routes), onError);
  handler.on('mount', (parent) => {
    checkMountPath(handler, path);
    // RFC 8414 section 3.1: the document of an issuer with a path stands outside of that path.
    if (path !== '') parent.use(wellKnown);
  });
  const last = options.home ? [home(context)] : [];
  handler.use(...[...rooms, ...known, ...last].map(({ routes }) => routes));
  handler.use(onError);

  const timer = setInterval(() => {
    Promise.all([purge(store), keys.prepare()]).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) events.emit('store_unavailable', { error });
      else events.emit('failure', { requestId: 'background work', error });
    });
  }, PURGE_INTERVAL).unref();

  return {
    handler,
    wellKnown,
    protect: createProtect({
      issuer: options.issuer,
      library,
      find: issuing.findActiveToken,
      guarded,
      events,
    }),
    events,
    ready: async () => {
      await Promise.all([keys.prepare(), vetted.look()]);
    },
    close: () => clearInterval(timer),
  };
}

function checkIssuer(issuer: string): URL {
  const problem = issuerProblem(issuer);
  if (problem !== undefined) throw new TypeError(`issuer ${problem}: ${JSON.stringify(issuer)}`);
  return new URL(issuer);
}

/** A wrong path would break every link, some only at the third step of a login. */
function checkMountPath(handler: Express, path: string): void {
  const { mountpath } = handler;
  if (typeof mountpath !== 'string' || mountpath === '/' || path.endsWith(mountpath)) return;
  throw new TypeError(
    `The server is mounted at ${mountpath}, but the path of its issuer is ${path || '/'}: they have to be the same.`,
  );
}

async function purge(store: Store): Promise<void> {
  while ((await store.purge(Date.now(), PURGE_LIMIT)) === PURGE_LIMIT) {
    // Requests come first.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function ownUser(store: Store, ttl: number): Context['currentUser'] {
  return async (req) => {
    const signedIn = signedInUser(req, ttl);
    const user = signedIn && (await store.users.find(signedIn.id));
    if (user === undefined || !hasPasswordOf(user, signedIn!)) return undefined;
    const { id, name, username } = user;
    return { id, name, username, authTime: signedIn!.authTime };
  };
}

function foreignUser(
  authenticate: NonNullable<AuthorizationServerOptions['authenticate']>,
): Context['currentUser'] {
  return async (req) => {
    const user = await authenticate(req);
    return user && { username: user.id, ...user };
  };
}

function loginUrlOf(foreign: string | undefined, path: string): Context['loginUrl'] {
  return (handle, prompt) => {
    const request = { continue: handle };
    const more = prompt === undefined ? undefined : { prompt };
    return foreign === undefined
      ? withQuery(`${path}/login`, { ...request, ...more })
      : withQuery(foreign, { return_to: withQuery(`${path}/oauth/authorize`, request), ...more });
  };
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`;
}
