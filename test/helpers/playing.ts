// The playground as the tests play it.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page, Response } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { CHAPTERS, type Chapter, STEPS } from './chapters.ts';
import { startDemo } from './demo.ts';
import { newTab, signInAside, typeIn } from './person.ts';
import { assertHeaders, Traffic } from './traffic.ts';

/** The selector of an exchange. */
export function placeOf(id: string): string {
  return `#${id}`;
}

/**
 * A browser for the tests around which this is called.
 *
 * @returns what opens the playground of a new server, in a tab that nobody has used before
 */
export function playgroundTabs() {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  return async ({
    env = {} as Record<string, string>,
    path = '',
    ...options
  }: BrowserContextOptions & { env?: Record<string, string>; path?: string } = {}): Promise<{
    issuer: string;
    page: Page;
    play: Playground;
  }> => {
    const issuer = await startDemo(env, path);
    const page = await newTab(browser, { reducedMotion: 'reduce', ...options });
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(issuer).origin });
    const play = new Playground(page, issuer);
    await page.goto(`${issuer}/playground`);
    return { issuer, page, play };
  };
}

export class Playground extends Traffic {
  readonly #page: Page;
  readonly #issuer: string;
  #isSignedIn = false;

  constructor(page: Page, issuer: string) {
    super(page);
    this.#page = page;
    this.#issuer = issuer;
  }

  exchange(id: string): Locator {
    return this.#page.locator(placeOf(id));
  }

  part(id: string, name: string): Locator {
    return this.exchange(id).locator(`[data-${name}]`);
  }

  /** The text of a part, in one piece as it would be copied by a program. */
  async text(id: string, name: string): Promise<string> {
    const place = this.part(id, name);
    await place.waitFor({ state: 'attached' });
    return (await place.textContent()) ?? '';
  }

  status(id: string): Promise<string> {
    return this.part(id, 'verdict').innerText();
  }

  /** What stands below an answer, by its names. */
  facts(id: string): Promise<Map<string, string>> {
    return this.#listed(id, 'dd:first-of-type');
  }

  /** What is said of each claim that was verified, by its name. */
  meanings(id: string): Promise<Map<string, string>> {
    return this.#listed(id, '.meaning');
  }

  async #listed(id: string, what: string): Promise<Map<string, string>> {
    const rows = await this.part(id, 'decoded')
      .locator('.fact')
      .evaluateAll(
        (all, selector) =>
          all.map((row): [string, string] => {
            const [name, text] = ['dt', selector].map((it) => row.querySelector<HTMLElement>(it));
            return [name?.innerText ?? '', text?.innerText ?? ''];
          }),
        what,
      );
    return new Map(rows);
  }

  async turnTo(chapter: Chapter): Promise<void> {
    const link = this.#page.locator('.stepper').getByRole('link', { name: chapter });
    await link.click();
    await this.#page.locator('.stepper [aria-current=step]', { hasText: chapter }).waitFor();
  }

  /** Presses the button of a step, and waits for the answer. */
  async send(id: string): Promise<void> {
    await this.part(id, 'send').click();
    await this.part(id, 'outcome').waitFor();
    await this.#page.waitForFunction(
      (place) => document.activeElement?.matches(place),
      `${placeOf(id)} [data-answer]`,
    );
  }

  /** At the login page, or at the consent page if the person is signed in already. */
  async signIn(): Promise<void> {
    await this.#page.locator('#username, [value=allow]').first().waitFor();
    if ((await this.#page.locator('#username').count()) > 0) await typeIn(this.#page);
    this.#isSignedIn = true;
    await this.#page.locator('[value=allow]').click();
    await this.comeBack();
  }

  /** For a walk past the login page; tests whose subject it is come to it. */
  async #signInAside(): Promise<void> {
    if (!this.#isSignedIn) await signInAside(this.#page, this.#issuer);
    this.#isSignedIn = true;
  }

  /** In a new tab, as the page says: lets the device of the first step in. */
  async letDeviceIn(): Promise<void> {
    const { user_code } = JSON.parse(
      (await this.text('device-ask', 'response')).split('\n\n')[1] ?? '',
    );
    const opened = this.#page.waitForEvent('popup');
    await this.#page.locator('#device a[href$="/device"]').click();
    const tab = await opened;
    await tab.locator('#username, #user-code').first().waitFor();
    if ((await tab.locator('#username').count()) > 0) await typeIn(tab);
    this.#isSignedIn = true;
    await tab.locator('#user-code').fill(user_code);
    await tab.keyboard.press('Enter');
    await tab.locator('[value=allow]').click();
    await tab.waitForURL(`${this.#issuer}/device`);
    await tab.locator('h1[autofocus]').waitFor();
    await tab.close();
  }

  async comeBack(): Promise<void> {
    await this.#page.waitForURL(`${this.#issuer}/playground`);
    await this.#page.locator('.playground.is-live').waitFor();
  }

  /** Up to the login page. @returns the state that was sent */
  async leave(): Promise<string> {
    await this.walkTo('person-pkce');
    await this.part('person-authorize', 'send').click();
    await this.#page.locator('#username').waitFor();
    return new URL(this.visited('/oauth/authorize?response_type')).searchParams.get('state') ?? '';
  }

  /** Plays the steps of its flow that are still to be played, up to one. */
  async walkTo(last: string): Promise<void> {
    const [flow = ''] = last.split('-');
    for (const chapter of CHAPTERS) {
      for (const id of STEPS[chapter]) {
        if (!id.startsWith(`${flow}-`)) continue;
        if (!(await this.#isPlayed(id))) {
          await this.turnTo(chapter);
          if (id.endsWith('-authorize')) {
            await this.#signInAside();
            await this.part(id, 'send').click();
            await this.signIn();
          } else {
            if (id === 'device-collect') await this.letDeviceIn();
            await this.send(id);
          }
        }
        if (id === last) return;
      }
    }
  }

  async #isPlayed(id: string): Promise<boolean> {
    return (await this.exchange(id).locator('[data-expected][hidden]').count()) === 0
      ? (await this.exchange(id).locator('[data-outcome][hidden]').count()) === 0
      : false;
  }

  async playTurn(turn: string, signsIn = false): Promise<void> {
    const place = this.#page.locator(`[data-turn=${turn}]`);
    if ((await place.getAttribute('open')) === null) await place.locator('summary').click();
    await place.locator('[data-play]').click();
    if (signsIn) await this.signIn();
    await place.locator('[data-outcome]').last().waitFor();
  }

  /** What is in the clipboard once the command of an exchange has been copied. */
  async copy(id: string): Promise<string> {
    await this.part(id, 'copy').click();
    await this.#page.waitForFunction(
      (place) => document.querySelector(place)?.textContent === 'Copied',
      `${placeOf(id)} [data-copy]`,
    );
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  /** What really came back to what is shown as the request. */
  async answerTo(id: string): Promise<Response> {
    const [head = '', body] = (await this.text(id, 'request')).split('\n\n');
    const [method = '', url = ''] = head.split('\n')[0]!.split(' ');
    const status = await this.status(id);
    const shown = await this.text(id, 'response');
    // The same may have been sent twice, and answered differently.
    const found = this.answersTo(method, url, body ?? null).filter((answer) =>
      status.startsWith(String(answer.status())),
    );
    assert.ok(found.length > 0, `what is shown for ${id} was sent`);
    for (const answer of found) if (shown.endsWith(await answer.text())) return answer;
    return found[0]!;
  }

  /** Compares what is shown with what the browser really sent and got. */
  async assertShownAsSent(id: string): Promise<void> {
    const answer = await this.answerTo(id);
    const request = answer.request();
    const [head = '', body] = (await this.text(id, 'request')).split('\n\n');
    const [, ...headers] = head.split('\n');
    const sent = await request.allHeaders();
    assertHeaders(headers, sent);
    assert.equal(body ?? null, request.postData());
    for (const name of ['authorization', 'content-type']) {
      assert.equal(name in sent, headers.join('\n').toLowerCase().includes(`${name}:`), name);
    }
    assert.equal('cookie' in sent, false, 'a client has no cookies of the server');

    assert.equal(await this.status(id), `${answer.status()} ${answer.statusText()}`);
    const shown = await this.text(id, 'response');
    const end = shown.indexOf('\n\n');
    const received = await answer.allHeaders();
    assertHeaders(shown.slice(0, end).split('\n'), received);
    assert.equal('www-authenticate' in received, shown.includes('WWW-Authenticate: '));
    assert.equal(shown.slice(end + 2), await answer.text());
  }
}
