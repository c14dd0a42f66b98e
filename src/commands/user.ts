// express-authorization-server user ...

import { type Command, Option } from 'commander';
import { randomPasswordHash } from '../protocol/passwords.ts';
import { vouchingSources } from '../protocol/sources.ts';
import type { UserInput } from '../registry/user-entries.ts';
import type { UserChanges } from '../registry/user-registry.ts';
import { FROM_INPUT, type PasswordOptions, readPassword, tellWeakness } from './ask-password.ts';
import { ofUser } from './changing.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError } from './errors.ts';
import { assertOnce, readFields } from './fields.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator } from './operator.ts';
import { type Format, harmless, writeDone, writeList, writeRecord } from './output.ts';
import { resetLinkCommand } from './reset-link.ts';
import {
  assertUnmistakable,
  shownUser,
  type UserFilter,
  userFieldsWith,
  userMeant,
  userRows,
} from './user-records.ts';

const NEW = userFieldsWith(
  'give it on standard input, by --password-stdin',
  'give it on standard input, by --password-hash-stdin',
);
const CHANGED = userFieldsWith('change it by user set-password');

const OF_FIELDS = `
Fields are the claims of OpenID Connect, and groups:
  name="Alice Liddell" email=alice@example.com groups=staff groups=it`;

export function userCommands(program: Command, operator: Operator): void {
  const user = program.command('user').description('the people who sign in');
  createUser(user.command('create'), operator);
  listUsers(user, operator);
  updateUser(user.command('update'), operator);
  disableUser(user, operator);
  setPassword(user.command('set-password'), operator);
  resetLinkCommand(user, operator);
  deleteUser(user.command('delete'), operator);
}

interface NewUser {
  readonly name?: string;
  readonly email?: string;
  /** False if there is to be none. */
  readonly password: boolean;
}

function createUser(command: Command, operator: Operator): void {
  examples(
    command
      .description('register a user, whose password is asked for')
      .argument('<username>', 'what they sign in with')
      .argument('[field=value...]', 'what is known of them')
      .option('--name <name>', 'what people and apps read; otherwise the username')
      .option('--email <address>', 'their e-mail address')
      .addOption(FROM_INPUT[0]!)
      .addOption(FROM_INPUT[1]!)
      .option('--no-password', 'without one: user reset-link lets them set it')
      .addHelpText('after', OF_FIELDS),
    'user create alice --name "Alice Liddell" --email alice@example.com groups=staff',
    'user create bob --no-password',
  ).action((username: string, pairs: string[], options: Format & PasswordOptions & NewUser) =>
    atDatabase(operator, async ({ users, store, changing }) => {
      const { name, email } = options;
      const fields = await readFields(pairs, NEW);
      assertOnce({ username, name, email }, fields);
      await assertUnmistakable({ store }, { ...fields, username });
      const secret = options.password
        ? await readPassword(operator, options)
        : { password_hash: randomPasswordHash() };
      const named = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
      const given = { ...named, ...fields, username };
      const entry = { ...given, ...secret } as UserInput;
      const made = await changing(
        // A hash that stands for no password was given by nobody.
        ({ id }) => ofUser(id, { ...given, ...(options.password && secret) }),
        () => users.register(entry),
      );
      await writeRecord(operator.terminal, made, options);
      tellWeakness(operator, secret, [made.username, made.name, made.email]);
      if (options.password) return;
      operator.terminal.tell(
        `Nobody knows their password. They set one by: user reset-link ${harmless(made.username)}`,
      );
    }),
  );
}

function listUsers(user: Command, operator: Operator): void {
  const { terminal } = operator;
  examples(
    user
      .command('list')
      .description('list users, in order of their ids')
      .option('--search <text>', 'only those with this in their id, username, name or e-mail')
      .option('--disabled', 'only those who may not sign in')
      .addOption(
        new Option('--source <source>', 'only those that came from there').choices(
          vouchingSources.toSorted(),
        ),
      ),
    'user list --search alice',
    'user list --disabled --json',
  ).action((options: Format & UserFilter) =>
    atDatabase(operator, ({ store }) =>
      writeList(
        terminal,
        userRows(store, options),
        ['id', 'username', 'name', 'email', 'disabled', 'source'],
        options,
      ),
    ),
  );

  examples(
    user
      .command('show')
      .description('show everything about a user except the password')
      .argument('<user>', 'id or username'),
    'user show alice',
  ).action((named: string, options: Format) =>
    atDatabase(operator, async (workplace) => {
      const found = await userMeant(workplace, named);
      const known = (await workplace.users.find(found.id))!;
      await writeRecord(terminal, shownUser(known, found), options);
    }),
  );
}

function updateUser(command: Command, operator: Operator): void {
  examples(
    command
      .description('change fields of a user; all others stay as they are')
      .argument('<user>', 'id or username')
      .argument(
        '<field=value...>',
        'what is known of them from now on; with nothing after its =, a field is left out',
      )
      .addHelpText('after', OF_FIELDS),
    'user update alice email=alice@example.org',
    'user update alice groups=',
  ).action((named: string, pairs: string[], options: Format) =>
    atDatabase(operator, async (workplace) => {
      const changes = (await readFields(pairs, CHANGED)) as UserChanges;
      const { id } = await userMeant(workplace, named);
      if (changes.username) await assertUnmistakable(workplace, { id, username: changes.username });
      const update = () => workplace.users.update(id, changes);
      const changed = await workplace.changing(ofUser(id, changes), update);
      if (changed === undefined) throw goneMeanwhile(id);
      await writeRecord(operator.terminal, changed, options);
    }),
  );
}

function disableUser(user: Command, operator: Operator): void {
  const words = {
    disable: {
      description: 'end the sessions and tokens of a user, who can no longer sign in',
      done: 'can no longer sign in; their sessions and tokens have ended',
    },
    enable: { description: 'let a user sign in again', done: 'can sign in again' },
  } as const;
  for (const verb of ['disable', 'enable'] as const) {
    examples(
      user.command(verb).description(words[verb].description).argument('<user>', 'id or username'),
      `user ${verb} alice`,
    ).action((named: string, options: Format) =>
      atDatabase(operator, async (workplace) => {
        const { id, username } = await userMeant(workplace, named);
        const disabled = verb === 'disable';
        const update = () => workplace.users.update(id, { disabled });
        const changed = await workplace.changing(ofUser(id), update);
        if (changed === undefined) throw goneMeanwhile(id);
        await writeDone(
          operator.terminal,
          `The user ${username} ${words[verb].done}.`,
          { id, disabled },
          options,
        );
      }),
    );
  }
}

function setPassword(command: Command, operator: Operator): void {
  examples(
    command
      .description('set a new password for a user, which is asked for; their sessions end')
      .argument('<user>', 'id or username')
      .addOption(FROM_INPUT[0]!)
      .addOption(FROM_INPUT[1]!),
    'user set-password alice',
  ).action((named: string, options: Format & PasswordOptions) =>
    atDatabase(operator, async (workplace) => {
      const { id, username, name, email } = await userMeant(workplace, named);
      const secret = await readPassword(operator, options);
      const set = () => workplace.users.update(id, secret);
      const changed = await workplace.changing(ofUser(id, secret), set);
      if (changed === undefined) throw goneMeanwhile(id);
      await writeDone(
        operator.terminal,
        `The user ${username} has a new password, and is signed out everywhere.`,
        { id, password_set: true },
        options,
      );
      tellWeakness(operator, secret, [username, name, email]);
    }),
  );
}

function deleteUser(command: Command, operator: Operator): void {
  examples(
    command
      .description('remove a user, with their sessions, what they have allowed, and every token')
      .argument('<user>', 'id or username')
      .option(...YES),
    'user delete alice --yes',
  ).action((named: string, options: Format & { yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      const { id, username } = await userMeant(workplace, named);
      await assertMeant(
        operator,
        `Remove the user ${username} (${id}) and all that is theirs?`,
        options,
      );
      const isRemoved = await workplace.changing(ofUser(id), () => workplace.users.remove(id));
      if (!isRemoved) throw goneMeanwhile(id);
      await writeDone(
        operator.terminal,
        `The user ${username} is removed, with all that was theirs.`,
        { id, removed: true },
        options,
      );
    }),
  );
}

function goneMeanwhile(id: string): CommandError {
  return new CommandError(`There is no user ${id} any more.`);
}
