// The API and its authorization server in one process, where protect() checks the tokens.

import express, { type Express } from 'express';
import {
  applySeed,
  authorizationServer,
  memoryStore,
  parseSeed,
  tokenOf,
} from '../../src/index.ts';
import { appointmentsOf } from './appointments.ts';

const SEED = {
  scopes: { read: 'See your appointments', write: 'Make appointments for you' },
  clients: [
    {
      client_id: 'front-desk',
      client_secret: 'the-secret-of-the-front-desk',
      grant_types: ['client_credentials'],
    },
  ],
};

export async function createApp(issuer: string): Promise<Express> {
  const app = express();
  const store = memoryStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));

  // #region protect
  const api = `${issuer}/api`;
  const oauth = authorizationServer({
    issuer,
    store,
    scopes: SEED.scopes,
    resources: { [api]: {} },
  });
  app.use(new URL(issuer).pathname, oauth.handler);

  app.get('/whoami', oauth.protect(), (_req, res) => {
    const { user, client } = tokenOf(res);
    res.json({ client: client.id, person: user.id ?? null });
  });
  // #endregion

  // #region protect-resource
  app.get('/api/appointments', oauth.protect('read', { resource: api }), (_req, res) => {
    const { user, client } = tokenOf(res);
    const owner = user.id === undefined ? `client:${client.id}` : `person:${user.id}`;
    res.json({ appointments: appointmentsOf(owner) });
  });
  // #endregion

  return app;
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4003);
  const issuer = `http://localhost:${port}`;
  const app = await createApp(issuer);
  app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`${issuer} is running, its tokens checked by protect()\n`);
  });
}
