// An MCP server and its authorization server in one Express app.

import express, { type Express } from 'express';
import {
  type AuthorizationServerOptions,
  authorizationServer,
  cors,
  memoryStore,
} from '../../src/index.ts';
import { mcpEndpoint } from './endpoint.ts';

/** @param further options of the authorization server: a real one has a store and a secret. */
export function createApp(
  issuer: string,
  further: Partial<AuthorizationServerOptions> = {},
): Express {
  const app = express();
  const resource = `${issuer}/mcp`;
  const oauth = authorizationServer({
    issuer,
    store: memoryStore(),
    scopes: { read: 'See your appointments', write: 'Make appointments for you' },
    users: [{ username: 'alice', password: 'wonderland', name: 'Alice Liddell' }],
    clientMetadataDocuments: 'on',
    registration: 'open',
    ...further,
  });
  app.use(oauth.handler);
  const guard = (...scope: string[]) => oauth.protect(...scope, { resource });
  app.all('/mcp', cors('GET', 'POST'), mcpEndpoint(guard));
  return app;
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4006);
  const issuer = `http://localhost:${port}`;
  createApp(issuer).listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`An MCP server that signs people in itself is running at ${issuer}/mcp\n`);
  });
}
