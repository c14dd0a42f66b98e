// What an app around the server answers when it is asked who is signed in: what can be used is used,
// and anything else is named in the log, and nowhere else.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OAuthError } from '../../src/errors.ts';
import { type BeforeConsent, type SignedIn, StoreUnavailable } from '../../src/index.ts';
import { authorizeAs, authorizeUrl } from '../helpers/flows.ts';
import { withClock } from '../helpers/harness.ts';
import { type Host, serveHost } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

/** An app that answers what `answer` does, and the failures that its server reported. */
async function appThat(answer: () => unknown): Promise<{ host: Host; failures: Error[] }> {
  const host = await serveHost({ authenticate: answer, loginUrl: '/in' });
  const failures: Error[] = [];
  host.server.events.on('failure', ({ error }) => failures.push(error as Error));
  return { host, failures };
}

/** What the access token of a person says, from a sign-in to the route of the app. */
async function subOf(host: Host): Promise<{ sub: string; token: string }> {
  const flow = await authorizeAs(host);
  const { json } = await flow.exchange();
  const { json: notes } = await notesOf(host, json.access_token);
  return { sub: notes.sub, token: json.access_token };
}

const notesOf = (host: Host, token: string) =>
  http(`${host.origin}/notes`, { headers: { authorization: `Bearer ${token}` } });

const NOW = Date.now();

describe('the id of a person that the app answers with', () => {
  for (const id of [7, 7n, '7']) {
    it(`is the sub of every token: ${typeof id} 7`, async () => {
      const { host } = await appThat(() => ({ id, name: 'Seven' }));
      assert.equal((await subOf(host)).sub, '7');
      assert.equal((await subOf(host)).sub, '7');
    });
  }

  it('is one under which access can be removed, and the token then ends', async () => {
    const { host } = await appThat(() => ({ id: 7, name: 'Seven' }));
    const { token } = await subOf(host);
    const person = new Person(host);
    await person.submit(await person.visit('/account/remove-app?client_id=web'), {});
    assert.equal((await notesOf(host, token)).status, 401);
  });
});

describe('a name of a person that turns the text around it', () => {
  it('is shown and told to clients without that, and keeps nobody out', async () => {
    const { host, failures } = await appThat(() => ({
      id: '7',
      name: 'Se\u202even\u2069',
      username: '\u202aseven\u202c',
      claims: { groups: ['read\u202eers'], address: { locality: 'Ox\u0085ford' } },
    }));
    const scope = 'openid profile address groups';
    const web = await host.store.clients.find('web');
    await host.store.clients.save({ ...web!, scope: scope.split(' ') });
    const page = await new Person(host).visit(authorizeUrl(host, { scope }));
    assert.equal(page.status, 200);
    for (const shown of ['<bdi>Seven</bdi>', 'readers', 'Oxford']) {
      assert.ok(page.text.includes(shown), shown);
    }
    assert.doesNotMatch(page.text, /[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
    assert.deepEqual(failures, []);
  });
});

describe('nobody is signed in to the app', () => {
  for (const nobody of [undefined, null, false]) {
    it(`where it answers ${nobody}, and where a promise of it does`, async () => {
      for (const answer of [() => nobody, async () => nobody]) {
        const { host, failures } = await appThat(answer);
        const { location } = await http(authorizeUrl(host));
        assert.match(location, /^\/in\?return_to=/);
        assert.deepEqual(failures, []);
      }
    });
  }
});

describe('an answer of the app that cannot be used', () => {
  for (const [answer, problem] of [
    [true, 'answered true. It'],
    ['alice', 'answered "alice". It'],
    [[{ id: '7' }], 'answered a list of 1. It'],
    [{ name: 'A' }, 'answered with the id undefined, which is missing. It'],
    [{ id: '' }, 'answered with the id "", which is empty'],
    [{ id: null }, 'answered with the id null, which is not a string'],
    [{ id: 1.5 }, 'answered with the id 1.5, which is not a string'],
    [{ id: Number.NaN }, 'answered with the id NaN, which is not a string'],
    [{ id: 2 ** 53 }, 'answered with the id 9007199254740992, which is not a string'],
    [{ id: { $oid: '7' } }, 'answered with the id an object, which is not a string'],
    [{ id: 'a\0b' }, 'which has a control character in it'],
    [{ id: '\ud800' }, 'which has half of a character in it'],
    [{ id: 'x'.repeat(256) }, 'which has more than 255 characters'],
    [
      { id: 'josé' },
      'the id "josé", which has a character that is not ASCII: the person needs another id. It',
    ],
    [{ id: '\u0085' }, 'which has a character that is not ASCII'],
    [{ id: 'maria ' }, 'the id "maria ", which has a space at one end: the person needs another'],
    [{ id: '7', name: 7 }, 'answered with the name 7, which is not a string'],
    [{ id: '7', username: '' }, 'answered with the username "", which is empty'],
    [{ id: '7', authTime: Number.NaN }, 'answered with the authTime NaN, which is not a time'],
    [{ id: '7', authTime: '2026-01-01' }, 'the authTime "2026-01-01", which is not a time'],
    [{ id: '7', authTime: new Date('?') }, 'the authTime an invalid Date, which is not a time'],
    [{ id: '7', authTime: 0 }, 'the authTime 0, which is before 1973'],
    [
      { id: '7', authTime: Math.floor(NOW / 1000) },
      'which is before 1973: give milliseconds, and not seconds',
    ],
    [{ id: '7', authTime: NOW + 3_600_000 }, 'which is in the future'],
    [{ id: '7', authTime: 1e300 }, 'which is in the future'],
    [{ id: '7', sid: 7 }, 'answered with the sid 7, which is not a string'],
    [{ id: '7', acr: '' }, 'answered with the acr "", which is empty'],
    [{ id: '7', amr: 'pwd' }, 'answered with the amr "pwd", which is not a list of texts'],
    [{ id: '7', amr: Array(21).fill('pwd') }, 'which has more than 20 texts in it'],
    [{ id: '7', claims: 'Alice' }, 'answered with the claims "Alice", which is not an object'],
    [
      { id: '7', claims: { email_verified: 1 } },
      'the claims an object, which has the email_verified 1, which is not a boolean',
    ],
    [{ id: '7', claims: { sub: 'other' } }, 'which has sub, which is none of name, given_name'],
    [
      { id: '7', claims: { groups: Array(500).fill('readers') } },
      'which has 5012 bytes of claims, and may have 4096',
    ],
  ] as const) {
    it(`is an error page, and the log names it: ${problem}`, async () => {
      const { host, failures } = await appThat(() => answer);
      const page = await http(authorizeUrl(host));
      assert.equal(page.status, 500);
      assert.doesNotMatch(page.text, /authenticate/);
      assert.equal(failures.length, 1);
      assert.equal(failures[0]!.name, 'HostError');
      assert.ok(failures[0]!.message.startsWith('The option authenticate answered'));
      assert.ok(failures[0]!.message.includes(problem), failures[0]!.message);
    });
  }
});

describe('what the app says of a person besides', () => {
  /** The person, as the server knows them from then on. */
  async function personOf(answer: object) {
    const seen: SignedIn[] = [];
    const beforeConsent: BeforeConsent = (_req, { user }) => void seen.push(user);
    const host = await serveHost({ authenticate: () => answer, loginUrl: '/in', beforeConsent });
    assert.equal((await http(authorizeUrl(host))).status, 200);
    return seen[0]!;
  }

  it('is what OpenID Connect calls it, with the name and the username among the claims', async () => {
    const claims = { email: 'a@example.com', email_verified: true, address: { country: 'UK' } };
    const sign = { sid: 's1', acr: 'gold', amr: ['pwd', 'otp'] };
    const person = await personOf({ id: 7, name: 'Alice', username: 'alice', claims, ...sign });
    const { name, username, authTime, sessionEndsAt, ...others } = person;
    assert.ok(sessionEndsAt > Date.now(), 'as long as sessions last by the settings');
    assert.deepEqual([name, username, authTime], ['Alice', 'alice', undefined]);
    const named = { name: 'Alice', preferred_username: 'alice' };
    assert.deepEqual(others, { id: '7', ...sign, claims: { ...named, ...claims } });
  });

  it('may be in a whole record of the app: its other fields are ignored, also those that are named as claims', async () => {
    const record = { id: 9, name: 'Carol', email: 'c@example.com', passwordHash: 'secret' };
    const person = await personOf(record);
    assert.deepEqual(person.claims, { name: 'Carol' });
    assert.doesNotMatch(JSON.stringify(person), /c@example|secret/);
  });

  it('has nothing that is not known: no id for a name, and what is null or empty in a table is absent', async () => {
    const claims = { nickname: '', email: null, address: { region: '' }, name: 'Bob B.' };
    const { name, claims: known } = await personOf({ id: 8, name: null, claims });
    assert.equal(name, '8');
    assert.deepEqual(known, { name: 'Bob B.' });
    assert.deepEqual((await personOf({ id: 8, claims: null, amr: null, sid: null })).claims, {});
  });
});

describe('an answer of the app that cannot be read', () => {
  const failing = (error: unknown) => ({
    get id() {
      throw error;
    },
  });
  const proxy = new Proxy(new Error('x'), {
    get() {
      throw new Error('nobody may look');
    },
  });
  for (const [what, error, message] of [
    [
      'an error with a status',
      Object.assign(new Error('lazy'), { status: 403, expose: true }),
      'lazy',
    ],
    ['an error that cannot be read either', proxy, 'with an error that cannot be read'],
  ] as const) {
    it(`is the app's error, and logged as such: ${what}`, async () => {
      const { host, failures } = await appThat(() => failing(error));
      assert.equal((await new Person(host).open(authorizeUrl(host))).status, 500);
      assert.equal(
        failures[0]?.message,
        `The option authenticate, a function of the app, failed: ${message}`,
      );
    });
  }
});

describe('an error of authenticate', () => {
  for (const [what, thrown, text] of [
    ['an error', new Error('the user database is away'), 'the user database is away'],
    [
      'what looks like one of a parser',
      Object.assign(new Error('a'), { status: 403, expose: true }),
      'a',
    ],
    ['what looks like one of the store', new StoreUnavailable('theirs'), 'theirs'],
    ['what looks like one of ours', new OAuthError('invalid_request', 'theirs'), 'theirs'],
    ['nothing', undefined, 'undefined'],
    ['a string', 'no', '"no"'],
  ] as const) {
    it(`is the app's own, and logged as such: ${what}`, async () => {
      const raise = () => {
        throw thrown;
      };
      for (const answer of [raise, async () => raise()]) {
        const { host, failures } = await appThat(answer);
        const { status } = await http(authorizeUrl(host));
        assert.equal(status, 500);
        assert.equal(
          failures[0]?.message,
          `The option authenticate, a function of the app, failed: ${text}`,
        );
        assert.equal(failures[0]?.cause, thrown);
      }
    });
  }
});

describe('the time of a sign-in at the app', () => {
  it('may be a Date', async () => {
    await withClock(async (advance) => {
      const signedInAt = new Date();
      const { host } = await appThat(() => ({ id: 'u', authTime: signedInAt }));
      advance(50_000);
      assert.equal((await http(authorizeUrl(host, { max_age: '60' }))).status, 200);
      advance(20_000);
      assert.match((await http(authorizeUrl(host, { max_age: '60' }))).location, /^\/in/);
    });
  });

  it('may be a little ahead, and counts as now', async () => {
    await withClock(async () => {
      const now = Date.now();
      const authenticate = () => ({ id: 'u', authTime: now + 30_000 });
      const host = await serveHost({ authenticate, loginUrl: '/in', accessTokenFormat: 'jwt' });
      const { token } = await subOf(host);
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      assert.equal(claims.auth_time, now / 1000);
    });
  });

  it('may be left out, undefined or null', async () => {
    for (const authTime of [undefined, null]) {
      const { host } = await appThat(() => ({ id: 'u', name: null, username: null, authTime }));
      assert.equal((await http(authorizeUrl(host))).status, 200);
    }
  });
});
