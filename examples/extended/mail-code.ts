// A grant type of the choir's own: an app asks for a code, the choir sends it by mail, and the app
// exchanges what the person has typed for tokens. What is known of a code that was sent is a ticket.

import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import {
  type Context,
  type CustomGrant,
  callerOf,
  type Endpoint,
  form,
  jsonHeaders,
  methods,
  OAuthError,
  Routes,
  sendJson,
} from 'express-authorization-server';

/** The name of the grant type, which is a URI (RFC 6749 section 4.5). */
export const MAIL_CODE = 'urn:example:choir:mail-code';

const KIND = 'mail-code';
const MINUTE = 60_000;
const LIFETIME = 10 * MINUTE;

/** How often somebody may guess a code, and how many codes are sent to a person in a while. */
const MAX_GUESSES = 5;
const MAX_MAILS = 5;

/** A code has a million possibilities: without a key, whoever reads the database could try them all. */
const key = randomBytes(32);
const keyed = (code: string) => createHmac('sha256', key).update(code).digest('base64url');
const sha256 = (id: string) => createHash('sha256').update(id).digest('base64url');

/** POST /mail_code: sends a code to a person, and answers with an id for it. */
export function mailCodeEndpoint(
  { oauth, site, store }: Context,
  send: (to: string, text: string) => void,
): Endpoint {
  const routes = new Routes();
  const authenticate = oauth.authenticateClient({ username: 256 });
  routes.all('/mail_code', jsonHeaders, methods('POST'), form, authenticate, async (_req, res) => {
    const { client, params } = callerOf(res)!;
    if (!client.grants.includes(MAIL_CODE)) {
      throw new OAuthError('unauthorized_client', 'This client may not ask for codes by mail.');
    }
    const id = randomBytes(32).toString('base64url');
    const code = String(randomInt(1e6)).padStart(6, '0');
    const user = await store.users.findByTypedName(params.get('username') ?? '');
    const now = Date.now();
    // The answer is the same for somebody who is not known, or has got many: it tells nobody who is.
    if (
      user?.email !== undefined &&
      (await store.limits.take(`${KIND} ${user.id}`, MAX_MAILS, 15 * MINUTE, now)).allowed
    ) {
      const ticket = {
        kind: KIND,
        hash: sha256(id),
        payload: { code: keyed(code), guesses: 0 },
        expiresAt: now + LIFETIME,
        clientId: client.id,
        userId: user.id,
      };
      await store.tickets.create(ticket, now);
      send(user.email, `Your code for ${client.name} is ${code}.`);
    }
    sendJson(res, { mail_code_id: id, expires_in: LIFETIME / 1000 });
  });
  return { routes, metadata: { mail_code_endpoint: `${site.issuer}/mail_code` } };
}

/** The grant type: the id of a code, and what the person has typed, for tokens. */
export const mailCodeGrant: CustomGrant = {
  parameters: { mail_code_id: 64, mail_code: 16 },
  async handle({ params, store, issue }) {
    const now = Date.now();
    const hash = sha256(params.get('mail_code_id') ?? '');
    const read = await store.tickets.find(KIND, hash, now);
    const guesses = Number(read?.payload['guesses'] ?? MAX_GUESSES);
    if (read === undefined || guesses >= MAX_GUESSES) throw wrong();
    // A guess is counted before it is looked at. Of many at once, one is counted, and the others are
    // refused without a look.
    const ticket = { ...read, payload: { ...read.payload, guesses: guesses + 1 } };
    if (!(await store.tickets.change(read, ticket, now))) throw wrong();
    const given = keyed(params.get('mail_code') ?? '');
    const isRight = timingSafeEqual(Buffer.from(given), Buffer.from(String(read.payload['code'])));
    if (!isRight) throw wrong();
    // The ticket is taken in the operation that stores the tokens, so a code works once.
    return issue({ user: { id: read.userId!, authTime: now }, ticket });
  },
};

function wrong(): OAuthError {
  return new OAuthError('invalid_grant', 'The code is not right, was used, or has expired.');
}
