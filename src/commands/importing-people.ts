// People from elsewhere, a few hundred at a time.

import type { BroughtUser, Remark } from '../imports/brought.ts';
import { randomPasswordHash } from '../protocol/passwords.ts';
import { readUserEntry, toUser, type UserEntry } from '../registry/user-entries.ts';
import type { User } from '../types.ts';
import type { Import } from './import.ts';
import type { Operator, Workplace } from './operator.ts';
import type { Report } from './report.ts';

/** How many people are written together. */
const BATCH = 250;

/** How many people are between two words of how far it is. */
const STEP = 10_000;

/** A person who is to be added, and what a remark about them begins with. */
interface Newcomer {
  readonly entry: UserEntry;
  readonly whose: Pick<Remark, 'about' | 'place'>;
  /** Whether they are to set a password by a link. */
  readonly isWithout: boolean;
}

const SAID = {
  differs: 'is there already, with other data than in the file, and was not changed',
  username_taken: 'cannot be taken: somebody else has the username',
  id_taken: 'cannot be taken: a client has the id here',
  twice: 'is in the files more than once, by id or username: the first is taken',
} as const;

/**
 * Adds people, unless there is somebody with the id. If it ends in the middle, those of whole batches
 * are there, and it may be begun again.
 */
export async function importPeople(
  { terminal }: Operator,
  { store }: Workplace,
  people: Import['users'],
  isTrial: boolean,
  report: Report,
): Promise<void> {
  const { people: count, remarks } = report;
  const earlier = new Earlier();
  let batch: Newcomer[] = [];
  let passed = 0;
  const flush = async () => {
    // Passwords in the clear are hashed side by side.
    const users = await Promise.all(batch.map(({ entry }) => recordOf(entry, isTrial)));
    const additions = await store.administration.addUsers(users, { isTrial });
    for (const [at, found] of additions.entries()) {
      const { whose, isWithout } = batch[at]!;
      const user = users[at]!;
      const addition = earlier.has(user) ? 'twice' : found;
      if (addition === 'added') {
        earlier.add(user);
        count.added += 1;
        if (isWithout) remarks.push({ ...whose, what: 'has no password: send a reset link' });
      } else if (addition === 'there' || addition === 'differs') count.there += 1;
      else count.refused += 1;
      if (addition !== 'added' && addition !== 'there') {
        remarks.push({ ...whose, what: SAID[addition] });
      }
    }
    batch = [];
  };
  for await (const brought of people) {
    const about = `user ${brought.entry['username'] ?? 'without a name'}`;
    const whose = brought.place === undefined ? { about } : { about, place: brought.place };
    const entry = soundEntry(brought.entry, (what) => void remarks.push({ ...whose, what }));
    if (entry === undefined) count.refused += 1;
    else batch.push({ entry, whose, isWithout: !hasPassword(brought.entry) });
    if (batch.length === BATCH) await flush();
    passed += 1;
    if (passed % STEP === 0) terminal.tell(`${passed} people ...`);
  }
  if (batch.length > 0) await flush();
}

/** Those who have been added, or would have been by a trial. */
class Earlier {
  readonly #usernames = new Set<string>();
  readonly #ids = new Set<string>();

  add({ id, username }: User): void {
    this.#ids.add(id);
    this.#usernames.add(username);
  }

  has({ id, username }: User): boolean {
    return this.#ids.has(id) || this.#usernames.has(username);
  }
}

/** Fields without which nobody is taken: who they are, and whether they may sign in. */
const NEEDED = /^(id|username|password|password_hash|disabled|)$/;

function hasPassword({ password, password_hash }: BroughtUser['entry']): boolean {
  return password !== undefined || password_hash !== undefined;
}

/** What is left of an entry without what is wrong; `undefined` if nobody can be made of it. */
function soundEntry(
  entry: BroughtUser['entry'],
  remark: (what: string) => void,
): UserEntry | undefined {
  const given = hasPassword(entry) ? entry : { ...entry, password_hash: randomPasswordHash() };
  const first = readUserEntry(given);
  const fieldOf = (field: string) => /^\w*/.exec(field)![0];
  const wrong = new Set(first.problems.map(({ field }) => fieldOf(field)));
  const kept = Object.entries(given).filter(([name]) => !wrong.has(name) || NEEDED.test(name));
  const { value, problems } =
    first.problems.length === 0 ? first : readUserEntry(Object.fromEntries(kept));
  if (value === undefined) {
    for (const { field, problem } of problems) {
      remark(`cannot be taken: ${[field, problem].filter(Boolean).join(' ')}`);
    }
    return undefined;
  }
  for (const { field, problem } of first.problems) {
    remark(`is taken without ${field}, which ${problem}`);
  }
  return value;
}

async function recordOf(entry: UserEntry, isTrial: boolean): Promise<User> {
  // To hash a password takes long, and a trial keeps none.
  const { password: _, ...rest } = entry;
  const kept = isTrial ? { ...rest, password_hash: randomPasswordHash() } : entry;
  return { ...(await toUser(kept)), source: 'command' };
}
