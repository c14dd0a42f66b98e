// express-authorization-server client ...: the tokens by which clients that registered themselves manage
// that.

import type { Command } from 'commander';
import { firstToken, replaceTokens } from '../registry/registration-access-tokens.ts';
import { registrationAnswer } from '../registry/registration-answers.ts';
import { allClients } from '../store/pages.ts';
import { type Changed, ofClient } from './changing.ts';
import { missingClient } from './client-records.ts';
import { assertMeant, YES } from './confirm.ts';
import { UsageError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeRecord } from './output.ts';

export function registrationCommands(client: Command, operator: Operator): void {
  const { terminal } = operator;

  examples(
    client
      .command('rotate-registration-access-token')
      .description('make a new token for a client to manage its registration, and end the old ones')
      .argument('<id>', 'a client that registered itself'),
    'client rotate-registration-access-token V1StGXR8Z5jdHi6BmyT0Qw',
  ).action((id: string, options: Format) =>
    atDatabase(operator, async ({ store, changing, context }) => {
      const { token, kept } = firstToken();
      const done = await changing(ofToken(id), async () => {
        const had = await replaceTokens(store, id, kept);
        return had === undefined ? undefined : { had };
      });
      if (done === undefined) throw await missingClient(store, id);
      const answer = { client_id: id, registration_access_token: token };
      await writeRecord(terminal, registrationAnswer(context.site.issuer, answer), options);
      terminal.tell('The token is shown this once. Those before it have ended.');
    }),
  );

  examples(
    client
      .command('drop-registration-access-token')
      .description('end the token of a client, which cannot manage its registration from then on')
      .argument('[id...]', 'clients that registered themselves')
      .option('--all', 'of every client, as if SESSION_SECRET has leaked')
      .option(...YES),
    'client drop-registration-access-token V1StGXR8Z5jdHi6BmyT0Qw',
    'client drop-registration-access-token --all --yes',
  ).action((named: string[], options: Format & { all?: boolean; yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      if ((options.all ?? false) === named.length > 0) {
        throw new UsageError('Name the clients, or say --all.');
      }
      const ids = options.all ? await idsOf(workplace) : [...new Set(named)];
      const whose = options.all ? 'every client' : ids.join(' and ');
      await assertMeant(operator, `End the registration access token of ${whose}?`, options);
      const dropped = await drop(workplace, ids, options.all ?? false);
      await writeDone(
        terminal,
        `${dropped.length} clients had a registration access token, which has ended.`,
        { dropped },
        options,
      );
    }),
  );
}

const ofToken = (id: string): Changed => ({
  ...ofClient(id),
  fields: ['registration_access_token'],
});

/** The clients that have such a token. */
async function idsOf({ store }: Workplace): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id, registrationAccessTokens } of allClients(store)) {
    if (registrationAccessTokens !== undefined) ids.push(id);
  }
  return ids;
}

/**
 * @param mayBeGone whether nobody has named the clients: one that was removed meanwhile is not a mistake
 * @returns the ids of those that had a token
 * @throws CommandError if there is no client with one of the ids
 */
async function drop(
  { store, changing }: Workplace,
  ids: readonly string[],
  mayBeGone: boolean,
): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const id of ids) {
    let isThere = false;
    const had = await changing(ofToken(id), async () => {
      const answer = await replaceTokens(store, id);
      isThere = answer !== undefined;
      return answer;
    });
    if (!isThere && !mayBeGone) throw await missingClient(store, id);
    if (had) dropped.push(id);
  }
  return dropped;
}
