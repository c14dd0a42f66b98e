// Middleware by the names of node:http, which Express 4, Express 5 and whatever is like them take.

import type { IncomingMessage, ServerResponse } from 'node:http';

export type Middleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;
