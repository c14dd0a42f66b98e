// SIGHUP: the seed file is read again, checked, and put into the store, and the server takes it over. If
// anything is wrong with it, nothing changes.

import type { Logger } from 'pino';
import { OperatorError } from '../operator-error.ts';
import { SchemaError, type Store, StoreUnavailable } from '../store/store.ts';
import type { Applied } from './apply-seed.ts';
import type { Config } from './config.ts';
import type { Seed } from './seed.ts';
import { prepareAgain } from './serve.ts';

/** The most lines of one kind. */
const MAX_LINES = 10;

/**
 * @param store that of the server; absent if this process has none open
 * @param takeOver is given what the file says once it is in the store
 */
export async function reread(
  config: Config,
  store: Store | undefined,
  log: Logger,
  takeOver: (seed: Seed) => Promise<void>,
): Promise<void> {
  const { seedFile } = config;
  if (seedFile === undefined) {
    log.info(
      'SIGHUP changes nothing: there is no seed file to be read again, and settings are read at the start',
    );
    return;
  }
  try {
    const { seed, applied } = await prepareAgain(config, store, log);
    logApplied(log, applied);
    await takeOver(seed);
    const counts = { clients: seed.clients.length, users: seed.users.length };
    log.info({ seedFile, ...counts }, 'the seed file was read again');
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const problems = error.message.split('\n');
    log.error({ seedFile, problems }, `the seed file was not taken over, ${whatToDo(error)}`);
  }
}

function whatToDo(error: OperatorError): string {
  if (error instanceof StoreUnavailable) {
    return 'because the database is away: send SIGHUP again once it is back';
  }
  if (error instanceof SchemaError) {
    return 'because the tables of the database do not fit this release: see to them, and send SIGHUP again';
  }
  return 'and nothing has changed: put it right, and send SIGHUP again';
}

/** Names what the seed file and the store do not agree about. */
export function logApplied(log: Logger, { leftAlone, unlisted }: Applied): void {
  const kinds = new Map<string, { level: 'info' | 'warn'; lines: object[] }>();
  const add = (level: 'info' | 'warn', what: string, line: object) => {
    const kind = kinds.get(what) ?? { level, lines: [] };
    kinds.set(what, kind);
    kind.lines.push(line);
  };
  const idOf = (kind: 'client' | 'user', id: string) => ({ [`${kind}Id`]: id });
  for (const { kind, id } of unlisted) {
    if (kind === 'client')
      add('warn', 'a client that is no longer in the seed file still works', idOf(kind, id));
    else add('warn', 'a user who is no longer in the seed file can still sign in', idOf(kind, id));
  }
  for (const { kind, id, fields } of leftAlone) {
    if (fields === undefined) {
      add(
        'warn',
        `a ${kind} of the seed file was removed, and stays away: "seed apply" brings it back`,
        idOf(kind, id),
      );
    } else if (kind === 'client') {
      add(
        'warn',
        'a client of the seed file was changed by a command, and stays so: "seed diff" says how',
        { ...idOf(kind, id), fields },
      );
    } else {
      // People change, and nobody has to look at it.
      add('info', 'a user is not as the seed file says, and stays so: "seed diff" says how', {
        ...idOf(kind, id),
        fields,
      });
    }
  }
  for (const [what, { level, lines }] of kinds) {
    for (const line of lines.slice(0, MAX_LINES)) log[level](line, what);
    if (lines.length > MAX_LINES) log[level]({ more: lines.length - MAX_LINES }, what);
  }
}
