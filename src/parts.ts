// What one server is made of: each part once, of those before it. server.ts hands them to the endpoints.

import { PendingRequests } from './authorization/pending-requests.ts';
import { createPages, ownViews } from './browser-pages.ts';
import { createKnownClients } from './clients/known-clients.ts';
import { documentsOf } from './clients/metadata-documents.ts';
import type { Context } from './context.ts';
import { createEvents, type Events } from './events.ts';
import { siteOf } from './http/site.ts';
import { createBackChannel } from './logout/back-channel.ts';
import { createSessionEnds } from './logout/session-ends.ts';
import { createOAuth, type Refuses } from './oauth/oauth.ts';
import { createProtect } from './oauth/protect.ts';
import { type Settings, withDefaults } from './option-defaults.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { type Branding, readBranding } from './pages/branding.ts';
import { deriveKey } from './protocol/secrets.ts';
import { registrationTokens } from './registry/registration-tokens.ts';
import { createRegistry, type RegisteredBy } from './registry/registry.ts';
import { clientRules, selfMadeRules } from './registry/rules.ts';
import { selfRegistration } from './registry/self-registration.ts';
import { ownPeople } from './sign-in/own-people.ts';
import { peopleOfApp } from './sign-in/people.ts';
import { createResetLinks } from './sign-in/reset-links.ts';
import { memoryStore } from './store/memory.ts';
import type { Store } from './store/store.ts';
import { vetting } from './store/vetting.ts';

/** The context of the endpoints, and what only some of them need. */
export type Parts = ReturnType<typeof createParts>;

/**
 * Makes the parts of a server.
 *
 * @param by the `source` of the records that the server's `clients` and `users` write
 */
export function createParts(options: AuthorizationServerOptions, by: RegisteredBy) {
  const settings = withDefaults(options);
  const events = createEvents();
  const given = options.store ?? memoryStore();
  const ownUsers = settings.authenticate === undefined && settings.findUser === undefined;
  const { store, refuses, look } = vetting(given, {
    demo: options.demo ?? false,
    production: options.production ?? false,
    ownUsers,
    events,
  });
  const branding = readBranding(ownViews, options);
  const core = createCore(settings, store, events, refuses, branding);
  return {
    settings,
    branding,
    /** Whether people are those in the store. */
    ownUsers,
    /** Looks for what a demo has left in the store. */
    look,
    ...core,
    ...createRegistries(settings, core, { by, given, ownUsers }),
  };
}

type Core = ReturnType<typeof createCore>;

/** What answers clients and people. */
function createCore(
  settings: Settings,
  store: Store,
  events: Events,
  refuses: Refuses,
  branding: Branding,
) {
  const { issuer, secret, authenticate, loginUrl, allowInternalUrls } = settings;
  const site = siteOf(issuer);
  const clients = createKnownClients({
    store,
    events,
    documents: documentsOf(settings, selfMadeRules(settings), store),
  });
  const made = createOAuth(settings, store, clients, events, refuses);
  const { library, guarded, sectors, ...oauth } = made;
  const { issuing, keys } = oauth;
  const backChannel = createBackChannel({
    store,
    keys,
    issuer: site.issuer,
    allowInternal: allowInternalUrls ?? false,
    events,
  });
  const sessionEnds = createSessionEnds(store, backChannel.wake);
  const own = authenticate ? undefined : ownPeople({ ...settings, store, site, sessionEnds });
  const context: Context = {
    site,
    store,
    clients,
    events,
    oauth,
    protect: createProtect({
      ...site,
      scopes: Object.keys(settings.scopes ?? {}),
      library,
      find: issuing.findActiveToken,
      guarded,
      events,
    }),
    pages: createPages(settings, site, store, events, branding),
    people: own ?? peopleOfApp(authenticate!, loginUrl!, site.path, settings.sessionTtl),
    sessionEnds,
  };
  return {
    context,
    library,
    guarded,
    sectors,
    backChannel,
    /** The people of the context, if they sign in here. */
    ownPeople: own,
    pendingRequests: new PendingRequests(store, deriveKey(secret, 'authorization requests')),
    resetLinks: createResetLinks({ ...context, secret }),
  };
}

/** What registers clients and users: for the app around the server, and for clients themselves. */
function createRegistries(
  settings: Settings,
  { context, sectors, resetLinks }: Core,
  { by, given, ownUsers }: { by: RegisteredBy; given: Store; ownUsers: boolean },
) {
  const { store, events, sessionEnds } = context;
  const { keys } = context.oauth;
  const prepareKeys = keys.prepareFor.bind(keys);
  return {
    registry: createRegistry(settings, {
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
    }),
    registration: selfRegistration({
      store,
      secret: settings.secret,
      rules: clientRules(settings),
      selfMadeRules: selfMadeRules(settings),
      isOpen: settings.registration === 'open',
      sectors,
      prepareKeys,
    }),
    initialTokens: registrationTokens(store, settings.registration !== 'off'),
  };
}
