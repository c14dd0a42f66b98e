// GET /health: whether this server can do its work, for a load balancer or a supervisor.

import { Router } from 'express';
import { NO_STORE, RETRY_LATER } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import type { Store } from '../store/store.ts';

/**
 * 200 if the store answers, 503 if it does not, or the server is about to stop.
 *
 * @param isStopping whether the server is about to stop
 */
export function health(store: Store, isStopping: () => boolean): Router {
  const routes = Router();
  routes.all('/health', methods('GET', 'HEAD'), async (_req, res) => {
    const answers = await store.ping().then(
      () => true,
      () => false,
    );
    const ok = answers && !isStopping();
    res
      .status(ok ? 200 : 503)
      .set({ ...NO_STORE, ...(ok ? {} : RETRY_LATER) })
      .json({ status: isStopping() ? 'stopping' : ok ? 'ok' : 'unavailable' });
  });
  return routes;
}
