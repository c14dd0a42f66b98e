// authorizationServer(options): the server as a part of an Express app. Its endpoints stand in a list
// below; a new endpoint is a file in endpoints/ and a line there.

import { createSecretKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import { PendingRequests } from './authorization/pending-requests.ts';
import { assertionVerifier } from './clients/assertion.ts';
import { authenticateClient } from './clients/authenticate.ts';
import type { Context, Endpoint } from './context.ts';
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
import { Refusals } from './http/refusals.ts';
import { grantTypes, makeGrantTypes } from './oauth/grants/all.ts';
import { GuardedResources } from './oauth/guarded-resources.ts';
import { createIssuing } from './oauth/issuing.ts';
import { Keys } from './oauth/keys.ts';
import { createLibrary } from './oauth/library.ts';
import { createProtect, type Protect } from './oauth/protect.ts';
import { createTokenRequests } from './oauth/token-requests.ts';
import { type AuthorizationServerOptions, withDefaults } from './options.ts';
import { readBranding } from './pages/branding.ts';
import { errorHandler } from './pages/error-handler.ts';
import { createRender } from './pages/render.ts';
import { issuerProblem } from './protocol/issuer.ts';
import { allowedResources } from './protocol/resource.ts';
import { clientSecretKey, deriveKey, randomToken } from './protocol/secrets.ts';
import { ownPeople, peopleOfApp } from './sign-in/people.ts';
import { sessions } from './sign-in/session.ts';
import { memoryStore } from './store/memory.ts';
import { type Store, StoreUnavailable } from './store/store.ts';
import { vetting } from './store/vetting.ts';

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
  const { secret = randomToken(), scopes = {} } = options;
  const settings = withDefaults(options);
  const { brand, accessTokenTtl, sessionTtl, limits } = settings;
  const issuer = checkIssuer(options.issuer);
  if ((options.authenticate === undefined) !== (options.loginUrl === undefined)) {
    throw new TypeError('authenticate and loginUrl go together: give both or neither.');
  }
  if (secret.length < 32) throw new TypeError('secret must have at least 32 characters.');
  const https = issuer.protocol === 'https:';
  const path = issuer.pathname.replace(/\/$/, '');
  const events = createEvents();
  const vetted = vetting(options.store ?? memoryStore(), {
    demo: options.demo ?? false,
    production: options.production ?? false,
    ownUsers: options.authenticate === undefined,
    events,
  });
  const { store } = vetted;
  const look = readBranding(ownViews, options);
  const render = createRender(
    { base: path, brand, homeUrl: options.homeUrl, ...assetUrls(path, look) },
    options.locals ?? {},
    ownViews,
    events,
  );

  const keys = new Keys({
    store,
    alg: settings.signingAlgorithm,
    secret,
    rotation: settings.keyRotation,
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
    authorizationCodeTtl: settings.authorizationCodeTtl,
  });
  const guarded = new GuardedResources();
  const problemOf = assertionVerifier({
    store,
    issuer: options.issuer,
    tokenEndpoint: `${options.issuer}/oauth/token`,
    secretKey: clientSecretKey(secret),
    allowInternal: options.allowInternalUrls ?? false,
    events,
  });

  const people =
    options.authenticate !== undefined && options.loginUrl !== undefined
      ? peopleOfApp(options.authenticate, options.loginUrl, path)
      : ownPeople(store, path, sessionTtl);

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
    pendingRequests: new PendingRequests(store, deriveKey(secret, 'authorization requests')),
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
    people,
  };

  const endpoints: Endpoint[] = [
    authorize(context),
    token(context),
    revoke(context),
    introspect(context),
    jwks(context),
    account(context),
    removeApp(context),
    ...(people.areOurs
      ? [login(context), logout(context), signOutElsewhere(context), password(context)]
      : []),
    assets(look),
  ];
  const further = options.endpoints?.(context) ?? [];
  const known = [discovery(context, [...endpoints, ...further]), protectedResource(context)];

  const handler = express();
  handler.disable('x-powered-by').disable('etag');
  handler.set('views', [options.views ?? ownViews, ownViews]).set('view engine', 'ejs');
  const onError = errorHandler(options.issuer, events, {
    render,
    explain: options.explainErrors ?? false,
  });
  const wellKnown = express.Router().use(...known.map(({ routes }) => routes), onError);
  handler.on('mount', (parent) => {
    checkMountPath(handler, path);
    // RFC 8414 section 3.1: the document of an issuer with a path stands outside of that path.
    if (path !== '') parent.use(wellKnown);
  });
  handler.use(...[...endpoints, ...known, ...further].map(({ routes }) => routes));
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
