// What the servers of the tests begin with.

import { quickHash } from './passwords.ts';

/** Clients and users of every kind the tests need. */
export const SEED = {
  scopes: { read: 'Read your data', write: 'Change your data', admin: 'Do anything' },
  clients: [
    {
      client_id: 'web',
      client_secret: 'web-secret',
      client_name: 'Web App',
      redirect_uris: ['http://127.0.0.1:9/callback', 'https://web.example/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'read write',
    },
    {
      client_id: 'spa',
      client_name: 'Browser App',
      redirect_uris: ['https://spa.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read write',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'native',
      client_name: 'Desktop App',
      redirect_uris: [
        'http://127.0.0.1/callback',
        'http://[::1]/callback',
        'http://localhost/callback',
      ],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'phone',
      client_name: 'Phone App',
      redirect_uris: ['com.example.phone:/callback'],
      grant_types: ['authorization_code'],
      scope: 'read',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'legacy',
      client_secret: 'legacy-secret',
      client_name: 'Old App',
      redirect_uris: ['https://legacy.example/callback?tenant=1'],
      grant_types: ['authorization_code'],
      scope: 'read',
      require_pkce: false,
    },
    {
      client_id: 'basic-only',
      client_secret: 'a+b%20c/d',
      grant_types: ['client_credentials'],
      scope: 'read',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      client_id: 'post-only',
      client_secret: 'post-secret',
      grant_types: ['client_credentials'],
      scope: 'read',
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  users: [
    { username: 'alice', password_hash: quickHash('wonderland'), name: 'Alice Liddell' },
    { username: 'bob', password_hash: quickHash('builder'), name: 'Bob', id: 'user-2' },
  ],
};

/** The same with secrets of 32 characters, as production wants them. */
export const PRODUCTION_SEED = {
  ...SEED,
  clients: SEED.clients.map((client) =>
    client.client_secret === undefined
      ? client
      : { ...client, client_secret: client.client_secret.padEnd(32, '.') },
  ),
};
