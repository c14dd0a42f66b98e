// When a person signed in, as an app around this server says it.

/** Milliseconds that the app's clock may be ahead of ours. */
const CLOCK_SKEW = 60_000;

/** Milliseconds since the epoch in March 1973: a time before that is one in seconds. */
const EARLIEST = 1e11;

/**
 * What keeps a value from being the time of a sign-in, as the end of the sentence "it ...", or
 * `undefined`. A time in the future would pass every `max_age`.
 */
export function authTimeProblem(time: unknown, now: number): string | undefined {
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    return 'is not a time: give milliseconds since the epoch, as Date.now() does';
  }
  if (time < EARLIEST) return 'is before 1973: give milliseconds, and not seconds';
  return time > now + CLOCK_SKEW ? 'is in the future' : undefined;
}
