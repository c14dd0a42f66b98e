// @ts-check
// Starts the playground: its buttons, its chapters, and the return from the server.

import { all, announce, issuer, part, redirectUri, root, say, views } from './page.js';
import {
  arrive,
  forgetAll,
  isReady,
  keep,
  kept,
  makeSecrets,
  play,
  playAll,
  playedOf,
  requestOf,
} from './play.js';
import { show } from './show.js';

/** @typedef {import('./page.js').View} View */

// If the page is not at the issuer's address, the browser refuses to send anything, and without TLS it
// has no SHA-256. In both cases only the commands are shown.
if (location.origin !== new URL(issuer).origin) part(root, 'elsewhere').hidden = false;
else if (!isSecureContext) part(root, 'insecure').hidden = false;
else await start();

async function start() {
  for (const element of all('[data-static]')) element.hidden = true;
  for (const element of all('[data-live]')) element.hidden = false;
  root.classList.add('is-live');
  for (const view of views) {
    if (view.turn === null) onPress(part(view.element, 'send'), () => playStep(view));
    if (view.element.querySelector('[data-copy]'))
      onPress(part(view.element, 'copy'), () => copy(view));
  }
  for (const turn of document.querySelectorAll('details')) prepareTurn(turn);
  onPress(part(root, 'restart'), () => {
    forgetAll();
    location.assign(redirectUri);
  });
  addEventListener('hashchange', () => {
    turnTo(location.hash.slice(1) || history.state)
      ?.querySelector('h2')
      ?.focus();
  });
  // A page restored from the browser's cache does not have what was stored since.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });

  const arrived = arrive();
  if (arrived === undefined) {
    turnTo(location.hash.slice(1) || kept.chapter);
    // The chapter that Back leads to if the address names none.
    history.replaceState(kept.chapter, '');
    return update();
  }
  // A code should not stay in the history, and a reload is not a second response.
  history.replaceState(arrived.chapter.id, '', location.pathname);
  turnTo(arrived.chapter.id);
  if (arrived.turn !== null) {
    arrived.turn.open = true;
    const rest = views.filter((view) => view.turn === arrived.turn && view !== arrived);
    if (playedOf(arrived)?.outcome === 'ok') await playAll(rest);
  }
  update();
  lead(arrived);
}

/** @param {View} view */
async function playStep(view) {
  await play(view);
  if (view.exchange.kind === 'visit') return;
  update();
  lead(view);
}

/** @param {HTMLDetailsElement} turn */
function prepareTurn(turn) {
  const name = turn.dataset['turn'] ?? '';
  const own = views.filter((view) => view.turn === turn);
  turn.open = kept.open.includes(name);
  turn.addEventListener('toggle', () => {
    kept.open = [...kept.open.filter((other) => other !== name), ...(turn.open ? [name] : [])];
    keep();
  });
  onPress(part(turn, 'play'), async () => {
    const [first] = own;
    if (first === undefined) return;
    if (first.exchange.kind === 'visit') return play(first);
    for (const { exchange } of own) delete kept.played[exchange.id];
    if (first.exchange.kind !== 'verify') await makeSecrets(first.flow);
    await playAll(own);
    update();
    lead(first);
  });
}

/** Updates the page: what was played, and what can be played next. */
function update() {
  for (const view of views) {
    const { step, turn } = view;
    const isOpen = playedOf(view) !== undefined || (turn === null && isReady(view));
    show(view);
    if (turn !== null) {
      step.hidden = !isOpen;
      continue;
    }
    step.classList.toggle('is-later', !isOpen);
    step.classList.toggle('is-done', playedOf(view)?.outcome === 'ok');
    part(step, 'body').hidden = !isOpen;
    part(step, 'later').hidden = isOpen;
  }
  for (const chapter of all('.chapter')) {
    const steps = views.filter((view) => view.chapter === chapter && view.turn === null);
    const isDone = steps.every((view) => playedOf(view)?.outcome === 'ok');
    const isVerified = steps.some(
      (view) => view.exchange.kind === 'verify' && playedOf(view)?.outcome === 'ok',
    );
    for (const needs of all('[data-needs-steps]', chapter)) {
      needs.hidden = isVerified;
      part(needs.parentElement ?? chapter, 'play').hidden = !isVerified;
    }
    part(chapter, 'needs-sign-in').hidden = !steps[0]?.step.classList.contains('is-later');
    chapter.querySelector('[data-next]')?.toggleAttribute('hidden', !isDone);
    for (const link of all(`.stepper a[href="#${chapter.id}"]`)) {
      link.classList.toggle('is-done', isDone);
      part(link, 'done').hidden = !isDone;
    }
  }
}

/** Moves the focus to the new response. @param {View} view */
function lead(view) {
  const { verdict, outcome = 'ok' } = playedOf(view) ?? {};
  const status = verdict?.status;
  announce(status !== undefined ? say('answered', status) : outcome === 'ok' ? '' : say(outcome));
  part(view.element, 'answer').focus();
}

/** Shows one chapter. @param {string | undefined} id */
function turnTo(id) {
  const chapters = all('.chapter');
  const open = chapters.find((chapter) => chapter.id === id) ?? chapters[0];
  for (const chapter of chapters) chapter.hidden = chapter !== open;
  for (const link of all('.stepper a')) {
    if (link.getAttribute('href') === `#${open?.id}`) link.setAttribute('aria-current', 'step');
    else link.removeAttribute('aria-current');
  }
  if (open !== undefined) kept.chapter = open.id;
  keep();
  return open;
}

/** @param {View} view */
async function copy(view) {
  const { curl } = playedOf(view)?.sent ?? requestOf(view);
  const button = part(view.element, 'copy');
  button.dataset['label'] ??= button.textContent ?? '';
  try {
    await navigator.clipboard.writeText(curl);
  } catch {
    // If the browser forbids it, the person can select and copy.
    const shown = part(view.element, 'curl');
    shown.textContent = curl;
    shown.hidden = false;
    shown.focus();
    getSelection()?.selectAllChildren(shown);
    return;
  }
  button.textContent = say('copied');
  announce(say('copied'));
  setTimeout(() => {
    button.textContent = button.dataset['label'] ?? '';
  }, 2000);
}

/**
 * What is pressed twice is done once.
 *
 * @param {HTMLElement} button
 * @param {() => unknown} action
 */
function onPress(button, action) {
  let isBusy = false;
  button.addEventListener('click', async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await action();
    } finally {
      isBusy = false;
    }
  });
}
