// The playground for everybody: with the keyboard alone, at every width, in both schemes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../helpers/browser.ts';
import { STEPS, TURNS } from '../helpers/chapters.ts';
import { tabTo } from '../helpers/person.ts';
import { type Playground, placeOf, playgroundTabs } from '../helpers/playing.ts';
import { assertLooksRight } from '../helpers/sight.ts';

describe('the playground, for everybody', { skip: browserMissing() }, () => {
  const arrive = playgroundTabs();

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
    [
      'with an ID token that was verified and refused',
      'en',
      async (play: Playground) => {
        await play.walkTo('openid-userinfo');
        for (const { turn, chapter } of TURNS) {
          if (chapter === 'OpenID Connect') await play.playTurn(turn);
        }
      },
    ],
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
