import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readUserAgent } from '../../src/sign-in/user-agent.ts';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)';
const IOS = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('a browser, by its User-Agent', () => {
  for (const [browser, system, header] of [
    ['Firefox', 'Windows', `${WINDOWS.replace(')', '; rv:145.0)')} Gecko/20100101 Firefox/145.0`],
    ['Firefox', 'Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
    ['Firefox', 'Android', 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0'],
    ['Firefox', 'iPhone', `${IPHONE} ${IOS} FxiOS/145.0 Mobile/15E148 Safari/605.1.15`],
    ['Chrome', 'macOS', `${MAC} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`],
    ['Chrome', 'Android', `${ANDROID} ${WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36`],
    ['Chrome', 'ChromeOS', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/142.0.0.0`],
    ['Chrome', 'iPhone', `${IPHONE} ${IOS} CriOS/142.0.0.0 Mobile/15E148 Safari/604.1`],
    ['Safari', 'macOS', `${MAC} ${IOS} Version/26.1 Safari/605.1.15`],
    ['Safari', 'iPhone', `${IPHONE} ${IOS} Version/26.1 Mobile/15E148 Safari/604.1`],
    [
      'Safari',
      'iPad',
      `Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) ${IOS} Version/16.6 Mobile/15E148 Safari/604.1`,
    ],
    ['Edge', 'Windows', `${WINDOWS} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`],
    ['Edge', 'Android', `${ANDROID} ${WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36 EdgA/142.0`],
    ['Edge', 'Windows', `${WINDOWS} ${WEBKIT} Chrome/70.0 Safari/537.36 Edge/18.19042`],
    ['Opera', 'Windows', `${WINDOWS} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 OPR/124.0.0.0`],
    ['Opera', 'Windows', 'Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18'],
    [
      'Samsung Internet',
      'Android',
      `${ANDROID} ${WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
    ],
    ['Vivaldi', 'Linux', `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/142.0 Vivaldi/7.6`],
    ['WeChat', 'Android', `${ANDROID} ${WEBKIT} Chrome/130.0 Safari/537.36 MicroMessenger/8.0.49`],
    ['Huawei Browser', 'HarmonyOS', `Mozilla/5.0 (Phone; OpenHarmony 5.0) HuaweiBrowser/5.0`],
  ] as const) {
    it(`is ${browser} on ${system}: ${header.slice(0, 60)}…`, () => {
      assert.deepEqual(readUserAgent(header), { browser, system });
    });
  }

  it('has a system though nobody knows the browser', () => {
    const header = 'Mozilla/5.0 (Windows NT 10.0) Unheard/1.0';
    assert.deepEqual(readUserAgent(header), { browser: undefined, system: 'Windows' });
  });

  it('is unknown where it is none, or says nothing', () => {
    for (const header of ['', 'curl/8.14.1', 'Chrome', 'python-requests/2.32 Firefox/1.0', '\0']) {
      assert.deepEqual(readUserAgent(header), {});
    }
  });

  it('is read in no time, whatever is sent', () => {
    const start = performance.now();
    for (const part of ['Version/', 'Mozilla/5.0 (', 'Safari/', ' ']) {
      readUserAgent(`Mozilla/5.0 ${part.repeat(10_000)}`);
    }
    assert.ok(performance.now() - start < 500);
  });
});
