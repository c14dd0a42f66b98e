import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { COMPILED } from '../helpers/compiled.ts';

const KEPT = fileURLToPath(new URL('../helpers/kept.ts', import.meta.url));

describe('a request that was answered', () => {
  it('is out of memory without a full collection; what is issued stays', async () => {
    const env = { ...process.env, ...COMPILED };
    const { stdout } = await promisify(execFile)(process.execPath, [KEPT], { env });
    // The grant and the code take most of 3,000 bytes, and the request with its response 6,000 more.
    assert.match(stdout, /^\d+$/);
    assert.ok(Number(stdout) < 5000, `${stdout} bytes stay of each request`);
  });
});
