// The commands that the playground copies, and those that it shows where its script cannot send anything.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { browserMissing } from '../helpers/browser.ts';
import { CHAPTERS, STEPS } from '../helpers/chapters.ts';
import { curlMissing } from '../helpers/document.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { follow } from '../helpers/person.ts';
import { playgroundTabs } from '../helpers/playing.ts';
import { cutOff } from '../helpers/sight.ts';
import { terminal } from '../helpers/terminal.ts';

describe('the playground and its commands', { skip: browserMissing() }, () => {
  const arrive = playgroundTabs();
  const { home, run, curl } = terminal();

  describe('copies commands', { skip: curlMissing() }, () => {
    it('that play the whole story when they are run in place of the browser’s own requests', async () => {
      const { page, play } = await arrive();
      let command = '';
      let runs = 0;
      await page.route(
        /\/oauth\/(token|introspect|revoke|device_authorization|jwks|userinfo)$|\/secret$/,
        async (route) => {
          runs += 1;
          await route.fulfill(await curl(command));
        },
      );
      const all = Object.values(STEPS).flat();
      for (const id of all) {
        if (['person-pkce', 'openid-nonce', 'openid-verify'].includes(id)) {
          await play.walkTo(id);
          continue;
        }
        const chapter = CHAPTERS.find((name) => (STEPS[name] as readonly string[]).includes(id));
        await play.turnTo(chapter!);
        command = await play.copy(id);
        if (id.endsWith('-authorize')) {
          const { status, headers } = await curl(command);
          assert.equal(status, 303);
          assert.match(headers['location'] ?? '', /^\/login\?continue=/);
        }
        await play.walkTo(id);
        assert.equal(await play.exchange(id).locator('[data-expected]').isVisible(), true, id);
      }
      assert.equal(runs, all.length - 5, 'all but what is worked out, and where the browser goes');
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
      const { status, body } = await curl(command);
      assert.equal(status, 400);
      assert.equal(JSON.parse(body).error, 'invalid_grant');

      // A link that somebody made up is a command too.
      await page.goto(`${issuer}/playground?code=x&state='$(touch owned)'%27;touch%20owned`);
      const link = await curl(await play.copy('state-forged'));
      assert.equal(link.status, 200);
      assert.deepEqual(await readdir(home()), []);
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
          const challenge = await run(command);
          assert.ok((await page.content()).includes(`code_challenge=${challenge.trim()}`));
          continue;
        }
        if (command.startsWith('node')) {
          const claims = JSON.parse(await run(command));
          assert.equal(claims.nonce, 'demo-nonce');
          continue;
        }
        const { status, body } = await curl(command);
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
});
