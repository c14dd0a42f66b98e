// The outcome of an import.

import type { Remark } from '../imports/brought.ts';

export type { Remark };

export interface Count {
  added: number;
  /** There is one with the id. */
  there: number;
  refused: number;
}

const nobody = (): Count => ({ added: 0, there: 0, refused: 0 });

export class Report {
  readonly clients = nobody();
  readonly people = nobody();
  readonly remarks: Remark[];

  constructor(remarks: Remark[]) {
    this.remarks = remarks;
  }
}
