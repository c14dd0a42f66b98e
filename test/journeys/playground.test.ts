// What a newcomer does in the playground, and what it shows compared with what was really sent.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startDemo } from '../helpers/demo.ts';
import { curlMissing, sh } from '../helpers/document.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { choose, follow, newTab, signIn } from '../helpers/person.ts';
import {
  CHAPTERS,
  type Chapter,
  Playground,
  placeOf,
  readHttp,
  STEPS,
  tabTo,
} from '../helpers/playing.ts';
import { assertLooksRight, cutOff } from '../helpers/sight.ts';

/** The wrong turns: where each is, the status of each answer, and of each command when run later. */
const TURNS: readonly {
  readonly turn: string;
  readonly chapter: Chapter;
  readonly signsIn?: true;
  readonly answers: readonly [exchange: string, status: string, later: number][];
}[] = [
  {
    turn: 'scope',
    chapter: 'Client credentials',
    answers: [['scope-token', '400 Bad Request', 400]],
  },
  {
    turn: 'redirect',
    chapter: 'Authorization code',
    answers: [['redirect-authorize', '400 Bad Request', 400]],
  },
  {
    turn: 'verifier',
    chapter: 'Authorization code',
    signsIn: true,
    answers: [
      ['verifier-authorize', 'Back with a code', 303],
      ['verifier-wrong', '400 Bad Request', 400],
      ['verifier-right', '200 OK', 400],
    ],
  },
  {
    turn: 'replay',
    chapter: 'Authorization code',
    signsIn: true,
    answers: [
      ['replay-authorize', 'Back with a code', 303],
      ['replay-redeem', '200 OK', 400],
      ['replay-again', '400 Bad Request', 400],
    ],
  },
  {
    turn: 'reuse',
    chapter: 'Refresh',
    signsIn: true,
    answers: [
      ['reuse-authorize', 'Back with a code', 303],
      ['reuse-redeem', '200 OK', 400],
      ['reuse-first', '200 OK', 400],
      ['reuse-second', '200 OK', 400],
      ['reuse-again', '400 Bad Request', 400],
      ['reuse-use', '401 Unauthorized', 401],
    ],
  },
  {
    turn: 'unknown',
    chapter: 'Introspection',
    answers: [['unknown-introspect', '200 OK', 200]],
  },
  {
    turn: 'revoked',
    chapter: 'Revocation',
    answers: [
      ['revoked-token', '200 OK', 200],
      ['revoked-revoke', '200 OK', 200],
      ['revoked-use', '401 Unauthorized', 401],
    ],
  },
  {
    turn: 'hurry',
    chapter: 'Device code',
    answers: [
      ['hurry-ask', '200 OK', 200],
      ['hurry-first', '400 Bad Request', 400],
      ['hurry-again', '400 Bad Request', 400],
    ],
  },
];

describe('the playground, in a browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  let home = '';
  before(async () => {
    browser = await launchBrowser();
    home = await mkdtemp(join(tmpdir(), 'playground-'));
  });
  after(async () => {
    await browser?.close();
    await rm(home, { recursive: true });
  });

  /** A new server, and a browser that nobody has used before in its playground. */
  async function arrive({
    env = {} as Record<string, string>,
    path = '',
    ...options
  }: BrowserContextOptions & { env?: Record<string, string>; path?: string } = {}) {
    const issuer = await startDemo(env, path);
    const page = await newTab(browser, { reducedMotion: 'reduce', ...options });
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(issuer).origin });
    const play = new Playground(page, issuer);
    await page.goto(`${issuer}/playground`);
    return { issuer, page, play };
  }

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
      assert.equal(await page.locator('.stepper .is-done').count(), CHAPTERS.length);
      assert.deepEqual(play.complaints, []);
    });
  }

  it('plays every wrong turn, says what came of it, and leaves the steps alone', async () => {
    const { page, play } = await arrive();
    await play.walkTo('person-use');
    for (const { turn, chapter, signsIn, answers } of TURNS) {
      await play.turnTo(chapter);
      await play.playTurn(turn, signsIn);
      for (const [id, status] of answers) {
        assert.equal(await play.status(id), status, id);
        if (status.startsWith('Back')) continue;
        await play.assertShownAsSent(id);
      }
      const last = play.exchange(answers.at(-1)![0]);
      assert.match(await last.locator('.outcome').innerText(), /^What happened\s+.{40}/);
      assert.equal(await last.locator('.sources a').first().isVisible(), true);
    }
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
    await play.turnTo('Refresh');
    await play.send('person-refresh');
    assert.equal(await play.status('person-refresh'), '200 OK');
    assert.deepEqual(play.complaints, []);
    const links = await page
      .locator('.sources a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    assert.ok(links.length > 20);
    for (const link of links) {
      assert.match(link, /^https:\/\/datatracker\.ietf\.org\/doc\/html\/rfc\d{4}#section-[\d.]+$/);
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

  it('says what to do where a code has expired', async () => {
    const { page, play } = await arrive({ env: { AUTHORIZATION_CODE_TTL: '3' } });
    await play.walkTo('person-authorize');
    await page.waitForTimeout(3100);
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
  });

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
    await page.goBack();
    await page.locator('[aria-current=step]', { hasText: 'Revocation' }).waitFor();
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

  it('can be used with the keyboard alone', async () => {
    const { page, play } = await arrive();
    const press = async (selector: string) => {
      await tabTo(page, selector);
      await page.keyboard.press('Enter');
    };
    const answered = (id: string) =>
      page.waitForFunction(
        (name) => document.activeElement?.matches(name),
        `${placeOf(id)} [data-answer]`,
      );
    const announced = (text: RegExp) =>
      page.getByRole('status').filter({ hasText: text }).waitFor();

    for (const id of STEPS['Client credentials']) {
      await press(`${placeOf(id)} [data-send]`);
      await answered(id);
      await announced(/^Response: 200 OK$/);
    }
    await press('[data-turn=scope] summary');
    await press('[data-turn=scope] [data-play]');
    await answered('scope-token');
    await announced(/^Response: 400 Bad Request$/);
    await press('#client-credentials [data-next] a');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
    await press(`${placeOf('person-pkce')} [data-send]`);
    await answered('person-pkce');
    await press(`${placeOf('person-authorize')} [data-send]`);
    await page.locator('#username:focus').waitFor();
    await page.keyboard.type('alice');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wonderland');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await press('[value=allow]');
    await page.waitForURL('**/playground');
    await answered('person-authorize');
    await announced(/^Response: Back with a code$/);

    // What is too long for its box is scrolled.
    await press('[data-turn=redirect] summary');
    await press('[data-turn=redirect] [data-play]');
    await answered('redirect-authorize');
    const box = `${placeOf('redirect-authorize')} [data-response]`;
    await tabTo(page, box);
    await page.keyboard.press('End');
    await page.waitForFunction((name) => document.querySelector(name)!.scrollTop > 0, box);

    await tabTo(page, `${placeOf('redirect-authorize')} [data-copy]`, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await announced(/^Copied$/);
    assert.deepEqual(play.complaints, []);
  });

  describe('copies commands', { skip: curlMissing() }, () => {
    it('that play the whole story when they are run in place of the browser’s own requests', async () => {
      const { page, play } = await arrive();
      let command = '';
      let runs = 0;
      await page.route(
        /\/oauth\/(token|introspect|revoke|device_authorization)$|\/secret$/,
        async (route) => {
          runs += 1;
          await route.fulfill(readHttp(await sh(`${command} --silent`, home)));
        },
      );
      const all = Object.values(STEPS).flat();
      for (const id of all) {
        if (id === 'person-pkce') {
          await play.turnTo('Authorization code');
          await play.walkTo(id);
          continue;
        }
        const chapter = CHAPTERS.find((name) => (STEPS[name] as readonly string[]).includes(id));
        await play.turnTo(chapter!);
        command = await play.copy(id);
        if (id === 'person-authorize') {
          const { status, headers } = readHttp(await sh(`${command} --silent`, home));
          assert.equal(status, 303);
          assert.match(headers['location'] ?? '', /^\/login\?continue=/);
        }
        await play.walkTo(id);
        assert.equal(await play.exchange(id).locator('[data-expected]').isVisible(), true, id);
      }
      assert.equal(runs, all.length - 2);
    });

    it('of the wrong turns, which get the answers that are due', async () => {
      const { page, play } = await arrive();
      for (const { turn, chapter, signsIn, answers } of [
        ...TURNS,
        {
          turn: 'state',
          chapter: 'Authorization code' as const,
          signsIn: undefined,
          answers: [['state-forged', 'Refused by the app', 200] as const],
        },
      ]) {
        await play.turnTo(chapter);
        await play.playTurn(turn, signsIn);
        for (const [id, , later] of answers) {
          const { status } = readHttp(await sh(`${await play.copy(id)} --silent`, home));
          assert.equal(status, later, id);
        }
      }
      assert.equal(await page.locator('[data-curl]:visible').count(), 0);
    });

    it('that do nothing else, whatever a code has in it', async () => {
      const { issuer, page, play } = await arrive();
      const state = await play.leave();
      const code = `'; touch owned; echo "$(touch owned)\`touch owned\` \\' & %27 <code_verifier> é`;
      await page.goto(`${issuer}/playground?${new URLSearchParams({ code, state, iss: issuer })}`);
      const command = await play.copy('person-exchange');
      await play.send('person-exchange');
      const form = new URLSearchParams(
        (await play.answerTo('person-exchange')).request().postData()!,
      );
      assert.equal(form.get('code'), code);
      const { status, body } = readHttp(await sh(`cd '${home}' && ${command} --silent`, home));
      assert.equal(status, 400);
      assert.equal(JSON.parse(body).error, 'invalid_grant');

      // A link that somebody made up is a command too.
      await page.goto(`${issuer}/playground?code=x&state='$(touch owned)'%27;touch%20owned`);
      const link = readHttp(
        await sh(`cd '${home}' && ${await play.copy('state-forged')} --silent`, home),
      );
      assert.equal(link.status, 200);
      assert.deepEqual(await readdir(home), []);
    });

    it('shows them where the browser does not let a page copy', async () => {
      const { page, play } = await arrive();
      await page.context().clearPermissions();
      await page.evaluate(() =>
        Object.defineProperty(navigator, 'clipboard', { value: undefined }),
      );
      await play.part('client-token', 'copy').click();
      const shown = play.part('client-token', 'curl');
      assert.match(await shown.innerText(), /^curl -i '/);
      assert.equal(await page.evaluate(() => String(getSelection())), await shown.innerText());
    });

    it('of every step where scripts are off, and says how to use them', async () => {
      const { issuer, page } = await arrive({ javaScriptEnabled: false });
      const text = await page.locator('main').innerText();
      assert.match(text, /Scripts do not run here in your browser/);
      assert.equal(await page.locator('main button:visible').count(), 0);
      for (const chapter of CHAPTERS)
        await page.getByRole('link', { name: chapter }).first().click();

      const values = new Map<string, string>();
      for (const step of await page.locator('.step [data-static] .command').all()) {
        const link = step.locator('a');
        if ((await link.count()) > 0) {
          const person = new Person({ origin: issuer, issuer });
          const login = await person.visit((await link.getAttribute('href'))!);
          const { action, fields } = readForm((await person.signIn(login)).text);
          const body = new URLSearchParams({ ...fields, decision: 'allow' });
          const back = new URL((await person.open(action, { method: 'POST', body })).location);
          assert.equal(`${back.origin}${back.pathname}`, `${issuer}/playground`);
          values.set('code', back.searchParams.get('code')!);
          continue;
        }
        const command = (await step.innerText()).replace(/<(\w+)>/g, (_, name) => {
          assert.ok(values.has(name), name);
          return values.get(name)!;
        });
        if (command.startsWith('printf')) {
          const challenge = await sh(command, home);
          assert.ok((await page.content()).includes(`code_challenge=${challenge.trim()}`));
          continue;
        }
        const { status, body } = readHttp(await sh(`${command} --silent`, home));
        if (command.includes('device_code=') && !values.has('error')) {
          assert.equal(JSON.parse(body).error, 'authorization_pending');
          const person = new Person({ origin: issuer, issuer });
          const page = await person.signIn(await person.visit('/device'));
          const review = await person.submit(page, { user_code: values.get('user_code')! });
          await person.submit(review, { decision: 'allow' });
          values.set('error', 'authorization_pending');
          continue;
        }
        assert.equal(status, 200, command);
        for (const [name, value] of Object.entries(JSON.parse(body)))
          values.set(name, String(value));
      }
      assert.equal(values.get('active'), 'false');

      await page.locator('[data-turn=replay] summary').click();
      assert.equal(await page.locator('[data-turn=replay] .command:visible').count(), 3);
      assert.deepEqual(await cutOff(page), []);
    });
  });

  it('leaves the commands at an address that is not the issuer’s, and says where to go', async () => {
    const { issuer, page, play } = await arrive();
    await page.goto(`${issuer.replace('127.0.0.1', 'localhost')}/playground`);
    await page.getByText('The page cannot reach the server from this address').waitFor();
    assert.equal(await page.locator('main button:visible').count(), 0);
    const steps = Object.values(STEPS).flat();
    assert.equal(await page.locator('.command:visible').count(), steps.length);
    await follow(page, `${issuer}/playground`);
    await play.send('client-token');
  });

  it('leaves the commands where the browser has no SHA-256 for it, and says why', async () => {
    const { issuer, page } = await arrive();
    // What it says of itself on plain http that is not loopback.
    await page.addInitScript(() =>
      Object.defineProperty(window, 'isSecureContext', { value: false }),
    );
    await page.goto(`${issuer}/playground`);
    await page.getByText('Over plain http, browsers compute SHA-256').waitFor();
    assert.equal(await page.locator('main button:visible').count(), 0);
  });

  for (const [name, locale, run] of [
    ['as it is at first', 'en', async () => {}],
    [
      'with all steps and wrong turns of a chapter',
      'en',
      async (play: Playground) => {
        await play.walkTo('person-use');
        for (const { turn, chapter, signsIn } of TURNS) {
          if (chapter === 'Authorization code') await play.playTurn(turn, signsIn);
        }
      },
    ],
    [
      'with what a JWT says',
      'en',
      async (play: Playground) => {
        await play.walkTo('client-use');
        await play.playTurn('scope');
      },
    ],
    ['with a device that was let in', 'en', (play: Playground) => play.walkTo('device-collect')],
    ['before a sign-in', 'en', (play: Playground) => play.turnTo('Refresh')],
    [
      'in German',
      'de',
      async (play: Playground) => {
        await play.walkTo('person-exchange');
        await play.playTurn('redirect');
      },
    ],
  ] as const) {
    it(`${name}: nothing for axe to find, one h1, nothing cut off, targets large enough`, async () => {
      const { page, play } = await arrive({ locale, env: { ACCESS_TOKEN_FORMAT: 'jwt' } });
      await run(play);
      await assertLooksRight(page, ['playground', name, locale]);
      assert.deepEqual(play.complaints, []);
    });
  }
});

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
      assert.equal(shown, value);
    }
  }
}
