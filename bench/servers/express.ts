// The reference: the rows on Express as one writes them, with its body parser, its routes and its
// `res.json`. What it keeps, and the rules, are in maps.ts.

import express, { type NextFunction, type Request, type Response } from 'express';
import { authorizationPath, PATHS } from '../target.ts';
import {
  answerToken,
  authenticate,
  authorize,
  type Fields,
  introspect,
  OAuthError,
  readSecret,
  signIn,
} from './maps.ts';

const app = express();
app.disable('x-powered-by');
app.use(express.urlencoded());

app.use((_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
});

app.post(PATHS.token, async (req, res) => {
  const client = authenticate(req.headers.authorization);
  res.json(await answerToken(client, req.body ?? {}));
});

app.post(PATHS.introspect, (req, res) => {
  const client = authenticate(req.headers.authorization);
  res.json(introspect(client, req.body?.token));
});

app.get(PATHS.secret, (req, res) => {
  res.json(readSecret(req.headers.authorization));
});

app.get(PATHS.authorize, (req, res) => {
  res.redirect(authorize(req.query as Fields, req.headers.cookie));
});

app.get('/login', (req, res) => {
  const person = String(req.query['person']);
  res.set('Set-Cookie', signIn(person)).redirect(authorizationPath(person));
});

app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
  const isOAuth = error instanceof OAuthError;
  if (isOAuth && error.status === 401) {
    res.set('WWW-Authenticate', error.message === 'invalid_client' ? 'Basic' : 'Bearer');
  }
  res
    .status(isOAuth ? error.status : 500)
    .json({ error: isOAuth ? error.message : 'server_error' });
});

app.listen(Number(process.env['PORT']), '127.0.0.1');
