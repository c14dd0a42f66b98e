// Ending browser sessions that this server keeps.

import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';

/**
 * Ends sessions of a person.
 *
 * @param isMeant which of them; all if it is left out
 * @returns how many have ended
 */
export async function endSessions(
  { sessions }: Pick<Store, 'sessions'>,
  userId: string,
  isMeant: (session: Session) => boolean = () => true,
): Promise<number> {
  const now = Date.now();
  const meant = (await sessions.listByUser(userId, now)).filter(isMeant);
  const ended = await Promise.all(meant.map(({ hash }) => sessions.end(hash, userId, now)));
  return ended.filter(Boolean).length;
}
