// express-authorization-server client create, client update

import type { Command } from 'commander';
import type { ClientChanges, NewClient } from '../registry/client-registry.ts';
import { ofClient } from './changing.ts';
import { clientFields, missingClient, showClient } from './client-records.ts';
import { UsageError } from './errors.ts';
import { readFields, readMetadata } from './fields.ts';
import { examples } from './help.ts';
import { type Operator, withSeed } from './operator.ts';
import { type Format, writeRecord } from './output.ts';

interface CreateOptions extends Format {
  readonly id?: string;
  readonly name?: string;
  readonly redirectUri?: readonly string[];
  readonly scope?: string;
  readonly grant?: readonly string[];
  readonly public?: boolean;
  readonly metadata?: string;
}

/** The option, and what it means. */
const METADATA = [
  '--metadata <json>',
  'fields as an object of JSON: itself, the path of a file, or - for standard input',
] as const;

const FIELDS = [
  '[field=value...]',
  'any field of docs/seed.md; repeat it for a list, leave the value empty to reset it',
] as const;

/** For an option that may come several times. */
const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** All that was given, of which what is more particular stands over the rest. */
async function given(
  metadata: string | undefined,
  pairs: readonly string[],
  operator: Operator,
): Promise<Record<string, unknown>> {
  const fields = clientFields();
  return {
    ...(metadata !== undefined && (await readMetadata(metadata, fields, operator))),
    ...(await readFields(pairs, fields)),
  };
}

export function createClient(command: Command, operator: Operator): void {
  const { terminal } = operator;
  examples(
    command
      .description('register a client, and show its secret this once')
      .argument(...FIELDS)
      .option('--id <id>', 'the client_id; otherwise a random one')
      .option('--name <name>', 'what people read')
      .option('--redirect-uri <url>', 'where people come back to; may come several times', collect)
      .option('--scope <words>', 'what it may ask for, in quotes: "openid profile"; otherwise all')
      .option('--grant <type>', 'a grant type; may come several times', collect)
      .option('--public', 'it has no secret: an app in a browser, on a phone, on a desktop')
      .option(...METADATA),
    'client create --id agenda --name Agenda --redirect-uri https://agenda.example/callback',
    'client create --id report --grant client_credentials --scope read',
    'client create --metadata client.json',
  ).action((pairs: readonly string[], options: CreateOptions) =>
    withSeed(operator, async ({ clients, changing }) => {
      const typed = {
        client_id: options.id,
        client_name: options.name,
        redirect_uris: options.redirectUri,
        scope: options.scope,
        grant_types: options.grant,
        ...(options.public && { token_endpoint_auth_method: 'none' }),
      };
      const known = Object.entries(typed).filter(([, value]) => value !== undefined);
      const entry = {
        ...(await given(options.metadata, pairs, operator)),
        ...Object.fromEntries(known),
      };
      const made = await changing(
        ({ client_id }) => ofClient(client_id, entry),
        () => clients.register(entry as NewClient),
      );
      await writeRecord(terminal, made, options);
      if (made.client_secret !== undefined) {
        terminal.tell('The secret is shown this once: nobody can look it up again.');
      }
    }),
  );
}

export function updateClient(command: Command, operator: Operator): void {
  const { terminal } = operator;
  examples(
    command
      .description('change fields of a client; the rest stays as it is')
      .argument('<id>')
      .argument(...FIELDS)
      .option(...METADATA),
    'client update agenda client_name="My agenda" require_pkce=false',
    'client update agenda redirect_uris=https://a.example/cb redirect_uris=https://b.example/cb',
    'client update agenda logo_uri=',
  ).action((id: string, pairs: readonly string[], options: Format & { metadata?: string }) =>
    withSeed(operator, async ({ clients, store, changing }) => {
      const changes = await given(options.metadata, pairs, operator);
      if (Object.keys(changes).length === 0) {
        throw new UsageError(`There is nothing to change. An example: ${clientFields().example}`);
      }
      const changed = await changing(ofClient(id, changes), () =>
        clients.update(id, changes as ClientChanges),
      );
      if (changed === undefined) throw await missingClient(store, id);
      await writeRecord(terminal, await showClient(store, id), options);
    }),
  );
}
