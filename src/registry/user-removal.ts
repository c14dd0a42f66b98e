// The verb `remove` of users, whoever keeps their records: this server, or the app around it.

import type { SessionEnds } from '../logout/session-ends.ts';
import { idOf } from '../protocol/names.ts';
import { assertId } from './changed-entry.ts';
import type { RegistryOptions } from './client-registry.ts';
import { Refusal } from './refusal.ts';
import type { UserRegistry } from './user-registry.ts';

/** @param declared the ids of the users in the options, which are removed there */
export function removal({
  store,
  declared,
  sessionEnds,
}: Pick<RegistryOptions, 'store' | 'declared'> & {
  readonly sessionEnds: SessionEnds;
}): Pick<UserRegistry, 'remove'> {
  return {
    async remove(given) {
      const id = idOf(given);
      assertId('users.remove()', id);
      if (declared.has(id)) {
        throw new Refusal(`The user ${id} is in the option users: take it out there.`);
      }
      const { answer } = await sessionEnds.around({ userId: id }, () => store.users.remove(id));
      return answer;
    },
  };
}
