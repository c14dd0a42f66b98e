// An API with notes, in a process of its own: what it does with tokens, however they are checked.
// introspection.ts and jwks.ts give it the two ways of checking.

import express, { type Express, type RequestHandler } from 'express';

/** What the API wants to know of a token. */
export interface Token {
  /** Whose notes: a person, or a client that acts for itself. */
  readonly sub: string;
  /** Words separated by spaces. */
  readonly scope: string;
}

/** Answers with the token if it is in force and for this API, and with nothing if it is not. */
export type Check = (token: string) => Promise<Token | undefined>;

export interface NotesApiOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly check: Check;
}

export function createNotesApi({ issuer, resource, check }: NotesApiOptions): Express {
  const app = express();
  const notes = new Map<string, string[]>();

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

  // #region routes
  app.get('/notes', requireToken('read'), (_req, res) => {
    res.json({ notes: notes.get(res.locals['token'].sub) ?? [] });
  });

  app.post('/notes', requireToken('read', 'write'), express.text(), (req, res) => {
    const { sub } = res.locals['token'];
    notes.set(sub, [...(notes.get(sub) ?? []), req.body]);
    res.status(201).json({ notes: notes.get(sub) });
  });
  // #endregion

  return app;
}
