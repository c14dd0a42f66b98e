// express-authorization-server migrate, purge

import type { Command } from 'commander';
import { forget } from '../background.ts';
import { readDatabaseUrl } from '../program/config.ts';
import { examples } from './help.ts';
import { atDatabase, changingAlone, type Operator } from './operator.ts';
import { type Format, writeDone } from './output.ts';

export function migrateCommand(program: Command, operator: Operator): void {
  examples(
    program
      .command('migrate')
      .description('bring the tables of the database to the version of this release'),
    'migrate',
  ).action(async (options: Format) => {
    const url = readDatabaseUrl(operator.env);
    const changing = await changingAlone(operator);
    const { migrateDatabase } = await import('../store/open.ts');
    let [from, to] = [0, 0];
    const isChanged = await changing({}, async () => {
      ({ from, to } = await migrateDatabase(url));
      return from !== to;
    });
    const sentence = isChanged
      ? `The tables of the database are of version ${to} now; they were of version ${from}.`
      : `The tables of the database are of version ${to} already.`;
    await writeDone(operator.terminal, sentence, { from, to }, options);
  });
}

export function purgeCommand(program: Command, operator: Operator): void {
  examples(
    program
      .command('purge')
      .description('forget at once what has expired, as the server does every 15 seconds'),
    'purge',
  ).action((options: Format) =>
    atDatabase(operator, async ({ store, events, changing }) => {
      let forgotten = 0;
      await changing(
        () => ({ counts: { records: forgotten } }),
        async () => {
          forgotten = await forget(store, events);
          return forgotten > 0;
        },
      );
      const sentence = `${forgotten} ${forgotten === 1 ? 'record was' : 'records were'} forgotten.`;
      await writeDone(operator.terminal, sentence, { forgotten }, options);
    }),
  );
}
