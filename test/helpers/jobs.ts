// Which test files share a process, and what takes long.

import { statSync } from 'node:fs';

/**
 * Files that leave nothing behind in their process, so that several share one: to load what they need
 * takes longer than many of them do. Those of a group share as many processes as it has shares.
 */
const GROUPS = {
  /** These run in this process what they test. */
  servers:
    /^test\/((authorization|clients|commands|conformance|http|oauth|pages|resource-server|servers|sign-in)\/|protocol\/(?!passwords)|hosts|listeners|troubleshooting)/,
  journeys: /^test\/journeys\//,
  programs:
    /^test\/(program\/|store\/(?!postgres)|(background|embed|mcp|options|security|tutorials))/,
};

type Group = keyof typeof GROUPS;

/** Of these one runs at a time, for some of them say how long something may take. */
const oneByOne = /^test\/(processes|faults)\//;

/** For groups whose work would otherwise be argon2 and RSA, and that have no file about what a hash costs. */
const QUICK: ReadonlySet<Group> = new Set(['servers', 'journeys']);

/** One process that runs tests. */
export interface Job {
  readonly round: Round;
  readonly files: readonly string[];
  /** Whether passwords and RSA keys cost next to nothing in it. */
  readonly quick: boolean;
}

/** Test files on a store. */
export interface Round {
  readonly title: string;
  readonly files: readonly string[];
  readonly env: Record<string, string>;
  /** How many processes share the files of a group. */
  readonly shares: { readonly [Name in Group]?: number };
}

/** Whether no other of its kind may run beside it. */
export const runsAlone = ({ files }: Job) => oneByOne.test(files[0]!);

/** The processes of a round; none of their files runs twice. */
export function jobsOf(round: Round): Job[] {
  const grouped = Object.entries(GROUPS).flatMap(([name, pattern]) => {
    const files = round.files.filter((file) => pattern.test(file));
    const quick = QUICK.has(name as Group);
    return inShares(files, round.shares[name as Group] ?? 1).map((share) => ({
      round,
      files: share,
      quick,
    }));
  });
  const others = round.files.filter((file) =>
    Object.values(GROUPS).every((pattern) => !pattern.test(file)),
  );
  return [...grouped, ...others.map((file) => ({ round, files: [file], quick: false }))];
}

/** The length of a file stands for the time it takes, and what drives a browser takes longer. */
export const sizeOf = ({ files }: Job) =>
  files.reduce((sum, file) => sum + statSync(file).size * (GROUPS.journeys.test(file) ? 5 : 1), 0);

/** A share of the files for each process, of about the same length together. */
function inShares(files: readonly string[], count: number): string[][] {
  const shares = Array.from({ length: count }, () => ({ size: 0, files: [] as string[] }));
  const sized = files.map((file) => ({ file, size: statSync(file).size }));
  for (const { file, size } of sized.sort((one, other) => other.size - one.size)) {
    const [least] = shares.sort((one, other) => one.size - other.size);
    least!.files.push(file);
    least!.size += size;
  }
  return shares.map((share) => share.files).filter((share) => share.length > 0);
}
