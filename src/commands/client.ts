// express-authorization-server client ...

import type { Command } from 'commander';
import type { Env } from '../program/variables.ts';
import { atDatabase } from './operator.ts';
import { writeList } from './output.ts';
import { allOf } from './pages.ts';

export function clientCommands(program: Command, env: Env): void {
  const client = program.command('client').description('Clients: the apps that ask for tokens');

  client
    .command('list')
    .description('List all clients')
    .option('--json', 'as an array of JSON')
    .action((options: { json?: boolean }) =>
      atDatabase(env, async ({ store }) => {
        const { administration } = store;
        const records = allOf(
          (page) => administration.listClients(page),
          ({ id }) => id,
        );
        await writeList(shown(records), ['id', 'name', 'source'], options);
      }),
    );
}

async function* shown(
  records: AsyncIterable<{ id: string; name: string; source?: string | undefined }>,
) {
  for await (const { id, name, source = 'code' } of records) yield { id, name, source };
}
