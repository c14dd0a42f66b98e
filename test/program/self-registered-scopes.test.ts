// SELF_REGISTERED_SCOPES: what clients may have that register themselves.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../src/program/config.ts';
import { prepare } from '../../src/program/serve.ts';

describe('SELF_REGISTERED_SCOPES', () => {
  it('is a list of scopes', () => {
    const { selfRegisteredScopes } = readConfig({ SELF_REGISTERED_SCOPES: 'read  write' });
    assert.deepEqual(selfRegisteredScopes, ['read', 'write']);
    assert.throws(() => readConfig({ SELF_REGISTERED_SCOPES: 'a"b' }), /SELF_REGISTERED_SCOPES is/);
  });

  it('has to be in the seed', async () => {
    const config = readConfig({ SELF_REGISTERED_SCOPES: 'read no-such' });
    await assert.rejects(prepare(config), {
      message:
        'SELF_REGISTERED_SCOPES has no-such, which the seed does not have. Set it to scopes of the seed file, separated by spaces.',
    });
  });
});
