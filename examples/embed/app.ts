// A bookshop with people, pages and a login of its own, which is also an authorization server: apps
// may ask its readers for access to their shelves.

import { scryptSync, timingSafeEqual } from 'node:crypto';
import express, { type Express, type Request } from 'express';
import session from 'express-session';
import {
  applySeed,
  authorizationServer,
  memoryStore,
  parseSeed,
  tokenOf,
} from '../../src/index.ts';

declare module 'express-session' {
  interface SessionData {
    reader: { username: string; signedInAt: number };
  }
}

/** The shop's own people, as its own database would have them. */
const READERS = new Map([
  [
    'maria',
    {
      id: 'reader-1',
      name: 'Maria Sibylla',
      email: 'maria@example.com',
      password: keep('caterpillar'),
    },
  ],
  ['ada', { id: 'reader-2', name: 'Ada', email: 'ada@example.com', password: keep('engine') }],
]);

const SHELVES: Record<string, string[]> = {
  'reader-1': ['Metamorphosis insectorum Surinamensium'],
  'reader-2': ['Sketch of the Analytical Engine'],
};

/** The apps that may ask, and what they may ask for. */
const SEED = {
  scopes: { read: 'See the books on your shelf', write: 'Put books on your shelf' },
  clients: [
    {
      client_id: 'reading-list',
      client_secret: 'a-secret-for-this-example',
      client_name: 'Reading List',
      redirect_uris: ['http://localhost:4003/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  ],
};

/**
 * The shop.
 *
 * @param issuer the URL that the authorization server in it is known by; its path is where it is
 *   mounted
 */
export async function createBookshop(issuer: string): Promise<Express> {
  const app = express();
  app.use(express.json(), express.urlencoded());
  app.use(
    session({
      name: 'bookshop',
      secret: 'a real shop keeps this out of its source',
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: issuer.startsWith('https:') },
    }),
  );

  const store = memoryStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));

  const oauth = authorizationServer({
    issuer,
    store,
    scopes: SEED.scopes,
    brand: 'Bookshop',
    authenticate: (req) => {
      const reader = readerOf(req);
      if (reader === undefined) return undefined;
      const { id, name, email, signedInAt } = reader;
      return { id, name, authTime: signedInAt, claims: { email, email_verified: true } };
    },
    loginUrl: '/login',
  });
  app.use(new URL(issuer).pathname, oauth.handler);

  app.get('/api/shelf', oauth.protect('read'), (_req, res) => {
    const { user } = tokenOf(res);
    res.json({ books: SHELVES[user.id ?? ''] ?? [] });
  });

  app.post('/api/shelf', oauth.protect('read', 'write'), (req, res) => {
    const shelf = SHELVES[tokenOf(res).user.id ?? ''];
    if (shelf === undefined) return res.status(404).json({ error: 'There is no such shelf.' });
    shelf.push(String(req.body.book));
    return res.status(201).json({ books: shelf });
  });

  app.get('/', (req, res) => {
    const reader = readerOf(req);
    res.send(page(reader ? `Good day, ${reader.name}.` : 'Welcome. <a href="/login">Sign in</a>'));
  });

  app.get('/login', (req, res) => {
    const back = ownPath(req.query['return_to']);
    // With `prompt` the server asks for a sign-in now, whoever was here before.
    if (readerOf(req) && req.query['prompt'] !== 'login') return res.redirect(303, back);
    return res.send(loginPage(back));
  });

  app.post('/login', (req, res, next) => {
    // A browser says when a form comes from somebody else's page.
    if ((req.get('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return res.sendStatus(403);
    const { username, password, return_to } = req.body ?? {};
    const reader = READERS.get(String(username));
    const given = keep(String(password));
    const back = ownPath(return_to);
    if (reader === undefined || !timingSafeEqual(reader.password, given)) {
      return res.status(400).send(loginPage(back, 'Incorrect name or password.'));
    }
    return req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.reader = { username: String(username), signedInAt: Date.now() };
      res.redirect(303, back);
    });
  });

  return app;
}

function readerOf(req: Request) {
  const signedIn = req.session.reader;
  const reader = signedIn && READERS.get(signedIn.username);
  return reader && { ...reader, ...signedIn };
}

/** What is kept of a password; a real shop has a salt for each. */
function keep(password: string): Buffer {
  return scryptSync(password, 'one salt for this example', 32);
}

/**
 * A path of this app to go back to, never a URL of somebody else's, and not longer than what a proxy
 * takes in a header: the server's own are of up to 2,500 characters.
 */
function ownPath(value: unknown): string {
  const isOwn = typeof value === 'string' && value.length <= 2500 && /^\/(?![/\\])/.test(value);
  return isOwn ? value : '/';
}

function loginPage(back: string, error = ''): string {
  return page(`<p role="alert">${error}</p>
    <form method="post" action="/login">
      <input type="hidden" name="return_to" value="${escapeHtml(back)}">
      <label>Name <input name="username" autocomplete="username"></label>
      <label>Password <input name="password" type="password" autocomplete="current-password"></label>
      <button>Sign in</button>
    </form>`);
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><title>Bookshop</title><h1>Bookshop</h1>${body}</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll('<', '&lt;');
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4002);
  const issuer = `http://localhost:${port}`;
  const app = await createBookshop(issuer);
  app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`The bookshop is open at ${issuer}\n`);
  });
}
