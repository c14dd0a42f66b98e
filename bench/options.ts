// What the command line says.

import { parseArgs } from 'node:util';
import { ROWS, type Row } from './target.ts';

export interface Options {
  readonly only: readonly string[] | undefined;
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warm: number;
  readonly connections: number;
  /** How many people take turns in the rows with people. */
  readonly people: number;
  readonly rate?: number;
  readonly json: string | undefined;
  readonly startup: boolean;
  readonly stores: boolean;
}

/** Reads the options, of which none is needed. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string', default: '3' },
      warm: { type: 'string', default: '1' },
      connections: { type: 'string', default: '16' },
      people: { type: 'string', default: '400' },
      rate: { type: 'string' },
      json: { type: 'string' },
      startup: { type: 'boolean', default: false },
      stores: { type: 'boolean', default: false },
    },
  });
  const number = (value: string) => {
    const read = Number(value);
    if (!(read > 0)) throw new Error(`${value} is not a number above 0.`);
    return read;
  };
  const rows = values.rows?.split(',') as Row[] | undefined;
  const unknown = rows?.find((row) => !ROWS.includes(row));
  if (unknown !== undefined) throw new Error(`There is no row ${unknown}, but: ${ROWS.join(', ')}`);
  const connections = number(values.connections);
  const people = number(values.people);
  if (people < connections) throw new Error('Each connection needs a person: set --people.');
  return {
    only: values.only?.split(','),
    rows: rows ?? ROWS,
    rounds: number(values.rounds ?? (values.startup ? '7' : '5')),
    seconds: number(values.seconds),
    warm: number(values.warm),
    connections,
    people,
    ...(values.rate !== undefined && { rate: number(values.rate) }),
    json: values.json,
    startup: values.startup,
    stores: values.stores,
  };
}
