// authorizationServer(options): the server as a part of an Express app. Its endpoints are in the list
// below; a new endpoint is a file in endpoints/ and a line there.

import type { Express, RequestHandler } from 'express';
import { PendingRequests } from './authorization/pending-requests.ts';
import { startBackgroundWork } from './background.ts';
import { createPages, ownViews } from './browser-pages.ts';
import { createKnownClients } from './clients/known-clients.ts';
import { documentsOf } from './clients/metadata-documents.ts';
import type { Context, Endpoint } from './context.ts';
import { account } from './endpoints/account.ts';
import { assets } from './endpoints/assets.ts';
import { authorize } from './endpoints/authorize.ts';
import { createBrowserSignOut } from './endpoints/browser-sign-out.ts';
import { changePassword } from './endpoints/change-password.ts';
import { clientConfiguration } from './endpoints/client-configuration.ts';
import { clientLogo } from './endpoints/client-logo.ts';
import { device } from './endpoints/device.ts';
import { deviceAuthorization } from './endpoints/device-authorization.ts';
import { discovery } from './endpoints/discovery.ts';
import { endSession } from './endpoints/end-session.ts';
import { introspect } from './endpoints/introspect.ts';
import { jwks } from './endpoints/jwks.ts';
import { login } from './endpoints/login.ts';
import { logout } from './endpoints/logout.ts';
import { password } from './endpoints/password.ts';
import { protectedResource } from './endpoints/protected-resource.ts';
import { register } from './endpoints/register.ts';
import { registrationLimit } from './endpoints/registration-limit.ts';
import { removeApp } from './endpoints/remove-app.ts';
import { resetPassword } from './endpoints/reset-password.ts';
import { revoke } from './endpoints/revoke.ts';
import { signOutElsewhere } from './endpoints/sign-out-elsewhere.ts';
import { token } from './endpoints/token.ts';
import { userinfo } from './endpoints/userinfo.ts';
import { createEvents, type Events } from './events.ts';
import { furtherEndpoints } from './further-endpoints.ts';
import { begun } from './http/ahead.ts';
import { Routes } from './http/routes.ts';
import { siteOf } from './http/site.ts';
import { createAppSignOut, type SignOut } from './logout/app-sign-out.ts';
import { createBackChannel } from './logout/back-channel.ts';
import { createSessionEnds } from './logout/session-ends.ts';
import { mountable } from './mounting.ts';
import { createOAuth } from './oauth/oauth.ts';
import { createProtect, type Protect } from './oauth/protect.ts';
import { assertServerOptions } from './option-rules.ts';
import { type AuthorizationServerOptions, withDefaults } from './options.ts';
import { readBranding } from './pages/branding.ts';
import { errorHandler } from './pages/error-handler.ts';
import { deriveKey } from './protocol/secrets.ts';
import type { ClientRegistry } from './registry/client-registry.ts';
import { type RegistrationTokens, registrationTokens } from './registry/registration-tokens.ts';
import { createRegistry, type RegisteredBy } from './registry/registry.ts';
import { clientRules, selfMadeRules } from './registry/rules.ts';
import { selfRegistration } from './registry/self-registration.ts';
import type { UserRegistry } from './registry/user-registry.ts';
import { ownPeople } from './sign-in/own-people.ts';
import { peopleOfApp } from './sign-in/people.ts';
import { createResetLinks } from './sign-in/reset-links.ts';
import { memoryStore } from './store/memory.ts';
import { vetting } from './store/vetting.ts';

export interface AuthorizationServer {
  /** The Express app to mount: `app.use(handler)`, or under the path of the issuer. */
  readonly handler: Express;
  /**
   * The documents that stand at the root of the host though the issuer has a path (RFC 8414 section
   * 3.1). `app.use(handler)` brings them along. If the handler goes into a router, or into an app that
   * is itself mounted, mount them yourself at the root.
   */
  readonly wellKnown: RequestHandler;
  /**
   * Middleware that lets a request pass only with an access token that has all these scopes
   * (RFC 6750). The token is then at `res.locals.oauth.token`: `client.id`, `user.id` (absent if
   * the client acts for itself), `scope`, `audience`, `accessTokenExpiresAt`, and the `claims` that the
   * app has added. Any other request is answered with 401 or 403 and a `WWW-Authenticate` that says why.
   *
   * The last argument may name the resource that the route belongs to (RFC 8707):
   * `protect('read', { resource: 'https://api.example.com/' })` takes tokens for that and no others.
   * Without it the resource is the server itself.
   */
  readonly protect: Protect;
  /** Registers, changes and removes clients while the server runs. */
  readonly clients: ClientRegistry;
  /**
   * Initial access tokens, for clients that register themselves: `create({ uses, ttl, metadata })`. The
   * option `registration` has to be `token` or `open`.
   */
  readonly registrationTokens: RegistrationTokens;
  /** Registers, changes and removes users while the server runs, if people sign in here. */
  readonly users: UserRegistry;
  /**
   * Signs a person out of the clients that they have signed in to: `signOut({ userId })` of all, in
   * every browser, and `signOut({ sid })` of those of one session of the app around the server, by the
   * `sid` that `authenticate` answered. It ends what these clients were granted without
   * `offline_access`, and tells those that have a `backchannel_logout_uri`. If people sign in here, it
   * also ends their sessions, and takes no `sid`. An app ends its own sessions first. If it rejects,
   * call it again: nothing is done twice.
   */
  readonly signOut: SignOut;
  /** What happens, for audit and metrics. */
  readonly events: Events;
  /**
   * Makes the signing keys, or reads them. They are made when they are first needed, too. If this is
   * awaited before the server listens, it shows at once that they cannot be made. It also looks for
   * what a demo has left in the store: from then on the tokens of that are refused, too. It stores the
   * options `clients` and `users`, which is done before the first request is answered, too.
   */
  ready(): Promise<void>;
  /**
   * Stops the background work. The store stays open: it may be closed once this has resolved, which takes
   * a few seconds at the most, if a client is just being told that a session has ended.
   */
  close(): Promise<void>;
}

/**
 * An OAuth 2.0 authorization server as an Express app.
 *
 * @throws TypeError if an option is unknown or wrong, or if two contradict each other
 */
export function authorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  return createServer(options, 'code');
}

/**
 * Makes what `authorizationServer` answers with.
 *
 * @param by the `source` of the records that the server's `clients` and `users` write
 */
export function createServer(
  options: AuthorizationServerOptions,
  by: RegisteredBy,
): AuthorizationServer {
  assertServerOptions(options);
  const settings = withDefaults(options);
  const { secret, authenticate, loginUrl, logoutUrl, findUser } = settings;
  const site = siteOf(options.issuer);
  const events = createEvents();
  const given = options.store ?? memoryStore();
  const ownUsers = authenticate === undefined && findUser === undefined;
  const { store, refuses, look } = vetting(given, {
    demo: options.demo ?? false,
    production: options.production ?? false,
    ownUsers,
    events,
  });
  const branding = readBranding(ownViews, options);
  const pages = createPages(settings, site, store, events, branding);
  const clients = createKnownClients({
    store,
    events,
    documents: documentsOf(settings, selfMadeRules(settings), store),
  });
  const { library, guarded, sectors, ...oauth } = createOAuth(
    settings,
    store,
    clients,
    events,
    refuses,
  );
  const { issuing, keys } = oauth;
  const pendingRequests = new PendingRequests(store, deriveKey(secret, 'authorization requests'));
  const protect = createProtect({
    ...site,
    scopes: Object.keys(options.scopes ?? {}),
    library,
    find: issuing.findActiveToken,
    guarded,
    events,
  });
  const backChannel = createBackChannel({
    store,
    keys,
    issuer: site.issuer,
    allowInternal: settings.allowInternalUrls ?? false,
    events,
  });
  const sessionEnds = createSessionEnds(store, backChannel.wake);
  const ours = authenticate ? undefined : ownPeople({ ...settings, store, site, sessionEnds });
  const people = ours ?? peopleOfApp(authenticate!, loginUrl!, site.path, settings.sessionTtl);
  const context: Context = {
    site,
    store,
    clients,
    events,
    oauth,
    protect,
    pages,
    people,
    sessionEnds,
  };
  const signingOut =
    ours && createBrowserSignOut(context, ours, deriveKey(secret, 'sign-out reports'));
  const wayOut = signingOut ?? (logoutUrl === undefined ? undefined : { logoutUrl });

  const resetLinks = createResetLinks({ ...context, secret });
  const prepareKeys = keys.prepareFor.bind(keys);
  const initialTokens = registrationTokens(store, settings.registration !== 'off');
  const registration = selfRegistration({
    store,
    secret,
    rules: clientRules(settings),
    selfMadeRules: selfMadeRules(settings),
    isOpen: settings.registration === 'open',
    sectors,
    prepareKeys,
  });

  const limit = registrationLimit(context, settings);

  const endpoints: Endpoint[] = [
    authorize(context, library, pendingRequests, settings.beforeConsent),
    token(context),
    revoke(context),
    introspect(context),
    userinfo(context),
    deviceAuthorization(context, settings.limits),
    device(context, settings.limits, settings.beforeConsent),
    ...(settings.registration === 'off'
      ? []
      : [
          register(context, registration, initialTokens, limit, settings),
          clientConfiguration(context, registration, limit),
        ]),
    jwks(site, keys),
    account(context),
    removeApp(context),
    ...(ours && signingOut
      ? [login(context, ours, pendingRequests), logout(context, ours, signingOut)]
      : []),
    ...(wayOut ? [endSession(context, deriveKey(secret, 'logout requests'), wayOut)] : []),
    ...(ours ? [signOutElsewhere(context)] : []),
    ...(ours && ownUsers
      ? [password(context, ours), resetPassword(context, ours, resetLinks)]
      : []),
    assets(branding),
    clientLogo(context, settings),
    // Nobody calls this part: it calls clients.
    { routes: new Routes(), metadata: backChannel.metadata },
  ];
  const others = [protectedResource(site, guarded), ...(ownUsers ? [changePassword(site)] : [])];
  const further = furtherEndpoints(options, context, [...endpoints, ...others]);
  const known = [discovery(site, [...endpoints, ...further]), ...others];
  const { prepare, gate, ...registry } = createRegistry(settings, {
    by,
    store: given,
    vetted: store,
    events,
    sessionEnds,
    createResetLink: resetLinks.create,
    ownUsers,
    checkSecret: async () => void (await keys.current()),
    sectors,
    prepareKeys,
  });
  const onError = errorHandler(site.issuer, events, {
    render: pages.render,
    explain: options.explainErrors ?? false,
  });
  const background = startBackgroundWork(store, keys, backChannel, events);
  return {
    ...mountable(site, [...endpoints, ...known, ...further], known, onError, gate),
    ...registry,
    registrationTokens: { create: initialTokens.create },
    protect,
    signOut: createAppSignOut(store, sessionEnds, events, ours !== undefined),
    events,
    ready: async () => {
      // Nobody waits for the other keys, which may take longer to make: they will be there in time.
      void begun(keys.prepare());
      await Promise.all([keys.current(), look()]);
      await prepare?.();
    },
    close: async () => {
      await Promise.all([background.close(), backChannel.close()]);
    },
  };
}
