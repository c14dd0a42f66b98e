// What an app wants of a person before they are asked for consent: they are sent there, come back to the
// same request, and no approval passes it by.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BeforeConsentContext } from '../../src/index.ts';
import { authorizeUrl, requestToken } from '../helpers/flows.ts';
import { type AnyOptions, type Host, serveHost } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';
import { Person, readForm } from '../helpers/http-person.ts';

interface Wanting extends Host {
  /** What the app answers from now on. */
  answer: unknown;
  readonly asked: BeforeConsentContext[];
  readonly failures: Error[];
}

async function wanting(answer: unknown, options: AnyOptions = {}): Promise<Wanting> {
  const app: Pick<Wanting, 'answer' | 'asked'> = { answer, asked: [] };
  const beforeConsent = async (_req: unknown, context: BeforeConsentContext) => {
    app.asked.push(context);
    return typeof app.answer === 'function' ? app.answer() : app.answer;
  };
  const host = await serveHost({ beforeConsent, ...options }, (around) => {
    around.get('/terms', (_req, res) => void res.send('Terms'));
    around.get('/hasty', (req, res) => res.redirect(String(req.query['return_to'])));
  });
  const failures: Error[] = [];
  host.server.events.on('failure', ({ error }) => failures.push(error as Error));
  return Object.assign(app, host, { failures });
}

const host = await wanting(undefined);
const SILENT = { prompt: 'none' };
const isConsent = ({ text }: { text: string }) => text.includes('name="decision"');
const errorOf = (location: string) => new URL(location).searchParams.get('error');

/** Somebody who is signed in, and has allowed the client nothing yet. */
async function aPerson(at: Host = host): Promise<Person> {
  const person = new Person(at);
  await person.signIn(await person.visit('/login'));
  return person;
}

/** Where the app is to send the person back to. */
function returnTo(location: string): string {
  return new URL(location, host.origin).searchParams.get('return_to') ?? '';
}

describe('beforeConsent', () => {
  it('is not asked before the person has signed in', async () => {
    host.asked.length = 0;
    await new Person(host).visit(authorizeUrl(host));
    assert.equal(host.asked.length, 0);
  });

  it('is asked with the person, the client and the request, and answers nothing: the person is asked', async () => {
    const person = await aPerson();
    for (const nothing of [undefined, null, false]) {
      host.answer = nothing;
      host.asked.length = 0;
      assert.ok(isConsent(await person.visit(authorizeUrl(host, { scope: 'write' }))));
      const [{ user, client, request } = assert.fail(), ...more] = host.asked;
      assert.equal(more.length, 0);
      assert.deepEqual([user.id, user.name, client.name], ['alice', 'Alice Liddell', 'Web App']);
      assert.deepEqual([request.scope, request.state], [['write'], 'some-state']);
    }
  });

  for (const [place, expected] of [
    ['/terms', /^\/terms\?return_to=%2Foauth%2Fauthorize%3Fcontinue%3D/],
    ['/terms?lang=de', /^\/terms\?lang=de&return_to=/],
    ['https://shop.example/terms', /^https:\/\/shop\.example\/terms\?return_to=%2Foauth%2Fauth/],
  ] as const) {
    it(`sends the person to ${place}, and back to the same request`, async () => {
      const person = await aPerson();
      host.answer = place;
      const sent = await person.open(authorizeUrl(host, { prompt: 'consent' }));
      assert.equal(sent.status, 303);
      assert.match(sent.location, expected);
      host.answer = undefined;
      const page = await person.visit(returnTo(sent.location));
      assert.ok(isConsent(page));
      const back = await person.submit(page, { decision: 'allow' });
      assert.ok(new URL(back.location).searchParams.get('code'));
      assert.equal(new URL(back.location).searchParams.get('state'), 'some-state');
    });
  }

  it('sends the person there again who comes back and has not done it', async () => {
    const person = await aPerson();
    host.answer = '/terms';
    const first = await person.open(authorizeUrl(host));
    const second = await person.open(returnTo(first.location));
    assert.match(second.location, /^\/terms\?return_to=/);
  });

  it('is asked of a person who has allowed the client before', async () => {
    const person = await aPerson();
    host.answer = undefined;
    await person.allow(authorizeUrl(host));
    host.answer = '/terms';
    const sent = await person.open(authorizeUrl(host));
    assert.match(sent.location, /^\/terms/);
    host.answer = undefined;
    const back = await person.open(returnTo(sent.location));
    assert.ok(new URL(back.location).searchParams.get('code'), 'nobody is asked a second time');
  });

  it('is asked again when the person allows it, so no approval passes it by', async () => {
    const person = await aPerson();
    const url = authorizeUrl(host, { prompt: 'consent' });
    host.answer = undefined;
    const page = await person.visit(url);
    host.answer = '/terms';
    const sent = await person.submit(page, { decision: 'allow' });
    assert.equal(sent.text, 'Terms');
    // Whoever sends the same form again comes there again, and gets no code.
    assert.equal((await person.submit(page, { decision: 'allow' })).text, 'Terms');
    host.answer = undefined;
    const back = await person.submit(page, { decision: 'allow' });
    assert.ok(new URL(back.location).searchParams.get('code'));
  });

  it('does not keep a person from refusing', async () => {
    const person = await aPerson();
    host.answer = undefined;
    const page = await person.visit(authorizeUrl(host, { prompt: 'consent' }));
    host.answer = '/terms';
    const back = await person.submit(page, { decision: 'deny' });
    assert.equal(errorOf(back.location), 'access_denied');
  });

  it('is interaction_required where nobody may be asked', async () => {
    const person = await aPerson();
    host.answer = undefined;
    await person.allow(authorizeUrl(host));
    host.answer = '/terms';
    const { location } = await person.open(authorizeUrl(host, SILENT));
    assert.equal(errorOf(location), 'interaction_required');
    host.answer = undefined;
    const { location: code } = await person.open(authorizeUrl(host, SILENT));
    assert.ok(new URL(code).searchParams.get('code'));
  });

  it('keeps what the request knows of a sign-in: prompt=login is asked for once', async () => {
    const own = await wanting('/terms', {
      authenticate: () => ({ id: 'maria' }),
      loginUrl: '/in',
    });
    const person = new Person(own);
    const login = await person.open(authorizeUrl(own, { prompt: 'login' }));
    assert.match(login.location, /^\/in\?/);
    const sent = await person.open(returnTo(login.location));
    assert.match(sent.location, /^\/terms\?/);
    own.answer = undefined;
    assert.ok(isConsent(await person.visit(returnTo(sent.location))));
  });

  it('ends with an error page and a failure where the app sends everybody back at once', async () => {
    const person = await aPerson();
    host.answer = '/hasty';
    host.failures.length = 0;
    const page = await person.visit(authorizeUrl(host));
    assert.equal(page.status, 500);
    assert.doesNotMatch(page.text, /beforeConsent/);
    assert.match(
      host.failures[0]?.message ?? '',
      /^The option beforeConsent has sent a person away 5 times .* "\/hasty": what is wanted/,
    );
    host.answer = undefined;
  });

  it('is asked before a device is let in, and no approval passes it by there either', async () => {
    const grants = ['urn:ietf:params:oauth:grant-type:device_code'];
    await host.store.clients.save({ ...(await host.store.clients.find('spa'))!, id: 'tv', grants });
    const body = new URLSearchParams({ client_id: 'tv', scope: 'read' });
    const url = `${host.issuer}/oauth/device_authorization`;
    const { json } = await http(url, { method: 'POST', body });
    const person = await aPerson();
    const page = await person.visit(json.verification_uri_complete);
    host.answer = '/terms';
    host.asked.length = 0;
    const { action, fields } = readForm(page.text);
    const form = new URLSearchParams({ ...fields, user_code: json.user_code });
    const sent = await person.open(action, { method: 'POST', body: form });
    assert.match(sent.location, /^\/terms\?return_to=%2Fdevice%3Fuser_code%3D/);
    const { redirectUri, scope } = host.asked[0]!.request;
    assert.deepEqual([redirectUri, scope], [undefined, ['read']]);
    host.answer = undefined;
    const again = await person.visit(returnTo(sent.location));
    const review = await person.submit(again, { user_code: json.user_code });
    assert.ok(isConsent(review));
    host.answer = '/terms';
    assert.equal((await person.submit(review, { decision: 'allow' })).text, 'Terms');
    // Codes of others could be guessed without a limit if the app were asked for them, too.
    const other = (await http(url, { method: 'POST', body })).json;
    host.asked.length = 0;
    const guess = { user_code: other.user_code, decision: 'allow' };
    assert.match((await person.submit(review, guess)).text, /request is over/);
    assert.equal(host.asked.length, 0);
    const poll = () => requestToken(host, { grant_type: grants[0]!, ...device });
    const device = { client_id: 'tv', device_code: json.device_code };
    assert.equal((await poll()).json.error, 'authorization_pending');
    host.answer = undefined;
    await person.submit(review, { decision: 'allow' });
    assert.equal((await poll()).status, 200);
  });

  for (const [answer, problem] of [
    [true, 'answered true, which is not a string.'],
    [{ url: '/terms' }, 'answered an object, which is not a string.'],
    ['terms', 'answered "terms", which is neither a path that begins with / nor an http or https'],
    ['//evil.example', 'answered "//evil.example", which is neither'],
    ['/\\evil.example', 'which is neither a path'],
    ['javascript:alert(1)', 'which is neither a path'],
    ['/terms#new', 'answered "/terms#new", which has a fragment.'],
    ['/terms\r\nSet-Cookie: a=b', 'which is neither a path'],
    [
      () => {
        throw new Error('no database');
      },
      'a function of the app, failed: no database',
    ],
  ] as const) {
    it(`is an error page where it cannot be used, and the log names it: ${problem}`, async () => {
      const person = await aPerson();
      host.answer = answer;
      host.failures.length = 0;
      const page = await person.visit(authorizeUrl(host));
      assert.equal(page.status, 500);
      assert.equal(host.failures[0]?.name, 'HostError');
      assert.ok(host.failures[0].message.startsWith('The option beforeConsent'));
      assert.ok(host.failures[0].message.includes(problem), host.failures[0].message);
      host.answer = undefined;
    });
  }

  it('is not asked at all where the option is left out', async () => {
    const plain = await serveHost();
    const person = await aPerson(plain);
    assert.equal((await http(`${plain.origin}/terms`)).status, 404);
    assert.ok(isConsent(await person.visit(authorizeUrl(plain))));
  });
});
