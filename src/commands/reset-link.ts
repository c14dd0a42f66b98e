// express-authorization-server user reset-link: a new password for somebody who has forgotten theirs.

import type { Command } from 'commander';
import { RESET_LINK_LIFETIME } from '../protocol/bounds.ts';
import { ofUser } from './changing.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { numberWithin } from './numbers.ts';
import { atDatabase, type Operator } from './operator.ts';
import { type Format, harmless, writeDone } from './output.ts';
import { userMeant } from './user-records.ts';

export function resetLinkCommand(user: Command, operator: Operator): void {
  examples(
    user
      .command('reset-link')
      .description('print a link by which somebody sets a new password; it works once')
      .argument('<user>', 'id or username')
      .option(
        '--ttl <seconds>',
        'how long it works: from 60 to 604800, a week',
        numberWithin(RESET_LINK_LIFETIME),
        3600,
      ),
    'user reset-link alice',
    'user reset-link alice --ttl 86400',
  ).action((typed: string, { ttl, ...format }: Format & { ttl: number }) =>
    atDatabase(operator, async ({ store, users, changing }) => {
      const { id, username } = await userMeant({ store }, typed);
      const link = await changing(ofUser(id), () => users.createResetLink(id, { ttl }));
      if (link === undefined) throw new CommandError(`The user ${typed} was removed meanwhile.`);
      const until = new Date(link.expiresAt).toISOString();
      const { terminal } = operator;
      if (!format.json) {
        const whose = harmless(username);
        terminal.tell(`It sets the password of ${whose}. It works once, until ${until}:`);
      }
      await writeDone(terminal, link.url, { id, url: link.url, expires_at: until }, format);
    }),
  );
}
