// express-authorization-server client ...

import type { Command } from 'commander';
import { atDatabase, type Operator } from './operator.ts';
import { type Format, writeList } from './output.ts';
import { allOf } from './pages.ts';

export function clientCommands(program: Command, operator: Operator): void {
  const client = program.command('client').description('clients: the apps that ask for tokens');

  client
    .command('list')
    .description('list clients')
    .action((options: Format) =>
      atDatabase(operator, async ({ store }) => {
        const records = allOf(
          (page) => store.administration.listClients(page),
          ({ id }) => id,
        );
        await writeList(operator.terminal, shown(records), ['id', 'name', 'source'], options);
      }),
    );
}

async function* shown(
  records: AsyncIterable<{ id: string; name: string; source?: string | undefined }>,
) {
  for await (const { id, name, source = 'code' } of records) yield { id, name, source };
}
