// A session of the app around this server whose cookie no browser gets: express-session sends one that is
// `secure` by https alone, and says nothing if it does not. The login page then comes again and again.

import type { Request } from 'express';

const MESSAGE =
  "Somebody signed in, and the browser gets no cookie of it, so the login page comes again: the app's express-session has cookie.secure, and the request came by http. Use https, or cookie: { secure: 'auto' }; behind a proxy that has https, the app needs trust proxy.";

/** Makes what warns once, by a warning of the process, if somebody signs in to such a session. */
export function lostCookieWarning(): (req: Request) => void {
  let isWarned = false;
  return (req) => {
    if (isWarned || !req.session.cookie.secure || mayCountAsHttps(req)) return;
    isWarned = true;
    process.emitWarning(MESSAGE, { type: 'SessionWarning' });
  };
}

/** As express-session sees it, whatever its option `proxy` is: nobody else is told that. */
function mayCountAsHttps({ secure, headers }: Request): boolean {
  return secure || /^\s*https\s*(,|$)/i.test(String(headers['x-forwarded-proto'] ?? ''));
}
