// authorizationServer(options): the server as a part of an Express app. Its endpoints are in the list
// below; a new endpoint is a file in endpoints/ and a line there.

import type { Express, RequestHandler } from 'express';
import { startBackgroundWork } from './background.ts';
import type { Endpoint } from './context.ts';
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
import type { Events } from './events.ts';
import { furtherEndpoints, inExpress } from './further-endpoints.ts';
import { begun } from './http/ahead.ts';
import { Routes } from './http/routes.ts';
import { createAppSignOut, type SignOut } from './logout/app-sign-out.ts';
import { mountable } from './mounting.ts';
import type { Protect } from './oauth/protect.ts';
import { assertServerOptions } from './option-rules.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { errorHandler } from './pages/error-handler.ts';
import { createParts, type Parts } from './parts.ts';
import { deriveKey } from './protocol/secrets.ts';
import type { ClientRegistry } from './registry/client-registry.ts';
import type { RegistrationTokens } from './registry/registration-tokens.ts';
import type { RegisteredBy } from './registry/registry.ts';
import type { UserRegistry } from './registry/user-registry.ts';

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
   * Makes the signing keys, or reads them. Otherwise they are made when first needed. Await this before
   * listening, to learn of a failure at once. It also looks for
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
  return createServer(options, 'code', inExpress);
}

/**
 * Makes what `authorizationServer` answers with.
 *
 * @param by the `source` of the records that the server's `clients` and `users` write
 * @param adapt what becomes of each endpoint of the option `endpoints`; if it is absent, their handlers get
 *   requests as node:http makes them, as those of the server do
 */
export function createServer(
  options: AuthorizationServerOptions,
  by: RegisteredBy,
  adapt: (endpoint: Endpoint) => Endpoint = (endpoint) => endpoint,
): AuthorizationServer {
  assertServerOptions(options);
  const parts = createParts(options, by);
  const { context, backChannel } = parts;
  const { site, store, events, sessionEnds, pages, protect } = context;
  const { keys } = context.oauth;

  const endpoints = endpointsOf(parts);
  const atRoot = endpointsAtRoot(parts);
  const further = furtherEndpoints(options, context, [...endpoints, ...atRoot]).map(adapt);
  const known = [discovery(site, [...endpoints, ...further]), ...atRoot];
  const onError = errorHandler(site.issuer, events, {
    render: pages.render,
    speak: pages.speak,
    explain: options.explainErrors ?? false,
  });
  const { prepare, gate, ...registry } = parts.registry;
  const background = startBackgroundWork(store, keys, backChannel, events);
  return {
    ...mountable(site, [...endpoints, ...known, ...further], known, onError, gate),
    ...registry,
    registrationTokens: { create: parts.initialTokens.create },
    protect,
    signOut: createAppSignOut(store, sessionEnds, events, parts.ownPeople !== undefined),
    events,
    ready: async () => {
      // Nobody waits for the other keys, which may take longer to make: they will be there in time.
      void begun(keys.prepare());
      await Promise.all([keys.current(), parts.look()]);
      await prepare?.();
    },
    close: async () => {
      await Promise.all([background.close(), backChannel.close()]);
    },
  };
}

/** The endpoints under the issuer. */
function endpointsOf(parts: Parts): Endpoint[] {
  const { settings, context, ownPeople, ownUsers, pendingRequests, backChannel } = parts;
  const { secret, limits, beforeConsent, logoutUrl } = settings;
  const { site } = context;
  const limit = registrationLimit(context, settings);
  const signingOut =
    ownPeople && createBrowserSignOut(context, ownPeople, deriveKey(secret, 'sign-out reports'));
  const wayOut = signingOut ?? (logoutUrl === undefined ? undefined : { logoutUrl });

  return [
    authorize(context, parts.library, pendingRequests, beforeConsent),
    token(context),
    revoke(context),
    introspect(context),
    userinfo(context),
    deviceAuthorization(context, limits),
    device(context, limits, beforeConsent),
    ...(settings.registration === 'off'
      ? []
      : [
          register(context, parts.registration, parts.initialTokens, limit, settings),
          clientConfiguration(context, parts.registration, limit),
        ]),
    jwks(site, context.oauth.keys),
    account(context),
    removeApp(context),
    ...(ownPeople && signingOut
      ? [
          login(context, ownPeople, pendingRequests),
          logout(context, ownPeople, signingOut),
          signOutElsewhere(context),
        ]
      : []),
    ...(wayOut ? [endSession(context, deriveKey(secret, 'logout requests'), wayOut)] : []),
    ...(ownPeople && ownUsers
      ? [password(context, ownPeople), resetPassword(context, ownPeople, parts.resetLinks)]
      : []),
    assets(parts.branding),
    clientLogo(context, settings),
    // Nobody calls this part: it calls clients.
    { routes: new Routes(), metadata: backChannel.metadata },
  ];
}

/** The documents that stand at the root of the host, besides the discovery document. */
function endpointsAtRoot({ context: { site }, guarded, ownUsers }: Parts): Endpoint[] {
  return [protectedResource(site, guarded), ...(ownUsers ? [changePassword(site)] : [])];
}
