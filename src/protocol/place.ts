// Where in the app around this server a person can be sent.

import { isWeb, webUrlProblem } from './web-url.ts';

/**
 * What keeps a value from being a path of this host, or an http or https URL, as the end of the sentence
 * "it ...", or `undefined`.
 */
export function placeProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'is not a string';
  // Browsers take // and /\ for another host, and leave out what cannot be seen.
  const isPath = /^\/(?![/\\])[^\s\\]*$/.test(value);
  if (isPath) return undefined;
  return isWeb(value)
    ? webUrlProblem(value)
    : 'is neither a path that begins with / nor an http or https URL';
}

/** As `placeProblem`, for a place that gets a parameter: behind a fragment it would be a part of that. */
export function placeForParametersProblem(value: unknown): string | undefined {
  const problem = placeProblem(value);
  return problem ?? ((value as string).includes('#') ? 'has a fragment' : undefined);
}
