// A reporter of node:test that writes what failed and nothing else: where, and the whole reason, so
// that one failed run is enough to see it.

import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/** Of a suite it is told that a test in it has failed, and that test is here itself. */
const OF_A_PART = 'subtestsFailed';

/** Of a message; one that compares whole pages may have thousands. */
const MAX_LINES = 40;

export default async function* failures(events: AsyncIterable<TestEvent>) {
  for await (const event of events) {
    if (event.type !== 'test:fail') continue;
    const { name, file = '', line, details } = event.data;
    const { failureType, cause, message } = details.error as Error & { failureType?: string };
    if (failureType === OF_A_PART) continue;
    const reason = String((cause as Error | undefined)?.stack ?? cause ?? message).split('\n');
    const shown = reason.slice(0, MAX_LINES).join('\n    ');
    yield `${relative('.', file)}:${line}: ${name}: ${shown}\n`;
  }
}
