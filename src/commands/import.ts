// express-authorization-server import ...: clients and people from elsewhere.

import { constants } from 'node:buffer';
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type BroughtClient,
  type BroughtUser,
  type Remark,
  UnknownField,
  UnreadableImport,
} from '../imports/brought.ts';
import { readPeople, readRealm } from '../imports/keycloak.ts';
import { userFields } from '../registry/user-entries.ts';
import { parseJson, readText, UnreadableFile } from '../text-file.ts';
import { CommandError } from './errors.ts';
import { examples } from './help.ts';
import { importAll } from './importing.ts';
import { didYouMean } from './nearest.ts';
import { type Operator, withSeed } from './operator.ts';
import type { Format } from './output.ts';

export interface ImportOptions extends Format {
  readonly apply?: boolean;
}

/** What a file is to bring. */
export interface Import {
  /** Whether such files have clients. */
  readonly hasClients: boolean;
  readonly clients: readonly BroughtClient[];
  /** How many clients have been refused already. */
  readonly refused: number;
  /** Whoever is read may add to the remarks. */
  readonly users: AsyncIterable<BroughtUser> | Iterable<BroughtUser>;
  readonly scopes: Readonly<Record<string, string>>;
  readonly remarks: Remark[];
}

export function importCommands(program: Command, operator: Operator): void {
  const command = program
    .command('import')
    .description('add clients and people from elsewhere; nothing is written without --apply');

  examples(
    command
      .command('keycloak')
      .description('add the clients of a Keycloak realm, and its people with their passwords')
      .argument(
        '<file...>',
        'realm.json, as kc.sh export writes it, and the files with people beside it',
      )
      .option('--apply', 'write it; without this, the command only says what it would do'),
    'import keycloak realm.json',
    'import keycloak realm.json realm-users-0.json --apply',
  ).action((paths: string[], options: ImportOptions) =>
    withSeed(operator, (workplace) => importAll(operator, workplace, realmsIn(paths), options)),
  );

  examples(
    command
      .command('csv')
      .description('add people from a file of comma-separated values')
      .argument(
        '<file>',
        `its first line has the names of fields: ${userFields.slice(0, 6).join(', ')} ...`,
      )
      .option('--apply', 'write it; without this, the command only says what it would do')
      .addHelpText(
        'after',
        `\nThe fields are ${userFields.join(', ')}.\nGroups have a semicolon between them.`,
      ),
    'import csv people.csv',
    'import csv people.csv --apply',
  ).action((path: string, options: ImportOptions) =>
    withSeed(operator, async (workplace) => {
      // No other command needs what it reads with.
      const { readCsv } = await import('../imports/csv.ts');
      const brought = {
        hasClients: false,
        clients: [],
        refused: 0,
        users: named(path, readCsv(path, userFields)),
        scopes: {},
        remarks: [],
      };
      return importAll(operator, workplace, brought, options);
    }),
  );
}

/** The realm in some files: one has its clients, and any of them people. */
function realmsIn(paths: readonly string[]): Import {
  const realms = paths.map((path) => ofFile(path, () => readRealm(jsonIn(path))));
  const names = [...new Set(realms.map(({ name }) => name))];
  if (names.length > 1)
    throw new CommandError(`The files are of several realms: ${names.join(', ')}.`);
  const remarks = realms.flatMap((realm) => realm.remarks);
  return {
    hasClients: true,
    clients: realms.flatMap(({ clients }) => clients),
    refused: realms.reduce((sum, { refused }) => sum + refused, 0),
    users: peopleIn(paths, remarks),
    scopes: Object.assign({}, ...realms.map(({ scopes }) => scopes)),
    remarks,
  };
}

/** The people in some files. Each is read again, so that there is never more than one of them in memory. */
function* peopleIn(paths: readonly string[], remarks: Remark[]): Generator<BroughtUser> {
  for (const path of paths) {
    const plain = ofFile(path, () => jsonIn(path));
    yield* readPeople(plain, remarks);
  }
}

/** @throws CommandError with the name of the file */
function ofFile<Read>(path: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw asCommandError(path, error);
  }
}

function jsonIn(path: string): unknown {
  const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (size > constants.MAX_STRING_LENGTH) {
    throw new UnreadableImport(
      'is too large to be read as a whole: export people into files of their own (kc.sh export --users different_files)',
    );
  }
  return parseJson(readText(path));
}

async function* named(
  path: string,
  users: AsyncIterable<BroughtUser>,
): AsyncGenerator<BroughtUser> {
  try {
    yield* users;
  } catch (error) {
    if (error instanceof UnknownField) {
      const near = await didYouMean(error.field, userFields);
      throw new CommandError(
        `${path} ${error.message}.${near || ` The fields are ${userFields.join(', ')}.`}`,
      );
    }
    throw asCommandError(path, error);
  }
}

function asCommandError(path: string, error: unknown): unknown {
  const isOfFile = error instanceof UnreadableImport || error instanceof UnreadableFile;
  return isOfFile ? new CommandError(`${path} ${error.message}`) : error;
}
