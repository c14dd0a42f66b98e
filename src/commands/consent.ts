// express-authorization-server consent ...: what people have allowed apps, and the server remembers.

import type { Command } from 'commander';
import { keyOfConsent } from '../store/administration.ts';
import { allOf } from '../store/pages.ts';
import type { Consent } from '../types.ts';
import { showClient } from './client-records.ts';
import { YES } from './confirm.ts';
import { UsageError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeList } from './output.ts';
import { userMeant } from './user-records.ts';
import { withUsernames } from './usernames.ts';
import { type Filter, takeBack } from './withdrawal.ts';

export function consentCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const consent = program
    .command('consent')
    .description(
      'what people have allowed apps and are not asked again, whether or not it is in use',
    );

  examples(
    consent
      .command('list')
      .description('list who has allowed which app what, and when')
      .option('--user <user>', 'only what a user has allowed: id or username')
      .option('--client <id>', 'only what a client was allowed'),
    'consent list --client agenda',
  ).action((options: Format & Filter) =>
    atDatabase(operator, async (workplace) =>
      writeList(
        terminal,
        withUsernames(
          workplace.store,
          rowsOf(await consentsOf(workplace, options), options.client),
        ),
        ['username', 'user', 'client_id', 'scope', 'resource', 'created_at'],
        options,
      ),
    ),
  );

  examples(
    consent
      .command('revoke')
      .description('take back what people have allowed apps, as they can at /account: tokens end')
      .option('--user <user>', 'only what a user has allowed: id or username')
      .option('--client <id>', 'only what a client was allowed')
      .option(...YES),
    'consent revoke --user alice --client agenda --yes',
    'consent revoke --client agenda --yes',
  ).action((options: Format & Filter & { yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      if (options.user === undefined && options.client === undefined) {
        throw new UsageError('Say of whom: --user, --client, or both.');
      }
      await takeBack(operator, workplace, options);
    }),
  );
}

async function consentsOf(workplace: Workplace, { user, client }: Filter) {
  const { store } = workplace;
  if (client !== undefined) await showClient(store, client);
  if (user !== undefined) {
    return store.consents.listByUser((await userMeant(workplace, user)).id);
  }
  return allOf((page) => store.administration.listConsents(page), keyOfConsent);
}

async function* rowsOf(consents: AsyncIterable<Consent> | Iterable<Consent>, client?: string) {
  for await (const { userId, clientId, resource, scope, claims, createdAt } of consents) {
    if (client !== undefined && clientId !== client) continue;
    yield {
      user: userId,
      client_id: clientId,
      scope: scope.join(' '),
      ...(resource !== '' && { resource }),
      ...(claims !== undefined && { claims }),
      ...(createdAt !== undefined && { created_at: new Date(createdAt) }),
    };
  }
}
