// What is asked, row by row. A conversation is one connection's part in it: it says what is sent
// next, checks what comes back, and says whether that was one more of what is counted.

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
import { type Answer, get, post } from './wire.ts';

export interface Conversation {
  /** The next request, as bytes. */
  next(): string;
  /** Takes the answer; true if one unit of the row is done. Throws if it is not what it should be. */
  take(answer: Answer): boolean;
}

const basic = ({ id, secret }: BenchClient) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const ACCESS_TOKEN = /"access_token":"([\w.~+/=-]+)"/;
const REFRESH_TOKEN = /"refresh_token":"([\w.~+/=-]+)"/;

function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) {
    throw new Error(`Not ${status} but an unexpected answer: ${answer.head}\n\n${answer.body}`);
  }
}

function found(pattern: RegExp, text: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`No ${pattern} in: ${text}`);
  return value;
}

/** A client gets a token for itself, again and again; each has to be another one. */
function tokenJob(client: BenchClient): Conversation {
  const request = post(PATHS.token, basic(client), {
    grant_type: 'client_credentials',
    scope: SCOPE,
  });
  let last = '';
  return {
    next: () => request,
    take(answer) {
      expectStatus(answer, 200);
      const token = found(ACCESS_TOKEN, answer.body);
      if (token === last) throw new Error('The same token was issued twice.');
      last = token;
      return true;
    },
  };
}

/** Gets a token once, and from then on sends one request, whose answer must not change. */
function tokenUser(requestWith: (token: string) => string, part: string): Conversation {
  const forToken = tokenJob(CLIENT);
  let request = '';
  let expected: string | undefined;
  return {
    next: () => request || forToken.next(),
    take(answer) {
      if (request === '') {
        forToken.take(answer);
        request = requestWith(found(ACCESS_TOKEN, answer.body));
        return false;
      }
      expectStatus(answer, 200);
      expected ??= answer.body;
      if (answer.body !== expected || !expected.includes(part)) {
        throw new Error(`Not the answer of before: ${answer.body}`);
      }
      return true;
    },
  };
}

/**
 * A signed-in person's redirect with a code, and the client's request that redeems it: one unit. Then
 * it is another person's turn: nobody allows one app something a thousand times a minute.
 */
function codeJob(people: readonly Person[]): Conversation {
  const authorize = people.map(({ name, cookie }) => get(authorizationPath(name), { cookie }));
  let turn = 0;
  let code = '';
  return {
    next: () =>
      code === ''
        ? authorize[turn++ % authorize.length]!
        : post(PATHS.token, basic(CLIENT), {
            grant_type: 'authorization_code',
            code,
            redirect_uri: REDIRECT_URI,
            code_verifier: VERIFIER,
          }),
    take(answer) {
      if (code === '') {
        if (answer.status !== 303) expectStatus(answer, 302);
        code = codeIn(answer.head);
        return false;
      }
      expectStatus(answer, 200);
      found(ACCESS_TOKEN, answer.body);
      found(REFRESH_TOKEN, answer.body);
      code = '';
      return true;
    },
  };
}

/** The code of a redirect back to the client. */
function codeIn(head: string): string {
  const location = found(/\r\nlocation: *(\S+)/i, head);
  if (!location.startsWith(`${REDIRECT_URI}?`)) throw new Error(`A redirect to ${location}`);
  return decodeURIComponent(found(/[?&]code=([^&]+)/, location));
}

/** One code flow, and from then on each refresh sends the refresh token of the last answer. */
function refreshJob(people: readonly Person[]): Conversation {
  const flow = codeJob(people);
  let token = '';
  return {
    next: () =>
      token === ''
        ? flow.next()
        : post(PATHS.token, basic(CLIENT), { grant_type: 'refresh_token', refresh_token: token }),
    take(answer) {
      if (token === '') {
        if (flow.take(answer)) token = found(REFRESH_TOKEN, answer.body);
        return false;
      }
      expectStatus(answer, 200);
      found(ACCESS_TOKEN, answer.body);
      const next = found(REFRESH_TOKEN, answer.body);
      if (next === token) throw new Error('The refresh token was not rotated.');
      token = next;
      return true;
    },
  };
}

/** Somebody who is signed in, and what their browser sends. */
export interface Person {
  readonly name: string;
  readonly cookie: string;
}

/**
 * The part of one connection.
 *
 * @param people whom this connection has for itself
 */
export function conversation(row: Row, people: readonly Person[]): Conversation {
  switch (row) {
    case 'token':
      return tokenJob(CLIENT);
    case 'token-jwt':
      return tokenJob(JWT_CLIENT);
    case 'protected':
      return tokenUser(
        (token) => get(PATHS.secret, { authorization: `Bearer ${token}` }),
        CLIENT.id,
      );
    case 'introspection':
      return tokenUser(
        (token) => post(PATHS.introspect, basic(CLIENT), { token }),
        '"active":true',
      );
    case 'code':
      return codeJob(people);
    case 'refresh':
      return refreshJob(people);
  }
}
