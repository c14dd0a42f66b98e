// The modules of the plans Basic OP and Form Post OP about parameters of the authorization request.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pkce } from '../helpers/flows.ts';
import { withClock } from '../helpers/harness.ts';
import { Module, PLANS, REDIRECT_URI, startProvider, type Tokens } from '../helpers/suite.ts';
import { assertError } from '../helpers/suite-assertions.ts';

const server = await startProvider();

const authTime = ({ idToken }: Tokens) => Number(idToken.payload['auth_time']);

/** An unsigned request object (Core section 6.1). */
function requestObject(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}

for (const [plan, mode] of PLANS) {
  const start = () => new Module(server, mode);

  describe(`${plan}: parameters that change nothing`, () => {
    const accepted = [
      ['oidcc-display-page', { display: 'page' }],
      ['oidcc-display-popup', { display: 'popup' }],
      ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
      ['oidcc-login-hint', { login_hint: 'buffy@localhost' }],
      ['oidcc-ui-locales', { ui_locales: 'se' }],
      ['oidcc-claims-locales', { claims_locales: 'se' }],
    ] as const;
    for (const [name, parameter] of accepted) {
      it(`${name}: ${Object.entries(parameter).flat().join('=')} is no error`, async () => {
        const module = start();
        await module.complete(module.request(parameter));
      });
    }

    it('oidcc-ensure-request-with-valid-pkce-succeeds: a client that need not do PKCE may', async () => {
      const module = start();
      const { verifier, challenge } = pkce();
      const request = module.request({ code_challenge: challenge, code_challenge_method: 'S256' });
      await module.complete(request, { more: { code_verifier: verifier } });
    });

    it('oidcc-ensure-post-request-succeeds: the request may be a POST', async () => {
      const module = start();
      const { seen } = await module.complete(module.request(), { method: 'POST' });
      assert.ok(seen.includes('login'));
    });
  });

  describe(`${plan}: who is asked to sign in again`, () => {
    it('oidcc-prompt-login: prompt=login asks for the password again, and auth_time is later', async () => {
      await withClock(async (advance) => {
        const module = start();
        const first = await module.complete(module.request());
        advance(1000);
        const second = await module.complete(module.request({ prompt: 'login' }));
        assert.ok(second.seen.includes('login'));
        assert.ok(authTime(second) > authTime(first));
      });
    });

    it('oidcc-prompt-none-not-logged-in: prompt=none of a stranger is login_required, with the state as it was', async () => {
      const module = start();
      const state = `${'aZ09'.repeat(31)}-._~`;
      const request = module.request({ prompt: 'none', state });
      const arrival = await module.send(request);
      assertError(arrival, request, 'login_required');
      assert.equal(arrival.callback?.['iss'], server.issuer);
      assert.deepEqual(arrival.seen, []);
    });

    it('oidcc-prompt-none-logged-in: prompt=none of a person who is signed in asks nothing', async () => {
      await withClock(async (advance) => {
        const module = start();
        const first = await module.complete(module.request());
        advance(1000);
        const second = await module.complete(module.request({ prompt: 'none' }));
        assert.deepEqual(second.seen, []);
        assert.equal(second.idToken.payload.sub, first.idToken.payload.sub);
        assert.equal(authTime(second), authTime(first));
      });
    });

    it('oidcc-id-token-hint: with prompt=none and an ID token as a hint nothing is asked', async () => {
      await withClock(async (advance) => {
        const module = start();
        const first = await module.complete(module.request());
        const id_token_hint = first.response.id_token;
        advance(1000);
        const second = await module.complete(module.request({ prompt: 'none', id_token_hint }));
        assert.deepEqual(second.seen, []);
        assert.equal(second.idToken.payload.sub, first.idToken.payload.sub);
        assert.equal(authTime(second), authTime(first));
      });
    });

    it('oidcc-max-age-1: two seconds after a sign-in max_age=1 asks for the password, and auth_time is later', async () => {
      await withClock(async (advance) => {
        const module = start();
        const first = await module.complete(module.request());
        advance(2000);
        const second = await module.complete(module.request({ max_age: '1' }));
        assert.ok(second.seen.includes('login'));
        assert.ok(authTime(second) > authTime(first));
        assert.equal(authTime(second), Date.now() / 1000);
      });
    });

    it('oidcc-max-age-10000: a sign-in that is not too old is used again, and its auth_time is told', async () => {
      await withClock(async (advance) => {
        const module = start();
        const first = await module.complete(module.request({ max_age: '15000' }));
        assert.ok(Number.isInteger(authTime(first)));
        advance(1000);
        const second = await module.complete(module.request({ max_age: '10000' }));
        assert.deepEqual(second.seen, []);
        assert.equal(second.idToken.payload.sub, first.idToken.payload.sub);
        assert.equal(authTime(second), authTime(first));
      });
    });
  });

  describe(`${plan}: requests that are refused`, () => {
    it('oidcc-response-type-missing: the client is told, with its state', async () => {
      const module = start();
      const request = module.request({ response_type: undefined });
      const arrival = await module.send(request);
      assertError(arrival, request, 'invalid_request', 'unsupported_response_type');
      assert.equal(arrival.callback?.['iss'], server.issuer);
    });

    it('oidcc-ensure-registered-redirect-uri: another redirect URI is an error page, and no redirect', async () => {
      const module = start();
      const redirect_uri = `${REDIRECT_URI}/Ab3dE5gH1j`;
      const { callback, page, seen } = await module.send(module.request({ redirect_uri }));
      assert.deepEqual([callback, page.location, seen], [undefined, '', []]);
      assert.equal(page.status, 400);
      assert.match(page.text, /redirect_uri/);
    });

    it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: a request object is request_not_supported, sent as the client wants answers', async () => {
      const module = start();
      const inside = module.request();
      const { client_id, response_type, scope, redirect_uri } = inside;
      const outside = { client_id, response_type, scope, redirect_uri } as Record<string, string>;
      const arrival = await module.send({ ...outside, request: requestObject(inside) });
      // The state is in the object, and there alone.
      assertError(arrival, inside, 'request_not_supported');
      assert.deepEqual(arrival.seen, []);
    });

    it('oidcc-ensure-request-object-with-redirect-uri: beside a request object too, another redirect URI is an error page', async () => {
      const module = start();
      const inside = module.request();
      const outside = { ...inside, redirect_uri: `${REDIRECT_URI}_invalid` };
      const { callback, page } = await module.send({ ...outside, request: requestObject(inside) });
      assert.deepEqual([callback, page.location], [undefined, '']);
      assert.equal(page.status, 400);
      assert.match(page.text, /redirect_uri/);
    });
  });
}
