// An API with appointments: who may call it, and what it answers.

import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import {
  type RequireTokenOptions,
  requireToken,
  resourceMetadata,
  tokenOf,
} from '../../src/resource-server/index.ts';
import { appointmentsOf, book, readAppointment } from './appointments.ts';

/** @param api the API and its authorization server, and for introspection the API's secret there */
export function createApi(api: RequireTokenOptions): Express {
  const app = express();
  app.disable('x-powered-by');

  // #region metadata
  const { issuer, resource } = api;
  app.use(resourceMetadata({ issuer, resource, scope: 'read write' }));
  // #endregion

  // #region routes
  app.get('/api/appointments', requireToken({ ...api, scope: 'read' }), (_req, res) => {
    res.json({ appointments: appointmentsOf(ownerOf(res)) });
  });

  const mayBook = requireToken({ ...api, scope: ['read', 'write'] });
  app.post('/api/appointments', mayBook, express.json(), (req, res) => {
    const appointment = readAppointment(req.body);
    if (appointment === undefined) return res.status(400).json({ error: 'invalid_appointment' });
    book(ownerOf(res), appointment);
    return res.status(201).json(appointment);
  });
  // #endregion

  app.use((_req, res) => {
    res.status(404).json({ error: 'not_found' });
  });

  const onError: ErrorRequestHandler = (error, _req, res, next) => {
    if (res.headersSent) return next(error);
    // The client is at fault for a body that express.json() cannot read, and for nothing else.
    if (error.expose) return res.status(error.status).json({ error: 'invalid_body' });
    process.stderr.write(`${error.stack}\n`);
    return res.status(500).json({ error: 'server_error' });
  };
  app.use(onError);

  return app;
}

// #region owner
// Not the id alone: a person and a client may have the same name, and share nothing.
function ownerOf(res: Response): string {
  const { user, client } = tokenOf(res);
  return user.id === undefined ? `client:${client.id}` : `person:${user.id}`;
}
// #endregion
