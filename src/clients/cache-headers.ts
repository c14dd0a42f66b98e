// RFC 9111: how long an answer may be used, as its headers say.

import type { IncomingHttpHeaders } from 'node:http';

/**
 * How long an answer is fresh (section 4.2), in milliseconds.
 *
 * @returns `undefined` if its headers do not say, or cannot be read; 0 if it may not be kept, or may not
 *   be used again without asking its host
 */
export function freshnessOf(headers: IncomingHttpHeaders): number | undefined {
  const directives = directivesOf(headers['cache-control']);
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  const age = secondsOf(headers.age) ?? 0;
  const most = secondsOf(directives.get('s-maxage')) ?? secondsOf(directives.get('max-age'));
  if (most !== undefined) return Math.max(0, most - age) * 1000;
  // Section 5.3: a value that is not a date, such as 0, means the past.
  if (headers.expires === undefined) return undefined;
  const [expires, date] = [Date.parse(headers.expires), Date.parse(headers.date ?? '')];
  if (Number.isNaN(expires)) return 0;
  return Math.max(0, expires - (Number.isNaN(date) ? Date.now() : date));
}

/** The directives by their names, each with its argument; of two with one name the first counts. */
function directivesOf(header = ''): Map<string, string> {
  const directives = new Map<string, string>();
  for (const directive of header.split(',')) {
    const [name = '', argument = ''] = directive.split('=', 2).map((part) => part.trim());
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, argument.replace(/^"(.*)"$/, '$1'));
  }
  return directives;
}

/** Section 1.2.2: whole seconds, of whatever size. */
function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
