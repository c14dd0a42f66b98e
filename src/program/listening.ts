// The port of the running server.

import type { IncomingMessage, Server } from 'node:http';
import type { Logger } from 'pino';
import { OperatorError } from '../operator-error.ts';
import type { Config } from './config.ts';

/** The server cannot listen; the message says what to do about it. */
class ListenError extends OperatorError {
  override readonly name = 'ListenError';
}

/**
 * @returns once the server listens where the settings say
 * @throws ListenError
 */
export function listen(server: Server, config: Pick<Config, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(config, error)));
    server.listen(config.port, config.host, resolve);
  });
}

/** Warns of settings that may be meant, but hardly in production. Each warning comes once. */
export function warnOfSettings(config: Config, server: Server, log: Logger): void {
  if (!config.production) return;
  if (config.databaseUrl === undefined) {
    log.warn('everything is kept in memory and gone after a restart: set DATABASE_URL');
  }
  if (config.trustProxy !== false) return;
  const look = ({ headers }: IncomingMessage) => {
    if (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined) return;
    server.off('request', look);
    log.warn(
      "a request came through a proxy, or says so, but TRUST_PROXY is off: if there is a proxy, set TRUST_PROXY; otherwise its address counts as everybody's",
    );
  };
  server.on('request', look);
}

/** Why the server cannot listen, and what to do about it. */
function cannotListen(
  { host, port }: Pick<Config, 'host' | 'port'>,
  error: NodeJS.ErrnoException,
): ListenError {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} on ${host} is in use, perhaps by another copy of this server. Stop that, or set PORT.`,
        cause,
      );
    case 'EACCES':
      return new ListenError(
        `Port ${port} is not for ordinary users. Set PORT to one above 1023.`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `${host} is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.`,
        cause,
      );
    default:
      return new ListenError(
        `The server cannot listen on ${host}:${port}: ${error.message}`,
        cause,
      );
  }
}
