// What a person allows a client, and has allowed before.

import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { consentMark } from '../protocol/client.ts';
import type { RedirectTarget } from '../protocol/redirect-target.ts';
import { requestedNames } from '../protocol/shared-claims.ts';
import { isConsentEnough } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import type { Client, Consent } from '../types.ts';

/** The resources that a consent is kept for, one by one: each may allow something else. */
export function consentedResources({
  resource,
}: Pick<AuthorizationRequest, 'resource'>): readonly string[] {
  return resource.length > 0 ? resource : [''];
}

/** A request, and the client as it is now. */
interface Asked {
  readonly request: AuthorizationRequest;
  readonly client: Client;
}

/** What is remembered once a person has allowed a request. */
export function consentsTo({ request, client }: Asked, userId: string): Consent[] {
  const { clientId, scope } = request;
  const claims = requestedNames(request.claims);
  const mark = consentMark(client);
  const asked = {
    scope,
    ...(claims.length > 0 && { claims }),
    ...(mark !== undefined && { mark }),
  };
  const common = { userId, clientId, ...asked, createdAt: Date.now() };
  return consentedResources(request).map((resource) => ({ ...common, resource }));
}

/** Whether a person has allowed before all that a request asks for. */
export async function isConsented(
  store: Pick<Store, 'consents'>,
  { request, client }: Asked,
  userId: string,
): Promise<boolean> {
  const claims = requestedNames(request.claims);
  const needed = { scope: request.scope, claims, mark: consentMark(client) };
  for (const resource of consentedResources(request)) {
    const consent = await store.consents.find(userId, request.clientId, resource);
    if (!isConsentEnough(consent, needed)) return false;
  }
  return true;
}

/**
 * Where a refusal is sent. A person who has allowed the client anything, as it is now, has decided for it:
 * they are sent there, whoever has registered it.
 *
 * @param userId of who is signed in to the browser, if anybody is
 */
export async function refusalTarget(
  store: Pick<Store, 'consents'>,
  { client, target }: Pick<Asked, 'client'> & { readonly target: RedirectTarget },
  userId: string | undefined,
): Promise<RedirectTarget> {
  if (target.isTrusted || userId === undefined) return target;
  const needed = { scope: [], mark: consentMark(client) };
  const consents = await store.consents.listByUser(userId);
  const hasDecided = consents.some(
    (consent) => consent.clientId === client.id && isConsentEnough(consent, needed),
  );
  return hasDecided ? target.trusted() : target;
}
