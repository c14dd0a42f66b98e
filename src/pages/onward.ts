// Where a person goes on to from a page, by a link or a button that names the place.

import { type AuthorizationResponse, locationOf } from '../protocol/redirect-target.ts';
import { redirectHost } from '../protocol/redirect-uri.ts';

interface Onward {
  readonly url: string;
  /** The host, or the scheme of an app. */
  readonly place: string;
  /** What a form posts to the URL; a link will do if there is nothing. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Whether a script of the page goes there by itself. */
  readonly isAutomatic: boolean;
}

export function onwardTo(url: string, isAutomatic: boolean): Onward {
  return { url, place: redirectHost(url), fields: [], isAutomatic };
}

/** Takes a response to its client. */
export function onwardWith(response: AuthorizationResponse): Onward {
  const { target, parameters } = response;
  if (target.responseMode !== 'form_post') return onwardTo(locationOf(response), false);
  const fields = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return { ...onwardTo(target.uri, false), fields };
}
