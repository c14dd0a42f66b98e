// express-authorization-server key ...: what the server signs with.

import { type Command, Option } from 'commander';
import { type SigningAlgorithm, signingAlgorithms } from '../protocol/jwt.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError, UsageError } from './errors.ts';
import { examples } from './help.ts';
import { didYouMean } from './nearest.ts';
import { atDatabase, type Operator, type Workplace } from './operator.ts';
import { type Format, writeDone, writeList } from './output.ts';

/** How often it begins anew because somebody else has rotated the key. */
const ATTEMPTS = 5;

export function keyCommands(program: Command, operator: Operator): void {
  const { terminal } = operator;
  const key = program.command('key').description('the keys that the server signs with');

  examples(
    key.command('list').description('list the keys; private keys stay encrypted'),
    'key list',
  ).action((options: Format) =>
    atDatabase(operator, async (workplace) =>
      writeList(
        terminal,
        await keyRows(workplace),
        ['kid', 'alg', 'signs', 'published', 'since'],
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
      ),
    'key rotate',
    'key rotate --alg RS256',
  ).action((options: Format & { alg?: SigningAlgorithm }) =>
    atDatabase(operator, async (workplace) => {
      const { alg = workplace.context.oauth.keys.alg } = options;
      const { kid, old } = await workplace.changing(
        ({ kid: made }) => ({ subject: made }),
        () => rotate(workplace, alg),
      );
      await writeDone(
        terminal,
        `The server signs with ${kid}. ${old} is published until what it has signed has expired.`,
        { kid, alg, old },
        options,
      );
    }),
  );

  examples(
    key
      .command('revoke')
      .description('for keys that have leaked: what they have signed is no longer valid')
      .argument('[kid...]', 'of the list')
      .option('--all', 'every key that there is, if nobody knows which have leaked')
      .option(...YES),
    'key revoke 3q2TzQ1eT7mWc0Yk5sXvJw',
    'key revoke --all --yes',
  ).action((named: string[], options: Format & { all?: boolean; yes?: boolean }) =>
    atDatabase(operator, async (workplace) => {
      const kids = await kidsToRevoke(workplace, named, options);
      const what = options.all ? 'that was ever signed' : `that ${kids.join(' and ')} signed`;
      await assertMeant(operator, `End all ${what}?`, options);
      const revoked: Revoked[] = [];
      for (const kid of kids) {
        const done = await workplace.changing({ subject: kid }, () => revoke(workplace, kid));
        if (done !== undefined) revoked.push(done);
      }
      const sentences = revoked.map(
        ({ kid, successor }) =>
          `What ${kid} has signed is no longer valid. ${successor} has taken its place.`,
      );
      await writeDone(
        terminal,
        sentences.join('\n') || 'Others have just revoked them.',
        { revoked },
        options,
      );
    }),
  );
}

interface Revoked {
  readonly kid: string;
  readonly alg: string;
  /** The id of the key in its place. */
  readonly successor: string;
}

/**
 * @throws UsageError if it is not said which keys
 * @throws CommandError if one of them is not there
 */
async function kidsToRevoke(
  { store }: Workplace,
  named: readonly string[],
  { all = false }: { readonly all?: boolean },
): Promise<readonly string[]> {
  if (all === named.length > 0) throw new UsageError('Name the keys to revoke, or say --all.');
  const known = (await store.keys.list(Date.now())).map(({ kid }) => kid);
  if (all) return known;
  for (const kid of named) {
    if (!known.includes(kid)) {
      throw new CommandError(`There is no key ${kid}.${await didYouMean(kid, known)}`);
    }
  }
  return [...new Set(named)];
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
      // Not when it was made: what takes the place of a revoked key has the time of that one.
      since: new Date(createdAt),
    }));
}

/** @returns the ids of the new key and of the old one */
async function rotate(
  { store, context }: Workplace,
  alg: SigningAlgorithm,
): Promise<{ readonly kid: string; readonly old: string }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { kid: old, key } = await context.oauth.keys.successorOf(alg);
    if (await store.administration.replaceKey(old, key)) return { kid: key.kid, old };
  }
  throw new CommandError('Others rotate the key at the same time. Nothing was done.');
}

/** @returns `undefined` if somebody else has just done it */
async function revoke({ store, context }: Workplace, kid: string): Promise<Revoked | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const key = await context.oauth.keys.replacementOf(kid);
    if (key === undefined) return undefined;
    const isDone = await store.administration.replaceKey(kid, key, { isRevoked: true });
    if (isDone) return { kid, alg: key.alg, successor: key.kid };
  }
  throw new CommandError(`Others rotate the key at the same time. ${kid} is still in force.`);
}
