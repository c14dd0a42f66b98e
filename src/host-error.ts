// What goes wrong in the functions that an app gives as options: it is the app's failure, for the log
// and not for those who sent the request.

import { shown } from './protocol/shown.ts';

/** A function of the app around this server failed, or its answer cannot be used; the message says how. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

/**
 * What a function of the app threw, as a failure of the app. It is wrapped: it may look like an error of
 * ours, or of a parser, and is neither.
 *
 * @param option the name by which the app gave the function
 */
export function hostError(option: string, thrown: unknown): HostError {
  if (thrown instanceof HostError) return thrown;
  return new HostError(
    `The option ${option}, a function of the app, failed: ${messageOf(thrown)}`,
    {
      cause: thrown,
    },
  );
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.message}` : shown(error);
  } catch {
    return 'with an error that cannot be read';
  }
}
