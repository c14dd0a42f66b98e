import type { Store } from '../../src/store/store.ts';

type Verbs = Record<string, (...args: unknown[]) => unknown>;

/** These stores as one: every call goes to the next of them, and the closing to all. */
export function spread(stores: readonly Store[]): Store {
  const all = stores as unknown as readonly Record<string, Verbs>[];
  let turn = 0;
  const next = () => {
    turn += 1;
    return all[turn % all.length]!;
  };
  return new Proxy({} as Store, {
    get(_, noun: string) {
      if (noun === 'close') return () => Promise.all(stores.map((store) => store.close()));
      if (typeof all[0]![noun] === 'function') {
        return (...args: unknown[]) => (next() as unknown as Verbs)[noun]!(...args);
      }
      return new Proxy({} as Verbs, {
        get:
          (_, verb: string) =>
          (...args: unknown[]) =>
            next()[noun]![verb]!(...args),
      });
    },
  });
}
