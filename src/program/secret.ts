// GET /secret: a route that wants an access token, to try tokens on.

import type { Context, Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { methods } from '../http/methods.ts';
import { Routes } from '../http/routes.ts';
import type { ActiveToken } from '../oauth/tokens.ts';
import { formatScope } from '../protocol/scope.ts';

/** @param scope that a token has to have */
export function secret({ protect }: Pick<Context, 'protect'>, scope: readonly string[]): Endpoint {
  const routes = new Routes();
  routes.all('/secret', cors('GET'), methods('GET', 'HEAD'), protect(...scope), (_req, res) => {
    const token: ActiveToken = res.locals['oauth'].token;
    sendJson(res, {
      secret: 'Congratulations, you are in a secret area!',
      client_id: token.client.id,
      ...(token.user.id !== undefined && { sub: token.user.id }),
      scope: formatScope(token.scope),
    });
  });
  return { routes };
}
