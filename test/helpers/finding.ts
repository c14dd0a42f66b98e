import type { Store } from '../../src/store/store.ts';

/**
 * A store that is told, with each code and refresh token that is to be used up, what it had found of it
 * before: as the server tells it, but what was found the first time, however much has happened since.
 */
export function finding(store: Store): Store {
  const first = <Found>(find: (hash: string, now: number) => Promise<Found | undefined>) => {
    const known = new Map<string, Found>();
    return async (hash: string, now: number) => {
      const found = known.get(hash) ?? (await find(hash, now));
      if (found !== undefined) known.set(hash, found);
      return found;
    };
  };
  const findCode = first((hash, now) => store.codes.find(hash, now));
  const findRefreshToken = first((hash, now) => store.refreshTokens.find(hash, now));
  const told: Record<string, Record<string, unknown>> = {
    codes: {
      redeem: async (...[hash, now, tokens]: Parameters<Store['codes']['redeem']>) =>
        store.codes.redeem(hash, now, tokens, await findCode(hash, now)),
    },
    refreshTokens: {
      rotate: async (
        ...[presented, now, window, tokens]: Parameters<Store['refreshTokens']['rotate']>
      ) => {
        const found = await findRefreshToken(presented.hash, now);
        return store.refreshTokens.rotate(presented, now, window, tokens, found);
      },
    },
  };
  const inFrontOf = <T extends object>(behind: T, own: Record<string, unknown> = {}): T =>
    new Proxy(behind, {
      get: (target, name) => own[String(name)] ?? target[name as keyof T],
    });
  return inFrontOf(store, {
    codes: inFrontOf(store.codes, told['codes']),
    refreshTokens: inFrontOf(store.refreshTokens, told['refreshTokens']),
  });
}
