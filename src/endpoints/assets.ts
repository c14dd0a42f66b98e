// The files that pages load: the stylesheet, the logo, and the script of form-post.ejs.

import type { RequestHandler } from 'express';
import type { Endpoint } from '../context.ts';
import { send, setHeaders } from '../http/answer.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { Routes } from '../http/routes.ts';
import type { Asset, Branding } from '../pages/branding.ts';

const STYLESHEET = '/oauth/style.css';
const LOGO = '/oauth/logo';
const FORM_POST_SCRIPT = '/oauth/form-post.js';

export function assets({ stylesheet, logo, formPostScript }: Branding): Endpoint {
  const routes = new Routes();
  const read = methods('GET', 'HEAD');
  routes.all(STYLESHEET, publicHeaders, read, answer(stylesheet));
  routes.all(FORM_POST_SCRIPT, publicHeaders, read, answer(formPostScript));
  if (logo !== undefined) routes.all(LOGO, publicHeaders, read, answer(logo));
  return { routes, metadata: {} };
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

/** The URL of the script that sends the form of the view form-post. */
export function formPostScriptUrl(path: string, { formPostScript }: Branding): string {
  return `${path}${FORM_POST_SCRIPT}?v=${formPostScript.version}`;
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
