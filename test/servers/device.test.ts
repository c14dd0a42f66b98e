// RFC 8628: a device asks, a person decides, the device gets its tokens.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerEvents } from '../../src/events.ts';
import { sha256 } from '../../src/protocol/secrets.ts';
import type { Client } from '../../src/types.ts';
import { askForCodes, DEVICE_GRANT, TV } from '../helpers/devices.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { serveHost } from '../helpers/host.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const GRANT = DEVICE_GRANT;
const SECRET = 'a-secret-that-is-long-enough-not-to-be-guessed';
const NOTES = 'https://notes.example/api';

const seed = {
  ...SEED,
  resources: { [NOTES]: {}, 'https://files.example/api': {} },
  clients: [
    ...SEED.clients,
    { ...TV, client_name: 'Living <Room> TV' },
    { ...TV, client_id: 'radio', client_name: 'Radio', scope: 'openid read' },
    { client_id: 'fridge', client_secret: SECRET, grant_types: [GRANT], scope: 'read' },
  ],
};

const server = await startServer({}, { seed });

type Form = Record<string, string>;

const ask = (form: Form = {}, at: TestServer = server, client?: string) =>
  http(`${at.issuer}/oauth/device_authorization`, {
    method: 'POST',
    headers: client === undefined ? {} : { authorization: basic(client, SECRET) },
    body: new URLSearchParams(client === undefined ? { client_id: 'tv', ...form } : form),
  });

const poll = (device_code: string, at: TestServer = server, form: Form = {}) =>
  requestToken(at, { grant_type: GRANT, client_id: 'tv', device_code, ...form });

const errorOf = async (answer: Promise<Answer>) => {
  const { status, json } = await answer;
  return `${status} ${json.error ?? 'tokens'}`;
};

/** Somebody at the page, who has signed in. */
async function somebody(at: TestServer = server, name = 'alice', password = 'wonderland') {
  const person = new Person(at);
  const page = await person.signIn(await person.visit('/device'), name, password);
  const type = (user_code: string, more: Form = {}) => person.submit(page, { user_code, ...more });
  const decide = async (user_code: string, decision: string) =>
    person.submit(await type(user_code), { decision });
  return { person, page, type, decide };
}

const told: [name: string, what: object][] = [];
for (const name of [
  'device_code_issued',
  'device_allowed',
  'device_denied',
  'user_code_refused',
  'device_limited',
] as const satisfies (keyof ServerEvents)[]) {
  server.events.on(name, (what: object) => void told.push([name, what]));
}

describe('a device', () => {
  it('is let in by a person who opens the page and types the code', async () => {
    told.length = 0;
    const asked = await ask({ scope: 'read' });
    assert.equal(asked.status, 200);
    assert.equal(asked.headers.get('cache-control'), 'no-store');
    const { device_code, user_code, ...rest } = asked.json;
    assert.match(user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    const uri = `${server.issuer}/device`;
    assert.deepEqual(rest, {
      verification_uri: uri,
      verification_uri_complete: `${uri}?user_code=${user_code}`,
      expires_in: 900,
      interval: 5,
    });
    assert.equal(await errorOf(poll(device_code)), '400 authorization_pending');

    const { person, page, type } = await somebody();
    assert.match(page.text, /Connect a device/);
    const review = await type(user_code);
    for (const shown of ['Living &lt;Room&gt; TV', user_code, '127.0.0.1', 'just now', 'Alice']) {
      assert.ok(review.text.includes(shown), shown);
    }
    assert.match(review.text, /If somebody sent you this code, cancel/);
    assert.equal(await errorOf(poll(device_code)), '400 slow_down');
    const done = await person.submit(review, { decision: 'allow' });
    assert.match(done.text, /Access allowed/);

    const { status, json } = await poll(device_code);
    assert.equal(status, 200);
    assert.equal(json.scope, 'read');
    assert.equal((await getSecret(server, json.access_token)).status, 200);
    assert.equal(await errorOf(poll(device_code)), '400 invalid_grant');
    const refreshed = await requestToken(server, {
      grant_type: 'refresh_token',
      client_id: 'tv',
      refresh_token: json.refresh_token,
    });
    assert.equal(refreshed.status, 200);
    const userId = (await server.store.users.findByUsername('alice'))!.id;
    const clientId = 'tv';
    assert.deepEqual(told, [
      ['device_code_issued', { clientId, address: '127.0.0.1', scope: ['read'] }],
      ['device_allowed', { userId, clientId, scope: ['read'] }],
    ]);
    assert.match((await person.visit('/account')).text, /Living &lt;Room&gt; TV/);
  });

  it('is let in with openid, whatever scopes it names that this server does not have', async () => {
    told.length = 0;
    const asks = (scope: string) => ask({ client_id: 'radio', scope });
    assert.equal((await asks('openid roles read')).status, 200);
    const [[, what] = []] = told;
    assert.deepEqual((what as { scope: string[] }).scope, ['openid', 'read']);
    assert.equal(await errorOf(asks('openid write')), '400 invalid_scope');
    assert.equal(await errorOf(asks('read roles')), '400 invalid_scope');
  });

  it('is let in by a person who opens the URL with the code, and confirms it', async () => {
    const { device_code, user_code, verification_uri_complete } = (await ask()).json;
    const person = new Person(server);
    const login = await person.visit(verification_uri_complete);
    assert.match(login.text, /name="password"/);
    const page = await person.signIn(login);
    assert.match(page.text, new RegExp(`Is this the code[^]*value="${user_code}"`));
    assert.doesNotMatch(page.text, /Living/, 'nobody has confirmed yet that it is their code');
    const review = await person.submit(page, { user_code });
    await person.submit(review, { decision: 'allow' });
    assert.equal((await poll(device_code)).json.scope, 'read write');
  });

  it('is refused by a person, and told so', async () => {
    told.length = 0;
    const { device_code, user_code } = (await ask()).json;
    const { decide, type } = await somebody();
    assert.match((await decide(user_code, 'deny')).text, /Access refused/);
    assert.equal(await errorOf(poll(device_code)), '400 access_denied');
    assert.equal(await errorOf(poll(device_code)), '400 access_denied');
    assert.equal(told.at(-1)?.[0], 'device_denied');
    assert.match((await type(user_code)).text, /incorrect or has expired/);
  });

  it('gets one token of 50 who ask for it at once', async () => {
    const { device_code, user_code } = (await ask()).json;
    await (await somebody()).decide(user_code, 'allow');
    const answers = await Promise.all(Array.from({ length: 50 }, () => errorOf(poll(device_code))));
    const counts = { tokens: 0, refused: 0 };
    for (const answer of answers) {
      if (answer === '200 tokens') counts.tokens += 1;
      else if (answer === '400 invalid_grant') counts.refused += 1;
      else assert.fail(answer);
    }
    assert.deepEqual(counts, { tokens: 1, refused: 49 });
  });

  it('with a secret has to prove who it is, at both endpoints', async () => {
    const form = { client_id: 'fridge' };
    assert.equal(await errorOf(ask(form)), '401 invalid_client');
    const { device_code, user_code } = (await ask({}, server, 'fridge')).json;
    await (await somebody()).decide(user_code, 'allow');
    assert.equal(await errorOf(poll(device_code, server, form)), '401 invalid_client');
    assert.equal(await errorOf(poll(device_code)), '400 invalid_grant', 'it is not of the TV');
    const grant = { grant_type: GRANT, device_code };
    const answer = await requestToken(server, grant, `fridge:${SECRET}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.refresh_token, undefined);
  });

  it('gets tokens for the resources it asked for', async () => {
    const { device_code, user_code } = (await ask({ resource: NOTES })).json;
    const { type, person } = await somebody();
    const review = await type(user_code);
    assert.ok(review.text.includes(NOTES));
    await person.submit(review, { decision: 'allow' });
    const other = { resource: 'https://files.example/api' };
    assert.equal(await errorOf(poll(device_code, server, other)), '400 invalid_target');
    const { access_token } = (await poll(device_code)).json;
    const found = await server.store.accessTokens.find(sha256(access_token), Date.now());
    assert.deepEqual(found?.token.audience, [NOTES]);
  });

  it('is told what is wrong with its request', async () => {
    const rows: [answer: Promise<Answer>, expected: string][] = [
      [ask({ client_id: 'nobody' }), '401 invalid_client'],
      [ask({ client_id: 'spa' }), '400 unauthorized_client'],
      [ask({ scope: 'admin' }), '400 invalid_scope'],
      [ask({ resource: 'https://evil.example/' }), '400 invalid_target'],
      [ask({ scope: 'read '.repeat(500) }), '400 invalid_request'],
      [http(`${server.issuer}/oauth/device_authorization`), '405 invalid_request'],
      [poll('BCDFGHJK.x'), '400 invalid_grant'],
      [poll('BCDFGHJK'), '400 invalid_grant'],
      [poll('.'), '400 invalid_grant'],
      [poll(''), '400 invalid_request'],
      [requestToken(server, { grant_type: GRANT, client_id: 'spa' }), '400 unauthorized_client'],
    ];
    for (const [answer, expected] of rows) assert.equal(await errorOf(answer), expected);
  });

  it('gets nothing for the code of the person without its own', async () => {
    const { user_code } = (await ask()).json;
    await (await somebody()).decide(user_code, 'allow');
    for (const guess of [user_code, `${user_code}.`, `${user_code.replace('-', '')}.guess`]) {
      assert.equal(await errorOf(poll(guess)), '400 invalid_grant');
    }
  });

  it('gets nothing if the person takes the access back before it comes', async () => {
    const { device_code, user_code } = (await ask()).json;
    await (await somebody()).decide(user_code, 'allow');
    const userId = (await server.store.users.findByUsername('alice'))!.id;
    assert.equal(await server.store.consents.withdraw(userId, 'tv'), true);
    assert.equal(await errorOf(poll(device_code)), '400 invalid_grant');
  });

  it('gets no more than its record allows once it comes', async () => {
    const { device_code, user_code } = (await ask()).json;
    await (await somebody()).decide(user_code, 'allow');
    const tv = (await server.store.clients.find('tv'))!;
    await server.store.clients.save({ ...tv, scope: ['write'] });
    assert.equal((await poll(device_code)).json.scope, 'write');
    await server.store.clients.save(tv);
  });
});

describe('a device whose client may no longer', () => {
  for (const [what, changes] of [
    ['ask for codes', { grants: ['refresh_token'] }],
    ['have any of the scope', { scope: ['profile'] }],
  ] satisfies [string, Partial<Client>][]) {
    it(`${what} is not let in, and nobody is told that it is`, async () => {
      const { device_code, user_code } = (await ask()).json;
      const { person, type } = await somebody();
      const review = await type(user_code);
      const tv = (await server.store.clients.find('tv'))!;
      await server.store.clients.save({ ...tv, ...changes });
      const done = await person.submit(review, { decision: 'allow' });
      const typed = await type(user_code);
      await server.store.clients.save(tv);
      assert.match(done.text, /request is over/);
      assert.match(typed.text, /incorrect or has expired/);
      assert.match(await errorOf(poll(device_code)), /authorization_pending/);
      assert.match((await person.submit(review, { decision: 'allow' })).text, /Access allowed/);
    });
  }
});

describe('the pace of a device', () => {
  it('is five seconds, and five more each time it was too fast', async () => {
    await withClock(async (advance) => {
      const { device_code } = (await ask()).json;
      const after = (seconds: number) => {
        advance(seconds * 1000);
        return errorOf(poll(device_code));
      };
      const pending = '400 authorization_pending';
      assert.equal(await after(0), pending, 'the first may come at once');
      assert.equal(await after(5), pending);
      assert.equal(await after(4.5), pending, 'a network is not exact');
      assert.equal(await after(3), '400 slow_down');
      assert.equal(await after(6), '400 slow_down');
      assert.equal(await after(15), pending);
      assert.equal(await after(15), pending);
    });
  });

  it('writes nothing as long as nobody has decided', async () => {
    const { device_code } = (await ask()).json;
    const { tickets } = server.store;
    const [{ create, change, take }, written] = [tickets, [] as string[]];
    const noting =
      <Args extends unknown[], T>(name: string, verb: (...args: Args) => T) =>
      (...args: Args) => {
        written.push(name);
        return verb(...args);
      };
    Object.assign(tickets, {
      create: noting('create', create),
      change: noting('change', change),
      take: noting('take', take),
    });
    await errorOf(poll(device_code));
    await errorOf(poll(device_code));
    Object.assign(tickets, { create, change, take });
    assert.deepEqual(written, []);
  });
});

describe('a code', () => {
  it('has expired after fifteen minutes, and the device and the person are told so', async () => {
    await withClock(async (advance) => {
      const { device_code, user_code } = (await ask()).json;
      const { person, type } = await somebody();
      const review = await type(user_code);
      advance(900_000 - 1);
      assert.equal(await errorOf(poll(device_code)), '400 authorization_pending');
      advance(1);
      assert.equal(await errorOf(poll(device_code)), '400 expired_token');
      assert.match((await type(user_code)).text, /incorrect or has expired/);
      assert.match((await person.submit(review, { decision: 'allow' })).text, /request is over/);
      assert.equal(await errorOf(poll(device_code)), '400 expired_token');
      advance(5 * 60_000);
      assert.equal(await errorOf(poll(device_code)), '400 invalid_grant');
    });
  });

  it('leaves the device a minute if it is allowed at the last moment', async () => {
    await withClock(async (advance) => {
      const { device_code, user_code } = (await ask()).json;
      const { person, type } = await somebody();
      advance(900_000 - 1);
      await person.submit(await type(user_code), { decision: 'allow' });
      advance(59_000);
      assert.equal((await poll(device_code)).status, 200);
    });
  });

  it('is refused, and not used up, if it is collected later than GRANT_TTL after the decision', async () => {
    const SESSION_SECRET = 's'.repeat(32);
    const long = await startServer({ SESSION_SECRET }, { seed });
    const short = await startServer(
      { SESSION_SECRET, GRANT_TTL: '30' },
      { seed, store: long.store },
    );
    await withClock(async (advance) => {
      const { device_code, user_code } = (await ask({}, long)).json;
      await (await somebody(long)).decide(user_code, 'allow');
      advance(30_000);
      assert.equal(await errorOf(poll(device_code, short)), '400 invalid_grant');
      assert.equal(await errorOf(poll(device_code, long)), '200 tokens');
    });
  });

  it('may be typed in either case, with a dash, spaces or none', async () => {
    const { user_code } = (await ask()).json;
    const { type } = await somebody();
    const plain = user_code.replace('-', '');
    const wide = [...plain].map((c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0)).join('');
    for (const typed of [plain, user_code.toLowerCase(), ` ${plain} `, `${plain}.`, wide]) {
      assert.match((await type(typed)).text, /name="decision"/, typed);
    }
    const split = `${plain.slice(0, 2)} ${plain.slice(2)}\t`;
    assert.match((await type(split)).text, /name="decision"/);
  });

  it('that can be none is told apart from a wrong one, and not counted', async () => {
    const { type } = await somebody();
    const odd = ['', 'ABC', 'AEIOUYBC', 'BCDFGHJKL', 'x'.repeat(257), 'a\0b', '1'.repeat(8)];
    for (const typed of [...odd, ...odd]) {
      const page = await type(typed);
      assert.equal(page.status, 400);
      assert.match(page.text, /Please enter the code|A code has eight letters/);
    }
  });
});

describe('a decision', () => {
  it('counts only from the session that was shown the request, and for that request', async () => {
    const { device_code, user_code } = (await ask()).json;
    const { person, type } = await somebody();
    const other = await somebody();
    const { fields } = readForm((await type(user_code)).text);
    const send = (who: Person, body: Form) =>
      who.visit('/device', { method: 'POST', body: new URLSearchParams(body) });
    const form = { ...fields, decision: 'allow' };
    const another = (await ask()).json;
    const shown = readForm((await other.type(another.user_code)).text).fields;
    for (const [who, body] of [
      [other.person, form],
      [person, { ...form, csrf_token: '' }],
      [person, { ...form, csrf_token: readForm(other.page.text).fields['csrf_token']! }],
      [person, { ...form, request: shown['request']! }],
      [person, { ...form, user_code: another.user_code }],
      [person, { ...form, user_code: another.user_code, request: shown['request']! }],
    ] as const) {
      const page = await send(who, body);
      assert.match(page.text, /out of date|request is over/);
    }
    for (const code of [device_code, another.device_code]) {
      assert.match(await errorOf(poll(code)), /authorization_pending/);
    }
    assert.equal((await send(new Person(server), form)).text.includes('name="password"'), true);
    assert.match((await send(person, form)).text, /Access allowed/);
  });

  it('may be sent twice, and not be changed', async () => {
    const { device_code, user_code } = (await ask()).json;
    const { person, type } = await somebody();
    const review = await type(user_code);
    const both = [1, 2].map(() => person.submit(review, { decision: 'allow' }));
    for (const page of await Promise.all(both)) assert.match(page.text, /Access allowed/);
    assert.match((await person.submit(review, { decision: 'deny' })).text, /request is over/);
    assert.equal((await poll(device_code)).status, 200);
    assert.match((await person.submit(review, { decision: 'allow' })).text, /request is over/);
  });

  it('is one of the two that were offered, or none', async () => {
    const { device_code, user_code } = (await ask()).json;
    const { person, type } = await somebody();
    const page = await person.submit(await type(user_code), { decision: 'perhaps' });
    assert.equal(page.status, 400);
    assert.match(page.text, /Please choose Cancel or Allow/);
    assert.equal(await errorOf(poll(device_code)), '400 authorization_pending');
    assert.match((await person.submit(page, { decision: 'allow' })).text, /Access allowed/);
  });

  it('of two people at once is one: the other is told that it is over', async () => {
    const { device_code, user_code } = (await ask()).json;
    const people = [await somebody(), await somebody(server, 'bob', 'builder')];
    const reviews = await Promise.all(people.map(({ type }) => type(user_code)));
    const pages = await Promise.all(
      people.map(({ person }, n) =>
        person.submit(reviews[n]!, { decision: n === 0 ? 'allow' : 'deny' }),
      ),
    );
    assert.equal(pages.filter(({ text }) => text.includes('request is over')).length, 1);
    assert.match(await errorOf(poll(device_code)), /^200 tokens$|^400 access_denied$/);
  });
});

describe('guesses at codes', () => {
  const WRONG = 'BCDFGHJK';

  it('are limited for a session, then for an account, and for nobody else', async () => {
    const at = await startServer({ LOGIN_LIMIT_PER_ACCOUNT: '4' }, { seed });
    const { user_code } = (await ask({}, at)).json;
    const first = await somebody(at);
    for (let n = 0; n < 2; n += 1) assert.equal((await first.type(WRONG)).status, 400);
    const limited = await first.type(user_code);
    assert.equal(limited.status, 429);
    assert.ok(Number(limited.headers.get('retry-after')) > 800);
    assert.match(limited.text, /Too many incorrect codes/);

    const second = await somebody(at);
    assert.match((await second.type(user_code)).text, /name="decision"/, 'right ones do not count');
    for (let n = 0; n < 2; n += 1) assert.equal((await second.type(WRONG)).status, 400);
    assert.equal((await (await somebody(at)).type(user_code)).status, 429, 'the account');
    const bob = await somebody(at, 'bob', 'builder');
    assert.match((await bob.decide(user_code, 'allow')).text, /Access allowed/);
  });

  it('are limited for an address', async () => {
    const at = await startServer(
      { LOGIN_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: 'loopback' },
      { seed },
    );
    const { user_code } = (await ask({}, at)).json;
    const alice = await somebody(at);
    const bob = await somebody(at, 'bob', 'builder');
    for (let n = 0; n < 3; n += 1) assert.equal((await alice.type(WRONG)).status, 400);
    assert.equal((await bob.type(user_code)).status, 429);
    bob.person.headers['x-forwarded-for'] = '203.0.113.9';
    assert.match((await bob.type(user_code)).text, /name="decision"/);
  });

  it('cannot be made by a page of somebody else, in whatever name', async () => {
    const { person } = await somebody();
    for (let n = 0; n < 12; n += 1) {
      await person.visit(`/device?user_code=${WRONG}`);
      await person.visit('/device', {
        method: 'POST',
        body: new URLSearchParams({ user_code: WRONG }),
      });
    }
    const { user_code } = (await ask()).json;
    const page = await person.visit('/device');
    assert.match((await person.submit(page, { user_code })).text, /name="decision"/);
  });
});

describe('what strangers ask for', () => {
  it('is limited for an address if the client has no secret, and for nobody else', async () => {
    const at = await startServer(
      { LOGIN_LIMIT_PER_ADDRESS: '3', TRUST_PROXY: 'loopback' },
      { seed },
    );
    for (let n = 0; n < 3; n += 1) assert.equal((await ask({}, at)).status, 200);
    const refused = await ask({}, at);
    assert.equal(refused.status, 429);
    assert.equal(refused.json.error, 'temporarily_unavailable');
    assert.ok(Number(refused.headers.get('retry-after')) > 800);
    assert.equal((await ask({}, at, 'fridge')).status, 200);
    const elsewhere = await http(`${at.issuer}/oauth/device_authorization`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '203.0.113.9' },
      body: new URLSearchParams({ client_id: 'tv' }),
    });
    assert.equal(elsewhere.status, 200);
  });
});

describe('the discovery document', () => {
  it('says where devices ask, and that there is the grant type', async () => {
    const { json } = await http(`${server.issuer}/.well-known/oauth-authorization-server`);
    assert.equal(json.device_authorization_endpoint, `${server.issuer}/oauth/device_authorization`);
    assert.ok(json.grant_types_supported.includes(GRANT));
  });
});

describe('in an app with people of its own', () => {
  it('a device is let in by who is signed in there, and anybody else is sent to sign in there', async () => {
    const who: { id?: number } = {};
    const host = await serveHost({
      authenticate: () => (who.id === undefined ? undefined : { ...who, name: 'Seven' }),
      loginUrl: '/in?from=device',
      scopes: SEED.scopes,
    });
    const tv = (await server.store.clients.find('tv'))!;
    await host.store.clients.save(tv);
    const { device_code, user_code, verification_uri_complete } = await askForCodes(host);
    const person = new Person(host);
    const sent = new URL((await person.open(verification_uri_complete)).location, host.origin);
    assert.equal(`${sent.pathname} ${sent.searchParams.get('from')}`, '/in device');
    const back = sent.searchParams.get('return_to') ?? '';
    assert.equal(back, `/device?user_code=${user_code.replace('-', '')}`);
    const odd = await person.open('/device?user_code=https://evil.example/');
    assert.equal(odd.location, '/in?from=device&return_to=%2Fdevice');

    who.id = 7;
    const page = await person.visit(back);
    assert.match(page.text, new RegExp(`value="${user_code}"`));
    const review = await person.submit(page, { user_code });
    assert.match(review.text, /Seven/);
    who.id = 8;
    const other = await person.submit(review, { decision: 'allow' });
    assert.equal(other.status, 403, 'who signed in as somebody else meanwhile is asked again');
    who.id = 7;
    await person.submit(review, { decision: 'allow' });
    const { json } = await requestToken(host, {
      grant_type: DEVICE_GRANT,
      client_id: 'tv',
      device_code,
    });
    const notes = await http(`${host.origin}/notes`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    assert.deepEqual(notes.json, { sub: '7' });
    assert.match((await person.visit('/account')).text, /Living &lt;Room&gt; TV/);
  });
});
