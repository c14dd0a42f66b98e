import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { after, describe, it } from 'node:test';
import express, { type RequestHandler } from 'express';
import {
  type AuthorizationServer,
  applySeed,
  authorizationServer,
  parseSeed,
} from '../../src/index.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import {
  BARE,
  decoded,
  introspect,
  JWT,
  OPAQUE,
  PLAIN,
  RESOURCE_SEED,
  revoke,
  SECRET,
} from '../helpers/forge.ts';
import { openServer, startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const WEB = 'web:web-secret';
const CALLBACK = 'http://127.0.0.1:9/callback';

const jwt = { ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET };

type Pairs = [string, string][];
const asResources = (names: readonly string[]): Pairs => names.map((name) => ['resource', name]);

/** The URL of an authorization request that names resources. */
function urlFor(
  server: { issuer: string },
  resources: readonly string[],
  params: Record<string, string | undefined> = {},
): string {
  const more = new URLSearchParams(asResources(resources));
  return `${authorizeUrl(server, params)}&${more}`;
}

interface Flow {
  readonly form: Pairs;
  /** The token request; with no resources, none are named. */
  exchange(...resources: string[]): Promise<Answer>;
}

/** From the authorization request to the code. */
async function codeFor(
  server: TestServer,
  resources: readonly string[],
  { client = WEB, scope = 'read', person = new Person(server) } = {},
): Promise<Flow> {
  const { verifier, challenge } = pkce();
  const [client_id = ''] = client.split(':');
  const back = await person.allow(
    urlFor(server, resources, { client_id, scope, code_challenge: challenge }),
  );
  const form: Pairs = [
    ['grant_type', 'authorization_code'],
    ['code', back.searchParams.get('code') ?? `none, but ${back}`],
    ['redirect_uri', CALLBACK],
    ['code_verifier', verifier],
  ];
  return {
    form,
    exchange: (...names) => requestToken(server, [...form, ...asResources(names)], client),
  };
}

const refresh = (
  server: { issuer: string },
  token: string,
  resources: readonly string[] = [],
  client = WEB,
) =>
  requestToken(
    server,
    [['grant_type', 'refresh_token'], ['refresh_token', token], ...asResources(resources)],
    client,
  );

const own = (server: { issuer: string }, resources: readonly string[], client = WEB) =>
  requestToken(server, [['grant_type', 'client_credentials'], ...asResources(resources)], client);

/** The audience of a token, as its client sees it at introspection; a JWT has to say the same. */
async function audienceOf(server: TestServer, answer: Answer, client = WEB): Promise<unknown> {
  assert.equal(answer.status, 200, answer.text);
  const token: string = answer.json.access_token;
  const { json } = await introspect(server, token, client);
  assert.equal(json.active, true);
  if (token.includes('.')) assert.deepEqual(decoded(token).claims.aud, json.aud);
  return json.aud;
}

function assertInvalidTarget(answer: Answer, what = ''): void {
  assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_target'], what);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
}

/** What cannot name a resource (RFC 8707 section 2). */
const UNSOUND: Record<string, string> = {
  'a path': '/api',
  'a relative path': 'api',
  'a path with dots': '../api',
  'a host without a scheme': 'api.example',
  'a network path': '//api.example/',
  'a query': '?a=b',
  'a fragment alone': '#a',
  'a URI with a fragment': `${PLAIN}#part`,
  'a URI with an empty fragment': `${PLAIN}#`,
  'a URI with white space in front': ` ${PLAIN}`,
  'a URI with white space behind': `${PLAIN} `,
  'a URI with white space in it': 'https://plain.example/a b',
  'a URI in quotes': `"${PLAIN}"`,
  'a URI with a backslash': 'https:\\\\plain.example\\api',
  'letters beyond ASCII': 'https://plain.example/é',
  'an override of the direction of text': 'https://plain.example/\u202eipa',
  'a scheme alone': 'https:',
  'a scheme and slashes': 'https://',
  'a host that is none': 'https://[::1/',
  'a list of URIs': `${PLAIN} ${JWT}`,
  'a star': '*',
  'a URI of 2,000 characters': `https://plain.example/${'a'.repeat(1978)}`,
};

for (const [kind, env] of [
  ['opaque', { SESSION_SECRET: SECRET }],
  ['JWT', jwt],
] as const) {
  describe(`a resource that is named at authorization, with ${kind} tokens (RFC 8707 section 2.1)`, async () => {
    const server = await startServer(env, { seed: RESOURCE_SEED });
    const open = await startServer(env);

    it('is the audience of the token, letter for letter', async () => {
      for (const name of [PLAIN, JWT, OPAQUE, BARE, `${BARE}/`]) {
        const flow = await codeFor(server, [name]);
        assert.equal(await audienceOf(server, await flow.exchange()), name);
      }
    });

    it('is it whatever letters they are, where the server lists none', async () => {
      for (const name of [
        'https://API.Example/A%2fb/../c?x=1&y=%20#'.slice(0, -1),
        'http://127.0.0.1:3000/mcp',
        'https://api.example:443/',
        'urn:example:api',
        'api://6f1c2b9e/default',
        "https://api.example/~a!$&'()*+,;=:@[b]",
      ]) {
        const flow = await codeFor(open, [name]);
        assert.equal(await audienceOf(open, await flow.exchange()), name);
      }
    });

    it('may be one of several, which are all in the audience in the order they were named', async () => {
      for (const names of [
        [JWT, PLAIN],
        [PLAIN, JWT],
        [PLAIN, OPAQUE, JWT, BARE],
      ]) {
        const flow = await codeFor(server, names);
        assert.deepEqual(await audienceOf(server, await flow.exchange()), names);
      }
    });

    it('counts once where it is named twice', async () => {
      const flow = await codeFor(server, [PLAIN, JWT, PLAIN, PLAIN]);
      assert.deepEqual(await audienceOf(server, await flow.exchange()), [PLAIN, JWT]);
    });

    it('is the server itself where none is named, or an empty one', async () => {
      assert.equal(
        await audienceOf(server, await (await codeFor(server, [])).exchange()),
        server.issuer,
      );
      assert.equal(
        await audienceOf(server, await (await codeFor(server, [''])).exchange('')),
        server.issuer,
      );
    });

    it('may be the server itself, beside others or alone', async () => {
      const names = [server.issuer, PLAIN];
      const { json } = await (await codeFor(server, names)).exchange();
      assert.equal((await getSecret(server, json.access_token)).status, 200);
      const alone = await (await codeFor(server, [`${server.issuer}/`])).exchange();
      assert.equal((await getSecret(server, alone.json.access_token)).status, 200);
    });
  });

  describe(`a resource that is named at the token endpoint, with ${kind} tokens (RFC 8707 section 2.2)`, async () => {
    const server = await startServer(
      { ...env, REFRESH_RETRY_WINDOW: '0' },
      { seed: RESOURCE_SEED },
    );
    // One that lists no resources, where a bad name is not refused for being unknown.
    const open = await startServer(env);

    it('narrows the access token, and the refresh token stays bound to all that was granted', async () => {
      const flow = await codeFor(server, [JWT, PLAIN, OPAQUE]);
      const first = await flow.exchange(PLAIN);
      assert.equal(await audienceOf(server, first), PLAIN);
      const second = await refresh(server, first.json.refresh_token, [OPAQUE, JWT]);
      assert.deepEqual(await audienceOf(server, second), [OPAQUE, JWT]);
      const third = await refresh(server, second.json.refresh_token);
      assert.deepEqual(await audienceOf(server, third), [JWT, PLAIN, OPAQUE]);
      const fourth = await refresh(server, third.json.refresh_token, [PLAIN]);
      assert.equal(await audienceOf(server, fourth), PLAIN);
    });

    it('has to have been granted, and a code is not used up by one that was not', async () => {
      const flow = await codeFor(server, [PLAIN]);
      for (const names of [
        [JWT],
        [PLAIN, JWT],
        [server.issuer],
        [`${PLAIN}/`],
        ['https://x.example/'],
      ]) {
        assertInvalidTarget(await flow.exchange(...names), names.join(' '));
      }
      const { status, json } = await flow.exchange(PLAIN);
      assert.equal(status, 200);
      assert.ok(json.refresh_token);
    });

    it('has to have been granted, and a refresh token is not used up by one that was not', async () => {
      const { json } = await (await codeFor(server, [PLAIN, JWT])).exchange();
      for (const names of [[OPAQUE], [PLAIN, OPAQUE], [server.issuer], [`${JWT}x`]]) {
        assertInvalidTarget(await refresh(server, json.refresh_token, names), names.join(' '));
      }
      // With no window for retries, a token that had been rotated would end the family now.
      const next = await refresh(server, json.refresh_token, [JWT]);
      assert.equal(await audienceOf(server, next), JWT);
    });

    it('has to be a URI, for each grant type, and nothing is used up by one that is none', async () => {
      const flow = await codeFor(server, [PLAIN]);
      const held = (await (await codeFor(server, [PLAIN])).exchange()).json.refresh_token;
      for (const [what, name] of Object.entries(UNSOUND)) {
        assertInvalidTarget(await flow.exchange(name), what);
        assertInvalidTarget(await flow.exchange(PLAIN, name), what);
        assertInvalidTarget(await refresh(server, held, [name]), what);
        assertInvalidTarget(await own(server, [name]), what);
        assertInvalidTarget(await own(open, [name]), what);
      }
      assert.equal((await flow.exchange()).status, 200);
      assert.equal((await refresh(server, held)).status, 200);
    });

    it('is invalid_request where it can not be read at all, and nothing is used up by that', async () => {
      const flow = await codeFor(server, [PLAIN]);
      for (const name of [
        'https://a.example/\u0000',
        'https://a.example/\n',
        `https://a.example/${'a'.repeat(3000)}`,
      ]) {
        const { status, json } = await flow.exchange(name);
        assert.deepEqual([status, json.error], [400, 'invalid_request']);
      }
      assert.equal((await flow.exchange()).status, 200);
    });

    it('is of one resource with and without the slash behind a host, and keeps its letters', async () => {
      for (const [granted, asked] of [
        [BARE, `${BARE}/`],
        [`${BARE}/`, BARE],
      ] as const) {
        const { json } = await (await codeFor(server, [granted])).exchange(asked);
        assert.equal(
          await audienceOf(server, await refresh(server, json.refresh_token, [asked])),
          asked,
        );
      }
      const flow = await codeFor(server, [BARE]);
      for (const other of [
        `${BARE}//`,
        `${BARE}/?`,
        BARE.replace('https', 'http'),
        `${BARE}:443`,
      ]) {
        assertInvalidTarget(await flow.exchange(other), other);
      }
    });

    it('makes one token of 50 whose code is presented at once for different resources', async () => {
      const flow = await codeFor(server, [PLAIN, JWT]);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => flow.exchange([PLAIN, JWT, OPAQUE][index % 3]!)),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      for (const [index, { status, json }] of answers.entries()) {
        if (status === 200) continue;
        // A request for what was not granted does not get as far as the code.
        assert.ok(
          index % 3 === 2
            ? ['invalid_target', 'invalid_grant'].includes(json.error)
            : json.error === 'invalid_grant',
          json.error,
        );
      }
    });

    it('is what a client that acts for itself gets, or the server itself', async () => {
      assert.equal(await audienceOf(server, await own(server, [])), server.issuer);
      assert.equal(await audienceOf(server, await own(server, [PLAIN])), PLAIN);
      assert.deepEqual(await audienceOf(server, await own(server, [JWT, PLAIN])), [JWT, PLAIN]);
    });
  });

  describe(`a token for one resource, with ${kind} tokens (RFC 8707 section 2)`, async () => {
    const server = await startServer(env, { seed: RESOURCE_SEED });

    it('is refused at another, which says what is wrong as long as it is in force', async () => {
      for (const names of [[PLAIN], [JWT], [OPAQUE, JWT], [BARE]]) {
        const token = (await own(server, names)).json.access_token;
        const { status, json, headers } = await getSecret(server, token);
        assert.deepEqual([status, json.error], [401, 'invalid_token']);
        assert.match(json.error_description, /is for another resource: get one without the param/);
        assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
        assert.ok(headers.get('www-authenticate')?.includes(json.error_description));
        await revoke(server, token, WEB);
        const gone = await getSecret(server, token);
        assert.match(gone.json.error_description, /is unknown, has expired or was revoked/);
      }
      const both = (await own(server, [PLAIN, server.issuer])).json.access_token;
      assert.equal((await getSecret(server, both)).status, 200);
    });

    it('is seen at introspection by the server of that resource and by no other', async () => {
      const look = async (names: readonly string[]) => {
        const token = (await own(server, names)).json.access_token;
        const { json } = await introspect(server, token, 'plain-server:plain-server-secret');
        return json;
      };
      assert.deepEqual((await look([PLAIN])).aud, PLAIN);
      assert.deepEqual((await look([JWT.slice(0, -1)])).aud, JWT.slice(0, -1));
      assert.deepEqual((await look([OPAQUE, JWT])).aud, [OPAQUE, JWT]);
      for (const names of [[OPAQUE], [BARE], []]) {
        assert.deepEqual(await look(names), { active: false });
      }
    });

    it('can be introspected and revoked, however many resources a token may be for', async () => {
      const open = await startServer(env);
      const names = Array.from({ length: 16 }, (_, index) =>
        `https://api.example/${index}/`.padEnd(512, 'a'),
      );
      const { status, json, text } = await own(open, names);
      assert.equal(status, 200, text);
      const seen = await introspect(open, json.access_token, WEB);
      assert.deepEqual(seen.json.aud, names);
      const one = [...names, 'https://one-too-many.example/'];
      assertInvalidTarget(await own(open, one));
    });
  });
}

describe('a resource that is refused at authorization (RFC 8707 section 2)', async () => {
  const server = await startServer({}, { seed: RESOURCE_SEED });
  // One that lists no resources, where a bad name is not refused for being unknown.
  const open = await startServer();
  const refusal = async (
    names: readonly string[],
    params = {},
    on = server,
  ): Promise<{ error?: string; state?: string; iss?: string; code?: string }> => {
    const answer = await http(urlFor(on, names, params));
    assert.equal(answer.status, 303, answer.text);
    const url = new URL(answer.location);
    assert.equal(`${url.origin}${url.pathname}`, CALLBACK);
    return Object.fromEntries(url.searchParams);
  };

  for (const [what, name] of Object.entries(UNSOUND)) {
    it(`is told to the client by redirect: ${what}`, async () => {
      const { error, state, iss, code } = await refusal([name]);
      assert.deepEqual(
        [error, state, iss, code],
        ['invalid_target', 'some-state', server.issuer, undefined],
      );
      for (const names of [[name], [PLAIN, name], [name, PLAIN]]) {
        assert.equal((await refusal(names, {}, open)).error, 'invalid_target');
      }
    });
  }

  it('is one the server does not list', async () => {
    for (const name of [
      'https://unknown.example/',
      `${PLAIN}/`,
      PLAIN.toUpperCase(),
      PLAIN.replace('https', 'http'),
      `${PLAIN}?a`,
      'https://plain.example/',
      'https://plain.example:443/api',
      `${server.issuer}/secret`,
    ]) {
      assert.equal((await refusal([name])).error, 'invalid_target', name);
    }
  });

  it('is named, and so is a slash at the end if that alone is wrong, as clients add and drop them', async () => {
    const describe = async (name: string) => {
      const { error_description } = (await refusal([name])) as { error_description?: string };
      return error_description;
    };
    const begin = 'This client may not ask for a token for the resource';
    for (const [name, said] of [
      ['https://unknown.example/', `${begin} 'https://unknown.example/'.`],
      [`${PLAIN}/`, `${begin} '${PLAIN}/'. The one that it may ask for has no slash at the end.`],
      [
        `${PLAIN}?${'a'.repeat(400)}`,
        `${begin} '${`${PLAIN}?${'a'.repeat(400)}`.slice(0, 60)}...'.`,
      ],
    ] as const) {
      assert.equal(await describe(name), said);
    }
    const slashed = `${PLAIN}/v1/`;
    const other = await startServer({}, { seed: { ...SEED, resources: { [slashed]: {} } } });
    const { json } = await own(other, [slashed.slice(0, -1)]);
    assert.match(
      json.error_description,
      /'\. The one that it may ask for has a slash at the end\.$/,
    );
    const unsound = await own(other, ['/api']);
    assert.match(unsound.json.error_description, /^The resource '\/api' is not an absolute URI/);
  });

  it('is one the client’s record does not list, though the server knows it', async () => {
    const client = { client_id: 'plain-only' };
    assert.equal((await refusal([JWT], client)).error, 'invalid_target');
    assert.equal((await refusal([PLAIN, JWT], client)).error, 'invalid_target');
    assert.equal((await refusal([PLAIN], { client_id: 'nothing' })).error, 'invalid_target');
    const flow = await codeFor(server, [PLAIN], { client: 'plain-only:plain-only-secret' });
    assert.equal((await flow.exchange()).status, 200);
    const itself = await codeFor(server, [server.issuer], { client: 'nothing:nothing-secret' });
    assert.equal((await itself.exchange()).status, 200);
  });

  it('is refused before the person is asked anything, and with prompt=none too', async () => {
    const { error } = await refusal(['https://unknown.example/'], { prompt: 'none' });
    assert.equal(error, 'invalid_target');
  });

  it('is one of too many', async () => {
    const many = Array.from({ length: 17 }, (_, index) => `https://${index}.example/`);
    const answer = await http(urlFor(open, many));
    assert.equal(new URL(answer.location).searchParams.get('error'), 'invalid_target');
    assert.equal((await http(urlFor(open, many.slice(1)))).status, 303);
  });

  it('is never sent to a redirect URI that was not checked', async () => {
    const answer = await http(
      urlFor(server, ['api'], { redirect_uri: 'https://evil.example/callback' }),
    );
    assert.deepEqual([answer.status, answer.location], [400, '']);
  });

  it('is one of thousands, though as many as a form has room for are one if they are the same', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `a:${index % 1500}`);
    assertInvalidTarget(await own(open, many));
    assert.equal((await own(open, Array(4000).fill('a:b'))).status, 200);
  });
});

describe('the list of resources at the token endpoint', async () => {
  const server = await startServer({}, { seed: RESOURCE_SEED });

  it('is that of the server, where the client’s record has none', async () => {
    assertInvalidTarget(await own(server, ['https://unknown.example/']));
    assertInvalidTarget(await own(server, [PLAIN, 'https://unknown.example/']));
    assert.equal((await own(server, [PLAIN, JWT, OPAQUE, BARE])).status, 200);
  });

  it('is that of the client’s record, and the server itself in any case', async () => {
    const plainOnly = 'plain-only:plain-only-secret';
    assert.equal((await own(server, [PLAIN], plainOnly)).status, 200);
    assertInvalidTarget(await own(server, [JWT], plainOnly));
    assertInvalidTarget(await own(server, [PLAIN, JWT], plainOnly));
    assert.equal((await own(server, [server.issuer], plainOnly)).status, 200);
    assertInvalidTarget(await own(server, [PLAIN], 'nothing:nothing-secret'));
    assert.equal((await own(server, [], 'nothing:nothing-secret')).status, 200);
  });

  it('is none on a server that lists none: any resource, and tokens good for nothing else', async () => {
    const open = await startServer();
    const { status, json } = await own(open, ['https://anything.example/']);
    assert.equal(status, 200);
    assert.equal((await getSecret(open, json.access_token)).status, 401);
  });
});

describe('what a person has approved for one resource', async () => {
  const server = await startServer({}, { seed: RESOURCE_SEED });
  /** Whether the person is asked, or the code comes at once. */
  const isAsked = async (person: Person, names: readonly string[], params = {}) => {
    const page = await person.visit(urlFor(server, names, params));
    if (page.text.includes('name="decision"')) return true;
    assert.ok(new URL(page.location).searchParams.has('code'), page.location);
    return false;
  };
  /** A new person who has approved these resources. */
  let people = 0;
  const whoApproved = async (names: readonly string[], scope = 'read') => {
    people += 1;
    const username = `person-${people}`;
    const { passwordHash } = (await server.store.users.findByUsername('alice'))!;
    await server.store.users.save({ id: username, username, name: username, passwordHash });
    const person = new Person(server);
    await person.allow(urlFor(server, names, { scope }), username);
    return person;
  };

  it('is shown on the consent page by its name', async () => {
    const person = await whoApproved([]);
    const { text } = await person.visit(urlFor(server, [PLAIN, JWT]));
    assert.ok(text.includes(PLAIN) && text.includes(JWT));
    assert.ok(!text.includes(OPAQUE));
  });

  it('is shown without a scope too, with what that means, for a token opens what asks for none', async () => {
    const person = await whoApproved([]);
    const nameless = { ...(await server.store.clients.find('web'))!, id: 'nameless', scope: [] };
    await server.store.clients.save(nameless);
    const changes = { client_id: nameless.id, scope: ' ' };
    const { text } = await person.visit(urlFor(server, [PLAIN, JWT], changes));
    assert.ok(text.includes(PLAIN) && text.includes(JWT));
    assert.match(text, /will be able to act for you at/);
    assert.doesNotMatch(
      text,
      /does not ask for permission|learns nothing about you|know who you are/,
    );
    const none = await person.visit(urlFor(server, [], changes));
    assert.match(none.text, /does not ask for permission to see or change/);
  });

  it('is remembered for that resource', async () => {
    assert.equal(await isAsked(await whoApproved([PLAIN]), [PLAIN]), false);
  });

  it('is not approved for another', async () => {
    const person = await whoApproved([PLAIN]);
    assert.equal(await isAsked(person, [JWT]), true);
    assert.equal(await isAsked(person, [PLAIN, JWT]), true);
    assert.equal(await isAsked(person, [JWT, PLAIN]), true);
  });

  it('is not approved for the server itself, which is what no resource stands for', async () => {
    assert.equal(await isAsked(await whoApproved([PLAIN]), []), true);
    assert.equal(await isAsked(await whoApproved([PLAIN]), [server.issuer]), true);
  });

  it('is not approved for any resource where none was named', async () => {
    assert.equal(await isAsked(await whoApproved([]), [PLAIN]), true);
    assert.equal(await isAsked(await whoApproved([]), []), false);
  });

  it('is approved for each of several, alone and together', async () => {
    const person = await whoApproved([PLAIN, JWT]);
    assert.equal(await isAsked(person, [JWT]), false);
    assert.equal(await isAsked(person, [PLAIN]), false);
    assert.equal(await isAsked(person, [JWT, PLAIN]), false);
    assert.equal(await isAsked(person, [JWT, OPAQUE]), true);
  });

  it('is approved with that scope there, and not with what was approved elsewhere', async () => {
    const person = await whoApproved([PLAIN], 'read');
    await person.allow(urlFor(server, [JWT], { scope: 'write' }));
    assert.equal(await isAsked(person, [PLAIN], { scope: 'write' }), true);
    assert.equal(await isAsked(person, [JWT], { scope: 'read' }), true);
    assert.equal(await isAsked(person, [PLAIN, JWT], { scope: 'read' }), true);
    assert.equal(await isAsked(person, [PLAIN], { scope: 'read' }), false);
  });

  it('is asked for in vain without the person (prompt=none)', async () => {
    const person = await whoApproved([PLAIN]);
    const { location } = await person.visit(urlFor(server, [JWT], { prompt: 'none' }));
    assert.equal(new URL(location).searchParams.get('error'), 'consent_required');
  });

  it('is what was shown, though the form says something else', async () => {
    const person = await whoApproved([]);
    const { verifier, challenge } = pkce();
    const page = await person.visit(urlFor(server, [PLAIN], { code_challenge: challenge }));
    const back = await person.submit(page, { decision: 'allow', resource: JWT });
    const form = {
      grant_type: 'authorization_code',
      code: new URL(back.location).searchParams.get('code') ?? '',
      code_verifier: verifier,
    };
    const { json } = await requestToken(server, form, WEB);
    const seen = await introspect(server, json.access_token, WEB);
    assert.equal(seen.json.aud, PLAIN);
  });
});

interface Site {
  readonly origin: string;
  readonly issuer: string;
}

/** An app around an authorization server, that guards what `guard` mounts. */
async function serve(
  guard: (app: express.Express, server: AuthorizationServer, origin: string) => void,
  { path = '', well = false } = {},
): Promise<Site> {
  const { server: web, origin } = await openServer();
  const issuer = `${origin}${path}`;
  const store = await emptyStore();
  const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
  await applySeed(store, seed);
  const server = authorizationServer({ issuer, store, secret: SECRET, scopes: seed.scopes });
  after(server.close);
  const app = express();
  guard(app, server, origin);
  if (well) app.use(express.Router().use(path || '/', server.handler), server.wellKnown);
  else app.use(path || '/', server.handler);
  web.on('request', app);
  return { origin, issuer };
}

const hello: RequestHandler = (_req, res) => {
  res.json({ aud: res.locals['oauth'].token.audience });
};

const call = (url: string, token?: string) =>
  http(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

const metadataUrlIn = (answer: Answer) =>
  /resource_metadata="([^"]*)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1];

/** GET with a Host of one's own, as a proxy or a second name of the machine brings it. */
function getAs(origin: string, url: URL): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const path = `${url.pathname}${url.search}`;
    const asked = send({ hostname, port, path, headers: { host: url.host } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });
}

describe('what protect() guards (RFC 8707, RFC 9728)', () => {
  it('opens for a token for that resource, and for no other', async () => {
    const site = await serve((app, { protect }, origin) => {
      app.get('/a', protect('read', { resource: `${origin}/a` }), hello);
      app.get('/b', protect('read', { resource: `${origin}/b` }), hello);
      app.get('/c', protect('read'), hello);
    });
    const [a, b, c] = [`${site.origin}/a`, `${site.origin}/b`, `${site.origin}/c`] as const;
    const tokenFor = async (...names: string[]) => (await own(site, names)).json.access_token;
    for (const [names, open] of [
      [[a], [a]],
      [[b], [b]],
      [[], [c]],
      [[site.issuer], [c]],
      [
        [a, b],
        [a, b],
      ],
      [
        [b, site.issuer],
        [b, c],
      ],
      [[`${a}/`], []],
      [[`${a}?x`], []],
      [[c], []],
    ] as const) {
      const token = await tokenFor(...names);
      for (const url of [a, b, c]) {
        const expected = (open as readonly string[]).includes(url) ? 200 : 401;
        assert.equal((await call(url, token)).status, expected, `${names} at ${url}`);
      }
    }
  });

  it('takes a token for its host with or without the slash, whichever it was told', async () => {
    const site = await serve((app, { protect }) => {
      app.get('/bare', protect({ resource: 'https://api.example' }), hello);
      app.get('/slash', protect({ resource: 'https://api.example/' }), hello);
    });
    for (const name of ['https://api.example', 'https://api.example/']) {
      const { access_token } = (await own(site, [name])).json;
      for (const path of ['/bare', '/slash']) {
        const answer = await call(`${site.origin}${path}`, access_token);
        assert.deepEqual([answer.status, answer.json.aud], [200, [name]]);
      }
    }
  });

  it('refuses a token that is for nothing it knows, with the scope it needs in the challenge', async () => {
    const site = await serve((app, { protect }, origin) => {
      app.get('/a', protect('read', 'write', { resource: `${origin}/a` }), hello);
    });
    const none = await call(`${site.origin}/a`);
    assert.equal(
      none.headers.get('www-authenticate'),
      `Bearer realm="${site.issuer}", scope="read write", resource_metadata="${site.origin}/.well-known/oauth-protected-resource/a"`,
    );
    const { access_token } = (await own(site, [])).json;
    const wrong = await call(`${site.origin}/a`, access_token);
    assert.equal(wrong.status, 401);
    assert.match(
      wrong.headers.get('www-authenticate') ?? '',
      /^Bearer realm="[^"]+", error="invalid_token", error_description="[^"]+", scope="read write", resource_metadata="[^"]+"$/,
    );
  });
});

describe('protected resource metadata (RFC 9728)', () => {
  for (const path of ['', '/auth', '/a/b']) {
    for (const suffix of ['', '/', '/api', '/api/', '/api/v1', '/api/%C3%A9', '/api?tenant=1']) {
      it(`leads from the challenge to a document of that very resource: issuer ${path || '/'}, resource ${suffix || 'without a path'}`, async () => {
        const site = await serve(
          (app, { protect }, origin) => {
            app.get('/guarded', protect('read', { resource: `${origin}${suffix}` }), hello);
          },
          { path },
        );
        const url = metadataUrlIn(await call(`${site.origin}/guarded`)) ?? '';
        const { pathname, search } = new URL(`${site.origin}${suffix}`);
        // Section 3.1: between host and path, without the slash of a path that is nothing else.
        assert.equal(
          url,
          `${site.origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`,
        );
        const { status, headers, json, text } = await http(url);
        assert.equal(status, 200, text);
        assert.match(headers.get('content-type') ?? '', /^application\/json/);
        assert.equal(headers.get('access-control-allow-origin'), '*');
        // Section 3.3: letter for letter what the client knows it by.
        assert.deepEqual(json, {
          resource: `${site.origin}${suffix}`,
          authorization_servers: [site.issuer],
          bearer_methods_supported: ['header'],
          scopes_supported: ['read'],
        });
        // And from there to the authorization server, and to a token that opens it.
        const { pathname: issuerPath } = new URL(site.issuer);
        const found = await http(
          `${site.origin}/.well-known/oauth-authorization-server${issuerPath.replace(/\/$/, '')}`,
        );
        assert.equal(found.json.issuer, site.issuer);
        const { access_token } = (await own(site, [json.resource])).json;
        assert.equal((await call(`${site.origin}/guarded`, access_token)).status, 200);
      });
    }
  }

  it('is that of the server itself where protect() is told no resource', async () => {
    for (const path of ['', '/auth']) {
      const server = await startServer({}, { path });
      const url = metadataUrlIn(await http(`${server.issuer}/secret`)) ?? '';
      assert.equal(url, `${server.origin}/.well-known/oauth-protected-resource${path}`);
      const { status, json } = await http(url);
      assert.equal(status, 200);
      assert.deepEqual(json, {
        resource: server.issuer,
        authorization_servers: [server.issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['read'],
      });
    }
  });

  it('has every scope that any route of the resource asks for, each once', async () => {
    const site = await serve((app, { protect }, origin) => {
      const resource = `${origin}/api`;
      app.get('/api/read', protect('read', { resource }), hello);
      app.post('/api/write', protect('read', 'write', { resource }), hello);
      app.get('/api/who', protect({ resource }), hello);
      app.get('/plain', protect({ resource: `${origin}/plain` }), hello);
    });
    const at = (path: string) => http(`${site.origin}/.well-known/oauth-protected-resource${path}`);
    assert.deepEqual((await at('/api')).json.scopes_supported, ['read', 'write']);
    assert.equal('scopes_supported' in (await at('/plain')).json, false);
  });

  it('is there for what is guarded and for nothing else', async () => {
    const site = await serve(
      (app, { protect }, origin) => {
        app.get('/api', protect({ resource: `${origin}/api` }), hello);
        app.use('/.well-known/other', (_req, res) => void res.send('the app’s own'));
      },
      { path: '/auth' },
    );
    const at = (path: string) => http(`${site.origin}/.well-known/oauth-protected-resource${path}`);
    for (const path of [
      '',
      '/',
      '/auth',
      '/other',
      '/api/more',
      '/API',
      '/api%2f',
      '//api',
      '/%',
    ]) {
      const { status } = await at(path);
      assert.ok(status === 404 || (path === '/%' && status === 400), `${path}: ${status}`);
    }
    assert.equal((await at('/api')).status, 200);
    assert.equal((await http(`${site.origin}/.well-known/other`)).text, 'the app’s own');
  });

  it('answers GET, HEAD and a preflight, and no other method', async () => {
    const server = await startServer();
    const url = `${server.origin}/.well-known/oauth-protected-resource`;
    assert.equal((await http(url, { method: 'HEAD' })).status, 200);
    assert.match((await http(url)).headers.get('cache-control') ?? '', /max-age=\d+/);
    const preflight = await http(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://spa.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(preflight.status, 204);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers } = await http(url, { method });
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD']);
    }
  });

  it('is mounted by hand at the root where the server goes into a router', async () => {
    const site = await serve(
      (app, { protect }, origin) => {
        app.get('/api', protect({ resource: `${origin}/api` }), hello);
      },
      { path: '/auth', well: true },
    );
    const { json } = await http(metadataUrlIn(await call(`${site.origin}/api`)) ?? '');
    assert.equal(json.resource, `${site.origin}/api`);
  });

  it('is told apart by the host where resources of several hosts have the same path', async () => {
    const site = await serve((app, { protect }) => {
      app.get('/own', protect('admin'), hello);
      app.get('/one', protect('read', { resource: 'https://one.example' }), hello);
      app.get('/two', protect('write', { resource: 'https://two.example/' }), hello);
      app.get('/ported', protect('write', { resource: 'https://two.example:8443' }), hello);
    });
    for (const [path, resource, scope] of [
      ['/own', site.issuer, 'admin'],
      ['/one', 'https://one.example', 'read'],
      ['/two', 'https://two.example/', 'write'],
      ['/ported', 'https://two.example:8443', 'write'],
    ] as const) {
      const url = metadataUrlIn(await call(`${site.origin}${path}`)) ?? '';
      const { status, text } = await getAs(site.origin, new URL(url));
      assert.equal(status, 200, text);
      assert.equal(JSON.parse(text).resource, resource);
      assert.deepEqual(JSON.parse(text).scopes_supported, [scope]);
    }
  });

  it('is told apart by the query where resources have one', async () => {
    const site = await serve((app, { protect }, origin) => {
      app.get('/1', protect({ resource: `${origin}/api?tenant=1` }), hello);
      app.get('/2', protect({ resource: `${origin}/api?tenant=2` }), hello);
    });
    for (const tenant of ['1', '2']) {
      const url = metadataUrlIn(await call(`${site.origin}/${tenant}`)) ?? '';
      const { json } = await http(url);
      assert.equal(json.resource, `${site.origin}/api?tenant=${tenant}`);
    }
  });

  it('is answered behind a proxy that does not pass the host on', async () => {
    const site = await serve((app, { protect }) => {
      app.get('/api', protect('read', { resource: 'https://api.example/v1' }), hello);
    });
    const { status, json } = await http(`${site.origin}/.well-known/oauth-protected-resource/v1`);
    assert.deepEqual([status, json.resource], [200, 'https://api.example/v1']);
  });

  it('is not promised for a resource that is no URL of the web, which is guarded all the same', async () => {
    const site = await serve((app, { protect }) => {
      app.get('/urn', protect('read', { resource: 'urn:example:api' }), hello);
      app.get('/api', protect('read', { resource: 'https://api.example/v1' }), hello);
    });
    const answer = await call(`${site.origin}/urn`);
    assert.equal(answer.status, 401);
    assert.equal(metadataUrlIn(answer), undefined);
    const { access_token } = (await own(site, ['urn:example:api'])).json;
    assert.equal((await call(`${site.origin}/urn`, access_token)).status, 200);
    assert.equal((await call(`${site.origin}/api`, access_token)).status, 401);
    const at = (path: string) => http(`${site.origin}/.well-known/oauth-protected-resource${path}`);
    assert.equal((await at('/v1')).status, 200);
    assert.equal((await at('/other')).status, 404);
  });

  it('is refused at the start for what can not name a resource, with a sentence', async () => {
    await serve((_app, { protect }) => {
      for (const resource of [
        '/api',
        'api',
        'https://api.example/#part',
        '',
        ' https://a.example/',
      ]) {
        assert.throws(() => protect('read', { resource }), /resource/, resource);
      }
    });
  });
});

describe('a grant for resources', async () => {
  const server = await startServer(jwt, { seed: RESOURCE_SEED });

  it('ends as a whole: tokens for one resource with those for another', async () => {
    const first = (await (await codeFor(server, [PLAIN, server.issuer])).exchange(server.issuer))
      .json;
    const second = (await refresh(server, first.refresh_token, [PLAIN])).json;
    assert.equal((await getSecret(server, first.access_token)).status, 200);
    await server.store.grants.end(decoded(second.access_token).claims.grant_id);
    assert.equal((await getSecret(server, first.access_token)).status, 401);
    const { json } = await introspect(server, second.access_token, WEB);
    assert.deepEqual(json, { active: false });
  });

  it('keeps its resources as long as it lasts', async () => {
    await withClock(async (advance) => {
      let { json } = await (await codeFor(server, [PLAIN, JWT])).exchange(JWT);
      for (let week = 0; week < 8; week += 1) {
        advance(7 * 24 * 3600 * 1000);
        json = (await refresh(server, json.refresh_token, week % 2 === 0 ? [PLAIN] : [])).json;
      }
      assert.deepEqual(decoded(json.access_token).claims.aud, [PLAIN, JWT]);
      assertInvalidTarget(await refresh(server, json.refresh_token, [OPAQUE]));
    });
  });
});
