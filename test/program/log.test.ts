// The log: what a line says of an error.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from '../../src/program/log.ts';
import { StoreUnavailable } from '../../src/store/store.ts';

describe('an error in the log', () => {
  it('is said once, and what caused it beside it', () => {
    let line = '';
    const log = createLog('error', { write: (text: string) => (line += text) });
    const cause = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const err = new StoreUnavailable('The disk of the database is full.', { cause });
    log.error({ err }, 'store_unavailable');
    const said = JSON.parse(line).err;
    assert.equal(said.message, 'The disk of the database is full.');
    assert.match(said.stack, /^StoreUnavailable: The disk of the database is full\.\n +at /);
    assert.equal(said.cause.message, 'database or disk is full');
    assert.equal(said.cause.errcode, 13);
  });
});
