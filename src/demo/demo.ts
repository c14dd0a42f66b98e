// The demo: its clients and user, shown to everybody, and the pages that only it has.

import type { Context, Endpoint } from '../context.ts';
import type { Translate } from '../pages/translate.ts';
import type { Seed } from '../program/seed.ts';
import {
  type Command,
  callback,
  demoAuthorizeUrl,
  demoCommands,
  demoRedirectUri,
} from './callback.ts';
import { playground, playgroundRedirectUri, playgroundUrl } from './playground.ts';
import { tutorial } from './tutorial.ts';

/** What the demo shows to a newcomer, secrets and all. */
export interface Demo {
  readonly clients: readonly {
    readonly id: string;
    readonly secret?: string;
    readonly name: string;
    readonly grants: readonly string[];
    readonly redirectUris: readonly string[];
  }[];
  readonly users: readonly { readonly username: string; readonly password: string }[];
}

/** What a demo seed shows to everybody. */
export function demoOf(seed: Seed): Demo {
  return {
    clients: seed.clients.map((client) => ({
      id: client.client_id,
      ...(client.client_secret[0] !== undefined && { secret: client.client_secret[0] }),
      name: client.client_name ?? client.client_id,
      grants: client.grant_types,
      redirectUris: client.redirect_uris,
    })),
    users: seed.users.map(({ username, password = '' }) => ({ username, password })),
  };
}

/** What a newcomer can try. */
export interface Guide extends Demo {
  readonly commands: readonly Command[];
  /** Where a sign-in starts. */
  readonly tryUrl: string;
  readonly playgroundUrl: string | undefined;
}

/** What a newcomer can try, in the language of a page. */
export function guideOf(issuer: string, demo: Demo, t: Translate): Guide {
  return {
    ...demo,
    commands: demoCommands(issuer, demo, t),
    tryUrl: demoAuthorizeUrl(issuer, demo),
    playgroundUrl: playgroundUrl(issuer, demo),
  };
}

/** Adds to a demo's seed what depends on the URL that the demo has. */
export function settleDemo({ clients }: Seed, issuer: string): void {
  const [tutorial] = clients;
  const app = clients.find((client) => client.token_endpoint_auth_method === 'none');
  tutorial?.redirect_uris.push(demoRedirectUri(issuer));
  app?.redirect_uris.push(playgroundRedirectUri(issuer));
  // In the playground it stands for the API too, which is sent the tokens of others.
  if (tutorial) tutorial.introspects = [issuer];
}

/** The endpoints that only the demo has. */
export function demoEndpoints(context: Context, demo: Demo): Endpoint[] {
  return [tutorial(context), callback(context, demo), playground(context, demo)];
}
