// How a person signed in, from the authorization server to an API that wants it to have been in a certain
// way (RFC 9470), and back to the login page of the app around the server.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestHandler } from 'express';
import { type AppPerson, Routes } from '../../../src/index.ts';
import { API, serveApi } from '../../helpers/api.ts';
import { toldBy } from '../../helpers/authorization-response.ts';
import { requestToken } from '../../helpers/flows.ts';
import { introspect } from '../../helpers/forge.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { type Host, type SetUp, serveAround, serveHost } from '../../helpers/host.ts';
import { type Answer, http } from '../../helpers/http.ts';
import { Person, readForm, unescaped } from '../../helpers/http-person.ts';
import {
  askAs,
  OPENID_SEED,
  refreshAs,
  relyingParty,
  signInTo,
  signInUrl,
} from '../../helpers/openid.ts';

const OF_API = { client_id: 'api', client_secret: 'api-secret', introspects: [API] };

/** An app with people of its own, whose clients get tokens for the API. */
function hostOf(user: () => AppPerson, options: object = {}): Promise<Host> {
  return serveHost({
    clients: [relyingParty('rp'), { ...OF_API, grant_types: [] }],
    scopes: { read: 'Read your notes' },
    resources: { [API]: {} },
    authenticate: user,
    loginUrl: '/in?from=app',
    ...options,
  });
}

const FOR_API = { scope: 'read', resource: API };

for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
  describe(`an API and the sign-in of who sends it a token that is ${accessTokenFormat}`, async () => {
    let user: AppPerson = { id: 42, name: 'Ann' };
    const host = await hostOf(() => user, { accessTokenFormat });
    const asClient = { clientId: OF_API.client_id, clientSecret: OF_API.client_secret };
    const api = await serveApi({
      issuer: host.issuer,
      ...(accessTokenFormat === 'opaque' && asClient),
    });

    it('lets in who signed in as it wants it, with openid and without, and once the token is refreshed', async () => {
      user = { id: 42, name: 'Ann', acr: 'gold', amr: ['pwd', 'otp'] };
      for (const scope of ['read', 'openid read']) {
        const tokens = await signInTo(host, { params: { ...FOR_API, scope } });
        const refreshed = (await refreshAs(host, 'rp', tokens.refresh_token)).json;
        for (const { access_token } of [tokens, refreshed]) {
          const { status, json } = await api.get('/strong', access_token);
          assert.equal(status, 200, scope);
          assert.deepEqual([json.claims.acr, json.claims.amr], ['gold', ['pwd', 'otp']]);
        }
      }
    });

    it('refuses who signed in in another way, or in a way that nobody knows', async () => {
      for (const acr of ['bronze', undefined]) {
        user = { id: 42, name: 'Ann', acr };
        const { access_token } = await signInTo(host, { params: FOR_API });
        const { status, json, headers } = await api.get('/strong', access_token);
        assert.equal(status, 401);
        assert.equal(json.error, 'insufficient_user_authentication');
        assert.match(headers.get('www-authenticate') ?? '', /acr_values="silver gold"/);
      }
    });
  });

  describe(`the sign-in of somebody of the server's own, in a token that is ${accessTokenFormat}`, async () => {
    const server = await startServer(
      { ACCESS_TOKEN_FORMAT: accessTokenFormat },
      { seed: OPENID_SEED },
    );
    const saidOf = async (token: string) => {
      const { json } = await introspect(server, token, 'rp:rp-secret');
      const { acr, amr, auth_time } = json;
      assert.equal(typeof auth_time, 'number');
      return [acr, amr];
    };

    it('is by a password, as introspection says of access and refresh tokens', async () => {
      for (const scope of ['read', 'openid read']) {
        const tokens = await signInTo(server, { params: { scope } });
        assert.deepEqual(await saidOf(tokens.access_token), ['1', ['pwd']], scope);
        assert.deepEqual(await saidOf(tokens.refresh_token), ['1', ['pwd']], scope);
      }
    });
  });
}

/** The same needs as the routes of `serveApi` have, at routes in the app of the server. */
const withOwnRoutes: SetUp = (app, { handler, protect }) => {
  const show: RequestHandler = (_req, res) => void res.json(res.locals['oauth'].token);
  app.get('/own/any', protect({ resource: API }), show);
  app.get('/own/fresh', protect('read', { resource: API, maxAge: 60 }), show);
  app.get('/own/strong', protect({ resource: API, acrValues: ['silver', 'gold'] }), show);
  app.get('/own/writing', protect('write', { resource: API, maxAge: 60 }), show);
  app.use(handler);
};

for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
  describe(`a route of the app around the server, and a token that is ${accessTokenFormat}`, async () => {
    let user: AppPerson = { id: 42, name: 'Ann' };
    const host = await serveAround(withOwnRoutes, {
      clients: [relyingParty('rp'), { ...OF_API, grant_types: [] }],
      scopes: { read: 'Read your notes', write: 'Write them' },
      resources: { [API]: {} },
      authenticate: () => user,
      loginUrl: '/in',
      accessTokenFormat,
    });
    const own = (path: string, token: string) =>
      http(`${host.origin}/own${path}`, { headers: { authorization: `Bearer ${token}` } });
    const signIn = async () => (await signInTo(host, { params: FOR_API })).access_token as string;
    const api = await serveApi({
      issuer: host.issuer,
      clientId: OF_API.client_id,
      clientSecret: OF_API.client_secret,
    });

    const refused = ({ status, json, headers }: Answer) => {
      assert.deepEqual([status, json.error], [401, 'insufficient_user_authentication']);
      return headers.get('www-authenticate') ?? '';
    };

    it('learns how the person signed in, by the same names as of requireToken(), also once it is refreshed', async () => {
      const authTime = Math.floor(Date.now() / 1000) * 1000 - 5000;
      const signedIn = { authTime, acr: 'gold', amr: ['pwd', 'otp'] };
      user = { id: 42, name: 'Ann', ...signedIn };
      const tokens = await signInTo(host, { params: { ...FOR_API, scope: 'openid read' } });
      const refreshed = (await refreshAs(host, 'rp', tokens.refresh_token)).json;
      for (const { access_token } of [tokens, refreshed]) {
        const { claims: added, ...token } = (await own('/any', access_token)).json;
        const { claims, ...elsewhere } = (await api.get('/any', access_token)).json;
        const { authTime: at, acr, amr } = token;
        assert.deepEqual({ authTime: at, acr, amr }, signedIn);
        const { accessTokenExpiresAt: one, ...facts } = token;
        const { accessTokenExpiresAt: two, ...others } = elsewhere;
        assert.deepEqual(facts, { ...others, user: { id: '42' } });
        assert.equal(Math.ceil(Date.parse(one) / 1000), Date.parse(two) / 1000);
        assert.deepEqual([added, claims.acr], [{}, 'gold'], 'what the app added alone, and all');
      }
    });

    it('learns nothing of it where nobody knows it', async () => {
      user = { id: 42, name: 'Ann' };
      const { json } = await own('/any', await signIn());
      assert.deepEqual(['authTime' in json, 'acr' in json, 'amr' in json], [false, false, false]);
    });

    it('lets in who has signed in lately, and sends others to do it, before it speaks of scopes', async () => {
      await withClock(async (advance) => {
        user = { id: 42, name: 'Ann', authTime: Date.now() };
        const token = await signIn();
        assert.equal((await own('/fresh', token)).status, 200);
        assert.equal((await own('/writing', token)).json.error, 'insufficient_scope');
        advance(66_000);
        const challenge = refused(await own('/fresh', token));
        assert.match(
          challenge,
          /^Bearer realm="[^"]+", error="insufficient_user_authentication", /,
        );
        assert.match(challenge, /, max_age="60", scope="read", resource_metadata="[^"]+"$/);
        refused(await own('/writing', token));
        assert.equal((await own('/any', token)).status, 200);
        user = { ...user, authTime: Date.now() };
        assert.equal((await own('/fresh', await signIn())).status, 200);
      });
    });

    it('lets nobody in of whom it is not known, and no client that acts for itself', async () => {
      user = { id: 42, name: 'Ann' };
      const ofClient = await requestToken(
        host,
        { grant_type: 'client_credentials', resource: API, scope: 'read' },
        'web:web-secret',
      );
      for (const token of [await signIn(), ofClient.json.access_token as string]) {
        assert.equal((await own('/any', token)).status, 200);
        for (const path of ['/fresh', '/strong']) refused(await own(path, token));
      }
    });

    it('lets in who signed in in one of the ways that it names, and says which they are', async () => {
      user = { id: 42, name: 'Ann', acr: 'silver' };
      assert.equal((await own('/strong', await signIn())).status, 200);
      user = { id: 42, name: 'Ann', acr: 'bronze' };
      const challenge = refused(await own('/strong', await signIn()));
      assert.match(challenge, /, acr_values="silver gold", /);
    });

    it('refuses a token that counts for nothing as such, however its person signed in', async () => {
      const { status, json } = await own('/fresh', 'made-up');
      assert.deepEqual([status, json.error], [401, 'invalid_token']);
    });
  });
}

type Params = Record<string, string | undefined>;

const isConsent = ({ text }: Answer) => text.includes('name="decision"');

const claims = (acr: object): Params => ({
  scope: 'openid read',
  claims: JSON.stringify({ id_token: { acr } }),
});

describe('a client that asks the people of an app for another sign-in', async () => {
  const byPassword: AppPerson = { id: 42, name: 'Ann', acr: '1' };
  let user: AppPerson | undefined;
  const host = await hostOf(() => user as AppPerson, { accessTokenFormat: 'jwt' });
  const url = (params: Params) => signInUrl(host, 'rp', { ...FOR_API, ...params });
  const ask = (params: Params) => http(url(params));

  /** What the app's login page is told, and where it sends the person back. */
  function toldAtLogin(answer: Answer) {
    const { location } = answer;
    assert.match(location, /^\/in\?from=app&return_to=/, answer.text);
    const { searchParams } = new URL(location, host.origin);
    const back = new URL(searchParams.get('return_to') ?? '', host.origin).href;
    const told = [searchParams.get('acr_values'), searchParams.get('prompt')];
    return { told, goBack: () => http(back) };
  }

  const VOLUNTARY: readonly [what: string, params: Params][] = [
    ['acr_values', { acr_values: 'mfa gold' }],
    ['acr_values, with openid', { acr_values: ' mfa  gold mfa', scope: 'openid read' }],
    ['the claim acr', claims({ values: ['mfa', 'gold'] })],
  ];

  for (const [what, params] of VOLUNTARY) {
    it(`by ${what}: has them go to the login page once, which is told, and takes them as they are then`, async () => {
      user = byPassword;
      const { told, goBack } = toldAtLogin(await ask(params));
      assert.deepEqual(told, ['mfa gold', null]);
      assert.ok(isConsent(await goBack()), 'with what there is');
      user = { ...byPassword, acr: 'mfa' };
      assert.ok(isConsent(await goBack()));
      user = { ...byPassword, acr: 'gold' };
      assert.ok(isConsent(await ask(params)), 'nobody goes there who is signed in so');
      user = undefined;
      const stranger = toldAtLogin(await ask(params));
      assert.deepEqual(stranger.told, ['mfa gold', null]);
      user = byPassword;
      assert.ok(isConsent(await stranger.goBack()), 'they have been there');
    });
  }

  it('by an essential claim: the login page is told, and the client if that is not met', async () => {
    for (const acr of [
      { essential: true, value: 'mfa' },
      { essential: true, values: ['mfa'] },
    ]) {
      const params = { ...claims(acr), acr_values: 'gold' };
      user = byPassword;
      const { told, goBack } = toldAtLogin(await ask(params));
      assert.deepEqual(told, ['mfa', 'login'], 'what would not be enough is not named');
      const { error } = toldBy(await goBack()).parameters;
      assert.equal(error, 'unmet_authentication_requirements');
      user = { ...byPassword, acr: 'mfa' };
      assert.ok(isConsent(await goBack()));
      assert.ok(isConsent(await ask(params)));
    }
  });

  it('as a challenge of an API says: gets a token that the API takes', async () => {
    const api = await serveApi({ issuer: host.issuer });
    user = byPassword;
    const weak = await signInTo(host, { params: FOR_API });
    const { headers } = await api.get('/strong', weak.access_token);
    const challenge = headers.get('www-authenticate') ?? '';
    const [, acr_values] = /acr_values="([^"]+)"/.exec(challenge) ?? [];
    const { told, goBack } = toldAtLogin(await ask({ acr_values }));
    assert.deepEqual(told, ['silver gold', null]);
    user = { ...byPassword, acr: 'silver' };
    const code = toldBy(await goBack()).parameters['code']!;
    const form = { grant_type: 'authorization_code', code };
    const redirect_uri = 'https://rp.example/callback';
    const { json } = await askAs(host, 'rp', { ...form, redirect_uri });
    assert.equal((await api.get('/strong', json.access_token)).status, 200);
  });

  it('where nobody may be asked: gets what there is, unless it insists', async () => {
    user = byPassword;
    await new Person(host).allow(url({ scope: 'openid read' }));
    const none = { prompt: 'none', scope: 'openid read' };
    const told = async (params: Params) => toldBy(await ask({ ...params, ...none })).parameters;
    for (const [what, params] of VOLUNTARY) assert.ok((await told(params))['code'], what);
    const { error } = await told(claims({ essential: true, value: 'mfa' }));
    assert.equal(error, 'unmet_authentication_requirements');
  });

  it('and for a new sign-in: has them go there once for both', async () => {
    user = { ...byPassword, authTime: Date.now() - 60_000 };
    for (const fresh of [{ prompt: 'login consent' }, { max_age: '10', prompt: 'consent' }]) {
      const { told, goBack } = toldAtLogin(await ask({ ...fresh, acr_values: 'mfa' }));
      assert.deepEqual(told, ['mfa', 'login']);
      user = { ...byPassword, authTime: Date.now() };
      assert.ok(isConsent(await goBack()));
      user = { ...byPassword, authTime: Date.now() - 60_000 };
    }
  });

  it('gets no decision of somebody who is signed in otherwise by then, before they were there', async () => {
    const person = new Person(host);
    user = { ...byPassword, acr: 'mfa' };
    const page = await person.visit(url({ acr_values: 'mfa', prompt: 'consent' }));
    assert.ok(isConsent(page));
    const another = /href="(\/in[^"]+)"/.exec(page.text)?.[1];
    assert.match(unescaped(another ?? ''), /&prompt=login&acr_values=mfa$/);
    user = byPassword;
    const { action, fields } = readForm(page.text);
    const body = new URLSearchParams({ ...fields, decision: 'allow' });
    const { told, goBack } = toldAtLogin(await person.open(action, { method: 'POST', body }));
    assert.deepEqual(told, ['mfa', null]);
    assert.ok(isConsent(await goBack()));
  });

  it('tells the login page no more than a redirect has room for', async () => {
    user = byPassword;
    const many = Array.from({ length: 300 }, (_, index) => `urn:example:loa:${index}`);
    for (const params of [
      { acr_values: many.slice(0, 100).join(' ') },
      claims({ essential: true, values: many }),
    ]) {
      const answer = await ask(params);
      const [values] = toldAtLogin(answer).told;
      assert.ok(values!.startsWith('urn:example:loa:0 urn:example:loa:1 '), values!);
      assert.ok(many.includes(values!.split(' ').at(-1)!), 'no value is cut');
      assert.ok(answer.location.length <= 2480);
    }
    const unsayable = claims({ essential: true, values: ['two words', ''] });
    assert.deepEqual(toldAtLogin(await ask(unsayable)).told, [null, 'login']);
  });

  it('finds what there is in discovery, if the app says it', async () => {
    const acr_values_supported = ['1', 'mfa'];
    const endpoints = () => [{ routes: new Routes(), metadata: { acr_values_supported } }];
    const telling = await hostOf(() => byPassword, { endpoints });
    const valuesAt = async ({ issuer }: Host) =>
      (await http(`${issuer}/.well-known/openid-configuration`)).json.acr_values_supported;
    assert.deepEqual(await valuesAt(telling), acr_values_supported);
    assert.equal(await valuesAt(host), undefined);
  });
});

describe("a client that asks the server's own people for another sign-in", async () => {
  const server = await startServer({}, { seed: OPENID_SEED });

  it('has nobody give their password again: there is one way to sign in', async () => {
    const person = new Person(server);
    await person.allow(signInUrl(server));
    for (const params of [{ acr_values: 'mfa' }, claims({ values: ['mfa'] })] as Params[]) {
      const answer = await person.open(signInUrl(server, 'rp', { ...params, scope: 'openid' }));
      assert.ok(toldBy(answer).parameters['code']);
    }
  });
});
