// Signing out. When a session ends, the grants that are sign-ins of it leave it, and clients that have a
// back-channel or a front-channel are told. Nothing is lost if the process ends in between: what is to be
// told is in the store before the session is gone.

import { isSelfMade } from '../protocol/client.ts';
import { sha256 } from '../protocol/secrets.ts';
import { sessionKey, subjectOf } from '../protocol/subject.ts';
import type { Store } from '../store/store.ts';
import type { LeavingGrant } from '../store/store-grants.ts';
import type { Client, Grant } from '../types.ts';

/** What ends. */
export type Ending =
  /** A session, by its own `sid`. */
  | { readonly sid: string }
  /** All sessions of a person, but for those to keep, by their own `sid`. */
  | { readonly userId: string; readonly except?: readonly string[] }
  /** What a person has allowed a client. */
  | { readonly userId: string; readonly clientId: string };

/** A client that a person was signed in to until now. */
export interface LeftClient {
  readonly clientId: string;
  readonly userId: string;
  /** Its record; absent if it is no longer registered. */
  readonly client?: Client | undefined;
  /** What it knew the session by. */
  readonly sid?: string | undefined;
  /** What it is to be told by its back-channel (`logouts` of the store); absent if it has none. */
  readonly logoutId?: string | undefined;
  /** Whether it keeps access that outlasts sessions (`offline_access`). */
  readonly keepsAccess: boolean;
}

type Announce = (leaving: readonly LeftClient[]) => Promise<void>;

export type SessionEnds = ReturnType<typeof createSessionEnds>;

/** How long, in milliseconds, the server tries to tell a client at the most. */
const TRIED = 2 * 24 * 3600 * 1000;

/** Whether a client is told when a session ends, so that its grants have to last as long as that. */
export function isTold(client: Pick<Client, 'backchannelLogoutUri' | 'frontchannelLogoutUri'>) {
  return client.backchannelLogoutUri !== undefined || client.frontchannelLogoutUri !== undefined;
}

/** @param wake has clients told what was just stored for them */
export function createSessionEnds(store: Store, wake: () => void) {
  function list(ending: Ending, now: number): Promise<readonly Grant[]> {
    if ('sid' in ending) return store.grants.listBySession(sessionKey(ending.sid), now);
    return store.grants.listByUser(ending.userId, now);
  }

  /** Takes the grants that are there now out of the sessions that end, once that was announced. */
  async function leave(ending: Ending, announce: Announce): Promise<LeftClient[]> {
    const now = Date.now();
    const grants = (await list(ending, now)).filter((grant) => isMeant(grant, ending));
    if (grants.length === 0) return [];
    const ids = [...new Set(grants.map(({ clientId }) => clientId))];
    const records = await Promise.all(ids.map((id) => store.clients.find(id)));
    const clients = new Map(ids.map((id, position) => [id, records[position]]));
    const leaving = grants.map((grant): LeavingGrant => {
      const { id: grantId, clientId, userId } = grant;
      const client = clients.get(clientId);
      const isBackChannel = client?.backchannelLogoutUri !== undefined;
      const logout = {
        // This replaces an earlier one for this session, which may be on its way, or have failed for
        // good: since then the person has signed in again.
        id: sha256(`${grant.session} ${clientId}`),
        clientId,
        userId,
        subject: subjectOf(grant),
        sid: grant.openid?.sid,
        isSelfMade: client !== undefined && isSelfMade(client),
        attempts: 0,
        dueAt: now,
        expiresAt: now + TRIED,
      };
      return {
        grantId,
        stays: !('clientId' in ending) && outlastsSession(grant),
        ...(isBackChannel && { logout }),
      };
    });
    const all = grants.map((grant, position): LeftClient => {
      const { clientId, userId } = grant;
      const client = clients.get(clientId);
      const { logout, stays: keepsAccess } = leaving[position]!;
      const { sid } = grant.openid ?? {};
      return { clientId, userId, client, sid, logoutId: logout?.id, keepsAccess };
    });
    await announce(all);
    const left = new Set(await store.grants.leaveSession(leaving, now));
    return all.filter((_, position) => left.has(grants[position]!.id));
  }

  return {
    /**
     * Notes that a session goes on, because the person has signed in again.
     *
     * @param sid its own
     * @param endsAt when it is over by itself, in milliseconds since the epoch
     */
    prolong(sid: string, endsAt: number): Promise<void> {
      return store.grants.prolongSession(sessionKey(sid), endsAt);
    },

    /**
     * Ends something, and signs the person out of the clients whose sign-ins depended on it.
     *
     * Clients are looked for before it ends, so that a crash in between loses none, and again afterwards:
     * somebody may have signed in at that moment.
     *
     * @param end ends it
     * @param announce is called before clients are left, with those that are about to be. Of two callers
     *   that end the same at once, one leaves them; who finds none knows that they were announced.
     * @returns what `end` has answered, and the clients, each once
     */
    async around<Answer>(
      ending: Ending,
      end: () => Promise<Answer>,
      announce: Announce = async () => {},
    ): Promise<{ readonly answer: Answer; readonly left: readonly LeftClient[] }> {
      const before = await leave(ending, announce);
      const answer = await end();
      const left = merged([...before, ...(await leave(ending, announce))]);
      // Last of all, because the person who signs out is answered first.
      if (left.some(({ logoutId }) => logoutId !== undefined)) wake();
      return { answer, left };
    },
  };
}

function isMeant(grant: Grant, ending: Ending): boolean {
  if (grant.session === undefined) return false;
  if ('sid' in ending) return true;
  if ('clientId' in ending) return grant.clientId === ending.clientId;
  return !ending.except?.some((sid) => grant.session === sessionKey(sid));
}

/**
 * Whether a grant goes on when the person signs out. It does if it is in no session, and otherwise only
 * if it was granted with `offline_access` (Back-Channel Logout section 2.7). A client that has no tokens
 * yet gets none: whoever signs out while they sign in is signed out.
 */
export function outlastsSession({ session, scope, lastUsedAt }: Grant): boolean {
  if (session === undefined) return true;
  return scope.includes('offline_access') && lastUsedAt !== undefined;
}

/** Each client of several sessions once. */
function merged(left: readonly LeftClient[]): LeftClient[] {
  const known = new Map<string, LeftClient>();
  for (const one of left) {
    const key = `${one.clientId} ${one.sid ?? ''}`;
    const keepsAccess = one.keepsAccess || (known.get(key)?.keepsAccess ?? false);
    known.set(key, { ...one, keepsAccess });
  }
  return [...known.values()];
}
