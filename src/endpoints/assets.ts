// The files that pages load: the stylesheet, the logo, and the scripts of two views.

import type { RequestHandler } from 'express';
import type { Endpoint } from '../context.ts';
import { send, setHeaders } from '../http/answer.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { Routes } from '../http/routes.ts';
import type { Asset, Branding, ScriptedView } from '../pages/branding.ts';

const STYLESHEET = '/oauth/style.css';
const LOGO = '/oauth/logo';
const scriptPath = (view: string) => `/oauth/${view}.js`;

export function assets({ stylesheet, logo, scripts }: Branding): Endpoint {
  const routes = new Routes();
  const read = methods('GET', 'HEAD');
  routes.all(STYLESHEET, publicHeaders, read, answer(stylesheet));
  for (const [view, script] of Object.entries(scripts)) {
    routes.all(scriptPath(view), publicHeaders, read, answer(script));
  }
  if (logo !== undefined) routes.all(LOGO, publicHeaders, read, answer(logo));
  return { routes };
}

/** The URLs of the stylesheet, the logo and the icon, which every page loads. */
export function assetUrls(path: string, { stylesheet, logo, icon }: Branding) {
  const logoUrl = logo && `${path}${LOGO}?v=${logo.version}`;
  return {
    styleUrl: `${path}${STYLESHEET}?v=${stylesheet.version}`,
    logoUrl,
    iconUrl: logoUrl ?? icon,
  };
}

/** The URL of a view's script. */
export function scriptUrl(path: string, { scripts }: Branding, view: ScriptedView): string {
  return `${path}${scriptPath(view)}?v=${scripts[view].version}`;
}

function answer({ type, content }: Asset): RequestHandler {
  return (_req, res) => {
    setHeaders(res, {
      // Its URL changes with its content, so a browser need never ask again.
      'Cache-Control': 'public, max-age=31536000, immutable',
      // An SVG opened by itself is a document, and may have scripts in it.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
    send(res, type, content);
  };
}
