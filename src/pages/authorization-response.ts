// Sends a client its answer through the browser. This is the one place where a person leaves for a client.

import type { Response } from 'express';
import { allowFramingBy, allowOwnScripts } from '../http/headers.ts';
import { fits, redirect } from '../http/redirect.ts';
import { type AuthorizationResponse, locationOf } from '../protocol/redirect-target.ts';
import { redirectHost } from '../protocol/redirect-uri.ts';
import { wordsFor } from './language.ts';
import type { Render } from './render.ts';

/**
 * Whether a response reaches its client. A redirect may be too long for that. A form is never too long,
 * and needs no bound of its own, because each parameter of a request has one.
 */
export function reaches(response: AuthorizationResponse): boolean {
  return response.target.responseMode === 'form_post' || fits(locationOf(response));
}

/**
 * Sends the browser to the client with a response: by a redirect, or by a page with a form (OAuth 2.0 Form
 * Post Response Mode). A script of ours sends that form, and there is a button for browsers without scripts.
 * The script runs while the page is still being read, so the page is not in the browser's history.
 */
export function sendResponse(res: Response, response: AuthorizationResponse, render: Render): void {
  const { target, parameters } = response;
  if (target.responseMode !== 'form_post') {
    redirect(res, locationOf(response));
    return;
  }
  const t = wordsFor(res);
  res.statusCode = 200;
  allowOwnScripts(res);
  // A client that asks with prompt=none in a hidden frame waits for the answer there.
  allowFramingBy(res, target.uri);
  render(res, 'form-post', {
    homeUrl: undefined,
    title: t('formPost.title'),
    action: target.uri,
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    returnsTo: redirectHost(target.uri),
  });
}
