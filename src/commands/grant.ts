// express-authorization-server grant ...: what apps may do at the moment for whom.

import type { Command } from 'commander';
import { allOf } from '../store/pages.ts';
import type { Grant } from '../types.ts';
import { showClient } from './client-records.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError, UsageError } from './errors.ts';
import { examples } from './help.ts';
import { didYouMean } from './nearest.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';
import { userMeant } from './user-records.ts';

interface Filter {
  readonly user?: string;
  readonly client?: string;
}

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
        await grantRows(workplace, options),
        ['id', 'user', 'client_id', 'scope', 'last_used_at', 'expires_at'],
        options,
      ),
    ),
  );

  examples(
    grant
      .command('revoke')
      .description('end a grant with its tokens, or all that a user has allowed a client')
      .argument('[id]', 'of a grant, as grant list has it')
      .option('--user <user>', 'whose: id or username')
      .option('--client <id>', 'of this client: it is told, and what was allowed is forgotten')
      .option(...YES),
    'grant revoke 6lTzHWBwKX7qhG2s5mPMzg --yes',
    'grant revoke --user alice --client agenda --yes',
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
  { user, client, yes, json }: Format & Filter & { yes?: boolean },
): Promise<void> {
  const { store, changing, context } = workplace;
  const isOne = id !== undefined && user === undefined && client === undefined;
  const isPair = id === undefined && user !== undefined && client !== undefined;
  if (!isOne && !isPair) {
    throw new UsageError('Name a grant by its id, or both --user and --client.');
  }
  const options = { json };
  if (isOne) {
    await assertMeant(operator, `End the grant ${id} with its tokens?`, { yes });
    if (!(await changing(id, () => store.grants.end(id)))) {
      throw new CommandError(`There is no grant ${id} in force.`);
    }
    return writeDone(
      operator.terminal,
      `The grant ${id} has ended.`,
      { id, revoked: true },
      options,
    );
  }
  const { id: userId } = await userMeant(workplace, user!);
  const clientId = client!;
  await assertMeant(operator, `Take back all that ${user} has allowed ${clientId}?`, { yes });
  const withdraw = async () => {
    const { answer } = await context.sessionEnds.around({ userId, clientId }, () =>
      store.consents.withdraw(userId, clientId),
    );
    return answer;
  };
  if (!(await changing(userId, withdraw))) {
    const allowed = await store.consents.listByUser(userId);
    const near = await didYouMean(
      clientId,
      allowed.map((one) => one.clientId),
    );
    throw new CommandError(`${user} has allowed nothing to a client ${clientId}.${near}`);
  }
  await writeDone(
    operator.terminal,
    `${clientId} can no longer do anything for ${user}.`,
    { user: userId, client_id: clientId, revoked: true },
    options,
  );
}
