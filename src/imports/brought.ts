// What a file of another server or program has brought, in the words of this one.

import type { ClientEntry } from '../clients/metadata.ts';

/** Something in the file that is not taken, or is taken as something else. */
export interface Remark {
  /** What it is about: `client agenda`, `user alice`, `scope billing`. */
  readonly about: string;
  /** Where in the file that is, if it says more than the name: `line 7`. */
  readonly place?: string;
  /** What is wrong with it or becomes of it, to follow the name: `is disabled there`. */
  readonly what: string;
}

/** A client that is to be checked, as a seed has it. */
export type BroughtClient = Partial<ClientEntry> & { readonly client_id: string };

/** A person that is to be checked, as a seed has them. */
export interface BroughtUser {
  /** Where they stand in the file, for remarks: `line 7`. */
  readonly place?: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The file cannot be read as what it should be; the message says why, to follow its name. */
export class UnreadableImport extends Error {}

/** A file names a field that does not exist. */
export class UnknownField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`has an unknown field: ${field}`);
    this.field = field;
  }
}
