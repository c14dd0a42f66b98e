// The authorization server, as openid-client knows it.

import * as oidc from 'openid-client';
import { Unavailable } from './problems.ts';
import type { Settings } from './settings.ts';

/** What the server says of itself: fetched when it is needed first, and kept. */
export type Server = () => Promise<oidc.Configuration>;

export function authorizationServer(settings: Settings): Server {
  let found: Promise<oidc.Configuration> | undefined;
  return () => {
    found ??= discover(settings).catch((error) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

/** OpenID Connect Discovery: the issuer is all that has to be known. */
function discover({ issuer, clientId, clientSecret }: Settings): Promise<oidc.Configuration> {
  const isLocal = issuer.startsWith('http:');
  return oidc.discovery(new URL(issuer), clientId, clientSecret, oidc.ClientSecretPost(), {
    // Without TLS, which is for trying out alone.
    execute: isLocal ? [oidc.allowInsecureRequests] : [],
    timeout: 5,
    [oidc.customFetch]: ask,
  });
}

/** @throws Unavailable, which openid-client hands on as a cause */
export async function ask(url: string, options: object): Promise<Response> {
  try {
    const answer = await fetch(url, options as RequestInit);
    if (answer.status < 500) return answer;
    throw new Error(`It answered with ${answer.status}.`);
  } catch (cause) {
    throw new Unavailable('The authorization server does not answer.', { cause });
  }
}
