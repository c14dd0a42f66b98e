// express-authorization-server session ...: in which browsers people are signed in.

import type { Command } from 'commander';
import { sidOf } from '../sign-in/session-data.ts';
import { allOf } from '../store/pages.ts';
import type { Session } from '../store/store-sessions.ts';
import { ofUser } from './changing.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError, UsageError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';
import { userMeant } from './user-records.ts';
import { withUsernames } from './usernames.ts';

type Listed = Session & { readonly hash: string };

/**
 * What stands for a session: the beginning of its hash, of which nobody can make a cookie. Not in base64url,
 * where it could begin like an option.
 */
const idOf = ({ hash }: Listed) => Buffer.from(hash, 'base64url').toString('hex').slice(0, 16);

export function sessionCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const session = program.command('session').description('in which browsers people are signed in');

  examples(
    session
      .command('list')
      .description('list the sessions in force')
      .option('--user <user>', 'only those of a user: id or username'),
    'session list --user alice',
  ).action((options: Format & { user?: string }) =>
    atDatabase(operator, async (workplace) =>
      writeList(
        terminal,
        withUsernames(workplace.store, rowsOf(await sessionsOf(workplace, options.user))),
        ['id', 'username', 'user', 'signed_in_at', 'seen_at', 'expires_at', 'user_agent'],
        options,
      ),
    ),
  );

  examples(
    session
      .command('end')
      .description('sign a person out of one browser, or of all; apps are told')
      .argument('[id]', 'of a session, as session list has it')
      .option('--user <user>', 'all of a user: id or username')
      .option(...YES),
    'session end 5d41402abc4b2a76 --yes',
    'session end --user alice --yes',
  ).action((id: string | undefined, options: Format & { user?: string; yes?: boolean }) =>
    atDatabase(operator, (workplace) => end(operator, workplace, id, options)),
  );
}

async function sessionsOf(workplace: Workplace, user: string | undefined) {
  const { store } = workplace;
  const now = Date.now();
  if (user !== undefined) {
    return store.sessions.listByUser((await userMeant(workplace, user)).id, now);
  }
  return allOf(
    (page) => store.administration.listSessions(page, now),
    ({ hash }) => hash,
  );
}

async function* rowsOf(sessions: AsyncIterable<Listed> | Iterable<Listed>) {
  for await (const session of sessions) {
    const { userId = '', createdAt, seenAt, expiresAt, userAgent } = session;
    yield {
      id: idOf(session),
      user: userId,
      ...(createdAt !== undefined && { signed_in_at: new Date(createdAt) }),
      ...(seenAt !== undefined && { seen_at: new Date(seenAt) }),
      expires_at: new Date(expiresAt),
      user_agent: userAgent,
    };
  }
}

async function end(
  operator: Operator,
  workplace: Workplace,
  id: string | undefined,
  { user, yes, json }: Format & { user?: string; yes?: boolean },
): Promise<void> {
  const { store, changing, signOut } = workplace;
  if ((id === undefined) === (user === undefined)) {
    throw new UsageError('Name a session by its id, or a person by --user.');
  }
  if (user !== undefined) {
    const { id: userId } = await userMeant(workplace, user);
    await assertMeant(operator, `Sign ${user} out of every browser?`, { yes });
    let clients = 0;
    await changing(ofUser(userId), async () => {
      const sessions = await store.sessions.listByUser(userId, Date.now());
      ({ clients } = await signOut({ userId }));
      return sessions.length > 0 || clients > 0;
    });
    return writeDone(
      operator.terminal,
      `${user} is signed out of every browser, and of ${clients} ${clients === 1 ? 'app' : 'apps'}.`,
      { user: userId, signed_out: true, clients },
      { json },
    );
  }
  const session = await sessionMeant(workplace, id!);
  await assertMeant(operator, `Sign ${session.userId} out of that browser?`, { yes });
  if (
    !(await changing({ subject: id!, userId: session.userId }, () => endOne(workplace, session)))
  ) {
    throw new CommandError(`The session ${id} has ended by itself.`);
  }
  await writeDone(
    operator.terminal,
    `${session.userId} is signed out of that browser.`,
    { user: session.userId, signed_out: true },
    { json },
  );
}

/** @throws CommandError if no session has that id */
async function sessionMeant(
  workplace: Workplace,
  id: string,
): Promise<Listed & { readonly userId: string }> {
  for await (const session of await sessionsOf(workplace, undefined)) {
    const { userId } = session;
    if (userId !== undefined && idOf(session) === id) return { ...session, userId };
  }
  throw new CommandError(`There is no session ${id} in force.`);
}

async function endOne(
  { store, context, events }: Workplace,
  session: Listed & { readonly userId: string },
): Promise<boolean> {
  const { hash, userId } = session;
  const endIt = () => store.sessions.end(hash, userId, Date.now());
  const sid = sidOf(session);
  const isEnded =
    sid === undefined ? await endIt() : (await context.sessionEnds.around({ sid }, endIt)).answer;
  if (isEnded) events.emit('logout', { userId });
  return isEnded;
}
