// GET /health: whether this server can do its work, for a load balancer or a supervisor.

import { Router } from 'express';
import { NO_STORE, RETRY_LATER } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import type { Store } from '../store/store.ts';

/** 200 where the store answers, 503 where it does not. */
export function health(store: Store): Router {
  const routes = Router();
  routes.all('/health', methods('GET', 'HEAD'), async (_req, res) => {
    const ok = await store.ping().then(
      () => true,
      () => false,
    );
    res
      .status(ok ? 200 : 503)
      .set({ ...NO_STORE, ...(ok ? {} : RETRY_LATER) })
      .json({ status: ok ? 'ok' : 'unavailable' });
  });
  return routes;
}
