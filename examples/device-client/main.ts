// A command line that signs a person in (RFC 8628): they enter its code in a browser.

import { setTimeout } from 'node:timers/promises';

const { env } = process;
const ISSUER = env['ISSUER'] ?? 'http://localhost:4001';
const RESOURCE = env['RESOURCE'] ?? 'http://localhost:4002/api';
const CLIENT_ID = env['CLIENT_ID'] ?? 'agenda-cli';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Sends a form to an endpoint of the server. */
async function post(url: string, form: Record<string, string>) {
  const body = new URLSearchParams({ client_id: CLIENT_ID, ...form });
  return (await fetch(url, { method: 'POST', body })).json();
}

// RFC 8414; the path of an issuer that has one comes at the end.
const { origin, pathname } = new URL(ISSUER);
const metadata = `/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
const server = await (await fetch(origin + metadata)).json();

const codes = await post(server.device_authorization_endpoint, { resource: RESOURCE });
if (codes.error) throw new Error(`${codes.error}: ${codes.error_description}`);
say(`Open ${codes.verification_uri} and enter ${codes.user_code}`);
say(`or open ${codes.verification_uri_complete}`);

const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
let seconds = codes.interval ?? 5;
let tokens: { access_token?: string; error?: string; error_description?: string };
do {
  await setTimeout(seconds * 1000);
  tokens = await post(server.token_endpoint, { grant_type, device_code: codes.device_code });
  if (tokens.error === 'slow_down') seconds += 5;
} while (tokens.error === 'authorization_pending' || tokens.error === 'slow_down');
if (tokens.error) throw new Error(`${tokens.error}: ${tokens.error_description}`);

const headers = { Authorization: `Bearer ${tokens.access_token}` };
const { appointments } = await (await fetch(`${RESOURCE}/appointments`, { headers })).json();
for (const { starts, title, place } of appointments) say(`${starts}  ${title}, ${place}`);
