// Usernames beside the ids that records have, because operators type usernames.

import type { AdministrableStore } from '../store/administration.ts';

/** Rows whose users are looked up together. */
const TOGETHER = 100;

/** The same rows, each with the username of its `user`, if that is one of the server's. */
export async function* withUsernames<Row extends { readonly user: string }>(
  { users }: Pick<AdministrableStore, 'users'>,
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<Row & { readonly username?: string }> {
  let waiting: Row[] = [];
  const named = async () => {
    const ids = [...new Set(waiting.map(({ user }) => user))];
    const found = await Promise.all(ids.map((id) => users.find(id)));
    const usernames = new Map(ids.map((id, at) => [id, found[at]?.username]));
    return waiting.map((row) => {
      const username = usernames.get(row.user);
      return username === undefined ? row : { ...row, username };
    });
  };
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length < TOGETHER) continue;
    yield* await named();
    waiting = [];
  }
  yield* await named();
}
