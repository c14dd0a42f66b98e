// What a chapter of the playground is made of.

import type { Request, Requests } from './playground-requests.ts';

/** A document and its section: an RFC by its number, or OpenID Connect Core. */
export type Source = readonly [document: number | typeof OPENID_CORE, section: string];

export const OPENID_CORE = 'OpenID Connect Core';

/** What is wrong with an ID token, or with the app that it is brought to. */
export type Flaw = 'nonce' | 'audience' | 'clock' | 'signature';

/** A request, and what makes its answer the one that the story goes on from. */
export interface Exchange extends Request {
  /** Begins with the name of the flow that it shares its values with. */
  readonly id: string;
  /**
   * Worked out in the browser, an ID token that the browser verifies, a page that it goes to, or a
   * request that it sends.
   */
  readonly kind: 'compute' | 'verify' | 'visit' | 'fetch';
  /** Who asks whom. */
  readonly parties: string;
  /** Where its words are under another name. */
  readonly words?: string;
  /** Which fields of the answer are kept, and as what. */
  readonly keeps: Readonly<Record<string, string>>;
  readonly status: number;
  /** Fields of the answer; `<name>` stands for a value that was kept. */
  readonly expects: Readonly<Record<string, unknown>>;
  /** Sent again, it would undo what it did. */
  readonly once?: boolean;
  /** Why an ID token is to be refused; absent if it is to be accepted. */
  readonly flaw?: Flaw;
  /** For the words on the outcome; if there are none, there are no words. */
  readonly sources: readonly Source[];
}

/**
 * A mistake, or a theft: played as a whole, with values of its own, or with the ID token of the
 * chapter's steps.
 */
export interface Turn {
  readonly id: string;
  readonly exchanges: readonly Exchange[];
}

export interface Chapter {
  readonly id: string;
  /** In the words of the protocol, which are English everywhere. */
  readonly label: string;
  readonly steps: readonly Exchange[];
  readonly turns: readonly Turn[];
}

export function exchange(
  id: string,
  parties: string,
  request: Request,
  more: Partial<Exchange> = {},
): Exchange {
  const standard = { kind: 'fetch', keeps: {}, status: 200, expects: {}, sources: [] } as const;
  return { id, parties, ...request, ...standard, ...more };
}

/** The way into a wrong turn, which is not explained again: a person signs in. */
export function signIn(make: Requests, id: string): Exchange {
  return exchange(id, 'browserToServer', make.authorize(), { kind: 'visit', words: 'signIn' });
}

/** The next step of it: the app gets its tokens. */
export function redeemed(make: Requests, id: string, keeps: Exchange['keeps']): Exchange {
  return exchange(id, 'appToServer', make.redeem(), { keeps, words: 'redeem' });
}

export function refused(error: string): Pick<Exchange, 'status' | 'expects'> {
  return { status: 400, expects: { error } };
}
