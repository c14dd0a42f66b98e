// express-authorization-server key ...: what the server signs with.

import { type Command, Option } from 'commander';
import { type SigningAlgorithm, signingAlgorithms } from '../protocol/jwt.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';

/** How often it begins anew because somebody else has rotated the key. */
const ATTEMPTS = 5;

export function keyCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const key = program.command('key').description('the keys that the server signs with');

  examples(
    key.command('list').description('list the keys; their private parts stay encrypted'),
    'key list',
  ).action((options: Format) =>
    atDatabase(operator, async (workplace) =>
      writeList(
        terminal,
        await keyRows(workplace),
        ['kid', 'alg', 'signs', 'published', 'created_at'],
        options,
      ),
    ),
  );

  examples(
    key
      .command('rotate')
      .description('sign with another key from now on, in every process')
      .addOption(
        new Option('--alg <alg>', 'the algorithm; otherwise that of access tokens').choices([
          ...signingAlgorithms,
        ]),
      )
      .option('--revoke', 'for a key that has leaked: what it has signed is no longer valid')
      .option(...YES),
    'key rotate',
    'key rotate --alg RS256 --revoke --yes',
  ).action((options: Format & { alg?: SigningAlgorithm; revoke?: boolean; yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      const { keys } = workplace.context.oauth;
      const { alg = keys.alg, revoke: isRevoked = false } = options;
      if (isRevoked) {
        await assertMeant(operator, `End all that was signed with the ${alg} key?`, options);
      }
      const { kid, old } = await workplace.changing(
        ({ kid: made }) => made,
        () => rotate(workplace, alg, isRevoked),
      );
      await writeDone(
        terminal,
        isRevoked
          ? `The server signs with ${kid}. What ${old} has signed is no longer valid.`
          : `The server signs with ${kid}. ${old} is published until what it has signed has expired.`,
        { kid, alg, old, revoked: isRevoked },
        options,
      );
    }),
  );
}

async function keyRows({ store, context }: Workplace): Promise<object[]> {
  const { keys } = context.oauth;
  const now = Date.now();
  const stored = await store.keys.list(now);
  const algorithms = new Set(stored.map(({ alg }) => alg as SigningAlgorithm));
  const signing = await Promise.all([...algorithms].map((alg) => keys.of(alg, now)));
  const published = new Set((await keys.jwks(now)).keys.map(({ kid }) => kid));
  return stored
    .toSorted((one, other) => other.createdAt - one.createdAt)
    .map(({ kid, alg, createdAt }) => ({
      kid,
      alg,
      signs: signing.some((key) => key.kid === kid),
      published: published.has(kid),
      created_at: new Date(createdAt),
    }));
}

/** @returns the ids of the new key and of the old one */
async function rotate(
  { store, context }: Workplace,
  alg: SigningAlgorithm,
  isRevoked: boolean,
): Promise<{ readonly kid: string; readonly old: string }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { kid: old, key } = await context.oauth.keys.replacementOf(alg, isRevoked);
    const isDone = await store.administration.replaceKey(old, key, { isRevoked });
    if (isDone) return { kid: key.kid, old };
  }
  throw new CommandError('Others rotate the key at the same time. Nothing was done.');
}
