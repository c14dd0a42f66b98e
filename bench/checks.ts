// Whether a server does its job, before anything is counted. A server that answers faster because it
// does not look would win every row.

import assert from 'node:assert/strict';
import { Browser } from './browser.ts';
import {
  authorizationPath,
  type BenchClient,
  CLIENT,
  JWT_CLIENT,
  PATHS,
  REDIRECT_URI,
  type Row,
  SCOPE,
  VERIFIER,
} from './target.ts';

interface Json {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(port: number, path: string, init: RequestInit): Promise<Json> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

/** A form that a client sends, with its secret in the header. */
export function sendForm(
  port: number,
  path: string,
  fields: Record<string, string>,
  { id, secret }: BenchClient = CLIENT,
): Promise<Json> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams(fields);
  return call(port, path, { method: 'POST', headers: { authorization }, body });
}

const CREDENTIALS = { grant_type: 'client_credentials', scope: SCOPE };

function tokenOf({ status, body }: Json): string {
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(String(body['token_type']).toLowerCase(), 'bearer');
  assert.ok(Number(body['expires_in']) > 3590, 'expires_in');
  return String(body['access_token']);
}

function refused({ status, body }: Json, ...statuses: number[]): void {
  assert.ok(statuses.includes(status), `${status} ${JSON.stringify(body)}`);
  assert.equal(body['access_token'], undefined);
}

async function checkToken(port: number): Promise<void> {
  const first = tokenOf(await sendForm(port, PATHS.token, CREDENTIALS));
  const second = tokenOf(await sendForm(port, PATHS.token, CREDENTIALS));
  assert.notEqual(first, second, 'two tokens are the same');
  const wrong = { id: CLIENT.id, secret: CLIENT.secret.replace('a', 'b') };
  refused(await sendForm(port, PATHS.token, CREDENTIALS, wrong), 401);
  refused(await sendForm(port, PATHS.token, CREDENTIALS, { ...CLIENT, id: 'nobody' }), 401);
}

async function checkProtected(port: number): Promise<void> {
  const token = tokenOf(await sendForm(port, PATHS.token, CREDENTIALS));
  const open = (authorization: string) => call(port, PATHS.secret, { headers: { authorization } });
  const { status, body } = await open(`Bearer ${token}`);
  assert.equal(status, 200);
  assert.equal(body['client_id'], CLIENT.id);
  const wrong = `${token.slice(0, 8)}${token[8] === 'A' ? 'B' : 'A'}${token.slice(9)}`;
  assert.equal((await open(`Bearer ${wrong}`)).status, 401);
  assert.equal((await open('')).status, 401);
}

async function checkIntrospection(port: number): Promise<void> {
  const token = tokenOf(await sendForm(port, PATHS.token, CREDENTIALS));
  const good = await sendForm(port, PATHS.introspect, { token });
  assert.equal(good.status, 200);
  assert.equal(good.body['active'], true);
  assert.equal(good.body['client_id'], CLIENT.id);
  const bad = await sendForm(port, PATHS.introspect, { token: 'garbage' });
  assert.equal(bad.body['active'], false);
}

const redeem = (port: number, code: string, verifier = VERIFIER) =>
  sendForm(port, PATHS.token, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  });

/** A new code, with whatever pages it takes: some forget a consent once a code came twice. */
async function newCode(browser: Browser, person: string): Promise<string> {
  return new URL(await browser.allow(person)).searchParams.get('code')!;
}

/** A person who is signed in and has allowed it before gets one redirect, and no page. */
async function checkRemembered(browser: Browser, person: string): Promise<void> {
  const page = await browser.open(authorizationPath(person));
  assert.ok(page.location.startsWith(REDIRECT_URI), `${page.status} ${page.location}`);
}

async function checkCode(port: number, person: string): Promise<void> {
  const browser = new Browser(port);
  const code = await newCode(browser, person);
  await checkRemembered(browser, person);
  assert.notEqual(code, await newCode(browser, person));
  const { body } = await redeem(port, code);
  assert.ok(body['access_token'], JSON.stringify(body));
  assert.ok(body['refresh_token'], 'no refresh token');
  refused(await redeem(port, code), 400);
  const wrong = VERIFIER.replace('a', 'b');
  refused(await redeem(port, await newCode(browser, person), wrong), 400);
  const stranger = await new Browser(port).open(authorizationPath(person));
  assert.ok(!stranger.location.startsWith(REDIRECT_URI), 'a stranger got a code');
}

async function checkRefresh(port: number, person: string): Promise<void> {
  const refresh = (token: unknown) =>
    sendForm(port, PATHS.token, { grant_type: 'refresh_token', refresh_token: String(token) });
  const first = (await redeem(port, await newCode(new Browser(port), person))).body[
    'refresh_token'
  ];
  const second = await refresh(first);
  tokenOf(second);
  assert.notEqual(second.body['refresh_token'], first);
  const third = await refresh(second.body['refresh_token']);
  tokenOf(third);
  // Only now: ours lets a client that lost the answer repeat its request until the answer is used.
  refused(await refresh(first), 400, 401);
}

async function checkJwt(port: number): Promise<void> {
  const token = tokenOf(await sendForm(port, PATHS.token, CREDENTIALS, JWT_CLIENT));
  const [head = '', , signature = ''] = token.split('.');
  assert.equal(JSON.parse(Buffer.from(head, 'base64url').toString()).alg, 'ES256');
  assert.equal(Buffer.from(signature, 'base64url').length, 64);
}

/**
 * Throws if the server does anything wrong in these rows.
 *
 * @param person whom the load does not use: some servers punish them for what is tried here
 */
export async function checkServer(
  port: number,
  rows: readonly Row[],
  person: string,
): Promise<void> {
  const checks: Record<Row, () => Promise<void>> = {
    token: () => checkToken(port),
    protected: () => checkProtected(port),
    introspection: () => checkIntrospection(port),
    code: () => checkCode(port, person),
    refresh: () => checkRefresh(port, person),
    'token-jwt': () => checkJwt(port),
  };
  for (const row of rows) await checks[row]();
}
