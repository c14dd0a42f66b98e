// The connections to PostgreSQL: how many there are, and what happens to those who want one if the
// database gives fewer.

import pg from 'pg';

/** Milliseconds. */
export const CONNECT_TIMEOUT = 3000;

/** Milliseconds after which it is tried again whether the database has more connections for us. */
const SCARCE_TIME = 10_000;

/** Of the server, or of the role (PostgreSQL, appendix A). */
const TOO_MANY_CONNECTIONS = '53300';

/** Two pools of one database: reads go on while writes wait for a standby. */
type Pools = { readonly [Pool in 'read' | 'write']: pg.Pool };

/**
 * How many connections each pool has at the most: those for what only reads are two of five.
 *
 * @param all 2 at the least
 */
export function shareOut(all: number): { readonly [Pool in keyof Pools]: number } {
  const read = Math.max(1, Math.floor(all * 0.4));
  return { read, write: all - read };
}

/**
 * What takes a connection of a pool. If the database has no more of them (a limit of the role, or of
 * the server), it waits for one that the pool has, or the other pool if this one has none. Reads and
 * writes are then no longer apart, which is better than to refuse either.
 *
 * @returns a function that throws what `pg` does: after CONNECT_TIMEOUT, if none becomes free
 */
export function connecting({ read, write }: Pools): (pool: pg.Pool) => Promise<pg.PoolClient> {
  const scarceUntil = new Map<pg.Pool, number>();
  const most = new Map([read, write].map((pool) => [pool, pool.options.max]));
  const isScarce = (pool: pg.Pool) => performance.now() < (scarceUntil.get(pool) ?? 0);

  /** Who comes while connections are scarce stands in line, and asks the database for none. */
  function open(pool: pg.Pool): Promise<pg.PoolClient> {
    pool.options.max = isScarce(pool) ? Math.max(1, pool.totalCount) : most.get(pool)!;
    return pool.connect();
  }

  // `async`: a certificate that the URL names and nobody can read is thrown at once.
  return async (pool) => {
    const other = pool === read ? write : read;
    const lender = () => (pool.totalCount === 0 && other.totalCount > 0 ? other : pool);
    const deadline = performance.now() + CONNECT_TIMEOUT;
    for (;;) {
      const from = isScarce(pool) ? lender() : pool;
      try {
        return await open(from);
      } catch (error) {
        const isRefused = error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS;
        if (!isRefused || performance.now() > deadline) throw error;
        scarceUntil.set(from, performance.now() + SCARCE_TIME);
        if (lender().totalCount === 0) throw error;
      }
    }
  };
}
