// Where password managers and browsers look for the page on which a person changes the password
// (W3C, "A Well-Known URL for Changing Passwords").

import type { Endpoint } from '../context.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import type { Site } from '../http/site.ts';

export function changePassword({ path }: Site): Endpoint {
  const routes = new Routes();
  const url = '/.well-known/change-password';
  routes.all(url, publicHeaders, methods('GET', 'HEAD'), (_req, res) => {
    redirect(res, `${path}${PATHS.password}`);
  });
  return { routes };
}
