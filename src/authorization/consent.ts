// What a person allows a client, and has allowed before.

import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { requestedNames } from '../protocol/shared-claims.ts';
import { isRemembered } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import type { Consent } from '../types.ts';

/** The resources that a consent is kept for, one by one: each may allow something else. */
export function consentedResources({
  resource,
}: Pick<AuthorizationRequest, 'resource'>): readonly string[] {
  return resource.length > 0 ? resource : [''];
}

/** What is remembered once a person has allowed a request. */
export function consentsTo(request: AuthorizationRequest, userId: string): Consent[] {
  const { clientId, scope } = request;
  const claims = requestedNames(request.claims);
  const asked = { scope, ...(claims.length > 0 && { claims }) };
  const common = { userId, clientId, ...asked, createdAt: Date.now() };
  return consentedResources(request).map((resource) => ({ ...common, resource }));
}

/** Whether a person has allowed before all that a request asks for. */
export async function isConsented(
  store: Pick<Store, 'consents'>,
  request: AuthorizationRequest,
  userId: string,
): Promise<boolean> {
  const needed = { scope: request.scope, claims: requestedNames(request.claims) };
  for (const resource of consentedResources(request)) {
    const consent = await store.consents.find(userId, request.clientId, resource);
    if (!isRemembered(consent, needed)) return false;
  }
  return true;
}
