// express-authorization-server grant ...: what apps may do at the moment for whom.

import type { Command } from 'commander';
import { allOf } from '../store/pages.ts';
import type { Grant } from '../types.ts';
import { showClient } from './client-records.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError, UsageError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';
import { userMeant } from './user-records.ts';
import { withUsernames } from './usernames.ts';
import { type Filter, takeBack } from './withdrawal.ts';

export function grantCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const grant = program
    .command('grant')
    .description('what people have allowed apps, as long as it is in force');

  examples(
    grant
      .command('list')
      .description('list the grants in force')
      .option('--user <user>', 'only those of a user: id or username')
      .option('--client <id>', 'only those of a client'),
    'grant list --user alice',
  ).action((options: Format & Filter) =>
    atDatabase(operator, async (workplace) =>
      writeList(
        terminal,
        withUsernames(workplace.store, await grantRows(workplace, options)),
        [
          'id',
          'username',
          'user',
          'client_id',
          'scope',
          'created_at',
          'last_used_at',
          'expires_at',
        ],
        options,
      ),
    ),
  );

  examples(
    grant
      .command('revoke')
      .description('end a grant with its tokens, or all of a user, of a client, or of both')
      .argument('[id]', 'of a grant, as grant list has it')
      .option('--user <user>', 'whose: id or username; the same as consent revoke')
      .option('--client <id>', 'of this client: it is told, and what was allowed is forgotten')
      .option(...YES),
    'grant revoke 6lTzHWBwKX7qhG2s5mPMzg --yes',
    'grant revoke --user alice --client agenda --yes',
    'grant revoke --client agenda --yes',
  ).action((id: string | undefined, options: Format & Filter & { yes?: boolean }) =>
    atDatabase(operator, (workplace) => revoke(operator, workplace, id, options)),
  );
}

async function grantRows(workplace: Workplace, { user, client }: Filter) {
  const { store } = workplace;
  const now = Date.now();
  if (client !== undefined) await showClient(store, client);
  const ofUser = user === undefined ? undefined : await userMeant(workplace, user);
  const all =
    ofUser === undefined
      ? allOf(
          (page) => store.administration.listGrants(page, now),
          ({ id }) => id,
        )
      : await store.grants.listByUser(ofUser.id, now);
  return rowsOf(all, client);
}

async function* rowsOf(grants: AsyncIterable<Grant> | Iterable<Grant>, client?: string) {
  for await (const grant of grants) {
    if (client !== undefined && grant.clientId !== client) continue;
    const { id, userId, clientId, scope, resource, createdAt, lastUsedAt, expiresAt } = grant;
    yield {
      id,
      user: userId,
      client_id: clientId,
      scope: scope.join(' '),
      ...(resource.length > 0 && { resource }),
      created_at: new Date(createdAt),
      ...(lastUsedAt !== undefined && { last_used_at: new Date(lastUsedAt) }),
      expires_at: new Date(expiresAt),
    };
  }
}

async function revoke(
  operator: Operator,
  workplace: Workplace,
  id: string | undefined,
  { user, client, ...options }: Format & Filter & { yes?: boolean },
): Promise<void> {
  const isOne = id !== undefined;
  if (isOne === (user !== undefined || client !== undefined)) {
    throw new UsageError('Name a grant by its id, or say of whom: --user, --client, or both.');
  }
  if (!isOne) {
    return takeBack(operator, workplace, { user, client, ...options });
  }
  await revokeOne(operator, workplace, id, options);
}

async function revokeOne(
  operator: Operator,
  { store, changing }: Workplace,
  id: string,
  options: Format & { yes?: boolean },
): Promise<void> {
  await assertMeant(operator, `End the grant ${id} with its tokens?`, options);
  const grant = await store.grants.find(id, Date.now());
  const whose = grant && { userId: grant.userId, clientId: grant.clientId };
  const isEnded = await changing({ subject: id, ...whose }, () => store.grants.end(id));
  if (!isEnded) throw new CommandError(`There is no grant ${id} in force.`);
  const isRemembered =
    whose !== undefined &&
    (await store.consents.listByUser(whose.userId)).some((one) => one.clientId === whose.clientId);
  const { userId = '', clientId = '' } = whose ?? {};
  const user = (await store.users.find(userId))?.username ?? userId;
  await writeDone(
    operator.terminal,
    isRemembered
      ? `The grant ${id} has ended. What ${user} has allowed ${clientId} is remembered, so it can get another one without asking. To take that back: consent revoke --user ${user} --client ${clientId}`
      : `The grant ${id} has ended.`,
    { id, revoked: true, consent_remembered: isRemembered },
    options,
  );
}
