// express-authorization-server seed ...

import type { Command } from 'commander';
import { clashesIn, unlistedIn } from '../program/apply-seed.ts';
import type { Seed } from '../program/seed.ts';
import { type Found, planOf, type Step } from '../registry/plan.ts';
import { userIdOf } from '../registry/user-entries.ts';
import type { AdministrableStore } from '../store/administration.ts';
import { removedAmong } from '../store/pages.ts';
import { assertMeant, YES } from './confirm.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { type Operator, type SeededWorkplace, withSeed } from './operator.ts';
import { type Format, harmless, writeDone, writeList } from './output.ts';
import { writeFileBy } from './output-file.ts';
import { applySteps } from './seed-apply.ts';
import { exportSeed } from './seed-export.ts';

export function seedCommands(program: Command, operator: Operator): void {
  const seed = program
    .command('seed')
    .description('the seed file (SEED_FILE), and what the database has of it');

  examples(
    seed
      .command('diff')
      .description(
        'show where the database is not as the seed file says; exit code 1 if it is not',
      ),
    'seed diff',
    'seed diff --json',
  ).action((options: Format) =>
    withSeed(operator, async (place) => {
      const steps = await stepsOf(place);
      await show(operator, steps, options);
      if (steps.length > 0)
        throw new CommandError(`The database is not as the seed file says. ${wayOut(steps)}`);
    }),
  );

  examples(
    seed
      .command('apply')
      .description('make the database what the seed file says, except the passwords of people')
      .option('--prune', 'remove, too, what came from the file and is no longer in it')
      .option(...YES),
    'seed apply',
    'seed apply --prune --yes',
  ).action((options: Format & { yes?: boolean; prune?: boolean }) =>
    withSeed(operator, (place) => apply(operator, place, options)),
  );

  examples(
    seed
      .command('export')
      .description('write what is stored as a seed file, with the hashes of secrets and passwords')
      .option(
        '--output <file>',
        'into this file, which may be the seed file itself; otherwise to standard output',
      ),
    'seed export --output exported.json',
  ).action(({ output, ...options }: Format & { output?: string }) =>
    withSeed(operator, async (place) => {
      const { terminal } = operator;
      if (output === undefined) return exportSeed(terminal, place);
      await writeFileBy(output, (write) => exportSeed({ ...terminal, write }, place));
      await writeDone(terminal, `${output} is written.`, { output }, options);
    }),
  );
}

async function apply(
  operator: Operator,
  place: SeededWorkplace,
  options: Format & { yes?: boolean; prune?: boolean },
): Promise<void> {
  const { terminal } = operator;
  const all = await stepsOf(place);
  const steps = all.filter(({ state }) => state !== 'unlisted' || options.prune);
  for (const line of all.flatMap((step) => linesOf(step, doneBy(step, options.prune))))
    terminal.tell(harmless(line));
  if (steps.length === 0) {
    await (options.json
      ? terminal.write('[]\n')
      : terminal.write('There is nothing to be done.\n'));
    return;
  }
  await assertMeant(operator, `Make the database what the seed file says?`, options);
  const { done, refused } = await applySteps(place, steps);
  if (options.json) await writeList(terminal, done.map(shownOf), [], options);
  else await terminal.write(`${done.length} of ${steps.length} done.\n`);
  if (refused.length > 0) throw new CommandError(refused.join('\n'));
}

/** @throws CommandError if there is no file to compare with */
async function stepsOf({ config, store, seed }: SeededWorkplace): Promise<readonly Step[]> {
  if (config.seedFile === undefined || config.demo) {
    throw new CommandError('SEED_FILE is missing: there is no seed file to compare with. Set it.');
  }
  const { secret } = config;
  return planOf(seed, await foundIn(store, seed), { scopes: Object.keys(seed.scopes), secret });
}

async function foundIn(store: AdministrableStore, seed: Seed): Promise<Found> {
  const clientIds = seed.clients.map(({ client_id }) => client_id);
  const userIds = seed.users.map(userIdOf);
  return {
    clients: await foundById(clientIds, (id) => store.clients.find(id)),
    users: await foundById(userIds, (id) => store.users.find(id)),
    removed: {
      client: await removedAmong(store, 'client', clientIds),
      user: await removedAmong(store, 'user', userIds),
    },
    unlisted: await unlistedIn(store, seed),
    clashes: await clashesIn(store, seed),
  };
}

/** Those that are there. A record of the demo is none: it gives way to any other. */
async function foundById<Kind extends { readonly source?: string | undefined }>(
  ids: readonly string[],
  find: (id: string) => Promise<Kind | undefined>,
): Promise<Map<string, Kind>> {
  const found = new Map<string, Kind>();
  for (const id of ids) {
    const record = await find(id);
    if (record !== undefined && record.source !== 'demo') found.set(id, record);
  }
  return found;
}

async function show(
  { terminal }: Operator,
  steps: readonly Step[],
  options: Format,
): Promise<void> {
  if (options.json) return writeList(terminal, steps.map(shownOf), [], options);
  if (steps.length === 0) return terminal.write('The database is as the seed file says.\n');
  for (const line of steps.flatMap((step) => linesOf(step, AT_A_START[step.state]))) {
    await terminal.write(`${harmless(line)}\n`);
  }
}

/** What makes the database what the file says. */
function wayOut(steps: readonly Step[]): string {
  const has = (wanted: Step['state']) => steps.some(({ state }) => state === wanted);
  const but = has('refused') ? ', but for what cannot be added' : '';
  if (!has('unlisted')) return `"seed apply" makes it so${but}.`;
  return `"seed apply --prune" makes it so${but}; without --prune, what is no longer in the file goes on working.`;
}

/** For programs. */
function shownOf(step: Step) {
  const { kind, id, state } = step;
  if (state === 'unlisted') return { kind, id, state, differences: [] };
  const { problem, differences } = step;
  return { kind, id, state, ...(problem !== undefined && { problem }), differences };
}

type Words = { readonly [State in Step['state']]: string };

const AT_A_START: Words = {
  missing: 'is not there yet: a start adds it',
  refused: 'cannot be added, and a start is refused',
  outdated: 'is not up to date: a start changes it',
  overruled: 'was changed in the database: a start leaves it alone',
  removed: 'was removed: a start does not bring it back',
  unlisted: 'is no longer in the file: it goes on working',
};

const APPLIED: Words = {
  missing: 'is not there yet: it is added',
  refused: 'cannot be added',
  outdated: 'is not up to date: it is changed',
  overruled: 'was changed in the database: it becomes what the file says',
  removed: 'was removed: it comes back',
  unlisted: 'is no longer in the file: it is removed',
};

/** What `seed apply` does with a record. */
function doneBy({ state }: Step, prune = false): string {
  if (state !== 'unlisted' || prune) return APPLIED[state];
  return `${AT_A_START.unlisted}, unless --prune is given`;
}

/** For people. */
function linesOf(step: Step, what: string): string[] {
  const { kind, id } = step;
  if (step.state === 'unlisted') return [`${kind} ${id} ${what}`];
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  const { problem, differences } = step;
  return [
    `${kind} ${id} ${what}${problem === undefined ? '' : `: ${problem}`}`,
    ...differences.map(({ field, from, to }) => `  ${field}: ${shown(from)} -> ${shown(to)}`),
  ];
}
