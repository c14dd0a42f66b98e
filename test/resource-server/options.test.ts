// What requireToken() and resourceMetadata() are given, and what they load.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkToken, requireToken, resourceMetadata } from '../../src/resource-server/index.ts';
import { spawned } from '../helpers/program.ts';

const GOOD = { issuer: 'https://auth.example.com', resource: 'https://api.example.com/api' };
const CLIENT = { clientId: 'api', clientSecret: 'secret' };

describe('The options of requireToken()', () => {
  for (const [wrong, message] of [
    [undefined, 'requireToken() takes an object of options, and was given undefined.'],
    [{ resource: GOOD.resource }, 'The option issuer of requireToken() is missing.'],
    [{ issuer: GOOD.issuer }, 'The option resource of requireToken() is missing.'],
    [
      { ...GOOD, issuer: 'auth.example.com' },
      'The option issuer of requireToken() is "auth.example.com", which is not an http or https URL.',
    ],
    [
      { ...GOOD, internalUrl: 'auth:4001' },
      'The option internalUrl of requireToken() is "auth:4001", which is not an http or https URL.',
    ],
    [
      { ...GOOD, resource: 'api' },
      'The option resource of requireToken() is "api", which is not an absolute URI without a fragment.',
    ],
    [
      { ...GOOD, scopes: 'read' },
      'requireToken() has no option scopes. Its options are issuer, resource, scope, internalUrl, maxAge, acrValues, clientId, clientSecret, introspectionTtl.',
    ],
    [
      { ...GOOD, scope: [] },
      'The option scope of requireToken() is a list of 0, which has no scope in it.',
    ],
    [
      { ...GOOD, scope: ' ' },
      'The option scope of requireToken() is " ", which has no scope in it.',
    ],
    [
      { ...GOOD, scope: ['read write'] },
      'The option scope of requireToken() is a list of 1, which has "read write" in it, which is not made of printable ASCII characters without space, " and \\.',
    ],
    [
      { ...GOOD, maxAge: 0 },
      'The option maxAge of requireToken() is 0, which is not a whole number of seconds from 1 to 315360000.',
    ],
    [
      { ...GOOD, acrValues: 'gold' },
      'The option acrValues of requireToken() is "gold", which is not a list of values.',
    ],
    [
      { ...GOOD, clientId: 'api' },
      'The options clientId and clientSecret of requireToken() go together.',
    ],
    [
      { ...GOOD, ...CLIENT, clientSecret: 7 },
      'The option clientSecret of requireToken() is not a string, or empty.',
    ],
    [
      { ...GOOD, ...CLIENT, introspectionTtl: 301 },
      'The option introspectionTtl of requireToken() is 301, which is not a whole number of seconds from 0 to 300.',
    ],
    [
      { ...GOOD, introspectionTtl: 5 },
      'The option introspectionTtl of requireToken() needs clientId and clientSecret: without them no token is introspected.',
    ],
  ] as const) {
    it(`are refused with: ${message}`, () => {
      assert.throws(() => requireToken(wrong as never), { name: 'TypeError', message });
    });
  }

  it('may be undefined where they may be left out, and name several scopes in two ways', () => {
    requireToken({ ...GOOD, scope: undefined, clientId: undefined, maxAge: undefined });
    requireToken({ ...GOOD, scope: 'read write' });
    requireToken({ ...GOOD, scope: ['read', 'write'], maxAge: 60, acrValues: ['gold'], ...CLIENT });
  });

  it('are those of checkToken(), too', () => {
    const message = 'The option issuer of checkToken() is missing.';
    assert.throws(() => checkToken({ resource: GOOD.resource } as never), {
      name: 'TypeError',
      message,
    });
  });

  it('are refused if the challenge would be too long for a header', () => {
    const scope = Array.from({ length: 300 }, (_, index) => `scope-${index}`);
    assert.throws(
      () => requireToken({ ...GOOD, scope }),
      /^TypeError: The challenge of this route/,
    );
  });
});

describe('The options of resourceMetadata()', () => {
  it('name a resource that can have metadata', () => {
    const message =
      'The option resource of resourceMetadata() is "urn:example:api", which is no http or https URL: only those have metadata.';
    const wrong = { ...GOOD, resource: 'urn:example:api' };
    assert.throws(() => resourceMetadata(wrong), { name: 'TypeError', message });
    requireToken(wrong);
  });
});

describe('express-authorization-server/resource-server', () => {
  it('loads nothing of the server, no Express and no other package', async () => {
    const file = fileURLToPath(new URL('../../src/resource-server/index.ts', import.meta.url));
    const code = `
      import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
      await import('${file}');`;
    const run = spawned([process.execPath, '--input-type=module', '-e', code], {});
    assert.equal(await run.exit, 0, run.stderr);
    const loaded = run.stdout.trim().split('\n');
    const others = loaded.filter(
      (url) =>
        !/^node:|\/src\/(resource-server|protocol|http|errors|node-version|operator-error|store\/store\.ts)/.test(
          url,
        ),
    );
    assert.ok(loaded.length > 10);
    assert.deepEqual(others, []);
  });
});
