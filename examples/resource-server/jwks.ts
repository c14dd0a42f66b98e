// Verifying tokens with the keys that the authorization server publishes (RFC 9068).

import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Check, Token } from './api.ts';

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
        requiredClaims: ['exp', 'sub', 'client_id', 'scope'],
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
