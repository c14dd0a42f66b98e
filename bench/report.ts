// The figures as Markdown on standard output, and with every sample as JSON in a file.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './load.ts';
import type { Options } from './options.ts';
import { canPin } from './running.ts';

export interface Sample extends Measured {
  readonly round: number;
  readonly row: string;
  readonly name: string;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

export const say = (line = '') => process.stdout.write(`${line}\n`);

/** Prints a table; all columns but the first are numbers. */
export function table(heads: readonly string[], lines: readonly (readonly string[])[]): void {
  const row = (cells: readonly string[]) => say(`| ${cells.join(' | ')} |`);
  row(heads);
  row(heads.map((_, index) => (index === 0 ? '---' : '---:')));
  for (const line of lines) row(line);
  say();
}

/** The sum of user and system. */
const cpu = ({ user, system }: Measured) => user + system;

/** The medians of one server in one row, and its ratios to the reference, paired by round. */
function summarize(samples: readonly Sample[], reference: readonly Sample[]) {
  const of = (key: (sample: Sample) => number) => median(samples.map(key));
  const ratios = samples.flatMap((sample) => {
    const other = reference.find(({ round }) => round === sample.round);
    return other === undefined ? [] : [{ cpu: cpu(sample) / cpu(other), sample, other }];
  });
  const latency = ratios.map(({ sample, other }) => sample.p50 / other.p50);
  return {
    perSecond: of(({ count, seconds }) => count / seconds),
    cpu: of(cpu),
    user: of(({ user }) => user),
    system: of(({ system }) => system),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    memory: of(({ memory }) => memory),
    loadBusy: Math.max(...samples.map(({ loadBusy }) => loadBusy)),
    ...(ratios.length > 0 && {
      ratio: median(ratios.map((one) => one.cpu)),
      ratioLeast: Math.min(...ratios.map((one) => one.cpu)),
      ratioMost: Math.max(...ratios.map((one) => one.cpu)),
      latencyRatio: median(latency),
    }),
  };
}

/** How it was measured, in a sentence, so that a table is never without it. */
export function conditions(options: Options): string {
  const { rounds, seconds, connections, people, rate, startup } = options;
  const machine = `${cpus()[0]?.model}, Node ${process.version}`;
  const where = canPin ? 'server and load pinned to a core each' : 'nothing pinned';
  if (startup) return `${machine}; ${rounds} starts of each, in turn; ${where}.`;
  const way = rate === undefined ? 'closed loop' : `open loop, ${rate} units per second`;
  return `${machine}; ${rounds} rounds of ${seconds} s, ${connections} connections, ${people} people, ${way}; ${where}.`;
}

/** Writes what was measured to a file, with everything that is needed to compute it again. */
export function writeJson(mode: string, options: Options, content: object): void {
  const file = options.json ?? fileURLToPath(new URL(`results/${mode}.json`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  const all = { mode, conditions: conditions(options), options, ...content };
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
}

/** Prints a table for each row, and writes the samples. */
export function report(
  mode: string,
  options: Options,
  samples: readonly Sample[],
  reference: string,
): void {
  const medians: object[] = [];
  say(`${conditions(options)}\n`);
  for (const row of new Set(samples.map((sample) => sample.row))) {
    const inRow = samples.filter((sample) => sample.row === row);
    const names = [...new Set(inRow.map(({ name }) => name))];
    const byName = (name: string) => inRow.filter((sample) => sample.name === name);
    const all = names.map((name) => ({ name, ...summarize(byName(name), byName(reference)) }));
    medians.push(...all.map((one) => ({ row, ...one })));
    say(`**${row}**\n`);
    const heads = ['Server', 'CPU µs', 'user', 'system', 'ratio (least to most)', 'per second'];
    table(
      [...heads, 'p50 µs', 'ratio', 'p99 µs', 'MiB'],
      all
        .toSorted((a, b) => a.cpu - b.cpu)
        .map((one) => [
          one.name,
          one.cpu.toFixed(1),
          one.user.toFixed(1),
          one.system.toFixed(1),
          one.ratio === undefined
            ? ''
            : `${one.ratio.toFixed(2)} (${one.ratioLeast!.toFixed(2)} to ${one.ratioMost!.toFixed(2)})`,
          one.perSecond.toFixed(0),
          one.p50.toFixed(0),
          one.latencyRatio?.toFixed(2) ?? '',
          one.p99.toFixed(0),
          one.memory.toFixed(0),
        ]),
    );
    const busy = Math.max(...all.map(({ loadBusy }) => loadBusy));
    if (busy > 0.9) {
      say(`The load was ${Math.round(busy * 100)} % busy: here it may be what limits.\n`);
    }
  }
  writeJson(mode, options, { medians, samples });
}
