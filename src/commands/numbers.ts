// Numbers among the options of a command.

import { InvalidArgumentError } from 'commander';
import { type Bounds, boundsProblem } from '../protocol/bounds.ts';

/** Reads a number that an option takes. @throws InvalidArgumentError if it is not within the bounds */
export const numberWithin =
  (bounds: Bounds) =>
  (typed: string): number => {
    const value = typed.trim() === '' ? Number.NaN : Number(typed);
    const problem = boundsProblem(value, bounds);
    if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
    return value;
  };
