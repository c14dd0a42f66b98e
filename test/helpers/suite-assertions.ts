// What all modules of the conformance suite assert of an error, and how they measure randomness.

import assert from 'node:assert/strict';
import type { Answer } from './http.ts';
import type { Arrival, Params } from './suite.ts';

/** What is asserted of every error that is sent to the client (Core section 3.1.2.6). */
export function assertError({ callback, page }: Arrival, request: Params, ...allowed: string[]) {
  assert.ok(callback, `The client got no answer, but the person a page: ${page.text}`);
  assert.ok(allowed.includes(callback['error'] ?? ''), `${callback['error']}`);
  assert.equal(callback['state'], request['state']);
  const known = ['error', 'error_description', 'error_uri', 'state', 'session_state', 'iss'];
  assert.deepEqual(
    Object.keys(callback).filter((name) => !known.includes(name)),
    [],
  );
  // RFC 6749 section 4.1.2.1
  assert.match(callback['error_description'] ?? '', /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
}

/** What is asserted of an error of the token endpoint (RFC 6749 section 5.2). */
export function assertInvalidGrant(answer: Answer) {
  assert.equal(answer.status, 400, answer.text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
  assert.equal(answer.json.error, 'invalid_grant');
  assert.match(answer.json.error_description ?? '', /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
}

/** The Shannon entropy of a text, in bits, as the suite estimates it. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits;
}
