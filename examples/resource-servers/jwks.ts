// The API with notes, which verifies tokens with the keys of the authorization server (RFC 9068).

import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { type Check, createNotesApi, type Token } from './notes-api.ts';

export interface KeySet {
  readonly issuer: string;
  readonly resource: string;
}

// #region by-key-set
export function byKeySet({ issuer, resource }: KeySet): Check {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));

  return async (token) => {
    try {
      const { payload } = await jwtVerify<Token>(token, keySet, {
        issuer,
        audience: resource,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['exp', 'sub', 'scope'],
      });
      return payload;
    } catch (error) {
      // That the keys could not be fetched is not the token's fault.
      const noKeys = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
      if (error instanceof errors.JOSEError && !noKeys.includes(error.code)) return undefined;
      throw error;
    }
  };
}
// #endregion

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4003);
  const issuer = process.env['ISSUER'] ?? 'http://localhost:4001';
  const resource = `http://localhost:${port}/notes`;
  const check = byKeySet({ issuer, resource });
  createNotesApi({ issuer, resource, check }).listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    process.stdout.write(`The notes are at ${resource}, their tokens verified by key\n`);
  });
}
