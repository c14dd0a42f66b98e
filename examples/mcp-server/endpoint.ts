// The route of an MCP server (Streamable HTTP), and which scopes a request to it needs.

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import express, { type RequestHandler } from 'express';
import { createAgenda, TOOLS } from './agenda.ts';

/** Makes middleware that lets a request pass only with a token that has these scopes. */
type Guard = (...scope: string[]) => RequestHandler;

// Of whatever type it says it is: the guard and the SDK have to see the same message.
const json = express.json({ type: () => true });

/** Reads the message. For what is none, Express would answer with a page. */
const readMessage: RequestHandler = (req, res, next) => {
  json(req, res, (failure?: { readonly status: number }) => {
    if (failure === undefined) return next();
    const error = { code: -32700, message: 'The body is no JSON, or too large.' };
    return res.status(failure.status).json({ jsonrpc: '2.0', id: null, error });
  });
};

/**
 * The handlers of the route, in order. CORS comes before them, because a client may be in a browser.
 * Which page it is makes no difference: without a token no page gets anything.
 */
export function mcpEndpoint(guard: Guard): RequestHandler[] {
  const guards = new Map(Object.entries(TOOLS).map(([tool, scope]) => [tool, guard(...scope)]));
  const every = guard(...new Set(Object.values(TOOLS).flat()));
  const basic = guard('read');
  const serve = toNodeHandler(createMcpHandler(createAgenda));

  /** One guard for a request, so that its refusal names everything that the request needs. */
  const guardOf = (body: unknown): RequestHandler => {
    // Older clients may send several messages at once.
    if (Array.isArray(body)) return every;
    const { method, params } = (body ?? {}) as { method?: unknown; params?: { name?: unknown } };
    const tool = method === 'tools/call' ? params?.name : undefined;
    return guards.get(String(tool)) ?? basic;
  };

  return [
    readMessage,
    (req, res, next) => guardOf(req.body)(req, res, next),
    (req, res) => {
      const { token } = res.locals['oauth'];
      const { accessToken, user, client, scope } = token;
      const owner = user.id === undefined ? `client:${client.id}` : `person:${user.id}`;
      const auth = { token: accessToken, clientId: client.id, scopes: scope, extra: { owner } };
      return serve(Object.assign(req, { auth }), res, req.body);
    },
  ];
}
