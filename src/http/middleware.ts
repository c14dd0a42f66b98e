// Middleware by the names of node:http, which Express 4, Express 5 and whatever is like them take.

import type { IncomingMessage, ServerResponse } from 'node:http';

export type Middleware = (
  req: IncomingMessage,
  res: ServerResponse,
  // biome-ignore lint/suspicious/noExplicitAny: as Connect has it. The `next` of Fastify takes no `unknown`.
  next: (error?: any) => void,
) => void;
