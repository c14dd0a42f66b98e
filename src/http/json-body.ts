// The body of a request that is JSON, in whichever way it reaches us: read here, or by a parser of the app
// around us.

import express, { type Request, type Response } from 'express';
import { OAuthError } from '../errors.ts';
import { isBegun, nothingLeft } from './read-body.ts';
import { hasBodyOf } from './request-headers.ts';

const JSON_TYPE = 'application/json';

/** Bytes, as they arrive and unpacked. */
const MAX_BODY = 32 * 1024;

const readText = express.text({ type: JSON_TYPE, limit: MAX_BODY });

/**
 * Reads a body that is JSON.
 *
 * @returns what it says, of which nothing was checked
 * @throws OAuthError `invalid_client_metadata` if it is not JSON: it is read where metadata are sent
 * @throws Error if the app around us has read of it, and has left nothing
 */
export async function readJson(req: Request, res: Response): Promise<unknown> {
  if (!hasBodyOf(req, JSON_TYPE)) {
    throw new OAuthError(
      'invalid_client_metadata',
      `The metadata of the client are missing: send them as JSON, with Content-Type: ${JSON_TYPE}.`,
    );
  }
  const isRead = isBegun(req);
  if (isRead && (req.body ?? null) === null) throw nothingLeft('a request');
  // A parser of Express 4 puts an empty object there, also if it has read nothing.
  if (!isRead) {
    await new Promise<void>((resolve, reject) => {
      readText(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
  }
  const body: unknown = req.body;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new OAuthError('invalid_client_metadata', 'The body is not JSON.');
  }
}
