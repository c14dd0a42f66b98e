// express-authorization-server client ...

import { type Command, Option } from 'commander';
import { sources } from '../protocol/sources.ts';
import { ofClient } from './changing.ts';
import { createClient, updateClient } from './client-changes.ts';
import { missingClient, rowsOf, showClient } from './client-records.ts';
import { registrationCommands } from './client-registration.ts';
import { assertMeant, YES } from './confirm.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator } from './operator.ts';
import { type Format, writeDone, writeList, writeRecord } from './output.ts';

export function clientCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const client = program.command('client').description('the apps that ask for tokens');

  createClient(client.command('create'), operator);

  examples(
    client
      .command('list')
      .description('list clients, in order of their ids')
      .option('--search <text>', 'only those with this in their id, name or redirect URIs')
      .addOption(
        new Option('--source <source>', 'only those that came from there').choices(
          sources.toSorted(),
        ),
      ),
    'client list',
    'client list --source registration --json',
  ).action((options: Format & { search?: string; source?: string }) =>
    atDatabase(operator, ({ store }) =>
      writeList(
        terminal,
        rowsOf(store, options),
        ['client_id', 'client_name', 'source', 'grant_types'],
        options,
      ),
    ),
  );

  examples(
    client
      .command('show')
      .description('show everything about a client except its secrets')
      .argument('<id>'),
    'client show agenda',
  ).action((id: string, options: Format) =>
    atDatabase(operator, async ({ store }) =>
      writeRecord(terminal, await showClient(store, id), options),
    ),
  );

  updateClient(client.command('update'), operator);

  examples(
    client
      .command('delete')
      .description('remove a client, with all that people have allowed it, and its tokens')
      .argument('<id>')
      .option(...YES),
    'client delete agenda --yes',
  ).action((id: string, options: Format & { yes?: boolean }) =>
    atDatabase(operator, async ({ clients, store, changing }) => {
      await showClient(store, id);
      await assertMeant(
        operator,
        `Remove the client ${id}, what people have allowed it, and its tokens?`,
        options,
      );
      const isRemoved = await changing(ofClient(id), () => clients.remove(id));
      if (!isRemoved) throw await missingClient(store, id);
      await writeDone(
        terminal,
        `The client ${id} is removed, with its tokens.`,
        { client_id: id, removed: true },
        options,
      );
    }),
  );

  secretCommands(client, operator);
  registrationCommands(client, operator);
}

function secretCommands(client: Command, operator: Operator): void {
  const { terminal } = operator;

  examples(
    client
      .command('rotate-secret')
      .description('make a new secret; the one before stays in force until client drop-secret')
      .argument('<id>')
      .option(
        '--drop-old',
        'end the secrets before it at once, as if one has leaked; tokens go on',
      ),
    'client rotate-secret agenda',
  ).action((id: string, { dropOld = false, ...options }: Format & { dropOld?: boolean }) =>
    atDatabase(operator, async ({ clients, store, changing }) => {
      const changed = await changing({ ...ofClient(id), fields: ['client_secret'] }, () =>
        clients.rotateSecret(id, { dropOld }),
      );
      if (changed === undefined) throw await missingClient(store, id);
      const { client_secret } = changed;
      await writeRecord(terminal, { client_id: id, client_secret }, options);
      terminal.tell(
        dropOld
          ? `The secret is shown this once. Those before it have ended. Tokens that were issued go on. To end them: token revoke --client ${id} (what it has for itself), grant revoke --client ${id} (what people have allowed it)`
          : `The secret is shown this once. The one before stays in force until: client drop-secret ${id}`,
      );
    }),
  );

  examples(
    client
      .command('drop-secret')
      .description('end the old secret of a client that has a newer one')
      .argument('<id>'),
    'client drop-secret agenda',
  ).action((id: string, options: Format) =>
    atDatabase(operator, async ({ clients, store, changing }) => {
      const dropped = await changing({ ...ofClient(id), fields: ['client_secret'] }, () =>
        clients.dropOldSecret(id),
      );
      if (dropped === undefined) throw await missingClient(store, id);
      await writeDone(
        terminal,
        dropped
          ? `The old secret of the client ${id} has ended.`
          : `The client ${id} has one secret, which stays in force.`,
        { client_id: id, dropped },
        options,
      );
    }),
  );
}
