// @ts-check
// Plays an exchange as any client would: sends the request, reads the response, and keeps what is
// needed later in this tab while the browser is at the server.

import { base64url, parse, randomText, sha256 } from './encoding.js';
import { issuer, say, views } from './page.js';
import { verifyIdToken } from './verify.js';

/** @typedef {import('./page.js').Exchange} Exchange */
/** @typedef {import('./page.js').View} View */
/** @typedef {Pick<Exchange, 'method' | 'url' | 'headers' | 'body' | 'curl'>} Sent */
/** @typedef {[name: string, value: string, meaning?: string][]} Fields */

/**
 * What an exchange came to.
 *
 * @typedef {object} Played
 * @property {'ok' | 'unexpected' | 'unreachable' | 'denied'} outcome
 * @property {Sent} sent
 * @property {{ status: string, good: boolean }} [verdict]
 * @property {{ headers: Fields, body: string }} [answer]
 * @property {{ url: string }} [back] by way of the browser
 * @property {Fields} [facts]
 */

/**
 * @typedef {object} Kept
 * @property {Record<string, Record<string, string>>} values of each flow
 * @property {Record<string, Played>} played by the id of the exchange
 * @property {{ id: string, state: string }} [pending] the sign-in that is under way
 * @property {string} [chapter] where the person is
 * @property {string[]} open turns
 */

/** The headers of a response that matter for OAuth. */
const HEADERS = ['Content-Type', 'Cache-Control', 'WWW-Authenticate', 'Location', 'Retry-After'];

/** Different for each version, because another version may have stored something else. */
const KEY = import.meta.url;

/** @type {Kept} */
export const kept = JSON.parse(
  sessionStorage.getItem(KEY) ?? '{ "values": {}, "played": {}, "open": [] }',
);

export function keep() {
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

export function forgetAll() {
  sessionStorage.removeItem(KEY);
}

/** @param {View} view */
export function playedOf({ exchange }) {
  return kept.played[exchange.id];
}

/** @param {View} view */
function valuesOf({ flow }) {
  kept.values[flow] ??= {};
  return kept.values[flow];
}

/** Safe in a form, in a URL, and within the single quotes of a shell. @param {string} value */
function encode(value) {
  return encodeURIComponent(value).replaceAll("'", '%27');
}

/** The request of an exchange, with the values that are known. @param {View} view @returns {Sent} */
export function requestOf(view) {
  const { method, url, headers, body, curl } = view.exchange;
  const values = valuesOf(view);
  const fill = (/** @type {string} */ template) =>
    template.replaceAll(/<(\w+)>/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : encode(value);
    });
  return {
    method,
    url: fill(url),
    headers: Object.fromEntries(Object.entries(headers).map(([name, it]) => [name, fill(it)])),
    ...(body !== undefined && { body: fill(body) }),
    curl: fill(curl),
  };
}

/** Whether all values that an exchange needs are known. @param {View} view */
export function isReady(view) {
  const steps = views.filter(({ chapter, turn }) => chapter === view.chapter && turn === null);
  const before = steps[steps.indexOf(view) - 1];
  if (before !== undefined && playedOf(before)?.outcome !== 'ok') return false;
  return !/<\w+>/.test(requestOf(view).curl);
}

/** Forgets the later steps of the flow, which belong to an earlier sign-in or token. @param {View} view */
function forgetAfter(view) {
  const flow = views.filter((other) => other.flow === view.flow);
  for (const later of flow.slice(flow.indexOf(view) + 1)) delete kept.played[later.exchange.id];
}

/**
 * Creates what a sign-in is recognised by: verifier and challenge (RFC 7636 section 4), state, and
 * nonce (OpenID Connect Core section 15.5.2).
 *
 * @param {string} flow
 */
export async function makeSecrets(flow) {
  const code_verifier = randomText();
  const hash = await sha256(code_verifier);
  const code_challenge = base64url(hash);
  const [state, nonce] = [randomText(), randomText()];
  kept.values[flow] = { code_verifier, code_challenge, state, nonce };

  const own = views.filter((view) => view.flow === flow);
  const step = own.find(({ exchange }) => exchange.kind === 'compute');
  if (step === undefined) return;
  const sendsNonce = own.some(({ exchange }) => exchange.url.includes('<nonce>'));
  kept.played[step.exchange.id] = {
    outcome: 'ok',
    sent: requestOf(step),
    facts: [
      ['code_verifier', code_verifier],
      ['SHA-256(code_verifier)', [...hash].map((it) => it.toString(16).padStart(2, '0')).join(' ')],
      ['code_challenge = BASE64URL(SHA-256(code_verifier))', code_challenge],
      ['state', state],
      .../** @type {Fields} */ (sendsNonce ? [['nonce', nonce]] : []),
    ],
  };
}

/** Verifies the ID token of the flow, or one with a flaw. @param {View} view */
async function verify(view) {
  const { exchange } = view;
  const { id_token = '', access_token = '', nonce = '', keys = '' } = valuesOf(view);
  const { facts, isAccepted, claims } = await verifyIdToken(
    { token: id_token, accessToken: access_token, nonce, keys },
    exchange.flaw,
  );
  kept.played[exchange.id] = {
    outcome: isAccepted === (exchange.flaw === undefined) ? 'ok' : 'unexpected',
    sent: requestOf(view),
    verdict: { status: say(isAccepted ? 'acceptedByApp' : 'refusedByApp'), good: isAccepted },
    facts,
  };
  if (isAccepted) valuesOf(view)['sub'] = String(claims['sub']);
}

/** Goes to the server; `arrive` handles the return. @param {View} view */
async function visit(view) {
  const { exchange, flow, turn } = view;
  // A state is used for one sign-in only.
  if (turn !== null || playedOf(view) !== undefined) await makeSecrets(flow);
  delete kept.played[exchange.id];
  forgetAfter(view);
  const { state } = valuesOf(view);
  if (exchange.url.includes('<state>') && state !== undefined) {
    kept.pending = { id: exchange.id, state };
  }
  keep();
  location.assign(requestOf(view).url);
}

/** @param {View} view */
async function send(view) {
  const { exchange } = view;
  const sent = requestOf(view);
  const { url, curl: _curl, ...init } = sent;
  /** @type {Response} */
  let response;
  let body = '';
  try {
    // Without cookies, because they belong to the person, not to the client.
    response = await fetch(url, { ...init, credentials: 'omit', redirect: 'manual' });
    body = await response.text();
  } catch {
    kept.played[exchange.id] = { outcome: 'unreachable', sent };
    return;
  }
  const json = parse(body);
  const values = valuesOf(view);
  const expects = Object.entries(exchange.expects).map(([name, value]) => {
    const [, known] = /^<(\w+)>$/.exec(String(value)) ?? [];
    return { name, known, isMet: json[name] === (known === undefined ? value : values[known]) };
  });
  const isExpected = response.status === exchange.status && expects.every(({ isMet }) => isMet);
  const headers = HEADERS.map((name) => [name, response.headers.get(name)]);
  const facts = expects
    .filter(({ known, isMet }) => known !== undefined && isMet)
    .map(({ name }) => [name, `✓ ${say('sameAsInToken')}`]);
  kept.played[exchange.id] = {
    outcome: isExpected ? 'ok' : 'unexpected',
    sent,
    verdict: { status: `${response.status} ${response.statusText}`.trim(), good: response.ok },
    answer: {
      headers: /** @type {Fields} */ (headers.filter(([, value]) => value !== null)),
      body,
    },
    ...(facts.length > 0 && { facts: /** @type {Fields} */ (facts) }),
  };
  const keeps = Object.entries(exchange.keeps);
  if (!isExpected || keeps.length === 0) return;
  for (const [field, name] of keeps) {
    const value = json[field];
    values[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  forgetAfter(view);
}

/** Plays one exchange. @param {View} view */
export async function play(view) {
  const { kind } = view.exchange;
  if (kind === 'visit') return visit(view);
  if (kind === 'fetch') await send(view);
  else if (kind === 'verify') await verify(view);
  else {
    await makeSecrets(view.flow);
    forgetAfter(view);
  }
  keep();
}

/** Plays exchanges one after the other, until one gets an unexpected response. @param {View[]} list */
export async function playAll(list) {
  for (const view of list) {
    await play(view);
    if (playedOf(view)?.outcome !== 'ok') return;
  }
}

/**
 * Takes the answer of the authorization endpoint out of the address (RFC 6749 section 4.1.2) and
 * checks whose it is (RFC 9207 section 2.4).
 *
 * @returns {View | undefined} the exchange it belongs to, if there is an answer
 */
export function arrive() {
  const params = new URLSearchParams(location.search);
  if (!['code', 'error', 'state'].some((name) => params.has(name))) return undefined;
  const url = `${location.origin}${location.pathname}${location.search}`;
  const { pending } = kept;
  const isOurs = pending !== undefined && params.get('state') === pending.state;
  const isIssuer = params.get('iss') === issuer;
  // A response to a request that this tab did not send is shown as that wrong turn.
  const id = isOurs ? pending.id : 'state-forged';
  const view = views.find(({ exchange }) => exchange.id === id);
  if (view === undefined) return undefined;

  const code = params.get('code');
  const isSound = isOurs && isIssuer;
  const stateFact = isOurs
    ? say('sameState')
    : pending === undefined
      ? say('noState')
      : say('otherState', pending.state);
  kept.played[id] = {
    outcome:
      !isOurs || (isSound && code !== null)
        ? 'ok'
        : isSound && params.get('error') === 'access_denied'
          ? 'denied'
          : 'unexpected',
    sent: isOurs
      ? requestOf(view)
      : { method: 'GET', url, headers: {}, curl: `curl -i '${url.replaceAll("'", '%27')}'` },
    verdict: {
      status: say(!isSound ? 'refusedByApp' : code === null ? 'withoutCode' : 'withCode'),
      good: isSound && code !== null,
    },
    back: { url },
    facts: [
      ['state', `${isOurs ? '✓' : '✗'} ${stateFact}`],
      ['iss', isIssuer ? `✓ ${say('sameIssuer')}` : `✗ ${say('otherIssuer', issuer)}`],
      ...(code === null ? [] : /** @type {Fields} */ ([['code', say('opaque')]])),
    ],
  };
  if (isOurs) {
    // A response is accepted once.
    delete kept.pending;
    if (isSound && code !== null) valuesOf(view)['code'] = code;
  }
  keep();
  return view;
}
