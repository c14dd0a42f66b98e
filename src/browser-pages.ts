// What all pages have in common: the middleware before them, and what their views are given.

import { createSecretKey } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Pages } from './context.ts';
import { assetUrls, scriptUrl } from './endpoints/assets.ts';
import type { Events } from './events.ts';
import { pageHeaders } from './http/headers.ts';
import { pace } from './http/pace.ts';
import type { Site } from './http/site.ts';
import { asInExpress } from './http/skip-express-init.ts';
import type { Settings } from './option-defaults.ts';
import { packageFile } from './package-files.ts';
import type { Branding } from './pages/branding.ts';
import { setOwnWords } from './pages/language.ts';
import { withOwnWords } from './pages/own-words.ts';
import { createRender } from './pages/render.ts';
import { deriveKey } from './protocol/secrets.ts';
import { sessions } from './sign-in/session-holder.ts';
import type { Store } from './store/store.ts';

/** Where our views are. */
export const ownViews = packageFile('views');

export function createPages(
  settings: Settings,
  site: Site,
  store: Store,
  events: Events,
  branding: Branding,
): Pages {
  const { secret, brand, homeUrl, helpUrl, locals = {}, scopes = {}, sessionTtl, views } = settings;
  const { authenticate, beforeConsent } = settings;
  const { path, https } = site;
  const { host } = new URL(site.issuer);
  const common = { base: path, brand, host, homeUrl, ...assetUrls(path, branding) };
  const further = {
    ...locals,
    login: { ...locals['login'], helpUrl },
    'reset-password': { ...locals['reset-password'], helpUrl },
    'form-post': { ...locals['form-post'], submitUrl: scriptUrl(path, branding, 'form-post') },
    'signed-out': { ...locals['signed-out'], goOnUrl: scriptUrl(path, branding, 'signed-out') },
  };
  const words = withOwnWords(views, settings.words);
  const speak = (res: Response) => {
    // What is set on a response makes it another kind of object to V8.
    if (words !== undefined) setOwnWords(res, words);
  };
  const speaking: RequestHandler = (_req, res, next) => {
    speak(res);
    next();
  };
  const cookieSecret = createSecretKey(deriveKey(secret, 'session cookie'));
  return {
    browser: [
      ...(authenticate || beforeConsent ? [asInExpress] : []),
      pace(),
      pageHeaders(https),
      ...(words ? [speaking] : []),
      sessions({ store, secret: cookieSecret, site, ttl: sessionTtl }),
    ],
    render: createRender(common, further, { ours: ownViews, theirs: views }, events),
    speak,
    scopes,
  };
}
