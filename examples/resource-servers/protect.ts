// An API with notes and its authorization server in one process: protect() checks the tokens.

import express, { type Express } from 'express';
import { applySeed, authorizationServer, memoryStore, parseSeed } from '../../src/index.ts';

const SEED = {
  scopes: { read: 'Read your notes', write: 'Change your notes' },
  clients: [
    {
      client_id: 'notes-app',
      client_secret: 'the-secret-of-the-app',
      grant_types: ['client_credentials'],
    },
  ],
};

const NOTES = new Map([['notes-app', ['Buy milk']]]);

export async function createApp(issuer: string): Promise<Express> {
  const app = express();
  const store = memoryStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));

  // #region protect
  const notes = `${issuer}/notes`;
  const oauth = authorizationServer({
    issuer,
    store,
    scopes: SEED.scopes,
    resources: { [notes]: {} },
  });
  app.use(new URL(issuer).pathname, oauth.handler);

  app.get('/whoami', oauth.protect(), (_req, res) => {
    const { token } = res.locals['oauth'];
    res.json({ client: token.client.id, person: token.user.id ?? null });
  });
  // #endregion

  // #region protect-resource
  app.get('/notes', oauth.protect('read', { resource: notes }), (_req, res) => {
    const { token } = res.locals['oauth'];
    res.json({ notes: NOTES.get(token.user.id ?? token.client.id) ?? [] });
  });
  // #endregion

  return app;
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4004);
  const issuer = `http://localhost:${port}`;
  const app = await createApp(issuer);
  app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`The notes are at ${issuer}/notes, their tokens checked by protect()\n`);
  });
}
