// @ts-check
// Shows what was sent and what came back, letter for letter, and what is in it. Anything from outside
// becomes text, never markup.

import { decodeJwt, parse } from './encoding.js';
import { part, say, timeOf } from './page.js';
import { playedOf, requestOf } from './play.js';

/** @typedef {import('./page.js').View} View */
/** @typedef {import('./play.js').Fields} Fields */
/** @typedef {(string | Node)[]} Content */

/** Claims that are seconds since the epoch. */
const TIMES = ['iat', 'exp', 'auth_time', 'updated_at'];

/**
 * @param {string} name
 * @param {string} className
 * @param {...(string | Node)} content
 */
function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** Shows the result of an exchange, or that there is none yet. @param {View} view */
export function show(view) {
  const { element, exchange } = view;
  const played = playedOf(view);
  const { answer, back, facts } = played ?? {};
  const isOwnWork = exchange.kind === 'compute' || exchange.kind === 'verify';
  if (!isOwnWork) {
    const { method, url, headers, body } = played?.sent ?? requestOf(view);
    part(element, 'request').replaceChildren(
      make('span', 'method', method),
      ' ',
      ...address(url),
      ...headerLines(Object.entries(headers)),
      ...(body === undefined ? [] : ['\n\n', ...pairs(body)]),
    );
  }

  const response = part(element, 'response');
  if (answer) {
    const [first, ...rest] = headerLines(answer.headers);
    // The status is shown above.
    response.replaceChildren(...(first ? rest : []), '\n\n', ...jsonLines(answer.body));
  } else if (back) {
    response.replaceChildren(...address(back.url));
  }
  showScrollable(response, answer !== undefined && !answer.body.startsWith('{'));
  // For a link that was opened, the address is the request, not the response.
  response.hidden = !answer && (!back || back.url === played?.sent.url);

  const inIt = part(element, 'decoded');
  inIt.replaceChildren(
    ...(facts
      ? [
          list(
            ...facts.map(([name, value, meaning]) =>
              fact(name, isOwnWork ? claimValue(name, value) : [value], meaning),
            ),
          ),
        ]
      : []),
    ...(answer ? decoded(answer.body) : []),
  );
  inIt.hidden = inIt.childElementCount === 0;

  const verdict = part(element, 'verdict');
  const { status, good } = played?.verdict ?? { status: '', good: true };
  verdict.hidden = status === '';
  verdict.classList.toggle('is-no', !good);
  part(element, 'verdict-text').textContent = status;
  part(element, 'answer').classList.toggle('is-empty', response.hidden && inIt.hidden);

  showOutcome(view);
}

/**
 * A whole page is long: it gets a box that the keyboard can reach and scroll.
 *
 * @param {HTMLElement} box
 * @param {boolean} isLong
 */
function showScrollable(box, isLong) {
  box.classList.toggle('is-long', isLong);
  if (isLong) box.tabIndex = 0;
  else box.removeAttribute('tabindex');
}

/** @param {View} view */
function showOutcome(view) {
  const { element, exchange, turn } = view;
  const played = playedOf(view);
  const isOk = played?.outcome === 'ok';
  const box = part(element, 'outcome');
  const words = box.querySelector('[data-expected]');
  box.hidden = played === undefined || (isOk && words === null);
  words?.toggleAttribute('hidden', !isOk);
  const otherwise = part(box, 'unexpected');
  otherwise.hidden = isOk;
  otherwise.textContent = played === undefined || isOk ? '' : say(played.outcome);

  if (turn !== null) return;
  const button = part(element, 'send');
  button.dataset['first'] ??= button.textContent ?? '';
  button.textContent = button.dataset[played === undefined ? 'first' : 'again'] ?? '';
  button.classList.toggle('button-primary', !isOk);
  button.classList.toggle('button-quiet', isOk);
  // Once the server has answered, repeating the request cannot succeed.
  button.hidden = exchange.once === true && played?.answer !== undefined;
}

/** Prevents line breaks after hyphens in codes and tokens. @param {string} text */
function unbroken(text) {
  return /\s/.test(text) ? text : make('span', 'opaque', text);
}

/** Shows each pair on its own line; the text itself stays in one piece. @param {string} text */
function pairs(text) {
  return text.split(/(?<=&)/).map((pair) => {
    const [, name = '', value = ''] = /^([^=]*=?)(.*)$/s.exec(pair) ?? [];
    return make('span', 'member', make('span', 'name', name), unbroken(value));
  });
}

/** @param {string} url @returns {Content} */
function address(url) {
  const start = url.indexOf('?') + 1;
  if (start === 0) return [url];
  return [url.slice(0, start), make('span', 'indented', ...pairs(url.slice(start)))];
}

/** @param {Fields} headers @returns {Content} */
function headerLines(headers) {
  return headers.flatMap(([name, value]) => [
    '\n',
    make('span', 'name', `${name}:`),
    ' ',
    name === 'Authorization' ? make('span', 'opaque', value) : value,
  ]);
}

/** The same for the fields of a JSON object; other text is unchanged. @param {string} text @returns {Content} */
function jsonLines(text) {
  if (!text.startsWith('{') || Object.keys(parse(text)).length === 0) return [text];
  const tokens = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^"]/g) ?? [];
  /** @type {Content} */
  const lines = [];
  /** @type {Content} */
  let line = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    const isName = depth === 0 && tokens[index + 1] === ':';
    line.push(isName ? make('span', 'name', token) : unbroken(token));
    if (depth > 0 || (token !== ',' && index < tokens.length - 1)) continue;
    lines.push(make('span', 'member', ...line));
    line = [];
  }
  return [text.slice(0, 1), make('span', 'indented', ...lines), text.slice(-1)];
}

/** @param {...Node} facts */
function list(...facts) {
  return make('dl', 'decoded', ...facts);
}

/** @param {string} term @param {Content} description @param {string} [meaning] */
function fact(term, description, meaning) {
  const isNo = meaning?.startsWith('✗') === true;
  const more =
    meaning === undefined ? [] : [make('dd', isNo ? 'meaning is-no' : 'meaning', meaning)];
  return make('div', 'fact', make('dt', '', term), make('dd', '', ...description), ...more);
}

/** A value that is read letter for letter. @param {string} value */
function literal(value) {
  const code = make('code', /\s/.test(value) ? '' : 'opaque', value);
  code.dir = 'ltr';
  return code;
}

/** A value, and what the clock says then if it is a time. @param {string} name @param {string} value */
function claimValue(name, value) {
  const isTime = TIMES.includes(name) && /^\d+$/.test(value);
  return isTime ? [literal(value), ` ${timeOf(Number(value))}`] : [literal(value)];
}

/** @param {Record<string, unknown>} claims */
function claimsList(claims) {
  return list(
    ...Object.entries(claims).map(([name, value]) =>
      fact(name, claimValue(name, typeof value === 'string' ? value : JSON.stringify(value))),
    ),
  );
}

/** Explains the tokens and times in the body of a response. @param {string} body @returns {Node[]} */
function decoded(body) {
  const json = parse(body);
  const tokens = ['access_token', 'refresh_token', 'id_token'].flatMap((name) => {
    const token = json[name];
    if (typeof token !== 'string') return [];
    const jwt = decodeJwt(token);
    if (jwt === undefined) return [list(fact(name, [say('opaque')]))];
    return [
      list(fact(name, [say(name === 'id_token' ? 'idToken' : 'jwt')])),
      make('div', 'decoded-title', say('jwtHeader')),
      claimsList(jwt.header),
      make('div', 'decoded-title', say('jwtClaims')),
      claimsList(jwt.claims),
    ];
  });
  const ofTime = Object.entries(json).filter(([name]) => TIMES.includes(name));
  return ofTime.length === 0 ? tokens : [...tokens, claimsList(Object.fromEntries(ofTime))];
}
