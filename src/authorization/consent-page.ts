// The page that asks a person what a client may do.

import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { PATHS } from '../http/paths.ts';
import { wordsFor } from '../pages/language.ts';
import { describeScopes } from '../pages/scopes.ts';
import { shownClient } from '../pages/shown-client.ts';
import type { Key } from '../pages/words/words.ts';
import { consentMark } from '../protocol/client.ts';
import { canAnyAppClaim, redirectHost } from '../protocol/redirect-uri.ts';
import { isAboutPerson } from '../protocol/scope.ts';
import { claimNames, requestedNames } from '../protocol/shared-claims.ts';
import { csrfToken } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { Client, Consent } from '../types.ts';
import { consentedResources } from './consent.ts';
import { wantedAcr } from './interaction.ts';
import type { Visit } from './visit.ts';

/**
 * Asks a person.
 *
 * @param handle of the request, as it waits
 * @param problem what was wrong with the decision that came before, if one came
 */
export async function askConsent(
  {
    site,
    store,
    oauth,
    pages,
    people,
  }: Pick<Context, 'site' | 'store' | 'oauth' | 'pages' | 'people'>,
  { client, request }: Visit,
  handle: string,
  user: SignedIn,
  req: Request,
  res: Response,
  problem?: Key,
): Promise<void> {
  const [consents, known] = await Promise.all([
    Promise.all(
      consentedResources(request).map((resource) =>
        store.consents.find(user.id, client.id, resource),
      ),
    ),
    oauth.personClaims.known(user, claimNames(request)),
  ]);
  const remembered = consents.some((consent) => consent !== undefined);
  const asked = { scope: request.scope, claims: requestedNames(request.claims) };
  const t = wordsFor(res);
  const title = t('consent.title', { client: client.name });
  const choices = { cancel: t('common.cancel'), allow: t('consent.allow') };
  res.statusCode = problem === undefined ? 200 : 400;
  pages.render(res, 'consent', {
    // No link leads out of the middle of a sign-in.
    homeUrl: undefined,
    title: problem === undefined ? title : t('common.errorTitle', { title }),
    action: `${site.path}${PATHS.authorize}`,
    csrfToken: await csrfToken(req, handle, user.id),
    handle,
    client: shownClient(client, site),
    user: { name: user.name, username: user.username },
    scopes: describeScopes(
      asked,
      pages.scopes,
      t,
      known,
      remembered ? allowedByAll(consents, client) : undefined,
    ),
    isIdentity: request.resource.length === 0 && request.scope.every(isAboutPerson),
    resources: request.resource,
    returnsTo: redirectHost(request.redirectUri),
    canAnyAppClaim: canAnyAppClaim(request.redirectUri),
    switchUrl: people.loginUrl(handle, 'login', wantedAcr(request)),
    remembered,
    error: problem && t(problem, choices),
  });
}

const NOTHING: Pick<Consent, 'scope' | 'claims'> = { scope: [], claims: [] };

/** What a person has allowed a client, as it is now, at each of the resources that it asks for. */
function allowedByAll(consents: readonly (Consent | undefined)[], client: Client) {
  const mark = consentMark(client);
  const [first, ...others] = consents.map((consent) =>
    consent !== undefined && consent.mark === mark ? consent : NOTHING,
  );
  return {
    scope: first!.scope.filter((word) => others.every(({ scope }) => scope.includes(word))),
    claims: (first!.claims ?? []).filter((name) =>
      others.every(({ claims = [] }) => claims.includes(name)),
    ),
  };
}
