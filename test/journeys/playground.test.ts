// What a newcomer does in the playground, and what it shows compared with what was really sent.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { browserMissing } from '../helpers/browser.ts';
import { CHAPTERS, STEPS, TURNS } from '../helpers/chapters.ts';
import { curlMissing } from '../helpers/document.ts';
import { withClock } from '../helpers/harness.ts';
import { choose, follow, signIn } from '../helpers/person.ts';
import { type Playground, playgroundTabs } from '../helpers/playing.ts';
import { terminal } from '../helpers/terminal.ts';

describe('the playground, in a browser', { skip: browserMissing() }, () => {
  const arrive = playgroundTabs();
  const { curl } = terminal();

  for (const format of ['opaque', 'jwt']) {
    it(`plays every step, and shows all of it as it was sent: ${format} tokens`, async () => {
      const { issuer, page, play } = await arrive({ env: { ACCESS_TOKEN_FORMAT: format } });
      const tokens = (id: string) =>
        play.answerTo(id).then((real) => real.json() as Promise<Record<string, string>>);

      await play.send('client-token');
      await play.assertShownAsSent('client-token');
      assert.equal(await play.part('client-token', 'request').count(), 1);
      assert.match(
        await play.exchange('client-token').innerText(),
        /decoded from Base64\s+codecademy:codec%40demy/,
      );
      await assertDecoded(play, 'client-token', (await tokens('client-token'))['access_token']!);
      await play.send('client-use');
      await play.assertShownAsSent('client-use');

      await follow(page, 'Next: Authorization code');
      await play.send('person-pkce');
      const facts = await play.facts('person-pkce');
      const verifier = facts.get('code_verifier') ?? '';
      const hash = createHash('sha256').update(verifier);
      assert.match(verifier, /^[\w-]{43}$/);
      assert.equal(
        facts.get('SHA-256(code_verifier)'),
        hash
          .copy()
          .digest('hex')
          .replace(/..(?!$)/g, '$& '),
      );
      assert.equal(
        facts.get('code_challenge = BASE64URL(SHA-256(code_verifier))'),
        hash.digest('base64url'),
      );

      await play.walkTo('person-authorize');
      const asked = new URL(play.visited('/oauth/authorize?response_type'));
      const back = new URL(play.visited('/playground?'));
      assert.equal(await play.text('person-authorize', 'request'), `GET ${asked.href}`);
      assert.equal(await play.text('person-authorize', 'response'), back.href);
      assert.equal(asked.searchParams.get('state'), facts.get('state'));
      assert.equal(back.searchParams.get('state'), facts.get('state'));
      assert.equal(back.searchParams.get('iss'), issuer);
      assert.deepEqual([...(await play.facts('person-authorize'))].slice(0, 2), [
        ['state', '✓ The one that the app sent'],
        ['iss', '✓ The server that the app asked'],
      ]);
      assert.equal(page.url(), `${issuer}/playground`, 'the code is gone from the address');

      await play.send('person-exchange');
      await play.assertShownAsSent('person-exchange');
      const issued = await tokens('person-exchange');
      await assertDecoded(play, 'person-exchange', issued['access_token']!);
      assert.equal(
        await play.part('person-exchange', 'send').isVisible(),
        false,
        'a code is used once',
      );
      await play.send('person-use');
      await play.assertShownAsSent('person-use');
      assert.match(await play.text('person-use', 'response'), /"sub":"alice"/);

      await follow(page, 'Next: Refresh');
      await play.send('person-refresh');
      await play.assertShownAsSent('person-refresh');
      const renewed = await tokens('person-refresh');
      assert.notEqual(renewed['refresh_token'], issued['refresh_token']);

      await follow(page, 'Next: Introspection');
      await play.send('person-introspect');
      await play.assertShownAsSent('person-introspect');
      assert.ok(
        (await play.text('person-introspect', 'request')).endsWith(
          `token=${renewed['access_token']}`,
        ),
        'it asks about the newest token',
      );
      assert.match(await play.text('person-introspect', 'response'), /"active":true/);

      await follow(page, 'Next: Revocation');
      for (const id of STEPS.Revocation) {
        await play.send(id);
        await play.assertShownAsSent(id);
      }
      assert.match(await play.text('person-gone', 'response'), /\{"active":false\}$/);

      await follow(page, 'Next: Device code');
      for (const id of STEPS['Device code']) {
        await play.walkTo(id);
        await play.assertShownAsSent(id);
      }
      assert.match(await play.text('device-collect', 'response'), /"access_token":/);

      await follow(page, 'Next: OpenID Connect');
      await playOpenId(play, issuer);
      assert.equal(await page.locator('.stepper .is-done').count(), CHAPTERS.length);
      assert.deepEqual(play.complaints, []);
    });
  }

  it('plays every wrong turn, says what came of it, and leaves the steps alone', async () => {
    const { page, play } = await arrive();
    await play.walkTo('openid-userinfo');
    await play.walkTo('person-use');
    for (const { turn, chapter, signsIn, answers } of TURNS) {
      await play.turnTo(chapter);
      await play.playTurn(turn, signsIn);
      for (const [id, status, later] of answers) {
        assert.equal(await play.status(id), status, id);
        if (/^\d/.test(status)) await play.assertShownAsSent(id);
        if (later === undefined || curlMissing()) continue;
        const { status: then } = await curl(await play.copy(id));
        assert.equal(then, later, `the command of ${id}, run later`);
      }
      const last = play.exchange(answers.at(-1)![0]);
      assert.match(await last.locator('.outcome').innerText(), /^What happened\s+.{40}/);
      assert.equal(await last.locator('.sources a').first().isVisible(), true);
    }
    assert.equal(await page.locator('[data-curl]:visible').count(), 0);
    // What was refused is refused for the right reason.
    for (const [id, error] of [
      ['scope-token', /"error":"invalid_scope".*read write/],
      ['verifier-wrong', /"error":"invalid_grant".*code_verifier/],
      ['replay-again', /"error":"invalid_grant".*used a moment ago/],
      ['reuse-again', /"error":"invalid_grant".*used before/],
      ['revoked-use', /WWW-Authenticate: Bearer .*error="invalid_token"/],
      ['redirect-authorize', /<!doctype html>/],
    ] as const) {
      assert.match(await play.text(id, 'response'), error, id);
    }
    for (const [turn, claim, problem] of [
      ['nonce', 'nonce', /^✗ The app expected [\w-]{43}\.$/],
      ['audience', 'aud', /^✗ The app expected codecademy\.$/],
      ['clock', 'exp', /^✗ Expired: the app’s clock says \w+ \d+, \d{4}/],
      ['signature', 'signature', /^✗ It does not match/],
    ] as const) {
      const meanings = await play.meanings(`openid-${turn}-flaw`);
      const refused = [...meanings].filter(([, meaning]) => meaning.startsWith('✗'));
      assert.deepEqual(
        refused.map(([name]) => name),
        [claim],
        `${turn}: nothing else is wrong`,
      );
      assert.match(meanings.get(claim)!, problem);
    }
    await play.turnTo('Refresh');
    await play.send('person-refresh');
    assert.equal(await play.status('person-refresh'), '200 OK');
    await play.turnTo('OpenID Connect');
    await play.send('openid-verify');
    assert.equal(await play.status('openid-verify'), 'Accepted by the app');
    assert.deepEqual(play.complaints, []);
    const links = await page
      .locator('.sources a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    assert.ok(links.length > 20);
    for (const link of links) {
      assert.match(
        link,
        /^https:\/\/(?:datatracker\.ietf\.org\/doc\/html\/rfc\d{4}#section-|openid\.net\/specs\/openid-connect-core-1_0\.html#rfc\.section\.)[\d.]+$/,
      );
    }
  });

  it('refuses an answer with another state, sends nothing, and still takes the right one', async () => {
    const { issuer, page, play } = await arrive();
    await play.turnTo('Authorization code');
    await play.playTurn('state');
    assert.equal(await play.status('state-forged'), 'Refused by the app');
    assert.equal(await play.text('state-forged', 'request'), `GET ${play.visited('/playground?')}`);
    assert.match((await play.facts('state-forged')).get('state') ?? '', /^✗ .*no sign-in/);

    await play.send('person-pkce');
    await play.part('person-authorize', 'send').click();
    await page.waitForURL('**/login?**');
    const login = page.url();
    const state = new URL(play.visited('/oauth/authorize?response_type')).searchParams.get(
      'state',
    )!;
    for (const query of ['code=x&state=forged', 'code=x', `error=e&state=${state}x`]) {
      await page.goto(`${issuer}/playground?${query}&iss=${encodeURIComponent(issuer)}`);
      if (query === 'code=x') {
        assert.match((await play.facts('state-forged')).get('state') ?? '', /^✗/);
      } else {
        assert.equal(
          (await play.facts('state-forged')).get('state'),
          `✗ Not the one that the app sent, which was ${state}`,
        );
      }
      assert.equal(await play.part('person-exchange', 'send').isVisible(), false);
    }
    assert.deepEqual(play.sent, [], 'nothing was sent');

    await page.goto(login);
    await play.signIn();
    assert.equal(await play.status('person-authorize'), 'Back with a code');
    await play.send('person-exchange');
    assert.equal(await play.status('person-exchange'), '200 OK');
  });

  it('refuses an answer with the right state from another server', async () => {
    const { issuer, page, play } = await arrive();
    const state = await play.leave();
    await page.goto(`${issuer}/playground?code=x&state=${state}&iss=https%3A%2F%2Fevil.example`);
    assert.equal(await play.status('person-authorize'), 'Refused by the app');
    assert.equal(
      (await play.facts('person-authorize')).get('iss'),
      `✗ Not the server that the app asked, which was ${issuer}`,
    );
    assert.equal(await play.part('person-exchange', 'send').isVisible(), false);
  });

  it('says decently that the person said no, and can ask again', async () => {
    const { page, play } = await arrive();
    await play.leave();
    await signIn(page);
    await choose(page, 'Cancel');
    await page.waitForURL('**/playground');
    assert.equal(await play.status('person-authorize'), 'Back without a code');
    assert.match(await play.text('person-authorize', 'response'), /\?error=access_denied&/);
    assert.match(await play.text('person-authorize', 'outcome'), /The person said no/);
    assert.equal(await play.part('person-exchange', 'send').isVisible(), false);

    const first = new URL(play.visited('/oauth/authorize?response_type')).searchParams;
    await play.part('person-authorize', 'send').click();
    await choose(page, 'Allow');
    await page.waitForURL('**/playground');
    assert.equal(await play.status('person-authorize'), 'Back with a code');
    const second = new URL(play.visited('/oauth/authorize?response_type')).searchParams;
    for (const name of ['state', 'code_challenge']) {
      assert.notEqual(second.get(name), first.get(name), `${name} is for one sign-in`);
    }
    await play.send('person-exchange');
    assert.equal(await play.status('person-exchange'), '200 OK');
  });

  it('says what to do where a code has expired', () =>
    withClock(async (advance) => {
      const { page, play } = await arrive();
      await play.walkTo('person-authorize');
      advance(61_000);
      await play.send('person-exchange');
      assert.equal(await play.status('person-exchange'), '400 Bad Request');
      assert.match(await play.text('person-exchange', 'outcome'), /expires soon/);
      assert.equal(await play.part('person-use', 'send').isVisible(), false);
      assert.equal(await play.part('person-exchange', 'send').isVisible(), false);
      await play.part('person-authorize', 'send').click();
      await choose(page, 'Allow');
      await page.waitForURL('**/playground');
      await play.send('person-exchange');
      assert.equal(await play.status('person-exchange'), '200 OK');
    }));

  it('says so where the server does not answer, and sends again', async () => {
    const { page, play } = await arrive();
    await page.context().setOffline(true);
    await play.send('client-token');
    assert.match(await play.text('client-token', 'outcome'), /cannot be reached/);
    assert.match(await page.locator('[role=status]').innerText(), /cannot be reached/);
    await page.context().setOffline(false);
    await play.send('client-token');
    assert.equal(await play.status('client-token'), '200 OK');
  });

  it('keeps its place over a reload, and starts over when asked to', async () => {
    const { issuer, page, play } = await arrive();
    await play.walkTo('person-exchange');
    await play.playTurn('redirect');
    const seen = () => page.locator('.chapter:visible').innerText();
    const was = await seen();
    await page.reload();
    assert.equal(await seen(), was);
    await play.send('person-use');
    assert.equal(await play.status('person-use'), '200 OK');

    await page.getByRole('button', { name: 'Start over' }).click();
    await page.waitForURL(`${issuer}/playground`);
    await page.locator('.is-live').waitFor();
    assert.equal(await page.locator('[aria-current=step]').innerText(), 'Client credentials');
    assert.equal(await page.locator('[data-verdict]:visible').count(), 0);
  });

  it('goes from chapter to chapter, by its links and by the browser’s own Back', async () => {
    const { page, play } = await arrive();
    for (const chapter of CHAPTERS.slice(1)) {
      await play.turnTo(chapter);
      assert.equal(await page.locator('.chapter:visible').count(), 1);
      assert.equal(await page.locator('[aria-current=step]').innerText(), chapter);
      const isLater = ['Refresh', 'Introspection', 'Revocation'].includes(chapter);
      const text = await page.locator('.chapter:visible').innerText();
      assert.equal(text.includes('Sign in first'), isLater, chapter);
      assert.equal(
        await page.evaluate(() => document.activeElement?.tagName),
        'H2',
        'its heading has the focus',
      );
    }
    for (const chapter of ['Device code', 'Revocation']) {
      await page.goBack();
      await page.locator('[aria-current=step]', { hasText: chapter }).waitFor();
    }
    await page
      .locator('.chapter:visible')
      .getByRole('link', { name: 'Authorization code' })
      .click();
    await page.locator('[aria-current=step]', { hasText: 'Authorization code' }).waitFor();
  });

  it('works under an issuer with a path', async () => {
    const { issuer, play } = await arrive({ path: '/some/where' });
    assert.match(issuer, /\/some\/where$/);
    await play.walkTo('client-use');
    await play.walkTo('person-gone');
    assert.match(await play.text('person-gone', 'response'), /\{"active":false\}$/);
    await play.walkTo('openid-userinfo');
    await play.turnTo('Authorization code');
    await play.playTurn('verifier', true);
    assert.equal(await play.status('verifier-right'), '200 OK');
    assert.deepEqual(play.complaints, []);
  });

  it('shows whatever comes in the address as text, and runs none of it', async () => {
    const { issuer, page, play } = await arrive();
    await page.exposeFunction('hacked', () => assert.fail('it ran'));
    const evil = `"><img src=x onerror=hacked()><script>hacked()</script>'{}&<b>`;
    const state = await play.leave();
    for (const [id, params] of [
      ['state-forged', { code: evil, state: evil, iss: evil, error: evil }],
      ['person-authorize', { error: evil, error_description: evil, state, iss: issuer }],
    ] as const) {
      await page.goto(`${issuer}/playground?${new URLSearchParams(params)}`);
      const place = id === 'state-forged' ? 'request' : 'response';
      const shown = (await play.text(id, place)).replace(/^GET /, '');
      assert.deepEqual(
        [...new URL(shown).searchParams],
        Object.entries(params),
        'all of it is there',
      );
      assert.equal(await page.locator('main :is(img, b, script)').count(), 0);
    }
    assert.deepEqual(play.complaints, []);
  });
});

/** Plays the chapter on OpenID Connect, and compares what is shown with what is in the ID token. */
async function playOpenId(play: Playground, issuer: string): Promise<void> {
  await play.walkTo('openid-authorize');
  const asked = new URL(play.visited('/oauth/authorize?response_type')).searchParams;
  const nonce = (await play.facts('openid-nonce')).get('nonce');
  assert.match(nonce ?? '', /^[\w-]{43}$/);
  assert.equal(asked.get('nonce'), nonce);
  assert.equal(asked.get('scope'), 'openid profile email');
  const turn = play.exchange('openid-nonce-flaw').locator('xpath=ancestor::details');
  await turn.locator('summary').click();
  assert.match(await turn.innerText(), /Available after the ID token above has been verified/);
  assert.equal(await turn.locator('[data-play]').isVisible(), false);

  for (const id of ['openid-redeem', 'openid-keys']) {
    await play.send(id);
    await play.assertShownAsSent(id);
  }
  const { id_token } = (await (await play.answerTo('openid-redeem')).json()) as {
    id_token: string;
  };
  const keys = (await (await play.answerTo('openid-keys')).json()) as JSONWebKeySet;
  const { payload, protectedHeader } = await jwtVerify(id_token, createLocalJWKSet(keys), {
    issuer,
    audience: 'demo-app',
  });
  assert.equal(payload['nonce'], nonce);

  await play.send('openid-verify');
  assert.equal(await play.status('openid-verify'), 'Accepted by the app');
  const values = await play.facts('openid-verify');
  const meanings = await play.meanings('openid-verify');
  const checked = ['signature', 'iss', 'aud', 'exp', 'iat', 'nonce', 'at_hash'];
  assert.deepEqual([...values.keys()].slice(0, 8), [...checked, 'sub']);
  assert.deepEqual(new Set(values.keys()), new Set(['signature', ...Object.keys(payload)]));
  assert.equal(values.get('signature'), `RS256, kid ${protectedHeader.kid}`);
  for (const [name, value] of Object.entries(payload)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    assert.ok(values.get(name)?.startsWith(text), name);
  }
  for (const [name, meaning] of meanings) {
    assert.match(meaning, checked.includes(name) ? /^✓ .{10}/ : /^\w.{10}/, name);
  }
  assert.equal(await turn.locator('[data-play]').isVisible(), true);

  await play.send('openid-userinfo');
  await play.assertShownAsSent('openid-userinfo');
  assert.equal((await play.facts('openid-userinfo')).get('sub'), '✓ The same as in the ID token');
  assert.match(await play.text('openid-userinfo', 'response'), /"email":"alice@example\.com"/);
}

/** Compares what is shown of an access token with what is in it. */
async function assertDecoded(play: Playground, id: string, token: string): Promise<void> {
  const facts = await play.facts(id);
  if (!token.includes('.')) {
    assert.match(facts.get('access_token') ?? '', /^Opaque: /);
    return;
  }
  assert.match(facts.get('access_token') ?? '', /^A JWT: .*\/oauth\/jwks/);
  const all = { ...decodeProtectedHeader(token), ...decodeJwt(token) };
  for (const [name, value] of Object.entries(all)) {
    const shown = facts.get(name) ?? '';
    if (name === 'iat' || name === 'exp' || name === 'auth_time') {
      assert.match(shown, new RegExp(`^${value} \\w+ \\d+, \\d{4}, \\d+:\\d\\d:\\d\\d`));
    } else {
      assert.equal(shown, typeof value === 'string' ? value : JSON.stringify(value));
    }
  }
}
