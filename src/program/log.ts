// The log: what happened, as lines of JSON. No secret, no query of a URL.

import type { RequestListener } from 'node:http';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Events } from '../events.ts';
import type { LogLevel } from './config.ts';

/** @param stream that it is written to; standard output if it is left out */
export function createLog(level: LogLevel, stream: DestinationStream = toOutput()): Logger {
  // Otherwise the message is that of the error and of all its causes, run together.
  const serializers = { err: pino.stdSerializers.errWithCause };
  return pino({ level, base: null, serializers }, stream);
}

/** Milliseconds that a line waits at the most for others to be written with. */
const WAIT = 10;

/** Standard output. Lines are written together, because each write wakes another thread. */
function toOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false });
  let lines = '';
  const write = () => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.on('exit', () => {
    write();
    output.flushSync();
  });
  return {
    write(line) {
      if (lines === '') setTimeout(write, WAIT);
      lines += line;
    },
  };
}

/** What a client is sent in the ordinary course of things: the answers to `prompt=none`, and Cancel. */
const ORDINARY = ['login_required', 'consent_required', 'interaction_required', 'access_denied'];

/** Writes a line for every event: a warning if somebody may have to look at it. */
export function logEvents(log: Logger, events: Events): void {
  const info = [
    'login_succeeded',
    'logout',
    'logout_told',
    'consent_allowed',
    'consent_denied',
    'consent_withdrawn',
    'sessions_ended',
    'password_changed',
    'password_reset_link_created',
    'password_reset',
    'user_disabled',
    'user_enabled',
    'device_code_issued',
    'device_allowed',
    'device_denied',
    'token_issued',
    'token_revoked',
    'client_forgotten',
    'client_registered',
    'client_changed',
    'client_removed',
    'command_run',
    'error_answered',
  ] as const;
  const warn = [
    'login_failed',
    'login_limited',
    'password_refused',
    'user_code_refused',
    'device_limited',
    'client_limited',
    'registration_limited',
    'request_refused',
    'code_replayed',
    'refresh_token_reused',
    'record_refused',
  ] as const;
  // Any client may ask about any token, so it is no more than a hint to who sets an API up.
  events.on('introspection_refused', (details) => log.debug(details, 'introspection_refused'));
  for (const name of info) events.on(name, (details: object) => log.info(details, name));
  for (const name of warn) events.on(name, (details: object) => log.warn(details, name));
  events.on('authorization_refused', (details) =>
    log[ORDINARY.includes(details.error) ? 'debug' : 'warn'](details, 'authorization_refused'),
  );
  events.on('client_keys_failed', ({ clientId, error }) =>
    log.warn({ clientId, err: error }, 'client_keys_failed'),
  );
  events.on('client_url_failed', ({ clientId, field, error }) =>
    log.warn({ clientId, field, err: error }, 'client_url_failed'),
  );
  events.on('logout_failed', ({ error, ...details }) =>
    log.warn({ ...details, err: error }, 'logout_failed'),
  );
  // While a database is away, every request may end like this: one line a second says as much.
  let saidAt = Number.NEGATIVE_INFINITY;
  events.on('store_unavailable', ({ error }) => {
    if (performance.now() - saidAt < 1000) return;
    saidAt = performance.now();
    log.error({ err: error }, 'store_unavailable');
  });
  events.on('failure', ({ requestId, error }) => log.error({ requestId, err: error }, 'failure'));
}

/** A request listener that writes a line for every request, if the level is `debug` or below. */
export function logRequests(log: Logger, app: RequestListener): RequestListener {
  if (!log.isLevelEnabled('debug')) return app;
  return (req, res) => {
    const start = performance.now();
    const path = req.url?.split('?', 1)[0];
    res.on('finish', () => {
      const ms = Math.round(performance.now() - start);
      log.debug({ method: req.method, path, status: res.statusCode, ms }, 'request');
    });
    app(req, res);
  };
}
