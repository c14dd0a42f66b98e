// Taking back what people have allowed clients, as each person can at /account.

import { allOf } from '../store/pages.ts';
import type { Changed } from './changing.ts';
import { showClient } from './client-records.ts';
import { assertMeant } from './confirm.ts';
import { CommandError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Operator, Workplace } from './operator.ts';
import { type Format, writeDone } from './output.ts';
import { userMeant } from './user-records.ts';

/** Of whom, and of which client; without one of them, of all there are. */
export interface Filter {
  readonly user?: string | undefined;
  readonly client?: string | undefined;
}

interface Pair {
  readonly userId: string;
  readonly clientId: string;
}

/**
 * Takes back all that a user has allowed a client, a user has allowed any, or anybody has allowed a client.
 *
 * @throws CommandError if there is nothing to take back
 */
export async function takeBack(
  operator: Operator,
  workplace: Workplace,
  { user, client, yes, json }: Filter & Format & { readonly yes?: boolean },
): Promise<void> {
  const { store } = workplace;
  const whose = user === undefined ? undefined : await userMeant(workplace, user);
  if (whose === undefined) await showClient(store, client!);
  const [who, whom] = [whose?.username ?? 'anybody', client ?? 'any client'];
  await assertMeant(operator, `Take back all that ${who} has allowed ${whom}?`, { yes });
  const taken: Pair[] = [];
  let failure: { readonly error: unknown } | undefined;
  await workplace.changing(
    () => changedOf(whose?.id, client, taken),
    async () => {
      try {
        for await (const pair of pairsOf(workplace, whose?.id, client)) {
          if (await isWithdrawn(workplace, pair)) taken.push(pair);
        }
      } catch (error) {
        // What has ended by now is an operator's doing like the rest, and is told as that.
        failure = { error };
      }
      return taken.length > 0;
    },
  );
  if (failure !== undefined) throw failure.error;
  if (taken.length === 0) throw await nothingOf(workplace, who, whose?.id, client);
  const { users, clients } = countsOf(taken);
  await writeDone(
    operator.terminal,
    sentenceOf(who, { user, client }, { users, clients }),
    {
      ...(whose !== undefined && { user: whose.id }),
      ...(client !== undefined && { client_id: client }),
      revoked: true,
      users,
      clients,
    },
    { json },
  );
}

function sentenceOf(who: string, { user, client }: Filter, { users, clients }: Counts): string {
  if (user !== undefined && client !== undefined) {
    return `${client} can no longer do anything for ${who}.`;
  }
  return client === undefined
    ? `No app can do anything for ${who} any more: ${clients} could.`
    : `${client} can no longer do anything for anybody: it could for ${users}.`;
}

function changedOf(
  userId: string | undefined,
  clientId: string | undefined,
  taken: readonly Pair[],
): Changed {
  const subject = userId ?? clientId;
  return {
    ...(subject !== undefined && { subject }),
    ...(userId !== undefined && { userId }),
    ...(clientId !== undefined && { clientId }),
    counts: countsOf(taken),
  };
}

type Counts = Readonly<Record<'users' | 'clients', number>>;

function countsOf(taken: readonly Pair[]): Counts {
  return {
    users: new Set(taken.map(({ userId }) => userId)).size,
    clients: new Set(taken.map(({ clientId }) => clientId)).size,
  };
}

async function* pairsOf(
  { store: { administration } }: Workplace,
  userId: string | undefined,
  clientId: string | undefined,
): AsyncGenerator<Pair> {
  const now = Date.now();
  const itself = (id: string) => id;
  if (userId !== undefined && clientId !== undefined) {
    yield { userId, clientId };
  } else if (userId !== undefined) {
    const all = allOf((page) => administration.listClientsOf(userId, page, now), itself);
    for await (const one of all) yield { userId, clientId: one };
  } else if (clientId !== undefined) {
    const all = allOf((page) => administration.listUsersOf(clientId, page, now), itself);
    for await (const one of all) yield { userId: one, clientId };
  }
}

async function isWithdrawn({ store, context, events }: Workplace, pair: Pair): Promise<boolean> {
  const { userId, clientId } = pair;
  const { answer } = await context.sessionEnds.around(pair, () =>
    store.consents.withdraw(userId, clientId),
  );
  if (answer) events.emit('consent_withdrawn', { userId, clientId });
  return answer;
}

async function nothingOf(
  { store }: Workplace,
  who: string,
  userId: string | undefined,
  clientId: string | undefined,
): Promise<CommandError> {
  if (userId === undefined) return new CommandError(`Nobody has allowed ${clientId} anything.`);
  if (clientId === undefined) return new CommandError(`${who} has allowed no client anything.`);
  const allowed = await store.consents.listByUser(userId);
  const near = await didYouMean(
    clientId,
    allowed.map((one) => one.clientId),
  );
  return new CommandError(`${who} has allowed nothing to a client ${clientId}.${near}`);
}
