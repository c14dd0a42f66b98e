// @ts-check
// Reads what the server has put on the page: all steps, requests and words.

/** @typedef {import('../../src/demo/playground-exchanges.ts').Exchange & { curl: string }} Exchange */

/**
 * An exchange in its place.
 *
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {Exchange} exchange
 * @property {string} flow whose values it shares
 * @property {HTMLElement} step
 * @property {HTMLElement} chapter
 * @property {HTMLDetailsElement | null} turn
 */

/**
 * The part of an element that has a `data-` attribute.
 *
 * @param {Element} element
 * @param {string} name
 */
export function part(element, name) {
  const found = element.querySelector(`[data-${name}]`);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no ${name}.`);
  return found;
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 */
export function all(selector, within = document) {
  return /** @type {HTMLElement[]} */ ([...within.querySelectorAll(selector)]);
}

export const root = part(document.body, 'playground');

/**
 * @type {{ issuer: string, redirectUri: string, clientId: string, otherClientId: string,
 *   words: Record<string, string> }}
 */
const data = JSON.parse(root.dataset['playground'] ?? '');
export const { issuer, redirectUri, clientId, otherClientId } = data;

const times = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** In the language of the page. @param {number} seconds since the epoch */
export function timeOf(seconds) {
  return times.format(seconds * 1000);
}

/**
 * Words in the language of the page.
 *
 * @param {string} name
 * @param {string} [value] what is filled in
 */
export function say(name, value = '') {
  return (data.words[name] ?? name).replace(/\{\w+\}/, () => value);
}

/** Announces a text to screen readers. @param {string} text */
export function announce(text) {
  part(root, 'status').textContent = text;
}

/** @type {View[]} */
export const views = all('[data-exchange]').map((element) => {
  /** @type {Exchange} */
  const exchange = JSON.parse(element.dataset['exchange'] ?? '');
  const closest = (/** @type {string} */ selector) =>
    /** @type {HTMLElement} */ (element.closest(selector));
  return {
    element,
    exchange,
    flow: exchange.id.replace(/-.*/, ''),
    step: closest('[data-step]'),
    chapter: closest('.chapter'),
    turn: element.closest('details'),
  };
});
