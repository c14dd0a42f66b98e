// express-authorization-server user reset-link: a new password for somebody who has forgotten theirs.

import { type Command, InvalidArgumentError } from 'commander';
import { boundsProblem, RESET_LINK_LIFETIME } from '../protocol/bounds.ts';
import type { AdministrableStore } from '../store/administration.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { didYouMean } from './nearest.ts';
import { atDatabase, type Operator } from './operator.ts';
import { type Format, writeDone } from './output.ts';
import { allOf } from './pages.ts';

export function resetLinkCommand(program: Command, operator: Operator): void {
  const user =
    program.commands.find((command) => command.name() === 'user') ?? program.command('user');
  examples(
    user
      .command('reset-link')
      .description('print a link by which somebody sets a new password; it works once')
      .argument('<user>', 'id or username')
      .option('--ttl <seconds>', 'how long it works: from 60 to 604800, a week', ttlOf, 3600),
    'user reset-link alice',
    'user reset-link alice --ttl 86400',
  ).action((typed: string, { ttl, ...format }: Format & { ttl: number }) =>
    atDatabase(operator, async ({ store, users, changing }) => {
      const found = (await store.users.find(typed)) ?? (await store.users.findByUsername(typed));
      const { id } = found ?? { id: typed };
      const link = await changing(id, () => users.createResetLink(id, { ttl }));
      if (link === undefined) {
        const near = await didYouMean(typed, namesOf(store));
        throw new CommandError(`There is no user ${typed}.${near}`);
      }
      const until = new Date(link.expiresAt).toISOString();
      if (!format.json)
        operator.terminal.tell(
          `Whoever opens it sets the password of ${id}. It works once, until ${until}:`,
        );
      await writeDone(
        operator.terminal,
        link.url,
        { id, url: link.url, expires_at: until },
        format,
      );
    }),
  );
}

async function* namesOf({ administration }: AdministrableStore): AsyncGenerator<string> {
  const users = allOf(
    (page) => administration.listUsers(page),
    ({ id }) => id,
  );
  for await (const { id, username } of users) {
    yield id;
    yield username;
  }
}

function ttlOf(typed: string): number {
  const ttl = typed.trim() === '' ? Number.NaN : Number(typed);
  const problem = boundsProblem(ttl, RESET_LINK_LIFETIME);
  if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
  return ttl;
}
