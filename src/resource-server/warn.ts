// Warnings for the operator of an API.

/** Milliseconds in which the same warning is not given again. */
const QUIET = 60_000;

/** How many warnings are remembered; the oldest give way. */
const MAX_WARNED = 100;

/** When each was given last. */
const warned = new Map<string, number>();

/**
 * Tells the operator what is wrong, and not with every request that fails for it.
 *
 * @param cause what two warnings have in common if one is enough: the message unless somebody outside
 *   decides what is in that
 */
export function warn({ message }: Error, cause = message): void {
  const now = Date.now();
  const at = warned.get(cause);
  // Not so if the clock was set back.
  if (at !== undefined && at <= now && now < at + QUIET) return;
  warned.delete(cause);
  warned.set(cause, now);
  if (warned.size > MAX_WARNED) warned.delete(warned.keys().next().value!);
  process.emitWarning(message, 'ResourceServerWarning');
}
