// The stylesheet of all pages.

import { Router } from 'express';
import type { Room } from '../context.ts';

export function style(stylesheet: string): Room {
  const routes = Router();
  routes.get('/oauth/style.css', (_req, res) => {
    // Its URL changes with its content, so a browser need never ask again.
    res.set('Cache-Control', 'public, max-age=31536000, immutable');
    res.type('css').send(stylesheet);
  });
  return { routes, metadata: {} };
}
