// express-authorization-server registration-token ...: initial access tokens (RFC 7591 section 1.2), by which
// somebody registers clients at the running server.

import type { Command } from 'commander';
import { ConfigError } from '../program/config.ts';
import { LIFETIME, REGISTRATION_USES } from '../protocol/bounds.ts';
import { sha256 } from '../protocol/secrets.ts';
import {
  type DecidedMetadata,
  INITIAL_ACCESS_TOKEN,
  type NewRegistrationToken,
} from '../registry/registration-tokens.ts';
import type { AdministrableStore, ListedTicket } from '../store/administration.ts';
import { allOf } from '../store/pages.ts';
import { clientFields } from './client-records.ts';
import { CommandError, UsageError } from './errors.ts';
import { readMetadata } from './fields.ts';
import { examples } from './help.ts';
import { didYouMean } from './nearest.ts';
import { numberWithin } from './numbers.ts';
import { atDatabase, type Operator, withSeed } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';

interface CreateOptions extends Format {
  readonly uses?: number;
  readonly ttl?: number;
  readonly metadata?: string;
}

export function registrationTokenCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const token = program
    .command('registration-token')
    .description('tokens by which somebody lets others register clients');

  examples(
    token
      .command('create')
      .description('make a token, and print it this once')
      .option(
        '--uses <count>',
        'how many clients can be registered by it; otherwise one',
        numberWithin(REGISTRATION_USES),
      )
      .option('--ttl <seconds>', 'how long it lasts; otherwise a day', numberWithin(LIFETIME))
      .option(
        '--metadata <json>',
        'what the clients get whatever they say: as JSON, the path of a file, or - for standard input',
      ),
    'registration-token create --uses 3 --ttl 86400',
  ).action((options: CreateOptions) =>
    withSeed(operator, async ({ registrationTokens, config, store, changing }) => {
      if (config.registration === 'off') {
        throw new ConfigError(
          'REGISTRATION is off. Set it to token or open to let clients register.',
        );
      }
      const wanted = await wantedOf(options, operator);
      const keyOf = (made: string) =>
        store.administration.keyOfTicket(INITIAL_ACCESS_TOKEN, sha256(made));
      const made = await changing(
        (token) => ({ subject: keyOf(token) }),
        () => create(registrationTokens, wanted),
      );
      await writeDone(terminal, made, { token: made, key: keyOf(made) }, options);
    }),
  );

  examples(
    token.command('list').description('list the tokens in force, each by its key'),
    'registration-token list',
  ).action((options: Format) =>
    atDatabase(operator, ({ store }) =>
      writeList(terminal, rowsOf(store), ['key', 'uses', 'expires_at', 'metadata'], options),
    ),
  );

  examples(
    token
      .command('revoke')
      .description('end a token, named by its key in the list')
      .argument('<key>'),
    'registration-token revoke oGmyJQ0Xzjb2rV1o6Xl0YbTq7Sg1R0Rz0pQd0cJ3V0k',
  ).action((key: string, options: Format) =>
    atDatabase(operator, async ({ store, changing }) => {
      const { administration } = store;
      const isRevoked = await changing({ subject: key }, () =>
        administration.removeTicket(INITIAL_ACCESS_TOKEN, key),
      );
      if (!isRevoked) {
        throw new CommandError(
          `There is no registration token ${key}.${await didYouMean(key, keysOf(store))}`,
        );
      }
      await writeDone(
        terminal,
        'The registration token has ended.',
        { key, revoked: true },
        options,
      );
    }),
  );
}

async function wantedOf(
  { uses, ttl, metadata }: CreateOptions,
  operator: Operator,
): Promise<NewRegistrationToken> {
  const decided =
    metadata === undefined ? undefined : await readMetadata(metadata, clientFields(), operator);
  return {
    ...(uses !== undefined && { uses }),
    ...(ttl !== undefined && { ttl }),
    ...(decided !== undefined && { metadata: decided as DecidedMetadata }),
  };
}

/** @throws UsageError that says what is wrong with what is wanted */
async function create(
  tokens: { create(wanted: NewRegistrationToken): Promise<string> },
  wanted: NewRegistrationToken,
): Promise<string> {
  try {
    return await tokens.create(wanted);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

function ticketsOf({ administration }: AdministrableStore): AsyncGenerator<ListedTicket> {
  const now = Date.now();
  return allOf(
    (page) => administration.listTickets(INITIAL_ACCESS_TOKEN, page, now),
    ({ key }) => key,
  );
}

async function* rowsOf(store: AdministrableStore) {
  for await (const { key, payload, expiresAt } of ticketsOf(store)) {
    const { uses, metadata } = payload;
    yield { key, uses, expires_at: new Date(expiresAt), metadata };
  }
}

async function* keysOf(store: AdministrableStore) {
  for await (const { key } of ticketsOf(store)) yield key;
}
