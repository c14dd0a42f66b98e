// GET /health: whether this server can do its work, for a load balancer or a supervisor.

import type { Endpoint } from '../context.ts';
import { sendJson, setHeaders } from '../http/answer.ts';
import { NO_STORE, RETRY_LATER } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { Routes } from '../http/routes.ts';
import type { Store } from '../store/store.ts';

type Status = 'ok' | 'read-only' | 'unavailable' | 'stopping';

/**
 * 200 if the store answers; 503 if it does not, or if the server is about to stop. If the store can
 * only be read, the answer is 200 and says so: it is the same for all servers, and if all of them were
 * taken out of service nobody's token could be checked either.
 *
 * @param isStopping whether the server is about to stop
 */
export function health(store: Store, isStopping: () => boolean): Endpoint {
  const statusOf = async (): Promise<Status> => {
    if (isStopping()) return 'stopping';
    try {
      return (await store.ping()).isWritable ? 'ok' : 'read-only';
    } catch {
      return 'unavailable';
    }
  };
  const routes = new Routes();
  routes.all('/health', methods('GET', 'HEAD'), async (_req, res) => {
    const status = await statusOf();
    const isReady = status === 'ok' || status === 'read-only';
    res.statusCode = isReady ? 200 : 503;
    setHeaders(res, { ...NO_STORE, ...(isReady ? {} : RETRY_LATER) });
    sendJson(res, { status });
  });
  return { routes };
}
