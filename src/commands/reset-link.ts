// express-authorization-server user reset-link: a new password for somebody who has forgotten theirs.

import { type Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../operator-error.ts';
import type { Env } from '../program/variables.ts';
import { boundsProblem, RESET_LINK_LIFETIME } from '../protocol/bounds.ts';
import { atDatabase } from './operator.ts';
import { write, writeRecord } from './output.ts';

export function resetLinkCommand(program: Command, env: Env): void {
  const user =
    program.commands.find((command) => command.name() === 'user') ?? program.command('user');
  user
    .command('reset-link')
    .description('Print a link by which a user sets a new password; it works once')
    .argument('<user>', 'id or username')
    .option('--ttl <seconds>', 'how long it works, at most a week', ttlOf, 3600)
    .option('--json', 'as an object of JSON')
    .action((typed: string, { ttl, json }: { ttl: number; json?: boolean }) =>
      atDatabase(env, async ({ store, users }) => {
        const found = (await store.users.find(typed)) ?? (await store.users.findByUsername(typed));
        if (found === undefined) throw new OperatorError(`There is no user ${typed}.`);
        const { url, expiresAt } = (await users.createResetLink(found.id, { ttl }))!;
        const until = new Date(expiresAt).toISOString();
        if (json) return writeRecord({ id: found.id, url, expires_at: until }, { json });
        process.stderr.write(`A new password for ${found.username}, once, until ${until}:\n`);
        await write(`${url}\n`);
      }),
    );
}

function ttlOf(typed: string): number {
  const ttl = typed.trim() === '' ? Number.NaN : Number(typed);
  const problem = boundsProblem(ttl, RESET_LINK_LIFETIME);
  if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
  return ttl;
}
