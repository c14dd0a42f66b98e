// What requireToken() makes of authorization servers that are elsewhere, away, or not what they seem.

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import type { SigningKey } from '../../src/protocol/jwt.ts';
import {
  API,
  type Elsewhere,
  newKey,
  type Page,
  serveApi,
  serveElsewhere,
  warningsOf,
} from '../helpers/api.ts';
import { withClock } from '../helpers/harness.ts';
import { basic } from '../helpers/http.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const key = newKey('one');
const other = await serveElsewhere(key);

/** A token of no form that an API knows. */
const OPAQUE = 'opaque'.repeat(7);

/** An authorization server that introspects, and an API that asks it about every token. */
async function serveIntrospected() {
  const elsewhere = await serveElsewhere(key);
  const { issuer, pages } = elsewhere;
  pages[WELL_KNOWN] = { issuer, introspection_endpoint: `${issuer}/introspect` };
  const facts = { aud: 'https://api.example.com/api', sub: 'alice', client_id: 'app' };
  const exp = Math.floor(Date.now() / 1000) + 60;
  const active = { active: true, ...facts, scope: 'read', exp };
  pages['/introspect'] = active;
  const asClient = { clientId: 'api', clientSecret: 'secret', introspectionTtl: 0 };
  const api = await serveApi({ issuer, ...asClient });
  const asked = () => elsewhere.asked.filter((path) => path === '/introspect').length;
  return { elsewhere, active, asked, ...api };
}

/** The status of a request with a good token, by an API that has just started. */
async function statusWith(
  elsewhere: Elsewhere,
  pages: Record<string, Page | undefined> = {},
): Promise<number> {
  Object.assign(elsewhere.pages, pages);
  const { get } = await serveApi({ issuer: elsewhere.issuer });
  const { status, headers } = await get('/read', elsewhere.token(key));
  if (status === 503) assert.equal(headers.get('retry-after'), '5');
  return status;
}

describe('The metadata of an issuer', () => {
  it('is where RFC 8414 says it is, in front of a path of the issuer', async () => {
    const elsewhere = await serveElsewhere(key, '/deep/down');
    assert.equal(await statusWith(elsewhere), 200);
    assert.deepEqual(elsewhere.asked, [`${WELL_KNOWN}/deep/down`, '/deep/down/jwks']);
  });

  for (const path of ['', '/realms/one']) {
    it(`is otherwise where OpenID Connect has it, of the issuer ${path || '/'}`, async () => {
      const elsewhere = await serveElsewhere(key, path);
      const { [`${WELL_KNOWN}${path}`]: metadata } = elsewhere.pages;
      const openid = `${path}/.well-known/openid-configuration`;
      const pages = { [`${WELL_KNOWN}${path}`]: undefined, [openid]: metadata };
      assert.equal(await statusWith(elsewhere, pages), 200);
      assert.deepEqual(elsewhere.asked, [`${WELL_KNOWN}${path}`, openid, `${path}/jwks`]);
    });
  }

  for (const [what, page] of [
    ['with a redirect', (_req, res) => res.writeHead(302, { location: '/sign-in' }).end()],
    ['with a large page', (_req, res) => res.writeHead(404).end('x'.repeat(200_000))],
  ] as [string, Page][]) {
    it(`is there as well if the first place answers ${what}`, async () => {
      const elsewhere = await serveElsewhere(key);
      const { [WELL_KNOWN]: metadata } = elsewhere.pages;
      const openid = '/.well-known/openid-configuration';
      assert.equal(await statusWith(elsewhere, { [WELL_KNOWN]: page, [openid]: metadata }), 200);
      assert.deepEqual(elsewhere.asked, [WELL_KNOWN, openid, '/jwks']);
    });
  }

  it('is found of an issuer that ends in a slash', async () => {
    const elsewhere = await serveElsewhere(key);
    const issuer = `${elsewhere.issuer}/`;
    elsewhere.pages[WELL_KNOWN] = { issuer, jwks_uri: `${issuer}jwks` };
    const { get } = await serveApi({ issuer });
    assert.equal((await get('/read', elsewhere.token(key, { iss: issuer }))).status, 200);
    assert.equal((await get('/read', elsewhere.token(key))).status, 401);
  });

  for (const [what, make] of [
    [
      'is of another issuer',
      ({ issuer }) => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` }),
    ],
    [
      'names keys over http at another origin',
      ({ issuer }) => ({ issuer, jwks_uri: `${other.origin}/jwks` }),
    ],
    ['names keys in a file', ({ issuer }) => ({ issuer, jwks_uri: 'file:///etc/passwd' })],
    ['names no keys', ({ issuer }) => ({ issuer })],
    ['is a list', () => []],
    ['is not JSON', () => (_req, res) => res.end('<!doctype html>')],
    [
      'is too large',
      ({ issuer }) => ({ issuer, jwks_uri: `${issuer}/jwks`, more: 'x'.repeat(200_000) }),
    ],
    [
      'is a redirect',
      ({ issuer }) =>
        (_req, res) =>
          res.writeHead(302, { location: `${issuer}/elsewhere` }).end(),
    ],
    ['is a failure', () => (_req, res) => res.writeHead(500).end('{}')],
  ] as [string, (elsewhere: Elsewhere) => Page][]) {
    it(`lets nobody in if it ${what}`, async () => {
      const elsewhere = await serveElsewhere(key);
      elsewhere.pages['/elsewhere'] = elsewhere.pages[WELL_KNOWN];
      assert.equal(await statusWith(elsewhere, { [WELL_KNOWN]: make(elsewhere) }), 503);
      assert.ok(!elsewhere.asked.includes('/elsewhere'));
    });
  }
});

describe('An issuer that is reached at another address', () => {
  const issuer = 'https://auth.example.com/realm';

  /** What is behind the issuer's name, whose metadata names the endpoints as the outside sees them. */
  async function serveInside(more: object = {}) {
    const inside = await serveElsewhere(key, '/realm');
    const names = { jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` };
    inside.pages[`${WELL_KNOWN}/realm`] = { issuer, ...names, ...more };
    return inside;
  }

  it('is asked there for all that is under its name, and tokens still name the issuer', async () => {
    const inside = await serveInside();
    const { get } = await serveApi({ issuer, internalUrl: inside.issuer });
    assert.equal((await get('/read', inside.token(key, { iss: issuer }))).status, 200);
    assert.equal((await get('/read', inside.token(key))).status, 401);
    assert.deepEqual(inside.asked, [`${WELL_KNOWN}/realm`, '/realm/jwks']);
  });

  it('is asked there about tokens', async () => {
    const inside = await serveInside();
    const exp = Math.floor(Date.now() / 1000) + 60;
    const facts = { aud: API, sub: 'alice', client_id: 'app', scope: 'read', exp };
    inside.pages['/realm/introspect'] = { active: true, ...facts };
    const asClient = { clientId: 'api', clientSecret: 'secret' };
    const { get } = await serveApi({ issuer, internalUrl: inside.issuer, ...asClient });
    assert.equal((await get('/read', OPAQUE)).status, 200);
    assert.deepEqual(inside.asked, [`${WELL_KNOWN}/realm`, '/realm/introspect']);
  });

  it('is believed there only if its metadata are of the issuer', async () => {
    const inside = await serveInside({ issuer: 'https://other.example.com' });
    const { get } = await serveApi({ issuer, internalUrl: inside.issuer });
    assert.equal((await get('/read', inside.token(key, { iss: issuer }))).status, 503);
  });

  it('names no endpoint over http elsewhere', async () => {
    for (const jwks_uri of [`${other.origin}/jwks`, 'http://auth.example.com/realm/jwks']) {
      const inside = await serveInside({ jwks_uri });
      const { get } = await serveApi({ issuer, internalUrl: inside.issuer });
      assert.equal((await get('/read', inside.token(key, { iss: issuer }))).status, 503);
    }
  });
});

describe('The key set of an issuer', () => {
  it('may have keys of other kinds in it, which verify nothing', async () => {
    const elsewhere = await serveElsewhere(key);
    const { kid } = key;
    const others = [
      null,
      1,
      {},
      { kty: 'oct', k: 'c2VjcmV0', kid },
      { kty: 'EC', crv: 'P-521', kid },
    ];
    const broken = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid };
    const short = { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid };
    const encrypting = { ...newKey('one').jwk, use: 'enc' };
    const misnamed = { ...newKey('one').jwk, alg: 'ES512' };
    const keys = [key.jwk, ...others, broken, short, encrypting, misnamed];
    assert.equal(await statusWith(elsewhere, { '/jwks': { keys } }), 200);
  });

  it('lets nobody in if it is none', async () => {
    for (const page of [{}, { keys: {} }, [key.jwk]]) {
      assert.equal(await statusWith(await serveElsewhere(key), { '/jwks': page }), 503);
    }
  });

  it('is used for a day if the issuer is away, and no longer', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const token = elsewhere.token(key, { exp: Math.floor(Date.now() / 1000) + 2 * 24 * 3600 });
      assert.equal((await get('/read', token)).status, 200);
      elsewhere.isAway = true;
      advance(24 * 3600_000 - 1);
      assert.equal((await get('/read', token)).status, 200);
      const unknown = await get('/read', elsewhere.token(newKey('two')));
      assert.equal(unknown.status, 503, 'nobody can say that it is wrong');
      advance(1);
      assert.equal((await get('/read', token)).status, 503);
      elsewhere.isAway = false;
      advance(5000);
      assert.equal((await get('/read', token)).status, 200);
    });
  });

  it('keeps nobody waiting for an issuer that has failed before and now does not answer', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const token = elsewhere.token(key);
      const ask = async () => (await get('/read', token)).status;
      assert.equal(await ask(), 200);
      elsewhere.pages['/jwks'] = (_req, res) => res.writeHead(500).end();
      advance(11 * 60_000);
      assert.equal(await ask(), 200);
      const waiting = new Promise<ServerResponse>((resolve) => {
        elsewhere.pages['/jwks'] = (_req, res) => resolve(res);
      });
      advance(5000);
      assert.equal(await ask(), 200);
      const replaced = { keys: [newKey('two').jwk] };
      const answer = await waiting;
      elsewhere.pages['/jwks'] = replaced;
      answer.end(JSON.stringify(replaced));
      while ((await ask()) === 200) await new Promise(setImmediate);
      assert.equal(await ask(), 401, 'what was fetched meanwhile counts');
    });
  });

  it('is asked for again five seconds after a failure, and not before', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      elsewhere.pages['/jwks'] = (_req, res) => res.writeHead(503).end();
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const token = elsewhere.token(key);
      const ask = async () => (await get('/read', token)).status;
      assert.deepEqual(await Promise.all(Array.from({ length: 50 }, ask)), Array(50).fill(503));
      assert.equal(await ask(), 503);
      assert.equal(elsewhere.asked.filter((path) => path === '/jwks').length, 1);
      elsewhere.pages['/jwks'] = { keys: [key.jwk] };
      advance(5000);
      assert.equal(await ask(), 200);
    });
  });

  it('is looked at for each of three new keys, though no half minute has passed', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const statusBy = async (by: SigningKey) => (await get('/read', elsewhere.token(by))).status;
      const looks = () => elsewhere.asked.filter((path) => path === '/jwks').length;
      const stray = newKey('stray');
      assert.equal(await statusBy(key), 200);
      for (let n = 0; n < 5; n += 1) assert.equal(await statusBy(stray), 401);
      assert.equal(looks(), 2, 'a key that was looked for is not looked for again');
      for (const kid of ['two', 'three']) {
        const next = newKey(kid);
        elsewhere.pages['/jwks'] = { keys: [key.jwk, next.jwk] };
        assert.equal(await statusBy(next), 200, 'the server has changed its key at once');
      }
      const last = newKey('four');
      elsewhere.pages['/jwks'] = { keys: [last.jwk] };
      assert.equal(await statusBy(last), 401);
      assert.equal(looks(), 4);
      advance(30_000);
      assert.equal(await statusBy(last), 200);
      for (let n = 0; n < 5; n += 1) await statusBy(newKey(`made-up-${n}`));
      assert.equal(looks(), 5);
    });
  });

  it('is looked at again for a key after two seconds and after a minute: a cache may have had the old ones', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const late = newKey('late');
      const status = async () => (await get('/read', elsewhere.token(late))).status;
      const looks = () => elsewhere.asked.filter((path) => path === '/jwks').length;
      assert.equal(await status(), 401);
      assert.equal(looks(), 2);
      advance(1999);
      assert.equal(await status(), 401);
      assert.equal(looks(), 2);
      advance(1);
      assert.equal(await status(), 401);
      assert.equal(looks(), 3);
      elsewhere.pages['/jwks'] = { keys: [late.jwk] };
      advance(59_999);
      assert.equal(await status(), 401);
      advance(1);
      assert.equal(await status(), 200);
    });
  });

  it('loses a key that the issuer no longer publishes, within ten minutes', async () => {
    await withClock(async (advance) => {
      const elsewhere = await serveElsewhere(key);
      const { get } = await serveApi({ issuer: elsewhere.issuer });
      const token = elsewhere.token(key);
      assert.equal((await get('/read', token)).status, 200);
      elsewhere.pages['/jwks'] = { keys: [newKey('two').jwk] };
      advance(10 * 60_000);
      assert.equal((await get('/read', token)).status, 401);
    });
  });
});

describe('A token of another server', () => {
  it('may have no scope, and says by acr how the person signed in (RFC 9470)', async () => {
    const elsewhere = await serveElsewhere(key);
    const { get } = await serveApi({ issuer: elsewhere.issuer });
    const statusOf = async (path: string, claims: object) =>
      (await get(path, elsewhere.token(key, claims as Record<string, unknown>))).status;
    assert.equal(await statusOf('/any', { scope: undefined }), 200);
    assert.equal(await statusOf('/read', { scope: undefined }), 403);
    assert.equal(await statusOf('/strong', { acr: 'gold' }), 200);
    assert.equal(await statusOf('/strong', { acr: 'bronze' }), 401);
    const { headers } = await get('/strong', elsewhere.token(key));
    assert.match(headers.get('www-authenticate') ?? '', /acr_values="silver gold"/);
  });
});

describe('The answer to an introspection', () => {
  const answers: [string, object | undefined, number][] = [
    ['is active', { active: true }, 200],
    ['is not active', { active: false }, 401],
    ['is not active and says the rest all the same', { active: false, scope: 'read' }, 401],
    ['is of another issuer', { active: true, iss: 'https://other.example.com' }, 401],
    ['is for another resource', { active: true, aud: 'https://other.example.com' }, 401],
    ['is for nobody', { active: true, aud: undefined }, 401],
    ['has expired', { active: true, exp: 1 }, 401],
    ['does not say so', { active: 'true' }, 503],
    ['is nothing', undefined, 503],
  ];
  for (const [what, answer, status] of answers) {
    it(`leads to ${status} if it ${what}`, async () => {
      const elsewhere = await serveElsewhere(key);
      const { issuer, pages } = elsewhere;
      pages[WELL_KNOWN] = { issuer, introspection_endpoint: `${issuer}/introspect` };
      const rest = { aud: 'https://api.example.com/api', sub: 'alice', client_id: 'app' };
      const facts = { ...rest, scope: 'read', exp: Math.floor(Date.now() / 1000) + 60 };
      pages['/introspect'] = answer && { ...facts, ...answer };
      const { get } = await serveApi({ issuer, clientId: 'api', clientSecret: 'secret' });
      assert.equal((await get('/read', OPAQUE)).status, status);
    });
  }

  it('that is for another API is told to the developer of this one', async () => {
    const { elsewhere, active, get } = await serveIntrospected();
    elsewhere.pages['/introspect'] = { ...active, aud: 'https://other.example.com' };
    const heard = await warningsOf(async () => {
      assert.equal((await get('/read', OPAQUE)).status, 401);
    });
    const names = 'its aud is "https://other.example.com", and the option resource is';
    assert.deepEqual(heard, [`An access token is refused at ${API}: ${names} "${API}".`]);
  });

  it('is asked for with the id and the secret form-encoded (RFC 6749 section 2.3.1)', async () => {
    const { issuer, pages } = await serveElsewhere(key);
    pages[WELL_KNOWN] = { issuer, introspection_endpoint: `${issuer}/introspect` };
    let authorization: string | undefined;
    pages['/introspect'] = (req, res) => {
      authorization = req.headers.authorization;
      res.end('{"active":false}');
    };
    const { get } = await serveApi({ issuer, clientId: 'the api', clientSecret: 'a+b:c' });
    assert.equal((await get('/read', OPAQUE)).status, 401);
    assert.equal(authorization, basic('the+api', 'a%2Bb%3Ac'));
  });

  it('is asked for again if that has failed', async () => {
    const { issuer, pages } = await serveElsewhere(key);
    pages[WELL_KNOWN] = { issuer, introspection_endpoint: `${issuer}/introspect` };
    pages['/introspect'] = (_req, res) => res.writeHead(500).end();
    const { get } = await serveApi({ issuer, clientId: 'api', clientSecret: 'secret' });
    assert.equal((await get('/read', OPAQUE)).status, 503);
    pages['/introspect'] = { active: false };
    assert.equal((await get('/read', OPAQUE)).status, 401);
  });
});

describe('A warning of what is wrong with an issuer', () => {
  it('is given once a minute, also if two causes take turns', async () => {
    await withClock(async (advance) => {
      const { elsewhere, get } = await serveIntrospected();
      const ask = async () => {
        for (const status of [500, 404, 500, 404, 500, 404]) {
          elsewhere.pages['/introspect'] = (_req, res) => res.writeHead(status).end();
          assert.equal((await get('/read', OPAQUE)).status, 503);
        }
      };
      const both = [500, 404].map(
        (status) =>
          `${elsewhere.issuer}/introspect answered with ${status}, but not with an introspection response.`,
      );
      assert.deepEqual(await warningsOf(ask), both);
      advance(59_999);
      assert.deepEqual(await warningsOf(ask), []);
      advance(1);
      assert.deepEqual(await warningsOf(ask), both);
    });
  });
});

describe('An authorization server that does not answer', () => {
  it('is asked about a hundred tokens at once, and the next are answered with 503 at once', async () => {
    const { elsewhere, active, asked, get } = await serveIntrospected();
    assert.equal((await get('/read', OPAQUE)).status, 200);
    const held: ServerResponse[] = [];
    elsewhere.pages['/introspect'] = (_req, res) => held.push(res);
    const waiting = Array.from({ length: 100 }, (_, n) => get('/read', `${OPAQUE}${n}`));
    while (held.length < 100) await new Promise(setImmediate);
    const more = Array.from({ length: 50 }, (_, n) => get('/read', `${OPAQUE}-${n}`));
    for (const { status, headers } of await Promise.all(more)) {
      assert.equal(status, 503);
      assert.equal(headers.get('retry-after'), '5');
    }
    assert.equal(asked(), 101);
    for (const res of held) res.end(JSON.stringify(active));
    for (const { status } of await Promise.all(waiting)) assert.equal(status, 200);
    elsewhere.pages['/introspect'] = active;
    assert.equal((await get('/read', OPAQUE)).status, 200, 'there are places again');
  });

  it('is asked about one token at a time once that has failed, until it answers', async () => {
    const { elsewhere, active, asked, get } = await serveIntrospected();
    assert.equal((await get('/read', OPAQUE)).status, 200);
    elsewhere.isAway = true;
    assert.equal((await get('/read', OPAQUE)).status, 503);
    elsewhere.isAway = false;
    const trying = new Promise<ServerResponse>((resolve) => {
      elsewhere.pages['/introspect'] = (_req, res) => resolve(res);
    });
    const first = get('/read', OPAQUE);
    const res = await trying;
    const others = Array.from({ length: 50 }, (_, n) => get('/read', `${OPAQUE}${n}`));
    for (const { status } of await Promise.all(others)) assert.equal(status, 503);
    assert.equal(asked(), 2);
    elsewhere.pages['/introspect'] = active;
    res.end(JSON.stringify(active));
    assert.equal((await first).status, 200);
    const later = Array.from({ length: 50 }, (_, n) => get('/read', `${OPAQUE}${n}`));
    for (const { status } of await Promise.all(later)) assert.equal(status, 200);
  });

  it('is not asked about what can be no token in force: too short, or a JWT that has expired', async () => {
    const { elsewhere, asked, get } = await serveIntrospected();
    const exp = Math.floor(Date.now() / 1000);
    for (const token of ['made-up', elsewhere.token(key, { exp: exp - 60 })]) {
      assert.equal((await get('/read', token)).status, 401);
    }
    assert.equal(asked(), 0);
    assert.equal((await get('/read', elsewhere.token(key))).status, 200);
    assert.equal(asked(), 1);
  });
});
