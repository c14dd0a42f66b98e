// Who changed what by a command, for the audit trail.

import type { Events, ServerEvents } from '../events.ts';
import type { Operator } from './operator.ts';

/** What was changed: as the other events name it, so that lines of a log can be joined. Never a value. */
export type Changed = Omit<ServerEvents['command_run'][0], 'operator' | 'command'>;

/**
 * Does what changes something, and tells who did it by the event `command_run`.
 *
 * @param changed what changes, or how to find it in the answer
 * @param change answers `undefined` or `false` if there was nothing to change
 */
export type Changing = <Answer>(
  changed: Changed | ((answer: NonNullable<Answer>) => Changed),
  change: () => Promise<Answer>,
) => Promise<Answer>;

export function changingBy({ name, command }: Operator, events: Events): Changing {
  return async (changed, change) => {
    const answer = await change();
    if (answer === undefined || answer === null || answer === false) return answer;
    const what = typeof changed === 'function' ? changed(answer) : changed;
    events.emit('command_run', { operator: name, command, ...what });
    return answer;
  };
}

/** @param given the fields that the operator gave, if that is what it is about */
export const ofClient = (id: string, given?: object): Changed => ({
  subject: id,
  clientId: id,
  ...(given && { fields: Object.keys(given) }),
});

/** @param given as for `ofClient` */
export const ofUser = (id: string, given?: object): Changed => ({
  subject: id,
  userId: id,
  ...(given && { fields: Object.keys(given) }),
});
