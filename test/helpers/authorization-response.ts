// What a client is told through the browser, however it is sent.

import type { Answer } from './http.ts';
import { readForm } from './http-person.ts';

export interface Told {
  /** The redirect URI, without what was added to it. */
  readonly uri: string;
  readonly mode: 'query' | 'fragment' | 'form_post';
  readonly parameters: Readonly<Record<string, string>>;
}

/** The authorization response that an answer takes to the client; fails the test if it is none. */
export function toldBy({ status, location, text }: Answer): Told {
  if (location !== '') {
    const { origin, pathname, searchParams, hash } = new URL(location);
    const uri = `${origin}${pathname}`;
    if (hash === '') return { uri, mode: 'query', parameters: Object.fromEntries(searchParams) };
    const parameters = Object.fromEntries(new URLSearchParams(hash.slice(1)));
    return { uri, mode: 'fragment', parameters };
  }
  if (!text.includes('id="form-post"')) throw new Error(`No response, but ${status}: ${text}`);
  const { action, fields } = readForm(text);
  return { uri: action, mode: 'form_post', parameters: fields };
}
