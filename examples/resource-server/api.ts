// An API with appointments: who may call it, and what it answers. How it finds out what a token is
// worth is in jwks.ts and introspection.ts, the two ways that main.ts chooses from.

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { appointmentsOf, book, readAppointment } from './appointments.ts';

/** What the API wants to know of a token. */
export interface Token {
  /** The person's id; the client's where it acts for itself. */
  readonly sub: string;
  readonly client_id: string;
  /** Words separated by spaces. */
  readonly scope: string;
}

/** Answers with the token if it is in force and for this API, and with nothing if it is not. */
export type Check = (token: string) => Promise<Token | undefined>;

export interface ApiOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly check: Check;
}

export function createApi({ issuer, resource, check }: ApiOptions): Express {
  const app = express();
  app.disable('x-powered-by');

  // #region metadata
  const { origin, pathname } = new URL(resource);
  const metadataPath = `/.well-known/oauth-protected-resource${pathname}`;

  app.get(metadataPath, (_req, res) => {
    res.json({
      resource,
      authorization_servers: [issuer],
      scopes_supported: ['read', 'write'],
      bearer_methods_supported: ['header'],
    });
  });
  // #endregion

  // #region require-token
  const requireToken = (...needed: string[]): RequestHandler => {
    const challenge = `scope="${needed.join(' ')}", resource_metadata="${origin}${metadataPath}"`;
    return async (req, res, next) => {
      const [, value] = /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '') ?? [];
      if (value === undefined) {
        return res.status(401).set('WWW-Authenticate', `Bearer ${challenge}`).end();
      }
      const token = await check(value);
      const scope = token?.scope.split(' ') ?? [];
      if (token !== undefined && needed.every((word) => scope.includes(word))) {
        res.locals['token'] = token;
        return next();
      }
      const [status, error] = token ? [403, 'insufficient_scope'] : [401, 'invalid_token'];
      res.set('WWW-Authenticate', `Bearer error="${error}", ${challenge}`);
      return res.status(status).json({ error });
    };
  };
  // #endregion

  // #region owner
  // Not `sub` alone: a person and a client may have the same name, and share nothing.
  const ownerOf = ({ sub, client_id }: Token) =>
    sub === client_id ? `client:${client_id}` : `person:${sub}`;
  // #endregion

  // #region routes
  app.get('/api/appointments', requireToken('read'), (_req, res) => {
    res.json({ appointments: appointmentsOf(ownerOf(res.locals['token'])) });
  });

  app.post('/api/appointments', requireToken('read', 'write'), express.json(), (req, res) => {
    const appointment = readAppointment(req.body);
    if (appointment === undefined) return res.status(400).json({ error: 'invalid_appointment' });
    book(ownerOf(res.locals['token']), appointment);
    return res.status(201).json(appointment);
  });
  // #endregion

  app.use((_req, res) => {
    res.status(404).json({ error: 'not_found' });
  });

  // #region on-error
  const onError: ErrorRequestHandler = (error, _req, res, next) => {
    if (res.headersSent) return next(error);
    // The client is at fault for a body that express.json() cannot read, and for nothing else.
    if (error.expose) return res.status(error.status).json({ error: 'invalid_body' });
    process.stderr.write(`${error.cause?.code ?? ''} ${error.stack}\n`);
    return res.status(503).json({ error: 'temporarily_unavailable' });
  };
  app.use(onError);
  // #endregion

  return app;
}
