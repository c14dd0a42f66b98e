// How what a file has brought gets into the database, or what would become of it.

import { readClientMetadata } from '../clients/metadata.ts';
import type { BroughtClient, BroughtUser, Remark } from '../imports/brought.ts';
import { grantTypes } from '../oauth/grants/all.ts';
import { randomPasswordHash } from '../protocol/passwords.ts';
import { isOpenIdScope, parseScope } from '../protocol/scope.ts';
import { SubjectTaken } from '../store/store.ts';
import type { NewClient } from '../subjects/client-registry.ts';
import { readUserEntry, toUser } from '../subjects/user-entries.ts';
import type { User } from '../types.ts';
import type { Import, ImportOptions } from './import.ts';
import type { Operator, Workplace } from './operator.ts';
import { harmless, writeRecord } from './output.ts';

/** How many people are written together. */
const BATCH = 250;

/** How many people are named for a remark that is about many. */
const NAMED = 3;

/** How many people are between two words of how far it is. */
const STEP = 10_000;

interface Count {
  added: number;
  there: number;
}

interface Report {
  readonly clients: Count;
  readonly users: Count;
  readonly remarks: Remark[];
}

/** Imports what a file has brought, and says what became of it, or what would. */
export async function importAll(
  operator: Operator,
  workplace: Workplace,
  brought: Import,
  options: ImportOptions,
): Promise<void> {
  const report: Report = {
    clients: { added: 0, there: 0 },
    users: { added: 0, there: 0 },
    remarks: [...brought.remarks, ...scopeRemarks(brought, workplace)],
  };
  const isTrial = options.apply !== true;
  const work = async () => {
    for (const client of brought.clients) await importClient(workplace, client, isTrial, report);
    await importUsers(operator, workplace, brought.users, isTrial, report);
    return report.clients.added + report.users.added > 0;
  };
  await (isTrial ? work() : workplace.changing(undefined, work));
  await (options.json
    ? writeRecord(operator.terminal, { applied: !isTrial, ...report }, options)
    : tell(operator, report, isTrial));
}

async function importClient(
  { clients, config, seed, store }: Workplace,
  given: BroughtClient,
  isTrial: boolean,
  { clients: count, remarks }: Report,
): Promise<void> {
  const scopes = Object.keys(seed.scopes);
  const isKnown = (word: string) => isOpenIdScope(word) || scopes.includes(word);
  const scope = given.scope && parseScope(given.scope).filter(isKnown).join(' ');
  const entry = { ...given, scope } as NewClient;
  const resources = Object.keys(seed.resources);
  const { production } = config;
  const { problems } = readClientMetadata(entry, { grantTypes, scopes, resources, production });
  if (problems.length > 0) {
    const what = problems.map(({ field, problem }) => `${field} ${problem}`).join('; ');
    remarks.push({ about: `client ${given.client_id}`, what: `cannot be taken: ${what}` });
    return;
  }
  if (isTrial) {
    const isThere = (await store.clients.find(given.client_id)) !== undefined;
    count[isThere ? 'there' : 'added'] += 1;
    return;
  }
  try {
    await clients.register(entry);
    count.added += 1;
  } catch (error) {
    if (!(error instanceof SubjectTaken)) throw error;
    count.there += 1;
  }
}

async function importUsers(
  { terminal }: Operator,
  { store }: Workplace,
  users: Import['users'],
  isTrial: boolean,
  { users: count, remarks }: Report,
): Promise<void> {
  let batch: { readonly user: User; readonly about: string }[] = [];
  let passed = 0;
  const flush = async () => {
    const additions = await store.administration.addUsers(
      batch.map(({ user }) => user),
      { isTrial },
    );
    for (const [at, addition] of additions.entries()) {
      if (addition === 'added' || addition === 'there') count[addition] += 1;
      else remarks.push({ about: batch[at]!.about, what: TAKEN[addition] });
    }
    batch = [];
  };
  for await (const brought of users) {
    const about = `user ${brought.entry['username'] ?? brought.place ?? 'without a name'}`;
    const user = await recordOf(brought, about, isTrial, remarks);
    if (user !== undefined) batch.push({ user, about });
    if (batch.length === BATCH) await flush();
    passed += 1;
    if (passed % STEP === 0) terminal.tell(`${passed} people ...`);
  }
  if (batch.length > 0) await flush();
}

const TAKEN = {
  username_taken: 'cannot be taken: somebody else has the username here',
  id_taken: 'cannot be taken: a client has the id here',
};

/** Fields without which nobody can be taken. */
const NEEDED = /^(id|username|password|password_hash|)$/;

/** @returns `undefined` if nobody can be made of it */
async function recordOf(
  { entry, place }: BroughtUser,
  about: string,
  isTrial: boolean,
  remarks: Remark[],
): Promise<User | undefined> {
  const at = place === undefined ? '' : ` (${place})`;
  const hasPassword = entry['password'] !== undefined || entry['password_hash'] !== undefined;
  if (!hasPassword) remarks.push({ about, what: 'has no password: give them a reset link' });
  const given = hasPassword ? entry : { ...entry, password_hash: randomPasswordHash() };
  const first = readUserEntry(given);
  const fieldOf = (field: string) => /^\w*/.exec(field)![0];
  const wrong = new Set(first.problems.map(({ field }) => fieldOf(field)));
  const kept = Object.entries(given).filter(([name]) => !wrong.has(name) || NEEDED.test(name));
  const { value, problems } = wrong.size === 0 ? first : readUserEntry(Object.fromEntries(kept));
  const isTaken = value !== undefined;
  for (const { field, problem } of isTaken ? first.problems : problems) {
    const what = isTaken ? 'is taken without' : 'cannot be taken:';
    remarks.push({ about, what: `${what} ${field}, which ${problem}${at}`.replace(': ,', ':') });
  }
  if (value === undefined) return undefined;
  // To hash a password takes long, and a trial keeps none.
  const { password: _, ...rest } = value;
  const entryToKeep = isTrial ? { ...rest, password_hash: randomPasswordHash() } : value;
  return { ...(await toUser(entryToKeep)), source: 'command' };
}

function scopeRemarks({ scopes, clients }: Import, { seed }: Workplace): Remark[] {
  const used = new Set(clients.flatMap(({ scope = '' }) => parseScope(scope)));
  return Object.entries(scopes)
    .filter(([name]) => used.has(name) && !Object.hasOwn(seed.scopes, name))
    .map(([name, text]) => ({
      about: `scope ${name}`,
      what: `is not one of this server's, so clients go without: add ${JSON.stringify(name)}: ${JSON.stringify(text)} to "scopes" in the seed file first`,
    }));
}

async function tell({ terminal }: Operator, { clients, users, remarks }: Report, isTrial: boolean) {
  const said = ({ added, there }: Count) =>
    `${added} ${isTrial ? 'would be added' : 'added'}, ${there} there already`;
  await terminal.write(`clients  ${said(clients)}\npeople   ${said(users)}\n`);
  if (remarks.length > 0) {
    await terminal.write('\nNot taken, or not as it was:\n');
    for (const line of remarkLines(remarks)) await terminal.write(`  ${harmless(line)}\n`);
  }
  if (isTrial) terminal.tell('\nNothing was written. Add --apply to import it.');
}

/** A line for each remark; of people one for each kind, with some who are meant. */
function remarkLines(remarks: readonly Remark[]): string[] {
  const isOfUser = ({ about }: Remark) => about.startsWith('user ');
  const others = remarks.filter((one) => !isOfUser(one));
  const groups = Map.groupBy(remarks.filter(isOfUser), ({ what }) => what);
  const ofUsers = [...groups].map(([what, all]) => {
    const names = all.slice(0, NAMED).map(({ about }) => about.replace(/^user /, ''));
    const more = all.length - names.length;
    return `${all.length === 1 ? 'user' : `${all.length} users`} (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}): ${what}`;
  });
  return [...others.map(({ about, what }) => `${about}: ${what}`), ...ofUsers];
}
