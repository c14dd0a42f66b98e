// The settings, from the environment; README.md lists them.

import { randomBytes } from 'node:crypto';

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Where browsers find this app. */
  readonly appUrl: string;
  /** The authorization server. */
  readonly issuer: string;
  /** The API, by its URL, which is also the name that tokens for it have in their audience. */
  readonly resource: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sessionSecret: string;
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = Number(env['PORT'] ?? 4000);
  return {
    host: env['HOST'] ?? '127.0.0.1',
    port,
    appUrl: env['APP_URL'] ?? `http://localhost:${port}`,
    issuer: env['ISSUER'] ?? 'http://localhost:4001',
    resource: env['RESOURCE'] ?? 'http://localhost:4002/api',
    clientId: env['CLIENT_ID'] ?? 'agenda',
    clientSecret: env['CLIENT_SECRET'] ?? 'the-secret-of-the-client-app',
    // Sessions are in memory: they end with the process, and so may what signs their cookies.
    sessionSecret: env['SESSION_SECRET'] ?? randomBytes(32).toString('base64url'),
  };
}
