// What a person may have begun with a client, to see what of it ends.

import type { Client, User } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { aConsent, aGrant, aSession, aTicket, NOW, unique } from '../records.ts';

/** All that `begun` begins, as it is found afterwards. */
export const ALL = {
  consent: true,
  grant: true,
  code: true,
  unusedCode: true,
  access: true,
  refresh: true,
  session: true,
  ticket: true,
};

export const NONE = {
  consent: false,
  grant: false,
  code: false,
  unusedCode: false,
  access: false,
  refresh: false,
  session: false,
  ticket: false,
};

/**
 * Has a person allow a client something: a consent, a code, tokens of another code, and a ticket; and has
 * them signed in.
 *
 * @returns what of all that is there
 */
export async function begun(
  { store, savedCode, savedFamily }: Contract,
  client: Client,
  user: User,
) {
  const ids = { clientId: client.id, userId: user.id };
  const { grant, code, accessToken, refreshToken } = await savedFamily({}, aGrant(ids));
  const unused = (await savedCode({}, aGrant(ids))).code;
  const [session, ticket] = [unique(), aTicket(ids)];
  await store.consents.add(aConsent(ids));
  await store.sessions.save(session, aSession(user.id));
  await store.tickets.create(ticket, NOW);
  return async () => ({
    consent: (await store.consents.find(user.id, client.id, '')) !== undefined,
    grant: (await store.grants.find(grant.id, NOW)) !== undefined,
    code: (await store.codes.find(code.hash, NOW)) !== undefined,
    unusedCode: (await store.codes.find(unused.hash, NOW)) !== undefined,
    access: (await store.accessTokens.find(accessToken.hash, NOW)) !== undefined,
    refresh: (await store.refreshTokens.find(refreshToken.hash, NOW)) !== undefined,
    session: (await store.sessions.find(session, NOW)) !== undefined,
    ticket: (await store.tickets.find(ticket.kind, ticket.hash, NOW)) !== undefined,
  });
}
