// A choir whose authorization server has a little of its own at each place where it can have some.

import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { authorizationServer, tokenOf } from 'express-authorization-server';
import { MAIL_CODE, mailCodeEndpoint, mailCodeGrant } from './mail-code.ts';
import { accepted, termsEndpoint } from './terms.ts';

/** What the choir knows of its people, and the server does not. */
const VOICES = new Map([
  ['maria', 'alto'],
  ['georg', 'bass'],
]);

const SCOPES = { scores: 'See the scores of the choir' };

const CLIENTS = [
  {
    client_id: 'rehearsal',
    client_secret: 'a-secret-for-this-example',
    client_name: 'Rehearsal',
    redirect_uris: ['http://localhost:4003/callback'],
    grant_types: ['authorization_code', 'refresh_token', MAIL_CODE],
  },
];

const USERS = [
  { username: 'maria', password: 'caterpillar', name: 'Maria', email: 'maria@choir.example' },
  { username: 'georg', password: 'harmony', name: 'Georg', email: 'georg@choir.example' },
];

/**
 * The choir.
 *
 * @param issuer the URL that its authorization server is known by
 * @param send sends a mail
 */
export function createChoir(issuer: string, send: (to: string, text: string) => void): Express {
  const oauth = authorizationServer({
    issuer,
    scopes: SCOPES,
    clients: CLIENTS,
    users: USERS,
    brand: 'Choir',
    views: fileURLToPath(new URL('views', import.meta.url)),
    // In each access token: a JWT, the answer of introspection, and at a protected route.
    claims: ({ user }) => user && { voice: VOICES.get(user.id) ?? 'unknown' },
    // In the answer of the token endpoint.
    tokenResponse: ({ user }) => user && { name: user.name ?? user.id },
    // What a client learns of a person, beside what the store knows, if the person allows it.
    userClaims: ({ id }) => ({ groups: [VOICES.get(id) ?? 'guests'] }),
    // Whoever has not accepted the terms does so before they allow a client anything.
    beforeConsent: (_req, { user }) => (accepted.has(user.id) ? undefined : '/terms'),
    grants: { [MAIL_CODE]: mailCodeGrant },
    endpoints: (context) => [mailCodeEndpoint(context, send), termsEndpoint(context)],
  });

  const app = express();
  app.use(oauth.handler);
  app.get('/api/scores', oauth.protect('scores'), (_req, res) => {
    res.json({ scores: [`Magnificat, ${tokenOf(res).claims['voice']}`] });
  });
  return app;
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4002);
  const issuer = `http://localhost:${port}`;
  const print = (to: string, text: string) => process.stdout.write(`Mail to ${to}: ${text}\n`);
  const app = createChoir(issuer, print);
  app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`The choir is at ${issuer}\n`);
  });
}
